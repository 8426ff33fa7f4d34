//! How many nonces are live, of all owners and of each.

use super::calendar::Calendar;
use super::owners::Owners;
use crate::error::ErrorCode;

/// The accounts of a guard, or of one of its parts: what is live, of all owners and of each, and what was ever discarded.
///
/// A nonce is live while its retain-until is at least the horizon: all that is discarded at a time ended before all that is kept.
pub struct ReplayBooks {
    counts: Calendar<u32>,
    live: usize,
    horizon: u64,
    limit: usize,
    owner_limit: usize,
    owners: Owners,
}

impl ReplayBooks {
    /// Empty books that may hold `limit` nonces, and `owner_limit` of an owner unless it is given another limit.
    pub const fn new(limit: usize, owner_limit: usize) -> Self {
        Self { counts: Calendar::new(), live: 0, horizon: 0, limit, owner_limit, owners: Owners::new() }
    }

    /// Discards what ended before `now`, in Unix seconds.
    #[inline]
    pub fn advance(&mut self, now: u64) {
        self.counts.advance(now, |end, count| {
            self.live -= count as usize;
            self.horizon = self.horizon.max(end + 1);
        });
    }

    /// The latest time that they were advanced to.
    pub fn latest(&self) -> u64 {
        self.counts.latest()
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
    #[inline]
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
    #[inline]
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

    /// Holds one more of that owner, until the end of that second.
    #[inline]
    pub fn hold(&mut self, owner: usize, retain_until: u64) {
        self.live += 1;
        *self.counts.at(retain_until) += 1;
        self.owners.get_mut(owner).hold(retain_until);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn hold(books: &mut ReplayBooks, owner: &str, end: u64) -> Result<(), ErrorCode> {
        let number = books.find(owner);
        books.check(number)?;
        let number = number.unwrap_or_else(|| books.add(owner));
        books.hold(number, end);
        Ok(())
    }

    #[test]
    fn limits_are_kept_for_all_and_for_each() {
        let mut books = ReplayBooks::new(3, 2);
        assert_eq!(["a", "a", "a"].map(|owner| hold(&mut books, owner, 9)), [Ok(()), Ok(()), Err(LIMITED)]);
        assert_eq!(["b", "b", "c"].map(|owner| hold(&mut books, owner, 9)), [Ok(()), Err(FULL), Err(FULL)]);
        assert_eq!(hold(&mut books, "a", 9), Err(LIMITED));
        assert_eq!((books.live(), books.find("c")), (3, None));
        books.advance(9);
        assert_eq!((books.live(), books.latest(), books.horizon()), (3, 9, 0));
        books.advance(10);
        assert_eq!((books.live(), books.latest(), books.horizon()), (0, 10, 10));
        assert_eq!(hold(&mut books, "a", 11), Ok(()));
    }

    #[test]
    fn the_horizon_is_above_the_highest_end_discarded() {
        let mut books = ReplayBooks::new(9, 9);
        for end in [30_000, 12, 11] {
            assert_eq!(hold(&mut books, "a", end), Ok(()));
        }
        books.advance(20);
        assert_eq!((books.horizon(), books.live()), (13, 1));
        hold(&mut books, "a", 15).unwrap();
        books.advance(16);
        assert_eq!((books.horizon(), books.live()), (16, 1));
        hold(&mut books, "b", 25_000).unwrap();
        books.advance(50_000);
        assert_eq!((books.horizon(), books.live()), (30_001, 0));
    }

    #[test]
    fn limits_can_be_set() {
        let mut books = ReplayBooks::new(0, 0);
        assert_eq!(hold(&mut books, "a", 9), Err(LIMITED));
        let number = books.add("a");
        books.set_owner_limit(number, 2);
        assert_eq!(hold(&mut books, "a", 9), Err(FULL));
        books.set_limit(1);
        assert_eq!(hold(&mut books, "a", 9), Ok(()));
        assert_eq!((books.held(number), hold(&mut books, "a", 9)), (1, Err(FULL)));
    }

    #[test]
    fn an_owner_is_forgotten_with_what_it_held() {
        let mut books = ReplayBooks::new(100, 1);
        for i in 0..64 {
            hold(&mut books, &alloc::format!("o{i}"), 9).unwrap();
        }
        books.advance(10);
        hold(&mut books, "one", 11).unwrap();
        assert_eq!((books.find("o0"), books.find("one")), (None, Some(0)));
    }

    const LIMITED: ErrorCode = ErrorCode::RateLimited;
    const FULL: ErrorCode = ErrorCode::ReplayGuardFull;
}
