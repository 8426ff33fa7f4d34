//! Both ends of a connection against each other, and everything that must end it.

mod handshake;
mod life;
mod packets;

use super::{OnRefusal, Session, SessionOptions, SessionState};
use crate::error::{ErrorCode, Result};
use crate::key::{Algorithm, Key, KeyOptions, Keyring, Secret, Use};
use crate::nonce::Nonce;
use crate::time::Timestamp;
use crate::token::{Policy, TokenIssuer, TokenVerifier};
use alloc::string::{String, ToString};

const T: u64 = 1_708_167_234;
const SECRET: &str = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

fn at(second: u64) -> Timestamp {
    Timestamp::new(second).unwrap()
}

fn nonce(number: u8) -> Nonce {
    Nonce::from_bytes([number; 16])
}

fn key(id: &str, owner: &str) -> Key {
    key_with(id, KeyOptions { owner: Some(owner.to_string()), ..KeyOptions::default() })
}

fn key_with(id: &str, options: KeyOptions) -> Key {
    Key::new(id, Secret::from_text(SECRET).unwrap(), options).unwrap()
}

fn code<T>(result: Result<T>) -> &'static str {
    result.map_or_else(|error| error.code().as_str(), |_| "ok")
}

/// A server named `hub`, its client `engine-7`, and what each needs to know the other.
struct Pair {
    server: Session,
    client: Session,
    tokens: Tokens,
    hub: Key,
    engine: Key,
    ring: Keyring,
    next: u8,
}

struct Tokens {
    issuer: TokenIssuer,
    verifier: TokenVerifier,
    ring: Keyring,
}

impl Tokens {
    fn new(policy: &str) -> Self {
        let options = KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() };
        let key = Key::new("auth-1", Secret::from_bytes(&[7; 32]).unwrap(), options).unwrap();
        Self {
            issuer: TokenIssuer::new(&key, Algorithm::Hs256).unwrap(),
            verifier: TokenVerifier::new(Policy::from_json(policy.as_bytes()).unwrap()),
            ring: Keyring::new([key]).unwrap(),
        }
    }

    fn text(&self, claims: &str) -> String {
        self.issuer.issue_text(claims.as_bytes(), at(T)).unwrap()
    }

    /// A token of `engine-7` that is refused from second T + 3630 on.
    fn usual(&self) -> String {
        self.text(&alloc::format!(r#"{{"engineId":"engine-7","role":"engine","exp":{}}}"#, T + 3600))
    }
}

const POLICY: &str = r#"{"claims":{"role":"engine","engineId":{"type":"string"}}}"#;

impl Pair {
    /// Neither end has said anything yet.
    fn apart(options: SessionOptions) -> Self {
        let (hub, engine) = (key("hub-1", "hub"), key("engine-7", "engine-7"));
        Self {
            server: Session::server("hub", options.clone(), at(T)).unwrap(),
            client: Session::client(engine.clone(), "hub", options, nonce(1), at(T)).unwrap(),
            tokens: Tokens::new(POLICY),
            ring: Keyring::new([hub.clone(), engine.clone()]).unwrap(),
            hub,
            engine,
            next: 100,
        }
    }

    /// Both ends are open.
    fn open(options: SessionOptions) -> Self {
        let mut pair = Self::apart(options);
        pair.accept(T).unwrap();
        let welcome = pair.welcome(T).unwrap();
        pair.client.establish(&pair.ring, welcome.as_bytes(), at(T)).unwrap();
        pair
    }

    fn accept(&mut self, now: u64) -> Result<()> {
        let handshake = self.client.handshake(&self.tokens.usual())?;
        self.accept_text(&handshake, now)
    }

    fn accept_text(&mut self, handshake: &str, now: u64) -> Result<()> {
        let Tokens { verifier, ring, .. } = &self.tokens;
        self.server.accept(verifier, ring, handshake.as_bytes(), at(now)).map(|_| ())
    }

    fn welcome(&mut self, now: u64) -> Result<String> {
        self.server.welcome(self.hub.clone(), &nonce(2), at(now))
    }

    fn fresh(&mut self) -> Nonce {
        self.next += 1;
        nonce(self.next)
    }

    /// A packet of the client's, and of the server's.
    fn up(&mut self, event: &str, payload: &str, now: u64) -> String {
        let nonce = self.fresh();
        self.client.sign_json(event, payload.as_bytes(), at(now), &nonce).unwrap()
    }

    fn down(&mut self, event: &str, payload: &str, now: u64) -> String {
        let nonce = self.fresh();
        self.server.sign_json(event, payload.as_bytes(), at(now), &nonce).unwrap()
    }

    fn at_server(&mut self, event: &str, packet: &str, now: u64) -> &'static str {
        code(self.server.verify(&self.ring, event, packet.as_bytes(), at(now)))
    }

    fn at_client(&mut self, event: &str, packet: &str, now: u64) -> &'static str {
        code(self.client.verify(&self.ring, event, packet.as_bytes(), at(now)))
    }

    /// One heartbeat each way.
    fn beat(&mut self, now: u64) {
        let (up, down) = (self.fresh(), self.fresh());
        let up = self.client.heartbeat(at(now), &up).unwrap();
        let down = self.server.heartbeat(at(now), &down).unwrap();
        assert_eq!(self.at_server("heartbeat", &up, now), "ok");
        assert_eq!(self.at_client("heartbeat", &down, now), "ok");
    }
}

fn keep() -> SessionOptions {
    SessionOptions { on_refusal: OnRefusal::Keep, ..SessionOptions::default() }
}

fn is_ended(session: &Session, with: ErrorCode) -> bool {
    session.state() == SessionState::Ended && session.code() == Some(with) && session.deadline().is_none()
}
