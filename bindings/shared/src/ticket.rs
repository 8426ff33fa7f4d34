//! Tickets for foreign callers.

use crate::argument;
use crate::{Key, Secret, VerifiedToken};
use alloc::string::String;
use counterseal::{Result, TokenLifetime};

/// Issues tickets for one audience (wire contract §7).
#[derive(Clone, Debug)]
pub struct TicketIssuer(counterseal::TicketIssuer);

/// A ticket and the key that goes with it: for its owner alone.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// The token that the owner presents.
    pub token: String,
    /// The id of the owner's key.
    pub key_id: String,
    /// The key's secret.
    pub secret: Secret,
    /// The first second in which the key is no longer active, whole Unix seconds.
    pub expires: f64,
}

impl TicketIssuer {
    /// An issuer whose tickets are signed by `key` (HS256) and whose secrets are derived from `master`.
    ///
    /// # Errors
    /// `malformed_argument` if the key is not for tokens or not for HS256, or if the audience is empty.
    pub fn new(master: &Secret, key: &Key, audience: &str) -> Result<Self> {
        counterseal::TicketIssuer::new(&master.0, &key.0, audience).map(Self)
    }

    /// Issues a ticket to `owner`. `options` are JSON, as a token's: `expires_in` (seconds, required); a `jti` it always has.
    ///
    /// # Errors
    /// `malformed_argument` for an owner outside its grammar or a lifetime out of range; `token_too_large`; `revoked_key`, `inactive_key`.
    pub fn issue(&self, owner: &str, options: &str, now: Option<f64>) -> Result<Ticket> {
        let lifetime = TokenLifetime::from_options(options.as_bytes())?;
        let (now, jti) = (argument::now(now)?, argument::nonce(None)?);
        let counterseal::Ticket { token, key_id, secret, expires } =
            self.0.issue(owner, lifetime.expires_in, &jti, now)?;
        Ok(Ticket { token, key_id, secret: Secret(secret), expires: expires.seconds() as f64 })
    }
}

/// The keys of the connection on which a verified ticket was presented: the server's, then the owner's.
///
/// # Errors
/// `malformed_argument` for a token whose policy did not demand the type of tickets, or a server outside its grammar; `claim_missing`,
/// `claim_invalid` for what a ticket must say.
pub fn ticket_keys(master: &Secret, token: &VerifiedToken, server: &str) -> Result<(Key, Key)> {
    let (own, owners) = counterseal::ticket_keys(&master.0, token, server)?;
    Ok((Key(own), Key(owners)))
}
