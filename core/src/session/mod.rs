//! Sessions: a connection on which both ends prove themselves, again and again (wire contract §8).
//!
//! A session is told what came and what time it is, and answers what to send, whether the connection may live, and when to ask again. It
//! sends, sleeps and closes nothing itself.
//!
//! ```text
//! client                                     server
//! Session::client, handshake      ────────▶  Session::server, accept: the token, who it is
//! establish                       ◀────────  welcome: the first signed packet, which names the session
//! sign, heartbeat, verify, poll   ◀───────▶  sign, heartbeat, verify, poll
//! ```

mod handshake;
mod open;
mod options;

pub use options::{OnRefusal, SessionOptions};

use self::handshake::{Accepted, Connecting, Listening};
use self::open::Open;
use crate::error::{Class, Error, ErrorCode, Result};
use crate::key::{Key, Keyring};
use crate::nonce::Nonce;
use crate::packet::{Sealed, Verified, text_limit};
use crate::text::{NAME_RULE, is_name};
use crate::time::Timestamp;
use crate::token::{TokenVerifier, VerifiedToken};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

/// One end of one connection.
pub struct Session {
    options: SessionOptions,
    peer: Option<String>,
    state: State,
}

enum State {
    Listening(Listening),
    Accepted(Accepted),
    Connecting(Box<Connecting>),
    Open(Box<Open>),
    /// Why it ended; nothing where this side closed it.
    Ended(Option<ErrorCode>),
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// Neither end has proved itself to the other yet.
    Handshake,
    /// Packets go both ways.
    Open,
    /// Nothing more is signed or verified.
    Ended,
}

impl SessionState {
    /// The state's name, the same in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Handshake => "handshake",
            Self::Open => "open",
            Self::Ended => "ended",
        }
    }
}

impl Session {
    /// The server's end of a connection that has just been opened. `name` is the owner of the keys that it signs with.
    ///
    /// # Errors
    /// `malformed_argument` for a name outside its grammar or an option out of range.
    pub fn server(name: &str, options: SessionOptions, now: Timestamp) -> Result<Self> {
        options.check()?;
        check_name("name", name)?;
        let state = State::Listening(Listening::new(name, &options, now));
        Ok(Self { options, peer: None, state })
    }

    /// The client's end of a connection to the server named `server`. It signs with `key`, whose owner is the client's name; `nonce` is fresh for
    /// each connection.
    ///
    /// # Errors
    /// `malformed_argument` for a name outside its grammar, an option out of range, or a key that is not for packets; `caller_not_allowed` if
    /// both ends have one name.
    pub fn client(
        key: Key,
        server: &str,
        options: SessionOptions,
        nonce: Nonce,
        now: Timestamp,
    ) -> Result<Self> {
        options.check()?;
        check_name("server", server)?;
        let connecting = Connecting::new(key, server, &options, nonce, now)?;
        Ok(Self { options, peer: Some(server.to_string()), state: State::Connecting(Box::new(connecting)) })
    }

    /// What the client sends first: its nonce and its token, as JSON.
    ///
    /// # Errors
    /// `malformed_argument` unless this is a client whose handshake is under way; the code that ended the session.
    pub fn handshake(&self, token: &str) -> Result<String> {
        match &self.state {
            State::Connecting(connecting) => Ok(connecting.handshake(token)),
            State::Ended(code) => Err(ended(*code)),
            _ => Err(misplaced("handshake", "a client before it is welcomed", self.state())),
        }
    }

    /// Judges a client's handshake: its form, its token, and the name that the token gives the client. A refusal ends the session.
    ///
    /// The client has proved nothing yet that whoever read its token could not: only its first packet proves its key.
    ///
    /// # Errors
    /// `malformed_packet`, `payload_too_large`; the codes of [`TokenVerifier::verify`]; `claim_missing`, `claim_invalid` for the claim that names
    /// the client; `caller_not_allowed` if that is the server's own name; `heartbeat_missed` if it comes too late.
    pub fn accept(
        &mut self,
        tokens: &TokenVerifier,
        token_ring: &Keyring,
        handshake: &[u8],
        now: Timestamp,
    ) -> Result<VerifiedToken> {
        self.check_life(now)?;
        let State::Listening(listening) = &self.state else {
            return Err(misplaced("accept", "a server before its client's handshake", self.state()));
        };
        match listening.accept(&self.options, tokens, token_ring, handshake, now) {
            Ok((accepted, token)) => {
                self.peer = Some(accepted.client.clone());
                self.state = State::Accepted(accepted);
                Ok(token)
            }
            Err(error) => Err(self.end(error)),
        }
    }

    /// Answers an accepted handshake with the first signed packet, and opens the session. `key` is the server's for this client; `nonce` is fresh,
    /// and names the session.
    ///
    /// # Errors
    /// `malformed_argument` for a key of another owner or use; `revoked_key`, `inactive_key`.
    pub fn welcome(&mut self, key: Key, nonce: &Nonce, now: Timestamp) -> Result<String> {
        self.check_life(now)?;
        let State::Accepted(accepted) = &self.state else {
            return Err(misplaced("welcome", "a server whose client's handshake was accepted", self.state()));
        };
        match accepted.welcome(key, &self.options, nonce, now) {
            Ok((open, packet)) => {
                self.state = State::Open(Box::new(open));
                Ok(packet)
            }
            Err(error) => Err(self.end(error)),
        }
    }

    /// Judges the server's welcome, and opens the session. A refusal ends it.
    ///
    /// # Errors
    /// The codes of [`PacketVerifier::verify`](crate::PacketVerifier::verify); `malformed_payload` for a welcome that says anything but its own
    /// nonce; `heartbeat_missed` if it comes too late.
    pub fn establish(&mut self, ring: &Keyring, packet: &[u8], now: Timestamp) -> Result<()> {
        self.check_life(now)?;
        let State::Connecting(connecting) = &self.state else {
            return Err(misplaced("establish", "a client before it is welcomed", self.state()));
        };
        match connecting.establish(&self.options, ring, packet, now) {
            Ok(open) => {
                self.state = State::Open(Box::new(open));
                Ok(())
            }
            Err(error) => Err(self.end(error)),
        }
    }

    /// Signs a payload, given as JSON text, under an event's name. Returns the packet's text.
    ///
    /// # Errors
    /// `malformed_argument` for an event outside its grammar, or one that the session sends itself; as
    /// [`PacketSigner::sign_json`](crate::PacketSigner::sign_json); the code that ended the session.
    pub fn sign_json(
        &mut self,
        event: &str,
        payload: &[u8],
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<String> {
        Ok(self.seal_json(event, payload, now, nonce)?.to_text())
    }

    /// Signs a payload, given as JSON text, under an event's name. Returns the packet's members, not yet written.
    ///
    /// # Errors
    /// As [`Session::sign_json`].
    pub fn seal_json<'a>(
        &mut self,
        event: &str,
        payload: &'a [u8],
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<Sealed<'a>> {
        self.live("sign", now)?.seal_json(event, payload, now, nonce)
    }

    /// Signs raw bytes under an event's name. Returns the packet's text.
    ///
    /// # Errors
    /// As [`Session::sign_json`], but for the payload's grammar.
    pub fn sign_bytes(&mut self, event: &str, data: &[u8], now: Timestamp, nonce: &Nonce) -> Result<String> {
        self.live("sign", now)?.sign_bytes(event, data, now, nonce)
    }

    /// Signs this end's heartbeat: the event `heartbeat` with the payload `{}`.
    ///
    /// # Errors
    /// `malformed_argument` unless the session is open; the code that ended it.
    pub fn heartbeat(&mut self, now: Timestamp, nonce: &Nonce) -> Result<String> {
        let every = self.options.heartbeat_every;
        self.live("heartbeat", now)?.heartbeat(every, now, nonce)
    }

    /// Verifies a packet of the peer under the event that it was sent as, heartbeats included. A refusal ends the session, unless it is to
    /// [`OnRefusal::Keep`].
    ///
    /// # Errors
    /// The codes of [`PacketVerifier::verify`](crate::PacketVerifier::verify); `malformed_packet` for an event outside its grammar, which the peer
    /// named; `malformed_payload` for a heartbeat that says anything; the code that ended the session.
    pub fn verify<'a>(
        &mut self,
        ring: &Keyring,
        event: &str,
        packet: &'a [u8],
        now: Timestamp,
    ) -> Result<Verified<'a>> {
        match self.live("verify", now)?.verify(ring, event, packet, now) {
            Err(error) if self.options.on_refusal == OnRefusal::Close => Err(self.end(error)),
            verdict => verdict,
        }
    }

    /// Judges what only time tells: whether the session still lives, and whether this end owes a heartbeat. True: send [`Session::heartbeat`].
    ///
    /// # Errors
    /// The code that ended the session: `heartbeat_missed` (also of a handshake that took too long), `token_expired`, `revoked_key`,
    /// `inactive_key`, or that of an earlier refusal.
    pub fn poll(&mut self, now: Timestamp) -> Result<bool> {
        self.check_life(now)?;
        Ok(matches!(&self.state, State::Open(open) if open.owes_heartbeat(now)))
    }

    /// The second in which to [`poll`](Session::poll) next; nothing once it has ended.
    pub fn deadline(&self) -> Option<Timestamp> {
        let second = match &self.state {
            State::Listening(listening) => listening.until + 1,
            State::Accepted(accepted) => accepted.token_ends.min(accepted.until + 1),
            State::Connecting(connecting) => connecting.until + 1,
            State::Open(open) => open.deadline(self.options.heartbeat_window),
            State::Ended(_) => return None,
        };
        Some(Timestamp::new(second).unwrap_or(Timestamp::MAX))
    }

    /// Ends the session from this side.
    pub fn close(&mut self) {
        if !matches!(self.state, State::Ended(_)) {
            self.state = State::Ended(None);
        }
    }

    /// The peer's name, once it is known and from then on: of a client from the start, of a server once it accepted a handshake.
    pub fn peer(&self) -> Option<&str> {
        self.peer.as_deref()
    }

    /// The session's id, which its packets are bound to, while it is open.
    pub fn id(&self) -> Option<&Nonce> {
        if let State::Open(open) = &self.state { Some(&open.id) } else { None }
    }

    /// How far it has come.
    pub fn state(&self) -> SessionState {
        match &self.state {
            State::Listening(_) | State::Accepted(_) | State::Connecting(_) => SessionState::Handshake,
            State::Open(_) => SessionState::Open,
            State::Ended(_) => SessionState::Ended,
        }
    }

    /// Why it ended; nothing while it lives, or where this side closed it.
    pub fn code(&self) -> Option<ErrorCode> {
        if let State::Ended(code) = &self.state { *code } else { None }
    }

    /// The longest text that is read, as a payload's or a packet's: 4 × body limit + 4096 bytes.
    pub fn text_limit(&self) -> usize {
        text_limit(self.options.body_limit)
    }

    /// The open state, if the session still lives.
    fn live(&mut self, call: &str, now: Timestamp) -> Result<&mut Open> {
        self.check_life(now)?;
        let state = self.state();
        match &mut self.state {
            State::Open(open) => Ok(open),
            _ => Err(misplaced(call, "an open session", state)),
        }
    }

    fn check_life(&mut self, now: Timestamp) -> Result<()> {
        let verdict = match &self.state {
            State::Listening(listening) => handshake::check_window(listening.until, now),
            State::Accepted(accepted) => accepted.check_life(now),
            State::Connecting(connecting) => handshake::check_window(connecting.until, now),
            State::Open(open) => open.check_life(self.options.heartbeat_window, now),
            State::Ended(code) => return Err(ended(*code)),
        };
        verdict.map_err(|code| self.end(code.into()))
    }

    /// Ends the session for a refusal. The caller's own mistake is none.
    fn end(&mut self, error: Error) -> Error {
        if error.code().class() != Class::Invalid {
            self.state = State::Ended(Some(error.code()));
        }
        error
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({}, peer={:?})", self.state().as_str(), self.peer)
    }
}

fn misplaced(call: &str, wanted: &str, state: SessionState) -> Error {
    Error::new(
        ErrorCode::MalformedArgument,
        format!("{call} is for {wanted}; this session's state is {}", state.as_str()),
    )
}

fn ended(code: Option<ErrorCode>) -> Error {
    match code {
        Some(code) => Error::new(code, format!("the session has ended: {}", code.sentence())),
        None => Error::new(ErrorCode::MalformedArgument, "the session was closed on this side"),
    }
}

fn check_name(argument: &str, name: &str) -> Result<()> {
    if is_name(name) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedArgument, format!("{argument} must be {NAME_RULE}")))
}

/// Both ends must be told apart, or a packet could be reflected.
fn check_apart(one: &str, other: &str) -> Result<()> {
    if one != other {
        return Ok(());
    }
    Err(Error::new(ErrorCode::CallerNotAllowed, "both ends of the session have one name"))
}

#[cfg(test)]
mod tests;
