//! The first block of a message, put together in registers.
//!
//! What is hashed is loaded as soon as it is stored. A load is served from a store that is still under way if that store has all of it: of bytes that
//! several stores brought, it waits until they are written, and all instructions before them are done. With sixteen bytes a store, the first
//! block is under way while the message before is still compared.

use core::arch::x86_64::{
    __m128i, _mm_alignr_epi8, _mm_or_si128, _mm_set_epi64x, _mm_setzero_si128, _mm_shuffle_epi8,
};

use crate::sha::{load, store};
use crate::{BLOCK, Opening};

/// As [`Opening::write`].
#[target_feature(enable = "sha,sse4.1,ssse3")]
pub(crate) fn write(opening: &Opening<'_>, block: &mut [u8; BLOCK]) {
    for (place, sixteen) in block.as_chunks_mut().0.iter_mut().zip(sixteens(opening)) {
        let [low, high] = store(sixteen);
        *place = (u128::from(high) << 64 | u128::from(low)).to_le_bytes();
    }
}

#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn sixteens(&Opening { title, key_id, ts, nonce }: &Opening<'_>) -> [__m128i; 4] {
    let id = split(key_id);
    // The id stands behind 22 bytes, six of them in the second sixteen.
    let (one, two, three) = (
        _mm_alignr_epi8(id[0], last(title), 10),
        _mm_alignr_epi8(id[1], id[0], 10),
        _mm_alignr_epi8(_mm_setzero_si128(), id[1], 10),
    );
    // LF, ts, LF and four characters of the nonce; its next sixteen; its last two.
    let [a, b, c, d, ..] = *nonce;
    let [.., e, f] = *nonce;
    let stamp = ts << 8 | LF | LF << 88 | u128::from(u32::from_le_bytes([a, b, c, d])) << 96;
    let stamp = _mm_set_epi64x((stamp >> 64) as i64, stamp as i64);
    let middle = first(&nonce[4..]);
    let end = _mm_set_epi64x(0, i64::from(u16::from_le_bytes([e, f])));
    let at = title.len() + key_id.len();
    let (up, down) = (load(&UP[at % 16]), load(&DOWN[at % 16]));
    let behind = _mm_shuffle_epi8(stamp, up);
    let next = _mm_or_si128(_mm_shuffle_epi8(stamp, down), _mm_shuffle_epi8(middle, up));
    let after = || _mm_or_si128(_mm_shuffle_epi8(middle, down), _mm_shuffle_epi8(end, up));
    // Moved up by nothing: what is only loaded would be stored in two pieces.
    let zero = _mm_shuffle_epi8(first(title), load(&UP[at / BLOCK % 16]));
    match at / 16 {
        1 => [zero, _mm_or_si128(one, behind), _mm_or_si128(two, next), _mm_or_si128(three, after())],
        2 => [zero, one, _mm_or_si128(two, behind), _mm_or_si128(three, next)],
        _ => [zero, one, two, _mm_or_si128(three, behind)],
    }
}

/// Eight to 31 bytes, zeros behind them, as two sixteens.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn split(text: &[u8]) -> [__m128i; 2] {
    if text.len() < 16 {
        return [short(text), _mm_setzero_si128()];
    }
    [first(text), _mm_shuffle_epi8(last(text), load(&DOWN[text.len() % 16]))]
}

/// Eight to fifteen bytes, zeros behind them.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn short(text: &[u8]) -> __m128i {
    let ends = (text.first_chunk(), text.last_chunk());
    let (Some(first), Some(last)) = ends else { return _mm_setzero_si128() };
    let last = u128::from(u64::from_le_bytes(*last)) << (8 * (text.len() - 8));
    let both = u128::from(u64::from_le_bytes(*first)) | last;
    _mm_set_epi64x((both >> 64) as i64, both as i64)
}

/// The first sixteen bytes of a text that has as many.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn first(text: &[u8]) -> __m128i {
    text.first_chunk().map_or_else(|| _mm_setzero_si128(), |first| load(first))
}

/// The last sixteen bytes of a text that has as many.
#[target_feature(enable = "sha,sse4.1,ssse3")]
#[inline]
fn last(text: &[u8]) -> __m128i {
    text.last_chunk().map_or_else(|| _mm_setzero_si128(), |last| load(last))
}

/// With a shorter key id the nonce would end before the block does, with a longer one begin behind it.
pub(crate) const SHORTEST: usize = 8;
pub(crate) const LONGEST: usize = 30;
const LF: u128 = b'\n' as u128;
/// For each count of bytes, where sixteen go that are moved up by it.
static UP: [[u8; 16]; 16] = moves(16);
/// For each count of bytes, where sixteen go that are moved down by what it lacks of sixteen.
static DOWN: [[u8; 16]; 16] = moves(0);

const fn moves(zeros: usize) -> [[u8; 16]; 16] {
    let mut moves = [[0x80; 16]; 16];
    let mut count = 0;
    while count < 16 {
        let mut place = 0;
        while place < 16 {
            let from = place + 16 - count;
            if from >= zeros && from - zeros < 16 {
                moves[count][place] = (from - zeros) as u8;
            }
            place += 1;
        }
        count += 1;
    }
    moves
}
