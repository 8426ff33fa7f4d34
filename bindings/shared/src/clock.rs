//! The only clock.

use counterseal::{Error, ErrorCode, Result, Timestamp};

/// The system's time, in whole seconds.
pub(crate) fn now() -> Result<Timestamp> {
    Timestamp::new(seconds()).ok_or_else(|| {
        Error::new(ErrorCode::MalformedArgument, "the system clock is out of range; hand in now")
    })
}

#[cfg(not(target_arch = "wasm32"))]
fn seconds() -> u64 {
    use std::time::{SystemTime, UNIX_EPOCH};
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(u64::MAX, |since| since.as_secs())
}

#[cfg(target_arch = "wasm32")]
fn seconds() -> u64 {
    (js_sys::Date::now() / 1000.0) as u64
}
