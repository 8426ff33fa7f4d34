//! Other ways to claim a nonce once, for a look at what this machine lets them cost. They count no owner and tell no code.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use counterseal::{Claim, ReplayGuard};
use counterseal_shared::MemoryReplayGuard;

use super::guard_of;
use crate::Result;

/// What claims nonces, each once. A peer knows a nonce by a tag that was computed for it.
pub(super) trait Claims {
    fn claim(&mut self, claim: &Claim<'_>, tag: Tag) -> bool;
}

pub(super) type Tag = [u64; 2];

impl Claims for MemoryReplayGuard {
    fn claim(&mut self, claim: &Claim<'_>, _: Tag) -> bool {
        ReplayGuard::claim(self, claim).is_ok()
    }
}

/// The product, and what it is held against.
pub(super) fn sides(live: usize) -> Result<[(&'static str, Box<dyn Claims>); 3]> {
    Ok([
        ("product", Box::new(guard_of(live)?)),
        ("map", Box::new(Map::new(live))),
        ("generations", Box::new(Generations::new(live))),
    ])
}

/// As one writes it by hand: a map behind a lock, and beside it the order in which its nonces end.
struct Map(Mutex<Ends>);

struct Ends {
    of: HashMap<Tag, u64>,
    order: VecDeque<(u64, Tag)>,
}

impl Map {
    fn new(live: usize) -> Self {
        let room = live + live / 10;
        Self(Mutex::new(Ends { of: HashMap::with_capacity(room), order: VecDeque::with_capacity(room) }))
    }
}

impl Claims for Map {
    fn claim(&mut self, claim: &Claim<'_>, tag: Tag) -> bool {
        let Ok(mut ends) = self.0.lock() else { return false };
        while let Some((_, tag)) = ends.order.front().copied().filter(|(end, _)| *end < claim.now.seconds()) {
            ends.order.pop_front();
            ends.of.remove(&tag);
        }
        let is_new = ends.of.insert(tag, claim.retain_until).is_none();
        ends.order.push_back((claim.retain_until, tag));
        is_new
    }
}

/// Sharded, preallocated generations, the design that the target of 40 ns names, written as plainly as it can be: no owners, one tolerance for all.
struct Generations(Vec<Mutex<Shard>>);

struct Shard {
    /// Open addressing; zeros are none.
    tables: [Vec<Tag>; 2],
    current: usize,
    /// When this generation ends and the one before is forgotten.
    until: u64,
}

impl Generations {
    fn new(live: usize) -> Self {
        let slots = (live / SHARDS) * 14 / 10 + 64;
        let shard =
            || Shard { tables: [vec![[0; 2]; slots], vec![[0; 2]; slots]], current: 0, until: u64::MAX };
        Self((0..SHARDS).map(|_| Mutex::new(shard())).collect())
    }
}

impl Claims for Generations {
    fn claim(&mut self, claim: &Claim<'_>, tag: Tag) -> bool {
        let hash = (tag[0] ^ tag[1].rotate_left(32)).wrapping_mul(SPREAD);
        let Some(Ok(mut shard)) = self.0.get((hash >> 58) as usize).map(|shard| shard.lock()) else {
            return false;
        };
        shard.claim(tag, hash, claim.now.seconds(), claim.retain_until)
    }
}

impl Shard {
    fn claim(&mut self, tag: Tag, hash: u64, now: u64, retain_until: u64) -> bool {
        if self.until == u64::MAX {
            self.until = retain_until;
        }
        if now > self.until {
            self.current ^= 1;
            self.until = retain_until;
            self.tables[self.current].fill([0; 2]);
        }
        let [old, new] = [self.current ^ 1, self.current].map(|table| probe(&self.tables[table], hash, tag));
        let (Some((_, false)), Some((at, false))) = (old, new) else { return false };
        self.tables[self.current][at] = tag;
        true
    }
}

/// Where the tag is or would go, and whether it is there; `None` of a full table.
fn probe(table: &[Tag], hash: u64, tag: Tag) -> Option<(usize, bool)> {
    let home = (((hash & u64::from(u32::MAX)) * table.len() as u64) >> 32) as usize;
    let places = (home..table.len()).chain(0..home);
    places
        .map(|at| (at, table[at]))
        .find(|(_, held)| *held == tag || *held == [0; 2])
        .map(|(at, held)| (at, held == tag))
}

const SHARDS: usize = 64;
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::claims::Stream;

    #[test]
    fn each_accepts_a_nonce_once_and_goes_on() {
        const LIVE: usize = 12_000;
        for (name, mut side) in sides(LIVE).unwrap() {
            let mut stream = Stream::new(LIVE);
            for _ in 0..50 {
                let claims = stream.tagged(1_000);
                assert!(claims.iter().all(|(claim, tag)| side.claim(claim, *tag)), "{name}");
                assert!(!claims.iter().any(|(claim, tag)| side.claim(claim, *tag)), "{name}");
            }
        }
    }
}
