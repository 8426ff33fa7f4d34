//! Takes a packet's text apart as a signer writes it: members in order, no white space.
//!
//! What is taken apart is neither decoded nor copied. Any other text may be a packet all the same: only the strict reader refuses.

use super::candidate::{Raw, RawBody};
use super::envelope::SIG_LENGTH;
use super::input::Seconds;
use crate::base64;
use crate::nonce;
use crate::text::position;
use alloc::borrow::Cow;

/// Where the parts lie. What they hold is judged by [`Raw::judge`].
#[inline(always)]
pub(super) fn scan(text: &[u8]) -> Option<Raw<'_>> {
    let rest = text.strip_prefix(br#"{"v":1,"kid":""#)?;
    let (key_id, rest) = rest.split_at_checked(position(rest, b'"')?)?;
    let (Head { ts, nonce }, rest) = Head::split(rest)?;
    let (rest, sig) = rest.strip_suffix(br#""}"#)?.split_last_chunk::<SIG_LENGTH>()?;
    let body = body(rest.strip_suffix(br#","sig":""#)?)?;
    Some(Raw { key_id, ts: Seconds::Digits(ts), nonce, body, sig })
}

/// What stands between the key id and the body's member: of one length, whoever signs in this century or the next.
struct Head<'a> {
    ts: &'a [u8; 10],
    nonce: &'a [u8; nonce::LENGTH],
}

impl<'a> Head<'a> {
    #[inline(always)]
    fn split(text: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let rest = text.strip_prefix(br#"","ts":"#)?;
        let (ts, rest) = rest.split_first_chunk()?;
        let rest = rest.strip_prefix(br#","nonce":""#)?;
        let (nonce, rest) = rest.split_first_chunk()?;
        Some((Self { ts, nonce }, rest.strip_prefix(br#"",""#)?))
    }
}

#[inline(always)]
fn body(member: &[u8]) -> Option<RawBody<'_>> {
    if let Some(payload) = member.strip_prefix(br#"payload":"#) {
        return Some(RawBody::Json(payload));
    }
    let data = member.strip_prefix(br#"data":""#)?.strip_suffix(b"\"")?;
    base64::decode_url(data).map(|bytes| RawBody::Bytes(Cow::Owned(bytes)))
}
