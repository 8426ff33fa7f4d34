//! The guard of one process: fixed capacity, fails closed, forgets nothing that is live.

use super::{Claim, ReplayGuard, ReplayTag};
use crate::error::{Error, ErrorCode, Result};
use crate::options::Options;
use crate::text::is_name;
use crate::time::Timestamp;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

/// Claimed nonces in memory.
///
/// A guard that begins empty has forgotten what came before. Give it `start`, the second in which the process began, and it refuses what
/// was signed before then; with start 0 a restart opens the window of `max_age` once more.
///
/// Verifiers that share a guard should share one tolerance: a tag is remembered as long as the first claim asked, and under a larger
/// `max_age` an old packet outlives that.
pub struct MemoryReplayGuard {
    options: GuardOptions,
    owner_share: usize,
    owners: BTreeMap<ReplayTag, String>,
    by_end: BTreeSet<(u64, ReplayTag)>,
    held: BTreeMap<String, usize>,
    floor: Option<u64>,
}

/// How a [`MemoryReplayGuard`] is made.
#[derive(Clone, Debug)]
pub struct GuardOptions {
    /// Live nonces that it can hold: 1 to 100,000,000.
    pub capacity: usize,
    /// Live nonces that one owner may hold; half the capacity, rounded up, if absent.
    pub owner_share: Option<usize>,
    /// The second in which the guard began; at 0 it has no fence.
    pub start: Timestamp,
    /// The name that all replicas of one guard share, or empty.
    pub scope: String,
}

impl Default for GuardOptions {
    fn default() -> Self {
        Self { capacity: 262_144, owner_share: None, start: Timestamp::EPOCH, scope: String::new() }
    }
}

impl MemoryReplayGuard {
    /// An empty guard.
    ///
    /// # Errors
    /// `malformed_argument` for a capacity, share or scope outside its range.
    pub fn new(options: GuardOptions) -> Result<Self> {
        check_capacity(options.capacity)?;
        let owner_share = options.owner_share.unwrap_or(options.capacity.div_ceil(2));
        check_share(owner_share, options.capacity)?;
        check_scope(&options.scope)?;
        Ok(Self {
            options,
            owner_share,
            owners: BTreeMap::new(),
            by_end: BTreeSet::new(),
            held: BTreeMap::new(),
            floor: None,
        })
    }

    /// A guard whose options are JSON: `capacity`, `owner_share`, `start`, `scope`.
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member or a value outside its range.
    pub fn from_options(json: &[u8]) -> Result<Self> {
        let given = Options::read(json, OPTIONS, ErrorCode::MalformedArgument)?;
        let default = GuardOptions::default();
        let size =
            |name| Ok::<_, Error>(given.whole(name, 1..=CAPACITY_MAX as u64)?.map(|size| size as usize));
        let scope = given.parsed("scope", SCOPE_RULE, |text| is_scope(text).then(|| text.to_string()))?;
        Self::new(GuardOptions {
            capacity: size("capacity")?.unwrap_or(default.capacity),
            owner_share: size("owner_share")?,
            start: given.timestamp("start")?.unwrap_or(default.start),
            scope: scope.unwrap_or(default.scope),
        })
    }

    /// Nonces held, live or not yet reclaimed.
    pub fn len(&self) -> usize {
        self.owners.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    fn discard(&mut self, now: Timestamp) {
        while let Some(&(end, tag)) = self.by_end.first() {
            if end >= now.seconds() {
                break;
            }
            self.by_end.pop_first();
            self.release(tag);
            self.floor = self.floor.max(Some(end));
        }
    }

    fn release(&mut self, tag: ReplayTag) {
        let Some(owner) = self.owners.remove(&tag) else { return };
        if let Some(held) = self.held.get_mut(&owner) {
            *held -= 1;
            if *held == 0 {
                self.held.remove(&owner);
            }
        }
    }

    fn check_retention(&self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        let past = claim.retain_until < claim.now.seconds();
        let forgotten = self.floor.is_some_and(|floor| claim.retain_until <= floor);
        if past || forgotten { Err(ErrorCode::Expired) } else { Ok(()) }
    }

    fn check_fence(&self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        let start = self.options.start.seconds();
        let before = start > 0 && claim.ts.seconds() <= start + claim.max_ahead;
        if before { Err(ErrorCode::ReplayGuardStarting) } else { Ok(()) }
    }

    fn check_fresh(&self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        if self.owners.contains_key(&claim.tag) { Err(ErrorCode::Replayed) } else { Ok(()) }
    }

    fn check_owner(&self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        let held = self.held.get(claim.owner).copied().unwrap_or(0);
        if held >= self.owner_share { Err(ErrorCode::RateLimited) } else { Ok(()) }
    }

    fn check_room(&self) -> Result<(), ErrorCode> {
        if self.owners.len() >= self.options.capacity { Err(ErrorCode::ReplayGuardFull) } else { Ok(()) }
    }

    fn hold(&mut self, claim: &Claim<'_>) {
        self.by_end.insert((claim.retain_until, claim.tag));
        self.owners.insert(claim.tag, claim.owner.to_string());
        *self.held.entry(claim.owner.to_string()).or_default() += 1;
    }
}

impl ReplayGuard for MemoryReplayGuard {
    fn scope(&self) -> &str {
        &self.options.scope
    }

    fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        self.discard(claim.now);
        self.check_retention(claim)?;
        self.check_fence(claim)?;
        self.check_fresh(claim)?;
        self.check_owner(claim)?;
        self.check_room()?;
        self.hold(claim);
        Ok(())
    }
}

impl fmt::Debug for MemoryReplayGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryReplayGuard({} of {})", self.len(), self.options.capacity)
    }
}

fn is_scope(text: &str) -> bool {
    text.is_empty() || is_name(text)
}

fn check_capacity(capacity: usize) -> Result<()> {
    if (1..=CAPACITY_MAX).contains(&capacity) {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::MalformedArgument,
        format!("capacity must be a whole number from 1 to {CAPACITY_MAX}"),
    ))
}

fn check_share(share: usize, capacity: usize) -> Result<()> {
    if (1..=capacity).contains(&share) {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::MalformedArgument,
        format!("owner_share must be a whole number from 1 to the capacity, {capacity}"),
    ))
}

fn check_scope(scope: &str) -> Result<()> {
    if is_scope(scope) {
        Ok(())
    } else {
        Err(Error::new(ErrorCode::MalformedArgument, format!("scope must be {SCOPE_RULE}")))
    }
}

const OPTIONS: &[&str] = &["capacity", "owner_share", "start", "scope"];
const CAPACITY_MAX: usize = 100_000_000;
const SCOPE_RULE: &str = "empty, or 1 to 64 characters of A-Z a-z 0-9 . _ ~ -";

#[cfg(test)]
mod tests;
