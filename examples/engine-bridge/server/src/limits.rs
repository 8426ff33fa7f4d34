//! What a peer may use up. Everything that grows has its bound here.

use std::collections::VecDeque;

/// TCP connections at once, whatever is spoken on them; further ones wait to be accepted.
pub(crate) const CONNECTIONS: usize = 4096;

/// Connections of one engine that have not proved its key yet: who read its token could open them. With more, the oldest ends.
pub(crate) const UNPROVED_EACH: usize = 4;

/// Dashboards at once: each is sent a copy of all there is to see.
pub(crate) const DASHBOARDS: usize = 32;

/// The longest message of a socket in bytes: a packet whose body has the default limit of 1 MiB, and what stands around it.
pub(crate) const MESSAGE: usize = (1 << 20) + (64 << 10);

/// Messages that may wait for a slow reader; with more it is disconnected.
pub(crate) const BACKLOG: usize = 128;

/// Engines on the board: a snapshot of so many is well below a packet's body limit.
pub(crate) const BOARD_ENGINES: usize = 1024;

/// Jobs and refusals on the board: the last so many.
pub(crate) const BOARD_LISTED: usize = 100;

/// What happened but was not sent to a slow dashboard yet; the next snapshot shows what it missed.
pub(crate) const FEED: usize = 256;

/// The longest status, job type and job id, in characters.
pub(crate) const TEXT: usize = 64;

/// The longest line of standard input, in bytes.
pub(crate) const COMMAND: u64 = 1 << 20;

/// The longest body of an HTTP request, in bytes.
pub(crate) const HTTP_BODY: usize = 4 << 10;

/// The longest password, in bytes.
pub(crate) const PASSWORD: usize = 256;

/// Wrong passwords in [`WINDOW`], from whomever, after which none is looked at.
const FAILURES: usize = 5;

/// Seconds that a wrong password counts.
const WINDOW: u64 = 60;

/// When the last wrong passwords came. The time is an argument, in whole seconds.
#[derive(Default)]
pub(crate) struct Failures(VecDeque<u64>);

impl Failures {
    /// Whether there have been too many of late.
    pub(crate) fn too_many(&mut self, now: u64) -> bool {
        self.0.retain(|at| now < at.saturating_add(WINDOW));
        self.0.len() >= FAILURES
    }

    /// Counts one.
    pub(crate) fn count(&mut self, now: u64) {
        self.0.push_back(now);
        while self.0.len() > FAILURES {
            self.0.pop_front();
        }
    }
}

/// The beginning of a text a peer chose, short enough to be kept and shown.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_guess_of_a_minute_is_not_looked_at() {
        let mut failures = Failures::default();
        for second in 100..105 {
            assert!(!failures.too_many(second));
            failures.count(second);
        }
        assert!(failures.too_many(105));
        assert!(failures.too_many(159), "the first counts for all of its minute");
        assert!(!failures.too_many(160), "then one more may be made");
        failures.count(160);
        assert!(failures.too_many(160));
    }

    #[test]
    fn guesses_take_no_more_room_than_they_need() {
        let mut failures = Failures::default();
        for _ in 0..1000 {
            failures.count(7);
        }
        assert_eq!(failures.0.len(), FAILURES);
    }

    #[test]
    fn a_shown_text_is_cut_between_characters() {
        assert_eq!(shown("idle"), "idle");
        assert_eq!(shown(&"é".repeat(1000)), "é".repeat(TEXT));
    }
}
