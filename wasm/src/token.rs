//! Tokens.

use crate::key::{RawKey, RawKeyring};
use crate::value::{Result, thrown, verified_token};
use counterseal_shared as shared;
use js_sys::Object;
use wasm_bindgen::prelude::wasm_bindgen;

/// A token issuer.
#[wasm_bindgen]
pub struct RawTokenIssuer(shared::TokenIssuer);

#[wasm_bindgen]
impl RawTokenIssuer {
    /// An issuer; its options are JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(key: &RawKey, options: &str) -> Result<Self> {
        shared::TokenIssuer::new(&key.0, options).map(Self).map_err(thrown)
    }

    /// Issues a token over claims, with its times added; the options are JSON.
    pub fn issue(&self, claims: &[u8], options: &str, now: Option<f64>) -> Result<String> {
        self.0.issue(claims, options, now).map_err(thrown)
    }

    /// Issues a token over claims as they stand.
    #[wasm_bindgen(js_name = issueText)]
    pub fn issue_text(&self, claims: &[u8], now: Option<f64>) -> Result<String> {
        self.0.issue_text(claims, now).map_err(thrown)
    }
}

/// A token verifier.
#[wasm_bindgen]
pub struct RawTokenVerifier(shared::TokenVerifier);

#[wasm_bindgen]
impl RawTokenVerifier {
    /// A verifier; its policy is JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(ring: &RawKeyring, policy: &str) -> Result<Self> {
        shared::TokenVerifier::new(&ring.0, policy).map(Self).map_err(thrown)
    }

    /// Verifies a token.
    #[wasm_bindgen(unchecked_return_type = "VerifiedToken")]
    pub fn verify(&self, token: &[u8], now: Option<f64>) -> Result<Object> {
        self.0.verify(token, now).map(verified_token).map_err(thrown)
    }
}
