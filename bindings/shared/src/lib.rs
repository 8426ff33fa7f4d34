//! The façade that every language calls: plain Rust over plain types, the only clock and the only random source.
//!
//! A shell function is one line into this crate. Input is checked here or in the core, once. Arguments are plain: bytes, strings, `f64`
//! for time in whole seconds. Evidence is the core's own, borrowed from the packet, so that a shell copies only what its language asks for.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod argument;
#[cfg(not(target_arch = "wasm32"))]
mod audit;
mod clock;
mod entropy;
#[cfg(not(target_arch = "wasm32"))]
mod explain;
mod guard;
mod key;
mod packet;
mod request;
mod session;
mod sync;
mod ticket;
mod token;
mod trust;

use alloc::string::String;
use alloc::vec::Vec;

#[cfg(not(target_arch = "wasm32"))]
pub use audit::{
    AuditEvent, AuditFault, AuditFinding, AuditLog, AuditReport, audit_log_files, verify_audit_log,
};
pub use counterseal::{Error, ErrorCode, Nonce, Result, Timestamp, json};
pub use entropy::generate_nonce;
#[cfg(not(target_arch = "wasm32"))]
pub use explain::{
    Explanation, Hint, Stage, StageState, UnverifiedToken, explain_packet, explain_request, explain_token,
    read_unverified_token,
};
pub use guard::{
    Claiming, ClaimingPacket, ClaimingRequest, MemoryReplayGuard, SharedReplayGuard, StoreAnswer,
};
pub use key::{Key, Keyring, Secret, derive};
pub use packet::{Body, PacketSigner, PacketVerifier, Parts, Sealed, Signature, Verified, VerifiedRef};
pub use request::{Field, PendingRequest, RequestHead, RequestSigner, RequestVerifier, VerifiedRequest};
pub use session::{Session, refusal};
pub use ticket::{Ticket, TicketIssuer, ticket_keys};
pub use token::{TokenIssuer, TokenVerifier, VerifiedToken};
pub use trust::Trust;

/// One code of the closed list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorInfo {
    /// The code.
    pub code: &'static str,
    /// What a peer may learn.
    pub class: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What the code means.
    pub sentence: &'static str,
}

/// The closed list of codes.
pub fn error_list() -> Vec<ErrorInfo> {
    let info = |code: &ErrorCode| ErrorInfo {
        code: code.as_str(),
        class: code.class().as_str(),
        status: code.status(),
        sentence: code.sentence(),
    };
    ErrorCode::ALL.iter().map(info).collect()
}

/// The RFC 8785 form of a JSON text.
///
/// # Errors
/// `malformed_payload`.
pub fn canonical_json(text: &[u8]) -> Result<String> {
    json::canonical(text)
}

/// Reads a JSON text as strictly as a payload.
///
/// # Errors
/// `malformed_payload`.
pub fn read_json(text: &[u8]) -> Result<json::Value> {
    json::read(text)
}

/// The version of the SDK.
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
