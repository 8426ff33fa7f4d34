//! A SHA-256 or HMAC value as structured fields have it: padded base64.

use crate::base64;
use crate::mac::MacKey;
use alloc::string::String;

/// 32 bytes.
pub(crate) type Tag = [u8; 32];

/// A byte sequence behind a name and `=`, as structured fields write it.
pub(super) fn written(name: &str, tag: &Tag) -> String {
    let mut text = String::with_capacity(USUAL);
    for part in [name, "=:", &encode(tag), ":"] {
        text.push_str(part);
    }
    text
}

/// 44 characters. Neither a branch nor an address depends on the tag's bytes.
pub(super) fn encode(tag: &Tag) -> String {
    let mut text = String::with_capacity(base64::TAG + 1);
    let standard = |byte| match byte {
        b'-' => '+',
        b'_' => '/',
        byte => char::from(byte),
    };
    text.extend(base64::encode_tag(tag).map(standard));
    text.push('=');
    text
}

pub(super) fn decode(text: &str) -> Option<Tag> {
    base64::decode_standard(text.as_bytes())?.try_into().ok()
}

pub(super) fn mac(key: &MacKey, base: &str) -> Tag {
    key.mac(&[base.as_bytes()])
}

pub(super) fn fits(key: &MacKey, base: &str, tag: &Tag) -> bool {
    key.verify(&[base.as_bytes()], tag)
}

/// Bytes of a value behind a short name.
const USUAL: usize = 64;
