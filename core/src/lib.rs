//! Counterseal's core: sign and verify packets and tokens, refuse replays, the same bytes and the same codes in every language.
//!
//! The core does no I/O. Time is an argument ([`Timestamp`]), entropy is an argument ([`Nonce::from_bytes`]), a store is a trait
//! ([`ReplayGuard`]). It holds no clock, no generator, no socket and no thread, and has no unsafe code.
//!
//! | to | use |
//! |---|---|
//! | hold a secret and say what it is for | [`Secret`], [`Key`], [`Keyring`] |
//! | sign and verify a packet | [`PacketSigner`], [`PacketVerifier`] |
//! | issue and verify a token, and say what it must hold | [`TokenIssuer`], [`TokenVerifier`], [`Policy`] |
//! | derive keys from a master | [`derive()`] |
//! | refuse a replay | [`ReplayGuard`], [`MemoryReplayGuard`] |
//! | read and write JSON as the contract does | [`json`] |
//! | know why something was refused | [`Error`], [`ErrorCode`] |
//!
//! Nothing that verifies returns a bool: it returns evidence ([`Verified`]) or an [`Error`] with one code of a closed list.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod base64;
mod derive;
mod error;
pub mod json;
mod key;
mod mac;
mod nonce;
mod options;
mod packet;
mod replay;
#[cfg(feature = "serde")]
pub mod serde;
#[doc(hidden)]
pub mod testing;
mod text;
mod time;
mod token;

pub use derive::derive;
pub use error::{Class, Error, ErrorCode, Result};
pub use key::{Algorithm, Key, KeyOptions, Keyring, Secret, Use};
pub use nonce::Nonce;
pub use packet::{
    Authenticated, Body, Kind, PacketOptions, PacketSigner, PacketVerifier, Parts, Verified, check_context,
};
pub use replay::{Claim, GuardOptions, MemoryReplayGuard, ReplayGuard, ReplayTag};
pub use time::{Timestamp, Tolerance};
pub use token::{
    ClaimRule, ClaimType, Policy, TOKEN_MAX, TokenIssuer, TokenLifetime, TokenVerifier, VerifiedToken,
};
