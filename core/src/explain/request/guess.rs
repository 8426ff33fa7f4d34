//! What the signature that arrived is good for, tried until one fits. Only the one that fits is told: no signature is.

use super::super::{Hint, tries};
use super::changes::{Arrived, Change, Changes};
use crate::mac::MacKey;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// In what the base and the key of the signature differ from this side's; nothing if no guess fits.
pub(super) fn hints(arrived: &Arrived<'_>, keys: &[tries::Part<MacKey>]) -> Option<Vec<Hint>> {
    let changes = Changes::of(arrived);
    let guesses: Vec<Guess> = one_change(arrived, &changes).collect();
    for (at, key) in keys.iter().enumerate() {
        let fits = |guess: &Guess| arrived.shape.fits(&key.value, &guess.base);
        let mut tried = guesses.iter().take(if at < THOROUGH { guesses.len() } else { 1 });
        let found = tried.find(|guess| fits(guess)).cloned().or_else(|| match key.hint {
            Some(_) => None,
            None => two_changes(arrived, &changes).find(fits),
        });
        if let Some(guess) = found {
            return Some(key.hint.iter().cloned().chain(guess.hints).collect());
        }
    }
    None
}

/// A base that may have been signed, and what that would mean.
#[derive(Clone)]
struct Guess {
    base: String,
    hints: Vec<Hint>,
}

impl Guess {
    fn new(arrived: &Arrived<'_>, changes: &[&Change<'_>]) -> Self {
        let hints = changes.iter().map(|change| change.hint.clone()).collect();
        Self { base: arrived.base_with(changes), hints }
    }
}

/// The base as it is, first; with each change; with line ends that it must not have.
fn one_change(arrived: &Arrived<'_>, changes: &[Change<'_>]) -> impl Iterator<Item = Guess> {
    let as_is = Guess::new(arrived, &[]);
    let line_ends: Vec<_> = line_ends(&as_is.base).into_iter().skip(1).collect();
    let changed = changes.iter().map(|change| Guess::new(arrived, &[change]));
    let line_ends =
        line_ends.into_iter().map(|(base, hint)| Guess { base, hints: hint.into_iter().collect() });
    [as_is].into_iter().chain(changed).chain(line_ends)
}

fn two_changes(arrived: &Arrived<'_>, changes: &[Change<'_>]) -> impl Iterator<Item = Guess> {
    let pairs = changes
        .iter()
        .enumerate()
        .flat_map(|(at, one)| changes[at + 1..].iter().map(move |other| [one, other]));
    pairs.map(|pair| Guess::new(arrived, &pair))
}

/// A base as it must be, and with the line ends that peers give it.
pub(super) fn line_ends(base: &str) -> [(String, Option<Hint>); 4] {
    let other = |text: &str| Some(Hint::new("base", text));
    let crlf = base.replace('\n', "\r\n");
    [
        (String::from(base), None),
        (
            format!("{base}\n"),
            other("the peer signed its base with a line end behind the last line; RFC 9421 2.5 has none"),
        ),
        (format!("{crlf}\r\n"), other(CRLF)),
        (crlf, other(CRLF)),
    ]
}

const CRLF: &str =
    "the peer signed its base with CRLF at the ends of its lines; RFC 9421 2.5 has LF between them alone";
/// For so many keys each change is tried; for those behind them the base as it is.
const THOROUGH: usize = 100;
