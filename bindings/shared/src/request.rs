//! HTTP requests for foreign callers.

use crate::argument;
use crate::guard::Guard;
use crate::{ClaimingRequest, Key, Keyring, MemoryReplayGuard, SharedReplayGuard};
use alloc::string::String;
use alloc::vec::Vec;
use counterseal::{Error, ErrorCode, Outgoing, Result};

pub use counterseal::{Field, RequestHead, VerifiedRequest};

/// Signs requests with one key (wire contract §3).
#[derive(Clone, Debug)]
pub struct RequestSigner(counterseal::RequestSigner);

impl RequestSigner {
    /// A signer whose options are JSON: `extra_fields` (names in lower case, always covered), `body_limit` (bytes).
    ///
    /// # Errors
    /// `malformed_argument` if the key is not for requests, for an unknown member, a name that is none, or a limit out of range.
    pub fn new(key: &Key, options: &str) -> Result<Self> {
        counterseal::RequestSigner::from_options(key.0.clone(), options.as_bytes()).map(Self)
    }

    /// The longest body that is signed, in bytes.
    pub fn body_limit(&self) -> usize {
        self.0.body_limit()
    }

    /// The header fields to add to a request that is about to leave, names and values in order.
    ///
    /// # Errors
    /// As [`counterseal::RequestSigner::sign`].
    pub fn sign(
        &self,
        method: &str,
        url: &str,
        headers: &[Field<'_>],
        body: &[u8],
        now: Option<f64>,
        nonce: Option<&str>,
    ) -> Result<Vec<(&'static str, String)>> {
        let outgoing = Outgoing { method, url, headers, body };
        self.0.sign(&outgoing, argument::now(now)?, &argument::nonce(nonce)?)
    }
}

/// Verifies requests against a ring, and claims each nonce in a guard.
#[derive(Clone)]
pub struct RequestVerifier {
    ring: Keyring,
    guard: Guard,
    verifier: counterseal::RequestVerifier,
}

/// A request whose signature was good, and whose body is still to come. It is used once: languages that cannot consume a value hold it on.
#[must_use = "a request is not verified before its body is"]
pub struct PendingRequest {
    guard: Guard,
    /// Nothing once it was finished or refused.
    pending: Option<counterseal::PendingRequest>,
}

impl RequestVerifier {
    /// A verifier whose options are JSON: `authorities` (required), `extra_fields`, `max_age`, `max_ahead` (seconds), `allow` (owners), `trust` with
    /// `callee`, `body_limit` (bytes).
    ///
    /// Without a guard it gets one of its own that starts at 0: a restart forgets, and opens the window of `max_age` once more.
    ///
    /// # Errors
    /// `malformed_argument` for an unknown or missing member, or a value out of its grammar.
    pub fn new(ring: &Keyring, guard: Option<&MemoryReplayGuard>, options: &str) -> Result<Self> {
        let verifier = counterseal::RequestVerifier::from_options(options.as_bytes())?;
        Ok(Self { ring: ring.clone(), guard: Guard::memory_or_own(guard)?, verifier })
    }

    /// A verifier with the same options, for a guard that replicas share: [`RequestVerifier::authenticate`] or [`PendingRequest::authenticate`],
    /// ask the store, then settle.
    ///
    /// # Errors
    /// As [`RequestVerifier::new`].
    pub fn shared(ring: &Keyring, guard: &SharedReplayGuard, options: &str) -> Result<Self> {
        let verifier = counterseal::RequestVerifier::from_options(options.as_bytes())?;
        Ok(Self { ring: ring.clone(), guard: Guard::Shared(guard.clone()), verifier })
    }

    /// The longest body that is accepted, in bytes.
    pub fn body_limit(&self) -> usize {
        self.verifier.body_limit()
    }

    /// Whether the policy lets anyone call this path, signed or not.
    pub fn is_exempt(&self, path: &str) -> bool {
        self.verifier.is_exempt(path)
    }

    /// Verifies a request whose body is all there.
    ///
    /// # Errors
    /// Every code of the verification order (wire contract §4).
    pub fn verify(&self, head: &RequestHead<'_>, body: &[u8], now: Option<f64>) -> Result<VerifiedRequest> {
        self.verifier.verify(&self.ring.read(), &mut self.guard.memory()?, head, body, argument::now(now)?)
    }

    /// Checks 1 to 7 of a request whose body is all there, for the shared guard to go on with.
    ///
    /// # Errors
    /// As [`counterseal::RequestVerifier::authenticate`].
    pub fn authenticate(
        &self,
        head: &RequestHead<'_>,
        body: &[u8],
        now: Option<f64>,
    ) -> Result<ClaimingRequest> {
        let (guard, now) = (self.guard.shared()?, argument::now(now)?);
        let authenticated = self.verifier.authenticate(&self.ring.read(), head, body, now)?;
        Ok(ClaimingRequest::request(authenticated, guard))
    }

    /// Checks 1 to 4 of a request whose body is not read yet.
    ///
    /// # Errors
    /// As [`counterseal::RequestVerifier::begin`].
    pub fn begin(&self, head: &RequestHead<'_>, now: Option<f64>) -> Result<PendingRequest> {
        let pending = self.verifier.begin(&self.ring.read(), head, argument::now(now)?)?;
        Ok(PendingRequest { guard: self.guard.clone(), pending: Some(pending) })
    }
}

impl PendingRequest {
    /// Who holds the key that signed the head; nothing once it was finished or refused.
    pub fn owner(&self) -> Option<&str> {
        self.pending.as_ref().map(counterseal::PendingRequest::owner)
    }

    /// How many bytes the body is said to have, before any of them is read.
    ///
    /// # Errors
    /// As [`PendingRequest::update`].
    pub fn announce(&mut self, bytes: u64) -> Result<()> {
        let pending = self.take()?;
        pending.announce(bytes)?;
        self.pending = Some(pending);
        Ok(())
    }

    /// The next piece of the body.
    ///
    /// # Errors
    /// `payload_too_large`, which is the end of it; `malformed_argument` once it was finished or refused.
    pub fn update(&mut self, piece: &[u8]) -> Result<()> {
        let mut pending = self.take()?;
        pending.update(piece)?;
        self.pending = Some(pending);
        Ok(())
    }

    /// Checks 5 to 8, once the whole body has come.
    ///
    /// # Errors
    /// As [`counterseal::PendingRequest::finish`] and [`counterseal::AuthenticatedRequest::claim`]; `malformed_argument` once it was finished or
    /// refused.
    pub fn finish(&mut self, now: Option<f64>) -> Result<VerifiedRequest> {
        let (now, mut guard) = (argument::now(now)?, self.guard.memory()?.clone());
        self.take()?.finish(now)?.claim(&mut guard)
    }

    /// Checks 5 to 7, once the whole body has come, for the shared guard to go on with.
    ///
    /// # Errors
    /// As [`counterseal::PendingRequest::finish`]; `malformed_argument` once it was finished or refused.
    pub fn authenticate(&mut self, now: Option<f64>) -> Result<ClaimingRequest> {
        let (now, guard) = (argument::now(now)?, self.guard.shared()?.clone());
        Ok(ClaimingRequest::request(self.take()?.finish(now)?, &guard))
    }

    fn take(&mut self) -> Result<counterseal::PendingRequest> {
        self.pending.take().ok_or_else(|| Error::new(ErrorCode::MalformedArgument, USED))
    }
}

const USED: &str = "the pending request was finished or refused before; begin anew with the next request";
