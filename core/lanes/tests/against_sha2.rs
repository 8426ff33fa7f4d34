//! Every lane count against `sha2`, block by block, over random states, lengths and blocks.
#![allow(clippy::unwrap_used, reason = "a helper of a test may stop at the first surprise, as the test may")]

use counterseal_lanes::{ABREAST, Abreast, Hashing, Lane, Start, digest};
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
        let lanes = messages.each_ref().map(Message::lane);
        let Some(mut hashing) = Hashing::begin(&lanes) else { return };
        (0..random.below(16)).for_each(|_| hashing.step());
        let digests = hashing.finish();
        for (message, digest) in messages.iter().zip(digests) {
            assert_eq!(digest.words, message.digest());
            assert_eq!(digest.differ == 0, message.text == Some(text_of(&message.digest())));
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

#[test]
fn sixteen_abreast() {
    let Some(abreast) = Abreast::new() else { return };
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    for round in 0..3000 {
        let mut messages: [Message; ABREAST] = core::array::from_fn(|_| Message::random(&mut random));
        if round % 3 == 0 {
            in_step(&mut messages, random.below(5), round % 2 == 0, &mut random);
        }
        let differ = abreast.differ(&messages.each_ref().map(Message::lane));
        for (message, differ) in messages.iter().zip(differ) {
            if message.outer.is_none() || message.text.is_none() {
                assert_eq!(differ, u64::MAX);
            } else {
                assert_eq!(differ == 0, message.text == Some(text_of(&message.digest())));
            }
        }
    }
}

/// Makes all messages as long as that, in one run each, or all but one.
fn in_step(messages: &mut [Message; ABREAST], blocks: usize, all: bool, random: &mut Random) {
    let other = if all { ABREAST } else { random.below(ABREAST) };
    for (n, message) in messages.iter_mut().enumerate() {
        let run: Vec<_> = core::iter::repeat_with(|| random.blocks(1)).flatten().take(blocks).collect();
        message.runs = if n == other { [vec![], run, vec![]] } else { [run, vec![], vec![]] };
        message.outer = Some(Start::new(random.state()));
        message.text = Some(text_of(&message.digest()));
    }
}

/// Every character counts in every lane, and every bit of it; so does every byte of the digest, which differs from message to message.
#[test]
fn every_character_abreast() {
    let Some(abreast) = Abreast::new() else { return };
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for bit in 0..8 {
        for at in 0..43 {
            let mut messages: [Message; ABREAST] = core::array::from_fn(|_| Message::random(&mut random));
            for message in &mut messages {
                message.outer.get_or_insert_with(|| Start::new(random.state()));
                message.text = Some(text_of(&message.digest()));
            }
            assert_eq!(abreast.differ(&messages.each_ref().map(Message::lane)), [0; ABREAST]);
            let other = random.below(ABREAST);
            messages[other].text.as_mut().unwrap()[at] ^= 1 << bit;
            let differ = abreast.differ(&messages.each_ref().map(Message::lane));
            assert_eq!(differ, core::array::from_fn(|n| u64::from(n == other) << at));
        }
    }
}

/// Only the very text fits: no other character anywhere, nor one that differs in bits beyond the digest's.
#[test]
fn every_byte_at_every_place_of_a_text() {
    let mut random = Random(0xD1B5_4A32_D192_ED03);
    for _ in 0..4 {
        let start = Start::new(random.state());
        let text = text_of(&start.words());
        for place in 0..text.len() {
            for byte in 0..=u8::MAX {
                let mut other = text;
                other[place] = byte;
                let lanes = [Lane { start: &start, runs: [&[]; 3], outer: None, text: Some(&other) }];
                assert_eq!(digest(&lanes[0]).differ == 0, other == text, "{byte} at {place}");
                let Some(mut hashing) = Hashing::begin(&lanes) else { continue };
                let [digest] = hashing.finish();
                assert_eq!(digest.differ == 0, other == text, "{byte} at {place}");
            }
        }
    }
}

/// FIPS 180-4's one-block example, "abc", and the empty message.
#[test]
fn published_digests() {
    let initial = Start::new([
        0x6A09_E667,
        0xBB67_AE85,
        0x3C6E_F372,
        0xA54F_F53A,
        0x510E_527F,
        0x9B05_688C,
        0x1F83_D9AB,
        0x5BE0_CD19,
    ]);
    let (mut abc, mut empty) = ([[0; 64]], [[0; 64]]);
    abc[0][..4].copy_from_slice(b"abc\x80");
    abc[0][63] = 24;
    empty[0][0] = 0x80;
    let lane = |blocks| Lane { start: &initial, runs: [blocks, &[], &[]], outer: None, text: None };
    let two = [lane(&abc[..]), lane(&empty[..])];
    let Some([first, second]) = Hashing::begin(&two).map(|mut hashing| hashing.finish()) else { return };
    let one = [lane(&abc[..])];
    let Some([alone]) = Hashing::begin(&one).map(|mut hashing| hashing.finish()) else { return };
    let hex = |words: [u32; 8]| words.iter().map(|word| format!("{word:08x}")).collect::<String>();
    assert_eq!(hex(first.words), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(hex(second.words), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(alone.words, first.words);
}
