//! SHA-256 (FIPS 180-4 §6.2) on the SHA instructions, of one message or of two in step: while one waits for its last two rounds, the
//! other's are done. A third would find the instructions busy.

use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_blend_epi16, _mm_cvtsi128_si64, _mm_extract_epi64,
    _mm_set_epi32, _mm_set_epi64x, _mm_setzero_si128, _mm_sha256msg1_epu32, _mm_sha256msg2_epu32,
    _mm_sha256rnds2_epu32, _mm_shuffle_epi8, _mm_shuffle_epi32,
};
use core::array;
use core::slice;

use core::hint::black_box;

use crate::text::Expected;
use crate::{BLOCK, Digest, Lane, Start};

/// A state as the instructions want it: the words a b e f, then c d g h, each first word highest.
pub(crate) type State = [__m128i; 2];
/// Sixteen words of a message, the first lowest.
type Words = [__m128i; 4];

/// Lanes on their way: in step as long as all have blocks, then the longer ones by themselves.
pub(crate) struct Hashing<'a, const N: usize> {
    lanes: &'a [Lane<'a>; N],
    /// As they are kept in memory: the lanes' own before the first block.
    states: [Start; N],
    blocks: [Blocks<'a>; N],
    is_closed: bool,
}

impl<'a, const N: usize> Hashing<'a, N> {
    /// Before the first block. It is made where it stays: a copy would wait for what was only just written.
    #[inline(always)]
    pub(crate) fn new(lanes: &'a [Lane<'a>; N]) -> Self {
        Self {
            lanes,
            states: lanes.each_ref().map(|lane| lane.start.clone()),
            blocks: lanes.each_ref().map(Blocks::of),
            is_closed: false,
        }
    }

    #[target_feature(enable = "sha,sse4.1,ssse3")]
    #[inline]
    fn states(&self) -> [State; N] {
        self.states.each_ref().map(|state| load_state(state))
    }

    /// One block of each lane; behind the last of all, HMAC's second hash.
    #[target_feature(enable = "sha,sse4.1,ssse3")]
    #[inline]
    pub(crate) fn step(&mut self) {
        let blocks = self.blocks.each_mut().map(Blocks::next);
        let mut states = self.states();
        if blocks.iter().all(Option::is_some) {
            let words =
                blocks.map(|block| block.map_or_else(|| [_mm_setzero_si128(); 4], |block| load_block(block)));
            states = compress(states, words);
        } else if blocks.iter().any(Option::is_some) {
            for (state, block) in states.iter_mut().zip(blocks) {
                if let Some(block) = block {
                    [*state] = compress([*state], [load_block(block)]);
                }
            }
        } else if !self.is_closed {
            states = self.close(states);
        }
        self.states = states.map(|state| store_state(state));
    }

    /// All that is left.
    #[target_feature(enable = "sha,sse4.1,ssse3")]
    pub(crate) fn finish(&mut self) -> [Digest; N] {
        let expected = self
            .lanes
            .each_ref()
            .map(|lane| lane.text.map_or_else(|| Expected::none(), |text| Expected::of(text)));
        let mut states = self.states();
        while let Some(steps @ 1..) = self.in_step() {
            let runs = self.blocks.each_mut().map(|blocks| blocks.take(steps));
            for step in 0..steps {
                states = compress(states, runs.map(|run| load_block(&run[step])));
            }
        }
        for (state, blocks) in states.iter_mut().zip(&mut self.blocks) {
            while let Some(block) = blocks.next() {
                [*state] = compress([*state], [load_block(block)]);
            }
        }
        if !self.is_closed {
            states = self.close(states);
        }
        array::from_fn(|n| digest(states[n], &expected[n]))
    }

    /// How many blocks all of several lanes have one after the other.
    #[inline]
    fn in_step(&mut self) -> Option<usize> {
        if N > 1 { self.blocks.iter_mut().map(Blocks::in_a_row).min() } else { None }
    }

    /// HMAC's second hash, in step if all lanes have it.
    #[target_feature(enable = "sha,sse4.1,ssse3")]
    #[inline]
    fn close(&mut self, mut states: [State; N]) -> [State; N] {
        self.is_closed = true;
        if self.lanes.iter().all(|lane| lane.outer.is_some()) {
            let starts = self.lanes.each_ref().map(|lane| load_state(lane.outer.unwrap_or(lane.start)));
            return compress(starts, states.map(|state| digest_block(state)));
        }
        for (state, lane) in states.iter_mut().zip(self.lanes) {
            if let Some(outer) = lane.outer {
                [*state] = compress([load_state(outer)], [digest_block(*state)]);
            }
        }
        states
    }
}

/// The blocks of a lane that are still to come.
pub(crate) struct Blocks<'a> {
    run: &'a [[u8; BLOCK]],
    // By reference: a copy of what the caller has only just written would have to wait for it.
    more: slice::Iter<'a, &'a [[u8; BLOCK]]>,
}

impl<'a> Blocks<'a> {
    #[inline]
    pub(crate) fn of(lane: &'a Lane<'_>) -> Self {
        Self { run: &[], more: lane.runs.iter() }
    }

    /// How many lie one after the other; 0 if none is left.
    #[inline]
    fn in_a_row(&mut self) -> usize {
        while self.run.is_empty() {
            match self.more.next() {
                Some(run) => self.run = run,
                None => return 0,
            }
        }
        self.run.len()
    }

    #[inline]
    fn take(&mut self, count: usize) -> &'a [[u8; BLOCK]] {
        let taken;
        (taken, self.run) = self.run.split_at(count);
        taken
    }

    #[inline]
    pub(crate) fn next(&mut self) -> Option<&'a [u8; BLOCK]> {
        self.in_a_row();
        let (first, rest) = self.run.split_first()?;
        self.run = rest;
        Some(first)
    }
}

#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn digest(state: State, expected: &Expected) -> Digest {
    let [[a, b], [c, d]] = in_order(state).map(|words| store(words));
    let words = [a, a >> 32, b, b >> 32, c, c >> 32, d, d >> 32].map(|word| word as u32);
    Digest { words, differ: expected.differ(state) }
}

/// One block into each state.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn compress<const N: usize>(states: [State; N], mut words: [Words; N]) -> [State; N] {
    let mut now = states;
    for (four, constants) in K[0].iter().enumerate() {
        rounds(&mut now, &words, four, constants);
    }
    // Two lanes' rounds stay side by side in a loop that is not unrolled: unrolled, the compiler would sort them lane by lane. One lane is
    // quicker without the loop.
    let rest: &[[[u32; 4]; 4]] = if N > 1 { black_box(&K[1..]) } else { &K[1..] };
    if N > 1 {
        for sixteen in rest {
            sixteen_rounds(&mut now, &mut words, sixteen);
        }
    } else {
        sixteen_rounds(&mut now, &mut words, &K[1]);
        sixteen_rounds(&mut now, &mut words, &K[2]);
        sixteen_rounds(&mut now, &mut words, &K[3]);
    }
    array::from_fn(|n| [_mm_add_epi32(now[n][0], states[n][0]), _mm_add_epi32(now[n][1], states[n][1])])
}

/// Sixteen rounds of each state, with the words that follow.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn sixteen_rounds<const N: usize>(
    states: &mut [State; N],
    words: &mut [Words; N],
    constants: &[[u32; 4]; 4],
) {
    for (four, constants) in constants.iter().enumerate() {
        for words in &mut *words {
            words[four] = schedule(words, four);
        }
        rounds(states, words, four, constants);
    }
}

/// Four rounds of each state, with the words at `four`.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn rounds<const N: usize>(
    states: &mut [State; N],
    words: &[Words; N],
    four: usize,
    &[a, b, c, d]: &[u32; 4],
) {
    let constants = _mm_set_epi32(d as i32, c as i32, b as i32, a as i32);
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
    let [first, second, third, last] = array::from_fn(|n| words[(four + n) % 4]);
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
fn load_state(start: &Start) -> State {
    let [f, e, b, a, h, g, d, c] = start.0.map(|word| word as i32);
    [_mm_set_epi32(a, b, e, f), _mm_set_epi32(c, d, g, h)]
}

#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn store_state(state: State) -> Start {
    let [[a, b], [c, d]] = state.map(|words| store(words));
    Start([a, a >> 32, b, b >> 32, c, c >> 32, d, d >> 32].map(|word| word as u32))
}

/// The state's words a to d, then e to h, each first word lowest.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn in_order([abef, cdgh]: State) -> [__m128i; 2] {
    let (abef, cdgh) = (_mm_shuffle_epi32(abef, 0x1B), _mm_shuffle_epi32(cdgh, 0xB1));
    [_mm_blend_epi16(abef, cdgh, 0xF0), _mm_alignr_epi8(cdgh, abef, 8)]
}

#[target_feature(enable = "sse2")]
#[inline]
pub(crate) fn load(bytes: &[u8; 16]) -> __m128i {
    let bits = u128::from_le_bytes(*bytes);
    _mm_set_epi64x((bits >> 64) as i64, bits as i64)
}

#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
pub(crate) fn store(bits: __m128i) -> [u64; 2] {
    [_mm_cvtsi128_si64(bits) as u64, _mm_extract_epi64(bits, 1) as u64]
}

/// The round constants (FIPS 180-4 §4.2.2), by sixteen and by four.
pub(crate) const K: [[[u32; 4]; 4]; 4] = [
    [
        [0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5],
        [0x3956_C25B, 0x59F1_11F1, 0x923F_82A4, 0xAB1C_5ED5],
        [0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3],
        [0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174],
    ],
    [
        [0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC],
        [0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA],
        [0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7],
        [0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967],
    ],
    [
        [0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13],
        [0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85],
        [0xA2BF_E8A1, 0xA81A_664B, 0xC24B_8B70, 0xC76C_51A3],
        [0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070],
    ],
    [
        [0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5],
        [0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3],
        [0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208],
        [0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2],
    ],
];
