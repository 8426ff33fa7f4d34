//! The slow way: tags for which the table has no place.

use crate::collections::{BTreeMap, BTreeSet};
use crate::replay::ReplayTag;

/// Tags in two trees, by name and by end.
pub(super) struct Spill {
    ends: BTreeMap<ReplayTag, u64>,
    by_end: BTreeSet<(u64, ReplayTag)>,
}

impl Spill {
    pub(super) const fn new() -> Self {
        Self { ends: BTreeMap::new(), by_end: BTreeSet::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn holds(&self, tag: ReplayTag, horizon: u64) -> bool {
        self.ends.get(&tag).is_some_and(|&end| end >= horizon)
    }

    pub(super) fn put(&mut self, tag: ReplayTag, end: u64) {
        if let Some(dead) = self.ends.insert(tag, end) {
            self.by_end.remove(&(dead, tag));
        }
        self.by_end.insert((end, tag));
    }

    /// Lets go of what ended before `now`: a few, so that no claim waits for many. What is left counts no more.
    pub(super) fn advance(&mut self, now: u64) {
        for _ in 0..FEW {
            let Some(&(end, tag)) = self.by_end.first() else { return };
            if end >= now {
                return;
            }
            self.by_end.pop_first();
            self.ends.remove(&tag);
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
