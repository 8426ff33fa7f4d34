//! An open session: packets bound to it, and the signs of life that keep it open.

use super::{SessionOptions, check_name};
use crate::error::{Error, ErrorCode, Result};
use crate::key::{Key, Keyring};
use crate::nonce::Nonce;
use crate::packet::{Body, PacketOptions, PacketSigner, PacketVerifier, Sealed, Verified};
use crate::replay::{GuardOptions, MemoryReplayGuard};
use crate::text::is_name;
use crate::time::Timestamp;
use alloc::format;
use alloc::string::{String, ToString};

pub(super) struct Open {
    signer: PacketSigner,
    peer: String,
    pub(super) id: Nonce,
    proof: Proof,
    /// The key that the peer's last packet was signed with.
    peer_key: Option<Key>,
    token_ends: Option<u64>,
    heard: u64,
    next_heartbeat: u64,
}

/// What the peer's packets are held against. Its guard lives as long as the session and begins with it: both ends' nonces are fresh, so nothing
/// was forgotten.
pub(super) struct Proof {
    verifier: PacketVerifier,
    guard: MemoryReplayGuard,
}

impl Proof {
    pub(super) fn new(peer: &str, options: &SessionOptions) -> Result<Self> {
        let verifier = PacketVerifier::new(PacketOptions {
            tolerance: options.tolerance,
            allow: Some([peer.to_string()].into()),
            body_limit: options.body_limit,
        })?;
        let capacity = options.guard_capacity;
        // The session has one peer: the whole guard is its share.
        let guard = GuardOptions { capacity, owner_share: Some(capacity), ..GuardOptions::default() };
        Ok(Self { verifier, guard: MemoryReplayGuard::small(guard)? })
    }

    pub(super) fn verify<'a>(
        &mut self,
        ring: &Keyring,
        packet: &'a [u8],
        context: &str,
        now: Timestamp,
    ) -> Result<Verified<'a>> {
        self.verifier.verify(ring, &mut self.guard, packet, context, now)
    }
}

impl Open {
    pub(super) fn new(
        key: Key,
        peer: &str,
        id: Nonce,
        options: &SessionOptions,
        now: Timestamp,
    ) -> Result<Self> {
        Self::with_proof(key, peer, id, options, Proof::new(peer, options)?, now)
    }

    pub(super) fn with_proof(
        key: Key,
        peer: &str,
        id: Nonce,
        options: &SessionOptions,
        proof: Proof,
        now: Timestamp,
    ) -> Result<Self> {
        Ok(Self {
            signer: PacketSigner::with_limit(key, options.body_limit)?,
            peer: peer.to_string(),
            id,
            proof,
            peer_key: None,
            token_ends: None,
            heard: now.seconds(),
            next_heartbeat: now.seconds(),
        })
    }

    pub(super) fn until(self, token_ends: u64) -> Self {
        Self { token_ends: Some(token_ends), ..self }
    }

    pub(super) fn proved_by(self, peer_key: Key) -> Self {
        Self { peer_key: Some(peer_key), ..self }
    }

    pub(super) fn first_heartbeat(self, second: u64) -> Self {
        Self { next_heartbeat: second, ..self }
    }

    pub(super) fn seal_json<'a>(
        &self,
        event: &str,
        payload: &'a [u8],
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<Sealed<'a>> {
        self.signer.seal_json(payload, &self.own_context(event)?, now, nonce)
    }

    pub(super) fn sign_bytes(
        &self,
        event: &str,
        data: &[u8],
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<String> {
        self.signer.sign_bytes(data, &self.own_context(event)?, now, nonce)
    }

    pub(super) fn heartbeat(&mut self, every: u64, now: Timestamp, nonce: &Nonce) -> Result<String> {
        let context = context(self.name(), &self.peer, HEARTBEAT, &self.id);
        let packet = self.signer.sign_json(NOTHING.as_bytes(), &context, now, nonce)?;
        self.next_heartbeat = now.seconds() + every;
        Ok(packet)
    }

    pub(super) fn verify<'a>(
        &mut self,
        ring: &Keyring,
        event: &str,
        packet: &'a [u8],
        now: Timestamp,
    ) -> Result<Verified<'a>> {
        check_sent_event(event)?;
        let context = context(&self.peer, self.name(), event, &self.id);
        let verified = self.proof.verify(ring, packet, &context, now)?;
        if event == HEARTBEAT {
            check_heartbeat(verified.body())?;
            self.heard = self.heard.max(now.seconds());
        }
        self.peer_key = Some(verified.key().clone());
        Ok(verified)
    }

    pub(super) fn owes_heartbeat(&self, now: Timestamp) -> bool {
        now.seconds() >= self.next_heartbeat
    }

    /// The second in which something is due: a heartbeat of this end's, or the session's end.
    pub(super) fn deadline(&self, window: u64) -> u64 {
        let keys = [Some(self.signer.key()), self.peer_key.as_ref()];
        let ends = keys.into_iter().flatten().filter_map(Key::not_after).map(Timestamp::seconds);
        ends.chain(self.token_ends).fold(self.next_heartbeat.min(self.heard + window + 1), u64::min)
    }

    /// What ends a session without a packet.
    pub(super) fn check_life(&self, window: u64, now: Timestamp) -> Result<(), ErrorCode> {
        self.signer.key().check_status(now)?;
        if let Some(key) = &self.peer_key {
            key.check_status(now)?;
        }
        check_token(self.token_ends, now)?;
        check_heard(self.heard, window, now)
    }

    fn name(&self) -> &str {
        self.signer.key().owner()
    }

    fn own_context(&self, event: &str) -> Result<String> {
        check_name("event", event)?;
        check_not_reserved(event)?;
        Ok(context(self.name(), &self.peer, event, &self.id))
    }
}

fn context(from: &str, to: &str, event: &str, id: &Nonce) -> String {
    format!("{from}>{to}:{event}@{}", id.as_str())
}

pub(super) fn check_token(ends: Option<u64>, now: Timestamp) -> Result<(), ErrorCode> {
    if ends.is_some_and(|ends| now.seconds() >= ends) { Err(ErrorCode::TokenExpired) } else { Ok(()) }
}

/// Whole seconds are coarse: only more than the window is surely as long as it.
fn check_heard(heard: u64, window: u64, now: Timestamp) -> Result<(), ErrorCode> {
    if now.seconds() > heard + window { Err(ErrorCode::HeartbeatMissed) } else { Ok(()) }
}

fn check_sent_event(event: &str) -> Result<()> {
    if is_name(event) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedPacket, "the event that the packet was sent as is no event's name"))
}

fn check_not_reserved(event: &str) -> Result<()> {
    if !matches!(event, HEARTBEAT | "welcome") {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::MalformedArgument,
        format!("event {event} is the session's own; heartbeat() signs a heartbeat, welcome() a welcome"),
    ))
}

fn check_heartbeat(body: &Body<'_>) -> Result<()> {
    if matches!(body, Body::Json(text) if text == NOTHING) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedPayload, "a heartbeat's payload is {} and no more"))
}

const HEARTBEAT: &str = "heartbeat";
const NOTHING: &str = "{}";
