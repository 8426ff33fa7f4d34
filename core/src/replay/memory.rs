//! The guard of one process: fixed capacity, fails closed, forgets nothing that is live.

mod atomic;
mod books;
mod calendar;
mod entries;
mod line;
mod options;
mod owners;
mod spill;
mod table;

pub use books::ReplayBooks;
pub use options::GuardOptions;
pub(super) use options::{SCOPE_RULE, is_scope};
pub use spill::ReplaySpill;
pub use table::{ReplayFound, ReplayPlace, ReplaySearch, ReplayTable};

use super::{Claim, ReplayGuard, SignedNonce};
use crate::error::{ErrorCode, Result};
use core::fmt;
use options::CAPACITY_MAX;

/// Claimed nonces in memory.
///
/// A guard that begins empty has forgotten what came before. Give it `start`, the second in which the process began, and it refuses what
/// was signed before then; with start 0 a restart opens the window of `max_age` once more.
///
/// Verifiers that share a guard should share one tolerance: a nonce is remembered as long as the first claim asked, and under a larger
/// `max_age` an old packet outlives that.
///
/// Its marks lie in a [`ReplayTable`] of fixed size, allocated, zeroed, with the first: a claim waits for no rehash. What is live is counted in
/// [`ReplayBooks`]. A guard for many threads has many books, each behind a lock.
pub struct MemoryReplayGuard {
    options: GuardOptions,
    size: usize,
    table: Option<ReplayTable>,
    books: ReplayBooks,
    spill: ReplaySpill,
}

impl MemoryReplayGuard {
    /// An empty guard.
    ///
    /// # Errors
    /// `malformed_argument` for a capacity, share or scope outside its range.
    pub fn new(options: GuardOptions) -> Result<Self> {
        let size = options.capacity.min(LARGEST);
        Self::with_table(options, size)
    }

    /// A guard that is one of thousands, each for one peer: its table holds a few hundred marks, and more of them go the table's slow way. So it
    /// costs 16 KB where the table of such a capacity takes half a megabyte.
    pub(crate) fn small(options: GuardOptions) -> Result<Self> {
        let size = options.capacity.min(SMALL);
        Self::with_table(options, size)
    }

    /// `size` is of the table alone: what the guard may hold is its capacity.
    fn with_table(options: GuardOptions, size: usize) -> Result<Self> {
        options.check()?;
        let books = ReplayBooks::new(options.capacity, options.share());
        Ok(Self { options, size, table: None, books, spill: ReplaySpill::new() })
    }

    /// A guard whose options are JSON: `capacity`, `owner_share`, `start`, `scope`.
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member or a value outside its range.
    pub fn from_options(json: &[u8]) -> Result<Self> {
        Self::new(GuardOptions::from_json(json)?)
    }

    /// Nonces held: those that were live at the last claim.
    pub fn len(&self) -> usize {
        self.books.live()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl ReplayGuard for MemoryReplayGuard {
    fn scope(&self) -> &str {
        &self.options.scope
    }

    fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        let (now, table) =
            (claim.now.seconds(), self.table.get_or_insert_with(|| ReplayTable::new(self.size)));
        self.books.advance(now, table);
        let horizon = self.books.horizon();
        claim.check_retention(horizon)?;
        claim.check_fence(self.options.start)?;
        let search = table.search(claim.nonce.mark(), self.books.latest(), claim.retain_until);
        // Nobody shares this table.
        let is_latest = || true;
        let place =
            match search.at_home_alone(is_latest).map_or_else(|| search.find(is_latest), ReplayFound::Free) {
                ReplayFound::Free(place) => place,
                ReplayFound::Held => return Err(ErrorCode::Replayed),
                ReplayFound::Busy => return Err(ErrorCode::ReplayGuardFull),
            };
        let owner = self.books.find(claim.owner);
        self.spill.advance(now.max(horizon));
        let held = self.spill.holds(&place, horizon);
        let room = if held { Err(ErrorCode::Replayed) } else { self.books.check(owner) };
        if room.is_err() {
            place.leave();
            return room;
        }
        let owner = owner.unwrap_or_else(|| self.books.add(claim.owner));
        self.books.hold_or_spill(owner, place, (table, &mut self.spill));
        Ok(())
    }

    #[inline(always)]
    fn expect(&self, nonce: &SignedNonce<'_>) {
        if let Some(table) = &self.table {
            table.expect(nonce.mark());
        }
    }
}

impl fmt::Debug for MemoryReplayGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryReplayGuard({} of {})", self.len(), self.options.capacity)
    }
}

/// Marks of the largest table. A module for browsers writes the zeros that elsewhere the system gives as they are touched, and never gives memory
/// back: of a guard that holds more there, the rest go the table's slow way.
const LARGEST: usize = if cfg!(target_arch = "wasm32") { 8192 } else { CAPACITY_MAX };
/// What a peer sends in a minute, at six packets a second.
const SMALL: usize = 384;

#[cfg(test)]
mod tests;
