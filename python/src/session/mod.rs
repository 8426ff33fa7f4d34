//! `Session`.

mod handshake;
mod open;

use crate::arguments::{Arg, Rest};
use crate::error::Result;
use crate::interpreter;
use crate::key::{Key, Keyring};
use crate::value::walk_options;
use counterseal_shared as shared;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// Adds the methods that bind their own arguments.
pub(crate) fn add_methods(py: Python<'_>) -> PyResult<()> {
    interpreter::add::<handshake::Handshake>(py)?;
    interpreter::add::<handshake::Accept>(py)?;
    interpreter::add::<handshake::Welcome>(py)?;
    interpreter::add::<handshake::Establish>(py)?;
    interpreter::add::<open::Sign>(py)?;
    interpreter::add::<open::SignBytes>(py)?;
    interpreter::add::<open::Heartbeat>(py)?;
    interpreter::add::<open::Verify>(py)?;
    interpreter::add::<open::Poll>(py)
}

/// One end of one connection: Session.server or Session.client. It sends, sleeps and closes nothing itself; threads may share it.
///
/// The client sends handshake(); the server calls accept() and sends welcome(); the client calls establish(). From then on each end signs and
/// verifies under an event's name, calls poll() whenever deadline is reached, and sends heartbeat() where that says so. The first refusal ends
/// the session, and every later call raises its code.
///
/// Both take heartbeat_every (5), heartbeat_window (15), handshake_window (10), max_age (60) and max_ahead (5), all in seconds; identity, the
/// token's claim that names the client ("engineId"); body_limit (bytes, 1 MiB); on_refusal ("close", or "keep": a refused packet does not end
/// it); guard_capacity (16384 nonces).
///
/// Raises CountersealError, whose code says which check failed.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct Session(shared::Session);

#[pymethods]
impl Session {
    /// The server's end of a connection that has just been opened; name is the owner of the keys that it signs with.
    #[staticmethod]
    #[pyo3(
        signature = (name=Arg::ABSENT, /, *more, now=Arg::ABSENT, **options),
        text_signature = "(name, *, heartbeat_every=None, heartbeat_window=None, handshake_window=None, identity=None, max_age=None, max_ahead=None, body_limit=None, on_refusal=None, guard_capacity=None, now=None)"
    )]
    fn server(
        name: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        now: Arg<'_, '_>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> Result<Self> {
        let rest = Rest::new(more, options);
        let name = rest.with_options("name", name)?;
        let (name, now) = (name.text("name")?, now.seconds("now")?);
        Ok(Self(shared::Session::server(name, &walk_options(options)?, now)?))
    }

    /// The client's end of a connection to the server of that name, whose keys are in keyring. It signs with key; nonce is the handshake's.
    #[staticmethod]
    #[pyo3(
        signature = (key=Arg::ABSENT, /, *more, server=Arg::ABSENT, keyring=Arg::ABSENT, now=Arg::ABSENT, nonce=Arg::ABSENT, **options),
        text_signature = "(key, *, server, keyring, heartbeat_every=None, heartbeat_window=None, handshake_window=None, identity=None, max_age=None, max_ahead=None, body_limit=None, on_refusal=None, guard_capacity=None, now=None, nonce=None)"
    )]
    fn client(
        key: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        server: Arg<'_, '_>,
        keyring: Arg<'_, '_>,
        now: Arg<'_, '_>,
        nonce: Arg<'_, '_>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> Result<Self> {
        let rest = Rest::new(more, options);
        let key = rest.with_options("key", key)?;
        let key = &key.instance::<Key>("key", "a Key")?.get().0;
        let server = server.text("server")?;
        let keyring = &keyring.instance::<Keyring>("keyring", "a Keyring")?.get().0;
        let (now, nonce) = (now.seconds("now")?, nonce.optional_text("nonce")?);
        Ok(Self(shared::Session::client(key, server, keyring, &walk_options(options)?, now, nonce)?))
    }

    /// Ends the session from this side.
    #[pyo3(signature = (*more, **named), text_signature = "($self)")]
    fn close(&self, more: &Bound<'_, PyTuple>, named: Option<&Bound<'_, PyDict>>) -> Result<()> {
        Rest::new(more, named).nothing("none")?;
        self.0.close();
        Ok(())
    }

    /// When to call poll() next, in Unix seconds; None once it has ended.
    #[getter]
    fn deadline(&self) -> Option<u64> {
        self.0.deadline().map(|deadline| deadline as u64)
    }

    /// The peer's name, once it is known and from then on.
    #[getter]
    fn peer(&self) -> Option<String> {
        self.0.peer()
    }

    /// The session's id, while it is open.
    #[getter]
    fn id(&self) -> Option<String> {
        self.0.id()
    }

    /// "handshake", "open" or "ended".
    #[getter]
    fn state(&self) -> &'static str {
        self.0.state()
    }

    /// The code that ended it; None while it lives, or where this side closed it.
    #[getter]
    fn code(&self) -> Option<&'static str> {
        self.0.code()
    }

    fn __repr__(&self) -> String {
        let peer = self.peer().map_or_else(|| "None".to_string(), |peer| format!("'{peer}'"));
        format!("Session(state='{}', peer={peer})", self.state())
    }
}
