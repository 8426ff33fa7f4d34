//! Secrets, keys, rings and guards.

use crate::value::{Result, thrown};
use counterseal_shared as shared;
use wasm_bindgen::prelude::wasm_bindgen;

/// A secret.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RawSecret(pub(crate) shared::Secret);

#[wasm_bindgen]
impl RawSecret {
    /// A secret as text with its encoding named.
    #[wasm_bindgen(js_name = fromText)]
    pub fn from_text(text: &str) -> Result<Self> {
        shared::Secret::from_text(text).map(Self).map_err(thrown)
    }

    /// A secret as bytes.
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        shared::Secret::from_bytes(bytes).map(Self).map_err(thrown)
    }

    /// A fresh secret of 32 random bytes.
    pub fn generate() -> Result<Self> {
        shared::Secret::generate().map(Self).map_err(thrown)
    }

    /// The secret as `hex:` text.
    pub fn expose(&self) -> String {
        self.0.expose()
    }
}

/// A key.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RawKey(pub(crate) shared::Key);

#[wasm_bindgen]
impl RawKey {
    /// A key; its options are JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(id: &str, secret: &RawSecret, options: &str) -> Result<Self> {
        shared::Key::new(id, &secret.0, options).map(Self).map_err(thrown)
    }

    /// The key's id.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.0.id().to_owned()
    }

    /// Who holds the key.
    #[wasm_bindgen(getter)]
    pub fn owner(&self) -> String {
        self.0.owner().to_owned()
    }
}

/// A keyring.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct RawKeyring(pub(crate) shared::Keyring);

#[wasm_bindgen]
impl RawKeyring {
    /// A ring without keys.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key.
    pub fn add(&self, key: &RawKey) -> Result<()> {
        self.0.add(&key.0).map_err(thrown)
    }

    /// Removes a key; false if there was none of that id.
    pub fn remove(&self, id: &str) -> bool {
        self.0.remove(id)
    }

    /// Revokes a key; false if there is none of that id.
    pub fn revoke(&self, id: &str) -> bool {
        self.0.revoke(id)
    }

    /// The ids of all keys.
    pub fn ids(&self) -> Vec<String> {
        self.0.ids()
    }
}

/// A replay guard in memory.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RawGuard(pub(crate) shared::MemoryReplayGuard);

#[wasm_bindgen]
impl RawGuard {
    /// A guard; its options are JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Self> {
        shared::MemoryReplayGuard::new(options).map(Self).map_err(thrown)
    }

    /// How many nonces it holds.
    pub fn size(&self) -> f64 {
        self.0.len()
    }
}
