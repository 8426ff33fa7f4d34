//! How many nonces are live, of all owners and of each, and which entries of a table they may write.

use super::calendar::Calendar;
use super::owners::Owners;
use super::spill::ReplaySpill;
use super::table::{ReplayPlace, ReplayTable};
use crate::error::ErrorCode;
use core::ops::Range;

/// The accounts of a guard, or of one of its parts: what is live, of all owners and of each, what was ever discarded, and the entries of what was.
///
/// A nonce is live while its retain-until is at least the horizon: all that is discarded at a time ended before all that is kept.
pub struct ReplayBooks {
    seconds: Calendar<Second>,
    live: usize,
    horizon: u64,
    limit: usize,
    owner_limit: usize,
    owners: Owners,
    /// The first of a list of entries to write to.
    free: u32,
    unused: Range<u32>,
}

/// What ends in one second: how many nonces, and the list of those that have entries.
#[derive(Clone, Copy, Default, PartialEq)]
struct Second {
    count: u32,
    first: u32,
    last: u32,
}

impl ReplayBooks {
    /// Empty books that may hold `limit` nonces, and `owner_limit` of an owner unless it is given another limit.
    pub const fn new(limit: usize, owner_limit: usize) -> Self {
        Self {
            seconds: Calendar::new(),
            live: 0,
            horizon: 0,
            limit,
            owner_limit,
            owners: Owners::new(),
            free: 0,
            unused: 0..0,
        }
    }

    /// Discards what ended before `now`, in Unix seconds. The table, and it alone, is that of every call.
    #[inline(always)]
    pub fn advance(&mut self, now: u64, table: &ReplayTable) {
        self.seconds.advance(now, |end, second| {
            self.live -= second.count as usize;
            self.horizon = self.horizon.max(end + 1);
            if second.first != 0 {
                table.entry(second.last).set_next(self.free);
                self.free = second.first;
            }
        });
    }

    /// The latest time that they were advanced to.
    #[inline]
    pub fn latest(&self) -> u64 {
        self.seconds.latest()
    }

    /// The lowest retain-until that was never discarded: one above the floor, 0 if there is none.
    pub fn horizon(&self) -> u64 {
        self.horizon
    }

    /// Live nonces, as of the last time.
    pub fn live(&self) -> usize {
        self.live
    }

    /// The owner's number in these books, if they know it; void once another owner was added.
    #[inline(always)]
    pub fn find(&mut self, owner: &str) -> Option<usize> {
        let number = self.owners.find(owner)?;
        self.owners.get_mut(number).settle(self.horizon);
        Some(number)
    }

    /// Live nonces of that owner, as of the last time it was looked for.
    pub fn held(&self, owner: usize) -> usize {
        self.owners.get(owner).held
    }

    /// Whether one more may be held of that owner; `None` for one that the books do not know.
    ///
    /// # Errors
    /// `rate_limited`, `replay_guard_full`.
    #[inline(always)]
    pub fn check(&self, owner: Option<usize>) -> Result<(), ErrorCode> {
        let known = owner.map(|number| self.owners.get(number));
        let (held, limit) = known.map_or((0, self.owner_limit), |owner| (owner.held, owner.limit));
        if held >= limit {
            return Err(ErrorCode::RateLimited);
        }
        if self.live >= self.limit { Err(ErrorCode::ReplayGuardFull) } else { Ok(()) }
    }

    /// Adds an owner that the books do not know, and gives its number.
    pub fn add(&mut self, owner: &str) -> usize {
        self.owners.add(owner, self.owner_limit, self.horizon)
    }

    /// The owner's number, if the books know it and may hold one more of it: what [`ReplayBooks::find`] and [`ReplayBooks::check`] tell.
    #[inline(always)]
    pub fn room(&mut self, owner: &str) -> Option<usize> {
        let number = self.find(owner)?;
        self.check(Some(number)).ok().map(|()| number)
    }

    /// Holds one more of that owner in the table, in a place that fits. There is an entry for it.
    #[inline(always)]
    pub fn hold(&mut self, owner: usize, place: ReplayPlace<'_>, table: &ReplayTable) {
        let (number, entry) = (self.free, table.entry(self.free));
        let (mark, end) = (place.search().mark(), place.search().end());
        self.free = entry.next();
        table.fetch_entry(self.free);
        self.live += 1;
        let second = self.seconds.at(end);
        entry.write(mark, end, second.first);
        second.count += 1;
        second.first = number;
        if second.last == 0 {
            second.last = number;
        }
        self.owners.get_mut(owner).hold(end);
        place.put(number);
    }

    /// Holds one more of that owner: in the table if it fits and there is an entry, in the spill if not.
    pub fn hold_or_spill(
        &mut self,
        owner: usize,
        place: ReplayPlace<'_>,
        (table, spill): (&ReplayTable, &mut ReplaySpill),
    ) {
        if place.is_spilled() && spill.is_empty() {
            place.set_spilled(false);
        }
        if place.fits() && self.has_entry(table) {
            return self.hold(owner, place, table);
        }
        let (mark, end) = (place.search().mark(), place.search().end());
        self.live += 1;
        self.seconds.at(end).count += 1;
        self.owners.get_mut(owner).hold(end);
        spill.put(mark, end);
        place.set_spilled(true);
        place.leave();
    }

    /// Whether there is an entry for one more.
    #[inline(always)]
    pub fn has_entry(&mut self, table: &ReplayTable) -> bool {
        self.free != 0 || self.take_unused(table)
    }

    #[inline(never)]
    fn take_unused(&mut self, table: &ReplayTable) -> bool {
        if self.unused.is_empty() {
            self.unused = table.unused();
        }
        self.free = self.unused.next().unwrap_or(0);
        self.free != 0
    }

    /// Takes over some of the entries that others may write to and need not now.
    pub fn take_entries(&mut self, others: &mut Self, table: &ReplayTable) {
        for _ in 0..SOME {
            if !others.has_entry(table) {
                return;
            }
            let (number, entry) = (others.free, table.entry(others.free));
            others.free = entry.next();
            entry.set_next(self.free);
            self.free = number;
        }
    }

    /// Sets how many nonces these books may hold.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Sets how many nonces of that owner these books may hold.
    pub fn set_owner_limit(&mut self, owner: usize, limit: usize) {
        self.owners.get_mut(owner).limit = limit;
    }
}

/// Entries taken over at a time: enough that it is seldom done.
const SOME: usize = 64;

#[cfg(test)]
mod tests;
