//! The claim that takes every lane: exact, whatever was allotted to which.

use super::{Lanes, lane};
use counterseal::{Claim, ErrorCode, ReplayBooks};
use std::array;
use std::sync::MutexGuard;
use std::sync::atomic::Ordering;

impl Lanes {
    /// Answers from all lanes, and allots anew what is left.
    #[cold]
    pub(super) fn claim_alone(&self, lane: usize, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        let mut all = All::lock(self)?;
        let (now, latest) = (claim.now.seconds(), self.latest.load(Ordering::Relaxed));
        self.stepped_back.store(now < latest, Ordering::Relaxed);
        let horizon = all.advance(now, latest);
        claim.check_retention(horizon)?;
        claim.check_fence(self.start)?;
        let mut table = self.table(claim)?;
        table.advance(now.max(horizon));
        let place = table.find(claim.nonce.mark(), horizon).ok_or(ErrorCode::Replayed)?;
        let numbers = all.find(claim.owner);
        let share = all.owner_room(numbers, self.share)?;
        let room = all.room(self.capacity)?;
        all.allot(lane, room);
        let number = all.allot_owner(lane, claim.owner, numbers, share);
        table.put(place, claim.retain_until);
        all.0[lane].hold(number, claim.retain_until);
        Ok(())
    }
}

/// The number of an owner in each lane that knows it.
type Numbers = [Option<usize>; lane::COUNT];

struct All<'a>([MutexGuard<'a, ReplayBooks>; lane::COUNT]);

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
        let broken = broken || guard.broken.load(Ordering::Relaxed);
        if broken { Err(ErrorCode::ReplayGuardFull) } else { Ok(Self(locked)) }
    }

    /// Discards in every lane what had ended at the latest time and what has ended now; gives the horizon.
    fn advance(&mut self, now: u64, latest: u64) -> u64 {
        for books in &mut self.0 {
            // A lane that was advanced so far may since hold what a stepped back clock let in.
            if books.latest() < latest {
                books.advance(latest);
            }
            books.advance(now);
        }
        self.0.iter().map(|books| books.horizon()).max().unwrap_or(0)
    }

    fn find(&mut self, owner: &str) -> Numbers {
        let mut numbers = [None; lane::COUNT];
        for (number, books) in numbers.iter_mut().zip(&mut self.0) {
            *number = books.find(owner);
        }
        numbers
    }

    /// How many more that owner may hold, at least one.
    fn owner_room(&self, numbers: Numbers, share: usize) -> Result<usize, ErrorCode> {
        let known = numbers.iter().zip(&self.0);
        let held: usize = known.filter_map(|(number, books)| number.map(|number| books.held(number))).sum();
        if held < share { Ok(share - held) } else { Err(ErrorCode::RateLimited) }
    }

    /// How many more the guard may hold, at least one.
    fn room(&self, capacity: usize) -> Result<usize, ErrorCode> {
        let live: usize = self.0.iter().map(|books| books.live()).sum();
        if live < capacity { Ok(capacity - live) } else { Err(ErrorCode::ReplayGuardFull) }
    }

    /// Divides the room among the lanes in use; what cannot be divided goes to the one that asks.
    fn allot(&mut self, asking: usize, room: usize) {
        let uses = |lane: usize, books: &ReplayBooks| lane == asking || books.live() > 0;
        let count = self.0.iter().enumerate().filter(|(lane, books)| uses(*lane, books)).count();
        for (lane, books) in self.0.iter_mut().enumerate() {
            let part = if uses(lane, books) { part(room, count, lane == asking) } else { 0 };
            let live = books.live();
            books.set_limit(live + part);
        }
    }

    /// The same for one owner, among the lanes that know it; its number in the lane that asks.
    fn allot_owner(&mut self, asking: usize, owner: &str, mut numbers: Numbers, room: usize) -> usize {
        let mine = numbers[asking].unwrap_or_else(|| self.0[asking].add(owner));
        numbers[asking] = Some(mine);
        let count = numbers.iter().flatten().count();
        for (lane, books) in self.0.iter_mut().enumerate() {
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
