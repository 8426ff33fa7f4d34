//! Counterseal's core: sign and verify packets and tokens, refuse replays, the same bytes and the same codes in every
//! language.
//!
//! The core does no I/O. Time is an argument ([`Timestamp`]), entropy is an argument ([`Nonce::from_bytes`]), a store is a
//! trait ([`ReplayGuard`]). It holds no clock, no generator, no socket and no thread, and has no unsafe code.
//!
//! | to | use |
//! |---|---|
//! | hold a secret and say what it is for | [`Secret`], [`Key`], [`Keyring`], [`derive()`] |
//! | sign and verify a packet | [`PacketSigner`], [`PacketVerifier`] |
//! | sign and verify an HTTP request | [`RequestSigner`], [`RequestVerifier`] |
//! | say who may call whom | [`Trust`] |
//! | refuse a replay | [`ReplayGuard`], [`MemoryReplayGuard`] |
//! | issue and verify a token | [`TokenIssuer`], [`TokenVerifier`], [`Policy`] |
//! | keep a connection on which both ends prove themselves | [`Session`] |
//! | give a browser a key of its own for one connection | [`TicketIssuer`], [`ticket_keys`] |
//! | record what was decided, in a chain that shows a change | [`AuditChain`], [`AuditEvent`] |
//! | read and write JSON as the contract does | [`json`] |
//! | know why something was refused | [`Error`], [`ErrorCode`] |
//! | find out what to change, on this side | [`explain_packet`], [`explain_request`], [`explain_token`] |
//!
//! Nothing that verifies returns a bool: it returns evidence ([`Verified`], [`VerifiedToken`]) or an [`Error`] with one code
//! of a closed list.
//!
//! ```
//! use counterseal::{
//!     ErrorCode, GuardOptions, Key, KeyOptions, Keyring, MemoryReplayGuard, Nonce, PacketOptions, PacketSigner,
//!     PacketVerifier, Secret, Timestamp,
//! };
//!
//! # fn main() -> counterseal::Result<()> {
//! let secret = Secret::from_text("hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")?;
//! let key = Key::new("engine-7", secret, KeyOptions::default())?;
//! let now = Timestamp::new(1_708_167_234).ok_or(ErrorCode::MalformedArgument)?;
//! let nonce = Nonce::from_bytes([7; 16]); // sixteen bytes from your system's generator
//!
//! let packet = PacketSigner::new(key.clone())?.sign_json(br#"{"job": 42}"#, "engine_status", now, &nonce)?;
//!
//! let ring = Keyring::new([key])?;
//! let mut guard = MemoryReplayGuard::new(GuardOptions::default())?;
//! let verifier = PacketVerifier::new(PacketOptions::default())?;
//! let verified = verifier.verify(&ring, &mut guard, packet.as_bytes(), "engine_status", now)?;
//! assert_eq!(verified.body().as_bytes(), br#"{"job":42}"#);
//!
//! let again = verifier.verify(&ring, &mut guard, packet.as_bytes(), "engine_status", now);
//! assert_eq!(again.unwrap_err().code(), ErrorCode::Replayed);
//! # Ok(())
//! # }
//! ```
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod audit;
mod base64;
mod collections;
mod derive;
mod error;
mod explain;
pub mod json;
mod key;
mod mac;
mod nonce;
mod options;
mod packet;
mod replay;
mod request;
#[cfg(feature = "serde")]
pub mod serde;
mod session;
#[doc(hidden)]
pub mod testing;
mod text;
mod ticket;
mod time;
mod token;
mod trust;

pub use audit::{AuditChain, AuditEvent, AuditFault, AuditHead, AuditLogOptions, AuditVerifyOptions};
pub use derive::derive;
pub use error::{Class, Error, ErrorCode, Refusal, Result};
pub use explain::{Explanation, Hint, Stage, StageState, explain_packet, explain_request, explain_token};
pub use key::{Algorithm, Key, KeyOptions, Keyring, Secret, Use};
pub use nonce::Nonce;
pub use packet::{
    Authenticated, Body, Kind, PacketOptions, PacketSigner, PacketVerifier, Parts, Sealed, Verified,
    VerifiedRef, check_context,
};
pub use replay::{
    Claim, GuardOptions, MemoryReplayGuard, ReplayBooks, ReplayFound, ReplayGuard, ReplayMark, ReplayPlace,
    ReplaySearch, ReplaySpill, ReplayTable, ReplayTag, SharedClaim, SharedGuardOptions, SignedNonce,
};
pub use request::{
    AuthenticatedRequest, Field, Outgoing, PendingRequest, RequestHead, RequestSigner, RequestVerifier,
    VerifiedRequest,
};
pub use session::{OnRefusal, Session, SessionOptions, SessionState};
pub use ticket::{TICKET_TYP, Ticket, TicketIssuer, ticket_keys};
pub use time::{Timestamp, Tolerance};
pub use token::{
    ClaimRule, ClaimType, Policy, TOKEN_MAX, TokenIssuer, TokenLifetime, TokenVerifier, UnverifiedToken,
    VerifiedToken,
};
pub use trust::Trust;

/// Whether what usual messages pass is asked before the strict reader, which answers all alike. A module that a browser downloads is smaller without:
/// it is built with `--cfg counterseal_strict`.
pub(crate) const QUICK: bool = !cfg!(counterseal_strict);
