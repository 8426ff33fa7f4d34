//! The HMAC algorithms of tokens (RFC 7518 §3.2).

use crate::error::{Error, ErrorCode, Result};
use core::fmt;

/// A token algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC-SHA256.
    Hs256,
    /// HMAC-SHA384.
    Hs384,
    /// HMAC-SHA512.
    Hs512,
}

impl Algorithm {
    /// Reads the name in a token's header, exactly.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "HS256" => Some(Self::Hs256),
            "HS384" => Some(Self::Hs384),
            "HS512" => Some(Self::Hs512),
            _ => None,
        }
    }

    /// The name in a token's header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    /// The least secret: as long as the hash (RFC 7518 §3.2).
    pub(crate) const fn least_secret(self) -> usize {
        match self {
            Self::Hs256 => 32,
            Self::Hs384 => 48,
            Self::Hs512 => 64,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

pub(super) fn check_all(algorithms: &[Algorithm]) -> Result<()> {
    if !algorithms.is_empty() {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedKey, "algorithms must name at least one of HS256, HS384, HS512"))
}

pub(crate) const RULE: &str = "HS256, HS384 or HS512";
