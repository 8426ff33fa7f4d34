//! A message laid out for a module that is compiled to be small: this crate alone is compiled to be quick.

use crate::BLOCK;

/// Lays a message out in blocks (FIPS 180-4 §5.1.1) in a buffer of zeros: the parts, the body, and the padding. `hashed` bytes of whole blocks
/// were hashed before it. The buffer's length is of whole blocks, at least two more than the parts take; a body that does not fit is left where it lies.
#[inline(never)]
pub fn lay_out<'m>(
    buffer: &'m mut [u8],
    parts: &[&[u8]],
    body: &'m [u8],
    hashed: usize,
) -> [&'m [[u8; BLOCK]]; 3] {
    let mut at = 0;
    for part in parts {
        copy(&mut buffer[at..at + part.len()], part);
        at += part.len();
    }
    let whole = at + body.len();
    let bits = ((hashed + whole) as u64 * 8).to_be_bytes();
    if whole + PADDING <= buffer.len() {
        copy(&mut buffer[at..whole], body);
        return [pad(buffer, whole, bits), &[], &[]];
    }
    let head = at.next_multiple_of(BLOCK);
    let (first, rest) = body.split_at(head - at);
    let (middle, last) = rest.as_chunks();
    copy(&mut buffer[at..head], first);
    copy(&mut buffer[head..head + last.len()], last);
    let (first, last) = pad(buffer, head + last.len(), bits).split_at(head / BLOCK);
    [first, middle, last]
}

/// Ends the message at that byte of the buffer. Its blocks.
fn pad(buffer: &mut [u8], at: usize, bits: [u8; 8]) -> &[[u8; BLOCK]] {
    let blocks = (at + PADDING).div_ceil(BLOCK);
    buffer[at] = 0x80;
    buffer[blocks * BLOCK - bits.len()..blocks * BLOCK].copy_from_slice(&bits);
    &buffer.as_chunks().0[..blocks]
}

/// A short part by two copies of a fixed length that may overlap: a copy of any length is a call out of the module.
fn copy(place: &mut [u8], part: &[u8]) {
    match part.len() {
        0 => {}
        1 => place[0] = part[0],
        2..4 => copy_ends::<2>(place, part),
        4..8 => copy_ends::<4>(place, part),
        8..16 => copy_ends::<8>(place, part),
        16..32 => copy_ends::<16>(place, part),
        32..=64 => copy_ends::<32>(place, part),
        _ => place.copy_from_slice(part),
    }
}

/// Copies a part of `L` to `2 * L` bytes.
fn copy_ends<const L: usize>(place: &mut [u8], part: &[u8]) {
    if let (Some(place), Some(part)) = (place.first_chunk_mut::<L>(), part.first_chunk()) {
        *place = *part;
    }
    if let (Some(place), Some(part)) = (place.last_chunk_mut::<L>(), part.last_chunk()) {
        *place = *part;
    }
}

/// The least padding: a set bit, and the length in bits.
const PADDING: usize = 9;

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use crate::{Lane, Start, TEXT, digest};
    use sha2::block_api::compress256;
    use sha2::{Digest as _, Sha256};
    use std::vec::Vec;

    /// Bytes that differ from each other and from zero here and there.
    fn bytes(length: usize, seed: usize) -> Vec<u8> {
        (0..length).map(|at| (at * 151 + at / 251 + 7 * seed + 1) as u8).collect()
    }

    fn words(bytes: &[u8]) -> [u32; 8] {
        core::array::from_fn(|at| u32::from_be_bytes(*bytes[4 * at..].first_chunk().unwrap()))
    }

    /// base64url, a character at a time.
    fn text_of(digest: &[u32; 8]) -> [u8; TEXT] {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let bit = |at: usize| digest.get(at / 32).map_or(0, |word| word >> (31 - at % 32) & 1) as usize;
        core::array::from_fn(|at| alphabet[(0..6).fold(0, |value, place| value << 1 | bit(6 * at + place))])
    }

    #[test]
    fn messages_of_every_shape() {
        let start = Start::new(words(&INITIAL));
        let (source, long) = (bytes(300, 1), bytes(900, 2));
        for lengths in [
            [0, 0, 0],
            [1, 2, 3],
            [4, 7, 8],
            [9, 15, 16],
            [17, 31, 32],
            [33, 63, 64],
            [65, 0, 90],
            [22, 17, 43],
        ] {
            let mut from = 0;
            let parts = lengths.map(|length| {
                from += length;
                &source[from - length..from]
            });
            for body in (0..=330).chain([640, 641, 700, 703, 704, 705]) {
                let mut buffer = [0; 6 * BLOCK];
                let runs = lay_out(&mut buffer, &parts, &long[..body], 0);
                let found = digest(&Lane { start: &start, runs, outer: None, text: None });
                let expected = Sha256::digest([&parts.concat(), &long[..body]].concat());
                assert_eq!(found.words, words(&expected), "{lengths:?} {body}");
            }
        }
    }

    #[test]
    fn what_was_hashed_before_counts_and_the_outer_hash_follows() {
        let (key, input) = (bytes(BLOCK, 3), bytes(77, 4));
        let [inner, outer] = [0x36, 0x5C].map(|pad| {
            let block: Vec<u8> = key.iter().map(|byte| byte ^ pad).collect();
            let mut state = words(&INITIAL);
            compress256(&mut state, block.as_chunks().0);
            (block, Start::new(state))
        });
        let mut buffer = [0; 3 * BLOCK];
        let runs = lay_out(&mut buffer, &[], &input, BLOCK);
        let found = digest(&Lane { start: &inner.1, runs, outer: Some(&outer.1), text: None });
        let first = Sha256::digest([&inner.0[..], &input].concat());
        assert_eq!(found.words, words(&Sha256::digest([&outer.0[..], &first].concat())));
        assert_eq!(found.differ, u64::MAX);
    }

    #[test]
    fn a_text_is_compared_to_the_last_bit() {
        let start = Start::new(words(&INITIAL));
        for seed in 0..200 {
            let source = bytes(64, seed);
            let runs = [source.as_chunks().0, &[], &[]];
            let lane = Lane { start: &start, runs, outer: None, text: None };
            let text = text_of(&digest(&lane).words);
            assert_eq!(digest(&Lane { text: Some(&text), ..lane }).differ, 0);
            for at in 0..TEXT {
                let mut other = text;
                other[at] ^= 1 << (seed % 8);
                assert_ne!(digest(&Lane { text: Some(&other), ..lane }).differ, 0, "{seed} {at}");
            }
        }
    }

    /// SHA-256's first state, as bytes (FIPS 180-4 §5.3.3).
    const INITIAL: [u8; 32] = [
        0x6A, 0x09, 0xE6, 0x67, 0xBB, 0x67, 0xAE, 0x85, 0x3C, 0x6E, 0xF3, 0x72, 0xA5, 0x4F, 0xF5, 0x3A, 0x51,
        0x0E, 0x52, 0x7F, 0x9B, 0x05, 0x68, 0x8C, 0x1F, 0x83, 0xD9, 0xAB, 0x5B, 0xE0, 0xCD, 0x19,
    ];
}
