//! The guard's locks: what many threads need to claim side by side.
//!
//! Tags lie in tables by their own bits; what is live is counted in lanes by thread. A claim locks one lane and one table. A lane may hold
//! what it was allotted. For more than that, and while a clock is stepped back, a claim locks every lane and is answered from all of them.

mod alone;
mod lane;

use crate::sync::{Mutex, PoisonError};
use counterseal::{Claim, ErrorCode, GuardOptions, ReplayBooks, ReplayTable, Result, Timestamp};
use lane::Apart;
use std::mem;
use std::sync::MutexGuard;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

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
    tables: Box<[Apart<Mutex<ReplayTable>>]>,
}

impl Lanes {
    pub(super) fn new(options: &GuardOptions) -> Result<Self> {
        Ok(Self::with(options, ReplayTable::split(options.capacity)))
    }

    fn with(options: &GuardOptions, tables: Vec<ReplayTable>) -> Self {
        Self {
            start: options.start,
            capacity: options.capacity,
            share: options.share(),
            latest: AtomicU64::new(0),
            stepped_back: AtomicBool::new(false),
            broken: AtomicBool::new(false),
            lanes: [const { Apart(Mutex::new(ReplayBooks::new(0, 0))) }; lane::COUNT],
            tables: tables.into_iter().map(|table| Apart(Mutex::new(table))).collect(),
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

    /// The claim as one lane and one table can answer it; `None` if it takes them all.
    fn claim_in(&self, lane: usize, claim: &Claim<'_>) -> Option<Result<(), ErrorCode>> {
        let now = claim.now.seconds();
        let mut books = self.lanes[lane].0.lock().ok()?;
        let ahead = self.latest.load(Ordering::Relaxed) > now;
        if ahead || self.stepped_back.load(Ordering::Relaxed) || self.broken.load(Ordering::Relaxed) {
            return None;
        }
        books.advance(now);
        // No time was later than this one, so all that was ever discarded ended before it: it is the horizon.
        if let Err(code) = claim.check_retention(now).and_then(|()| claim.check_fence(self.start)) {
            return Some(Err(code));
        }
        let owner = books.find(claim.owner);
        let room = books.check(owner);
        let mut table = self.table(claim).ok()?;
        // Another thread was here with a later time since.
        if table.latest() > now {
            return None;
        }
        table.advance(now);
        let Some(place) = table.find(claim.nonce.mark(), now) else {
            return Some(Err(ErrorCode::Replayed));
        };
        let owner = owner.filter(|_| room.is_ok())?;
        table.put(place, claim.retain_until);
        drop(table);
        books.hold(owner, claim.retain_until);
        Some(Ok(()))
    }

    /// The table for that tag, locked; `replay_guard_full` if a claim panicked in it.
    fn table(&self, claim: &Claim<'_>) -> Result<MutexGuard<'_, ReplayTable>, ErrorCode> {
        let number = ReplayTable::number(claim.nonce.mark(), self.tables.len());
        self.tables[number].0.lock().map_err(|_| ErrorCode::ReplayGuardFull)
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
