//! A digest's text, base64url (RFC 4648 §5), as the state that it stands for: read while the hash is under way, so that behind its last round
//! only two words are compared. No branch and no address depends on text or digest: the tables are registers.

use core::arch::x86_64::{
    __m128i, _mm_alignr_epi8, _mm_and_si128, _mm_cvtsi128_si64, _mm_extract_epi64, _mm_or_si128,
    _mm_set_epi64x, _mm_set1_epi8, _mm_set1_epi32, _mm_setr_epi8, _mm_shuffle_epi8, _mm_xor_si128,
};

use crate::TEXT;
use crate::sha::{State, load};
use crate::sixteen::threes;

/// The last state of a message whose digest has a certain text.
pub(crate) struct Expected {
    state: State,
    /// Not 0 if no digest has that text.
    strange: __m128i,
}

impl Expected {
    #[target_feature(enable = "sha,sse4.1,ssse3")]
    #[inline]
    pub(crate) fn of(text: &[u8; TEXT]) -> Self {
        let ([start, middle], _) = text.as_chunks() else { return Self::none() };
        let Some(end) = text.last_chunk() else { return Self::none() };
        // The last eleven characters and five of value 0.
        let end = _mm_alignr_epi8(_mm_set1_epi8(b'A' as i8), load(end), 5);
        let [(start, first), (middle, second), (end, third)] =
            [load(start), load(middle), end].map(|text| threes(text));
        // What the last character has beyond the digest's bits.
        let unused = _mm_and_si128(end, _mm_set_epi64x(0xFF, 0));
        let strange = _mm_or_si128(_mm_or_si128(first, second), _mm_or_si128(third, unused));
        Self { state: state([start, middle, end]), strange }
    }

    /// Of no text at all.
    #[target_feature(enable = "sha,sse4.1,ssse3")]
    #[inline]
    pub(crate) fn none() -> Self {
        Self { state: [_mm_set1_epi32(0); 2], strange: _mm_set1_epi32(-1) }
    }

    /// 0 if the state is the one expected.
    #[target_feature(enable = "sha,sse4.1,ssse3")]
    #[inline]
    pub(crate) fn differ(&self, [abef, cdgh]: State) -> u64 {
        let differ = _mm_or_si128(_mm_xor_si128(abef, self.state[0]), _mm_xor_si128(cdgh, self.state[1]));
        let differ = _mm_or_si128(differ, self.strange);
        _mm_cvtsi128_si64(differ) as u64 | _mm_extract_epi64(differ, 1) as u64
    }
}

/// The digest's words a to c, d to f and g to h, three bytes apart, as the instructions want them.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn state([abc, def, gh]: [__m128i; 3]) -> State {
    let ab = _mm_shuffle_epi8(abc, _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, 9, 10, 4, 5, 6, 0, 1, 2));
    let ef = _mm_shuffle_epi8(def, _mm_setr_epi8(12, 13, 14, 8, 9, 10, 4, 5, -1, -1, -1, -1, -1, -1, -1, -1));
    let c =
        _mm_shuffle_epi8(abc, _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 12, 13, 14, 8));
    let d = _mm_shuffle_epi8(def, _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, 6, 0, 1, 2, -1, -1, -1, -1));
    let gh = _mm_shuffle_epi8(gh, _mm_setr_epi8(9, 10, 4, 5, 6, 0, 1, 2, -1, -1, -1, -1, -1, -1, -1, -1));
    [_mm_or_si128(ab, ef), _mm_or_si128(_mm_or_si128(c, d), gh)]
}
