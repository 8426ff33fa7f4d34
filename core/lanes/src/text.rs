//! A digest as base64url (RFC 4648 §5), compared with a text. No branch and no address depends on the digest: the one table is a register.

use core::arch::x86_64::{
    __m128i, _mm_add_epi8, _mm_alignr_epi8, _mm_and_si128, _mm_cmpgt_epi8, _mm_or_si128, _mm_set_epi64x,
    _mm_set1_epi8, _mm_set1_epi32, _mm_setr_epi8, _mm_shuffle_epi8, _mm_slli_epi32, _mm_srli_epi32,
    _mm_srli_si128, _mm_subs_epu8, _mm_xor_si128,
};

use crate::TEXT;
use crate::sha::load;

/// Nothing but zeros if `text` is the digest whose words a to d and e to h are given, each first word lowest.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
pub(crate) fn difference(text: &[u8; TEXT], first: __m128i, second: __m128i) -> __m128i {
    let ([start, middle], _) = text.as_chunks() else { return _mm_set1_epi32(-1) };
    let Some(end) = text.last_chunk() else { return _mm_set1_epi32(-1) };
    let last_eleven = _mm_set_epi64x(0x00FF_FFFF, -1);
    let differ = [
        _mm_xor_si128(characters(first), load(start)),
        _mm_xor_si128(characters(_mm_alignr_epi8(second, first, 12)), load(middle)),
        _mm_xor_si128(
            _mm_and_si128(characters(_mm_srli_si128(second, 8)), last_eleven),
            _mm_srli_si128(load(end), 5),
        ),
    ];
    _mm_or_si128(_mm_or_si128(differ[0], differ[1]), differ[2])
}

/// Sixteen characters for the first twelve bytes of four words.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn characters(words: __m128i) -> __m128i {
    let threes = _mm_shuffle_epi8(words, _mm_setr_epi8(1, 2, 3, -1, 6, 7, 0, -1, 11, 4, 5, -1, 8, 9, 10, -1));
    let first = _mm_and_si128(_mm_srli_epi32(threes, 18), _mm_set1_epi32(0x3F));
    let second = _mm_and_si128(_mm_srli_epi32(threes, 4), _mm_set1_epi32(0x3F00));
    let third = _mm_and_si128(_mm_slli_epi32(threes, 10), _mm_set1_epi32(0x003F_0000));
    let fourth = _mm_slli_epi32(_mm_and_si128(threes, _mm_set1_epi32(0x3F)), 24);
    let sextets = _mm_or_si128(_mm_or_si128(first, second), _mm_or_si128(third, fourth));
    // 0 for a small letter, 1 to 10 for a digit, 11 for -, 12 for _, 13 for a capital.
    let capital = _mm_and_si128(_mm_cmpgt_epi8(_mm_set1_epi8(26), sextets), _mm_set1_epi8(13));
    let kinds = _mm_or_si128(_mm_subs_epu8(sextets, _mm_set1_epi8(51)), capital);
    let offsets = _mm_setr_epi8(71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -17, 32, 65, 0, 0);
    _mm_add_epi8(sextets, _mm_shuffle_epi8(offsets, kinds))
}
