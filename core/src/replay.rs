//! Replay guards: a nonce is claimed once (wire contract §5).

mod mark;
mod memory;
mod shared;

pub(crate) use mark::{Format, Sources};
pub use mark::{ReplayMark, SignedNonce};
pub use memory::{
    GuardOptions, MemoryReplayGuard, ReplayBooks, ReplayFound, ReplayPlace, ReplaySearch, ReplaySpill,
    ReplayTable,
};
pub use shared::{SharedClaim, SharedGuardOptions};

use crate::base64;
use crate::error::ErrorCode;
use crate::time::{Timestamp, Tolerance};
use alloc::string::String;
use sha2::{Digest, Sha256};

/// A store of claimed nonces. A claim is one atomic step; whoever implements it for a shared store keeps the order of [`ReplayGuard::claim`].
pub trait ReplayGuard {
    /// The name that all replicas of one guard share; empty for a guard of one process.
    fn scope(&self) -> &str;

    /// Claims the nonce, once. A guard of one process tells nonces apart by [`SignedNonce::mark`], a store that is shared by [`SignedNonce::tag`].
    ///
    /// # Errors
    /// In this order: `expired` (no longer to be told from a forgotten nonce), `replay_guard_starting`, `replayed`, `rate_limited`,
    /// `replay_guard_full`.
    fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ErrorCode>;

    /// Hears that this nonce may be claimed next, while its signature is not judged yet. A guard may fetch what the claim will read; it answers
    /// the same whether it was told or not.
    #[inline(always)]
    fn expect(&self, _nonce: &SignedNonce<'_>) {}

    /// Claims nonces one after the other, and tells of each what [`ReplayGuard::claim`] answers. A guard that has a quicker way for many
    /// answers the same; it may hold a lock meanwhile, so `tell` must not come back to it.
    fn claim_all(&mut self, claims: &[Claim<'_>], tell: &mut dyn FnMut(Result<(), ErrorCode>)) {
        claims.iter().for_each(|claim| tell(self.claim(claim)));
    }
}

impl<G: ReplayGuard + ?Sized> ReplayGuard for &mut G {
    fn scope(&self) -> &str {
        (**self).scope()
    }

    fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        (**self).claim(claim)
    }

    #[inline(always)]
    fn expect(&self, nonce: &SignedNonce<'_>) {
        (**self).expect(nonce);
    }

    fn claim_all(&mut self, claims: &[Claim<'_>], tell: &mut dyn FnMut(Result<(), ErrorCode>)) {
        (**self).claim_all(claims, tell);
    }
}

/// What is claimed.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The nonce, and whose it is.
    pub nonce: SignedNonce<'a>,
    /// Whose share it counts against.
    pub owner: &'a str,
    /// When it was signed.
    pub ts: Timestamp,
    /// How far a signer's clock may be ahead, in seconds.
    pub max_ahead: u64,
    /// The last second in which the nonce must be remembered.
    pub retain_until: u64,
    /// This clock's time.
    pub now: Timestamp,
}

impl<'a> Claim<'a> {
    /// The claim of a signature of that age: remembered for max_age + 60 seconds after its time.
    pub fn new(
        nonce: SignedNonce<'a>,
        owner: &'a str,
        ts: Timestamp,
        tolerance: Tolerance,
        now: Timestamp,
    ) -> Self {
        let retain_until = ts.seconds() + tolerance.max_age() + MARGIN;
        Self { nonce, owner, ts, max_ahead: tolerance.max_ahead(), retain_until, now }
    }

    /// Whether it ends late enough to be told from what was discarded: not before its own time, not before the horizon, the lowest
    /// retain-until that was never discarded.
    ///
    /// # Errors
    /// `expired`.
    pub fn check_retention(&self, horizon: u64) -> Result<(), ErrorCode> {
        let gone = self.retain_until < self.now.seconds().max(horizon);
        if gone { Err(ErrorCode::Expired) } else { Ok(()) }
    }

    /// Whether it was signed after a guard that began in second `start` can have forgotten it; 0 is no fence.
    ///
    /// # Errors
    /// `replay_guard_starting`.
    pub fn check_fence(&self, start: Timestamp) -> Result<(), ErrorCode> {
        let start = start.seconds();
        let before = start > 0 && self.ts.seconds() <= start.saturating_add(self.max_ahead);
        if before { Err(ErrorCode::ReplayGuardStarting) } else { Ok(()) }
    }
}

/// The first 16 bytes of SHA-256 over scope, format, key id and nonce: how stores that replicas share name a nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplayTag([u8; 16]);

impl ReplayTag {
    /// The tag of a nonce. No part can hold an LF, so no two quadruples share an input.
    pub fn new(scope: &str, format: &str, key_id: &str, nonce: &str) -> Self {
        let mut hash = Sha256::new_with_prefix("counterseal-replay-v1");
        for part in [scope, format, key_id, nonce] {
            hash.update("\n");
            hash.update(part);
        }
        let mut tag = [0; 16];
        tag.copy_from_slice(&hash.finalize()[..16]);
        Self(tag)
    }

    /// The tag's bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The tag as base64url, 22 characters.
    pub fn to_text(&self) -> String {
        base64::encode_url(&self.0)
    }
}

/// Seconds that a tag is remembered beyond max_age: room for clocks that are stepped.
const MARGIN: u64 = 60;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nonce::Nonce;

    #[test]
    fn golden_tag() {
        let tag = ReplayTag::new("", "packet-1", "engine-7", "AAECAwQFBgcICQoLDA0ODw");
        assert_eq!(tag.to_text(), "La1atj-IF2vmdSuw5Cw9DA");
    }

    #[test]
    fn retained_beyond_max_age() {
        let (ts, nonce) = (Timestamp::new(1000).unwrap(), Nonce::from_bytes([0; 16]));
        let claim = Claim::new(SignedNonce::new("f", "k", &nonce), "o", ts, Tolerance::default(), ts);
        assert_eq!((claim.retain_until, claim.max_ahead), (1120, 5));
    }
}
