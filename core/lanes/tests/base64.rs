//! The decoder against the definition, over every length that it takes, every place and every byte.

use counterseal_lanes::decode_url;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn value(character: u8) -> Option<u32> {
    ALPHABET.iter().position(|&known| known == character).map(|value| value as u32)
}

/// RFC 4648 §5, four characters after the other.
fn expected(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for group in text.chunks(4) {
        let group = group.iter().try_fold(0, |group, &character| Some(group << 6 | value(character)?))?;
        bytes.extend_from_slice(&group.to_be_bytes()[1..]);
    }
    Some(bytes)
}

fn check(text: &[u8]) {
    let mut bytes = vec![0; text.len() / 4 * 3];
    let Some(strict) = decode_url(text, &mut bytes) else { return };
    let expected = expected(text);
    assert_eq!(strict, expected.is_some(), "{}", String::from_utf8_lossy(text));
    assert!(expected.is_none_or(|expected| expected == bytes), "{}", String::from_utf8_lossy(text));
}

#[test]
fn every_length_and_value() {
    for length in (32..400).step_by(4) {
        for turn in [1, 7, 13, 29] {
            check(&(0..length).map(|at| ALPHABET[(at * turn + at / 64) % 64]).collect::<Vec<_>>());
        }
    }
}

#[test]
fn every_byte_at_every_place() {
    for length in [32, 36, 60, 64, 68, 100] {
        for place in 0..length {
            for byte in 0..=255 {
                let mut text = vec![b'A'; length];
                text[place] = byte;
                check(&text);
            }
        }
    }
}

#[test]
fn other_texts_and_other_room_are_not_for_it() {
    let text = [b'A'; 68];
    for (length, room) in [(0, 0), (28, 21), (33, 24), (34, 25), (35, 26), (64, 47), (64, 49), (64, 0)] {
        assert_eq!(decode_url(&text[..length], &mut vec![0; room]), None, "{length} {room}");
    }
}
