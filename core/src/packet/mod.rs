//! Packets: one JSON object, signed for one context, accepted once (wire contract §2).

mod envelope;
mod input;
mod limit;
mod sign;
mod verify;

pub use input::check_context;
pub use sign::PacketSigner;
pub use verify::{Authenticated, PacketOptions, PacketVerifier, Verified};

use crate::time::Timestamp;
use alloc::string::String;
use alloc::vec::Vec;
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

/// The signed content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A payload's RFC 8785 form: the very bytes that were signed.
    Json(String),
    /// Raw bytes.
    Bytes(Vec<u8>),
}

impl Body {
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
}

/// A packet taken apart by a carrier of its own, such as a binary frame.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The key's id.
    pub key_id: &'a str,
    /// What the body is.
    pub kind: Kind,
    /// The body as signed: JSON already in RFC 8785 form, or raw bytes.
    pub body: &'a [u8],
    /// When it was signed.
    pub ts: Timestamp,
    /// The nonce.
    pub nonce: &'a str,
    /// The signature.
    pub sig: &'a str,
}

/// The format's name in a replay tag.
const FORMAT: &str = "packet-1";

#[cfg(test)]
mod tests;
