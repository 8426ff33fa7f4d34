//! The guard's locks: what many threads need to claim side by side.
//!
//! Nonces lie in one table, whose lines have locks of their own; what is live is counted in lanes by thread. A claim locks one lane and one line,
//! so that threads seldom write what another wrote. A lane may hold what it was allotted. For more than that, for what the table has no place for,
//! and while a clock is stepped back, a claim locks every lane and is answered from all of them.

mod alone;
mod lane;

use crate::sync::{Mutex, PoisonError};
use counterseal::{
    Claim, ErrorCode, GuardOptions, ReplayBooks, ReplayFound, ReplaySpill, ReplayTable, Result, Timestamp,
};
use lane::Apart;
use std::mem;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};

pub(super) struct Lanes {
    start: Timestamp,
    capacity: usize,
    share: usize,
    /// The latest time of any claim.
    latest: AtomicU64,
    /// Whether the last claim came with an earlier time than one before it.
    stepped_back: AtomicBool,
    /// Whether a claim panicked, so that what is held is no longer known.
    broken: AtomicBool,
    lanes: [Apart<Mutex<ReplayBooks>>; lane::COUNT],
    size: usize,
    /// Made with the first claim.
    table: OnceLock<ReplayTable>,
    spill: Mutex<ReplaySpill>,
}

impl Lanes {
    pub(super) fn new(options: &GuardOptions) -> Result<Self> {
        Ok(Self::with(options, options.capacity))
    }

    fn with(options: &GuardOptions, size: usize) -> Self {
        Self {
            start: options.start,
            capacity: options.capacity,
            share: options.share(),
            latest: AtomicU64::new(0),
            stepped_back: AtomicBool::new(false),
            broken: AtomicBool::new(false),
            lanes: [const { Apart(Mutex::new(ReplayBooks::new(0, 0))) }; lane::COUNT],
            size,
            table: OnceLock::new(),
            spill: Mutex::new(ReplaySpill::new()),
        }
    }

    pub(super) fn claim(&self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        self.claim_from(lane::of_this_thread(), claim)
    }

    fn claim_from(&self, lane: usize, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        let now = claim.now.seconds();
        if now > self.latest.load(Ordering::Relaxed) {
            self.latest.fetch_max(now, Ordering::Relaxed);
        }
        self.watched(|| self.claim_in(lane, claim).unwrap_or_else(|| self.claim_alone(lane, claim)))
    }

    /// Live nonces of each lane as of its last claim.
    pub(super) fn len(&self) -> usize {
        let books = self.lanes.iter().map(|lane| lane.0.lock().unwrap_or_else(PoisonError::into_inner));
        books.map(|books| books.live()).sum()
    }

    /// A claim that panics may have half been made: the guard then no longer knows, and refuses from there on.
    fn watched<T>(&self, claim: impl FnOnce() -> T) -> T {
        let alarm = Alarm(&self.broken);
        let answer = claim();
        mem::forget(alarm);
        answer
    }

    /// The claim as one lane and one line can answer it; `None` if it takes them all.
    fn claim_in(&self, lane: usize, claim: &Claim<'_>) -> Option<Result<(), ErrorCode>> {
        let (table, now, end) = (self.table.get()?, claim.now.seconds(), claim.retain_until);
        let search = table.search(claim.nonce.mark());
        let mut books = self.lanes[lane].0.lock().ok()?;
        if !self.is_latest(now)
            || self.stepped_back.load(Ordering::Relaxed)
            || self.broken.load(Ordering::Relaxed)
        {
            return None;
        }
        books.advance(now, table);
        // Another thread was in this lane with a later time since.
        if books.latest() > now {
            return None;
        }
        // No time was later than this one, so all that was ever discarded ended before it: it is the horizon.
        if let Err(code) = claim.check_retention(now).and_then(|()| claim.check_fence(self.start)) {
            return Some(Err(code));
        }
        let owner = books.find(claim.owner);
        let Some(place) = search.at_home(now) else {
            return self.claim_anywhere(table, &mut books, claim);
        };
        if let Some(number) = owner
            && books.check(owner).is_ok()
            && place.fits(end)
            && self.is_latest(now)
            && books.hold(number, place, table, end)
        {
            return Some(Ok(()));
        }
        place.leave();
        None
    }

    /// The same where the nonce's own line does not tell.
    #[inline(never)]
    fn claim_anywhere(
        &self,
        table: &ReplayTable,
        books: &mut ReplayBooks,
        claim: &Claim<'_>,
    ) -> Option<Result<(), ErrorCode>> {
        let (now, end, owner) = (claim.now.seconds(), claim.retain_until, books.find(claim.owner));
        let place = match table.search(claim.nonce.mark()).find(now) {
            ReplayFound::Held if self.is_latest(now) => return Some(Err(ErrorCode::Replayed)),
            ReplayFound::Held | ReplayFound::Busy => return None,
            ReplayFound::Free(place) => place,
        };
        if let Some(number) = owner
            && books.check(owner).is_ok()
            && !place.is_spilled()
            && place.fits(end)
            && self.is_latest(now)
            && books.hold(number, place, table, end)
        {
            return Some(Ok(()));
        }
        place.leave();
        None
    }

    /// Whether no thread came with a later time whose work this one has seen: an entry that it wrote over may have been live now.
    #[inline(always)]
    fn is_latest(&self, now: u64) -> bool {
        fence(Ordering::Acquire);
        self.latest.load(Ordering::Relaxed) <= now
    }
}

struct Alarm<'a>(&'a AtomicBool);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
