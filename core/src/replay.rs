//! Replay guards: a nonce is claimed once (wire contract §5).

mod memory;

pub use memory::{GuardOptions, MemoryReplayGuard};

use crate::base64;
use crate::error::ErrorCode;
use crate::time::{Timestamp, Tolerance};
use alloc::string::String;
use sha2::{Digest, Sha256};

/// A store of claimed nonces. A claim is one atomic step; whoever implements it for a shared store keeps the order of [`ReplayGuard::claim`].
pub trait ReplayGuard {
    /// The name that all replicas of one guard share; empty for a guard of one process.
    fn scope(&self) -> &str;

    /// Claims the tag, once.
    ///
    /// # Errors
    /// In this order: `expired` (no longer to be told from a forgotten nonce), `replay_guard_starting`, `replayed`, `rate_limited`,
    /// `replay_guard_full`.
    fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ErrorCode>;
}

impl<G: ReplayGuard + ?Sized> ReplayGuard for &mut G {
    fn scope(&self) -> &str {
        (**self).scope()
    }

    fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        (**self).claim(claim)
    }
}

/// What is claimed.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The nonce's tag.
    pub tag: ReplayTag,
    /// Whose share it counts against.
    pub owner: &'a str,
    /// When it was signed.
    pub ts: Timestamp,
    /// How far a signer's clock may be ahead, in seconds.
    pub max_ahead: u64,
    /// The last second in which the tag must be remembered.
    pub retain_until: u64,
    /// This clock's time.
    pub now: Timestamp,
}

impl<'a> Claim<'a> {
    /// The claim of a signature of that age: remembered for max_age + 60 seconds after its time.
    pub fn new(tag: ReplayTag, owner: &'a str, ts: Timestamp, tolerance: Tolerance, now: Timestamp) -> Self {
        let retain_until = ts.seconds() + tolerance.max_age() + MARGIN;
        Self { tag, owner, ts, max_ahead: tolerance.max_ahead(), retain_until, now }
    }
}

/// The first 16 bytes of SHA-256 over scope, format, key id and nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplayTag([u8; 16]);

impl ReplayTag {
    /// The tag of a nonce. No part can hold an LF, so no two quadruples share an input.
    pub fn new(scope: &str, format: &str, key_id: &str, nonce: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update("counterseal-replay-v1");
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

    #[test]
    fn golden_tag() {
        let tag = ReplayTag::new("", "packet-1", "engine-7", "AAECAwQFBgcICQoLDA0ODw");
        assert_eq!(tag.to_text(), "La1atj-IF2vmdSuw5Cw9DA");
    }

    #[test]
    fn retained_beyond_max_age() {
        let ts = Timestamp::new(1000).unwrap();
        let claim = Claim::new(ReplayTag::new("", "f", "k", "n"), "o", ts, Tolerance::default(), ts);
        assert_eq!((claim.retain_until, claim.max_ahead), (1120, 5));
    }
}
