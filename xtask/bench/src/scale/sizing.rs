//! The arithmetic: from a rate and a window to nonces, bytes and servers.

use crate::rows;

/// What a service has to carry.
pub(super) struct Plan {
    /// Messages a second, over all replicas.
    pub(super) rate: f64,
    /// Seconds.
    pub(super) max_age: f64,
    /// Seconds.
    pub(super) max_ahead: f64,
}

/// What was measured here.
pub(super) struct Measured {
    /// Bytes a nonce.
    pub(super) redis_bytes: f64,
    /// Bytes a nonce.
    pub(super) memory_bytes: f64,
    /// Claims a second of one server, pipelined.
    pub(super) redis_rate: f64,
    /// Microseconds of one claim alone.
    pub(super) round_trip: f64,
}

impl Plan {
    pub(super) fn in_words(&self) -> String {
        format!(
            "{} messages a second, max_age {} s, max_ahead {} s",
            grouped(self.rate),
            self.max_age,
            self.max_ahead
        )
    }

    /// Nonces that live at a time: each from its claim to max_age + 60 seconds after it was signed, and that may lie max_ahead seconds ahead.
    fn live(&self) -> f64 {
        self.rate * (self.max_age + MARGIN + self.max_ahead)
    }

    /// What that takes, in words and figures.
    pub(super) fn needs(&self, measured: &Measured) -> Vec<(&'static str, String)> {
        let live = self.live();
        let servers = (self.rate / (measured.redis_rate * SHARE)).ceil();
        let connections = (self.rate * measured.round_trip / 1e6).ceil();
        vec![
            ("nonces that live at a time, at most", grouped(live)),
            ("capacity of a MemoryReplayGuard, with a third to spare", grouped((live * SPARE).ceil())),
            ("its memory when full", megabytes(live * SPARE * measured.memory_bytes)),
            ("memory of Redis for them, to double for its maxmemory", megabytes(live * measured.redis_bytes)),
            ("Redis servers at half of what one carries pipelined", grouped(servers)),
            ("connections where each claim waits for the one before", grouped(connections)),
        ]
    }
}

fn megabytes(bytes: f64) -> String {
    format!("{} MB", grouped((bytes / 1e6).ceil()))
}

fn grouped(figure: f64) -> String {
    rows::grouped(figure.round() as usize)
}

/// Seconds that a tag is kept beyond its age (wire contract §5).
const MARGIN: f64 = 60.0;
const SPARE: f64 = 4.0 / 3.0;
const SHARE: f64 = 0.5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_a_second() {
        let plan = Plan { rate: 1_000.0, max_age: 60.0, max_ahead: 5.0 };
        let measured =
            Measured { redis_bytes: 120.0, memory_bytes: 40.0, redis_rate: 100_000.0, round_trip: 50.0 };
        let figures: Vec<_> = plan.needs(&measured).into_iter().map(|(_, figure)| figure).collect();
        assert_eq!(figures, ["125,000", "166,667", "7 MB", "15 MB", "1", "1"]);
    }

    #[test]
    fn a_rate_that_one_server_does_not_carry() {
        let plan = Plan { rate: 250_000.0, max_age: 60.0, max_ahead: 5.0 };
        let measured =
            Measured { redis_bytes: 120.0, memory_bytes: 40.0, redis_rate: 100_000.0, round_trip: 50.0 };
        let figures: Vec<_> = plan.needs(&measured).into_iter().map(|(_, figure)| figure).collect();
        assert_eq!(figures[4..], ["5", "13"]);
    }
}
