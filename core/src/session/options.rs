//! What a session allows and how often it asks for a sign of life.

use crate::error::{Error, ErrorCode, Result};
use crate::options::Options;
use crate::packet::{BODY_LIMIT_MAX, PacketOptions};
use crate::time::Tolerance;
use alloc::format;
use alloc::string::{String, ToString};

/// How one end of a connection behaves. Both ends should be given the same windows.
#[derive(Clone, Debug)]
pub struct SessionOptions {
    /// Seconds between this end's heartbeats: 1 to the window, 5 by default.
    pub heartbeat_every: u64,
    /// Seconds without a verified heartbeat of the peer that end the session once they are exceeded: 1 to 3600, 15 by default.
    pub heartbeat_window: u64,
    /// Seconds that the handshake may take: 1 to 3600, 10 by default.
    pub handshake_window: u64,
    /// The token's claim that names the client, `engineId` by default.
    pub identity: String,
    /// How old a packet may be, and how far ahead.
    pub tolerance: Tolerance,
    /// Bytes that a body may have, 1 MiB by default.
    pub body_limit: usize,
    /// What becomes of the session when a packet is refused.
    pub on_refusal: OnRefusal,
    /// Nonces that are remembered at once: at least the packets that come in max_age + 60 seconds; 16,384 by default.
    pub guard_capacity: usize,
}

/// What becomes of an open session when a packet of the peer is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRefusal {
    /// It ends. The default: on a connection that only its peer can write to, a packet that does not verify is an attack or a fault.
    Close,
    /// The packet is refused and the session stays open. For hosts whose connection strangers can write to.
    Keep,
}

impl OnRefusal {
    /// Reads a policy by its name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "close" => Some(Self::Close),
            "keep" => Some(Self::Keep),
            _ => None,
        }
    }
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            heartbeat_every: 5,
            heartbeat_window: 15,
            handshake_window: 10,
            identity: "engineId".to_string(),
            tolerance: Tolerance::default(),
            body_limit: PacketOptions::default().body_limit,
            on_refusal: OnRefusal::Close,
            guard_capacity: 16_384,
        }
    }
}

impl SessionOptions {
    /// Options from JSON: `heartbeat_every`, `heartbeat_window`, `handshake_window`, `max_age`, `max_ahead` (seconds), `identity`, `body_limit`
    /// (bytes), `on_refusal` (`close` or `keep`), `guard_capacity`.
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member or a value out of range.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let given = Options::read(json, OPTIONS, ErrorCode::MalformedArgument)?;
        let default = Self::default();
        let seconds = |name, default| Ok::<_, Error>(given.whole(name, 1..=WINDOW_MAX)?.unwrap_or(default));
        let size = |name, most, default| {
            Ok::<_, Error>(given.whole(name, 1..=most)?.map_or(default, |size| size as usize))
        };
        let options = Self {
            heartbeat_every: seconds("heartbeat_every", default.heartbeat_every)?,
            heartbeat_window: seconds("heartbeat_window", default.heartbeat_window)?,
            handshake_window: seconds("handshake_window", default.handshake_window)?,
            identity: given
                .parsed("identity", CLAIM_RULE, |name| is_claim(name).then(|| name.to_string()))?
                .unwrap_or(default.identity),
            tolerance: given.tolerance()?,
            body_limit: size("body_limit", BODY_LIMIT_MAX as u64, default.body_limit)?,
            on_refusal: given
                .parsed("on_refusal", "close or keep", OnRefusal::parse)?
                .unwrap_or(default.on_refusal),
            guard_capacity: size("guard_capacity", GUARD_MAX as u64, default.guard_capacity)?,
        };
        options.check()?;
        Ok(options)
    }

    /// Whether every value is in its range.
    ///
    /// # Errors
    /// `malformed_argument`.
    pub(super) fn check(&self) -> Result<()> {
        check_range("heartbeat_window", self.heartbeat_window, WINDOW_MAX)?;
        check_range("heartbeat_every", self.heartbeat_every, self.heartbeat_window)?;
        check_range("handshake_window", self.handshake_window, WINDOW_MAX)?;
        check_range("body_limit", self.body_limit as u64, BODY_LIMIT_MAX as u64)?;
        check_range("guard_capacity", self.guard_capacity as u64, GUARD_MAX as u64)?;
        check_identity(&self.identity)
    }
}

fn is_claim(name: &str) -> bool {
    (1..=CLAIM_MAX).contains(&name.len())
}

fn check_range(name: &str, value: u64, most: u64) -> Result<()> {
    if (1..=most).contains(&value) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedArgument, format!("{name} must be a whole number from 1 to {most}")))
}

fn check_identity(name: &str) -> Result<()> {
    if is_claim(name) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedArgument, format!("identity must be {CLAIM_RULE}")))
}

const OPTIONS: &[&str] = &[
    "heartbeat_every",
    "heartbeat_window",
    "handshake_window",
    "identity",
    "max_age",
    "max_ahead",
    "body_limit",
    "on_refusal",
    "guard_capacity",
];
const CLAIM_RULE: &str = "the name of a claim, 1 to 256 bytes";
const CLAIM_MAX: usize = 256;
const WINDOW_MAX: u64 = 3600;
const GUARD_MAX: usize = 100_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<SessionOptions> {
        SessionOptions::from_json(json.as_bytes())
    }

    #[test]
    fn every_option_is_read() {
        let default = read("{}").unwrap();
        assert_eq!(
            (default.heartbeat_every, default.heartbeat_window, default.handshake_window),
            (5, 15, 10)
        );
        assert_eq!((&*default.identity, default.on_refusal), ("engineId", OnRefusal::Close));
        assert_eq!((default.body_limit, default.guard_capacity), (1024 * 1024, 16_384));
        let given = read(
            r#"{"heartbeat_every":2,"heartbeat_window":3,"handshake_window":4,"identity":"sub","max_age":6,"max_ahead":7,
                "body_limit":8,"on_refusal":"keep","guard_capacity":9}"#,
        )
        .unwrap();
        assert_eq!((given.heartbeat_every, given.heartbeat_window, given.handshake_window), (2, 3, 4));
        assert_eq!((&*given.identity, given.on_refusal), ("sub", OnRefusal::Keep));
        assert_eq!(given.tolerance, Tolerance::new(6, 7).unwrap());
        assert_eq!((given.body_limit, given.guard_capacity), (8, 9));
    }

    #[test]
    fn every_option_has_its_range() {
        for edge in
            [r#"{"heartbeat_every":15}"#, r#"{"heartbeat_window":3600}"#, r#"{"handshake_window":3600}"#]
        {
            assert!(read(edge).is_ok(), "{edge}");
        }
        let long = "c".repeat(257);
        for bad in [
            r#"{"heartbeat_every":0}"#,
            r#"{"heartbeat_every":16}"#,
            r#"{"heartbeat_window":4}"#,
            r#"{"heartbeat_window":3601}"#,
            r#"{"handshake_window":0}"#,
            r#"{"handshake_window":3601}"#,
            r#"{"max_age":0}"#,
            r#"{"max_ahead":3601}"#,
            r#"{"body_limit":0}"#,
            r#"{"guard_capacity":0}"#,
            r#"{"guard_capacity":100000001}"#,
            r#"{"on_refusal":"ignore"}"#,
            r#"{"identity":""}"#,
            r#"{"heartbeats":5}"#,
            &format!(r#"{{"identity":"{long}"}}"#),
        ] {
            assert_eq!(read(bad).unwrap_err().code(), ErrorCode::MalformedArgument, "{bad}");
        }
    }

    #[test]
    fn options_built_by_hand_are_judged_too() {
        for options in [
            SessionOptions { heartbeat_every: 0, ..SessionOptions::default() },
            SessionOptions { heartbeat_window: 0, ..SessionOptions::default() },
            SessionOptions { handshake_window: 3601, ..SessionOptions::default() },
            SessionOptions { body_limit: 0, ..SessionOptions::default() },
            SessionOptions { guard_capacity: 0, ..SessionOptions::default() },
            SessionOptions { identity: String::new(), ..SessionOptions::default() },
        ] {
            assert_eq!(options.check().unwrap_err().code(), ErrorCode::MalformedArgument, "{options:?}");
        }
    }
}
