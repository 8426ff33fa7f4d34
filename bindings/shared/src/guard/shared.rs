//! The replay guard that replicas share: what to run in Redis, and what its answer makes of a claim.

use crate::sync::Arc;
use alloc::string::String;
use alloc::vec::Vec;
use counterseal::{
    Authenticated, AuthenticatedRequest, Result, SharedClaim, SharedGuardOptions, Verified, VerifiedRequest,
};

/// How a guard in Redis is used. A clone is the same guard. It holds no connection: each language brings its own client, and runs
/// [`SharedReplayGuard::script`] with what a claim gives.
#[derive(Clone, Debug)]
pub struct SharedReplayGuard(Arc<SharedGuardOptions>);

impl SharedReplayGuard {
    /// A guard whose options are JSON: `scope`, `cluster`.
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member or a value out of its grammar.
    pub fn new(options: &str) -> Result<Self> {
        Ok(Self(Arc::new(SharedGuardOptions::from_json(options.as_bytes())?)))
    }

    /// The Lua script that claims, with the KEYS and ARGV of a claim.
    pub const fn script() -> &'static str {
        SharedClaim::SCRIPT
    }

    /// What to warn of, given the store's answer to `INFO memory`.
    pub fn warning(info: &str) -> Option<String> {
        SharedClaim::warning(info)
    }

    pub(crate) fn options(&self) -> &SharedGuardOptions {
        &self.0
    }
}

/// What passed checks 1 to 7, and whose nonce a store must claim before it is evidence.
#[must_use = "nothing is verified before its nonce is claimed"]
pub struct Claiming<A> {
    claim: SharedClaim,
    authenticated: A,
}

/// A packet on its way to the shared guard.
pub type ClaimingPacket = Claiming<Authenticated<'static, 'static>>;
/// A request on its way to the shared guard.
pub type ClaimingRequest = Claiming<AuthenticatedRequest>;

/// A store's answer: the script's reply, or in words why there is none.
pub type StoreAnswer<'a> = core::result::Result<f64, &'a str>;

impl<A> Claiming<A> {
    /// The script's KEYS.
    pub fn keys(&self) -> Vec<String> {
        self.claim.keys().into()
    }

    /// The script's ARGV.
    pub fn arguments(&self) -> Vec<String> {
        self.claim.arguments().into()
    }
}

impl ClaimingPacket {
    pub(crate) fn packet(authenticated: Authenticated<'_, '_>, guard: &SharedReplayGuard) -> Self {
        Self { claim: authenticated.shared_claim(guard.options()), authenticated: authenticated.into_owned() }
    }

    /// Check 8 with the store's answer.
    ///
    /// # Errors
    /// As [`SharedClaim::settle`]; `store_unavailable` where there is no answer; `revoked_key`.
    pub fn settle(self, answer: StoreAnswer<'_>) -> Result<Verified<'static>> {
        self.authenticated.settle(reply(answer)?)
    }
}

impl ClaimingRequest {
    pub(crate) fn request(authenticated: AuthenticatedRequest, guard: &SharedReplayGuard) -> Self {
        Self { claim: authenticated.shared_claim(guard.options()), authenticated }
    }

    /// Check 8 with the store's answer.
    ///
    /// # Errors
    /// As [`ClaimingPacket::settle`].
    pub fn settle(self, answer: StoreAnswer<'_>) -> Result<VerifiedRequest> {
        self.authenticated.settle(reply(answer)?)
    }
}

/// A reply that is no whole number is none of the script's.
fn reply(answer: StoreAnswer<'_>) -> Result<i64> {
    let reply = answer.map_err(SharedClaim::unavailable)?;
    let whole = reply as i64;
    Ok(if whole as f64 == reply { whole } else { NONE_OF_THE_SCRIPTS })
}

const NONE_OF_THE_SCRIPTS: i64 = -1;
