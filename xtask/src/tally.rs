//! How many tests a runner says it ran, read off its closing lines.

use std::ops::AddAssign;

/// Counts of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl Tally {
    /// One check that passed, for a program that counts nothing.
    pub(crate) fn one() -> Tally {
        Tally { passed: 1, ..Tally::default() }
    }

    /// Adds up the closing lines of cargo test, pytest, node's runner, and plain `N passed, N failed`.
    pub(crate) fn read(log: &str) -> Tally {
        let mut sum = Tally::default();
        for line in log.lines().map(str::trim) {
            if let Some(result) = line.strip_prefix("test result:") {
                sum += counts(result);
            } else if let Some(count) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) {
                sum += node_count(count);
            } else if is_closing(line) {
                sum += counts(line);
            }
        }
        sum
    }
}

/// pytest's `== 3 passed, 1 skipped in 0.1s ==` and the plain `3 passed, 0 failed`, alone on their line.
fn is_closing(line: &str) -> bool {
    let line = line.trim_matches('=').trim();
    let body = line.split(" in ").next().unwrap_or(line);
    !body.is_empty()
        && body.split(',').all(|part| {
            let mut words = part.split_whitespace();
            words.next().is_some_and(|number| number.parse::<u64>().is_ok())
                && words.next().is_some_and(|word| WORDS.contains(&word))
                && words.next().is_none()
        })
}

fn counts(text: &str) -> Tally {
    let words: Vec<_> =
        text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut tally = Tally::default();
    for pair in words.windows(2) {
        let Ok(number) = pair[0].parse::<u64>() else { continue };
        match pair[1] {
            "passed" | "xpassed" => tally.passed += number,
            "failed" | "error" | "errors" => tally.failed += number,
            "skipped" | "ignored" | "xfailed" => tally.skipped += number,
            _ => {}
        }
    }
    tally
}

fn node_count(text: &str) -> Tally {
    let mut tally = Tally::default();
    if let Some((word, number)) = text.split_once(' ') {
        let number = number.parse().unwrap_or(0);
        match word {
            "pass" => tally.passed = number,
            "fail" | "cancelled" => tally.failed = number,
            "skipped" | "todo" => tally.skipped = number,
            _ => {}
        }
    }
    tally
}

const WORDS: &[&str] = &[
    "passed",
    "failed",
    "skipped",
    "error",
    "errors",
    "deselected",
    "xfailed",
    "xpassed",
    "warning",
    "warnings",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn cargo_is_read_and_added_up() {
        let log = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.03s\n\
                   test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(Tally::read(log), tally(14, 3, 1));
    }

    #[test]
    fn pytest_is_read() {
        assert_eq!(Tally::read("===== 1 failed, 7 passed, 2 skipped in 0.12s ====="), tally(7, 1, 2));
        assert_eq!(Tally::read("7 passed in 0.12s"), tally(7, 0, 0));
    }

    #[test]
    fn node_is_read() {
        assert_eq!(
            Tally::read("# tests 9\n# pass 7\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0"),
            tally(7, 1, 1)
        );
        assert_eq!(Tally::read("ℹ pass 7\nℹ fail 0"), tally(7, 0, 0));
    }

    #[test]
    fn the_plain_line_is_read_and_prose_is_not() {
        assert_eq!(Tally::read("1204 passed, 0 failed"), tally(1204, 0, 0));
        assert_eq!(Tally::read("all 12 passed through, 3 failed gloriously"), Tally::default());
    }
}
