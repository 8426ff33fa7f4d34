//! Secrets, keys, rings and guards.

use crate::value::thrown;
use counterseal_shared as shared;
use napi::bindgen_prelude::Result;
use napi_derive::napi;

/// A secret.
#[napi]
pub struct RawSecret(pub(crate) shared::Secret);

#[napi]
impl RawSecret {
    /// A secret as text with its encoding named.
    #[napi(factory, catch_unwind)]
    pub fn from_text(text: String) -> Result<Self> {
        shared::Secret::from_text(&text).map(Self).map_err(thrown)
    }

    /// A secret as bytes.
    #[napi(factory, catch_unwind)]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        shared::Secret::from_bytes(bytes).map(Self).map_err(thrown)
    }

    /// A fresh secret of 32 random bytes.
    #[napi(factory, catch_unwind)]
    pub fn generate() -> Result<Self> {
        shared::Secret::generate().map(Self).map_err(thrown)
    }

    /// The secret as `hex:` text.
    #[napi(catch_unwind)]
    pub fn expose(&self) -> String {
        self.0.expose()
    }
}

/// A key.
#[napi]
pub struct RawKey(pub(crate) shared::Key);

#[napi]
impl RawKey {
    /// A key; its options are JSON.
    #[napi(constructor, catch_unwind)]
    pub fn new(id: String, secret: &RawSecret, options: String) -> Result<Self> {
        shared::Key::new(&id, &secret.0, &options).map(Self).map_err(thrown)
    }

    /// The key's id.
    #[napi(getter, catch_unwind)]
    pub fn id(&self) -> &str {
        self.0.id()
    }

    /// Who holds the key.
    #[napi(getter, catch_unwind)]
    pub fn owner(&self) -> &str {
        self.0.owner()
    }
}

/// A keyring.
#[napi]
#[derive(Default)]
pub struct RawKeyring(pub(crate) shared::Keyring);

#[napi]
impl RawKeyring {
    /// A ring without keys.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key.
    #[napi(catch_unwind)]
    pub fn add(&self, key: &RawKey) -> Result<()> {
        self.0.add(&key.0).map_err(thrown)
    }

    /// Removes a key; false if there was none of that id.
    #[napi(catch_unwind)]
    pub fn remove(&self, id: String) -> bool {
        self.0.remove(&id)
    }

    /// Revokes a key; false if there is none of that id.
    #[napi(catch_unwind)]
    pub fn revoke(&self, id: String) -> bool {
        self.0.revoke(&id)
    }

    /// The ids of all keys.
    #[napi(catch_unwind)]
    pub fn ids(&self) -> Vec<String> {
        self.0.ids()
    }
}

/// A replay guard in memory.
#[napi]
pub struct RawGuard(pub(crate) shared::MemoryReplayGuard);

#[napi]
impl RawGuard {
    /// A guard; its options are JSON.
    #[napi(constructor, catch_unwind)]
    pub fn new(options: String) -> Result<Self> {
        shared::MemoryReplayGuard::new(&options).map(Self).map_err(thrown)
    }

    /// How many nonces it holds.
    #[napi(catch_unwind)]
    pub fn size(&self) -> f64 {
        self.0.len()
    }
}

/// A guard that replicas share. It holds no connection: JavaScript asks the store.
#[napi]
pub struct RawSharedGuard(pub(crate) shared::SharedReplayGuard);

#[napi]
impl RawSharedGuard {
    /// A guard; its options are JSON.
    #[napi(constructor, catch_unwind)]
    pub fn new(options: String) -> Result<Self> {
        shared::SharedReplayGuard::new(&options).map(Self).map_err(thrown)
    }
}
