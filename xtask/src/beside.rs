//! Parts that run beside each other, as many as the machine has room for.

use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::step::shown_time;
use crate::stop::Stop;
use crate::suite::{Part, check_ran};
use crate::tally::Tally;
use crate::voice::{self, Kept};

/// How a part ended.
pub(crate) struct Ended {
    pub(crate) outcome: Result<Tally, Stop>,
    pub(crate) time: Duration,
}

/// Runs every part to its end, and tells of each in the order given. A part begins as soon as its load fits beside what runs.
pub(crate) fn run(parts: &[&Part]) -> Vec<Ended> {
    let mut waiting: Vec<_> = (0..parts.len()).collect();
    let mut running: Vec<Running<'_>> = Vec::new();
    let mut ended: Vec<(usize, Ended)> = Vec::new();
    let mut watch = Watch { begun: Instant::now(), said: Duration::ZERO };
    while !(waiting.is_empty() && running.is_empty()) {
        let loads: Vec<_> = waiting.iter().map(|at| parts[*at].load).collect();
        let used: Vec<_> = running.iter().map(|one| one.part.load).collect();
        if let Some(next) = next(&loads, &used, room()) {
            let at = waiting.remove(next);
            let kept = (parts.len() > 1 && parts[at].load != ALONE).then(Kept::default);
            running.push(Running::begin(at, parts[at], kept));
        } else if let Some(over) = running.iter().position(|one| one.thread.is_finished()) {
            let over = running.remove(over);
            ended.push((over.at, over.end()));
        } else {
            watch.tick(&running, waiting.len());
            thread::sleep(PAUSE);
        }
    }
    ended.sort_by_key(|(at, _)| *at);
    ended.into_iter().map(|(_, ended)| ended).collect()
}

/// All that the machine's processors can do, in hundredths of one.
fn room() -> u32 {
    thread::available_parallelism().ok().and_then(|count| u32::try_from(count.get()).ok()).unwrap_or(1) * 100
}

/// Which of those that wait begins next: the first that fits, and anything fits where nothing runs.
fn next(waiting: &[u32], running: &[u32], room: u32) -> Option<usize> {
    let used = running.iter().fold(0_u32, |sum, load| sum.saturating_add(*load));
    waiting.iter().position(|load| running.is_empty() || used.saturating_add(*load) <= room)
}

/// A part while it runs. Without `kept` it speaks for itself, since nobody speaks beside it.
struct Running<'a> {
    at: usize,
    part: &'a Part,
    begun: Instant,
    kept: Option<Kept>,
    thread: JoinHandle<Result<Tally, Stop>>,
}

impl<'a> Running<'a> {
    fn begin(at: usize, part: &'a Part, kept: Option<Kept>) -> Running<'a> {
        let begins = if kept.is_some() { " begins" } else { "" };
        voice::say(&format!("{}{begins}", part.title));
        let (run, voice) = (part.run, kept.clone());
        let thread = thread::spawn(move || {
            voice.iter().for_each(voice::keep);
            run().and_then(check_ran).inspect_err(|stop| voice::say(&format!("  !! {}", stop.text())))
        });
        Running { at, part, begun: Instant::now(), kept, thread }
    }

    /// What it said is shown whole.
    fn end(self) -> Ended {
        let time = self.begun.elapsed();
        let outcome = self.thread.join().unwrap_or_else(|_| Err(Stop::failed("it panicked")));
        if let Some(kept) = self.kept {
            let mark = if outcome.is_ok() { "ok" } else { "!!" };
            voice::say(&format!("{mark} {}  {}", self.part.title, shown_time(time)));
            voice::say(kept.said().trim_end());
        }
        Ended { outcome, time }
    }
}

/// The line that says what runs, and for how long.
struct Watch {
    begun: Instant,
    said: Duration,
}

impl Watch {
    fn tick(&mut self, running: &[Running<'_>], waiting: usize) {
        let elapsed = self.begun.elapsed();
        let kept: Vec<_> = running.iter().filter_map(|one| Some((one, one.kept.as_ref()?))).collect();
        if kept.is_empty() || elapsed < self.said + voice::every() {
            return;
        }
        self.said = elapsed;
        let times: Vec<_> = kept
            .iter()
            .map(|(one, _)| format!("{} {}", one.part.name, shown_time(one.begun.elapsed())))
            .collect();
        // Each in its turn says more, or the line would be too long.
        let (one, lines) = &kept[elapsed.as_secs() as usize / voice::every().as_secs() as usize % kept.len()];
        let doing = lines.doing();
        let doing = doing.trim_start_matches([' ', '…']);
        voice::now(&format!("  … {}; {waiting} to come; {}: {doing}", times.join(", "), one.part.name));
    }
}

/// The load of a part that has the machine for itself, and speaks at once.
pub(crate) const ALONE: u32 = u32::MAX;
const PAUSE: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_fits_is_next() {
        assert_eq!(next(&[150, 80, 30], &[], 200), Some(0));
        assert_eq!(next(&[80, 30], &[150], 200), Some(1));
        assert_eq!(next(&[80], &[150], 200), None);
        assert_eq!(next(&[80], &[], 50), Some(0));
        assert_eq!(next(&[], &[], 200), None);
    }

    #[test]
    fn who_is_to_be_alone_is() {
        assert_eq!(next(&[ALONE], &[1], 200), None);
        assert_eq!(next(&[1], &[ALONE], u32::MAX - 1), None);
        assert_eq!(next(&[ALONE], &[], 200), Some(0));
    }

    #[test]
    fn each_runs_to_its_end_whatever_becomes_of_the_others() {
        let part = |load, run| Part { name: "", title: "", prepare: || Ok(()), load, run };
        let parts = [
            part(1, || Err(Stop::failed("on purpose"))),
            part(ALONE, || Ok(Tally::one())),
            part(1, || Ok(Tally { passed: 2, ..Tally::default() })),
        ];
        let ended = run(&parts.iter().collect::<Vec<_>>());
        let passed: Vec<_> =
            ended.iter().map(|one| one.outcome.as_ref().ok().map(|tally| tally.passed)).collect();
        assert_eq!(passed, [None, Some(1), Some(2)]);
    }
}
