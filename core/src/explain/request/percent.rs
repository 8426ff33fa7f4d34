//! Percent-encoding as libraries do it (RFC 3986 §2.1), each in its own way.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The text that the escapes stand for, if it is text, and without control characters.
pub(super) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = escape(rest);
        bytes.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { &rest[3..] } else { after };
    }
    String::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control))
}

/// With every character escaped but letters, digits and `kept`. What is an escape already stays.
pub(super) fn encoded(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        let stays = byte.is_ascii_alphanumeric()
            || kept.as_bytes().contains(&byte)
            || escape(&text.as_bytes()[at..]).is_some();
        if stays { out.push(char::from(byte)) } else { out.push_str(&format!("%{byte:02X}")) }
    }
    out
}

/// With the digits of its escapes in this case.
pub(super) fn with_digits(text: &str, cased: fn(&mut u8)) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for at in 0..bytes.len() {
        if escape(&bytes[at..]).is_some() {
            bytes[at + 1..at + 3].iter_mut().for_each(cased);
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// The byte that an escape at the beginning stands for.
fn escape(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        assert_eq!(decoded("/a%2Fb%20c%c3%a9").as_deref(), Some("/a/b c\u{e9}"));
        assert_eq!(decoded("/%4").as_deref(), Some("/%4"));
        assert_eq!(decoded("/%zz%").as_deref(), Some("/%zz%"));
        assert_eq!(decoded("/%0A"), None);
        assert_eq!(decoded("/%FF"), None);
        assert_eq!(encoded("/a'(b)~%2f+", "/~"), "/a%27%28b%29~%2f%2B");
        assert_eq!(encoded("100%", ""), "100%25");
        assert_eq!(with_digits("/%2f%Aa%g", u8::make_ascii_uppercase), "/%2F%AA%g");
        assert_eq!(with_digits("/%2F%Aa/F", u8::make_ascii_lowercase), "/%2f%aa/F");
    }
}
