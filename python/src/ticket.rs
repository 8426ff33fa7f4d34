//! `TicketIssuer`, `Ticket` and the keys that a ticket gives.

use crate::arguments::{Arg, Rest};
use crate::error::Result;
use crate::key::{Key, Secret};
use crate::token::VerifiedToken;
use crate::value::walk_options;
use counterseal_shared as shared;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// Issues tickets for one audience: tokens that come with a key of their own for one connection, as a browser needs.
///
/// key (its uses "token") signs them; their secrets are derived from master (text, bytes or Secret), and the server keeps no table.
///
/// Raises CountersealError: malformed_argument; malformed_key, weak_secret for the master; revoked_key, inactive_key.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct TicketIssuer(shared::TicketIssuer);

#[pymethods]
impl TicketIssuer {
    #[new]
    #[pyo3(
        signature = (master=Arg::ABSENT, key=Arg::ABSENT, audience=Arg::ABSENT, /, *more, **named),
        text_signature = "(master, key, audience)"
    )]
    fn new<'py>(
        master: Arg<'_, 'py>,
        key: Arg<'_, 'py>,
        audience: Arg<'_, 'py>,
        more: &Bound<'py, PyTuple>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> Result<Self> {
        let rest = Rest::new(more, named);
        let names = ["master", "key", "audience"];
        let [master, key, audience] = rest.all(names, [master, key, audience], "master, key, audience")?;
        let key = key.instance::<Key>("key", "a Key")?;
        let audience = audience.text("audience")?;
        Ok(Self(shared::TicketIssuer::new(&master.secret("master")?, &key.get().0, audience)?))
    }

    /// Issues a ticket to owner, which lives for expires_in seconds.
    #[pyo3(
        signature = (owner=Arg::ABSENT, /, *more, now=Arg::ABSENT, **options),
        text_signature = "($self, owner, *, expires_in, now=None)"
    )]
    fn issue(
        &self,
        owner: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        now: Arg<'_, '_>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> Result<Ticket> {
        let rest = Rest::new(more, options);
        let owner = rest.with_options("owner", owner)?;
        let (owner, now) = (owner.text("owner")?, now.seconds("now")?);
        Ok(Ticket(self.0.issue(owner, &walk_options(options)?, now)?))
    }
}

/// A ticket and the key that goes with it: for its owner alone.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct Ticket(shared::Ticket);

#[pymethods]
impl Ticket {
    /// The token that the owner presents.
    #[getter]
    fn token(&self) -> &str {
        &self.0.token
    }

    /// The id of the owner's key.
    #[getter]
    fn key_id(&self) -> &str {
        &self.0.key_id
    }

    /// The key's secret.
    #[getter]
    fn secret(&self) -> Secret {
        Secret(self.0.secret.clone())
    }

    /// The first second in which the key is no longer active, in Unix seconds.
    #[getter]
    fn expires(&self) -> u64 {
        self.0.expires as u64
    }

    fn __repr__(&self) -> String {
        format!("Ticket(key_id='{}', expires={})", self.key_id(), self.expires())
    }
}

/// The keys of the connection on which a verified ticket was presented: the server's, to sign with, then the owner's, to verify with. Use them
/// on that connection and no other.
///
/// The token must be verified by a TokenVerifier whose typ is "counterseal-ticket+jwt".
///
/// Raises CountersealError: malformed_argument; malformed_key, weak_secret for the master; claim_missing, claim_invalid.
#[pyfunction]
#[pyo3(
    signature = (master=Arg::ABSENT, token=Arg::ABSENT, server=Arg::ABSENT, /, *more, **named),
    text_signature = "(master, token, server)"
)]
pub(crate) fn ticket_keys<'py>(
    master: Arg<'_, 'py>,
    token: Arg<'_, 'py>,
    server: Arg<'_, 'py>,
    more: &Bound<'py, PyTuple>,
    named: Option<&Bound<'py, PyDict>>,
) -> Result<(Key, Key)> {
    let rest = Rest::new(more, named);
    let names = ["master", "token", "server"];
    let [master, token, server] = rest.all(names, [master, token, server], "master, token, server")?;
    let token = token.evidence::<VerifiedToken>("token", "a VerifiedToken")?;
    let server = server.text("server")?;
    let (own, owners) = shared::ticket_keys(&master.secret("master")?, &token.verified, server)?;
    Ok((Key(own), Key(owners)))
}
