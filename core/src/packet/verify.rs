//! Verifies packets, in two steps with types between them: no host can skip the claim.

use super::candidate::Candidate;
use super::envelope::{self, Envelope};
use super::input::{Check, check_context};
use super::limit::BodyLimit;
use super::{Authenticated, Body, Kind, Parts, Verified, scan};
use crate::error::{Error, ErrorCode, Result};
use crate::json;
use crate::key::{Key, Keyring, Use};
use crate::mac::MacKey;
use crate::options::Options;
use crate::replay::ReplayGuard;
use crate::text::{NAME_RULE, is_name};
use crate::time::{Timestamp, Tolerance};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Verifies packets for one purpose: how old, from whom, how long.
#[derive(Clone)]
pub struct PacketVerifier {
    options: PacketOptions,
    limit: BodyLimit,
    dummy: MacKey,
}

/// What a [`PacketVerifier`] accepts.
#[derive(Clone, Debug)]
pub struct PacketOptions {
    /// How old a packet may be, and how far ahead.
    pub tolerance: Tolerance,
    /// The owners that may make this call; anyone with a key if absent.
    pub allow: Option<Vec<String>>,
    /// Bytes that a body may have: 1 to 512 MiB, 1 MiB by default.
    pub body_limit: usize,
}

impl Default for PacketOptions {
    fn default() -> Self {
        Self { tolerance: Tolerance::default(), allow: None, body_limit: 1024 * 1024 }
    }
}

impl PacketVerifier {
    /// A verifier.
    ///
    /// # Errors
    /// `malformed_argument` for an owner outside its grammar or a limit out of range.
    pub fn new(options: PacketOptions) -> Result<Self> {
        check_owners(options.allow.as_deref().unwrap_or_default())?;
        let limit = BodyLimit::new(options.body_limit)?;
        Ok(Self { options, limit, dummy: MacKey::dummy() })
    }

    /// A verifier whose options are JSON: `max_age`, `max_ahead` (seconds), `allow` (owners), `body_limit` (bytes).
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member or a value out of range.
    pub fn from_options(json: &[u8]) -> Result<Self> {
        let given = Options::read(json, OPTIONS, ErrorCode::MalformedArgument)?;
        let (tolerance, allow) = (given.tolerance()?, given.names("allow")?);
        Ok(Self {
            options: PacketOptions { tolerance, allow, ..PacketOptions::default() },
            limit: BodyLimit::of(&given)?,
            dummy: MacKey::dummy(),
        })
    }

    /// The longest text that is read: 4 × body limit + 4096 bytes.
    pub fn text_limit(&self) -> usize {
        self.limit.text_limit()
    }

    /// Verifies a packet: [`PacketVerifier::authenticate`], then the claim.
    ///
    /// # Errors
    /// Every code of the verification order (wire contract §4).
    pub fn verify<'a>(
        &self,
        ring: &Keyring,
        guard: &mut impl ReplayGuard,
        packet: &'a [u8],
        context: &str,
        now: Timestamp,
    ) -> Result<Verified<'a>> {
        self.authenticate(ring, packet, context, now)?.claim(guard)
    }

    /// Verifies a packet that a carrier of its own took apart: [`PacketVerifier::authenticate_parts`], then the claim.
    ///
    /// # Errors
    /// As [`PacketVerifier::verify`]; JSON that is not in RFC 8785 form is `malformed_payload`.
    pub fn verify_parts<'a>(
        &self,
        ring: &Keyring,
        guard: &mut impl ReplayGuard,
        parts: &Parts<'a>,
        context: &str,
        now: Timestamp,
    ) -> Result<Verified<'a>> {
        self.authenticate_parts(ring, parts, context, now)?.claim(guard)
    }

    /// Checks 1 to 7 of a packet's text: shape, version, key, MAC, age, owner.
    ///
    /// # Errors
    /// `malformed_argument` for the context; then, in this order, `payload_too_large` `malformed_packet` `malformed_payload`
    /// `unsupported_version` · `unknown_key` `revoked_key` `inactive_key` · `bad_signature` · `expired` `not_yet_valid` ·
    /// `caller_not_allowed`.
    pub fn authenticate<'a>(
        &self,
        ring: &Keyring,
        packet: &'a [u8],
        context: &str,
        now: Timestamp,
    ) -> Result<Authenticated<'a>> {
        check_context(context)?;
        self.limit.check_text(packet)?;
        if let Some(candidate) = self.candidate(ring, packet, now)
            && let Some(verdict) = self.judge(candidate, context, now)
        {
            return verdict;
        }
        self.read(ring, packet, context, now)
    }

    /// Checks 1 to 7 of a packet that a carrier of its own took apart.
    ///
    /// # Errors
    /// As [`PacketVerifier::authenticate`]; JSON that is not in RFC 8785 form is `malformed_payload`.
    pub fn authenticate_parts<'a>(
        &self,
        ring: &Keyring,
        parts: &Parts<'a>,
        context: &str,
        now: Timestamp,
    ) -> Result<Authenticated<'a>> {
        check_context(context)?;
        let (key_id, nonce) = envelope::read_parts(parts.key_id, parts.nonce)?;
        let body = read_body(parts.kind, parts.body, self.limit)?;
        let sig = envelope::signature(parts.sig).ok_or_else(envelope::sig_fault)?;
        let envelope =
            Envelope { key_id: Cow::Borrowed(key_id), ts: parts.ts, nonce, body, sig: Cow::Borrowed(sig) };
        if let Err(too_large) = self.limit.check_body(parts.body) {
            return Err(if envelope.is_well_formed() { too_large } else { envelope::sig_fault() });
        }
        let candidate = self.look_up(ring, envelope, now);
        self.judge(candidate, context, now).unwrap_or_else(|| Err(envelope::sig_fault()))
    }

    /// Checks 1 and 2 as the strict reader makes them: what a packet says, whoever wrote it.
    pub(crate) fn open<'a>(&self, packet: &'a [u8]) -> Result<Envelope<'a>> {
        envelope::read(packet, self.limit)
    }

    /// What is accepted.
    pub(crate) fn options(&self) -> &PacketOptions {
        &self.options
    }

    /// As the strict reader judges it.
    #[inline(never)]
    fn read<'a>(
        &self,
        ring: &Keyring,
        packet: &'a [u8],
        context: &str,
        now: Timestamp,
    ) -> Result<Authenticated<'a>> {
        let candidate = self.look_up(ring, envelope::read(packet, self.limit)?, now);
        self.judge(candidate, context, now).unwrap_or_else(|| Err(envelope::sig_fault()))
    }

    /// A packet as a signer writes it. None for any other text.
    #[inline(always)]
    pub(super) fn candidate<'r, 'a>(
        &self,
        ring: &'r Keyring,
        packet: &'a [u8],
        now: Timestamp,
    ) -> Option<Candidate<'r, 'a>> {
        let envelope = scan::scan(packet)?;
        // The strict reader refuses a body too large, after its grammar.
        self.limit.holds(envelope.body.as_bytes()).then(|| self.look_up(ring, envelope, now))
    }

    /// Check 3.
    #[inline(always)]
    fn look_up<'r, 'a>(
        &self,
        ring: &'r Keyring,
        envelope: Envelope<'a>,
        now: Timestamp,
    ) -> Candidate<'r, 'a> {
        Candidate { key: ring.find(&envelope.key_id, &Use::Packet, now), envelope }
    }

    /// Checks 4 to 7. None where the packet is refused for what
    /// [`Envelope::is_well_formed`] left open.
    #[inline(always)]
    fn judge<'a>(
        &self,
        candidate: Candidate<'_, 'a>,
        context: &str,
        now: Timestamp,
    ) -> Option<Result<Authenticated<'a>>> {
        let Check { input, key, sig } = self.check_of(&candidate, context);
        let fits = input.check(key, sig);
        self.conclude(candidate, fits, now)
    }

    /// Where the key was refused, a MAC is computed all the same: the answer's time does not tell which keys exist.
    #[inline(always)]
    pub(super) fn check_of<'e>(&'e self, candidate: &'e Candidate<'_, '_>, context: &'e str) -> Check<'e> {
        let key = candidate.key.map_or(&self.dummy, Key::mac_key);
        Check { key, input: candidate.envelope.input(context), sig: &candidate.envelope.sig }
    }

    #[inline(always)]
    pub(super) fn conclude<'a>(
        &self,
        candidate: Candidate<'_, 'a>,
        fits: bool,
        now: Timestamp,
    ) -> Option<Result<Authenticated<'a>>> {
        let Candidate { envelope, key } = candidate;
        let checked = key.and_then(|key| self.check(key, fits, envelope.ts, now).map(|()| key));
        let key = match checked {
            Ok(key) => key.clone(),
            Err(code) => return envelope.is_well_formed().then(|| Err(code.into())),
        };
        let tolerance = self.options.tolerance;
        let Envelope { ts, nonce, body, .. } = envelope;
        Some(Ok(Authenticated { key, ts, now, nonce, tolerance, body }))
    }

    /// Checks 4, 6 and 7.
    fn check(&self, key: &Key, fits: bool, ts: Timestamp, now: Timestamp) -> Result<(), ErrorCode> {
        check_mac(fits)?;
        self.options.tolerance.check(ts, now)?;
        self.check_caller(key)
    }

    fn check_caller(&self, key: &Key) -> Result<(), ErrorCode> {
        match &self.options.allow {
            Some(allowed) if !allowed.iter().any(|owner| owner == key.owner()) => {
                Err(ErrorCode::CallerNotAllowed)
            }
            _ => Ok(()),
        }
    }
}

/// A body that came by itself. JSON must already stand in the form that was signed.
pub(super) fn read_body(kind: Kind, body: &[u8], limit: BodyLimit) -> Result<Body<'_>> {
    if kind == Kind::Bytes {
        return Ok(Body::Bytes(Cow::Borrowed(body)));
    }
    limit.check_text(body)?;
    if let (true, Ok(text)) = (json::is_canonical(body), str::from_utf8(body)) {
        return Ok(Body::Json(Cow::Borrowed(text)));
    }
    json::read(body)?;
    Err(Error::new(ErrorCode::MalformedPayload, "a JSON body given as parts must stand in its RFC 8785 form"))
}

fn check_mac(fits: bool) -> Result<(), ErrorCode> {
    if fits { Ok(()) } else { Err(ErrorCode::BadSignature) }
}

fn check_owners(owners: &[String]) -> Result<()> {
    match owners.iter().find(|owner| !is_name(owner)) {
        Some(owner) => {
            Err(Error::new(ErrorCode::MalformedArgument, format!("allow: {owner:?} must be {NAME_RULE}")))
        }
        None => Ok(()),
    }
}

const OPTIONS: &[&str] = &["max_age", "max_ahead", "allow", "body_limit"];
