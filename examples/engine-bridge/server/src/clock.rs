//! The wall clock, as the timers and the board read it. What is signed or verified asks the façade's.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Whole Unix seconds.
pub(crate) fn now() -> u64 {
    since_epoch().as_secs()
}

/// How long it is until that second begins; nothing if it has begun.
pub(crate) fn until(second: u64) -> Duration {
    Duration::from_secs(second).saturating_sub(since_epoch())
}

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
