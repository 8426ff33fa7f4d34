//! Survivors against the reasons written for them.

use std::collections::{BTreeMap, BTreeSet};

use crate::fate::Fate;
use crate::rewrite::Mutant;

/// What a run comes to.
#[derive(Debug)]
pub(crate) struct Verdict<'a> {
    pub(crate) explained: Vec<&'a Mutant>,
    pub(crate) unexplained: Vec<(&'a Mutant, &'a Fate)>,
    pub(crate) stale: Vec<String>,
}

/// `file: function: mutant | reason` a line; lines that begin with `#` are for people.
pub(crate) fn accepted(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut reasons = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (key, reason) =
            line.rsplit_once(" | ").ok_or_else(|| format!("no reason stands with: {line}"))?;
        if reasons.insert(key.trim().to_owned(), reason.trim().to_owned()).is_some() {
            return Err(format!("two reasons for: {key}"));
        }
    }
    Ok(reasons)
}

/// A reason that nothing needs is stale, which only a whole run can tell. What runs out of time and has a reason is slow, not endless: on a quicker
/// machine it would survive.
pub(crate) fn judge<'a>(
    mutants: &[&'a Mutant],
    fates: &'a [Fate],
    accepted: &BTreeMap<String, String>,
    whole: bool,
) -> Verdict<'a> {
    let lived = |(mutant, fate): &(&Mutant, &Fate)| match fate {
        Fate::Killed => false,
        Fate::TimedOut => accepted.contains_key(&mutant.key),
        Fate::Survived | Fate::NeverReached => true,
    };
    let survivors: Vec<_> = mutants.iter().copied().zip(fates).filter(lived).collect();
    let keys: BTreeSet<_> = survivors.iter().map(|(mutant, _)| mutant.key.as_str()).collect();
    let stale = accepted.keys().filter(|key| whole && !keys.contains(key.as_str())).cloned().collect();
    let (explained, unexplained): (Vec<_>, Vec<_>) =
        survivors.into_iter().partition(|(mutant, _)| accepted.contains_key(&mutant.key));
    Verdict { explained: explained.into_iter().map(|(mutant, _)| mutant).collect(), unexplained, stale }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mutant() -> Mutant {
        Mutant { number: 1, line: 2, key: "core/src/a.rs: f: `a < b` negated".to_owned() }
    }

    #[test]
    fn a_survivor_needs_a_reason() {
        assert!(accepted("core/src/a.rs: f: `a < b` negated").is_err());
        let reasons = accepted("# why\n\ncore/src/a.rs: f: `a < b` negated | both give the same").unwrap();
        let one = mutant();
        for fate in [Fate::Survived, Fate::NeverReached] {
            assert_eq!(judge(&[&one], &[fate], &BTreeMap::new(), true).unexplained.len(), 1);
            assert_eq!(judge(&[&one], &[fate], &reasons, true).unexplained.len(), 0);
        }
        assert!(judge(&[&one], &[Fate::Killed], &BTreeMap::new(), true).unexplained.is_empty());
    }

    #[test]
    fn a_reason_without_a_survivor_is_stale_in_a_whole_run() {
        let reasons = accepted("core/src/a.rs: f: `a < b` negated | both give the same").unwrap();
        let one = mutant();
        assert_eq!(judge(&[&one], &[Fate::Killed], &reasons, true).stale, [one.key.as_str()]);
        assert_eq!(judge(&[], &[], &reasons, true).stale, [one.key.as_str()]);
        assert!(judge(&[&one], &[Fate::Killed], &reasons, false).stale.is_empty());
    }

    #[test]
    fn a_mutant_out_of_time_may_be_slow_for_a_reason() {
        let reasons = accepted("core/src/a.rs: f: `a < b` negated | both give the same").unwrap();
        let one = mutant();
        let slow = judge(&[&one], &[Fate::TimedOut], &reasons, true);
        assert_eq!((slow.explained.len(), slow.stale.len()), (1, 0));
        let endless = judge(&[&one], &[Fate::TimedOut], &BTreeMap::new(), true);
        assert_eq!((endless.explained.len(), endless.unexplained.len()), (0, 0));
    }
}
