//! A packet on its way through the checks: taken apart, its key looked up, its parts and its signature not yet judged.

use super::body::canonical;
use super::envelope::Signature;
use super::input::{Input, Seconds};
use super::{Body, Kind, Parts};
use crate::base64;
use crate::error::ErrorCode;
use crate::json::Pace;
use crate::key::Key;
use crate::nonce::{self, Nonce};
use crate::text::is_name;
use crate::time::Timestamp;
use alloc::borrow::Cow;

/// A packet after check 3.
pub(super) struct Candidate<'r, 'a> {
    pub(super) raw: Raw<'a>,
    pub(super) key: Result<&'r Key, ErrorCode>,
}

/// A packet's parts as they lie in its text or were given.
pub(super) struct Raw<'a> {
    pub(super) key_id: &'a [u8],
    pub(super) ts: Seconds<'a>,
    pub(super) nonce: &'a [u8; nonce::LENGTH],
    pub(super) body: RawBody<'a>,
    pub(super) sig: &'a Signature,
}

/// A body that is not judged yet. Bytes need not be.
pub(super) enum RawBody<'a> {
    Json(&'a [u8]),
    Bytes(Cow<'a, [u8]>),
}

/// What the parts turned out to be.
pub(super) struct Judged<'a> {
    pub(super) ts: Timestamp,
    pub(super) nonce: Nonce,
    /// The payload; empty beside raw bytes.
    json: &'a str,
}

impl<'a> Raw<'a> {
    /// Parts whose lengths are those of a packet's.
    pub(super) fn of(parts: &Parts<'a>) -> Option<Self> {
        let body = match parts.kind {
            Kind::Json => RawBody::Json(parts.body),
            Kind::Bytes => RawBody::Bytes(Cow::Borrowed(parts.body)),
        };
        let (nonce, sig) = (parts.nonce.as_bytes().try_into().ok()?, parts.sig.as_bytes().try_into().ok()?);
        Some(Self { key_id: parts.key_id.as_bytes(), ts: Seconds::Number(parts.ts), nonce, body, sig })
    }

    /// What was signed, if this packet is for `context`.
    #[inline(always)]
    pub(super) fn input<'i>(&'i self, context: &'i str) -> Input<'i> {
        let Self { key_id, ts, nonce, body, .. } = self;
        Input { key_id, ts: *ts, nonce, context, kind: body.kind(), body: body.as_bytes() }
    }

    /// Judges the parts, and hashes on meanwhile; `seen` hears of the nonce as soon as it is known. None is no refusal: only the strict reader refuses.
    ///
    /// Two judgements wait until something else is refused, see [`Raw::is_well_formed`]: a key id that is found in a ring is in its grammar, and
    /// so is a signature that fits.
    #[inline(always)]
    pub(super) fn judge(&self, pace: &mut impl Pace, seen: impl FnOnce(&Nonce)) -> Option<Judged<'a>> {
        let (ts, nonce) = (self.ts.read()?, Nonce::from_wire(self.nonce)?);
        seen(&nonce);
        let json = match self.body {
            RawBody::Json(text) => canonical(text, pace)?,
            RawBody::Bytes(_) => {
                pace.beat();
                ""
            }
        };
        Some(Judged { ts, nonce, json })
    }

    /// Whether key id and signature are in their grammars.
    pub(super) fn is_well_formed(&self) -> bool {
        str::from_utf8(self.key_id).is_ok_and(is_name) && base64::is_url(self.sig)
    }

    #[inline(always)]
    pub(super) fn into_body(self, judged: &Judged<'a>) -> Body<'a> {
        match self.body {
            RawBody::Json(_) => Body::Json(Cow::Borrowed(judged.json)),
            RawBody::Bytes(bytes) => Body::Bytes(bytes),
        }
    }
}

impl RawBody<'_> {
    #[inline(always)]
    fn kind(&self) -> Kind {
        match self {
            Self::Json(_) => Kind::Json,
            Self::Bytes(_) => Kind::Bytes,
        }
    }

    #[inline(always)]
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Json(text) => text,
            Self::Bytes(bytes) => bytes,
        }
    }
}
