//! A list of parts, each run to its end whatever became of the others, and the table that closes it.

use std::time::{Duration, Instant};

use crate::beside::{self, ALONE};
use crate::step::shown_time;
use crate::stop::Stop;
use crate::tally::Tally;
use crate::voice;

/// One part of a suite.
pub(crate) struct Part {
    /// What a user types to run it alone.
    pub(crate) name: &'static str,
    /// What it proves.
    pub(crate) title: &'static str,
    /// Installs and builds what it needs. Nothing else runs meanwhile: what is built must stand still while a part runs.
    pub(crate) prepare: fn() -> Result<(), Stop>,
    /// How much of the machine it uses, in hundredths of a processor.
    pub(crate) load: u32,
    /// Runs it; the tally is of the tests it held.
    pub(crate) run: fn() -> Result<Tally, Stop>,
}

impl Part {
    /// A part that prepares for itself, and beside which nothing runs.
    pub(crate) const fn alone(
        name: &'static str,
        title: &'static str,
        run: fn() -> Result<Tally, Stop>,
    ) -> Part {
        Part { name, title, prepare: || Ok(()), load: ALONE, run }
    }
}

/// Runs the parts named, or all, and prints their table and the closing `N passed, N failed` on standard output.
pub(crate) fn run(parts: &[Part], wanted: &[String]) -> Result<(), Stop> {
    let begun = Instant::now();
    let chosen = parts.iter().filter(|part| wanted.is_empty() || wanted.iter().any(|name| name == part.name));
    let mut rows: Vec<_> = chosen.map(Row::prepared).collect();
    let ready: Vec<_> = rows.iter_mut().filter(|row| row.outcome.is_ok()).collect();
    let ended = beside::run(&ready.iter().map(|row| row.part).collect::<Vec<_>>());
    for (row, ended) in ready.into_iter().zip(ended) {
        row.outcome = ended.outcome;
        row.time += ended.time;
    }
    close(&rows, begun.elapsed())
}

struct Row<'a> {
    part: &'a Part,
    outcome: Result<Tally, Stop>,
    time: Duration,
}

impl<'a> Row<'a> {
    fn prepared(part: &'a Part) -> Row<'a> {
        let begun = Instant::now();
        let outcome = (part.prepare)().map(|()| Tally::default());
        if let Err(stop) = &outcome {
            voice::say(&format!("  !! {}: {}", part.title, stop.text()));
        }
        Row { part, outcome, time: begun.elapsed() }
    }
}

/// A part that ran no test, or left one out, proves nothing.
pub(crate) fn check_ran(tally: Tally) -> Result<Tally, Stop> {
    if tally.failed > 0 {
        return Err(Stop::failed(format!("{} tests failed", tally.failed)));
    }
    if tally.skipped > 0 {
        return Err(Stop::failed(format!("{} tests were skipped", tally.skipped)));
    }
    if tally.passed == 0 {
        return Err(Stop::failed("it ran no test"));
    }
    Ok(tally)
}

fn close(rows: &[Row<'_>], time: Duration) -> Result<(), Stop> {
    let width = rows.iter().map(|row| row.part.title.chars().count()).max().unwrap_or(0);
    let mut passed = 0;
    let mut failed = 0;
    println!();
    for row in rows {
        let (mark, count) = match &row.outcome {
            Ok(tally) => {
                passed += tally.passed;
                ("ok", tally.passed.to_string())
            }
            Err(_) => {
                failed += 1;
                ("!!", "failed".to_owned())
            }
        };
        println!("{mark}  {:width$}  {count:>8}  {:>12}", row.part.title, shown_time(row.time));
    }
    println!("\n{} in all\n{passed} passed, {failed} failed", shown_time(time));
    if failed > 0 { Err(Stop::failed(format!("{failed} of {} parts failed", rows.len()))) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_run_and_anything_skipped_is_a_failure() {
        assert!(check_ran(Tally::default()).is_err());
        assert!(check_ran(Tally { passed: 3, failed: 0, skipped: 1 }).is_err());
        assert!(check_ran(Tally { passed: 3, failed: 1, skipped: 0 }).is_err());
        assert!(check_ran(Tally::one()).is_ok());
    }
}
