//! Arguments that foreign callers hand in as plain types.

use crate::{clock, entropy};
use counterseal::{Error, ErrorCode, Nonce, Result, Timestamp};

/// `now`, or the system's time where it is absent.
pub(crate) fn now(now: Option<f64>) -> Result<Timestamp> {
    match now {
        Some(seconds) => timestamp(seconds).ok_or_else(|| Error::new(ErrorCode::MalformedArgument, NOW_RULE)),
        None => clock::now(),
    }
}

/// A nonce handed in, or a fresh one.
pub(crate) fn nonce(nonce: Option<&str>) -> Result<Nonce> {
    match nonce {
        Some(text) => Nonce::parse(text).ok_or_else(|| Error::new(ErrorCode::MalformedArgument, NONCE_RULE)),
        None => entropy::fresh_nonce(),
    }
}

/// Whole seconds in range; nothing is floored.
pub(crate) fn timestamp(seconds: f64) -> Option<Timestamp> {
    // Through the signed integer, which processors convert from and to in one step.
    let whole = seconds as i64;
    if whole as f64 == seconds { Timestamp::new(u64::try_from(whole).ok()?) } else { None }
}

const NOW_RULE: &str = "now must be whole Unix seconds from 0 to 253402300799";
const NONCE_RULE: &str =
    "nonce must be 22 characters of base64url that encode 16 bytes; leave it out for a fresh one";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_whole() {
        assert_eq!(timestamp(0.0), Timestamp::new(0));
        assert_eq!(timestamp(253_402_300_799.0), Some(Timestamp::MAX));
        for bad in [-1.0, 0.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 253_402_300_800.0, 1e300] {
            assert_eq!(timestamp(bad), None, "{bad}");
            assert_eq!(now(Some(bad)).unwrap_err().code(), ErrorCode::MalformedArgument);
        }
        assert!(now(None).unwrap().seconds() > 1_700_000_000);
    }

    #[test]
    fn nonces_are_fresh_or_exact() {
        assert_ne!(nonce(None).unwrap(), nonce(None).unwrap());
        assert!(nonce(Some("AAECAwQFBgcICQoLDA0ODw")).is_ok());
        assert_eq!(nonce(Some("")).unwrap_err().code(), ErrorCode::MalformedArgument);
    }
}
