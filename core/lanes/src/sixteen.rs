//! base64url (RFC 4648 §5) read sixteen characters at a time. Nothing in it branches on a character.

use core::arch::x86_64::{
    __m128i, _mm_add_epi8, _mm_alignr_epi8, _mm_and_si128, _mm_cmpeq_epi8, _mm_madd_epi16, _mm_maddubs_epi16,
    _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8, _mm_set1_epi16, _mm_set1_epi32, _mm_setr_epi8,
    _mm_shuffle_epi8, _mm_srli_epi16, _mm_testz_si128,
};

use crate::sha::{load, store};

/// As [`crate::decode_16`].
#[target_feature(enable = "sha,sse4.1,ssse3")]
pub(crate) fn decode_16(text: &[u8; 22]) -> Option<[u8; 16]> {
    let (Some(start), Some(end)) = (text.first_chunk(), text.last_chunk()) else { return None };
    // The last six characters and ten of value 0.
    let (start, first) = threes(load(start));
    let (end, second) = threes(_mm_alignr_epi8(_mm_set1_epi8(b'A' as i8), load(end), 10));
    let unused = _mm_and_si128(end, _mm_set_epi64x(0, 0xFFFF << 32));
    let strange = _mm_or_si128(_mm_or_si128(first, second), unused);
    if _mm_testz_si128(strange, strange) == 0 {
        return None;
    }
    let twelve =
        _mm_shuffle_epi8(start, _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
    let four =
        _mm_shuffle_epi8(end, _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 2, 1, 0, 6));
    let [low, high] = store(_mm_or_si128(twelve, four));
    Some((u128::from(high) << 64 | u128::from(low)).to_le_bytes())
}

/// Three bytes for each four of sixteen characters, the first highest in the word; and a byte that is not 0 for each that is not of the alphabet.
///
/// Both halves of a character name the faults it may have: one that both name, it has.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
pub(crate) fn threes(text: __m128i) -> (__m128i, __m128i) {
    let low = _mm_and_si128(text, _mm_set1_epi8(0x0F));
    let high = _mm_and_si128(_mm_srli_epi16(text, 4), _mm_set1_epi8(0x0F));
    let faults_of_high = _mm_setr_epi8(32, 32, 1, 2, 4, 8, 4, 16, 32, 32, 32, 32, 32, 32, 32, 32);
    let faults_of_low = _mm_setr_epi8(
        0b10_0101, 0b10_0001, 0b10_0001, 0b10_0001, 0b10_0001, 0b10_0001, 0b10_0001, 0b10_0001, 0b10_0001,
        0b10_0001, 0b10_0011, 0b11_1011, 0b11_1011, 0b11_1010, 0b11_1011, 0b11_0011,
    );
    let strange = _mm_and_si128(_mm_shuffle_epi8(faults_of_low, low), _mm_shuffle_epi8(faults_of_high, high));
    // By its upper half a character is -, a digit, a capital or a small letter; _ is as far from its value as no capital.
    let offsets = _mm_setr_epi8(0, 0, 17, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
    let underscore = _mm_and_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8(b'_' as i8)), _mm_set1_epi8(33));
    let sextets = _mm_add_epi8(_mm_add_epi8(text, _mm_shuffle_epi8(offsets, high)), underscore);
    let twelves = _mm_maddubs_epi16(sextets, _mm_set1_epi16(0x0140));
    (_mm_madd_epi16(twelves, _mm_set1_epi32(0x0001_1000)), strange)
}
