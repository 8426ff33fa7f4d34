//! What tells the hub's two kinds of peer apart.

use std::sync::Arc;

use counterseal_shared::{Body, Error, ErrorCode, Result, TokenVerifier, Verified, VerifiedToken};
use serde::de::DeserializeOwned;

use crate::connection::Connection;
use crate::hub::Hub;
use crate::keys::Pair;

/// A kind of peer: an engine, or a dashboard.
pub(crate) trait Party: Sized + Send + Sync + 'static {
    /// Where its kind connects.
    const NAMESPACE: &'static str;
    /// What the audit log calls its coming.
    const CONNECTED: &'static str;
    /// What the audit log calls its leaving.
    const DISCONNECTED: &'static str;

    fn new() -> Self;
    /// The session's options, as JSON.
    fn options(hub: &Hub) -> &str;
    /// What judges its token.
    fn tokens(hub: &Hub) -> &TokenVerifier;
    fn keys(hub: &Hub, name: &str, token: &VerifiedToken) -> Result<Pair>;
    /// Takes a place for a connection whose token was accepted.
    fn enter(connection: &Arc<Connection<Self>>) -> Result<()>;
    /// Its first packet was verified: it has the key.
    fn prove(connection: &Arc<Connection<Self>>) -> Result<()>;
    /// Acts on a verified packet. An error ends the connection.
    fn take(connection: &Arc<Connection<Self>>, event: &str, verified: &Verified<'_>) -> Result<()>;
    /// Gives the place back.
    fn leave(connection: &Connection<Self>, why: &str);

    /// The second in which [`Party::tick`] is due.
    fn due(&self) -> Option<u64> {
        None
    }

    /// What its kind does by the clock.
    fn tick(_: &Connection<Self>) -> Result<()> {
        Ok(())
    }
}

/// What a verified packet says.
pub(crate) fn payload<T: DeserializeOwned>(verified: &Verified<'_>) -> Result<T> {
    let Body::Json(text) = verified.body() else {
        return Err(Error::new(ErrorCode::MalformedPayload, "the hub takes JSON"));
    };
    serde_json::from_str(text).map_err(|fault| {
        Error::new(ErrorCode::MalformedPayload, format!("not what this event says: {fault}"))
    })
}
