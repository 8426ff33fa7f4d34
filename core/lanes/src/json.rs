//! Where strings of a JSON text may stop, sixty-four bytes at a time.

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
use core::arch::x86_64::{
    _mm_cmpeq_epi8, _mm_cmplt_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
};

/// As [`crate::stops`].
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[target_feature(enable = "sse2")]
#[inline]
pub(crate) fn stops(bytes: &[u8; 64]) -> u64 {
    let (sixteens, _) = bytes.as_chunks();
    let mut bits = 0;
    for (at, sixteen) in sixteens.iter().enumerate() {
        bits |= u64::from(stops_of_sixteen(sixteen)) << (16 * at);
    }
    bits
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[target_feature(enable = "sse2")]
#[inline]
pub(crate) fn stops_of_sixteen(bytes: &[u8; 16]) -> u16 {
    let bits = u128::from_le_bytes(*bytes);
    let bytes = _mm_set_epi64x((bits >> 64) as i64, bits as i64);
    let quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'"' as i8));
    let backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'\\' as i8));
    // Bytes of 128 and above are negative.
    let other = _mm_cmplt_epi8(bytes, _mm_set1_epi8(b' ' as i8));
    _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), other)) as u16
}

/// [`stops`] for any processor.
#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
pub(crate) fn portable_stops(bytes: &[u8; 64]) -> u64 {
    let (words, _) = bytes.as_chunks();
    words.iter().rev().fold(0, |bits, word| bits << 8 | stops_of_eight(u64::from_le_bytes(*word)))
}

/// [`crate::stop`] for any processor.
#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
pub(crate) fn portable_stop(bytes: &[u8; 16]) -> Option<usize> {
    bytes.iter().position(|byte| matches!(byte, ..b' ' | b'"' | b'\\' | 0x80..))
}

#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
fn stops_of_eight(word: u64) -> u64 {
    let holds = |byte: u64| {
        let differ = word ^ (byte * ONES);
        !(((differ & !HIGH) + !HIGH) | differ)
    };
    // Below 32 are those without any of the upper three bits.
    let control = !(word | word << 1 | word << 2);
    let stops = (holds(b'"'.into()) | holds(b'\\'.into()) | control | word) & HIGH;
    (stops >> 7).wrapping_mul(GATHER) >> 56
}

#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
const ONES: u64 = 0x0101_0101_0101_0101;
#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
const HIGH: u64 = ONES * 0x80;
/// Takes the lowest bit of each byte to the highest byte, the first lowest.
#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
const GATHER: u64 = 0x0102_0408_1020_4080;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place() {
        for filler in [b'a', b'"', 0xFF, 0x7F, b'!'] {
            for place in 0..64 {
                for byte in 0..=255 {
                    let mut bytes = [filler; 64];
                    bytes[place] = byte;
                    let is_stop = |byte: u8| matches!(byte, ..b' ' | b'"' | b'\\' | 0x80..);
                    let bits = (0..64).fold(0, |bits, at| bits | u64::from(is_stop(bytes[at])) << at);
                    assert_eq!(crate::stops(&bytes), bits, "{byte} at {place}");
                    assert_eq!(portable_stops(&bytes), bits, "{byte} at {place}");
                    let first = bytes.first_chunk().unwrap();
                    let stop = first.iter().position(|&byte| is_stop(byte));
                    assert_eq!(crate::stop(first), stop, "{byte} at {place}");
                    assert_eq!(portable_stop(first), stop, "{byte} at {place}");
                }
            }
        }
    }
}
