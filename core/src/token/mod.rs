//! JSON Web Tokens (RFC 7519) with HMAC (RFC 7518 §3.2): written in one form, read in one order (wire contract §6).
//!
//! Signature before claims, claims before rules, and every refusal has one code. What to demand of a token is a [`Policy`], which is data.

mod claims;
pub(crate) mod header;
mod issue;
mod options;
pub(crate) mod parts;
mod policy;
mod rules;
pub(crate) mod signature;
mod stage;
mod unverified;
mod verify;

pub use issue::TokenIssuer;
pub use options::TokenLifetime;
pub use policy::Policy;
pub use rules::{ClaimRule, ClaimType};
pub(crate) use stage::TokenStage;
pub use unverified::UnverifiedToken;
pub use verify::{TokenVerifier, VerifiedToken};

use crate::json::Value;
use alloc::string::String;

/// The longest token, in bytes, that is written or read.
pub const TOKEN_MAX: usize = 8192;

fn member<'a>(members: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    members.iter().find(|(found, _)| found == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests;
