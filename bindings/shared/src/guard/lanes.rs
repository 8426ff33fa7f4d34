//! The guard's locks: what many threads need to claim side by side.
//!
//! Nonces lie in one table, whose lines have locks of their own; what is live is counted in lanes by thread. A claim locks one lane and one line,
//! so that threads seldom write what another wrote. A lane may hold what it was allotted. For more than that, for what the table has no place for,
//! and while a clock is stepped back, a claim locks every lane and is answered from all of them.

mod alone;
mod lane;
mod latest;

use crate::sync::{Mutex, PoisonError};
use counterseal::{
    Claim, ErrorCode, GuardOptions, ReplayBooks, ReplayFound, ReplaySearch, ReplaySpill, ReplayTable, Result,
    SignedNonce, Timestamp,
};
use lane::{Apart, Company, Lane};
use latest::Latest;
use std::array;
use std::mem;
use std::sync::OnceLock;

pub(super) struct Lanes {
    start: Timestamp,
    capacity: usize,
    share: usize,
    latest: Latest,
    lanes: [Apart<Mutex<Lane>>; lane::COUNT],
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
            latest: Latest::new(),
            lanes: array::from_fn(|_| Apart(Mutex::new(Lane::new()))),
            size,
            table: OnceLock::new(),
            spill: Mutex::new(ReplaySpill::new()),
        }
    }

    pub(super) fn claim(&self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        self.claim_from(lane::of_this_thread(), claim)
    }

    fn claim_from(&self, lane: usize, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        self.latest.raise(claim.now.seconds());
        self.watched(|| self.claim_in(lane, claim).unwrap_or_else(|| self.claim_alone(lane, claim)))
    }

    #[inline(always)]
    pub(super) fn expect(&self, nonce: &SignedNonce<'_>) {
        if let Some(table) = self.table.get() {
            table.expect(nonce.mark());
        }
    }

    /// Claims one after the other: the lane is locked for many at a time.
    pub(super) fn claim_all(&self, claims: &[Claim<'_>], tell: &mut dyn FnMut(Result<(), ErrorCode>)) {
        self.claim_all_from(lane::of_this_thread(), claims, tell);
    }

    fn claim_all_from(&self, lane: usize, claims: &[Claim<'_>], tell: &mut dyn FnMut(Result<(), ErrorCode>)) {
        let mut left = claims;
        while let [next, ..] = left {
            let answered = self.watched(|| self.claim_many(lane, &left[..left.len().min(MANY)], tell));
            left = &left[answered..];
            // What one lane cannot answer.
            if answered == 0 {
                tell(self.claim_from(lane, next));
                left = &left[1..];
            }
        }
    }

    /// How many of the claims the lane could answer, those that follow on each other from the first.
    fn claim_many(
        &self,
        lane: usize,
        claims: &[Claim<'_>],
        tell: &mut dyn FnMut(Result<(), ErrorCode>),
    ) -> usize {
        let (Some(table), Ok(mut lane)) = (self.table.get(), self.lanes[lane].0.lock()) else { return 0 };
        for (at, claim) in claims.iter().enumerate() {
            if let Some(later) = claims.get(at + AHEAD) {
                table.expect(later.nonce.mark());
            }
            self.latest.raise(claim.now.seconds());
            match self.claim_by(&mut lane, claim, search(table, claim)) {
                Some(answer) => tell(answer),
                None => return at,
            }
        }
        claims.len()
    }

    /// Live nonces of each lane as of its last claim.
    pub(super) fn len(&self) -> usize {
        let lanes = self.lanes.iter().map(|lane| lane.0.lock().unwrap_or_else(PoisonError::into_inner));
        lanes.map(|lane| lane.books.live()).sum()
    }

    /// A claim that panics may have half been made: the guard then no longer knows, and refuses from there on.
    fn watched<T>(&self, claim: impl FnOnce() -> T) -> T {
        let alarm = Alarm(&self.latest);
        let answer = claim();
        mem::forget(alarm);
        answer
    }

    /// The claim as one lane and one line can answer it; `None` if it takes them all.
    fn claim_in(&self, lane: usize, claim: &Claim<'_>) -> Option<Result<(), ErrorCode>> {
        let search = search(self.table.get()?, claim);
        self.claim_by(&mut *self.lanes[lane].0.lock().ok()?, claim, search)
    }

    #[inline(always)]
    fn claim_by(
        &self,
        Lane { books, company }: &mut Lane,
        claim: &Claim<'_>,
        search: ReplaySearch<'_>,
    ) -> Option<Result<(), ErrorCode>> {
        if *company == Company::Absent {
            return None;
        }
        let (table, now) = (self.table.get()?, claim.now.seconds());
        let is_latest = move || self.latest.is(now);
        books.advance(now, table);
        // What a claim is accepted by, in any order: what is decided before the line is seen does not wait for it. Where one fails, the other way
        // tells which. No thread came with a later time before the line was locked, nor was it in this lane: so now is the horizon.
        if search.fits()
            && claim.check_fence(self.start).is_ok()
            && let Some(owner) = books.room(claim.owner)
            && books.has_entry(table)
            && let Some(place) = match company {
                Company::Alone => search.at_home_alone(is_latest),
                _ => search.at_home(is_latest),
            }
        {
            books.hold(owner, place, table);
            return Some(Ok(()));
        }
        self.claim_anywhere(books, claim, is_latest)
    }

    /// The same where the nonce's own line does not tell, or something stands against it: the checks in their order.
    #[inline(never)]
    fn claim_anywhere(
        &self,
        books: &mut ReplayBooks,
        claim: &Claim<'_>,
        is_latest: impl Fn() -> bool,
    ) -> Option<Result<(), ErrorCode>> {
        let (table, now) = (self.table.get()?, claim.now.seconds());
        // As long as no time was later than this one, all that was ever discarded ended before it: it is the horizon.
        if !is_latest() {
            return None;
        }
        if let Err(code) = claim.check_retention(now).and_then(|()| claim.check_fence(self.start)) {
            return Some(Err(code));
        }
        let search = table.search(claim.nonce.mark(), now, claim.retain_until);
        let place = match search.find(is_latest) {
            ReplayFound::Held => return Some(Err(ErrorCode::Replayed)),
            ReplayFound::Busy => return None,
            ReplayFound::Free(place) => place,
        };
        if place.fits()
            && !place.is_spilled()
            && let Some(owner) = books.room(claim.owner)
            && books.has_entry(table)
        {
            books.hold(owner, place, table);
            return Some(Ok(()));
        }
        place.leave();
        None
    }
}

/// Begins to search, and asks for the nonce's line.
#[inline(always)]
fn search<'t>(table: &'t ReplayTable, claim: &Claim<'_>) -> ReplaySearch<'t> {
    table.search(claim.nonce.mark(), claim.now.seconds(), claim.retain_until)
}

struct Alarm<'a>(&'a Latest);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        self.0.set_broken();
    }
}

/// Claims between one whose line is fetched and the one that is made.
const AHEAD: usize = 4;
/// Claims for which a lane is locked at most: other threads that share it wait a few microseconds.
const MANY: usize = 64;

#[cfg(test)]
mod contract;
#[cfg(all(test, loom))]
mod interleavings;
#[cfg(all(test, not(loom)))]
mod tests;
