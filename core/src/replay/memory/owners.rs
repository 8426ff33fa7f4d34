//! How many live nonces each owner holds, and when they end.

use crate::collections::BTreeMap;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// The owners that hold something. Those that hold nothing any more are forgotten by and by.
pub(super) struct Owners {
    numbers: BTreeMap<String, usize>,
    records: Vec<Owner>,
    recent: [u32; RECENT],
    sweep_at: usize,
}

/// One owner's nonces, counted by the second in which they end, in order.
pub(super) struct Owner {
    name: String,
    edges: [u64; 2],
    settled: u64,
    pub(super) held: usize,
    pub(super) limit: usize,
    ends: Vec<(u64, u32)>,
}

impl Owners {
    pub(super) const fn new() -> Self {
        Self { numbers: BTreeMap::new(), records: Vec::new(), recent: [0; RECENT], sweep_at: FEW }
    }

    /// The number of that owner, if it is known.
    #[inline(always)]
    pub(super) fn find(&mut self, name: &str) -> Option<usize> {
        let edges = edges(name);
        let bucket = bucket(edges, name.len());
        let number = self.recent[bucket] as usize;
        if self.records.get(number).is_some_and(|owner| owner.is(name, edges)) {
            return Some(number);
        }
        self.look_up(name, bucket)
    }

    #[inline(never)]
    fn look_up(&mut self, name: &str, bucket: usize) -> Option<usize> {
        let number = *self.numbers.get(name)?;
        self.recent[bucket] = number as u32;
        Some(number)
    }

    /// A record for an owner that has none. Every other number is void after it.
    pub(super) fn add(&mut self, name: &str, limit: usize, horizon: u64) -> usize {
        if self.records.len() >= self.sweep_at {
            self.sweep(horizon);
        }
        let number = self.records.len();
        self.numbers.insert(name.to_owned(), number);
        self.records.push(Owner {
            name: name.to_owned(),
            edges: edges(name),
            settled: 0,
            held: 0,
            limit,
            ends: Vec::new(),
        });
        number
    }

    pub(super) fn get(&self, number: usize) -> &Owner {
        &self.records[number]
    }

    pub(super) fn get_mut(&mut self, number: usize) -> &mut Owner {
        &mut self.records[number]
    }

    /// Forgets who holds nothing. Rare enough that its cost, spread over the owners added since the last, is small.
    fn sweep(&mut self, horizon: u64) {
        self.records.retain_mut(|owner| {
            owner.settle(horizon);
            owner.held > 0
        });
        let names = self.records.iter().enumerate();
        self.numbers = names.map(|(number, owner)| (owner.name.clone(), number)).collect();
        self.sweep_at = 2 * self.records.len() + FEW;
    }
}

impl Owner {
    /// Whether that is its name, whose edges are these: all of it, if it is short.
    #[inline(always)]
    fn is(&self, name: &str, edges: [u64; 2]) -> bool {
        // Word by word: vectors would wait for words that were only just stored.
        let differ = (self.edges[0] ^ edges[0]) | (self.edges[1] ^ edges[1]);
        self.name.len() == name.len() && differ == 0 && (name.len() <= 16 || self.name == name)
    }

    /// Lets go of what ended before the horizon.
    #[inline(always)]
    pub(super) fn settle(&mut self, horizon: u64) {
        if self.settled != horizon {
            self.let_go(horizon);
        }
    }

    #[inline(never)]
    fn let_go(&mut self, horizon: u64) {
        self.settled = horizon;
        let ended = self.ends.partition_point(|(end, _)| *end < horizon);
        self.held -= self.ends.drain(..ended).map(|(_, count)| count as usize).sum::<usize>();
    }

    /// Counts one more.
    #[inline(always)]
    pub(super) fn hold(&mut self, end: u64) {
        self.held += 1;
        let first = self.ends.first().map_or(end, |first| first.0);
        // Where no second is without a nonce, as is usual, it stands as many places from the first as seconds.
        match self.ends.get_mut(end.wrapping_sub(first) as usize) {
            Some((at, count)) if *at == end => *count += 1,
            _ => self.hold_among(end),
        }
    }

    #[inline(never)]
    fn hold_among(&mut self, end: u64) {
        match self.ends.binary_search_by_key(&end, |&(end, _)| end) {
            Ok(at) => self.ends[at].1 += 1,
            Err(at) => self.ends.insert(at, (end, 1)),
        }
    }
}

/// Where to look first for a name. Names that share a bucket take turns in it, and cost a walk of the tree.
#[inline(always)]
fn bucket([head, tail]: [u64; 2], len: usize) -> usize {
    let mixed = (tail ^ head.rotate_left(27) ^ len as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> RECENT_SHIFT) as usize
}

/// The first eight bytes and the last, which may be the same; of a name of fewer, all of it.
#[inline(always)]
fn edges(name: &str) -> [u64; 2] {
    let name = name.as_bytes();
    match (name.first_chunk(), name.last_chunk()) {
        (Some(head), Some(tail)) => [u64::from_le_bytes(*head), u64::from_le_bytes(*tail)],
        _ => [0, short(name)],
    }
}

#[inline(never)]
fn short(name: &[u8]) -> u64 {
    name.iter().fold(0, |all, &byte| all << 8 | u64::from(byte))
}

const RECENT: usize = 64;
const RECENT_SHIFT: u32 = 64 - RECENT.trailing_zeros();
const FEW: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn names_are_told_apart() {
        let mut owners = Owners::new();
        let names: Vec<_> = (0..200).map(|i| format!("{}{i}", "x".repeat(i % 20))).collect();
        for name in &names {
            assert_eq!(owners.find(name), None);
            let number = owners.add(name, 1, 0);
            owners.get_mut(number).hold(5);
        }
        for _ in 0..2 {
            for (number, name) in names.iter().enumerate() {
                assert_eq!(owners.find(name), Some(number));
                assert_eq!(owners.find(name), Some(number));
            }
        }
        assert_eq!(owners.find(""), None);
    }

    #[test]
    fn a_name_is_known_by_its_edges_only_where_they_are_all_of_it() {
        const NAMES: [&str; 9] = [
            "",
            "a",
            "abcdefgh",
            "abcdefghi",
            "abcdefghabcdefgh",
            "abcdefghi2345678",
            "abcdefgh.abcdefgh",
            "abcdefgh:abcdefgh",
            "abcdefgh..abcdefgh",
        ];
        let mut owners = Owners::new();
        for one in NAMES {
            let number = owners.add(one, 1, 0);
            for other in NAMES {
                assert_eq!(owners.get(number).is(other, edges(other)), one == other, "{one} {other}");
            }
        }
    }

    #[test]
    fn ends_are_counted_in_any_order() {
        let mut owners = Owners::new();
        let number = owners.add("a", 1, 0);
        let owner = owners.get_mut(number);
        for end in [5, 3, 5, 4, 3, 9] {
            owner.hold(end);
        }
        let mut held_from = |horizon| {
            owner.settle(horizon);
            owner.held
        };
        assert_eq!([3, 4, 5, 6, 9, 10].map(&mut held_from), [6, 4, 3, 1, 1, 0]);
        assert_eq!(owner.ends.len(), 0);
    }

    #[test]
    fn who_holds_nothing_is_forgotten() {
        let mut owners = Owners::new();
        let idle = owners.add("idle", 1, 0);
        owners.add("other", 1, 0);
        assert_eq!(owners.find("idle"), Some(idle), "not at once");
        for i in 2..64_u64 {
            let number = owners.add(&format!("o{i}"), 1, 0);
            owners.get_mut(number).hold(i);
        }
        owners.add("one", 1, 62);
        assert_eq!((owners.records.len(), owners.numbers.len(), owners.sweep_at), (3, 3, 68));
        assert_eq!(
            ["o61", "o62", "o63", "one"].map(|name| owners.find(name)),
            [None, Some(0), Some(1), Some(2)]
        );
    }
}
