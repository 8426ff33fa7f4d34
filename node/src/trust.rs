//! Who may call whom.

use crate::value::thrown;
use counterseal_shared as shared;
use napi::bindgen_prelude::Result;
use napi_derive::napi;

/// A policy of who may call whom.
#[napi]
pub struct RawTrust(shared::Trust);

#[napi]
impl RawTrust {
    /// A policy, as JSON.
    #[napi(constructor, catch_unwind)]
    pub fn new(policy: &[u8]) -> Result<Self> {
        shared::Trust::new(policy).map(Self).map_err(thrown)
    }

    /// Judges a call.
    #[napi(catch_unwind)]
    pub fn check(&self, callee: String, caller: String, method: String, path: String) -> Result<()> {
        self.0.check(&callee, &caller, &method, &path).map_err(thrown)
    }

    /// Whether anyone may call this path of the callee.
    #[napi(catch_unwind)]
    pub fn is_exempt(&self, callee: String, path: String) -> bool {
        self.0.is_exempt(&callee, &path)
    }

    /// What the policy says of a callee, a sentence each.
    #[napi(catch_unwind)]
    pub fn explain(&self, callee: String) -> Vec<String> {
        self.0.explain(&callee)
    }
}
