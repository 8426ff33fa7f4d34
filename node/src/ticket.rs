//! Tickets.

use crate::key::{RawKey, RawSecret};
use crate::value::thrown;
use counterseal_shared as shared;
use napi::bindgen_prelude::Result;
use napi_derive::napi;

/// A ticket issuer.
#[napi]
pub struct RawTicketIssuer(shared::TicketIssuer);

/// A ticket and the key that goes with it.
#[napi(object, object_from_js = false)]
pub struct RawTicket {
    /// The token that the owner presents.
    pub token: String,
    /// The id of the owner's key.
    pub key_id: String,
    /// The key's secret.
    pub secret: RawSecret,
    /// When both end, whole Unix seconds.
    pub expires: f64,
}

/// A verified ticket: its keys are made of this, never of what JavaScript holds.
#[napi]
pub struct RawVerifiedTicket(pub(crate) shared::VerifiedToken);

#[napi]
impl RawTicketIssuer {
    /// An issuer of tickets for one audience.
    #[napi(constructor, catch_unwind)]
    pub fn new(master: &RawSecret, key: &RawKey, audience: String) -> Result<Self> {
        shared::TicketIssuer::new(&master.0, &key.0, &audience).map(Self).map_err(thrown)
    }

    /// Issues a ticket; the options are JSON.
    #[napi(catch_unwind)]
    pub fn issue(&self, owner: String, options: String, now: Option<f64>) -> Result<RawTicket> {
        self.0.issue(&owner, &options, now).map(Into::into).map_err(thrown)
    }
}

impl From<shared::Ticket> for RawTicket {
    fn from(ticket: shared::Ticket) -> Self {
        let shared::Ticket { token, key_id, secret, expires } = ticket;
        Self { token, key_id, secret: RawSecret(secret), expires }
    }
}
