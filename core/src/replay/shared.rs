//! A guard in a store that replicas share: one script, its keys and arguments, and what its replies mean (wire contract §5).
//!
//! The core sends nothing. A host runs [`SharedClaim::SCRIPT`] in Redis with what a claim gives, and hands the reply back.

use super::{Claim, ReplayTag};
use crate::error::{Error, ErrorCode, Result};
use crate::time::{Timestamp, Tolerance};
use alloc::format;
use alloc::string::{String, ToString};

/// One claim on its way to a shared store.
#[derive(Clone, Copy, Debug)]
pub struct SharedClaim {
    tag: ReplayTag,
    ts: Timestamp,
    tolerance: Tolerance,
    retain_until: u64,
}

impl SharedClaim {
    /// The Lua script that claims, as one atomic step by Redis's own clock. Its reply is an integer, see [`SharedClaim::settle`].
    pub const SCRIPT: &str = include_str!("claim.lua");

    /// The claim of a tag.
    pub(crate) fn new(claim: &Claim<'_>, tolerance: Tolerance) -> Self {
        Self { tag: claim.tag, ts: claim.ts, tolerance, retain_until: claim.retain_until }
    }

    /// The script's KEYS: the tag's, the epoch's and the tolerance's.
    pub fn keys(&self) -> [String; 3] {
        [format!("{PREFIX}{}", self.tag.to_text()), format!("{PREFIX}epoch"), format!("{PREFIX}tolerance")]
    }

    /// The script's ARGV: ts, max_ahead, retain-until, and the tolerance that all users of the store share; decimal seconds.
    pub fn arguments(&self) -> [String; 4] {
        let shared = self.tolerance.max_age() + self.tolerance.max_ahead();
        [self.ts.seconds(), self.tolerance.max_ahead(), self.retain_until, shared]
            .map(|seconds| seconds.to_string())
    }

    /// What the script's reply means.
    ///
    /// # Errors
    /// `expired`, `replay_guard_starting`, `replayed`; `malformed_argument` where the store's users have another tolerance; `store_unavailable`
    /// for a reply that is none of the script's.
    pub fn settle(reply: i64) -> Result<()> {
        match reply {
            0 => Ok(()),
            1 => Err(ErrorCode::Expired.into()),
            2 => Err(ErrorCode::ReplayGuardStarting.into()),
            3 => Err(ErrorCode::Replayed.into()),
            4 => Err(Error::new(
                ErrorCode::MalformedArgument,
                "the shared replay guard is used with another max_age + max_ahead; give all its users the same",
            )),
            _ => Err(ErrorCode::StoreUnavailable.into()),
        }
    }
}

const PREFIX: &str = "counterseal:1:";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_arguments() {
        let tag = ReplayTag::new("", "packet-1", "engine-7", "AAECAwQFBgcICQoLDA0ODw");
        let ts = Timestamp::new(1_708_167_234).unwrap();
        let tolerance = Tolerance::new(60, 5).unwrap();
        let claim = SharedClaim::new(&Claim::new(tag, "engine-7", ts, tolerance, ts), tolerance);
        let keys = ["counterseal:1:La1atj-IF2vmdSuw5Cw9DA", "counterseal:1:epoch", "counterseal:1:tolerance"];
        assert_eq!(claim.keys(), keys);
        assert_eq!(claim.arguments(), ["1708167234", "5", "1708167354", "65"]);
    }

    #[test]
    fn replies() {
        let code = |reply| SharedClaim::settle(reply).map_or_else(|error| error.code().as_str(), |()| "ok");
        let codes =
            ["ok", "expired", "replay_guard_starting", "replayed", "malformed_argument", "store_unavailable"];
        for (reply, expected) in (0..).zip(codes) {
            assert_eq!(code(reply), expected);
        }
        for other in [-1, 6, i64::MAX] {
            assert_eq!(code(other), "store_unavailable");
        }
    }
}
