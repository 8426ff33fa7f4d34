//! Time as an argument: whole Unix seconds, and how far a signer's clock may differ.

use crate::error::{Error, ErrorCode, Result};

/// Whole seconds since 1970-01-01T00:00:00Z, 0 to 253402300799 (the end of the year 9999).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);
    /// The last second of the year 9999.
    pub const MAX: Self = Self(253_402_300_799);

    /// A timestamp, if it is in range.
    pub const fn new(seconds: u64) -> Option<Self> {
        if seconds <= Self::MAX.0 { Some(Self(seconds)) } else { None }
    }

    /// Unix seconds.
    pub const fn seconds(self) -> u64 {
        self.0
    }
}

/// How old a signature may be, and how far ahead of this clock: each 1 to 3600 seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance {
    max_age: u64,
    max_ahead: u64,
}

impl Tolerance {
    /// A tolerance in seconds.
    ///
    /// # Errors
    /// `malformed_argument` if either is not 1 to 3600.
    pub fn new(max_age: u64, max_ahead: u64) -> Result<Self> {
        check_window("max_age", max_age)?;
        check_window("max_ahead", max_ahead)?;
        Ok(Self { max_age, max_ahead })
    }

    /// Seconds that a signature stays fresh.
    pub fn max_age(self) -> u64 {
        self.max_age
    }

    /// Seconds that a signer's clock may be ahead.
    pub fn max_ahead(self) -> u64 {
        self.max_ahead
    }

    /// Check 6 of the verification order (wire contract §4): the age of a signature whose MAC was good.
    ///
    /// # Errors
    /// `expired`, `not_yet_valid`.
    pub fn check(self, ts: Timestamp, now: Timestamp) -> Result<(), ErrorCode> {
        if now.seconds().saturating_sub(ts.seconds()) > self.max_age {
            return Err(ErrorCode::Expired);
        }
        if ts.seconds().saturating_sub(now.seconds()) > self.max_ahead {
            return Err(ErrorCode::NotYetValid);
        }
        Ok(())
    }
}

impl Default for Tolerance {
    fn default() -> Self {
        Self { max_age: 60, max_ahead: 5 }
    }
}

fn check_window(name: &str, seconds: u64) -> Result<()> {
    if (1..=WINDOW_MAX).contains(&seconds) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedArgument, alloc::format!("{name} must be 1 to {WINDOW_MAX} seconds")))
}

const WINDOW_MAX: u64 = 3600;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::new(seconds).unwrap()
    }

    #[test]
    fn range() {
        assert_eq!(Timestamp::new(253_402_300_799), Some(Timestamp::MAX));
        assert_eq!(Timestamp::new(253_402_300_800), None);
    }

    #[test]
    fn edges_of_the_window() {
        let tolerance = Tolerance::default();
        assert_eq!(tolerance.check(at(1000), at(1060)), Ok(()));
        assert_eq!(tolerance.check(at(1000), at(1061)), Err(ErrorCode::Expired));
        assert_eq!(tolerance.check(at(1005), at(1000)), Ok(()));
        assert_eq!(tolerance.check(at(1006), at(1000)), Err(ErrorCode::NotYetValid));
    }

    #[test]
    fn windows_have_bounds() {
        assert!(Tolerance::new(1, 3600).is_ok());
        for (age, ahead) in [(0, 5), (3601, 5), (60, 0), (60, 3601)] {
            assert_eq!(Tolerance::new(age, ahead).unwrap_err().code(), ErrorCode::MalformedArgument);
        }
    }
}
