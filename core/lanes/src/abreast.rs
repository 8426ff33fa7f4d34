//! HMAC-SHA256 (FIPS 180-4 §6.2, RFC 2104) of sixteen messages abreast on AVX-512: one word of each in a register, so that no round needs
//! instructions of its own, and none waits long for the one before.

use core::arch::x86_64::{
    __m512i, _mm_srli_si128, _mm512_add_epi32, _mm512_inserti32x4, _mm512_mask_add_epi32,
    _mm512_mask_cmpneq_epu8_mask, _mm512_maskz_permutex2var_epi8, _mm512_multishift_epi64_epi8,
    _mm512_permutexvar_epi8, _mm512_ror_epi32, _mm512_set_epi64, _mm512_set1_epi32, _mm512_set1_epi64,
    _mm512_setzero_si512, _mm512_shuffle_epi8, _mm512_shuffle_i32x4, _mm512_srli_epi32,
    _mm512_ternarylogic_epi32, _mm512_unpackhi_epi32, _mm512_unpackhi_epi64, _mm512_unpacklo_epi32,
    _mm512_unpacklo_epi64, _mm512_zextsi128_si512,
};
use core::array;

use crate::sha::{Blocks, K, load};
use crate::{BLOCK, Lane, TEXT};

/// The words a to h, of sixteen messages each.
type States = [__m512i; 8];
/// A block's words by four, of sixteen messages each.
type Words = [[__m512i; 4]; 4];
/// Sixteen words in a register: a row of each message's, or a column of one of each message's.
type Square = [__m512i; N];

/// Where each digest's text and the given one differ; of a lane without second state or text, everywhere.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
pub(crate) fn differ(lanes: &[Lane<'_>; N]) -> [u64; N] {
    let [f, e, b, a, h, g, d, c, outer @ ..] = turn(array::from_fn(|n| load_starts(&lanes[n])));
    let mut states = [a, b, c, d, e, f, g, h];
    let [f, e, b, a, h, g, d, c] = outer;
    let outer = [a, b, c, d, e, f, g, h];
    if let Some(count) = in_step(lanes) {
        for at in 0..count {
            let rows = array::from_fn(|n| load_block(&lanes[n].runs[0][at]));
            states = compress(states, by_four(turn(rows)), u16::MAX);
        }
        return differences(lanes, compress(outer, digest_blocks(states), u16::MAX));
    }
    let mut blocks = lanes.each_ref().map(Blocks::of);
    loop {
        let (words, left) = load_blocks(&mut blocks);
        if left == 0 {
            return differences(lanes, compress(outer, digest_blocks(states), u16::MAX));
        }
        states = compress(states, words, left);
    }
}

/// How many blocks every lane has, if all have as many and each in one run, as messages of a batch mostly are.
fn in_step(lanes: &[Lane<'_>; N]) -> Option<usize> {
    let count = lanes[0].runs[0].len();
    lanes.iter().all(|lane| lane.runs.map(<[_]>::len) == [count, 0, 0]).then_some(count)
}

/// A block of each lane that has one left, and a bit for each of these.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
#[inline]
fn load_blocks(blocks: &mut [Blocks<'_>; N]) -> (Words, u16) {
    let mut left = 0;
    let mut rows = [_mm512_setzero_si512(); N];
    for (n, blocks) in blocks.iter_mut().enumerate() {
        if let Some(block) = blocks.next() {
            left |= 1 << n;
            rows[n] = load_block(block);
        }
    }
    (by_four(turn(rows)), left)
}

/// One block into each state whose bit is set.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn compress(states: States, mut words: Words, which: u16) -> States {
    let mut now = states;
    for (four, constants) in K[0].iter().enumerate() {
        four_rounds(&mut now, &words[four], constants);
    }
    for sixteen in &K[1..] {
        for (four, constants) in sixteen.iter().enumerate() {
            schedule(&mut words, four);
            four_rounds(&mut now, &words[four], constants);
        }
    }
    array::from_fn(|n| _mm512_mask_add_epi32(states[n], which, states[n], now[n]))
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
#[inline]
fn four_rounds(states: &mut States, words: &[__m512i; 4], constants: &[u32; 4]) {
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *states;
    for (&word, &constant) in words.iter().zip(constants) {
        let word = _mm512_add_epi32(word, _mm512_set1_epi32(constant as i32));
        let sums = xor(_mm512_ror_epi32(e, 6), _mm512_ror_epi32(e, 11), _mm512_ror_epi32(e, 25));
        let choice = _mm512_ternarylogic_epi32(e, f, g, 0xCA);
        let first = _mm512_add_epi32(_mm512_add_epi32(_mm512_add_epi32(h, word), choice), sums);
        let sums = xor(_mm512_ror_epi32(a, 2), _mm512_ror_epi32(a, 13), _mm512_ror_epi32(a, 22));
        let majority = _mm512_ternarylogic_epi32(a, b, c, 0xE8);
        (h, g, f, e) = (g, f, e, _mm512_add_epi32(d, first));
        (d, c, b, a) = (c, b, a, _mm512_add_epi32(_mm512_add_epi32(first, majority), sums));
    }
    *states = [a, b, c, d, e, f, g, h];
}

/// The four words sixteen after those at `four`, in their place.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
#[inline]
fn schedule(words: &mut Words, four: usize) {
    let [now, next, third, last] = array::from_fn(|n| words[(four + n) % 4]);
    let (early, middle) = ([now[1], now[2], now[3], next[0]], [third[1], third[2], third[3], last[0]]);
    let mut new = now;
    for n in 0..4 {
        let late = if n < 2 { last[n + 2] } else { new[n - 2] };
        let sum = _mm512_add_epi32(_mm512_add_epi32(now[n], middle[n]), early_sum(early[n]));
        new[n] = _mm512_add_epi32(sum, late_sum(late));
    }
    words[four] = new;
}

#[target_feature(enable = "avx512f")]
#[inline]
fn early_sum(word: __m512i) -> __m512i {
    xor(_mm512_ror_epi32(word, 7), _mm512_ror_epi32(word, 18), _mm512_srli_epi32(word, 3))
}

#[target_feature(enable = "avx512f")]
#[inline]
fn late_sum(word: __m512i) -> __m512i {
    xor(_mm512_ror_epi32(word, 17), _mm512_ror_epi32(word, 19), _mm512_srli_epi32(word, 10))
}

#[target_feature(enable = "avx512f")]
#[inline]
fn xor(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32(a, b, c, 0x96)
}

/// The padded blocks of digests that are hashed behind one block (RFC 2104): 32 bytes, a set bit, the length of 768 bits.
#[target_feature(enable = "avx512f")]
#[inline]
fn digest_blocks([a, b, c, d, e, f, g, h]: States) -> Words {
    let (zero, bit, bits) = (_mm512_setzero_si512(), _mm512_set1_epi32(i32::MIN), _mm512_set1_epi32(768));
    [[a, b, c, d], [e, f, g, h], [bit, zero, zero, zero], [zero, zero, zero, bits]]
}

/// As [`differ`].
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
#[inline]
fn differences(lanes: &[Lane<'_>; N], [a, b, c, d, e, f, g, h]: States) -> [u64; N] {
    let (first, second) = (turn_four([a, b, c, d]), turn_four([e, f, g, h]));
    array::from_fn(|n| match lanes[n] {
        Lane { outer: Some(_), text: Some(text), .. } => {
            let characters = characters(first[n % 4], second[n % 4], n / 4);
            _mm512_mask_cmpneq_epu8_mask(u64::MAX >> (BLOCK - TEXT), characters, load_text(text))
        }
        _ => u64::MAX,
    })
}

/// The characters of base64url (RFC 4648 §5) for the digest whose words a to d are the given sixteen bytes of one register, and e to h
/// those of the other; behind them anything. No address depends on the digest: the table is a register.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
#[inline]
fn characters(first: __m512i, second: __m512i, sixteen: usize) -> __m512i {
    let place = _mm512_add_epi32(words_of(&THREES), _mm512_set1_epi32(sixteen as i32 * 0x1010_1010));
    // Three bytes take four: the middle one, the first, the last, the middle one again.
    let threes = _mm512_maskz_permutex2var_epi8(WHOLE, first, place, second);
    let sextets = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(0x3036_242A_1016_040A), threes);
    _mm512_permutexvar_epi8(sextets, words_of(ALPHABET))
}

/// Turns four words of each message into all four of one message, sixteen bytes a message: of the messages 0, 4, 8 and 12, of those behind
/// them, and so on.
#[target_feature(enable = "avx512f")]
#[inline]
fn turn_four([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
    let (low, high) = (_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    let (low_next, high_next) = (_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
    [
        _mm512_unpacklo_epi64(low, low_next),
        _mm512_unpackhi_epi64(low, low_next),
        _mm512_unpacklo_epi64(high, high_next),
        _mm512_unpackhi_epi64(high, high_next),
    ]
}

/// Turns rows into columns.
#[target_feature(enable = "avx512f")]
#[inline]
fn turn(rows: Square) -> Square {
    let mut columns = [_mm512_setzero_si512(); N];
    let fours: [[__m512i; 4]; 4] =
        array::from_fn(|p| turn_four([rows[4 * p], rows[4 * p + 1], rows[4 * p + 2], rows[4 * p + 3]]));
    for n in 0..4 {
        let [a, b, c, d] = fours.map(|four| four[n]);
        let (even, odd) = (_mm512_shuffle_i32x4(a, b, 0x88), _mm512_shuffle_i32x4(a, b, 0xDD));
        let (even_next, odd_next) = (_mm512_shuffle_i32x4(c, d, 0x88), _mm512_shuffle_i32x4(c, d, 0xDD));
        columns[n] = _mm512_shuffle_i32x4(even, even_next, 0x88);
        columns[4 + n] = _mm512_shuffle_i32x4(odd, odd_next, 0x88);
        columns[8 + n] = _mm512_shuffle_i32x4(even, even_next, 0xDD);
        columns[12 + n] = _mm512_shuffle_i32x4(odd, odd_next, 0xDD);
    }
    columns
}

/// A lane's first state and its second.
#[target_feature(enable = "avx512f")]
#[inline]
fn load_starts(lane: &Lane<'_>) -> __m512i {
    let [first, second] = [lane.start, lane.outer.unwrap_or(lane.start)].map(|start| {
        let [a, b, c, d, e, f, g, h] = start.0.map(u64::from);
        [a | b << 32, c | d << 32, e | f << 32, g | h << 32].map(|word| word as i64)
    });
    let ([a, b, c, d], [e, f, g, h]) = (first, second);
    _mm512_set_epi64(h, g, f, e, d, c, b, a)
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn load_block(block: &[u8; BLOCK]) -> __m512i {
    let from_big_endian = _mm512_set_epi64(
        0x0C0D_0E0F_0809_0A0B,
        0x0405_0607_0001_0203,
        0x0C0D_0E0F_0809_0A0B,
        0x0405_0607_0001_0203,
        0x0C0D_0E0F_0809_0A0B,
        0x0405_0607_0001_0203,
        0x0C0D_0E0F_0809_0A0B,
        0x0405_0607_0001_0203,
    );
    _mm512_shuffle_epi8(words_of(block), from_big_endian)
}

/// A text, then zeros.
#[target_feature(enable = "avx512f")]
#[inline]
fn load_text(text: &[u8; TEXT]) -> __m512i {
    let (Some((start, rest)), Some(end)) = (text.split_first_chunk(), text.last_chunk()) else {
        return _mm512_setzero_si512();
    };
    let Some(middle) = rest.first_chunk() else { return _mm512_setzero_si512() };
    let end = _mm_srli_si128(load(end), 5);
    let two = _mm512_inserti32x4(_mm512_zextsi128_si512(load(start)), load(middle), 1);
    _mm512_inserti32x4(two, end, 2)
}

#[target_feature(enable = "avx512f")]
#[inline]
fn words_of(bytes: &[u8; BLOCK]) -> __m512i {
    let mut words = [0; 8];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = i64::from_le_bytes(*bytes);
    }
    let [a, b, c, d, e, f, g, h] = words;
    _mm512_set_epi64(h, g, f, e, d, c, b, a)
}

#[target_feature(enable = "avx512f")]
#[inline]
fn by_four(words: Square) -> Words {
    array::from_fn(|four| array::from_fn(|n| words[4 * four + n]))
}

const N: usize = crate::ABREAST;
/// The places of [`THREES`] that a byte belongs to: the last three are of two bytes.
const WHOLE: u64 = ((1 << 44) - 1) & !(1 << 42);
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Where the digest's bytes lie by threes, see [`characters`]: each word's last byte first, the second register's behind the first's 64.
const THREES: [u8; 64] = {
    let mut threes = [0; 64];
    let mut at = 0;
    while at < 44 {
        let byte = at / 4 * 3 + [1, 0, 2, 1][at % 4];
        threes[at] = ((byte % 16) ^ 3) as u8 + if byte < 16 { 0 } else { 64 };
        at += 1;
    }
    threes
};
