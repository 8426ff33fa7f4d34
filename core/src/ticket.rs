//! Tickets: a browser's token that comes with a key of its own for one connection (wire contract §7).
//!
//! The server keeps a master and no table: what the ticket says is enough to derive its secret again.

use crate::derive::derive;
use crate::error::{Error, ErrorCode, Result};
use crate::json::{Item, Members, Value};
use crate::key::{Algorithm, Key, KeyOptions, Secret, Use};
use crate::nonce::Nonce;
use crate::text::{NAME_RULE, is_name};
use crate::time::Timestamp;
use crate::token::{TokenIssuer, VerifiedToken};
use alloc::format;
use alloc::string::{String, ToString};

/// The `typ` of tickets; a policy that names it takes nothing else.
pub const TICKET_TYP: &str = "counterseal-ticket+jwt";

/// Issues tickets for one audience.
#[derive(Clone, Debug)]
pub struct TicketIssuer {
    master: Secret,
    issuer: TokenIssuer,
    audience: String,
}

/// A ticket and the key that goes with it: for its owner alone.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// The token that the owner presents.
    pub token: String,
    /// The id of the owner's key: `jti.exp`.
    pub key_id: String,
    /// The key's secret, 32 bytes.
    pub secret: Secret,
    /// The first second in which the key is no longer active.
    pub expires: Timestamp,
}

impl TicketIssuer {
    /// An issuer whose tickets are signed by `key` (HS256) and whose secrets are derived from `master`.
    ///
    /// # Errors
    /// `malformed_argument` if the key is not for tokens or not for HS256, or if the audience is empty.
    pub fn new(master: &Secret, key: &Key, audience: &str) -> Result<Self> {
        check_audience(audience)?;
        let issuer = TokenIssuer::of_type(key, Algorithm::Hs256, TICKET_TYP)?;
        Ok(Self { master: master.clone(), issuer, audience: audience.to_string() })
    }

    /// Issues a ticket to `owner` for `expires_in` seconds. `jti` is fresh for each.
    ///
    /// # Errors
    /// `malformed_argument` for an owner outside its grammar or a lifetime out of range; `token_too_large`; `revoked_key`, `inactive_key`.
    pub fn issue(&self, owner: &str, expires_in: u64, jti: &Nonce, now: Timestamp) -> Result<Ticket> {
        check_owner(owner)?;
        let text = |text: &str| Value::String(text.to_string());
        let claims = [("aud", text(&self.audience)), ("sub", text(owner))];
        let claims = Value::Object(claims.map(|(name, value)| (name.to_string(), value)).into());
        let token = self.issuer.issue(&claims, expires_in, Some(jti), now)?;
        // The issuer has judged the lifetime.
        let expires = Timestamp::new(now.seconds() + expires_in).unwrap_or(Timestamp::MAX);
        let key_id = key_id(jti, expires);
        Ok(Ticket { token, secret: derive(&self.master, PURPOSE, owner, &key_id)?, key_id, expires })
    }
}

/// The keys of the connection on which a verified ticket was presented: the server's, to sign with as `server`, and the owner's, to verify
/// with. Both have the ticket's secret and end with it.
///
/// Use them on that connection and no other.
///
/// # Errors
/// `malformed_argument` for a token whose policy did not demand [`TICKET_TYP`], or a server outside its grammar; `claim_missing` and
/// `claim_invalid` for `sub` (the owner), `exp` (whole) or `jti` (a nonce); `claim_missing` for `aud`, which the policy judged if it is there.
pub fn ticket_keys(master: &Secret, token: &VerifiedToken, server: &str) -> Result<(Key, Key)> {
    check_is_ticket(token)?;
    let Item::Object(claims) = token.claims().root() else { return Err(ErrorCode::MalformedToken.into()) };
    let owner = owner(&claims)?;
    check_addressed(&claims)?;
    let expires = expires(&claims)?;
    let key_id = key_id(&jti(&claims)?, expires);
    let secret = derive(master, PURPOSE, &owner, &key_id)?;
    let key = |id: &str, owner: &str| {
        let options = KeyOptions {
            owner: Some(owner.to_string()),
            not_after: Some(expires),
            uses: [Use::Packet].into(),
            ..KeyOptions::default()
        };
        Key::new(id, secret.clone(), options)
    };
    check_server(server)?;
    Ok((key(server, server)?, key(&key_id, &owner)?))
}

fn key_id(jti: &Nonce, expires: Timestamp) -> String {
    format!("{}.{}", jti.as_str(), expires.seconds())
}

fn owner(claims: &Members<'_>) -> Result<String> {
    match claim(claims, "sub")? {
        Item::String(owner) if is_name(&owner) => Ok(owner.into_owned()),
        _ => Err(invalid("sub", NAME_RULE)),
    }
}

fn jti(claims: &Members<'_>) -> Result<Nonce> {
    let nonce = match claim(claims, "jti")? {
        Item::String(text) => Nonce::parse(&text),
        _ => None,
    };
    nonce.ok_or_else(|| invalid("jti", "a nonce of 22 characters"))
}

fn expires(claims: &Members<'_>) -> Result<Timestamp> {
    let whole = match claim(claims, "exp")? {
        Item::Number(number) => Some(number.get() as u64).filter(|whole| *whole as f64 == number.get()),
        _ => None,
    };
    whole.and_then(Timestamp::new).ok_or_else(|| invalid("exp", "whole seconds"))
}

fn claim<'c>(claims: &Members<'c>, name: &str) -> Result<Item<'c>> {
    claims
        .get(name)
        .ok_or_else(|| Error::new(ErrorCode::ClaimMissing, format!("a ticket must have the claim {name}")))
}

fn invalid(name: &str, rule: &str) -> Error {
    Error::new(ErrorCode::ClaimInvalid, format!("a ticket's claim {name} must be {rule}"))
}

fn check_is_ticket(token: &VerifiedToken) -> Result<()> {
    if token.is_ticket() {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::MalformedArgument,
        format!("the token was not verified as a ticket: name typ {TICKET_TYP:?} in the policy"),
    ))
}

/// A policy that names no audience lets tickets without one pass.
fn check_addressed(claims: &Members<'_>) -> Result<()> {
    claim(claims, "aud").map(drop)
}

fn check_audience(audience: &str) -> Result<()> {
    if !audience.is_empty() {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedArgument, "audience must name who takes the tickets"))
}

fn check_owner(owner: &str) -> Result<()> {
    if is_name(owner) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedArgument, format!("owner must be {NAME_RULE}")))
}

fn check_server(server: &str) -> Result<()> {
    if is_name(server) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedArgument, format!("server must be {NAME_RULE}")))
}

const PURPOSE: &str = "ticket";

#[cfg(test)]
mod tests;
