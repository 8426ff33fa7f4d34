//! What is said to the person who watches: at once, or, of a part that runs beside others, kept until it ends.

use std::cell::RefCell;
use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What a thread said, and what it is doing now.
#[derive(Clone, Default)]
pub(crate) struct Kept(Arc<Mutex<Lines>>);

#[derive(Default)]
struct Lines {
    said: String,
    doing: String,
}

impl Kept {
    /// All that was said, line by line.
    pub(crate) fn said(&self) -> String {
        self.with(|lines| lines.said.clone())
    }

    pub(crate) fn doing(&self) -> String {
        self.with(|lines| lines.doing.clone())
    }

    fn with<T>(&self, look: impl FnOnce(&mut Lines) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// From now on what this thread says is kept there.
pub(crate) fn keep(kept: &Kept) {
    KEPT.set(Some(kept.clone()));
}

/// A line that stays.
pub(crate) fn say(line: &str) {
    match kept() {
        Some(kept) => kept.with(|lines| lines.said.extend([line, "\n"])),
        None if rewrites() => eprintln!("{CLEAR}{line}"),
        None => eprintln!("{line}"),
    }
}

/// What begins: a line of its own where nothing can be rewritten.
pub(crate) fn begin(line: &str) {
    if kept().is_some() || rewrites() { now(line) } else { say(line) }
}

/// What goes on, to be said each [`every`]: the line a person watches is rewritten on a terminal.
pub(crate) fn now(line: &str) {
    match kept() {
        Some(kept) => kept.with(|lines| line.clone_into(&mut lines.doing)),
        None if rewrites() => {
            eprint!("{CLEAR}{line}");
            let _ = std::io::stderr().flush();
        }
        None => eprintln!("{line}"),
    }
}

/// How long to be silent about what goes on.
pub(crate) fn every() -> Duration {
    if kept().is_some() || rewrites() { Duration::from_secs(1) } else { QUIET }
}

fn kept() -> Option<Kept> {
    KEPT.with_borrow(Clone::clone)
}

fn rewrites() -> bool {
    std::io::stderr().is_terminal()
}

// The thread's own: a step stands deep in what a part calls, and must not care whether others run beside it.
thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

const CLEAR: &str = "\r\x1b[2K";
const QUIET: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_thread_keeps_is_its_own() {
        let (first, second) = (Kept::default(), Kept::default());
        std::thread::scope(|scope| {
            for (kept, name) in [(&first, "one"), (&second, "two")] {
                scope.spawn(move || {
                    keep(kept);
                    begin(&format!("{name} begins"));
                    say(&format!("{name} says"));
                    now(&format!("{name} goes on"));
                    say("and ends");
                });
            }
        });
        assert_eq!((first.said().as_str(), first.doing().as_str()), ("one says\nand ends\n", "one goes on"));
        assert_eq!(
            (second.said().as_str(), second.doing().as_str()),
            ("two says\nand ends\n", "two goes on")
        );
    }
}
