//! An issuer's options as JSON data, the same for every language.

use super::TokenIssuer;
use crate::error::{Error, ErrorCode, Result};
use crate::key::{ALGORITHM_RULE, Algorithm, Key};
use crate::options::Options;
use crate::time::Timestamp;

impl TokenIssuer {
    /// An issuer whose options are JSON: `alg`, HS256 by default.
    ///
    /// # Errors
    /// As [`TokenIssuer::new`]; `malformed_argument` for an unknown member or algorithm.
    pub fn from_options(key: &Key, json: &[u8]) -> Result<Self> {
        let given = Options::read(json, &["alg"], ErrorCode::MalformedArgument)?;
        let algorithm = given.parsed("alg", ALGORITHM_RULE, Algorithm::parse)?;
        Self::new(key, algorithm.unwrap_or(Algorithm::Hs256))
    }
}

/// How long a token lives, and whether it has an id of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenLifetime {
    /// Seconds from `iat` to `exp`.
    pub expires_in: u64,
    /// Whether a fresh `jti` is added.
    pub jti: bool,
}

impl TokenLifetime {
    /// A lifetime whose options are JSON: `expires_in` (required), `jti` (false by default).
    ///
    /// # Errors
    /// `malformed_argument` for an unknown or missing member, or a value out of range.
    pub fn from_options(json: &[u8]) -> Result<Self> {
        let given = Options::read(json, &["expires_in", "jti"], ErrorCode::MalformedArgument)?;
        let expires_in = given.whole("expires_in", 1..=Timestamp::MAX.seconds())?;
        let missing = || {
            Error::new(
                ErrorCode::MalformedArgument,
                "expires_in is missing: say how many seconds the token lives",
            )
        };
        Ok(Self { expires_in: expires_in.ok_or_else(missing)?, jti: given.flag("jti")?.unwrap_or(false) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{KeyOptions, Secret, Use};

    fn lifetime(json: &str) -> Result<TokenLifetime> {
        TokenLifetime::from_options(json.as_bytes())
    }

    #[test]
    fn a_lifetime_is_required() {
        assert_eq!(
            lifetime(r#"{"expires_in":60,"jti":true}"#).unwrap(),
            TokenLifetime { expires_in: 60, jti: true }
        );
        assert!(!lifetime(r#"{"expires_in":60}"#).unwrap().jti);
        for edge in ["1", "253402300799"] {
            assert!(lifetime(&alloc::format!(r#"{{"expires_in":{edge}}}"#)).is_ok(), "{edge}");
        }
        for bad in [
            "{}",
            r#"{"expires_in":0}"#,
            r#"{"expires_in":253402300800}"#,
            r#"{"expires_in":60,"jti":1}"#,
            r#"{"expires":60}"#,
        ] {
            assert_eq!(lifetime(bad).unwrap_err().code(), ErrorCode::MalformedArgument, "{bad}");
        }
    }

    #[test]
    fn an_algorithm_is_named() {
        let options = KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() };
        let key = Key::new("k", Secret::from_bytes(&[7; 32]).unwrap(), options).unwrap();
        assert!(TokenIssuer::from_options(&key, b"{}").is_ok());
        for bad in [r#"{"alg":"none"}"#, r#"{"alg":"HS384"}"#, r#"{"algorithm":"HS256"}"#] {
            assert_eq!(
                TokenIssuer::from_options(&key, bad.as_bytes()).unwrap_err().code(),
                ErrorCode::MalformedArgument,
                "{bad}"
            );
        }
    }
}
