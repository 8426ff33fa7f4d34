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
    #[link(wasm_import_module = "host")]
    #[allow(unsafe_code, reason = "the host's clock: it takes nothing and answers a number")]
    unsafe extern "C" {
        /// Milliseconds since 1970.
        safe fn now() -> f64;
    }
    (now() / 1000.0) as u64
}
