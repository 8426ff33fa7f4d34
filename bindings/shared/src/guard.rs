//! The replay guard of one process, for many threads.

use crate::sync::{Arc, Mutex, PoisonError};
use counterseal::{Claim, ErrorCode, ReplayGuard, Result};

/// Claimed nonces in memory. A clone is the same guard; threads may share it.
///
/// Verifiers that share a guard should share one tolerance (see the core's guard).
#[derive(Clone, Debug)]
pub struct MemoryReplayGuard {
    scope: Arc<str>,
    store: Arc<Mutex<counterseal::MemoryReplayGuard>>,
}

impl MemoryReplayGuard {
    /// A guard whose options are JSON: `capacity`, `owner_share`, `start`, `scope`.
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member or a value outside its range.
    pub fn new(options: &str) -> Result<Self> {
        let store = counterseal::MemoryReplayGuard::from_options(options.as_bytes())?;
        Ok(Self { scope: store.scope().into(), store: Arc::new(Mutex::new(store)) })
    }

    /// Nonces held, live or not yet reclaimed.
    pub fn len(&self) -> f64 {
        self.store.lock().unwrap_or_else(PoisonError::into_inner).len() as f64
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0.0
    }
}

impl ReplayGuard for &MemoryReplayGuard {
    fn scope(&self) -> &str {
        &self.scope
    }

    fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        // A claim that panicked may have half been made: the guard then no longer knows, and refuses.
        let mut store = self.store.lock().map_err(|_| ErrorCode::ReplayGuardFull)?;
        store.claim(claim)
    }
}

impl ReplayGuard for MemoryReplayGuard {
    fn scope(&self) -> &str {
        &self.scope
    }

    fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        (&*self).claim(claim)
    }
}
