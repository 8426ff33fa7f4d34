//! The claim that takes every lane: exact, whatever was allotted to which.

use super::Lanes;
use super::lane::{self, Company, Lane};
use crate::sync::MutexGuard;
use counterseal::{Claim, ErrorCode, ReplayBooks, ReplayFound, ReplayTable};
use std::array;

impl Lanes {
    /// Answers from all lanes, and allots anew what is left.
    #[cold]
    pub(super) fn claim_alone(&self, lane: usize, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        let mut all = All::lock(self)?;
        all.enter(lane);
        let table = self.table.get_or_init(|| ReplayTable::new(self.size));
        let (now, latest) = (claim.now.seconds(), self.latest.seconds());
        self.latest.set_stepped_back(now < latest);
        let horizon = all.advance(now, latest, table);
        claim.check_retention(horizon)?;
        claim.check_fence(self.start)?;
        let mut spill = self.spill.lock().map_err(|_| ErrorCode::ReplayGuardFull)?;
        spill.advance(now.max(horizon));
        let search = table.search(claim.nonce.mark(), now.max(latest), claim.retain_until);
        // Whoever locks a line or writes an entry has a lane.
        let place = match search.find(|| true) {
            ReplayFound::Free(place) => place,
            ReplayFound::Held => return Err(ErrorCode::Replayed),
            // A claim panicked.
            ReplayFound::Busy => return Err(ErrorCode::ReplayGuardFull),
        };
        let held = if spill.holds(&place, horizon) { Err(ErrorCode::Replayed) } else { Ok(()) };
        match held.and_then(|()| all.number(lane, claim.owner, self.capacity, self.share)) {
            Ok(number) => {
                all.gather_entries(lane, table);
                all.0[lane].books.hold_or_spill(number, place, (table, &mut spill));
                Ok(())
            }
            Err(code) => {
                place.leave();
                Err(code)
            }
        }
    }
}

/// The number of an owner in each lane that knows it.
type Numbers = [Option<usize>; lane::COUNT];

struct All<'a>([MutexGuard<'a, Lane>; lane::COUNT]);

impl<'a> All<'a> {
    /// All of them, always in the same order; `replay_guard_full` if a claim ever panicked.
    fn lock(guard: &'a Lanes) -> Result<Self, ErrorCode> {
        let mut broken = false;
        let locked = array::from_fn(|lane| {
            guard.lanes[lane].0.lock().unwrap_or_else(|poisoned| {
                broken = true;
                poisoned.into_inner()
            })
        });
        let broken = broken || guard.latest.is_broken();
        if broken { Err(ErrorCode::ReplayGuardFull) } else { Ok(Self(locked)) }
    }

    /// Lets the lane claim by itself from now on, and those that did know that they are not alone.
    fn enter(&mut self, asking: usize) {
        if self.0[asking].company != Company::Absent {
            return;
        }
        let mut others = false;
        for lane in self.0.iter_mut().filter(|lane| lane.company != Company::Absent) {
            (lane.company, others) = (Company::Shared, true);
        }
        self.0[asking].company = if others { Company::Shared } else { Company::Alone };
    }

    /// Discards in every lane what had ended at the latest time and what has ended now; gives the horizon.
    fn advance(&mut self, now: u64, latest: u64, table: &ReplayTable) -> u64 {
        for Lane { books, .. } in self.0.iter_mut().map(|lane| &mut **lane) {
            // A lane that was advanced so far may since hold what a stepped back clock let in.
            if books.latest() < latest {
                books.advance(latest, table);
            }
            books.advance(now, table);
        }
        self.0.iter().map(|lane| lane.books.horizon()).max().unwrap_or(0)
    }

    /// The number of the owner in the lane that asks, which may then hold one more of it.
    fn number(
        &mut self,
        asking: usize,
        owner: &str,
        capacity: usize,
        share: usize,
    ) -> Result<usize, ErrorCode> {
        let numbers = self.find(owner);
        let share = self.owner_room(numbers, share)?;
        let room = self.room(capacity)?;
        self.allot(asking, room);
        Ok(self.allot_owner(asking, owner, numbers, share))
    }

    /// Sees to it that the lane that asks has an entry, if there is one.
    fn gather_entries(&mut self, asking: usize, table: &ReplayTable) {
        for other in 0..lane::COUNT {
            if self.0[asking].books.has_entry(table) {
                return;
            }
            if let Ok([asks, gives]) = self.0.get_disjoint_mut([asking, other]) {
                asks.books.take_entries(&mut gives.books, table);
            }
        }
    }

    fn find(&mut self, owner: &str) -> Numbers {
        let mut numbers = [None; lane::COUNT];
        for (number, lane) in numbers.iter_mut().zip(&mut self.0) {
            *number = lane.books.find(owner);
        }
        numbers
    }

    /// How many more that owner may hold, at least one.
    fn owner_room(&self, numbers: Numbers, share: usize) -> Result<usize, ErrorCode> {
        let known = numbers.iter().zip(&self.0);
        let held: usize = known.filter_map(|(number, lane)| Some(lane.books.held((*number)?))).sum();
        if held < share { Ok(share - held) } else { Err(ErrorCode::RateLimited) }
    }

    /// How many more the guard may hold, at least one.
    fn room(&self, capacity: usize) -> Result<usize, ErrorCode> {
        let live: usize = self.0.iter().map(|lane| lane.books.live()).sum();
        if live < capacity { Ok(capacity - live) } else { Err(ErrorCode::ReplayGuardFull) }
    }

    /// Divides the room among the lanes in use; what cannot be divided goes to the one that asks.
    fn allot(&mut self, asking: usize, room: usize) {
        let uses = |lane: usize, books: &ReplayBooks| lane == asking || books.live() > 0;
        let count = self.0.iter().enumerate().filter(|(number, lane)| uses(*number, &lane.books)).count();
        for (lane, Lane { books, .. }) in self.0.iter_mut().map(|lane| &mut **lane).enumerate() {
            let part = if uses(lane, books) { part(room, count, lane == asking) } else { 0 };
            let live = books.live();
            books.set_limit(live + part);
        }
    }

    /// The same for one owner, among the lanes that know it; its number in the lane that asks.
    fn allot_owner(&mut self, asking: usize, owner: &str, mut numbers: Numbers, room: usize) -> usize {
        let mine = numbers[asking].unwrap_or_else(|| self.0[asking].books.add(owner));
        numbers[asking] = Some(mine);
        let count = numbers.iter().flatten().count();
        for (lane, Lane { books, .. }) in self.0.iter_mut().map(|lane| &mut **lane).enumerate() {
            if let Some(number) = numbers[lane] {
                let held = books.held(number);
                books.set_owner_limit(number, held + part(room, count, lane == asking));
            }
        }
        mine
    }
}

fn part(room: usize, count: usize, asks: bool) -> usize {
    room / count + if asks { room % count } else { 0 }
}
