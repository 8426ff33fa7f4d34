//! What a packet carries: a JSON value or raw bytes.

use crate::base64;
use crate::json::{self, Pace};
use alloc::borrow::Cow;
use core::fmt;

/// What a packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A JSON value, signed in its RFC 8785 form.
    Json,
    /// Raw bytes.
    Bytes,
}

impl Kind {
    /// Reads the name in the signing input.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "json" => Some(Self::Json),
            "bytes" => Some(Self::Bytes),
            _ => None,
        }
    }

    /// The name in the signing input.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Bytes => "bytes",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The signed content, borrowed from the packet where it arrived as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body<'a> {
    /// A payload's RFC 8785 form: the very bytes that were signed.
    Json(Cow<'a, str>),
    /// Raw bytes.
    Bytes(Cow<'a, [u8]>),
}

/// A payload that stands in its RFC 8785 form.
#[inline]
pub(super) fn canonical<'a>(payload: &'a [u8], pace: &mut impl Pace) -> Option<&'a str> {
    let text = str::from_utf8(payload).ok()?;
    pace.left(payload.len());
    json::is_canonical_at(payload, pace).then_some(text)
}

impl Body<'_> {
    /// What the packet carries.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Json(_) => Kind::Json,
            Self::Bytes(_) => Kind::Bytes,
        }
    }

    /// The bytes that were signed.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Json(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// As a packet carries it: a payload's text, or raw bytes as base64url.
    pub fn to_wire(&self) -> Cow<'_, str> {
        match self {
            Self::Json(text) => Cow::Borrowed(text),
            Self::Bytes(bytes) => Cow::Owned(base64::encode_url(bytes)),
        }
    }

    /// The same content with memory of its own.
    pub fn into_owned(self) -> Body<'static> {
        match self {
            Self::Json(text) => Body::Json(Cow::Owned(text.into_owned())),
            Self::Bytes(bytes) => Body::Bytes(Cow::Owned(bytes.into_owned())),
        }
    }
}
