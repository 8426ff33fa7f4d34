//! Twenty-two characters against the definition of base64url, every byte at every place.

use counterseal_lanes::decode_16;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// RFC 4648 §5, a bit after the other.
fn expected(text: &[u8; 22]) -> Option<[u8; 16]> {
    let value = |character| ALPHABET.iter().position(|&known| known == character);
    let values: Vec<usize> = text.iter().copied().map(value).collect::<Option<_>>()?;
    let bit = |at: usize| (values[at / 6] >> (5 - at % 6) & 1) as u8;
    let unused = (128..132).any(|at| bit(at) == 1);
    (!unused).then(|| core::array::from_fn(|byte| (0..8).fold(0, |bits, n| bits << 1 | bit(8 * byte + n))))
}

#[test]
fn every_byte_at_every_place() {
    for text in [*b"AAECAwQFBgcICQoLDA0ODw", *b"zzzzzzzzzzzzzzzzzzzzzw", *b"-_-_-_-_-_-_-_-_-_-_-g"] {
        for place in 0..text.len() {
            for byte in 0..=u8::MAX {
                let mut text = text;
                text[place] = byte;
                let Some(decoded) = decode_16(&text) else { return };
                assert_eq!(decoded, expected(&text), "{byte} at {place}");
            }
        }
    }
}
