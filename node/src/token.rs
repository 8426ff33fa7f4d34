//! Tokens.

use crate::key::{RawKey, RawKeyring};
use crate::quick::{self, RawMemory};
use crate::session::RawSession;
use crate::value::{RawVerifiedToken, thrown};
use counterseal_shared as shared;
use napi::Env;
use napi::bindgen_prelude::{Result, Unknown};
use napi_derive::napi;

/// A token issuer.
#[napi]
pub struct RawTokenIssuer(shared::TokenIssuer);

#[napi]
impl RawTokenIssuer {
    /// An issuer; its options are JSON.
    #[napi(constructor, catch_unwind)]
    pub fn new(key: &RawKey, options: String) -> Result<Self> {
        shared::TokenIssuer::new(&key.0, &options).map(Self).map_err(thrown)
    }

    /// Issues a token over claims, with its times added; the options are JSON.
    #[napi(catch_unwind)]
    pub fn issue(&self, claims: &[u8], options: String, now: Option<f64>) -> Result<String> {
        self.0.issue(claims, &options, now).map_err(thrown)
    }

    /// Issues a token over claims as they stand.
    #[napi(catch_unwind)]
    pub fn issue_text(&self, claims: &[u8], now: Option<f64>) -> Result<String> {
        self.0.issue_text(claims, now).map_err(thrown)
    }
}

/// A token verifier.
#[napi]
pub struct RawTokenVerifier(shared::TokenVerifier);

#[napi]
impl RawTokenVerifier {
    /// A verifier; its policy is JSON.
    #[napi(constructor, catch_unwind)]
    pub fn new(ring: &RawKeyring, policy: String) -> Result<Self> {
        shared::TokenVerifier::new(&ring.0, &policy).map(Self).map_err(thrown)
    }

    /// Verifies a token.
    #[napi(catch_unwind)]
    pub fn verify(&self, token: &[u8], now: Option<f64>) -> Result<RawVerifiedToken> {
        self.0.verify(token, now).map(Into::into).map_err(thrown)
    }

    /// Judges a client's handshake for a session. It is a method of the verifier because JavaScript wraps verifiers and not sessions.
    #[napi(catch_unwind)]
    pub fn accept(
        &self,
        session: &RawSession,
        handshake: &[u8],
        now: Option<f64>,
    ) -> Result<RawVerifiedToken> {
        session.0.accept(&self.0, handshake, now).map(Into::into).map_err(thrown)
    }

    /// The calls of the quick road.
    #[napi(catch_unwind)]
    pub fn quick<'env>(&self, env: &'env Env, memory: &RawMemory) -> Result<Vec<Unknown<'env>>> {
        quick::tokens(env, memory, &self.0)
    }
}
