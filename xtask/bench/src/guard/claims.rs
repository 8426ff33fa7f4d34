//! Claims as a busy server makes them: distinct nonces of several owners, while time moves on.

use counterseal::{Claim, ReplayTag, Timestamp, Tolerance};

use crate::inputs::{PACKET_KEY, nonce};

/// Claims at such a pace that so many nonces live at a time.
pub(super) struct Stream {
    next: u64,
    per_second: u64,
    tagged: Vec<Tagged>,
}

/// A claim whose tag is computed.
pub(super) struct Tagged {
    tag: ReplayTag,
    owner: &'static str,
    at: Timestamp,
}

impl Stream {
    pub(super) fn new(live: usize) -> Self {
        Self { next: 0, per_second: (live as u64).div_ceil(RETAINED), tagged: Vec::new() }
    }

    /// The next ones.
    pub(super) fn take(&mut self, count: usize) -> &[Tagged] {
        let tagged = (self.next..self.next + count as u64).map(|number| self.tagged(number));
        self.tagged = tagged.collect();
        self.next += count as u64;
        &self.tagged
    }

    fn tagged(&self, number: u64) -> Tagged {
        let at = Timestamp::new(START + number / self.per_second).unwrap_or(Timestamp::EPOCH);
        let tag = ReplayTag::new("", "packet-1", PACKET_KEY, nonce(number).as_str());
        Tagged { tag, owner: OWNERS[number as usize % OWNERS.len()], at }
    }
}

impl Tagged {
    pub(super) fn claim(&self, tolerance: Tolerance) -> Claim<'static> {
        Claim::new(self.tag, self.owner, self.at, tolerance, self.at)
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
        let claims: Vec<_> =
            stream.take(5_000).iter().map(|tagged| tagged.claim(Tolerance::default())).collect();
        let last = claims[4_999];
        let live = claims.iter().filter(|claim| claim.retain_until >= last.now.seconds()).count();
        assert!((1_200..=1_210).contains(&live), "{live}");
    }
}
