//! Verifies packets, in two steps with types between them: no host can skip the claim.

use super::candidate::{Candidate, Judged, Raw};
use super::envelope::{self, Envelope};
use super::evidence::Held;
use super::input::check_context;
use super::limit::BodyLimit;
use super::side_by_side::Check;
use super::{Authenticated, Parts, Verified, VerifiedRef, scan};
use crate::QUICK;
use crate::error::{Error, ErrorCode, Result};
use crate::key::{Key, Keyring, Use};
use crate::mac::MacKey;
use crate::nonce::Nonce;
use crate::options::Options;
use crate::replay::{Format, ReplayGuard, SignedNonce};
use crate::text::{NAME_RULE, is_context, is_name};
use crate::time::{Timestamp, Tolerance};
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
        self.authenticate_for(ring, packet, context, now, &|nonce| guard.expect(nonce))?.claim(guard)
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
        self.authenticate_parts_for(ring, parts, context, now, &|nonce| guard.expect(nonce))?.claim(guard)
    }

    /// [`PacketVerifier::verify_parts`] for who reads the evidence at once: it stays where it is, and the key need not be counted.
    ///
    /// # Errors
    /// As [`PacketVerifier::verify_parts`].
    #[inline]
    pub fn verify_parts_with<R>(
        &self,
        ring: &Keyring,
        guard: &mut impl ReplayGuard,
        parts: &Parts<'_>,
        (context, now): (&str, Timestamp),
        read: impl FnOnce(VerifiedRef<'_, '_>) -> R,
    ) -> Result<R> {
        // Matched where it lies: `?` would copy what was only just written, and wait for it.
        match self.authenticate_parts_for(ring, parts, context, now, &|nonce| guard.expect(nonce)) {
            Ok(ref authenticated) => authenticated.claim_ref(guard).map(read),
            Err(error) => Err(error),
        }
    }

    /// Checks 1 to 7 of a packet's text: shape, version, key, MAC, age, owner.
    ///
    /// # Errors
    /// `malformed_argument` for the context; then, in this order, `payload_too_large` `malformed_packet` `malformed_payload`
    /// `unsupported_version` · `unknown_key` `revoked_key` `inactive_key` · `bad_signature` · `expired` `not_yet_valid` ·
    /// `caller_not_allowed`.
    pub fn authenticate<'r, 'a>(
        &self,
        ring: &'r Keyring,
        packet: &'a [u8],
        context: &str,
        now: Timestamp,
    ) -> Result<Authenticated<'r, 'a>> {
        self.authenticate_for(ring, packet, context, now, &|_| ())
    }

    /// The same, for a guard that hears of the nonce before it is claimed.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn authenticate_for<'r, 'a>(
        &self,
        ring: &'r Keyring,
        packet: &'a [u8],
        context: &str,
        now: Timestamp,
        expect: &impl Fn(&SignedNonce<'_>),
    ) -> Result<Authenticated<'r, 'a>> {
        if QUICK
            && packet.len() <= self.text_limit()
            && let Some(candidate) = self.candidate(ring, packet, now)
            && let Some(verdict) = self.judge(candidate, context, now, expect)
        {
            return verdict;
        }
        check_context(context)?;
        self.judge_strictly(ring, envelope::read(packet, self.limit)?, context, now)
    }

    /// Checks 1 to 7 of a packet that a carrier of its own took apart.
    ///
    /// # Errors
    /// As [`PacketVerifier::authenticate`]; JSON that is not in RFC 8785 form is `malformed_payload`.
    // Into its caller, where what it is handed and what it hands out need not go through memory. In a module for browsers size comes first.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn authenticate_parts<'r, 'a>(
        &self,
        ring: &'r Keyring,
        parts: &Parts<'a>,
        context: &str,
        now: Timestamp,
    ) -> Result<Authenticated<'r, 'a>> {
        self.authenticate_parts_for(ring, parts, context, now, &|_| ())
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn authenticate_parts_for<'r, 'a>(
        &self,
        ring: &'r Keyring,
        parts: &Parts<'a>,
        context: &str,
        now: Timestamp,
        expect: &impl Fn(&SignedNonce<'_>),
    ) -> Result<Authenticated<'r, 'a>> {
        if QUICK
            && let Some(raw) = Raw::of(parts).filter(|_| self.limit.holds(parts.body))
            && let Some(verdict) = self.judge(self.look_up(ring, raw, now), context, now, expect)
        {
            return verdict;
        }
        check_context(context)?;
        self.judge_strictly(ring, envelope::read_parts(parts, self.limit)?, context, now)
    }

    /// Checks 1 and 2 as the strict reader makes them: what a packet says, whoever wrote it.
    pub(crate) fn open<'a>(&self, packet: &'a [u8]) -> Result<Envelope<'a>> {
        envelope::read(packet, self.limit)
    }

    /// What is accepted.
    pub(crate) fn options(&self) -> &PacketOptions {
        &self.options
    }

    /// A packet as a signer writes it. None for any other text.
    #[inline(always)]
    pub(super) fn candidate<'r, 'a>(
        &self,
        ring: &'r Keyring,
        packet: &'a [u8],
        now: Timestamp,
    ) -> Option<Candidate<'r, 'a>> {
        let raw = scan::scan(packet)?;
        // The strict reader refuses a body too large, after its grammar.
        self.limit.holds(raw.body.as_bytes()).then(|| self.look_up(ring, raw, now))
    }

    /// Check 3.
    #[inline(always)]
    fn look_up<'r, 'a>(&self, ring: &'r Keyring, raw: Raw<'a>, now: Timestamp) -> Candidate<'r, 'a> {
        Candidate { key: ring.find_bytes(raw.key_id, &Use::Packet, now), raw }
    }

    /// Checks 4 to 7, the grammar of the parts while the signature is computed. None where only the strict reader may judge.
    #[inline(always)]
    pub(super) fn judge<'r, 'a>(
        &self,
        candidate: Candidate<'r, 'a>,
        context: &str,
        now: Timestamp,
        expect: &impl Fn(&SignedNonce<'_>),
    ) -> Option<Result<Authenticated<'r, 'a>>> {
        let seen = |nonce: &Nonce| {
            if let Ok(key) = candidate.key {
                expect(&SignedNonce::of(Format::Packet, key, nonce));
            }
        };
        let Check { input, key, sig } = self.check_of(&candidate, context);
        // In place, so that what it judges stays in registers: the processor has room for about a hundred stores that wait for a hash.
        let (fits, judged) = input.check_while(
            key,
            sig,
            #[inline(always)]
            |pulse| {
                if is_context(context) { candidate.raw.judge(pulse, seen) } else { None }
            },
        );
        self.conclude(candidate, fits, judged?, now)
    }

    #[inline(always)]
    pub(super) fn check_of<'e>(&'e self, candidate: &'e Candidate<'_, '_>, context: &'e str) -> Check<'e> {
        let Candidate { raw, key } = candidate;
        Check { key: self.mac_key(*key), input: raw.input(context), sig: raw.sig }
    }

    #[inline(always)]
    pub(super) fn conclude<'r, 'a>(
        &self,
        Candidate { raw, key }: Candidate<'r, 'a>,
        fits: bool,
        judged: Judged<'a>,
        now: Timestamp,
    ) -> Option<Result<Authenticated<'r, 'a>>> {
        let key = match self.check(key, fits, judged.ts, now) {
            Ok(key) => Held::Lent(key),
            Err(code) => return raw.is_well_formed().then(|| Err(code.into())),
        };
        let (ts, nonce, tolerance) = (judged.ts, judged.nonce, self.options.tolerance);
        Some(Ok(Authenticated { key, ts, now, nonce, tolerance, body: raw.into_body(&judged) }))
    }

    /// Checks 3 to 7 of what the strict reader read.
    #[inline(never)]
    fn judge_strictly<'r, 'a>(
        &self,
        ring: &'r Keyring,
        envelope: Envelope<'a>,
        context: &str,
        now: Timestamp,
    ) -> Result<Authenticated<'r, 'a>> {
        let key = ring.find(&envelope.key_id, &Use::Packet, now);
        let fits = envelope.input(context).check(self.mac_key(key), &envelope.sig);
        let key = Held::Lent(self.check(key, fits, envelope.ts, now)?);
        let Envelope { ts, nonce, body, .. } = envelope;
        Ok(Authenticated { key, ts, now, nonce, tolerance: self.options.tolerance, body })
    }

    /// Where the key was refused, a MAC is computed all the same: the answer's time does not tell which keys exist.
    #[inline(always)]
    fn mac_key<'k>(&'k self, key: Result<&'k Key, ErrorCode>) -> &'k MacKey {
        key.map_or(&self.dummy, Key::mac_key)
    }

    /// What check 3 found, then checks 4, 6 and 7.
    #[inline(always)]
    fn check<'k>(
        &self,
        key: Result<&'k Key, ErrorCode>,
        fits: bool,
        ts: Timestamp,
        now: Timestamp,
    ) -> Result<&'k Key, ErrorCode> {
        let key = key?;
        check_mac(fits)?;
        self.options.tolerance.check(ts, now)?;
        self.check_caller(key)?;
        Ok(key)
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
