//! What a store is asked about. The TypeScript asks it, and settles each once: what was settled is gone.

use crate::request::RawVerifiedRequest;
use crate::value::{RawVerified, thrown, verified};
use counterseal_shared as shared;
use napi::Env;
use napi::bindgen_prelude::Result;
use napi_derive::napi;

/// A packet whose nonce is to be claimed.
#[napi]
pub struct RawClaimingPacket(Option<shared::ClaimingPacket>);

#[napi]
impl RawClaimingPacket {
    /// The script's KEYS.
    #[napi(catch_unwind)]
    pub fn keys(&self) -> Vec<String> {
        self.0.as_ref().map(shared::Claiming::keys).unwrap_or_default()
    }

    /// The script's ARGV.
    #[napi(catch_unwind)]
    pub fn arguments(&self) -> Vec<String> {
        self.0.as_ref().map(shared::Claiming::arguments).unwrap_or_default()
    }

    /// Goes on with the script's reply, or with why there is none.
    #[napi(catch_unwind)]
    pub fn settle<'env>(
        &mut self,
        env: &'env Env,
        reply: f64,
        why: Option<String>,
    ) -> Result<RawVerified<'env>> {
        let answer = why.as_deref().map_or(Ok(reply), Err);
        verified(env, once(&mut self.0)?.settle(answer).map_err(thrown)?)
    }
}

/// A request whose nonce is to be claimed.
#[napi]
pub struct RawClaimingRequest(Option<shared::ClaimingRequest>);

#[napi]
impl RawClaimingRequest {
    /// The script's KEYS.
    #[napi(catch_unwind)]
    pub fn keys(&self) -> Vec<String> {
        self.0.as_ref().map(shared::Claiming::keys).unwrap_or_default()
    }

    /// The script's ARGV.
    #[napi(catch_unwind)]
    pub fn arguments(&self) -> Vec<String> {
        self.0.as_ref().map(shared::Claiming::arguments).unwrap_or_default()
    }

    /// Goes on with the script's reply, or with why there is none.
    #[napi(catch_unwind)]
    pub fn settle(&mut self, reply: f64, why: Option<String>) -> Result<RawVerifiedRequest> {
        let answer = why.as_deref().map_or(Ok(reply), Err);
        once(&mut self.0)?.settle(answer).map(Into::into).map_err(thrown)
    }
}

impl From<shared::ClaimingPacket> for RawClaimingPacket {
    fn from(claiming: shared::ClaimingPacket) -> Self {
        Self(Some(claiming))
    }
}

impl From<shared::ClaimingRequest> for RawClaimingRequest {
    fn from(claiming: shared::ClaimingRequest) -> Self {
        Self(Some(claiming))
    }
}

fn once<T>(claiming: &mut Option<T>) -> Result<T> {
    claiming.take().ok_or_else(|| napi::Error::from_reason("it was settled before"))
}
