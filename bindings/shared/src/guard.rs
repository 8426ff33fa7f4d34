//! Replay guards: that of one process, and which one a verifier has.

#[cfg(not(any(target_arch = "wasm32", counterseal_one_thread)))]
mod lanes;
mod shared;
#[cfg(any(target_arch = "wasm32", counterseal_one_thread, test))]
mod single;

pub use shared::{Claiming, ClaimingPacket, ClaimingRequest, SharedReplayGuard, StoreAnswer};

use crate::clock;
use crate::sync::Arc;
use core::fmt;
use counterseal::{Claim, Error, ErrorCode, GuardOptions, ReplayGuard, Result, SignedNonce};

/// Claimed nonces in memory. A clone is the same guard; threads may share it, where the program has more than one.
///
/// Verifiers that share a guard should share one tolerance (see the core's guard).
#[derive(Clone)]
pub struct MemoryReplayGuard(Arc<Inner>);

struct Inner {
    options: GuardOptions,
    store: Store,
}

#[cfg(not(any(target_arch = "wasm32", counterseal_one_thread)))]
use lanes::Lanes as Store;
#[cfg(any(target_arch = "wasm32", counterseal_one_thread))]
use single::Single as Store;

impl MemoryReplayGuard {
    /// A guard whose options are JSON: `capacity`, `owner_share`, `start`, `scope`.
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member or a value outside its range.
    pub fn new(options: &str) -> Result<Self> {
        let options = GuardOptions::from_json(options.as_bytes())?;
        let store = Store::new(&options)?;
        Ok(Self(Arc::new(Inner { options, store })))
    }

    /// A guard as [`MemoryReplayGuard::new`] makes it, whose `start` is this second or the one given, whichever is later: a server that begins
    /// with it refuses what was signed before, since it may have accepted it in an earlier life.
    ///
    /// # Errors
    /// As [`MemoryReplayGuard::new`].
    pub fn starting_now(options: &str) -> Result<Self> {
        let mut options = GuardOptions::from_json(options.as_bytes())?;
        options.start = options.start.max(clock::now()?);
        let store = Store::new(&options)?;
        Ok(Self(Arc::new(Inner { options, store })))
    }

    /// Claims the tag, once.
    ///
    /// # Errors
    /// As [`ReplayGuard::claim`]; `replay_guard_full` also of a guard in which a claim panicked: it no longer knows what it holds.
    pub fn claim(&self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        self.0.store.claim(claim)
    }

    /// Nonces held, live or not yet reclaimed.
    pub fn len(&self) -> f64 {
        self.0.store.len() as f64
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.0.store.len() == 0
    }
}

impl ReplayGuard for MemoryReplayGuard {
    fn scope(&self) -> &str {
        &self.0.options.scope
    }

    fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        Self::claim(self, claim)
    }

    #[inline(always)]
    fn expect(&self, nonce: &SignedNonce<'_>) {
        self.0.store.expect(nonce);
    }

    fn claim_all(&mut self, claims: &[Claim<'_>], tell: &mut dyn FnMut(Result<(), ErrorCode>)) {
        self.0.store.claim_all(claims, tell);
    }
}

impl ReplayGuard for &MemoryReplayGuard {
    fn scope(&self) -> &str {
        &self.0.options.scope
    }

    fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        MemoryReplayGuard::claim(self, claim)
    }

    #[inline(always)]
    fn expect(&self, nonce: &SignedNonce<'_>) {
        self.0.store.expect(nonce);
    }

    fn claim_all(&mut self, claims: &[Claim<'_>], tell: &mut dyn FnMut(Result<(), ErrorCode>)) {
        self.0.store.claim_all(claims, tell);
    }
}

impl fmt::Debug for MemoryReplayGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryReplayGuard({} of {})", self.0.store.len(), self.0.options.capacity)
    }
}

/// The guard of a verifier. Which one decides how it verifies: at once, or in two steps around the store's answer.
#[derive(Clone, Debug)]
pub(crate) enum Guard {
    Memory(MemoryReplayGuard),
    Shared(SharedReplayGuard),
}

impl Guard {
    /// The guard given, or one of the verifier's own that starts at 0.
    pub(crate) fn memory_or_own(guard: Option<&MemoryReplayGuard>) -> Result<Self> {
        guard.cloned().map_or_else(|| MemoryReplayGuard::new("{}"), Ok).map(Self::Memory)
    }

    #[inline]
    pub(crate) fn memory(&self) -> Result<&MemoryReplayGuard> {
        match self {
            Self::Memory(guard) => Ok(guard),
            Self::Shared(_) => Err(Error::new(ErrorCode::MalformedArgument, AWAITED)),
        }
    }

    pub(crate) fn shared(&self) -> Result<&SharedReplayGuard> {
        match self {
            Self::Shared(guard) => Ok(guard),
            Self::Memory(_) => Err(Error::new(ErrorCode::MalformedArgument, AT_ONCE)),
        }
    }
}

const AWAITED: &str = "guard: this verifier's guard is shared, and its store must be asked: use the call that waits for it, one message at a time";
const AT_ONCE: &str = "guard: this verifier's guard is of this process: there is no store to ask";
