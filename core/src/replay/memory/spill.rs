//! The slow way: marks for which a table has no place.

use super::table::ReplayPlace;
use crate::collections::{BTreeMap, BTreeSet};
use crate::replay::ReplayMark;

/// Marks in two trees, by name and by end. The lines of a table tell whether it must be asked.
pub struct ReplaySpill {
    ends: BTreeMap<ReplayMark, u64>,
    by_end: BTreeSet<(u64, ReplayMark)>,
}

impl ReplaySpill {
    /// An empty one.
    pub const fn new() -> Self {
        Self { ends: BTreeMap::new(), by_end: BTreeSet::new() }
    }

    /// Whether it holds the mark that would go to that place, with a retain-until of at least `horizon`.
    pub fn holds(&self, place: &ReplayPlace<'_>, horizon: u64) -> bool {
        place.is_spilled() && self.ends.get(&place.search().mark()).is_some_and(|&end| end >= horizon)
    }

    /// Lets go of what ended before `now`: a few, so that no claim waits for many. What is left counts no more.
    pub fn advance(&mut self, now: u64) {
        for _ in 0..FEW {
            let Some(&(end, mark)) = self.by_end.first() else { return };
            if end >= now {
                return;
            }
            self.by_end.pop_first();
            self.ends.remove(&mark);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn put(&mut self, mark: ReplayMark, end: u64) {
        if let Some(dead) = self.ends.insert(mark, end) {
            self.by_end.remove(&(dead, mark));
        }
        self.by_end.insert((end, mark));
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        assert_eq!(self.ends.len(), self.by_end.len());
        self.ends.len()
    }
}

impl Default for ReplaySpill {
    fn default() -> Self {
        Self::new()
    }
}

/// More than one, since a claim may add one.
const FEW: usize = 4;
