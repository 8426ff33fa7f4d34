//! Tokens read in one order (wire contract §6): form, header, key, signature, and only then the claims.

use super::claims::{self, Claims};
use super::header::{self, Unverified};
use super::{Policy, signature};
use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, Value};
use crate::key::{Key, Keyring, Use};
use crate::time::Timestamp;
use alloc::string::String;
use alloc::vec::Vec;

/// Verifies tokens against one policy.
#[derive(Clone, Debug, Default)]
pub struct TokenVerifier {
    policy: Policy,
}

impl TokenVerifier {
    /// A verifier that holds tokens against `policy`.
    pub fn new(policy: Policy) -> Self {
        Self { policy }
    }

    /// Verifies a token under the keys of `ring` whose use is `token`.
    ///
    /// # Errors
    /// In this order: `token_too_large`, `malformed_token`, `unsupported_algorithm`, `unsupported_critical`, `malformed_token` (`zip`, `typ`),
    /// `unknown_key`, `revoked_key`, `inactive_key`, `unsupported_algorithm` (the key's), `bad_signature`, `malformed_token` (the claims), then
    /// `claim_missing`, `claim_invalid`, `claim_mismatch`, `token_expired`, `token_not_yet_valid`, `token_revoked`.
    pub fn verify(&self, ring: &Keyring, token: &[u8], now: Timestamp) -> Result<VerifiedToken> {
        let token = header::read(token, &self.policy)?;
        let key = signer(ring, &token, now)?;
        let members = header::members(&token.claims)?;
        claims::check(&Claims(&members), &self.policy, now)?;
        Ok(VerifiedToken { claims: Value::Object(members), key: key.clone() })
    }
}

/// A token whose signature and claims were good: the evidence.
#[derive(Clone, Debug)]
pub struct VerifiedToken {
    claims: Value,
    key: Key,
}

impl VerifiedToken {
    /// The claims, an object.
    pub fn claims(&self) -> &Value {
        &self.claims
    }

    /// The claims in RFC 8785 form.
    pub fn claims_text(&self) -> String {
        json::write(&self.claims)
    }

    /// The id of the key that verified it, whether or not the token names one.
    pub fn key_id(&self) -> &str {
        self.key.id()
    }

    /// The owner of the key that verified it.
    pub fn owner(&self) -> &str {
        self.key.owner()
    }
}

/// The key under which the signature is good.
fn signer<'a>(ring: &'a Keyring, token: &Unverified<'_>, now: Timestamp) -> Result<&'a Key> {
    let candidates = match &token.key_id {
        Some(id) => named_key(ring, id, token, now).map(|key| [key].into()),
        None => fitting_keys(ring, token, now),
    };
    let candidates: Vec<&Key> =
        candidates.inspect_err(|_| signature::spend(token.algorithm, token.signing_input))?;
    check_signature(&candidates, token)
}

fn named_key<'a>(ring: &'a Keyring, id: &str, token: &Unverified<'_>, now: Timestamp) -> Result<&'a Key> {
    let key = ring.find(id, &Use::Token, now)?;
    check_key_algorithm(key, token)?;
    Ok(key)
}

fn check_key_algorithm(key: &Key, token: &Unverified<'_>) -> Result<()> {
    if key.algorithms().contains(&token.algorithm) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::UnsupportedAlgorithm, "alg is not one that the key allows"))
}

/// The keys to try for a token that names none.
fn fitting_keys<'a>(ring: &'a Keyring, token: &Unverified<'_>, now: Timestamp) -> Result<Vec<&'a Key>> {
    let fits = |key: &&Key| {
        key.uses().contains(&Use::Token) && !key.is_revoked() && key.algorithms().contains(&token.algorithm)
    };
    let fitting: Vec<&Key> = ring.keys().filter(fits).collect();
    check_few(&fitting)?;
    let active: Vec<&Key> = fitting.into_iter().filter(|key| key.is_active(now)).collect();
    check_some(&active)?;
    Ok(active)
}

/// Each costs a MAC that a stranger can ask for. Counted whatever their windows, so that the answer does not change with the time.
fn check_few(fitting: &[&Key]) -> Result<()> {
    if fitting.len() > WITHOUT_KEY_ID_MAX {
        return Err(Error::new(
            ErrorCode::UnknownKey,
            "the token names no key, and more than eight fit; name the key in kid",
        ));
    }
    Ok(())
}

fn check_some(active: &[&Key]) -> Result<()> {
    if active.is_empty() {
        return Err(Error::new(ErrorCode::UnknownKey, "the token names no key, and no active key fits"));
    }
    Ok(())
}

fn check_signature<'a>(candidates: &[&'a Key], token: &Unverified<'_>) -> Result<&'a Key> {
    let fits = |key: &&&Key| signature::fits(key, token.algorithm, token.signing_input, &token.signature);
    candidates.iter().find(fits).copied().ok_or_else(|| ErrorCode::BadSignature.into())
}

const WITHOUT_KEY_ID_MAX: usize = 8;
