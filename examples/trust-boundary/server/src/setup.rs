//! What the hub is started with.

use std::path::PathBuf;

use serde::Deserialize;

/// The first line of standard input.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setup {
    /// Who may connect.
    pub(crate) clients: Vec<Client>,
    /// The secret under which the hub issues tokens, known to nobody else.
    pub(crate) token_secret: String,
    /// How far ahead of the hub's clock a packet may be, in seconds; so long is the fence after a start.
    pub(crate) max_ahead: u32,
    /// JSON texts for the hub's exchange with itself.
    pub(crate) payloads: Vec<String>,
    /// What the browser loads.
    pub(crate) folders: Folders,
}

/// One party, and the keys that it shares with the hub.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Client {
    /// The owner of its keys.
    pub(crate) name: String,
    /// What its token must say.
    pub(crate) role: String,
    /// The key in use.
    pub(crate) key: Key,
    /// A key of its own that has been revoked.
    pub(crate) revoked: Key,
}

/// A key's id and its secret as text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// Folders served to the browser.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Folders {
    /// The page.
    pub(crate) page: PathBuf,
    /// The modules that it shares with the Node engine.
    pub(crate) js: PathBuf,
    /// The package `@counterseal/wasm`.
    pub(crate) sdk: PathBuf,
}
