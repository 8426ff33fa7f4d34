//! One closed list of refusals: each has one code, one class, one status and one sentence.

use crate::time::Timestamp;
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use core::fmt;

/// A result whose error carries a code of the closed list.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// Why something was refused, with a detail for the local caller and the audit log.
///
/// A peer is told the [`Class`] and the status only. The detail never holds secret material.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    code: ErrorCode,
    detail: Cow<'static, str>,
}

impl Error {
    /// An error with a detail: what was wrong, which argument, what is allowed, what to try.
    pub fn new(code: ErrorCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// The code: what the audit log and the local caller learn.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// What was wrong in this case.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

/// What a peer may learn of a refusal: its class and status, and of a packet refused for its age the time here.
///
/// The code is not among it. The time is: who signed in vain for a wrong clock proved a genuine key, and can set it right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of refusal it is.
    pub class: Class,
    /// This side's clock, for `expired` and `not_yet_valid` alone.
    pub now: Option<Timestamp>,
}

impl Refusal {
    /// What a peer may learn of a refusal with this code at this time.
    pub fn new(code: ErrorCode, now: Timestamp) -> Self {
        let of_age = matches!(code, ErrorCode::Expired | ErrorCode::NotYetValid);
        Self { class: code.class(), now: of_age.then_some(now) }
    }

    /// The refusal as JSON in RFC 8785 form: `class`, `status`, and `now` in whole Unix seconds.
    pub fn to_json(&self) -> String {
        let now = self.now.map_or_else(String::new, |now| format!(r#""now":{},"#, now.seconds()));
        format!(r#"{{"class":"{}",{now}"status":{}}}"#, self.class, self.class.status())
    }
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self { code, detail: Cow::Borrowed(code.sentence()) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for Error {}

/// What a peer may learn of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The caller's own mistake.
    Invalid,
    /// The peer did not prove who it is, or what it sent.
    Unauthorized,
    /// The peer is known, and may not do this.
    Forbidden,
    /// Longer than the limit.
    TooLarge,
    /// More than this peer's share.
    TooManyRequests,
    /// Not able to decide, so refused.
    Unavailable,
}

impl Class {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::TooLarge => "too_large",
            Self::TooManyRequests => "too_many_requests",
            Self::Unavailable => "unavailable",
        }
    }

    /// The HTTP status (RFC 9110 §15, RFC 6585 §4).
    pub const fn status(self) -> u16 {
        match self {
            Self::Invalid => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::TooLarge => 413,
            Self::TooManyRequests => 429,
            Self::Unavailable => 503,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! codes {
    ($($name:ident $text:literal $class:ident $sentence:literal;)*) => {
        /// The closed list of codes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $(#[doc = $sentence] $name,)*
        }

        const TEXTS: &[&str] = &[$($text,)*];
        const CLASSES: &[Class] = &[$(Class::$class,)*];
        const SENTENCES: &[&str] = &[$($sentence,)*];

        impl ErrorCode {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code's name, the same in every language.
            pub const fn as_str(self) -> &'static str {
                TEXTS[self as usize]
            }

            /// What a peer may learn.
            pub const fn class(self) -> Class {
                CLASSES[self as usize]
            }

            /// One sentence that says what the code means.
            pub const fn sentence(self) -> &'static str {
                SENTENCES[self as usize]
            }
        }
    };
}

codes! {
    MalformedArgument "malformed_argument" Invalid "An argument or option has a wrong type, value or name.";
    MalformedKey "malformed_key" Invalid "A key or keyring cannot be built from what was given.";
    WeakSecret "weak_secret" Invalid "A secret is shorter than its algorithm needs.";
    MalformedPacket "malformed_packet" Unauthorized "The packet is not in the form of the wire contract.";
    MalformedPayload "malformed_payload" Unauthorized "The payload is not strict JSON.";
    MalformedRequest "malformed_request" Unauthorized "The request, or its signature, is not in the form of the wire contract.";
    MalformedToken "malformed_token" Unauthorized "The token is not in the form of the wire contract.";
    UnsupportedVersion "unsupported_version" Unauthorized "The packet is of another version of the wire contract.";
    WrongAuthority "wrong_authority" Unauthorized "The request is for an authority that this verifier does not answer for.";
    UnknownKey "unknown_key" Unauthorized "No key of the ring fits the key id and this use.";
    RevokedKey "revoked_key" Unauthorized "The key is revoked.";
    InactiveKey "inactive_key" Unauthorized "The key is outside its window of validity.";
    UnsupportedAlgorithm "unsupported_algorithm" Unauthorized "The token's algorithm is not one that the policy and the key allow.";
    UnsupportedCritical "unsupported_critical" Unauthorized "The token demands an extension (crit, b64) that is not supported.";
    BadSignature "bad_signature" Unauthorized "The signature does not fit the key, the context and the content.";
    BodyMismatch "body_mismatch" Unauthorized "The body is not the one whose digest was signed.";
    Expired "expired" Unauthorized "The packet is older than max_age allows.";
    NotYetValid "not_yet_valid" Unauthorized "The packet's time lies further ahead than max_ahead allows.";
    TokenExpired "token_expired" Unauthorized "The token has expired.";
    TokenNotYetValid "token_not_yet_valid" Unauthorized "The token is not valid yet.";
    ClaimMissing "claim_missing" Unauthorized "A claim that the policy requires is absent.";
    ClaimInvalid "claim_invalid" Unauthorized "A claim has a wrong type, or is empty or out of range.";
    ClaimMismatch "claim_mismatch" Unauthorized "A claim does not have the value that the policy requires.";
    TokenRevoked "token_revoked" Unauthorized "The token's jti is revoked.";
    Replayed "replayed" Unauthorized "The nonce was claimed before.";
    HeartbeatMissed "heartbeat_missed" Unauthorized "Nothing that proves the peer alive came within its window.";
    CallerNotAllowed "caller_not_allowed" Forbidden "The key is genuine, and its owner may not make this call.";
    PayloadTooLarge "payload_too_large" TooLarge "The payload is longer than the body limit.";
    TokenTooLarge "token_too_large" TooLarge "The token is longer than 8192 bytes.";
    RateLimited "rate_limited" TooManyRequests "This owner holds its whole share of the replay guard.";
    ReplayGuardFull "replay_guard_full" Unavailable "The replay guard is full of live nonces, and refuses instead of forgetting one.";
    ReplayGuardStarting "replay_guard_starting" Unavailable "The replay guard began after this packet was signed, so it cannot tell a replay.";
    StoreUnavailable "store_unavailable" Unavailable "A store that must answer did not, so nothing is accepted.";
}

impl ErrorCode {
    /// The HTTP status of the code's class.
    pub const fn status(self) -> u16 {
        self.class().status()
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn every_name_stands_once() {
        for (i, a) in ErrorCode::ALL.iter().enumerate() {
            for b in &ErrorCode::ALL[i + 1..] {
                assert_ne!(a.as_str(), b.as_str());
            }
        }
    }

    #[test]
    fn a_peer_learns_the_class_and_of_age_the_time() {
        let now = Timestamp::new(1_708_167_234).unwrap();
        for code in ErrorCode::ALL {
            let refusal = Refusal::new(*code, now);
            let of_age = ["expired", "not_yet_valid"].contains(&code.as_str());
            assert_eq!(refusal.now, of_age.then_some(now), "{code}");
            assert!(!refusal.to_json().contains(code.as_str()), "{code}");
        }
        assert_eq!(
            Refusal::new(ErrorCode::Expired, now).to_json(),
            r#"{"class":"unauthorized","now":1708167234,"status":401}"#
        );
        assert_eq!(
            Refusal::new(ErrorCode::ReplayGuardFull, now).to_json(),
            r#"{"class":"unavailable","status":503}"#
        );
    }

    #[test]
    fn the_message_leads_with_the_code() {
        let error = Error::new(ErrorCode::Replayed, "nonce seen");
        assert_eq!(error.to_string(), "replayed: nonce seen");
    }
}
