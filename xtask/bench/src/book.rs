//! What was asked for and what came of it: no row is lost in between.

use std::collections::BTreeMap;

use crate::Result;
use crate::contest::Played;
use crate::rows::{Entry, Size};

/// The rows wanted, and the contests played so far.
pub(crate) struct Book {
    wanted: Vec<Entry>,
    played: BTreeMap<(&'static str, Size), Result<Played, String>>,
}

impl Book {
    pub(crate) fn new(wanted: Vec<Entry>) -> Self {
        Self { wanted, played: BTreeMap::new() }
    }

    /// Plays a contest at each size that is wanted. Where it fails, the row says so and the next one follows.
    pub(crate) fn play(&mut self, contest: &'static str, mut game: impl FnMut(Size) -> Result<Played>) {
        for size in self.sizes(contest) {
            eprintln!("  … {contest} {}", size.name());
            self.record(contest, size, game(size));
        }
    }

    pub(crate) fn record(&mut self, contest: &'static str, size: Size, outcome: Result<Played>) {
        self.played.insert((contest, size), outcome.map_err(|fault| fault.to_string()));
    }

    pub(crate) fn has(&self, contest: &'static str, size: Size) -> bool {
        self.played.contains_key(&(contest, size))
    }

    /// The sizes at which a contest is wanted by any of its rows.
    pub(crate) fn sizes(&self, contest: &str) -> Vec<Size> {
        let mut sizes = Vec::new();
        for entry in self.wanted.iter().filter(|entry| entry.row.contest == contest) {
            if !sizes.contains(&entry.size) {
                sizes.push(entry.size);
            }
        }
        sizes
    }

    /// The contests wanted whose name begins so, with their sizes.
    pub(crate) fn contests(&self, prefix: &str) -> Vec<(&'static str, Size)> {
        let mut found: Vec<_> = Vec::new();
        for entry in self.wanted.iter().filter(|entry| entry.row.contest.starts_with(prefix)) {
            if !found.contains(&(entry.row.contest, entry.size)) {
                found.push((entry.row.contest, entry.size));
            }
        }
        found
    }

    /// Each row wanted, with its contest or the reason why there is none.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = (Entry, Result<&Played, String>)> {
        self.wanted.iter().map(|entry| {
            let outcome = match self.played.get(&(entry.row.contest, entry.size)) {
                Some(outcome) => outcome.as_ref().map_err(Clone::clone),
                None => Err("nothing measured it".to_owned()),
            };
            (*entry, outcome)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows;

    #[test]
    fn what_fails_or_is_never_played_stays_a_row() {
        let mut book = Book::new(rows::entries("core-mac-limit"));
        book.play("core-mac", |size| match size {
            Size::Input(64) => Ok(Played::default()),
            Size::Input(_) => Err("no such luck".into()),
            _ => unreachable!(),
        });
        let outcomes: Vec<_> = book.outcomes().map(|(_, outcome)| outcome.err()).collect();
        assert_eq!(outcomes[0], None);
        assert!(outcomes[1..].iter().all(|fault| fault.as_deref() == Some("no such luck")));
        assert_eq!(outcomes.len(), 4);

        let unplayed = Book::new(rows::entries("core-mac-limit/64B"));
        assert_eq!(unplayed.outcomes().next().unwrap().1.unwrap_err(), "nothing measured it");
    }

    #[test]
    fn one_contest_serves_all_its_rows() {
        let book = Book::new(rows::entries("core-mac"));
        assert_eq!(book.sizes("core-mac").len(), 4);
        assert_eq!(book.contests("core-").len(), 4);
        assert!(book.sizes("core-packet").is_empty());
    }
}
