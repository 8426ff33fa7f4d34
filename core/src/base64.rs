//! Strict base64 (RFC 4648): one text for one value, nothing else is read.

use alloc::string::String;
use alloc::vec::Vec;

/// base64url without padding (RFC 4648 §5).
pub(crate) fn encode_url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = group_of(chunk);
        for place in 0..=chunk.len() {
            text.push(char::from(URL[sextet(group, place)]));
        }
    }
    text
}

/// Reads what [`encode_url`] writes, and nothing else: no padding, no other alphabet, unused bits zero.
pub(crate) fn decode_url(text: &[u8]) -> Option<Vec<u8>> {
    decode(text, url_value)
}

/// Padded base64 (RFC 4648 §4), as strictly.
pub(crate) fn decode_standard(text: &[u8]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let bare = match text {
        [bare @ .., b'=', b'='] | [bare @ .., b'='] => bare,
        bare => bare,
    };
    decode(bare, standard_value)
}

fn decode(text: &[u8], value_of: fn(u8) -> Option<u8>) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.chunks(4) {
        if chunk.len() == 1 {
            return None;
        }
        let mut group = 0_u32;
        for place in 0..4 {
            let bits = match chunk.get(place) {
                Some(&byte) => value_of(byte)?,
                None => 0,
            };
            group = group << 6 | u32::from(bits);
        }
        let [_, a, b, c] = group.to_be_bytes();
        let (kept, unused) = match chunk.len() {
            2 => (&[a][..], group & 0xFFFF),
            3 => (&[a, b][..], group & 0xFF),
            _ => (&[a, b, c][..], 0),
        };
        if unused != 0 {
            return None;
        }
        bytes.extend_from_slice(kept);
    }
    Some(bytes)
}

fn group_of(chunk: &[u8]) -> u32 {
    (0..3).fold(0, |group, place| group << 8 | u32::from(chunk.get(place).copied().unwrap_or(0)))
}

fn sextet(group: u32, place: usize) -> usize {
    (group >> (18 - 6 * place)) as usize & 0x3F
}

fn url_value(byte: u8) -> Option<u8> {
    match byte {
        b'-' => Some(62),
        b'_' => Some(63),
        _ => alphanumeric_value(byte),
    }
}

fn standard_value(byte: u8) -> Option<u8> {
    match byte {
        b'+' => Some(62),
        b'/' => Some(63),
        _ => alphanumeric_value(byte),
    }
}

fn alphanumeric_value(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        _ => None,
    }
}

const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_4648_section_10() {
        let cases = [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ];
        for (bytes, text) in cases {
            assert_eq!(encode_url(bytes.as_bytes()), text);
            assert_eq!(decode_url(text.as_bytes()).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(decode_standard(b"Zm9vYg==").as_deref(), Some(&b"foob"[..]));
        assert_eq!(decode_standard(b"+/+/").as_deref(), Some(&[0xFB, 0xFF, 0xBF][..]));
        assert_eq!(encode_url(&[0xFB, 0xFF, 0xBF]), "-_-_");
    }

    #[test]
    fn one_text_for_one_value() {
        for text in ["Zh", "Zm9", "Z", "Zg==", "Zg=", "Z g", "Zg\n", "+/+/", "Zm8=", "é"] {
            assert_eq!(decode_url(text.as_bytes()), None, "{text}");
        }
        for text in ["Zg", "Zh==", "Zg=", "Zm9=", "Z===", "====", "=", "Zg==Zg==", "-_-_", "Zg= ="] {
            assert_eq!(decode_standard(text.as_bytes()), None, "{text}");
        }
    }
}
