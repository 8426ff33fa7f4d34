//! Secrets, keys and rings for foreign callers.

use crate::entropy;
use crate::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use counterseal::Result;
use zeroize::Zeroizing;

/// Secret bytes, wiped when dropped.
#[derive(Clone, Debug)]
pub struct Secret(pub(crate) counterseal::Secret);

impl Secret {
    /// A secret as text that names its encoding: `hex:`, `base64:`, `base64url:`, `utf8:`.
    ///
    /// # Errors
    /// `malformed_key`, `weak_secret`.
    pub fn from_text(text: &str) -> Result<Self> {
        counterseal::Secret::from_text(text).map(Self)
    }

    /// A secret as bytes.
    ///
    /// # Errors
    /// `malformed_key`, `weak_secret`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        counterseal::Secret::from_bytes(bytes).map(Self)
    }

    /// A fresh secret of 32 random bytes.
    ///
    /// # Errors
    /// `malformed_argument` where the system has no random source.
    pub fn generate() -> Result<Self> {
        let mut entropy = Zeroizing::new([0; 32]);
        entropy::fill(&mut *entropy)?;
        Ok(Self(counterseal::Secret::from_entropy(&entropy)))
    }

    /// The secret as `hex:` text: the one way to read it back.
    pub fn expose(&self) -> String {
        let bytes = self.0.expose();
        let mut text = String::with_capacity(4 + 2 * bytes.len());
        text.push_str("hex:");
        text.extend(
            bytes
                .iter()
                .flat_map(|byte| [byte >> 4, byte & 15])
                .map(|digit| char::from(DIGITS[digit as usize])),
        );
        text
    }
}

/// A key. A clone is the same key: revoking one revokes all.
#[derive(Clone, Debug)]
pub struct Key(pub(crate) counterseal::Key);

impl Key {
    /// A key whose options are JSON: `owner`, `not_before`, `not_after`, `revoked`, `algorithms`, `uses`.
    ///
    /// # Errors
    /// `malformed_key`, `weak_secret`; `malformed_argument` for an unknown member.
    pub fn new(id: &str, secret: &Secret, options: &str) -> Result<Self> {
        counterseal::Key::from_options(id, secret.0.clone(), options.as_bytes()).map(Self)
    }

    /// The key's id.
    pub fn id(&self) -> &str {
        self.0.id()
    }

    /// Who holds the key.
    pub fn owner(&self) -> &str {
        self.0.owner()
    }

    /// The key without its secret, for a `repr`.
    pub fn describe(&self) -> String {
        alloc::format!("{:?}", self.0)
    }
}

/// Keys by id. A clone is the same ring; threads may share it.
#[derive(Clone, Debug, Default)]
pub struct Keyring(Arc<RwLock<counterseal::Keyring>>);

impl Keyring {
    /// A ring of keys.
    ///
    /// # Errors
    /// `malformed_key` for a repeated id, or one secret under uses that must not share it.
    pub fn new(keys: &[&Key]) -> Result<Self> {
        let ring = counterseal::Keyring::new(keys.iter().map(|key| key.0.clone()))?;
        Ok(Self(Arc::new(RwLock::new(ring))))
    }

    /// Adds a key.
    ///
    /// # Errors
    /// As [`Keyring::new`]; the ring is then as it was.
    pub fn add(&self, key: &Key) -> Result<()> {
        self.write().add(key.0.clone())
    }

    /// Removes a key; false if there was none of that id.
    pub fn remove(&self, id: &str) -> bool {
        self.write().remove(id)
    }

    /// Revokes a key, in every ring and signer that holds it; false if there is none of that id.
    pub fn revoke(&self, id: &str) -> bool {
        self.read().revoke(id)
    }

    /// The ids, sorted.
    pub fn ids(&self) -> Vec<String> {
        self.read().keys().map(|key| key.id().to_owned()).collect()
    }

    // A ring changes by whole steps, so a panic elsewhere leaves it sound.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, counterseal::Keyring> {
        self.0.read().unwrap_or_else(|poison| poison.into_inner())
    }

    fn write(&self) -> RwLockWriteGuard<'_, counterseal::Keyring> {
        self.0.write().unwrap_or_else(|poison| poison.into_inner())
    }
}

/// A secret derived from a master (wire contract §7). Deterministic: the same arguments, the same secret.
///
/// # Errors
/// `malformed_argument` for a purpose, owner or key id outside its grammar.
pub fn derive(master: &Secret, purpose: &str, owner: &str, key_id: &str) -> Result<Secret> {
    counterseal::derive(&master.0, purpose, owner, key_id).map(Secret)
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";
