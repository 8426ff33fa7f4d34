//! Keys: who signs, with what, for what, and when.

mod algorithm;
mod keyring;
mod secret;
mod uses;

pub use algorithm::Algorithm;
pub(crate) use algorithm::RULE as ALGORITHM_RULE;
pub use keyring::Keyring;
pub use secret::Secret;
pub(crate) use secret::decode_hex;
pub use uses::Use;

use crate::error::{Error, ErrorCode, Result};
use crate::mac::MacKey;
use crate::options::Options;
use crate::replay::Sources;
use crate::text::{NAME_RULE, is_name};
use crate::time::Timestamp;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering};

/// A secret with an id, an owner, a window of validity and named uses. A clone is the same key: revoking one revokes all.
#[derive(Clone)]
pub struct Key(Arc<Inner>);

struct Inner {
    id: String,
    owner: String,
    secret: Secret,
    mac_key: MacKey,
    sources: Sources,
    not_before: Timestamp,
    not_after: Option<Timestamp>,
    revoked: AtomicBool,
    algorithms: Vec<Algorithm>,
    uses: Vec<Use>,
}

/// What a key has besides its id and secret. The default: owned by its own id, always active, for packets and requests.
#[derive(Clone, Debug)]
pub struct KeyOptions {
    /// Who holds the key; the key's id if absent.
    pub owner: Option<String>,
    /// The first second in which the key is active.
    pub not_before: Timestamp,
    /// The first second in which the key is no longer active.
    pub not_after: Option<Timestamp>,
    /// Revoked from the start.
    pub revoked: bool,
    /// The algorithms that a token key may be used with.
    pub algorithms: Vec<Algorithm>,
    /// What the key is for. `packet` and `request` may be combined; every other use stands alone.
    pub uses: Vec<Use>,
}

impl Default for KeyOptions {
    fn default() -> Self {
        Self {
            owner: None,
            not_before: Timestamp::EPOCH,
            not_after: None,
            revoked: false,
            algorithms: [Algorithm::Hs256].into(),
            uses: [Use::Packet, Use::Request].into(),
        }
    }
}

impl Key {
    /// A key (wire contract §1).
    ///
    /// # Errors
    /// `malformed_key` for an id or owner outside its grammar, a window that ends before it begins, no algorithm, or uses that must stand
    /// alone; `weak_secret` for a secret too short for its algorithms.
    pub fn new(id: &str, secret: Secret, options: KeyOptions) -> Result<Self> {
        let owner = options.owner.unwrap_or_else(|| id.to_string());
        check_name("id", id)?;
        check_name("owner", &owner)?;
        check_window(options.not_before, options.not_after)?;
        algorithm::check_all(&options.algorithms)?;
        uses::check_all(&options.uses)?;
        check_strength(&secret, &options.algorithms)?;
        Ok(Self(Arc::new(Inner {
            id: id.to_string(),
            owner,
            mac_key: MacKey::new(secret.expose()),
            sources: Sources::new(id),
            secret,
            not_before: options.not_before,
            not_after: options.not_after,
            revoked: AtomicBool::new(options.revoked),
            algorithms: options.algorithms,
            uses: options.uses,
        })))
    }

    /// A key whose options are JSON: `owner`, `not_before`, `not_after`, `revoked`, `algorithms`, `uses`.
    ///
    /// # Errors
    /// As [`Key::new`]; `malformed_argument` for an unknown member.
    pub fn from_options(id: &str, secret: Secret, json: &[u8]) -> Result<Self> {
        let given = Options::read(json, OPTIONS, ErrorCode::MalformedKey)?;
        let default = KeyOptions::default();
        let options = KeyOptions {
            owner: given.name("owner")?,
            not_before: given.timestamp("not_before")?.unwrap_or(default.not_before),
            not_after: given.timestamp("not_after")?,
            revoked: given.flag("revoked")?.unwrap_or(default.revoked),
            algorithms: given
                .list("algorithms", algorithm::RULE, Algorithm::parse)?
                .unwrap_or(default.algorithms),
            uses: given.list("uses", uses::RULE, Use::parse)?.unwrap_or(default.uses),
        };
        Self::new(id, secret, options)
    }

    /// The key's id.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Who holds the key.
    pub fn owner(&self) -> &str {
        &self.0.owner
    }

    /// What the key is for.
    pub fn uses(&self) -> &[Use] {
        &self.0.uses
    }

    /// The algorithms that the key allows for tokens.
    pub fn algorithms(&self) -> &[Algorithm] {
        &self.0.algorithms
    }

    /// Refuses the key from now on, in every ring and signer that holds it.
    pub fn revoke(&self) {
        self.0.revoked.store(true, Ordering::Release);
    }

    /// Whether the key is revoked.
    pub fn is_revoked(&self) -> bool {
        self.0.revoked.load(Ordering::Acquire)
    }

    /// Whether `now` lies in the key's window: not_before ≤ now < not_after.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.0.not_before <= now && self.0.not_after.is_none_or(|end| now < end)
    }

    /// The first second in which the key is active.
    pub(crate) fn not_before(&self) -> Timestamp {
        self.0.not_before
    }

    /// The first second in which the key is no longer active.
    pub(crate) fn not_after(&self) -> Option<Timestamp> {
        self.0.not_after
    }

    /// Whether the key may be used at `now`, for signing as for verifying.
    ///
    /// # Errors
    /// `revoked_key`, then `inactive_key`.
    pub fn check_status(&self, now: Timestamp) -> Result<(), ErrorCode> {
        self.check_revocation()?;
        self.check_active(now)
    }

    pub(crate) fn check_revocation(&self) -> Result<(), ErrorCode> {
        if self.is_revoked() { Err(ErrorCode::RevokedKey) } else { Ok(()) }
    }

    fn check_active(&self, now: Timestamp) -> Result<(), ErrorCode> {
        if self.is_active(now) { Ok(()) } else { Err(ErrorCode::InactiveKey) }
    }

    /// Signing with a key for what it is not for is the caller's own mistake.
    pub(crate) fn check_signs(&self, wanted: &Use) -> Result<()> {
        if self.uses().contains(wanted) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::MalformedArgument,
            format!("key {} is not for {wanted}; name it in the key's uses", self.id()),
        ))
    }

    pub(crate) fn mac_key(&self) -> &MacKey {
        &self.0.mac_key
    }

    /// What the marks of its nonces have in common.
    pub(crate) fn sources(&self) -> Sources {
        self.0.sources
    }

    pub(crate) fn secret_bytes(&self) -> &[u8] {
        self.0.secret.expose()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({:?}, owner={:?})", self.id(), self.owner())
    }
}

fn check_name(part: &str, name: &str) -> Result<()> {
    if is_name(name) {
        Ok(())
    } else {
        Err(Error::new(ErrorCode::MalformedKey, format!("{part} must be {NAME_RULE}")))
    }
}

fn check_window(not_before: Timestamp, not_after: Option<Timestamp>) -> Result<()> {
    if not_after.is_some_and(|end| end < not_before) {
        return Err(Error::new(ErrorCode::MalformedKey, "not_after must not be before not_before"));
    }
    Ok(())
}

fn check_strength(secret: &Secret, algorithms: &[Algorithm]) -> Result<()> {
    match algorithms.iter().find(|algorithm| secret.expose().len() < algorithm.least_secret()) {
        Some(weak) => {
            let detail = format!(
                "a secret for {weak} must have at least {} bytes; generate a longer one",
                weak.least_secret()
            );
            Err(Error::new(ErrorCode::WeakSecret, detail))
        }
        None => Ok(()),
    }
}

const OPTIONS: &[&str] = &["owner", "not_before", "not_after", "revoked", "algorithms", "uses"];

#[cfg(test)]
mod tests;
