//! Keyrings: the keys a verifier knows. Rotation is two keys with overlapping windows; revocation takes effect at once.

use super::{Key, Use, uses};
use crate::collections::BTreeMap;
use crate::error::{Error, ErrorCode, Result};
use crate::time::Timestamp;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::fmt;

/// An id, found by its bytes: who asks need not judge first that they are text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct KeyId(Box<str>);

impl Borrow<[u8]> for KeyId {
    fn borrow(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Keys by id.
#[derive(Clone, Default)]
pub struct Keyring {
    keys: BTreeMap<KeyId, Key>,
    fingerprints: BTreeMap<[u8; 32], Vec<Key>>,
}

impl Keyring {
    /// A ring of keys.
    ///
    /// # Errors
    /// `malformed_key` for a repeated id, or one secret under uses that must not share it.
    pub fn new(keys: impl IntoIterator<Item = Key>) -> Result<Self> {
        let mut ring = Self::default();
        for key in keys {
            ring.add(key)?;
        }
        Ok(ring)
    }

    /// Adds a key.
    ///
    /// # Errors
    /// As [`Keyring::new`]; the ring is then as it was.
    pub fn add(&mut self, key: Key) -> Result<()> {
        self.check_new_id(&key)?;
        let fingerprint = fingerprint(&key);
        self.check_secret(&key, &fingerprint)?;
        self.fingerprints.entry(fingerprint).or_default().push(key.clone());
        self.keys.insert(KeyId(key.id().into()), key);
        Ok(())
    }

    /// Removes a key; false if there was none of that id.
    pub fn remove(&mut self, id: &str) -> bool {
        let Some(key) = self.keys.remove(id.as_bytes()) else { return false };
        let fingerprint = fingerprint(&key);
        if let Some(sharing) = self.fingerprints.get_mut(&fingerprint) {
            sharing.retain(|other| other.id() != id);
            if sharing.is_empty() {
                self.fingerprints.remove(&fingerprint);
            }
        }
        true
    }

    /// Revokes a key; false if there is none of that id.
    pub fn revoke(&self, id: &str) -> bool {
        self.get(id).map(Key::revoke).is_some()
    }

    /// The key of that id, whatever its status.
    pub fn get(&self, id: &str) -> Option<&Key> {
        self.keys.get(id.as_bytes())
    }

    /// All keys, by id.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.values()
    }

    /// Check 3 of the verification order (wire contract §4): the key that may verify this.
    ///
    /// # Errors
    /// `unknown_key` (also for a key that is not for this use), `revoked_key`, `inactive_key`, in this order.
    pub fn find(&self, id: &str, wanted: &Use, now: Timestamp) -> Result<&Key, ErrorCode> {
        self.find_bytes(id.as_bytes(), wanted, now)
    }

    /// [`Keyring::find`] by an id that may be no text.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub(crate) fn find_bytes(&self, id: &[u8], wanted: &Use, now: Timestamp) -> Result<&Key, ErrorCode> {
        let key = self.keys.get(id).ok_or(ErrorCode::UnknownKey)?;
        check_use(key, wanted)?;
        key.check_status(now)?;
        Ok(key)
    }

    fn check_new_id(&self, key: &Key) -> Result<()> {
        if self.keys.contains_key(key.id().as_bytes()) {
            return Err(Error::new(
                ErrorCode::MalformedKey,
                format!("key id {} stands twice in the ring", key.id()),
            ));
        }
        Ok(())
    }

    fn check_secret(&self, key: &Key, fingerprint: &[u8; 32]) -> Result<()> {
        let sharing = self.fingerprints.get(fingerprint).map_or(&[][..], Vec::as_slice);
        match sharing.iter().find(|other| !uses::may_share(key.uses(), other.uses())) {
            Some(other) => {
                let detail = format!(
                    "keys {} and {} have one secret under uses that must not share it",
                    other.id(),
                    key.id()
                );
                Err(Error::new(ErrorCode::MalformedKey, detail))
            }
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys.values()).finish()
    }
}

fn check_use(key: &Key, wanted: &Use) -> Result<(), ErrorCode> {
    if key.uses().contains(wanted) { Ok(()) } else { Err(ErrorCode::UnknownKey) }
}

/// Equal for secrets that are one HMAC key: HMAC pads with zeros and hashes what is longer than a block (RFC 2104 §2).
fn fingerprint(key: &Key) -> [u8; 32] {
    key.mac_key().mac(&[b"counterseal-fingerprint"])
}
