//! Sessions.

use crate::key::{RawKey, RawKeyring};
use crate::value::{RawVerified, thrown, verified};
use counterseal_shared as shared;
use napi::Env;
use napi::bindgen_prelude::Result;
use napi_derive::napi;

/// One end of one connection.
#[napi]
pub struct RawSession(pub(crate) shared::Session);

/// How a session stands.
#[napi(object)]
pub struct RawStanding {
    /// `handshake`, `open` or `ended`.
    pub state: String,
    /// Why it ended.
    pub code: Option<String>,
    /// The peer's name.
    pub peer: Option<String>,
    /// The session's id.
    pub id: Option<String>,
    /// When to poll next, whole Unix seconds.
    pub deadline: Option<f64>,
}

#[napi]
impl RawSession {
    /// The server's end; its options are JSON.
    #[napi(factory, catch_unwind)]
    pub fn server(name: String, options: String, now: Option<f64>) -> Result<Self> {
        shared::Session::server(&name, &options, now).map(Self).map_err(thrown)
    }

    /// The client's end; its options are JSON.
    #[napi(factory, catch_unwind)]
    pub fn client(
        key: &RawKey,
        server: String,
        ring: &RawKeyring,
        options: String,
        now: Option<f64>,
        nonce: Option<String>,
    ) -> Result<Self> {
        shared::Session::client(&key.0, &server, &ring.0, &options, now, nonce.as_deref())
            .map(Self)
            .map_err(thrown)
    }

    /// What the client sends first, as JSON.
    #[napi(catch_unwind)]
    pub fn handshake(&self, token: String) -> Result<String> {
        self.0.handshake(&token).map_err(thrown)
    }

    /// Welcomes an accepted client; the packet's text.
    #[napi(catch_unwind)]
    pub fn welcome(
        &self,
        key: &RawKey,
        ring: &RawKeyring,
        now: Option<f64>,
        nonce: Option<String>,
    ) -> Result<String> {
        self.0.welcome(&key.0, &ring.0, now, nonce.as_deref()).map_err(thrown)
    }

    /// Judges the server's welcome.
    #[napi(catch_unwind)]
    pub fn establish(&self, packet: &[u8], now: Option<f64>) -> Result<()> {
        self.0.establish(packet, now).map_err(thrown)
    }

    /// Signs JSON text; the packet's text.
    #[napi(catch_unwind)]
    pub fn sign_json(
        &self,
        event: String,
        payload: &[u8],
        now: Option<f64>,
        nonce: Option<String>,
    ) -> Result<String> {
        self.0.sign_json(&event, payload, now, nonce.as_deref()).map_err(thrown)
    }

    /// Signs raw bytes; the packet's text.
    #[napi(catch_unwind)]
    pub fn sign_bytes(
        &self,
        event: String,
        data: &[u8],
        now: Option<f64>,
        nonce: Option<String>,
    ) -> Result<String> {
        self.0.sign_bytes(&event, data, now, nonce.as_deref()).map_err(thrown)
    }

    /// Signs a heartbeat; the packet's text.
    #[napi(catch_unwind)]
    pub fn heartbeat(&self, now: Option<f64>, nonce: Option<String>) -> Result<String> {
        self.0.heartbeat(now, nonce.as_deref()).map_err(thrown)
    }

    /// Verifies a packet of the peer.
    #[napi(catch_unwind)]
    pub fn verify<'env>(
        &self,
        env: &'env Env,
        event: String,
        packet: &[u8],
        now: Option<f64>,
    ) -> Result<RawVerified<'env>> {
        verified(env, self.0.verify(&event, packet, now).map_err(thrown)?)
    }

    /// Whether a heartbeat is due.
    #[napi(catch_unwind)]
    pub fn poll(&self, now: Option<f64>) -> Result<bool> {
        self.0.poll(now).map_err(thrown)
    }

    /// Ends it from this side.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.0.close();
    }

    /// How it stands.
    #[napi(catch_unwind)]
    pub fn standing(&self) -> RawStanding {
        RawStanding {
            state: self.0.state().to_owned(),
            code: self.0.code().map(str::to_owned),
            peer: self.0.peer(),
            id: self.0.id(),
            deadline: self.0.deadline(),
        }
    }
}
