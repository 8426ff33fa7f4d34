//! Tokens read in one order (wire contract §6): form, header, key, signature, and only then the claims.

use super::header::{self, Header};
use super::parts::Parts;
use super::{Policy, TokenStage, claims, signature};
use crate::error::{Error, ErrorCode, Result};
use crate::json::{Document, Item};
use crate::key::{Key, Keyring, Use};
use crate::time::Timestamp;
use alloc::borrow::Cow;
use alloc::string::String;

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
        self.verify_noting(ring, token, now, |_| ())
    }

    /// [`TokenVerifier::verify`], which tells how far it came.
    #[inline(always)]
    pub(crate) fn verify_noting(
        &self,
        ring: &Keyring,
        token: &[u8],
        now: Timestamp,
        mut note: impl FnMut(TokenStage),
    ) -> Result<VerifiedToken> {
        note(TokenStage::Form);
        let parts = Parts::read(token)?;
        note(TokenStage::Header);
        let header = Header::read(parts.header(), &self.policy);
        let key = header.and_then(|header| {
            note(TokenStage::Key);
            signer(ring, &header, &parts, now)
        });
        if key.is_err() {
            parts.check_signature_grammar(token).inspect_err(|_| note(TokenStage::Form))?;
        }
        let key = key?.clone();
        note(TokenStage::Claims);
        let claims = header::read_object(Document::read_owned(parts.claims))?;
        let Item::Object(members) = claims.root() else { return Err(header::not_an_object()) };
        let expires = claims::check(&members, &self.policy, now, note)?;
        Ok(VerifiedToken { expires, is_ticket: self.policy.is_of_tickets(), claims, key })
    }

    /// What tokens are held against.
    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }
}

/// A token whose signature and claims were good: the evidence.
#[derive(Clone, Debug)]
pub struct VerifiedToken {
    claims: Document<'static>,
    key: Key,
    expires: u64,
    is_ticket: bool,
}

impl VerifiedToken {
    /// The claims, an object.
    pub fn claims(&self) -> &Document<'static> {
        &self.claims
    }

    /// The claims in RFC 8785 form.
    pub fn claims_text(&self) -> String {
        self.claims.write()
    }

    /// The claims as JSON text that any parser reads alike: as they arrived where each number is spelled as RFC 8785 spells it, in RFC 8785
    /// form otherwise.
    pub fn claims_json(&self) -> Cow<'_, str> {
        if self.claims.plain_numbers() {
            Cow::Borrowed(self.claims.text())
        } else {
            Cow::Owned(self.claims_text())
        }
    }

    /// The first second in which the verifier would refuse it as `token_expired`: `exp`, or `iat` and the policy's `max_age`, with its leeway.
    pub fn expires(&self) -> u64 {
        self.expires
    }

    /// Whether the policy demanded the type of tickets.
    pub fn is_ticket(&self) -> bool {
        self.is_ticket
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
fn signer<'r>(ring: &'r Keyring, header: &Header<'_>, parts: &Parts<'_>, now: Timestamp) -> Result<&'r Key> {
    let fits = |key: &Key| signature::fits(key, header.algorithm, parts.signing_input, parts.signature);
    let found = match &header.key_id {
        Some(id) => named_key(ring, id, header, now).map(|key| Some(key).filter(|key| fits(key))),
        None => fitting_keys(ring, header, now).map(|mut keys| keys.find(|key| fits(key))),
    };
    found
        .inspect_err(|_| signature::spend(header.algorithm, parts.signing_input))?
        .ok_or_else(|| ErrorCode::BadSignature.into())
}

fn named_key<'r>(ring: &'r Keyring, id: &str, header: &Header<'_>, now: Timestamp) -> Result<&'r Key> {
    let key = ring.find(id, &Use::Token, now)?;
    check_key_algorithm(key, header)?;
    Ok(key)
}

fn check_key_algorithm(key: &Key, header: &Header<'_>) -> Result<()> {
    if key.algorithms().contains(&header.algorithm) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::UnsupportedAlgorithm, "alg is not one that the key allows"))
}

/// The keys to try for a token that names none.
fn fitting_keys<'r>(
    ring: &'r Keyring,
    header: &Header<'_>,
    now: Timestamp,
) -> Result<impl Iterator<Item = &'r Key>> {
    let algorithm = header.algorithm;
    let fits = move |key: &&Key| {
        key.uses().contains(&Use::Token) && !key.is_revoked() && key.algorithms().contains(&algorithm)
    };
    let is_active = move |key: &&Key| key.is_active(now);
    let fitting = || ring.keys().filter(fits);
    check_few(fitting().count())?;
    check_some(fitting().any(|key| is_active(&key)))?;
    Ok(fitting().filter(is_active))
}

/// Each costs a MAC that a stranger can ask for. Counted whatever their windows, so that the answer does not change with the time.
fn check_few(fitting: usize) -> Result<()> {
    if fitting > WITHOUT_KEY_ID_MAX {
        return Err(Error::new(
            ErrorCode::UnknownKey,
            "the token names no key, and more than eight fit; name the key in kid",
        ));
    }
    Ok(())
}

fn check_some(any: bool) -> Result<()> {
    if any {
        return Ok(());
    }
    Err(Error::new(ErrorCode::UnknownKey, "the token names no key, and no active key fits"))
}

const WITHOUT_KEY_ID_MAX: usize = 8;
