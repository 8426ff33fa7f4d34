//! Tokens for foreign callers.

use crate::{Key, Keyring, argument};
use alloc::string::String;
use counterseal::{Policy, Result};

pub use counterseal::VerifiedToken;

/// Issues tokens with one key and algorithm.
#[derive(Clone)]
pub struct TokenIssuer(counterseal::TokenIssuer);

impl TokenIssuer {
    /// An issuer whose options are JSON: `alg`, HS256 by default.
    ///
    /// # Errors
    /// `malformed_argument` if the key is not for tokens or not for this algorithm, or for an unknown member.
    pub fn new(key: &Key, options: &str) -> Result<Self> {
        counterseal::TokenIssuer::from_options(&key.0, options.as_bytes()).map(Self)
    }

    /// Issues a token over claims given as a JSON object, with `iat` and `exp` added, and `jti` if asked.
    ///
    /// `options` are JSON: `expires_in` (seconds, required), `jti` (true or false).
    ///
    /// # Errors
    /// `malformed_argument`; `token_too_large`; `revoked_key`, `inactive_key`.
    pub fn issue(&self, claims: &[u8], options: &str, now: Option<f64>) -> Result<String> {
        let (lifetime, now) =
            (counterseal::TokenLifetime::from_options(options.as_bytes())?, argument::now(now)?);
        let jti = if lifetime.jti { Some(argument::nonce(None)?) } else { None };
        self.0.issue_json(claims, lifetime.expires_in, jti.as_ref(), now)
    }

    /// Signs claims verbatim, given as the text of a JSON object.
    ///
    /// # Errors
    /// As [`TokenIssuer::issue`].
    pub fn issue_text(&self, claims: &[u8], now: Option<f64>) -> Result<String> {
        self.0.issue_text(claims, argument::now(now)?)
    }
}

/// Verifies tokens against a ring, by a policy.
#[derive(Clone)]
pub struct TokenVerifier {
    ring: Keyring,
    verifier: counterseal::TokenVerifier,
}

impl TokenVerifier {
    /// A verifier whose policy is JSON (wire contract §6).
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member or a value outside its rules.
    pub fn new(ring: &Keyring, policy: &str) -> Result<Self> {
        let verifier = counterseal::TokenVerifier::new(Policy::from_json(policy.as_bytes())?);
        Ok(Self { ring: ring.clone(), verifier })
    }

    pub(crate) fn core(&self) -> &counterseal::TokenVerifier {
        &self.verifier
    }

    pub(crate) fn ring(&self) -> &Keyring {
        &self.ring
    }

    /// Verifies a token.
    ///
    /// # Errors
    /// Every code of wire contract §6.
    pub fn verify(&self, token: &[u8], now: Option<f64>) -> Result<VerifiedToken> {
        self.verifier.verify(&self.ring.read(), token, argument::now(now)?)
    }
}
