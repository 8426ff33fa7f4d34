//! The hub: judges every message, writes the decision down, answers it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use counterseal_shared::{
    Error, ErrorCode, Key, Keyring, MemoryReplayGuard, Result, Secret, TokenIssuer, Verified,
};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;

use crate::audit;
use crate::client::{Client, json_of};
use crate::setup::Setup;

/// One message on its way in. Nothing of it is trusted yet.
pub(crate) struct Message<'a> {
    /// The peer's label, for finding its line in the log.
    pub(crate) request: &'a str,
    /// `http` or `ws`.
    pub(crate) transport: &'static str,
    /// Who it says it is.
    pub(crate) from: &'a str,
    pub(crate) event: Event,
    pub(crate) token: &'a str,
    pub(crate) packet: &'a [u8],
}

/// What a message may be about.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Event {
    /// Asks for a token: the only event that needs none.
    Token,
    /// Opens a socket.
    Hello,
    /// A payload, answered with the same payload.
    Payload,
    /// A status, answered briefly.
    Status,
    /// A packet for another client, which the hub can neither read into nor forge.
    Relay,
}

impl Event {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Hello => "hello",
            Self::Payload => "payload",
            Self::Status => "status",
            Self::Relay => "relay",
        }
    }
}

/// What a peer learns of a refusal.
#[derive(Clone, Copy)]
pub(crate) struct Refusal {
    pub(crate) class: &'static str,
    pub(crate) status: u16,
}

pub(crate) struct Hub {
    clients: HashMap<String, Client>,
    issuer: TokenIssuer,
    sockets: Mutex<HashMap<String, mpsc::Sender<String>>>,
}

impl Hub {
    pub(crate) fn new(setup: &Setup) -> Result<Self> {
        let token_key =
            Key::new("hub-tokens", &Secret::from_text(&setup.token_secret)?, r#"{"uses":["token"]}"#)?;
        let token_ring = Keyring::new(&[&token_key])?;
        // One guard for all: it refuses what was signed before it began, since it cannot know what was accepted then.
        let guard = MemoryReplayGuard::new(&json!({ "start": now(), "capacity": 1 << 20 }).to_string())?;
        let client = |setup_client| Client::new(setup_client, &token_ring, &guard, setup.max_ahead);
        let clients =
            setup.clients.iter().map(|one| Ok((one.name.clone(), client(one)?))).collect::<Result<_>>()?;
        Ok(Self { clients, issuer: TokenIssuer::new(&token_key, "{}")?, sockets: Mutex::default() })
    }

    /// Judges a message and answers it with a signed packet, or with as little as a peer may learn.
    pub(crate) async fn handle(&self, message: &Message<'_>) -> Result<String, Refusal> {
        let decision = match self.verify(message) {
            Ok((client, verified)) => self.answer(client, message.event, &verified).await,
            Err(refused) => Err(refused),
        };
        audit::decision(message, decision.as_ref().err().map(Error::code));
        decision
            .map_err(|error| Refusal { class: error.code().class().as_str(), status: error.code().status() })
    }

    /// Lets a client be reached on its socket, in place of an earlier one.
    pub(crate) fn connect(&self, name: &str, socket: mpsc::Sender<String>) {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), socket);
    }

    /// Forgets a socket, unless a later one has taken its place.
    pub(crate) fn disconnect(&self, name: &str, socket: &mpsc::Sender<String>) {
        let mut sockets = self.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        if sockets.get(name).is_some_and(|held| held.same_channel(socket)) {
            sockets.remove(name);
        }
    }

    fn verify<'m>(&self, message: &Message<'m>) -> Result<(&Client, Verified<'m>)> {
        let client = self
            .clients
            .get(message.from)
            .ok_or_else(|| Error::new(ErrorCode::UnknownKey, "no such client"))?;
        if message.event != Event::Token {
            client.check_token(message.token)?;
        }
        let verified = client.verify(message.event.name(), message.packet)?;
        Ok((client, verified))
    }

    async fn answer(&self, client: &Client, event: Event, verified: &Verified<'_>) -> Result<String> {
        let text = json_of(verified)?;
        let answer = match event {
            Event::Hello | Event::Status => json!({ "ok": true }).to_string(),
            Event::Payload => text.to_owned(),
            Event::Token => json!({ "token": client.issue(&self.issuer, &read(text)?)? }).to_string(),
            Event::Relay => {
                json!({ "delivered": self.relay(verified.owner(), &read(text)?).await? }).to_string()
            }
        };
        client.answer(event.name(), verified, &answer)
    }

    /// Hands a packet on, signed anew for the last leg. The packet inside stays as its sender signed it.
    async fn relay(&self, from: &str, relay: &Relay) -> Result<bool> {
        let Some(client) = self.clients.get(&relay.to) else { return Ok(false) };
        let delivery = json!({ "from": from, "event": relay.event, "packet": relay.packet });
        let packet = client.sign("deliver", &delivery.to_string())?;
        let socket = self.sockets.lock().unwrap_or_else(PoisonError::into_inner).get(&relay.to).cloned();
        let Some(socket) = socket else { return Ok(false) };
        Ok(socket.send(json!({ "event": "deliver", "packet": packet }).to_string()).await.is_ok())
    }
}

#[derive(Deserialize)]
struct Relay {
    to: String,
    event: String,
    packet: String,
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|_| Error::new(ErrorCode::MalformedPayload, "not what this event carries"))
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
