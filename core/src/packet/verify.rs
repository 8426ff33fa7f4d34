//! Verifies packets, in two steps with types between them: no host can skip the claim.

use super::envelope::{self, Envelope};
use super::input::{Input, check_context};
use super::limit::{self, BodyLimit};
use super::{Body, FORMAT, Kind, Parts};
use crate::error::{Error, ErrorCode, Result};
use crate::json;
use crate::key::{Key, Keyring, Use};
use crate::mac::MacKey;
use crate::nonce::Nonce;
use crate::options::Options;
use crate::replay::{Claim, ReplayGuard, ReplayTag};
use crate::text::{NAME_RULE, is_name};
use crate::time::{Timestamp, Tolerance};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
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

/// A packet that passed checks 1 to 7. Its payload cannot be read before the nonce is claimed.
#[must_use = "a packet is not verified before its nonce is claimed"]
pub struct Authenticated {
    key: Key,
    ts: Timestamp,
    now: Timestamp,
    nonce: Nonce,
    tolerance: Tolerance,
    body: Body,
}

/// The evidence: who sent what, when, and for the first time.
#[derive(Clone, Debug)]
pub struct Verified {
    key: Key,
    ts: Timestamp,
    nonce: Nonce,
    body: Body,
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
        let default = Tolerance::default();
        let window = |name, default| Ok::<_, Error>(given.whole(name, 1..=3600)?.unwrap_or(default));
        let tolerance =
            Tolerance::new(window("max_age", default.max_age())?, window("max_ahead", default.max_ahead())?)?;
        let allow = given.list("allow", NAME_RULE, |owner| is_name(owner).then(|| owner.to_string()))?;
        Ok(Self {
            options: PacketOptions { tolerance, allow, ..PacketOptions::default() },
            limit: body_limit(&given)?,
            dummy: MacKey::dummy(),
        })
    }

    /// Verifies a packet: [`PacketVerifier::authenticate`], then the claim.
    ///
    /// # Errors
    /// Every code of the verification order (wire contract §4).
    pub fn verify(
        &self,
        ring: &Keyring,
        guard: &mut impl ReplayGuard,
        packet: &[u8],
        context: &str,
        now: Timestamp,
    ) -> Result<Verified> {
        self.authenticate(ring, packet, context, now)?.claim(guard)
    }

    /// Checks 1 to 7 of a packet's text: shape, version, key, MAC, age, owner.
    ///
    /// # Errors
    /// `malformed_argument` for the context; then, in this order, `payload_too_large` `malformed_packet` `malformed_payload`
    /// `unsupported_version` · `unknown_key` `revoked_key` `inactive_key` · `bad_signature` · `expired` `not_yet_valid` ·
    /// `caller_not_allowed`.
    pub fn authenticate(
        &self,
        ring: &Keyring,
        packet: &[u8],
        context: &str,
        now: Timestamp,
    ) -> Result<Authenticated> {
        check_context(context)?;
        let envelope = envelope::read(packet, self.limit)?;
        self.authenticate_envelope(ring, envelope, context, now)
    }

    /// Checks 1 to 7 of a packet that a carrier of its own took apart.
    ///
    /// # Errors
    /// As [`PacketVerifier::authenticate`]; JSON that is not in RFC 8785 form is `malformed_payload`.
    pub fn authenticate_parts(
        &self,
        ring: &Keyring,
        parts: &Parts<'_>,
        context: &str,
        now: Timestamp,
    ) -> Result<Authenticated> {
        check_context(context)?;
        envelope::check_parts(parts.key_id, parts.nonce)?;
        let body = read_body(parts.kind, parts.body, self.limit)?;
        let sig = envelope::signature(parts.sig)
            .ok_or(Error::new(ErrorCode::MalformedPacket, envelope::SIG_FAULT))?;
        self.limit.check_body(parts.body)?;
        let envelope = Envelope {
            key_id: Cow::Borrowed(parts.key_id),
            ts: parts.ts,
            nonce: Cow::Borrowed(parts.nonce),
            body,
            sig,
        };
        self.authenticate_envelope(ring, envelope, context, now)
    }

    fn authenticate_envelope(
        &self,
        ring: &Keyring,
        envelope: Envelope<'_>,
        context: &str,
        now: Timestamp,
    ) -> Result<Authenticated> {
        let input = Input {
            key_id: &envelope.key_id,
            ts: envelope.ts,
            nonce: &envelope.nonce,
            context,
            kind: envelope.body.kind(),
            body: envelope.body.as_bytes(),
        };
        let key = self.find_key(ring, &input, now)?;
        check_mac(&input, key, &envelope.sig)?;
        self.options.tolerance.check(envelope.ts, now)?;
        self.check_caller(key)?;
        let nonce = Nonce::parse(&envelope.nonce).ok_or(ErrorCode::MalformedPacket)?;
        Ok(Authenticated {
            key: key.clone(),
            ts: envelope.ts,
            now,
            nonce,
            tolerance: self.options.tolerance,
            body: envelope.body,
        })
    }

    /// Where the key is refused, a MAC is computed all the same: the answer's time does not tell which keys exist.
    fn find_key<'r>(
        &self,
        ring: &'r Keyring,
        input: &Input<'_>,
        now: Timestamp,
    ) -> Result<&'r Key, ErrorCode> {
        let found = ring.find(input.key_id, &Use::Packet, now);
        if found.is_err() {
            core::hint::black_box(input.mac(&self.dummy));
        }
        found
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

impl Authenticated {
    /// Check 8: claims the nonce, once, then reads the key's revocation again.
    ///
    /// # Errors
    /// The guard's codes ([`ReplayGuard::claim`]); `revoked_key`.
    pub fn claim(self, guard: &mut impl ReplayGuard) -> Result<Verified> {
        let tag = ReplayTag::new(guard.scope(), FORMAT, self.key.id(), self.nonce.as_str());
        guard.claim(&Claim::new(tag, self.key.owner(), self.ts, self.tolerance, self.now))?;
        self.key.check_revocation()?;
        Ok(Verified { key: self.key, ts: self.ts, nonce: self.nonce, body: self.body })
    }
}

impl Verified {
    /// The id of the key that signed it.
    pub fn key_id(&self) -> &str {
        self.key.id()
    }

    /// Who holds that key.
    pub fn owner(&self) -> &str {
        self.key.owner()
    }

    /// When it was signed.
    pub fn timestamp(&self) -> Timestamp {
        self.ts
    }

    /// Its nonce.
    pub fn nonce(&self) -> &Nonce {
        &self.nonce
    }

    /// What was signed.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// What was signed, without a copy.
    pub fn into_body(self) -> Body {
        self.body
    }
}

/// A body that came by itself. JSON must already stand in the form that was signed.
pub(super) fn read_body(kind: Kind, body: &[u8], limit: BodyLimit) -> Result<Body> {
    if kind == Kind::Bytes {
        return Ok(Body::Bytes(body.to_vec()));
    }
    limit.check_text(body)?;
    let text = json::canonical(body)?;
    check_canonical(&text, body)?;
    Ok(Body::Json(text))
}

pub(super) fn body_limit(given: &Options) -> Result<BodyLimit> {
    match given.whole("body_limit", 1..=limit::MOST as u64)? {
        Some(bytes) => BodyLimit::new(bytes as usize),
        None => Ok(BodyLimit::default()),
    }
}

fn check_mac(input: &Input<'_>, key: &Key, sig: &[u8]) -> Result<(), ErrorCode> {
    if input.verify(key.mac_key(), sig) { Ok(()) } else { Err(ErrorCode::BadSignature) }
}

fn check_canonical(text: &str, body: &[u8]) -> Result<()> {
    if text.as_bytes() == body {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedPayload, "a JSON body given as parts must stand in its RFC 8785 form"))
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
