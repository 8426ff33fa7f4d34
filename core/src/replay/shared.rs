//! A guard in a store that replicas share: one script, its keys and arguments, and what its replies mean (wire contract §5).
//!
//! The core sends nothing. A host runs [`SharedClaim::SCRIPT`] in Redis with what a claim gives, and hands the reply back.

use super::memory::{SCOPE_RULE, is_scope};
use super::{Claim, MARGIN, ReplayTag};
use crate::error::{Error, ErrorCode, Result};
use crate::options::Options;
use crate::time::{Timestamp, Tolerance};
use alloc::format;
use alloc::string::{String, ToString};

/// How a shared guard is used: the same by all replicas.
#[derive(Clone, Debug, Default)]
pub struct SharedGuardOptions {
    /// The name that all replicas of one guard share, or empty.
    pub scope: String,
    /// Whether the store is a Redis Cluster: each key gets a hash tag, one of 64 by the nonce's tag, so that the keys of one claim share a slot
    /// and claims spread over the nodes.
    pub cluster: bool,
}

/// One claim on its way to a shared store.
#[derive(Clone, Copy, Debug)]
pub struct SharedClaim {
    tag: ReplayTag,
    ts: Timestamp,
    tolerance: Tolerance,
    retain_until: u64,
    cluster: bool,
}

impl SharedGuardOptions {
    /// Options from JSON: `scope`, `cluster`.
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member or a value out of its grammar.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let given = Options::read(json, OPTIONS, ErrorCode::MalformedArgument)?;
        let scope = given.parsed("scope", SCOPE_RULE, |text| is_scope(text).then(|| text.to_string()))?;
        Ok(Self { scope: scope.unwrap_or_default(), cluster: given.flag("cluster")?.unwrap_or_default() })
    }
}

impl SharedClaim {
    /// The Lua script that claims, as one atomic step by Redis's own clock. Its reply is an integer, see [`SharedClaim::settle`].
    pub const SCRIPT: &str = include_str!("claim.lua");

    pub(crate) fn new(claim: &Claim<'_>, tolerance: Tolerance, options: &SharedGuardOptions) -> Self {
        let (tag, ts, retain_until) = (claim.nonce.tag(&options.scope), claim.ts, claim.retain_until);
        Self { tag, ts, tolerance, retain_until, cluster: options.cluster }
    }

    /// The script's KEYS: the tag's, the epoch's, the tolerance's and the server's.
    pub fn keys(&self) -> [String; 4] {
        let tag = self.tag.to_text();
        let shard = if self.cluster { format!("{{{}}}:", &tag[..1]) } else { String::new() };
        [tag.as_str(), "epoch", "tolerance", "server"].map(|name| format!("counterseal:1:{shard}{name}"))
    }

    /// The script's ARGV: ts, max_ahead, retain-until, the tolerance that all users of the store share (max_age + max_ahead), and how far the
    /// store's clock may be set back before it counts as lost; decimal seconds.
    pub fn arguments(&self) -> [String; 5] {
        let shared = self.tolerance.max_age() + self.tolerance.max_ahead();
        [self.ts.seconds(), self.tolerance.max_ahead(), self.retain_until, shared, MARGIN]
            .map(|seconds| seconds.to_string())
    }

    /// What the script's reply means.
    ///
    /// # Errors
    /// `expired`, `replay_guard_starting`, `replayed`, `replay_guard_full`; `malformed_argument` where the store's users have another tolerance;
    /// `store_unavailable` for a reply that is none of the script's.
    pub fn settle(reply: i64) -> Result<()> {
        match reply {
            0 => Ok(()),
            1 => Err(ErrorCode::Expired.into()),
            2 => Err(ErrorCode::ReplayGuardStarting.into()),
            3 => Err(ErrorCode::Replayed.into()),
            4 => Err(Error::new(ErrorCode::MalformedArgument, OTHER_TOLERANCE)),
            5 => Err(ErrorCode::ReplayGuardFull.into()),
            _ => Err(Self::unavailable("a reply that is none of the script's")),
        }
    }

    /// The refusal where the store did not answer. `why` is for the people on this side, and names no address or secret.
    pub fn unavailable(why: &str) -> Error {
        let detail = format!("the shared replay guard: {why}; nothing is accepted until Redis answers again");
        Error::new(ErrorCode::StoreUnavailable, detail)
    }

    /// What to warn of before a store is relied on, given its answer to `INFO memory`: a store that evicts forgets nonces that are live.
    pub fn warning(info: &str) -> Option<String> {
        let policy = info.lines().find_map(|line| line.strip_prefix("maxmemory_policy:")).map(str::trim);
        match policy {
            Some("noeviction") => None,
            Some(policy) => Some(format!(
                "the replay guard's Redis has maxmemory-policy {policy}, which may evict live nonces: set it to noeviction"
            )),
            None => Some(String::from(
                "the replay guard's Redis does not tell its maxmemory-policy: make sure that it is noeviction",
            )),
        }
    }
}

const OPTIONS: &[&str] = &["scope", "cluster"];
const OTHER_TOLERANCE: &str = "the shared replay guard is used with another max_age + max_ahead; give all its users the same. To change it, \
    give it to all of them and delete the key counterseal:1:tolerance";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nonce::Nonce;
    use crate::replay::SignedNonce;

    fn claim(options: &str) -> SharedClaim {
        let nonce = Nonce::parse("AAECAwQFBgcICQoLDA0ODw").unwrap();
        let nonce = SignedNonce::new("packet-1", "engine-7", &nonce);
        let ts = Timestamp::new(1_708_167_234).unwrap();
        let tolerance = Tolerance::new(60, 5).unwrap();
        let options = SharedGuardOptions::from_json(options.as_bytes()).unwrap();
        SharedClaim::new(&Claim::new(nonce, "engine-7", ts, tolerance, ts), tolerance, &options)
    }

    #[test]
    fn keys_and_arguments() {
        let claim = claim("{}");
        let names = ["La1atj-IF2vmdSuw5Cw9DA", "epoch", "tolerance", "server"];
        assert_eq!(claim.keys(), names.map(|name| format!("counterseal:1:{name}")));
        assert_eq!(claim.arguments(), ["1708167234", "5", "1708167354", "65", "60"]);
    }

    #[test]
    fn the_keys_of_a_cluster_share_a_slot() {
        let names = ["La1atj-IF2vmdSuw5Cw9DA", "epoch", "tolerance", "server"];
        let keys = claim(r#"{"cluster":true}"#).keys();
        assert_eq!(keys, names.map(|name| format!("counterseal:1:{{L}}:{name}")));
    }

    #[test]
    fn options() {
        for good in ["{}", r#"{"scope":"","cluster":false}"#, r#"{"scope":"vault"}"#] {
            assert!(SharedGuardOptions::from_json(good.as_bytes()).is_ok(), "{good}");
        }
        for bad in [r#"{"scope":"a b"}"#, r#"{"cluster":1}"#, r#"{"capacity":5}"#, "[]"] {
            let error = SharedGuardOptions::from_json(bad.as_bytes()).unwrap_err();
            assert_eq!(error.code(), ErrorCode::MalformedArgument, "{bad}");
        }
    }

    #[test]
    fn replies() {
        let code = |reply| SharedClaim::settle(reply).map_or_else(|error| error.code().as_str(), |()| "ok");
        let codes = [
            "ok",
            "expired",
            "replay_guard_starting",
            "replayed",
            "malformed_argument",
            "replay_guard_full",
            "store_unavailable",
        ];
        for (reply, expected) in (0..).zip(codes) {
            assert_eq!(code(reply), expected);
        }
        for other in [-1, 7, i64::MIN, i64::MAX] {
            assert_eq!(code(other), "store_unavailable");
        }
    }

    #[test]
    fn a_store_that_evicts_is_warned_of() {
        let of = |policy| SharedClaim::warning(&format!("maxmemory:0\r\nmaxmemory_policy:{policy}\r\n"));
        assert_eq!(of("noeviction"), None);
        assert!(of("allkeys-lru").is_some_and(|warning| warning.contains("allkeys-lru")));
        assert!(of("volatile-ttl").is_some());
        assert!(SharedClaim::warning("used_memory:1\r\n").is_some());
    }
}
