//! Strict base64 (RFC 4648): one text for one value, nothing else is read.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use zeroize::Zeroizing;

/// base64url without padding (RFC 4648 §5).
pub(crate) fn encode_url(bytes: &[u8]) -> String {
    let mut text = vec![0; (bytes.len() * 4).div_ceil(3)];
    encode_url_into(bytes, &mut text);
    // The alphabet is ASCII.
    String::from_utf8(text).unwrap_or_default()
}

/// [`encode_url`] into a room of as many characters as it takes.
pub(crate) fn encode_url_into(bytes: &[u8], text: &mut [u8]) {
    for (chunk, characters) in bytes.chunks(3).zip(text.chunks_mut(4)) {
        let group = group_of(chunk);
        for (place, character) in characters.iter_mut().enumerate() {
            *character = URL[sextet(group, place)];
        }
    }
}

/// base64url of a tag. Neither a branch nor an address depends on the tag's bytes.
pub(crate) fn encode_tag(tag: &[u8; 32]) -> [u8; TAG] {
    let mut text = [0; TAG];
    let (most, last) = text.as_chunks_mut::<8>();
    let words = tag_words(tag);
    for (place, word) in most.iter_mut().zip(words) {
        *place = word.to_be_bytes();
    }
    last.copy_from_slice(&words[5].to_be_bytes()[..3]);
    text
}

/// Reads what [`encode_url`] writes, and nothing else: no padding, no other alphabet, unused bits zero.
pub(crate) fn decode_url(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    decode_url_to(text, &mut bytes).then_some(bytes)
}

/// [`decode_url`] to an empty vector; whether the text is strict.
#[inline(always)]
pub(crate) fn decode_url_to(text: &[u8], bytes: &mut Vec<u8>) -> bool {
    *bytes = Vec::with_capacity(decoded_length(text));
    bytes.resize(decoded_length(text), 0);
    decode_into(text, bytes)
}

/// [`decode_url`] into the room given; its length. None also where it does not fit.
pub(crate) fn decode_url_into(text: &[u8], room: &mut [u8]) -> Option<usize> {
    let bytes = room.get_mut(..decoded_length(text))?;
    decode_into(text, bytes).then_some(bytes.len())
}

/// [`decode_url`] of 16 bytes.
#[inline]
pub(crate) fn decode_16(text: &[u8; 22]) -> Option<[u8; 16]> {
    counterseal_lanes::decode_16(text).unwrap_or_else(|| decode_16_portable(text))
}

fn decode_16_portable(text: &[u8; 22]) -> Option<[u8; 16]> {
    let (fours, &[first, last]) = text.as_chunks() else { return None };
    let end = bits(1, first) | bits(0, last);
    let (mut seen, mut value) = (end, 0);
    for four in fours {
        let group = group_bits(*four);
        seen |= group;
        value = value << 24 | u128::from(group);
    }
    let is_strict = seen & OTHER == 0 && end & unused_bits(text.len()) == 0;
    is_strict.then(|| (value << 8 | u128::from(end >> 4)).to_be_bytes())
}

/// Whether [`decode_url`] would read the text.
#[inline]
pub(crate) fn is_url(text: &[u8]) -> bool {
    let seen = text.iter().fold(0, |seen, &byte| seen | bits(0, byte));
    let last = text.last().map_or(0, |&byte| bits(0, byte));
    seen & OTHER == 0 && text.len() % 4 != 1 && last & unused_bits(text.len()) == 0
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
    let url = |&byte: &u8| match byte {
        b'+' => b'-',
        b'/' => b'_',
        b'-' | b'_' => b'=',
        byte => byte,
    };
    decode_url(&Zeroizing::new(bare.iter().map(url).collect::<Vec<_>>()))
}

fn decoded_length(text: &[u8]) -> usize {
    text.len() / 4 * 3 + (text.len() % 4).saturating_sub(1)
}

/// Fills `bytes`, which are as many as the text encodes. False if it is not strict.
#[inline]
fn decode_into(text: &[u8], bytes: &mut [u8]) -> bool {
    let groups = text.len() / 4;
    let (most, last) = (text.split_at(groups * 4), bytes.split_at_mut(groups * 3));
    match counterseal_lanes::decode_url(most.0, last.0) {
        Some(known) => known & decode_last(most.1, last.1),
        None => decode_portable(text, bytes),
    }
}

/// What is left of a text behind its groups of four.
#[inline]
fn decode_last(text: &[u8], bytes: &mut [u8]) -> bool {
    let group = match text {
        [a, b] => bits(3, *a) | bits(2, *b),
        [a, b, c] => bits(3, *a) | bits(2, *b) | bits(1, *c),
        rest => return rest.is_empty(),
    };
    let [_, first, second, third] = group.to_be_bytes();
    match bytes {
        [one] => *one = first,
        [one, two] => (*one, *two) = (first, second),
        _ => return false,
    }
    let unused = if bytes.len() == 1 { second } else { third };
    group & OTHER == 0 && unused == 0
}

fn decode_portable(text: &[u8], bytes: &mut [u8]) -> bool {
    let (eights, rest) = text.as_chunks();
    let (sixes, end) = bytes.as_chunks_mut();
    let mut seen = 0;
    for (eight, six) in eights.iter().zip(sixes) {
        let (bits, known) = eight_bits(eight);
        seen |= known;
        *six = bits;
    }
    let mut last = [ZERO; 8];
    last[..rest.len()].copy_from_slice(rest);
    let (bits, known) = eight_bits(&last);
    let (decoded, unused) = bits.split_at(end.len());
    end.copy_from_slice(decoded);
    let nothing_unused = unused.iter().all(|&byte| byte == 0);
    (seen | known) & OTHER == 0 && rest.len() % 4 != 1 && nothing_unused
}

/// The six bytes of eight characters, and what [`group_bits`] says of both groups.
#[inline]
fn eight_bits(&[a, b, c, d, e, f, g, h]: &[u8; 8]) -> ([u8; 6], u32) {
    let (high, low) = (group_bits([a, b, c, d]), group_bits([e, f, g, h]));
    let [_, _, bytes @ ..] = (u64::from(high) << 24 | u64::from(low)).to_be_bytes();
    (bytes, high | low)
}

/// The 24 bits of four characters, and [`OTHER`] if one is outside the alphabet.
#[inline]
fn group_bits([a, b, c, d]: [u8; 4]) -> u32 {
    bits(3, a) | bits(2, b) | bits(1, c) | bits(0, d)
}

/// Those bits of the last character's value that encode nothing.
fn unused_bits(length: usize) -> u32 {
    match length % 4 {
        2 => 0b1111,
        3 => 0b11,
        _ => 0,
    }
}

/// What a character adds to a group at a place, the last being 0.
#[inline]
fn bits(place: usize, byte: u8) -> u32 {
    BITS[place][usize::from(byte)]
}

fn group_of(chunk: &[u8]) -> u32 {
    (0..3).fold(0, |group, place| group << 8 | u32::from(chunk.get(place).copied().unwrap_or(0)))
}

fn sextet(group: u32, place: usize) -> usize {
    (group >> (18 - 6 * place)) as usize & 0x3F
}

/// A tag's text, eight characters a word, the first in the highest byte; the last word has three.
#[inline]
fn tag_words(tag: &[u8; 32]) -> [u64; 6] {
    let eight = |at: usize| tag[at..].first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    let last = u64::from(tag[30]) << 40 | u64::from(tag[31]) << 32;
    [eight(0) >> 16, eight(6) >> 16, eight(12) >> 16, eight(18) >> 16, eight(24) >> 16, last]
        .map(counterseal_lanes::characters)
}

/// Characters of a tag's text.
pub(crate) const TAG: usize = 43;
/// What the alphabet does not hold: a bit above those of a group.
const OTHER: u32 = 1 << 24;
/// The character of six bits 0.
const ZERO: u8 = b'A';
/// What each character adds to a group, at each of its four places.
static BITS: [[u32; 256]; 4] = {
    let mut bits = [[OTHER; 256]; 4];
    let mut at = 0;
    while at < 4 * URL.len() {
        let (place, value) = (at / URL.len(), at % URL.len());
        bits[place][URL[value] as usize] = (value as u32) << (6 * place);
        at += 1;
    }
    bits
};
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[cfg(test)]
mod tests {
    use super::*;
    use counterseal_lanes::{Lane, Start, digest};

    #[test]
    fn sixteen_bytes_are_read_alike() {
        let text = *b"AAECAwQFBgcICQoLDA0ODw";
        for place in 0..text.len() {
            for byte in 0..=u8::MAX {
                let mut text = text;
                text[place] = byte;
                let expected = decode_url(&text).map(|bytes| bytes.try_into().unwrap());
                assert_eq!(decode_16(&text), expected, "{byte} at {place}");
                assert_eq!(decode_16_portable(&text), expected, "{byte} at {place}");
            }
        }
    }

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
            assert!(is_url(text.as_bytes()));
        }
        assert_eq!(decode_standard(b"Zm9vYg==").as_deref(), Some(&b"foob"[..]));
        assert_eq!(decode_standard(b"+/+/").as_deref(), Some(&[0xFB, 0xFF, 0xBF][..]));
        assert_eq!(encode_url(&[0xFB, 0xFF, 0xBF]), "-_-_");
    }

    /// What the portable hash finds of a message without a block, whose digest is its first state.
    fn differ_from_tag(text: &[u8; TAG], tag: &[u8; 32]) -> u64 {
        let (words, _) = tag.as_chunks();
        let start = Start::new(core::array::from_fn(|at| u32::from_be_bytes(words[at])));
        digest(&Lane { start: &start, runs: [&[]; 3], outer: None, text: Some(text) }).differ
    }

    #[test]
    fn tags_as_other_bytes() {
        let mut tag = [0; 32];
        for round in 0..=255 {
            tag = tag.map(|byte: u8| byte.wrapping_mul(73).wrapping_add(round));
            tag.rotate_left(1);
            tag[0] = round;
            let text = encode_tag(&tag);
            assert_eq!(core::str::from_utf8(&text).unwrap(), encode_url(&tag));
            assert_eq!(differ_from_tag(&text, &tag), 0);
            for at in 0..TAG {
                for bit in 0..8 {
                    let mut other = text;
                    other[at] ^= 1 << bit;
                    assert_ne!(differ_from_tag(&other, &tag), 0, "bit {bit} of character {at}");
                }
            }
        }
    }

    #[test]
    fn every_length_comes_back() {
        let bytes: Vec<u8> = (0..100_u8).map(|at| at.wrapping_mul(157).wrapping_add(at / 7)).collect();
        for length in 0..bytes.len() {
            let text = encode_url(&bytes[..length]);
            assert_eq!(decode_url(text.as_bytes()).as_deref(), Some(&bytes[..length]));
            assert!(is_url(text.as_bytes()));
            let mut room = [0; 64];
            let decoded = decode_url_into(text.as_bytes(), &mut room);
            assert_eq!(decoded, (length <= room.len()).then_some(length));
            assert!(decoded.is_none_or(|length| room[..length] == bytes[..length]));
        }
    }

    #[test]
    fn every_byte_at_every_place() {
        for length in [23, 26, 36, 63, 75, 98] {
            for (place, byte) in (0..length).flat_map(|place| (0..=255).map(move |byte| (place, byte))) {
                let mut text = vec![b'A'; length];
                text[place] = byte;
                let value = URL.iter().position(|&known| known == byte);
                let unused = if place + 1 == length { unused_bits(length) as usize } else { 0 };
                let good = value.is_some_and(|value| value & unused == 0);
                assert_eq!(is_url(&text), good, "{byte} at {place} of {length}");
                let decoded = decode_url(&text);
                assert_eq!(decoded.is_some(), good, "{byte} at {place} of {length}");
                assert!(decoded.is_none_or(|bytes| encode_url(&bytes).as_bytes() == text));
            }
        }
    }

    #[test]
    fn one_text_for_one_value() {
        for text in [
            "Zh",
            "Zm9",
            "Z",
            "Zg==",
            "Zg=",
            "Z g",
            "Zg\n",
            "+/+/",
            "Zm8=",
            "é",
            "Zg\u{ff}",
            "AAAAZ",
            "AAAA\0AAA",
        ] {
            assert_eq!(decode_url(text.as_bytes()), None, "{text}");
            assert!(!is_url(text.as_bytes()), "{text}");
        }
        for text in ["Zg", "Zh==", "Zg=", "Zm9=", "Z===", "====", "=", "Zg==Zg==", "-_-_", "Zg= ="] {
            assert_eq!(decode_standard(text.as_bytes()), None, "{text}");
        }
    }
}
