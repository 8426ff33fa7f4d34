//! HMAC-SHA256 of one message and the comparison with its text, on any processor.

use sha2::block_api::compress256;

use crate::{BLOCK, Digest, Lane, TEXT};

/// Hashes a message, and compares what comes out with the lane's text.
#[inline(never)]
pub fn digest(lane: &Lane<'_>) -> Digest {
    let mut words = lane.start.words();
    for run in lane.runs {
        compress256(&mut words, run);
    }
    if let Some(outer) = lane.outer {
        let last = [outer_block(&words)];
        words = outer.words();
        compress256(&mut words, &last);
    }
    let differ = lane.text.map_or(u64::MAX, |text| difference(text, &words));
    Digest { words, differ }
}

/// A digest as the one block of the outer hash (RFC 2104) behind the key's.
fn outer_block(words: &[u32; 8]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    for (bytes, word) in block.as_chunks_mut().0.iter_mut().zip(words) {
        *bytes = word.to_be_bytes();
    }
    block[32] = 0x80;
    block[BLOCK - 2..].copy_from_slice(&OUTER_BITS.to_be_bytes());
    block
}

/// Nothing but zeros if `text` is the digest as base64url (RFC 4648 §5). No branch and no address depends on the digest.
fn difference(text: &[u8; TEXT], &[a, b, c, d, e, f, g, h]: &[u32; 8]) -> u64 {
    let pair = |high: u32, low: u32| u64::from(high) << 32 | u64::from(low);
    let sixes = [pair(a, b) >> 16, pair(b, c), pair(d, e) >> 16, pair(e, f), pair(g, h) >> 16];
    let (eights, three) = text.as_chunks::<8>();
    let mut arrived = [0; 8];
    arrived[..three.len()].copy_from_slice(three);
    let mut differ = (characters(pair(h, 0)) & LAST_THREE) ^ u64::from_be_bytes(arrived);
    for (eight, six) in eights.iter().zip(sixes) {
        differ |= characters(six) ^ u64::from_be_bytes(*eight);
    }
    differ
}

/// Eight characters for the low 48 bits, by arithmetic on all eight at once. No byte carries into the next: none goes above 127 + 128 or below 0.
#[inline]
pub fn characters(bits: u64) -> u64 {
    let halves = (bits << 8 & 0x00FF_FFFF_0000_0000) | (bits & 0x00FF_FFFF);
    let quarters = (halves << 4 & 0x0FFF_0000_0FFF_0000) | (halves & 0x0FFF_0000_0FFF);
    let sextets = (quarters << 2 & 0x3F00_3F00_3F00_3F00) | (quarters & 0x003F_003F_003F_003F);
    let from = |first: u64| ((sextets + (128 - first) * EACH) >> 7) & EACH;
    sextets + u64::from(b'A') * EACH + from(26) * 6 - from(52) * 75 - from(62) * 13 + from(63) * 49
}

/// Bits of the outer hash: a block of key, and a digest.
const OUTER_BITS: u16 = (BLOCK as u16 + 32) * 8;
/// The characters of a text behind its last eight.
const LAST_THREE: u64 = 0xFFFF_FF00_0000_0000;
/// One in each byte.
const EACH: u64 = 0x0101_0101_0101_0101;
