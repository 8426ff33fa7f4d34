//! Recognises a packet's text as a signer writes it: members in order, no white space, the payload in RFC 8785 form.
//!
//! What is recognised is neither decoded nor copied. Any other text may be a packet all the same: only the strict reader refuses.

use super::Body;
use super::envelope::{Envelope, SIG_LENGTH};
use crate::base64;
use crate::json;
use crate::nonce::{self, Nonce};
use crate::time::Timestamp;
use alloc::borrow::Cow;

/// The packet, but for two judgements that wait until something else is refused: a key id that is found in a ring is in its grammar, and
/// so is a signature that fits.
#[inline(always)]
pub(super) fn scan(text: &[u8]) -> Option<Envelope<'_>> {
    let rest = text.strip_prefix(br#"{"v":1,"kid":""#)?;
    let (key_id, rest) = rest.split_at_checked(rest.iter().position(|&byte| byte == b'"')?)?;
    let (Head { ts, nonce }, rest) = Head::split(rest)?;
    let (rest, sig) = rest.strip_suffix(br#""}"#)?.split_last_chunk::<SIG_LENGTH>()?;
    let body = body(rest.strip_suffix(br#","sig":""#)?)?;
    let key_id = Cow::Borrowed(str::from_utf8(key_id).ok()?);
    Some(Envelope { key_id, ts, nonce, body, sig: Cow::Borrowed(sig) })
}

/// What stands between the key id and the body's member: of one length, whoever signs.
struct Head {
    ts: Timestamp,
    nonce: Nonce,
}

impl Head {
    #[inline(always)]
    fn split(text: &[u8]) -> Option<(Self, &[u8])> {
        let rest = text.strip_prefix(br#"","ts":"#)?;
        let (digits, rest) = rest.split_first_chunk()?;
        let rest = rest.strip_prefix(br#","nonce":""#)?;
        let (nonce, rest) = rest.split_first_chunk::<{ nonce::LENGTH }>()?;
        let rest = rest.strip_prefix(br#"",""#)?;
        Some((Self { ts: timestamp(*digits)?, nonce: Nonce::from_wire(nonce)? }, rest))
    }
}

/// A time of ten digits: from 2001 to 2286.
#[inline(always)]
fn timestamp(digits: [u8; 10]) -> Option<Timestamp> {
    let values = digits.map(|digit| digit.wrapping_sub(b'0'));
    let known = values.iter().fold(true, |known, &value| known & (value < 10)) & (values[0] != 0);
    let seconds = values.iter().fold(0, |seconds, &value| seconds * 10 + u64::from(value));
    if known { Timestamp::new(seconds) } else { None }
}

#[inline(always)]
fn body(member: &[u8]) -> Option<Body<'_>> {
    if let Some(payload) = member.strip_prefix(br#"payload":"#) {
        let text = if json::is_canonical(payload) { str::from_utf8(payload).ok() } else { None };
        return text.map(|text| Body::Json(Cow::Borrowed(text)));
    }
    let data = member.strip_prefix(br#"data":""#)?.strip_suffix(b"\"")?;
    base64::decode_url(data).map(|bytes| Body::Bytes(Cow::Owned(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_ten_digits() {
        assert_eq!(timestamp(*b"1708167234"), Timestamp::new(1_708_167_234));
        assert_eq!(timestamp(*b"9999999999"), Timestamp::new(9_999_999_999));
        for other in [b"0708167234", b"170816723:", b"170816723/", b"1708.67234", b"-708167234"] {
            assert_eq!(timestamp(*other), None);
        }
    }
}
