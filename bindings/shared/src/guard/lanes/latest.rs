//! The latest time of any claim, and whether one lane may answer.

use crate::sync::{AtomicU64, fence};
use std::sync::atomic::Ordering;

/// Seconds, and above them what keeps a lane from answering by itself. In one word, so that one look at it tells both.
pub(super) struct Latest(AtomicU64);

impl Latest {
    pub(super) fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Raises it to that time, if it is not as late already.
    ///
    /// Relaxed, though other threads must know of it before they see what this one does from now on: that it unlocks a line, a lane, or writes
    /// over an entry tells them, by the release that each of these has, and what comes before a release is seen after the acquire that reads it.
    #[inline(always)]
    pub(super) fn raise(&self, now: u64) {
        if self.0.load(Ordering::Relaxed) & SECONDS < now {
            self.raise_to(now);
        }
    }

    #[cold]
    fn raise_to(&self, now: u64) {
        let later = |word| (word & SECONDS < now).then_some(word & !SECONDS | now);
        // Where it fails, another thread came with a time as late.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, later);
    }

    /// Whether no thread came with a later time of whose work this one has seen anything, and nothing keeps a lane from answering.
    #[inline(always)]
    pub(super) fn is(&self, now: u64) -> bool {
        // After what was read of entries, which are written without a lock of their own: pairs with the release before each such write.
        fence(Ordering::Acquire);
        self.0.load(Ordering::Relaxed) <= now
    }

    pub(super) fn seconds(&self) -> u64 {
        self.0.load(Ordering::Relaxed) & SECONDS
    }

    /// Notes whether the last claim came with an earlier time than one before it. Who calls has locked all lanes.
    pub(super) fn set_stepped_back(&self, stepped_back: bool) {
        if stepped_back {
            self.0.fetch_or(STEPPED_BACK, Ordering::Relaxed);
        } else if self.0.load(Ordering::Relaxed) & STEPPED_BACK != 0 {
            self.0.fetch_and(!STEPPED_BACK, Ordering::Relaxed);
        }
    }

    /// Notes that a claim panicked, so that what is held is no longer known.
    pub(super) fn set_broken(&self) {
        self.0.fetch_or(BROKEN, Ordering::Relaxed);
    }

    pub(super) fn is_broken(&self) -> bool {
        self.0.load(Ordering::Relaxed) & BROKEN != 0
    }
}

/// Far above any time: a word with one of them is later than every claim.
const BROKEN: u64 = 1 << 63;
const STEPPED_BACK: u64 = 1 << 62;
const SECONDS: u64 = STEPPED_BACK - 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_only_raised() {
        let latest = Latest::new();
        for (now, seconds) in [(0, 0), (7, 7), (5, 7), (8, 8)] {
            latest.raise(now);
            assert_eq!((latest.seconds(), latest.is(now)), (seconds, now == seconds));
        }
        assert!(latest.is(9));
    }

    #[test]
    fn no_lane_answers_after_a_panic_or_while_the_clock_is_stepped_back() {
        let latest = Latest::new();
        latest.raise(7);
        latest.set_stepped_back(true);
        latest.raise(8);
        assert_eq!((latest.seconds(), latest.is(8), latest.is_broken()), (8, false, false));
        latest.set_stepped_back(false);
        assert_eq!((latest.seconds(), latest.is(8)), (8, true));
        latest.set_broken();
        latest.set_stepped_back(true);
        latest.set_stepped_back(false);
        latest.raise(9);
        assert_eq!((latest.seconds(), latest.is(9), latest.is_broken()), (9, false, true));
    }
}
