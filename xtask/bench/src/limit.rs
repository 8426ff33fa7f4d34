//! The limit that SHA-256 sets: the compressions that are needed, at the cost of one in a chain.

use std::hint::black_box;
use std::time::Instant;

use sha2::block_api::compress256;

use crate::contest::Side;

/// As a contender: as many chained compressions as one call needs, in calls long enough to cost nothing themselves.
pub(crate) fn side(compressions: usize) -> Side<'static> {
    Side {
        name: "limit",
        version: format!("{compressions} compressions"),
        turn: Box::new(move |_| Ok(one_compression(CALLS) * compressions as f64)),
    }
}

/// Compressions of an HMAC-SHA256 over `length` bytes with both states of the key computed beforehand.
pub(crate) fn of_mac(length: usize) -> usize {
    (length + PADDING).div_ceil(BLOCK) + OUTER
}

/// The cost of one compression in a chain, where each waits for the one before, in nanoseconds.
fn one_compression(calls: usize) -> f64 {
    let blocks = [[0x5a; BLOCK]; CHAIN];
    let mut state = black_box([0x6a09_e667; 8]);
    let begun = Instant::now();
    for _ in 0..calls {
        compress256(&mut state, black_box(&blocks));
    }
    let elapsed = begun.elapsed();
    black_box(state);
    elapsed.as_nanos() as f64 / (calls * CHAIN) as f64
}

const BLOCK: usize = 64;
/// One byte of padding and eight of length.
const PADDING: usize = 9;
const OUTER: usize = 1;
/// Long enough that the call around the chain costs nothing.
const CHAIN: usize = 64;
const CALLS: usize = 11;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressions_by_length() {
        assert_eq!([0, 55, 56, 119, 120].map(of_mac), [2, 2, 3, 3, 4]);
    }
}
