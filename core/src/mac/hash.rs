//! SHA-256 of one message: on the processor's own instructions where `counterseal-lanes` has them, else by its portable way.

use super::message::Runs;
use crate::json::Pace;
use counterseal_lanes::{ABREAST, Abreast, Digest, Hashing, Lane, Start, digest};
use subtle::ConstantTimeEq;

/// SHA-256 of a message that was begun with [`super::Message::plain`].
#[inline]
pub(crate) fn sha256(runs: Runs<'_>) -> [u8; 32] {
    let [digest] = hash(&[plain(runs)]);
    to_bytes(&digest.words)
}

/// The lane of a message for SHA-256 itself.
#[inline]
pub(super) fn plain(runs: Runs<'_>) -> Lane<'_> {
    Lane { start: &INITIAL, runs, outer: None, text: None }
}

/// The lanes' digests.
#[inline]
pub(super) fn hash<const N: usize>(lanes: &[Lane<'_>; N]) -> [Digest; N] {
    Hashing::begin(lanes).map_or_else(|| lanes.each_ref().map(digest), |mut hashing| hashing.finish())
}

/// The lanes' digests, and what came of the work that is done between their blocks.
#[inline(always)]
pub(super) fn hash_while<const N: usize, T>(
    lanes: &[Lane<'_>; N],
    work: impl FnOnce(&mut Pulse<'_>) -> T,
) -> ([Digest; N], T) {
    let mut hashing = Hashing::begin(lanes);
    let mut step = || {
        if let Some(hashing) = &mut hashing {
            hashing.step();
        }
    };
    step();
    let done = work(&mut Pulse::new(&mut step));
    let digests = match &mut hashing {
        Some(hashing) => hashing.finish(),
        None => lanes.each_ref().map(digest),
    };
    (digests, done)
}

/// Whether each lane's digest has its text, of lanes that are hashed abreast; if the processor can.
#[inline]
pub(crate) fn abreast() -> Option<impl Fn(&[Lane<'_>; ABREAST]) -> [bool; ABREAST]> {
    let abreast = Abreast::new()?;
    Some(move |lanes: &[Lane<'_>; ABREAST]| abreast.differ(lanes).map(|differ| differ.ct_eq(&0).into()))
}

/// The same by the portable way, on any processor.
#[cfg(test)]
pub(crate) fn not_abreast(lanes: &[Lane<'_>; ABREAST]) -> [bool; ABREAST] {
    lanes.each_ref().map(|lane| fits(&digest(lane)))
}

/// Hashes on, a block at a time, whenever the work around it says so. A block's rounds wait for each other, and the work is done in their waits.
pub(crate) struct Pulse<'p> {
    step: &'p mut dyn FnMut(),
    next: usize,
}

impl<'p> Pulse<'p> {
    fn new(step: &'p mut dyn FnMut()) -> Self {
        Self { step, next: usize::MAX }
    }
}

impl Pace for Pulse<'_> {
    #[inline(always)]
    fn left(&mut self, bytes: usize) {
        if bytes <= self.next {
            self.next = bytes.saturating_sub(STRIDE);
            self.beat();
        }
    }

    /// A block.
    #[inline(always)]
    fn beat(&mut self) {
        (self.step)();
    }
}

/// Whether the digest has the text of its lane.
#[inline]
pub(super) fn fits(digest: &Digest) -> bool {
    digest.differ.ct_eq(&0).into()
}

pub(super) fn to_bytes(state: &[u32; 8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (bytes, word) in bytes.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    bytes
}

/// SHA-256's first state (FIPS 180-4 §5.3.3).
pub(super) const INITIAL: Start = Start::new([
    0x6A09_E667,
    0xBB67_AE85,
    0x3C6E_F372,
    0xA54F_F53A,
    0x510E_527F,
    0x9B05_688C,
    0x1F83_D9AB,
    0x5BE0_CD19,
]);
/// Bytes of a text that are read in about the time of a block.
const STRIDE: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64;
    use crate::mac::BLOCK;
    use counterseal_lanes::digest as portable;

    #[test]
    fn both_ways_agree() {
        let states: [Start; 2] = core::array::from_fn(|n| {
            Start::new(core::array::from_fn(|at| (n as u32 * 8 + at as u32 + 1).wrapping_mul(0x9E37_79B9)))
        });
        let blocks: [[u8; BLOCK]; 9] =
            core::array::from_fn(|n| core::array::from_fn(|at| (n * 67 + at * 13) as u8));
        for (first, second, third) in [(0, 0, 0), (1, 0, 0), (3, 0, 0), (1, 4, 2), (0, 9, 1), (2, 1, 0)] {
            for outer in [None, Some(&states[1])] {
                let runs = [&blocks[..first], &blocks[..second], &blocks[..third]];
                let mut lane = Lane { start: &states[0], runs, outer, text: None };
                let [digest] = hash(&[lane]);
                assert_eq!(digest.words, portable(&lane).words);
                assert!(!fits(&digest) && !fits(&portable(&lane)));
                let text = base64::encode_tag(&to_bytes(&digest.words));
                let mut other = text;
                other[42] ^= 1;
                lane.text = Some(&text);
                let [a, b] = hash(&[lane, lane]);
                assert!(fits(&a) && fits(&b) && fits(&portable(&lane)));
                lane.text = Some(&other);
                let [a, b] = hash(&[lane, lane]);
                assert!(!fits(&a) && !fits(&b) && !fits(&portable(&lane)));
            }
        }
    }
}
