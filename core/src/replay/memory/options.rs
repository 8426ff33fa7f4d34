//! How a guard in memory is made.

use crate::error::{Error, ErrorCode, Result};
use crate::options::Options;
use crate::text::is_name;
use crate::time::Timestamp;
use alloc::format;
use alloc::string::{String, ToString};

/// How a [`MemoryReplayGuard`](super::MemoryReplayGuard) is made.
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

impl GuardOptions {
    /// Options from JSON: `capacity`, `owner_share`, `start`, `scope`.
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member or a value outside its range.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let given = Options::read(json, OPTIONS, ErrorCode::MalformedArgument)?;
        let default = Self::default();
        let size =
            |name| Ok::<_, Error>(given.whole(name, 1..=CAPACITY_MAX as u64)?.map(|size| size as usize));
        let scope = given.parsed("scope", SCOPE_RULE, |text| is_scope(text).then(|| text.to_string()))?;
        let options = Self {
            capacity: size("capacity")?.unwrap_or(default.capacity),
            owner_share: size("owner_share")?,
            start: given.timestamp("start")?.unwrap_or(default.start),
            scope: scope.unwrap_or(default.scope),
        };
        options.check()?;
        Ok(options)
    }

    /// Live nonces that one owner may hold: as given, or half the capacity, rounded up.
    pub fn share(&self) -> usize {
        self.owner_share.unwrap_or(self.capacity.div_ceil(2))
    }

    /// Whether every value is in its range.
    ///
    /// # Errors
    /// `malformed_argument`.
    pub(super) fn check(&self) -> Result<()> {
        check_capacity(self.capacity)?;
        check_share(self.share(), self.capacity)?;
        check_scope(&self.scope)
    }
}

pub(in crate::replay) fn is_scope(text: &str) -> bool {
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
pub(super) const CAPACITY_MAX: usize = 100_000_000;
pub(in crate::replay) const SCOPE_RULE: &str = "empty, or 1 to 64 characters of A-Z a-z 0-9 . _ ~ -";
