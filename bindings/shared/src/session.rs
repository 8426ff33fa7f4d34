//! Sessions for foreign callers.

use crate::argument;
use crate::sync::{Arc, Mutex};
use crate::{Key, Keyring, Sealed, TokenVerifier, Verified, VerifiedToken};
use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use counterseal::{Error, ErrorCode, Refusal, Result, SessionOptions};

/// One end of one connection (wire contract §8). A clone is the same session; threads may share it.
///
/// It is told what came and answers what to send, whether the connection may live, and when to ask again: it sends, sleeps and closes nothing
/// itself. Its options are JSON: `heartbeat_every`, `heartbeat_window`, `handshake_window`, `max_age`, `max_ahead` (seconds), `identity` (the claim
/// that names the client), `body_limit` (bytes), `on_refusal` (`close` or `keep`), `guard_capacity`.
#[derive(Clone)]
pub struct Session(Arc<Mutex<End>>);

struct End {
    session: counterseal::Session,
    /// The peer's keys, once it is known which they are.
    ring: Keyring,
}

impl Session {
    /// The server's end of a connection that has just been opened.
    ///
    /// # Errors
    /// `malformed_argument` for a name outside its grammar, an unknown option or a value out of range.
    pub fn server(name: &str, options: &str, now: Option<f64>) -> Result<Self> {
        let options = SessionOptions::from_json(options.as_bytes())?;
        let session = counterseal::Session::server(name, options, argument::now(now)?)?;
        Ok(Self::of(session, Keyring::default()))
    }

    /// The client's end of a connection to the server of that name, whose keys are in `ring`. It signs with `key`; `nonce` is the handshake's.
    ///
    /// # Errors
    /// `malformed_argument` as [`Session::server`], and for a key that is not for packets; `caller_not_allowed` if both ends have one name.
    pub fn client(
        key: &Key,
        server: &str,
        ring: &Keyring,
        options: &str,
        now: Option<f64>,
        nonce: Option<&str>,
    ) -> Result<Self> {
        let options = SessionOptions::from_json(options.as_bytes())?;
        let (now, nonce) = (argument::now(now)?, argument::nonce(nonce)?);
        let session = counterseal::Session::client(key.0.clone(), server, options, nonce, now)?;
        Ok(Self::of(session, ring.clone()))
    }

    /// What the client sends first, as JSON.
    ///
    /// # Errors
    /// `malformed_argument` unless this is a client whose handshake is under way; the code that ended the session.
    pub fn handshake(&self, token: &str) -> Result<String> {
        self.run(|end| end.session.handshake(token))
    }

    /// Judges a client's handshake: its form, its token, and the name that the token gives the client.
    ///
    /// # Errors
    /// As [`counterseal::Session::accept`].
    pub fn accept(
        &self,
        tokens: &TokenVerifier,
        handshake: &[u8],
        now: Option<f64>,
    ) -> Result<VerifiedToken> {
        let now = argument::now(now)?;
        self.run(|end| end.session.accept(tokens.core(), &tokens.ring().read(), handshake, now))
    }

    /// Answers an accepted handshake with the first signed packet; `ring` holds the client's keys. The nonce names the session.
    ///
    /// # Errors
    /// `malformed_argument` for a key of another owner or use; `revoked_key`, `inactive_key`.
    pub fn welcome(
        &self,
        key: &Key,
        ring: &Keyring,
        now: Option<f64>,
        nonce: Option<&str>,
    ) -> Result<String> {
        let (now, nonce) = (argument::now(now)?, argument::nonce(nonce)?);
        self.run(|end| {
            let packet = end.session.welcome(key.0.clone(), &nonce, now)?;
            end.ring = ring.clone();
            Ok(packet)
        })
    }

    /// Judges the server's welcome.
    ///
    /// # Errors
    /// As [`counterseal::Session::establish`].
    pub fn establish(&self, packet: &[u8], now: Option<f64>) -> Result<()> {
        let now = argument::now(now)?;
        self.run(|end| end.session.establish(&end.ring.read(), packet, now))
    }

    /// Signs a payload, given as JSON text, under an event's name. Returns the packet's text.
    ///
    /// # Errors
    /// As [`counterseal::Session::sign_json`].
    pub fn sign_json(
        &self,
        event: &str,
        payload: &[u8],
        now: Option<f64>,
        nonce: Option<&str>,
    ) -> Result<String> {
        let (now, nonce) = (argument::now(now)?, argument::nonce(nonce)?);
        self.run(|end| end.session.sign_json(event, payload, now, &nonce))
    }

    /// Signs a payload, given as JSON text, under an event's name. Returns the packet's members, not yet written.
    ///
    /// # Errors
    /// As [`Session::sign_json`].
    pub fn seal_json<'a>(
        &self,
        event: &str,
        payload: &'a [u8],
        now: Option<f64>,
        nonce: Option<&str>,
    ) -> Result<Sealed<'a>> {
        let (now, nonce) = (argument::now(now)?, argument::nonce(nonce)?);
        self.run(|end| end.session.seal_json(event, payload, now, &nonce))
    }

    /// Signs raw bytes under an event's name. Returns the packet's text.
    ///
    /// # Errors
    /// As [`counterseal::Session::sign_bytes`].
    pub fn sign_bytes(
        &self,
        event: &str,
        data: &[u8],
        now: Option<f64>,
        nonce: Option<&str>,
    ) -> Result<String> {
        let (now, nonce) = (argument::now(now)?, argument::nonce(nonce)?);
        self.run(|end| end.session.sign_bytes(event, data, now, &nonce))
    }

    /// Signs this end's heartbeat, a packet of the event `heartbeat`.
    ///
    /// # Errors
    /// `malformed_argument` unless the session is open; the code that ended it.
    pub fn heartbeat(&self, now: Option<f64>, nonce: Option<&str>) -> Result<String> {
        let (now, nonce) = (argument::now(now)?, argument::nonce(nonce)?);
        self.run(|end| end.session.heartbeat(now, &nonce))
    }

    /// Verifies a packet of the peer under the event that it was sent as, heartbeats included.
    ///
    /// # Errors
    /// As [`counterseal::Session::verify`].
    pub fn verify<'a>(&self, event: &str, packet: &'a [u8], now: Option<f64>) -> Result<Verified<'a>> {
        let now = argument::now(now)?;
        self.run(|end| end.session.verify(&end.ring.read(), event, packet, now))
    }

    /// Judges what only time tells. True: a heartbeat is due, send [`Session::heartbeat`].
    ///
    /// # Errors
    /// The code that ended the session.
    pub fn poll(&self, now: Option<f64>) -> Result<bool> {
        let now = argument::now(now)?;
        self.run(|end| end.session.poll(now))
    }

    /// The second in which to poll next, whole Unix seconds; nothing once it has ended.
    pub fn deadline(&self) -> Option<f64> {
        self.look(|session| session.deadline().map(|deadline| deadline.seconds() as f64))
    }

    /// Ends the session from this side.
    pub fn close(&self) {
        // A session that panicked is of no use any more, as one that was closed.
        let _ = self.run(|end| {
            end.session.close();
            Ok(())
        });
    }

    /// The peer's name, once it is known.
    pub fn peer(&self) -> Option<String> {
        self.look(|session| session.peer().map(str::to_owned))
    }

    /// The session's id, while it is open.
    pub fn id(&self) -> Option<String> {
        self.look(|session| session.id().map(|id| id.as_str().to_owned()))
    }

    /// `handshake`, `open` or `ended`.
    pub fn state(&self) -> &'static str {
        self.look(|session| Some(session.state().as_str())).unwrap_or("ended")
    }

    /// The code that ended it; nothing while it lives, or where this side closed it.
    pub fn code(&self) -> Option<&'static str> {
        self.look(|session| session.code().map(ErrorCode::as_str))
    }

    /// The longest text that is read as a packet's payload or a packet, in bytes.
    pub fn text_limit(&self) -> usize {
        self.look(|session| Some(session.text_limit())).unwrap_or(0)
    }

    fn of(session: counterseal::Session, ring: Keyring) -> Self {
        Self(Arc::new(Mutex::new(End { session, ring })))
    }

    fn run<T>(&self, run: impl FnOnce(&mut End) -> Result<T>) -> Result<T> {
        match self.0.lock() {
            Ok(mut end) => run(&mut end),
            // It no longer knows what it accepted.
            Err(_) => {
                Err(Error::new(ErrorCode::ReplayGuardFull, "a call of this session panicked; open another"))
            }
        }
    }

    fn look<T>(&self, look: impl FnOnce(&counterseal::Session) -> Option<T>) -> Option<T> {
        self.0.lock().ok().and_then(|end| look(&end.session))
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.lock() {
            Ok(end) => end.session.fmt(f),
            Err(_) => f.write_str("Session(ended)"),
        }
    }
}

/// What a peer may learn of a refusal with this code, as JSON: `class`, `status`, and for a packet's age `now`, this side's clock.
///
/// # Errors
/// `malformed_argument` for a code that is none of the closed list.
pub fn refusal(code: &str, now: Option<f64>) -> Result<String> {
    let known = ErrorCode::ALL.iter().find(|known| known.as_str() == code);
    let code = *known.ok_or_else(|| {
        Error::new(ErrorCode::MalformedArgument, "code must be one of the closed list, as an error has it")
    })?;
    Ok(Refusal::new(code, argument::now(now)?).to_json())
}
