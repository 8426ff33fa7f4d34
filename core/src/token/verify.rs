//! Tokens read in one order (wire contract §6): form, header, key, signature, and only then the claims.

use super::header::{self, Header};
use super::parts::{Parts, SHORT};
use super::{Policy, TokenStage, claims, signature};
use crate::error::{Error, ErrorCode, Result};
use crate::json::Document;
use crate::key::{Key, Keyring, Use};
use crate::time::Timestamp;
use alloc::borrow::Cow;
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
        let mut room = [0; SHORT];
        let parts = Parts::read(token, &mut room)?;
        note(TokenStage::Header);
        let header = Header::read(&parts.header, &self.policy);
        let (mut text, mut decoded) = (Vec::new(), None);
        let key = header.and_then(|header| {
            note(TokenStage::Key);
            // Form alone, which comes before the signature in the contract's order; the decoded bytes are read behind it.
            let decode = || {
                decoded.get_or_insert_with(|| parts.decode_claims(token, &mut text));
            };
            signer(ring, &header, &parts, now, decode)
        });
        let decoded = decoded.unwrap_or_else(|| parts.decode_claims(token, &mut text));
        decoded.inspect_err(|_| note(TokenStage::Form))?;
        if key.is_err() {
            parts.check_signature_grammar(token).inspect_err(|_| note(TokenStage::Form))?;
        }
        let key = key?;
        note(TokenStage::Claims);
        let mut claims = Document::with_room(text.len());
        claims.fill(text).map_err(|fault| header::malformed(&fault))?;
        let Some(members) = claims.members() else { return Err(header::not_an_object()) };
        let expires = claims::check(&members, &self.policy, now, note)?;
        // A count that threads share is added to last: whatever stands behind it would wait until all before it is done.
        Ok(VerifiedToken { expires, is_ticket: self.policy.is_of_tickets(), claims, key: key.clone() })
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

/// The key under which the signature is good. `work` is what may be done while it is hashed.
#[inline(always)]
fn signer<'r>(
    ring: &'r Keyring,
    header: &Header<'_>,
    parts: &Parts<'_>,
    now: Timestamp,
    mut work: impl FnMut(),
) -> Result<&'r Key> {
    let mut fits =
        |key: &Key| signature::fits(key, header.algorithm, parts.signing_input, parts.signature, &mut work);
    let found = match &header.key_id {
        Some(id) => named_key(ring, id, header, now).map(|key| Some(key).filter(|key| fits(key))),
        None => fitting_keys(ring, header, now).map(|mut keys| keys.find(|key| fits(key))),
    };
    found
        .inspect_err(|_| signature::spend(header.algorithm, parts.signing_input))?
        .ok_or_else(|| ErrorCode::BadSignature.into())
}

fn named_key<'r>(ring: &'r Keyring, id: &[u8], header: &Header<'_>, now: Timestamp) -> Result<&'r Key> {
    let key = ring.find_bytes(id, &Use::Token, now)?;
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
