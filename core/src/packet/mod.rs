//! Packets: one JSON object, signed for one context, accepted once (wire contract §2).

mod abreast;
mod batch;
mod body;
mod candidate;
pub(crate) mod envelope;
mod evidence;
pub(crate) mod input;
mod limit;
mod scan;
mod side_by_side;
mod sign;
mod verify;

pub use body::{Body, Kind};
pub use evidence::{Authenticated, Verified, VerifiedRef};
pub use input::check_context;
pub(crate) use limit::{BodyLimit, MOST as BODY_LIMIT_MAX, text_limit};
pub use sign::{PacketSigner, Sealed};
pub use verify::{PacketOptions, PacketVerifier};

use crate::time::Timestamp;

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

#[cfg(test)]
mod tests;
