//! SHA-256 (FIPS 180-4 §6.2) of `N` messages in step: while one waits for its last two rounds the others' are done.

use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_blend_epi16, _mm_cvtsi128_si64, _mm_extract_epi64,
    _mm_set_epi32, _mm_set_epi64x, _mm_setzero_si128, _mm_sha256msg1_epu32, _mm_sha256msg2_epu32,
    _mm_sha256rnds2_epu32, _mm_shuffle_epi8, _mm_shuffle_epi32,
};

use crate::{BLOCK, Digest, Lane, text};

/// A state as the instructions want it: the words a b e f, then c d g h, each first word highest.
type State = [__m128i; 2];
/// Sixteen words of a message, the first lowest.
type Words = [__m128i; 4];

/// Hashes the lanes.
#[target_feature(enable = "sha,sse4.1,ssse3")]
pub(crate) fn run<const N: usize>(lanes: &[Lane<'_>; N]) -> [Digest; N] {
    let mut states = lanes.map(|lane| load_state(lane.start));
    if N == 1 {
        for lane in lanes {
            for block in lane.runs.iter().copied().flatten() {
                states = compress(states, [load_block(block); N]);
            }
        }
    } else {
        let mut blocks = lanes.map(|lane| lane.runs[0].iter().chain(lane.runs[1]).chain(lane.runs[2]));
        loop {
            let next = blocks.each_mut().map(|blocks| blocks.next());
            if next.iter().all(Option::is_none) {
                break;
            }
            let after = compress(states, next.map(|block| load_block(block.unwrap_or(&[0; BLOCK]))));
            for n in 0..N {
                if next[n].is_some() {
                    states[n] = after[n];
                }
            }
        }
    }
    if lanes.iter().any(|lane| lane.outer.is_some()) {
        let outer = lanes.map(|lane| load_state(lane.outer.unwrap_or(&[0; 8])));
        let after = compress(outer, states.map(|state| digest_block(state)));
        for n in 0..N {
            if lanes[n].outer.is_some() {
                states[n] = after[n];
            }
        }
    }
    core::array::from_fn(|n| finish(&lanes[n], states[n]))
}

#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn finish(lane: &Lane<'_>, state: State) -> Digest {
    let [first, second] = in_order(state);
    let fits = match lane.text {
        Some(text) => text::is_of(text, first, second),
        None => 0,
    };
    let [a, b] = store(first);
    let [c, d] = store(second);
    let words = [
        a as u32,
        (a >> 32) as u32,
        b as u32,
        (b >> 32) as u32,
        c as u32,
        (c >> 32) as u32,
        d as u32,
        (d >> 32) as u32,
    ];
    Digest { words, fits }
}

/// One block into each state.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn compress<const N: usize>(states: [State; N], mut words: [Words; N]) -> [State; N] {
    let mut now = states;
    for four in 0..4 {
        rounds(&mut now, &words, four, four);
    }
    for sixteen in [4, 8, 12] {
        for four in 0..4 {
            for words in &mut words {
                words[four] = schedule(words, four);
            }
            rounds(&mut now, &words, four, sixteen + four);
        }
    }
    core::array::from_fn(|n| [_mm_add_epi32(now[n][0], states[n][0]), _mm_add_epi32(now[n][1], states[n][1])])
}

/// Four rounds of each state, with the words at `four` and the constants from `4 * at`.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn rounds<const N: usize>(states: &mut [State; N], words: &[Words; N], four: usize, at: usize) {
    let constants =
        _mm_set_epi32(K[4 * at + 3] as i32, K[4 * at + 2] as i32, K[4 * at + 1] as i32, K[4 * at] as i32);
    let sums = words.map(|words| _mm_add_epi32(words[four], constants));
    for n in 0..N {
        states[n][1] = _mm_sha256rnds2_epu32(states[n][1], states[n][0], sums[n]);
    }
    for n in 0..N {
        states[n][0] = _mm_sha256rnds2_epu32(states[n][0], states[n][1], _mm_shuffle_epi32(sums[n], 0x0E));
    }
}

/// The four words sixteen after those at `four`.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn schedule(words: &Words, four: usize) -> __m128i {
    let [first, second, third, last] = core::array::from_fn(|n| words[(four + n) % 4]);
    let sum = _mm_add_epi32(_mm_sha256msg1_epu32(first, second), _mm_alignr_epi8(last, third, 4));
    _mm_sha256msg2_epu32(sum, last)
}

/// The padded block of a digest that is hashed behind one block (RFC 2104): 32 bytes, a set bit, the length of 768 bits.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn digest_block(state: State) -> Words {
    let [first, second] = in_order(state);
    [first, second, _mm_set_epi32(0, 0, 0, i32::MIN), _mm_set_epi32(768, 0, 0, 0)]
}

#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn load_block(block: &[u8; BLOCK]) -> Words {
    let from_big_endian = _mm_set_epi64x(0x0C0D_0E0F_0809_0A0B, 0x0405_0607_0001_0203);
    let mut words = [_mm_setzero_si128(); 4];
    for (words, bytes) in words.iter_mut().zip(block.as_chunks().0) {
        *words = _mm_shuffle_epi8(load(bytes), from_big_endian);
    }
    words
}

#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn load_state(&[a, b, c, d, e, f, g, h]: &[u32; 8]) -> State {
    let first = _mm_shuffle_epi32(_mm_set_epi32(d as i32, c as i32, b as i32, a as i32), 0xB1);
    let second = _mm_shuffle_epi32(_mm_set_epi32(h as i32, g as i32, f as i32, e as i32), 0x1B);
    [_mm_alignr_epi8(first, second, 8), _mm_blend_epi16(second, first, 0xF0)]
}

/// The state's words a to d, then e to h, each first word lowest.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn in_order([abef, cdgh]: State) -> [__m128i; 2] {
    let (abef, cdgh) = (_mm_shuffle_epi32(abef, 0x1B), _mm_shuffle_epi32(cdgh, 0xB1));
    [_mm_blend_epi16(abef, cdgh, 0xF0), _mm_alignr_epi8(cdgh, abef, 8)]
}

#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
pub(crate) fn load(bytes: &[u8; 16]) -> __m128i {
    let bits = u128::from_le_bytes(*bytes);
    _mm_set_epi64x((bits >> 64) as i64, bits as i64)
}

#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn store(bits: __m128i) -> [u64; 2] {
    [_mm_cvtsi128_si64(bits) as u64, _mm_extract_epi64(bits, 1) as u64]
}

/// The round constants (FIPS 180-4 §4.2.2).
#[rustfmt::skip]
const K: [u32; 64] = [
    0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4, 0xAB1C_5ED5,
    0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174,
    0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
    0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967,
    0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85,
    0xA2BF_E8A1, 0xA81A_664B, 0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
    0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
    0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
];
