//! Packets for foreign callers.

use crate::argument;
use crate::guard::Guard;
use crate::{ClaimingPacket, Key, Keyring, MemoryReplayGuard, SharedReplayGuard};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use counterseal::{Error, ErrorCode, Kind, Result};

pub use counterseal::{Body, Sealed, Verified, VerifiedRef};

/// Signs packets with one key.
#[derive(Clone, Debug)]
pub struct PacketSigner(counterseal::PacketSigner);

/// What a packet of parts needs besides its body.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// When it was signed, whole Unix seconds.
    pub timestamp: f64,
    /// The nonce.
    pub nonce: String,
    /// The signature, 43 characters.
    pub sig: String,
}

impl PacketSigner {
    /// A signer whose options are JSON: `body_limit`, in bytes.
    ///
    /// # Errors
    /// `malformed_argument` if the key is not for packets, for an unknown member or a limit out of range.
    pub fn new(key: &Key, options: &str) -> Result<Self> {
        counterseal::PacketSigner::from_options(key.0.clone(), options.as_bytes()).map(Self)
    }

    /// The longest JSON text that is read for a payload, in bytes: what is longer is `payload_too_large`.
    pub fn text_limit(&self) -> usize {
        self.0.text_limit()
    }

    /// Signs a payload given as JSON text. Returns the packet's text.
    ///
    /// # Errors
    /// `malformed_argument`; `malformed_payload`, `payload_too_large`; `revoked_key`, `inactive_key`.
    pub fn sign_json(
        &self,
        payload: &[u8],
        context: &str,
        now: Option<f64>,
        nonce: Option<&str>,
    ) -> Result<String> {
        self.0.sign_json(payload, context, argument::now(now)?, &argument::nonce(nonce)?)
    }

    /// Signs a payload given as JSON text. Returns the packet's members, not yet written.
    ///
    /// # Errors
    /// As [`PacketSigner::sign_json`].
    pub fn seal_json<'a>(
        &self,
        payload: &'a [u8],
        context: &str,
        now: Option<f64>,
        nonce: Option<&str>,
    ) -> Result<Sealed<'a>> {
        self.0.seal_json(payload, context, argument::now(now)?, &argument::nonce(nonce)?)
    }

    /// Signs raw bytes. Returns the packet's text.
    ///
    /// # Errors
    /// As [`PacketSigner::sign_json`], but for the payload's grammar.
    pub fn sign_bytes(
        &self,
        data: &[u8],
        context: &str,
        now: Option<f64>,
        nonce: Option<&str>,
    ) -> Result<String> {
        self.0.sign_bytes(data, context, argument::now(now)?, &argument::nonce(nonce)?)
    }

    /// Signs a body, `json` (in RFC 8785 form) or `bytes`, for a carrier of its own.
    ///
    /// # Errors
    /// As [`PacketSigner::sign_json`]; JSON that is not in RFC 8785 form is `malformed_payload`.
    pub fn sign_parts(
        &self,
        kind: &str,
        body: &[u8],
        context: &str,
        now: Option<f64>,
        nonce: Option<&str>,
    ) -> Result<Signature> {
        let (kind, now, nonce) = (read_kind(kind)?, argument::now(now)?, argument::nonce(nonce)?);
        let sig = self.0.sign_parts(kind, body, context, now, &nonce)?;
        Ok(Signature { timestamp: now.seconds() as f64, nonce: nonce.as_str().to_owned(), sig })
    }
}

/// Verifies packets against a ring, and claims each nonce in a guard.
#[derive(Clone)]
pub struct PacketVerifier {
    ring: Keyring,
    guard: Guard,
    verifier: counterseal::PacketVerifier,
}

/// A packet taken apart by a carrier of its own.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The key's id.
    pub key_id: &'a str,
    /// `json` or `bytes`.
    pub kind: &'a str,
    /// The body as signed: JSON already in RFC 8785 form, or raw bytes.
    pub body: &'a [u8],
    /// When it was signed, whole Unix seconds.
    pub ts: f64,
    /// The nonce.
    pub nonce: &'a str,
    /// The signature.
    pub sig: &'a str,
}

impl PacketVerifier {
    /// A verifier whose options are JSON: `max_age`, `max_ahead` (seconds), `allow` (owners), `body_limit` (bytes).
    ///
    /// Without a guard it gets one of its own that starts at 0: a restart forgets, and opens the window of `max_age` once more.
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member or a value out of range.
    pub fn new(ring: &Keyring, guard: Option<&MemoryReplayGuard>, options: &str) -> Result<Self> {
        let verifier = counterseal::PacketVerifier::from_options(options.as_bytes())?;
        Ok(Self { ring: ring.clone(), guard: Guard::memory_or_own(guard)?, verifier })
    }

    /// A verifier with the same options, for a guard that replicas share: [`PacketVerifier::authenticate`], ask the store, then settle.
    ///
    /// # Errors
    /// As [`PacketVerifier::new`].
    pub fn shared(ring: &Keyring, guard: &SharedReplayGuard, options: &str) -> Result<Self> {
        let verifier = counterseal::PacketVerifier::from_options(options.as_bytes())?;
        Ok(Self { ring: ring.clone(), guard: Guard::Shared(guard.clone()), verifier })
    }

    /// The longest text that is read, in bytes: what is longer is `payload_too_large`.
    pub fn text_limit(&self) -> usize {
        self.verifier.text_limit()
    }

    /// Verifies a packet's text.
    ///
    /// # Errors
    /// Every code of the verification order (wire contract §4).
    pub fn verify<'a>(&self, packet: &'a [u8], context: &str, now: Option<f64>) -> Result<Verified<'a>> {
        let now = argument::now(now)?;
        self.verifier.verify(&self.ring.read(), &mut self.guard.memory()?, packet, context, now)
    }

    /// Checks 1 to 7 of a packet's text, for the shared guard to go on with.
    ///
    /// # Errors
    /// As [`counterseal::PacketVerifier::authenticate`].
    pub fn authenticate(&self, packet: &[u8], context: &str, now: Option<f64>) -> Result<ClaimingPacket> {
        let (guard, now) = (self.guard.shared()?, argument::now(now)?);
        let ring = self.ring.read();
        let authenticated = self.verifier.authenticate(&ring, packet, context, now)?;
        Ok(ClaimingPacket::packet(authenticated, guard))
    }

    /// Verifies a packet that a carrier of its own took apart.
    ///
    /// # Errors
    /// As [`PacketVerifier::verify`]; JSON that is not in RFC 8785 form is `malformed_payload`.
    pub fn verify_parts<'a>(
        &self,
        parts: &Parts<'a>,
        context: &str,
        now: Option<f64>,
    ) -> Result<Verified<'a>> {
        let (now, parts) = (argument::now(now)?, parts.read(context)?);
        self.verifier.verify_parts(&self.ring.read(), &mut self.guard.memory()?, &parts, context, now)
    }

    /// [`PacketVerifier::verify_parts`] for who reads the evidence at once: the key need not be counted. `read` runs under the ring's lock, so it
    /// must not change the ring.
    ///
    /// # Errors
    /// As [`PacketVerifier::verify_parts`].
    pub fn verify_parts_with<R>(
        &self,
        parts: &Parts<'_>,
        context: &str,
        now: Option<f64>,
        read: impl FnOnce(VerifiedRef<'_, '_>) -> R,
    ) -> Result<R> {
        let (now, parts) = (argument::now(now)?, parts.read(context)?);
        let mut guard = self.guard.memory()?;
        self.verifier.verify_parts_with(&self.ring.read(), &mut guard, &parts, (context, now), read)
    }

    /// Checks 1 to 7 of a packet that a carrier of its own took apart, for the shared guard to go on with.
    ///
    /// # Errors
    /// As [`counterseal::PacketVerifier::authenticate_parts`].
    pub fn authenticate_parts(
        &self,
        parts: &Parts<'_>,
        context: &str,
        now: Option<f64>,
    ) -> Result<ClaimingPacket> {
        let (guard, now, parts) = (self.guard.shared()?, argument::now(now)?, parts.read(context)?);
        let ring = self.ring.read();
        let authenticated = self.verifier.authenticate_parts(&ring, &parts, context, now)?;
        Ok(ClaimingPacket::packet(authenticated, guard))
    }

    /// Verifies packets one by one: results in order, none hides another.
    ///
    /// # Errors
    /// `malformed_argument` for the context or the time, which all share.
    pub fn verify_batch<'a>(
        &self,
        packets: &[&'a [u8]],
        context: &str,
        now: Option<f64>,
    ) -> Result<Vec<Result<Verified<'a>>>> {
        let now = argument::now(now)?;
        self.verifier.verify_batch(&self.ring.read(), &mut self.guard.memory()?, packets, context, now)
    }
}

impl<'a> Parts<'a> {
    /// The caller's own arguments first, then what the peer wrote.
    #[inline]
    fn read(&self, context: &str) -> Result<counterseal::Parts<'a>> {
        let kind = read_kind(self.kind)?;
        let Some(ts) = argument::timestamp(self.ts) else {
            counterseal::check_context(context)?;
            return Err(Error::new(ErrorCode::MalformedPacket, TS_RULE));
        };
        let Self { key_id, body, nonce, sig, .. } = *self;
        Ok(counterseal::Parts { key_id, kind, body, ts, nonce, sig })
    }
}

fn read_kind(kind: &str) -> Result<Kind> {
    Kind::parse(kind).ok_or_else(|| Error::new(ErrorCode::MalformedArgument, "kind must be json or bytes"))
}

const TS_RULE: &str = "ts must be whole Unix seconds from 0 to 253402300799";
