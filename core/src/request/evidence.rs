//! What verification of a request leaves behind, in two steps: the nonce is claimed last.

use crate::error::Result;
use crate::key::Key;
use crate::nonce::Nonce;
use crate::replay::{Claim, Format, ReplayGuard, SharedClaim, SharedGuardOptions, SignedNonce};
use crate::time::{Timestamp, Tolerance};

/// A request that passed checks 1 to 7.
#[must_use = "a request is not verified before its nonce is claimed"]
#[derive(Debug)]
pub struct AuthenticatedRequest {
    pub(super) key: Key,
    pub(super) ts: Timestamp,
    pub(super) now: Timestamp,
    pub(super) nonce: Nonce,
    pub(super) tolerance: Tolerance,
}

/// The evidence: who sent this request, when, and for the first time.
#[derive(Clone, Debug)]
pub struct VerifiedRequest {
    key: Key,
    ts: Timestamp,
    nonce: Nonce,
}

impl AuthenticatedRequest {
    /// Check 8: claims the nonce, once, then reads the key's revocation again.
    ///
    /// # Errors
    /// The guard's codes ([`ReplayGuard::claim`]); `revoked_key`.
    pub fn claim(self, guard: &mut impl ReplayGuard) -> Result<VerifiedRequest> {
        let Self { key, ts, now, nonce, tolerance } = self;
        let signed = SignedNonce::of(Format::Request, &key, &nonce);
        guard.claim(&Claim::new(signed, key.owner(), ts, tolerance, now))?;
        key.check_revocation()?;
        Ok(VerifiedRequest { key, ts, nonce })
    }

    /// The claim of check 8 for a store that replicas share.
    pub fn shared_claim(&self, options: &SharedGuardOptions) -> SharedClaim {
        let nonce = SignedNonce::of(Format::Request, &self.key, &self.nonce);
        let claim = Claim::new(nonce, self.key.owner(), self.ts, self.tolerance, self.now);
        SharedClaim::new(&claim, self.tolerance, options)
    }

    /// Check 8 with the store's reply to [`AuthenticatedRequest::shared_claim`].
    ///
    /// # Errors
    /// As [`SharedClaim::settle`]; `revoked_key`.
    pub fn settle(self, reply: i64) -> Result<VerifiedRequest> {
        SharedClaim::settle(reply)?;
        self.key.check_revocation()?;
        Ok(VerifiedRequest { key: self.key, ts: self.ts, nonce: self.nonce })
    }
}

impl VerifiedRequest {
    /// The id of the key that signed it.
    pub fn key_id(&self) -> &str {
        self.key.id()
    }

    /// Who holds that key.
    pub fn owner(&self) -> &str {
        self.key.owner()
    }

    /// When it was signed.
    pub fn timestamp(&self) -> Timestamp {
        self.ts
    }

    /// Its nonce.
    pub fn nonce(&self) -> &Nonce {
        &self.nonce
    }
}
