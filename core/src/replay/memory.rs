//! The guard of one process: fixed capacity, fails closed, forgets nothing that is live.

mod books;
mod calendar;
mod options;
mod owners;
mod spill;
mod table;

pub use books::ReplayBooks;
pub use options::GuardOptions;
pub(super) use options::{SCOPE_RULE, is_scope};
pub use table::{ReplayPlace, ReplayTable};

use super::{Claim, ReplayGuard};
use crate::error::{ErrorCode, Result};
use alloc::vec::Vec;
use core::fmt;

/// Claimed nonces in memory.
///
/// A guard that begins empty has forgotten what came before. Give it `start`, the second in which the process began, and it refuses what
/// was signed before then; with start 0 a restart opens the window of `max_age` once more.
///
/// Verifiers that share a guard should share one tolerance: a nonce is remembered as long as the first claim asked, and under a larger
/// `max_age` an old packet outlives that.
///
/// Its marks lie in [`ReplayTable`]s of fixed size, each allocated, zeroed, with its first mark: a claim waits for no rehash. What is live is
/// counted in [`ReplayBooks`]. A guard for many threads puts both behind locks.
pub struct MemoryReplayGuard {
    options: GuardOptions,
    books: ReplayBooks,
    tables: Vec<ReplayTable>,
}

impl MemoryReplayGuard {
    /// An empty guard.
    ///
    /// # Errors
    /// `malformed_argument` for a capacity, share or scope outside its range.
    pub fn new(options: GuardOptions) -> Result<Self> {
        let size = options.capacity;
        Self::with_tables(options, size)
    }

    /// A guard that is one of thousands, each for one peer: its table holds a few hundred marks, and more of them go the table's slow way. So it
    /// costs 16 KB where the tables of such a capacity take half a megabyte.
    pub(crate) fn small(options: GuardOptions) -> Result<Self> {
        let size = options.capacity.min(SMALL);
        Self::with_tables(options, size)
    }

    /// `size` is of the tables alone: what the guard may hold is its capacity.
    fn with_tables(options: GuardOptions, size: usize) -> Result<Self> {
        options.check()?;
        let books = ReplayBooks::new(options.capacity, options.share());
        Ok(Self { options, books, tables: ReplayTable::split(size) })
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
        let now = claim.now.seconds();
        self.books.advance(now);
        claim.check_retention(self.books.horizon())?;
        claim.check_fence(self.options.start)?;
        let mark = claim.nonce.mark();
        let number = ReplayTable::number(mark, self.tables.len());
        let table = &mut self.tables[number];
        table.advance(now.max(self.books.horizon()));
        let place = table.find(mark, self.books.horizon()).ok_or(ErrorCode::Replayed)?;
        let owner = self.books.find(claim.owner);
        self.books.check(owner)?;
        let owner = owner.unwrap_or_else(|| self.books.add(claim.owner));
        table.put(place, claim.retain_until);
        self.books.hold(owner, claim.retain_until);
        Ok(())
    }
}

impl fmt::Debug for MemoryReplayGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryReplayGuard({} of {})", self.len(), self.options.capacity)
    }
}

/// What a peer sends in a minute, at six packets a second.
const SMALL: usize = 384;

#[cfg(test)]
mod tests;
