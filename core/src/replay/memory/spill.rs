//! The slow way: marks for which the table has no place.

use crate::collections::{BTreeMap, BTreeSet};
use crate::replay::ReplayMark;

/// Marks in two trees, by themselves and by end.
pub(super) struct Spill {
    ends: BTreeMap<ReplayMark, u64>,
    by_end: BTreeSet<(u64, ReplayMark)>,
}

impl Spill {
    pub(super) const fn new() -> Self {
        Self { ends: BTreeMap::new(), by_end: BTreeSet::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn holds(&self, mark: ReplayMark, horizon: u64) -> bool {
        self.ends.get(&mark).is_some_and(|&end| end >= horizon)
    }

    pub(super) fn put(&mut self, mark: ReplayMark, end: u64) {
        if let Some(dead) = self.ends.insert(mark, end) {
            self.by_end.remove(&(dead, mark));
        }
        self.by_end.insert((end, mark));
    }

    /// Lets go of what ended before `now`: a few, so that no claim waits for many. What is left counts no more.
    pub(super) fn advance(&mut self, now: u64) {
        for _ in 0..FEW {
            let Some(&(end, mark)) = self.by_end.first() else { return };
            if end >= now {
                return;
            }
            self.by_end.pop_first();
            self.ends.remove(&mark);
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        assert_eq!(self.ends.len(), self.by_end.len());
        self.ends.len()
    }
}

/// More than one, since a claim may add one.
const FEW: usize = 4;
