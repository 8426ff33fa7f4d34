//! base64url (RFC 4648 §5) decoded thirty-two characters at a time. Nothing in it branches on a character.

use core::arch::x86_64::{
    __m128i, __m256i, _mm_cvtsi128_si64, _mm_extract_epi64, _mm_setr_epi8, _mm256_add_epi8, _mm256_and_si256,
    _mm256_broadcastsi128_si256, _mm256_castsi256_si128, _mm256_cmpeq_epi8, _mm256_extracti128_si256,
    _mm256_madd_epi16, _mm256_maddubs_epi16, _mm256_or_si256, _mm256_permutevar8x32_epi32, _mm256_set_epi64x,
    _mm256_set1_epi8, _mm256_set1_epi16, _mm256_set1_epi32, _mm256_setr_epi32, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_testz_si256,
};

/// As [`crate::decode_url`].
#[target_feature(enable = "avx2")]
pub(crate) fn decode(text: &[u8], bytes: &mut [u8]) -> bool {
    let mut strange = _mm256_setzero_si256();
    for (text, bytes) in text.as_chunks().0.iter().zip(bytes.as_chunks_mut().0) {
        strange = _mm256_or_si256(strange, decode_some(text, bytes));
    }
    // The last characters may be decoded a second time, to the same bytes.
    if let (Some(text), Some(bytes)) = (text.last_chunk(), bytes.last_chunk_mut()) {
        strange = _mm256_or_si256(strange, decode_some(text, bytes));
    }
    _mm256_testz_si256(strange, strange) == 1
}

/// Not 0 where a character is not of the alphabet.
#[target_feature(enable = "avx2")]
#[inline]
fn decode_some(text: &[u8; 32], bytes: &mut [u8; 24]) -> __m256i {
    let (sextets, strange) = sextets(load(text));
    store(octets(sextets), bytes);
    strange
}

/// The value of each character, and a byte that is not 0 for each that is not of the alphabet.
///
/// Both halves of a character name the faults it may have: one that both name, it has.
#[target_feature(enable = "avx2")]
#[inline]
fn sextets(text: __m256i) -> (__m256i, __m256i) {
    let low = _mm256_and_si256(text, _mm256_set1_epi8(0x0F));
    let high = _mm256_and_si256(_mm256_srli_epi16(text, 4), _mm256_set1_epi8(0x0F));
    let faults_of_high = twice(_mm_setr_epi8(32, 32, 1, 2, 4, 8, 4, 16, 32, 32, 32, 32, 32, 32, 32, 32));
    let faults_of_low = twice(_mm_setr_epi8(
        0b10_0101, 0b10_0001, 0b10_0001, 0b10_0001, 0b10_0001, 0b10_0001, 0b10_0001, 0b10_0001, 0b10_0001,
        0b10_0001, 0b10_0011, 0b11_1011, 0b11_1011, 0b11_1010, 0b11_1011, 0b11_0011,
    ));
    let strange =
        _mm256_and_si256(_mm256_shuffle_epi8(faults_of_low, low), _mm256_shuffle_epi8(faults_of_high, high));
    // By its upper half a character is -, a digit, a capital or a small letter; _ is as far from its value as no capital.
    let offsets = twice(_mm_setr_epi8(0, 0, 17, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0));
    let underscore =
        _mm256_and_si256(_mm256_cmpeq_epi8(text, _mm256_set1_epi8(b'_' as i8)), _mm256_set1_epi8(33));
    let offset = _mm256_add_epi8(_mm256_shuffle_epi8(offsets, high), underscore);
    (_mm256_add_epi8(text, offset), strange)
}

/// Thirty-two times six bits as the first twenty-four bytes.
#[target_feature(enable = "avx2")]
#[inline]
fn octets(sextets: __m256i) -> __m256i {
    let twelves = _mm256_maddubs_epi16(sextets, _mm256_set1_epi16(0x0140));
    let groups = _mm256_madd_epi16(twelves, _mm256_set1_epi32(0x0001_1000));
    let in_order = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    let halves = _mm256_shuffle_epi8(groups, twice(in_order));
    _mm256_permutevar8x32_epi32(halves, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7))
}

#[target_feature(enable = "avx2")]
#[inline]
fn twice(bytes: __m128i) -> __m256i {
    _mm256_broadcastsi128_si256(bytes)
}

#[target_feature(enable = "avx2")]
#[inline]
fn load(bytes: &[u8; 32]) -> __m256i {
    let (words, _) = bytes.as_chunks();
    let [a, b, c, d] = core::array::from_fn(|at| words.get(at).map_or(0, |word| i64::from_le_bytes(*word)));
    _mm256_set_epi64x(d, c, b, a)
}

#[target_feature(enable = "avx2")]
#[inline]
fn store(bits: __m256i, bytes: &mut [u8; 24]) {
    let (low, high) = (_mm256_castsi256_si128(bits), _mm256_extracti128_si256(bits, 1));
    let words = [_mm_cvtsi128_si64(low), _mm_extract_epi64(low, 1), _mm_cvtsi128_si64(high)];
    for (place, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
        *place = word.to_le_bytes();
    }
}
