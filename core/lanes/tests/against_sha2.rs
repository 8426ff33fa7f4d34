//! Every lane count against `sha2`, block by block, over random states, lengths and blocks.
#![allow(clippy::unwrap_used, reason = "a helper of a test may stop at the first surprise, as the test may")]

use counterseal_lanes::{Lane, Start, run};
use sha2::block_api::compress256;

/// xorshift64*: the same numbers each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 33) as usize % end
    }
    fn state(&mut self) -> [u32; 8] {
        core::array::from_fn(|_| self.next() as u32)
    }
    fn blocks(&mut self, most: usize) -> Vec<[u8; 64]> {
        (0..self.below(most + 1)).map(|_| core::array::from_fn(|_| self.next() as u8)).collect()
    }
}

struct Message {
    start: Start,
    runs: [Vec<[u8; 64]>; 3],
    outer: Option<Start>,
    text: Option<[u8; 43]>,
}

impl Message {
    fn random(random: &mut Random) -> Self {
        let start = Start::new(random.state());
        let runs = core::array::from_fn(|_| random.blocks(4));
        let outer = (random.below(3) > 0).then(|| Start::new(random.state()));
        let mut message = Self { start, runs, outer, text: None };
        let text = text_of(&message.digest());
        message.text = match random.below(4) {
            0 => None,
            1 => Some(text),
            2 => Some(core::array::from_fn(|_| random.next() as u8)),
            _ => {
                let mut other = text;
                other[random.below(43)] ^= 1 << random.below(8);
                Some(other)
            }
        };
        message
    }

    fn lane(&self) -> Lane<'_> {
        Lane {
            start: &self.start,
            runs: [&self.runs[0], &self.runs[1], &self.runs[2]],
            outer: self.outer.as_ref(),
            text: self.text.as_ref(),
        }
    }

    fn digest(&self) -> [u32; 8] {
        let mut state = self.start.words();
        for run in &self.runs {
            compress256(&mut state, run);
        }
        if let Some(outer) = &self.outer {
            let mut last = [0; 64];
            for (place, word) in last.as_chunks_mut().0.iter_mut().zip(state) {
                *place = word.to_be_bytes();
            }
            last[32] = 0x80;
            last[62..].copy_from_slice(&768_u16.to_be_bytes());
            state = outer.words();
            compress256(&mut state, &[last]);
        }
        state
    }
}

fn text_of(words: &[u32; 8]) -> [u8; 43] {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bit = |at: usize| words.get(at / 32).map_or(0, |word| word >> (31 - at % 32) & 1);
    core::array::from_fn(|at| alphabet[(0..6).fold(0, |sextet, n| sextet << 1 | bit(at * 6 + n)) as usize])
}

fn check<const N: usize>(random: &mut Random, times: usize) {
    for _ in 0..times {
        let messages: [Message; N] = core::array::from_fn(|_| Message::random(random));
        let Some(digests) = run(&messages.each_ref().map(Message::lane)) else { return };
        for (message, digest) in messages.iter().zip(digests) {
            assert_eq!(digest.words, message.digest());
            assert_eq!(digest.differ == [0; 2], message.text == Some(text_of(&message.digest())));
        }
    }
}

#[test]
fn every_number_of_lanes() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    check::<0>(&mut random, 1);
    check::<1>(&mut random, 5000);
    check::<2>(&mut random, 10_000);
    check::<3>(&mut random, 1000);
    check::<4>(&mut random, 1000);
    check::<7>(&mut random, 500);
}
