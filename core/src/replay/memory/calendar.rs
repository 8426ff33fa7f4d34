//! What ends when: one value a second.

use crate::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

/// A value for each second in which something ends. The next seconds lie in a ring, allocated when it is first needed; any other (a wide
/// tolerance, a clock stepped far back) in a tree.
pub(super) struct Calendar<V> {
    latest: u64,
    ring: Vec<V>,
    far: BTreeMap<u64, V>,
}

impl<V: Copy + Default + PartialEq> Calendar<V> {
    pub(super) const fn new() -> Self {
        Self { latest: 0, ring: Vec::new(), far: BTreeMap::new() }
    }

    /// The latest time it was moved to.
    pub(super) fn latest(&self) -> u64 {
        self.latest
    }

    /// Takes out what ended before `now`, second by second. Walks over at most the ring, however long nobody asked.
    #[inline(always)]
    pub(super) fn advance(&mut self, now: u64, ended: impl FnMut(u64, V)) {
        if now > self.latest || !self.far.is_empty() {
            self.end(now, ended);
        }
    }

    #[inline(never)]
    fn end(&mut self, now: u64, mut ended: impl FnMut(u64, V)) {
        if now > self.latest {
            self.turn(now, &mut ended);
        }
        while self.far.first_key_value().is_some_and(|(end, _)| *end < now) {
            if let Some((end, value)) = self.far.pop_first() {
                ended(end, value);
            }
        }
    }

    /// The value of that second.
    #[inline(always)]
    pub(super) fn at(&mut self, end: u64) -> &mut V {
        if end.wrapping_sub(self.latest) >= SPAN as u64 {
            return self.far(end);
        }
        if self.ring.is_empty() {
            self.allocate();
        }
        &mut self.ring[slot(end)]
    }

    #[inline(never)]
    fn far(&mut self, end: u64) -> &mut V {
        self.far.entry(end).or_default()
    }

    #[cold]
    fn allocate(&mut self) {
        self.ring = vec![V::default(); SPAN];
    }

    #[inline(never)]
    fn turn(&mut self, now: u64, ended: &mut impl FnMut(u64, V)) {
        if !self.ring.is_empty() {
            for end in self.latest..now.min(self.latest + SPAN as u64) {
                let value = core::mem::take(&mut self.ring[slot(end)]);
                if value != V::default() {
                    ended(end, value);
                }
            }
        }
        self.latest = now;
    }
}

#[inline(always)]
fn slot(end: u64) -> usize {
    end as usize % SPAN
}

/// Seconds in the ring. A nonce of the default tolerance ends at most 125 seconds from now.
const SPAN: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(calendar: &mut Calendar<u32>, now: u64) -> Vec<(u64, u32)> {
        let mut seen = Vec::new();
        calendar.advance(now, |end, value| seen.push((end, value)));
        seen
    }

    #[test]
    fn a_second_ends_when_it_has_passed() {
        let mut calendar = Calendar::new();
        assert_eq!(ended(&mut calendar, 1000), []);
        *calendar.at(1000) += 1;
        *calendar.at(1001) += 2;
        *calendar.at(1001) += 1;
        assert_eq!(ended(&mut calendar, 1000), []);
        assert_eq!(ended(&mut calendar, 1001), [(1000, 1)]);
        assert_eq!(ended(&mut calendar, 1002), [(1001, 3)]);
        assert_eq!(ended(&mut calendar, 9000), []);
        assert_eq!(calendar.latest(), 9000);
    }

    #[test]
    fn the_ring_holds_its_span_and_the_tree_the_rest() {
        let mut calendar = Calendar::new();
        ended(&mut calendar, 1000);
        for end in [999, 1000, 1000 + 1023, 1000 + 1024, u64::MAX] {
            *calendar.at(end) += end as u32;
        }
        assert_eq!(calendar.far.keys().copied().collect::<Vec<_>>(), [999, 2024, u64::MAX]);
        assert_eq!(ended(&mut calendar, 999), []);
        assert_eq!(ended(&mut calendar, 1000), [(999, 999)]);
        assert_eq!(ended(&mut calendar, 1001), [(1000, 1000)]);
        assert_eq!(ended(&mut calendar, 2024), [(2023, 2023)]);
        assert_eq!(ended(&mut calendar, 2025), [(2024, 2024)]);
        assert_eq!(calendar.far.len(), 1);
    }

    #[test]
    fn a_long_silence_ends_everything_once() {
        let mut calendar = Calendar::new();
        ended(&mut calendar, 1000);
        for end in 1000..1000 + 1024 {
            *calendar.at(end) = 1;
        }
        assert_eq!(ended(&mut calendar, 1_000_000).len(), 1024);
        assert_eq!(ended(&mut calendar, 2_000_000), []);
    }

    #[test]
    fn what_waits_in_the_tree_ends_with_what_came_to_the_ring() {
        let mut calendar = Calendar::new();
        ended(&mut calendar, 1000);
        *calendar.at(20_000) += 1;
        ended(&mut calendar, 19_500);
        *calendar.at(20_000) += 2;
        assert_eq!(ended(&mut calendar, 20_001), [(20_000, 2), (20_000, 1)]);
    }

    #[test]
    fn nothing_is_allocated_before_it_is_needed() {
        let mut calendar = Calendar::<u32>::new();
        ended(&mut calendar, 1000);
        assert_eq!(calendar.ring.capacity(), 0);
    }
}
