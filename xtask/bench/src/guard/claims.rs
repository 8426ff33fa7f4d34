//! Claims as a busy server makes them: distinct nonces of several owners, while time moves on.

use counterseal::{Claim, Nonce, SignedNonce, Timestamp, Tolerance};

use super::peers::Tag;
use crate::inputs::{PACKET_KEY, nonce};

/// Claims at such a pace that so many nonces live at a time.
pub(super) struct Stream {
    next: u64,
    per_second: u64,
    planned: Vec<Planned>,
}

/// A claim before it is made.
#[derive(Clone)]
pub(super) struct Planned {
    nonce: Nonce,
    owner: &'static str,
    at: Timestamp,
}

impl Stream {
    pub(super) fn new(live: usize) -> Self {
        Self { next: 0, per_second: (live as u64).div_ceil(RETAINED), planned: Vec::new() }
    }

    /// The next ones.
    pub(super) fn plan(&mut self, count: usize) -> &[Planned] {
        let numbers = self.next..self.next + count as u64;
        self.next = numbers.end;
        self.planned = numbers.map(|number| Planned::new(number, self.per_second)).collect();
        &self.planned
    }

    /// The next ones, ready to be made, each with a tag for who has no other name for its nonce.
    pub(super) fn tagged(&mut self, count: usize) -> Vec<(Claim<'_>, Tag)> {
        let first = self.next;
        self.take(count).into_iter().zip(first..).map(|(claim, number)| (claim, tag(number))).collect()
    }

    /// The next ones, ready to be made.
    pub(super) fn take(&mut self, count: usize) -> Vec<Claim<'_>> {
        self.plan(count).iter().map(|planned| planned.claim(planned.at)).collect()
    }
}

/// Splits a number into two that look like chance (SplitMix64), never zeros.
fn tag(number: u64) -> Tag {
    [2 * number + 1, 2 * number + 2].map(|number| {
        let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    })
}

impl Planned {
    fn new(number: u64, per_second: u64) -> Self {
        let at = Timestamp::new(START + number / per_second).unwrap_or(Timestamp::EPOCH);
        Self { nonce: nonce(number), owner: OWNERS[number as usize % OWNERS.len()], at }
    }

    pub(super) fn at(&self) -> Timestamp {
        self.at
    }

    pub(super) fn claim(&self, now: Timestamp) -> Claim<'_> {
        let nonce = SignedNonce::new("packet-1", PACKET_KEY, &self.nonce);
        Claim::new(nonce, self.owner, self.at, Tolerance::default(), now)
    }
}

const START: u64 = 1_708_167_234;
/// Seconds for which a nonce is remembered: the default `max_age` and the margin.
const RETAINED: u64 = 120;
const OWNERS: [&str; 8] =
    ["engine-0", "engine-1", "engine-2", "engine-3", "engine-4", "engine-5", "engine-6", "engine-7"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_live_at_a_time() {
        let mut stream = Stream::new(1_200);
        let claims = stream.take(5_000);
        let last = claims[4_999];
        let live = claims.iter().filter(|claim| claim.retain_until >= last.now.seconds()).count();
        assert!((1_200..=1_210).contains(&live), "{live}");
    }
}
