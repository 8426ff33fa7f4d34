//! Recognises a packet's text as a signer writes it: members in order, no white space, the payload in RFC 8785 form.
//!
//! What is recognised here is read without decoding or copying anything. Any other text may be a packet all the same: only the strict
//! reader refuses.

use super::Body;
use super::envelope::{Envelope, SIG_LENGTH};
use crate::base64;
use crate::json;
use crate::nonce::{self, Nonce};
use crate::text::{NAME_MAX, is_name_byte};
use crate::time::Timestamp;
use alloc::borrow::Cow;

/// The packet, its signature's grammar not judged: a signature that fits is in it.
pub(super) fn scan(text: &[u8]) -> Option<Envelope<'_>> {
    let rest = text.strip_prefix(br#"{"v":1,"kid":""#)?;
    let (key_id, rest) = key_id(rest)?;
    let rest = rest.strip_prefix(br#"","ts":"#)?;
    let (ts, rest) = timestamp(rest)?;
    let rest = rest.strip_prefix(br#","nonce":""#)?;
    let (nonce, rest) = rest.split_first_chunk::<{ nonce::LENGTH }>()?;
    let nonce = Nonce::from_wire(nonce)?;
    let rest = rest.strip_prefix(br#"",""#)?;
    let (rest, sig) = rest.strip_suffix(br#""}"#)?.split_last_chunk::<SIG_LENGTH>()?;
    let body = body(rest.strip_suffix(br#","sig":""#)?)?;
    Some(Envelope { key_id: Cow::Borrowed(key_id), ts, nonce, body, sig: *sig })
}

fn key_id(text: &[u8]) -> Option<(&str, &[u8])> {
    let length = text.iter().take(NAME_MAX + 1).position(|&byte| !is_name_byte(byte))?;
    let (name, rest) = text.split_at(length);
    (length > 0).then_some((str::from_utf8(name).ok()?, rest))
}

fn timestamp(text: &[u8]) -> Option<(Timestamp, &[u8])> {
    let mut seconds = 0;
    let mut length = 0;
    for digit in text.iter().take(MOST_DIGITS).take_while(|byte| byte.is_ascii_digit()) {
        seconds = seconds * 10 + u64::from(digit - b'0');
        length += 1;
    }
    let one_spelling = length == 1 || text.first() != Some(&b'0');
    if length == 0 || !one_spelling {
        return None;
    }
    Some((Timestamp::new(seconds)?, &text[length..]))
}

fn body(member: &[u8]) -> Option<Body<'_>> {
    if let Some(payload) = member.strip_prefix(br#"payload":"#) {
        let whole = json::canonical_end(payload, 0) == Some(payload.len());
        return whole.then(|| str::from_utf8(payload).ok())?.map(|text| Body::Json(Cow::Borrowed(text)));
    }
    let data = member.strip_prefix(br#"data":""#)?.strip_suffix(b"\"")?;
    base64::decode_url(data).map(|bytes| Body::Bytes(Cow::Owned(bytes)))
}

/// Of the last second that a timestamp can name.
const MOST_DIGITS: usize = 12;
