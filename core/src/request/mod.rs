//! HTTP requests: one profile of RFC 9421 with RFC 9530 (wire contract §3), so that any conforming peer can verify what is signed here.
//!
//! Requests come as data (method, target, header fields in order, body or the body's pieces); what leaves are the fields to add, or evidence.

mod authority;
mod base;
mod components;
mod digest;
mod evidence;
mod fields;
mod options;
mod reading;
mod shape;
mod sign;
mod signature;
mod structured;
mod target;
mod verify;

pub(crate) use authority::{Authority, Scheme};
pub(crate) use components::{Component, Coverage, integer};
pub(crate) use digest::BodyHash;
pub use evidence::{AuthenticatedRequest, VerifiedRequest};
pub use fields::Field;
pub(crate) use fields::Fields;
pub(crate) use options::VerifierOptions;
pub(crate) use shape::{Shape, SignedFields, check_agree, due};
pub(crate) use sign::DIGEST;
pub use sign::{Outgoing, RequestSigner};
pub(crate) use target::Target;
pub use verify::{PendingRequest, RequestHead, RequestVerifier};

/// What is wrong with a request, in words. Whether the caller or a peer is to blame, and so the code, is for whoever reads it.
pub(crate) type Fault = &'static str;

/// A character of a token (RFC 9110 §5.6.2).
fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// A method is a token of 1 to 32 characters, signed as it is sent. CONNECT has a target that is none.
pub(crate) fn check_method(method: &str) -> Result<(), Fault> {
    if !(1..=32).contains(&method.len()) || !method.bytes().all(is_tchar) {
        return Err("the method is not a token of 1 to 32 characters");
    }
    if method == "CONNECT" { Err("CONNECT cannot be signed") } else { Ok(()) }
}

/// Our label in `Signature-Input` and `Signature`.
const LABEL: &str = "counterseal";

#[cfg(test)]
mod tests;
