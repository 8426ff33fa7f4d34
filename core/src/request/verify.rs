//! Verifies requests: the head first, then the body as it comes, then the rest.

use super::digest::{self, BodyHash};
use super::fields::{Field, Fields};
use super::options::{OwnAuthority, VerifierOptions};
use super::shape::{Shape, SignedFields};
use super::signature::Tag;
use super::{AuthenticatedRequest, Fault, VerifiedRequest};
use crate::error::{Error, ErrorCode, Result};
use crate::key::{Key, Keyring, Use};
use crate::mac::MacKey;
use crate::nonce::Nonce;
use crate::packet::BodyLimit;
use crate::replay::ReplayGuard;
use crate::time::{Timestamp, Tolerance};
use alloc::string::String;

/// Verifies requests for the authorities that one server answers for.
#[derive(Clone)]
pub struct RequestVerifier {
    options: VerifierOptions,
    dummy: MacKey,
}

/// A request as it arrived, without its body.
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'a> {
    /// The method.
    pub method: &'a str,
    /// What the request line, or `:path`, says: raw, with path and query.
    pub target: &'a str,
    /// The header fields in order, repeated ones as they came; `:authority` among them where there is one.
    pub headers: &'a [Field<'a>],
}

/// A request whose signature was good (checks 1 to 4), and whose body is still to come.
#[must_use = "a request is not verified before its body is"]
pub struct PendingRequest {
    limit: BodyLimit,
    tolerance: Tolerance,
    key: Key,
    ts: Timestamp,
    nonce: Nonce,
    digest: Option<Tag>,
    body: BodyHash,
    /// Check 7, which only the head decides and whose turn comes later.
    call: Result<()>,
}

impl RequestVerifier {
    /// A verifier whose options are JSON: `authorities` (required: `https://host`, `http://host:port`, https if none is named), `extra_fields`,
    /// `max_age`, `max_ahead` (seconds), `allow` (owners), `trust` (a policy as [`Trust`](crate::Trust) reads it) with `callee` (which server of it
    /// this is), `body_limit` (bytes).
    ///
    /// # Errors
    /// `malformed_argument` for an unknown or missing member, or a value out of its grammar.
    pub fn from_options(json: &[u8]) -> Result<Self> {
        Ok(Self { options: VerifierOptions::from_json(json)?, dummy: MacKey::dummy() })
    }

    /// Whether the policy lets anyone call this path, signed or not. What is not signed has no caller.
    pub fn is_exempt(&self, path: &str) -> bool {
        self.options.is_exempt(path)
    }

    /// The longest body that is accepted, in bytes.
    pub fn body_limit(&self) -> usize {
        self.options.limit.bytes()
    }

    /// Verifies a request whose body is all there.
    ///
    /// # Errors
    /// Those of [`RequestVerifier::begin`], [`PendingRequest::update`], [`PendingRequest::finish`] and [`AuthenticatedRequest::claim`], in this
    /// order.
    pub fn verify(
        &self,
        ring: &Keyring,
        guard: &mut impl ReplayGuard,
        head: &RequestHead<'_>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<VerifiedRequest> {
        self.authenticate(ring, head, body, now)?.claim(guard)
    }

    /// Checks 1 to 7 of a request whose body is all there.
    ///
    /// # Errors
    /// As [`RequestVerifier::verify`], but for the claim's.
    pub fn authenticate(
        &self,
        ring: &Keyring,
        head: &RequestHead<'_>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<AuthenticatedRequest> {
        let mut pending = self.judge(ring, head, Some(body), now)?;
        pending.update(body)?;
        pending.finish(now)
    }

    /// Checks 1 to 4 of a request whose body is not read yet: shape, authority, key, MAC.
    ///
    /// # Errors
    /// `malformed_request` · `wrong_authority` · `unknown_key` `revoked_key` `inactive_key` · `bad_signature`.
    pub fn begin(&self, ring: &Keyring, head: &RequestHead<'_>, now: Timestamp) -> Result<PendingRequest> {
        self.judge(ring, head, None, now)
    }

    fn judge(
        &self,
        ring: &Keyring,
        head: &RequestHead<'_>,
        body: Option<&[u8]>,
        now: Timestamp,
    ) -> Result<PendingRequest> {
        let fields = Fields(head.headers);
        let signed = SignedFields::read(&fields).map_err(malformed)?;
        let shape = Shape::read(head, &fields, &signed, &self.options).map_err(malformed)?;
        self.options.limit.check_body(body.unwrap_or_default())?;
        let authority = self.check_authority(&shape)?;
        let base = shape.base(&authority.text);
        let key = ring.find(shape.coverage.key_id, &Use::Request, now);
        // Where the key was refused, a MAC is computed all the same: the answer's time does not tell which keys exist.
        let fits = shape.fits(key.map_or(&self.dummy, Key::mac_key), &base);
        let key = key?.clone();
        check_mac(fits)?;
        let (ts, nonce, digest) = (shape.coverage.created, shape.coverage.nonce, shape.digest);
        let call = self.options.check_caller(key.owner(), head.method, shape.path());
        let (limit, tolerance) = (self.options.limit, self.options.tolerance);
        Ok(PendingRequest { limit, tolerance, key, ts, nonce, digest, body: BodyHash::default(), call })
    }

    pub(crate) fn options(&self) -> &VerifierOptions {
        &self.options
    }

    pub(crate) fn check_authority(&self, shape: &Shape<'_>) -> Result<&OwnAuthority> {
        let own = self.options.authorities.iter().find(|own| shape.is_for(own));
        own.ok_or_else(|| ErrorCode::WrongAuthority.into())
    }
}

impl RequestHead<'_> {
    /// The id of the key that the request names, if its signature has the right form. Nobody has proved to hold it: it is for the log of a refusal.
    pub fn claimed_key_id(&self) -> Option<String> {
        SignedFields::read(&Fields(self.headers)).ok()?.claimed_key_id()
    }
}

impl PendingRequest {
    /// Who holds the key that signed the head. The request is not verified yet: it is for the log, should it be refused.
    pub fn owner(&self) -> &str {
        self.key.owner()
    }

    /// How many bytes the body is said to have (`Content-Length`), before any of them is read.
    ///
    /// # Errors
    /// `payload_too_large`.
    pub fn announce(&self, bytes: u64) -> Result<()> {
        self.limit.check_length(usize::try_from(bytes).unwrap_or(usize::MAX))
    }

    /// The next piece of the body.
    ///
    /// # Errors
    /// `payload_too_large` once more has come than the limit allows.
    pub fn update(&mut self, piece: &[u8]) -> Result<()> {
        self.body.update(piece);
        self.limit.check_length(self.body.len())
    }

    /// Checks 5 to 7, once the whole body has come: its digest, the age, the caller. A body that [`PendingRequest::update`] refused stays refused.
    ///
    /// # Errors
    /// `payload_too_large` · `body_mismatch` · `expired` `not_yet_valid` · `caller_not_allowed`.
    pub fn finish(self, now: Timestamp) -> Result<AuthenticatedRequest> {
        let Self { limit, tolerance, key, ts, nonce, digest, body, call } = self;
        limit.check_length(body.len())?;
        check_body(body, digest.as_ref())?;
        tolerance.check(ts, now)?;
        call?;
        Ok(AuthenticatedRequest { key, ts, now, nonce, tolerance })
    }
}

fn check_mac(fits: bool) -> Result<(), ErrorCode> {
    if fits { Ok(()) } else { Err(ErrorCode::BadSignature) }
}

/// Check 5: a body has a digest that was signed, and no body has none.
fn check_body(body: BodyHash, signed: Option<&Tag>) -> Result<(), ErrorCode> {
    let same = match signed {
        Some(signed) => body.len() > 0 && digest::is_same(&body.finish(), signed),
        None => body.len() == 0,
    };
    if same { Ok(()) } else { Err(ErrorCode::BodyMismatch) }
}

fn malformed(fault: Fault) -> Error {
    Error::new(ErrorCode::MalformedRequest, fault)
}
