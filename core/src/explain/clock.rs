//! Times that do not fit: by how much, and what usually makes them so.

use super::Hint;
use crate::error::ErrorCode;
use crate::time::{Timestamp, Tolerance};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What was signed at a time, and the name that the time has there.
pub(super) struct Signed {
    pub(super) subject: &'static str,
    pub(super) name: &'static str,
    pub(super) ts: Timestamp,
}

/// For what is too old or too far ahead.
pub(super) fn hints(code: ErrorCode, signed: &Signed, now: Timestamp, tolerance: Tolerance) -> Vec<Hint> {
    let Signed { subject, name, ts } = signed;
    let apart = now.seconds().abs_diff(ts.seconds());
    let main = match code {
        ErrorCode::Expired => {
            let (most, over) = (tolerance.max_age(), apart.saturating_sub(tolerance.max_age()));
            format!(
                "by this clock it was signed {apart} s ago, {over} s more than max_age ({most} s) allows: compare both clocks, and look for \
                 a queue or a retry that sends an old {subject}"
            )
        }
        _ => {
            let (most, over) = (tolerance.max_ahead(), apart.saturating_sub(tolerance.max_ahead()));
            format!(
                "by this clock it will be signed in {apart} s, {over} s more than max_ahead ({most} s) allows: one of the clocks is wrong"
            )
        }
    };
    let mut hints = Vec::from([Hint::new("clock", main)]);
    hints.extend(zone(apart).map(|text| Hint::new("clock", text)));
    if ts.seconds() < BILLION {
        hints.push(Hint::new(
            "clock",
            format!(
                "{name} lies before September 2001: does the peer count from its own start instead of 1970?"
            ),
        ));
    }
    hints
}

/// What is accepted.
pub(super) fn window(tolerance: Tolerance) -> String {
    format!("up to {} s old and {} s ahead are accepted", tolerance.max_age(), tolerance.max_ahead())
}

/// A difference that is close to whole half hours, as those of time zones are.
pub(super) fn zone(apart: u64) -> Option<String> {
    let half_hours = (apart + HALF_HOUR / 2) / HALF_HOUR;
    let fits = (1..=28).contains(&half_hours) && apart.abs_diff(half_hours * HALF_HOUR) <= 60;
    let (hours, minutes) = (half_hours / 2, half_hours % 2 * 30);
    fits.then(|| {
        format!("the difference is close to {hours} h {minutes} min: was local time taken for UTC, or UTC for local time?")
    })
}

/// For a number that is no time in seconds, and would be one in smaller units.
pub(super) fn unit(name: &str, value: f64, now: Timestamp) -> Option<Hint> {
    let units = [("milliseconds", 1e3), ("microseconds", 1e6)];
    let near = |(_, factor): &(&str, f64)| {
        let apart = value / factor - now.seconds() as f64;
        (-YEAR..=YEAR).contains(&apart)
    };
    let (unit, _) = units.into_iter().find(near)?;
    Some(Hint::new("clock", format!("{name} looks like {unit}: times are whole seconds since 1970")))
}

const HALF_HOUR: u64 = 1800;
const YEAR: f64 = 366.0 * 86_400.0;
/// 2001-09-09 in Unix seconds.
const BILLION: u64 = 1_000_000_000;
