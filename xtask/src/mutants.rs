//! `cargo xtask mutants`: each check skipped and each comparison flipped, one by one; the suite must turn red each time.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::place;
use crate::stop::{Doing, Stop};
use crate::tools;

/// Arguments go to cargo-mutants: `--shard 0/8`, `--in-diff FILE`, `--file core/src/replay.rs`, `--list`.
pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let tool = tools::installed("cargo-mutants", VERSION)?;
    let output = place::target();
    let lists_only = arguments.iter().any(|argument| argument == "--list");
    let mut mutants = tools::program(tool);
    // cargo-mutants builds in copies of the tree, each with a target folder of its own.
    mutants.env_remove("CARGO_TARGET_DIR");
    // Debug information would double the time of each of a thousand builds.
    mutants.env("CARGO_PROFILE_DEV_DEBUG", "none").env("CARGO_PROFILE_TEST_DEBUG", "none");
    mutants.arg("mutants").arg("--output").arg(&output).args(&arguments);
    let status = mutants.status().doing(|| "starting cargo-mutants".to_owned())?;
    if lists_only && status.success() {
        return Ok(());
    }
    // 0: all caught; 2: some missed; 3: some ran out of time. Anything else is not a verdict.
    if !matches!(status.code(), Some(0 | 2 | 3)) {
        return Err(Stop::failed(format!("cargo-mutants: {status}")));
    }
    let survivors = survivors(&output.join("mutants.out"))?;
    let accepted =
        accepted(&fs::read_to_string(place::at(ACCEPTED)).doing(|| format!("reading {ACCEPTED}"))?)?;
    judge(&survivors, &accepted, arguments.is_empty())
}

fn survivors(folder: &Path) -> Result<BTreeSet<String>, Stop> {
    let mut names = BTreeSet::new();
    for list in ["missed.txt", "timeout.txt"] {
        let path = folder.join(list);
        let text = fs::read_to_string(&path).doing(|| format!("reading {}", place::shown(&path)))?;
        names.extend(text.lines().map(without_position));
    }
    Ok(names)
}

/// `file: mutation | reason` a line; lines that begin with `#` are for people.
fn accepted(text: &str) -> Result<BTreeSet<String>, Stop> {
    let mut names = BTreeSet::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.rsplit_once(" | ") {
            Some((name, reason)) if !reason.trim().is_empty() => names.insert(name.trim().to_owned()),
            _ => return Err(Stop::failed(format!("{ACCEPTED}: no reason stands with: {line}"))),
        };
    }
    Ok(names)
}

fn judge(survivors: &BTreeSet<String>, accepted: &BTreeSet<String>, whole: bool) -> Result<(), Stop> {
    let unexplained: Vec<_> = survivors.difference(accepted).collect();
    let stale: Vec<_> = accepted.difference(survivors).filter(|_| whole).collect();
    for name in &unexplained {
        println!("survived without a reason: {name}");
    }
    for name in &stale {
        println!("accepted, yet caught or gone: {name}");
    }
    println!(
        "{} survivors, {} of them without a reason, {} stale reasons",
        survivors.len(),
        unexplained.len(),
        stale.len()
    );
    if unexplained.is_empty() && stale.is_empty() {
        Ok(())
    } else {
        Err(Stop::failed("the mutation run is not clean"))
    }
}

/// `core/src/a.rs:12:5: replace …` without the line and column, which move with every edit.
fn without_position(line: &str) -> String {
    match line.split_once(": ") {
        Some((place, mutation)) => format!("{}: {mutation}", place.split(':').next().unwrap_or(place)),
        None => line.to_owned(),
    }
}

const VERSION: &str = "27.1.0";
const ACCEPTED: &str = "tests/mutants.accepted";

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn positions_do_not_matter() {
        assert_eq!(
            without_position("core/src/a.rs:12:5: replace f -> bool with true"),
            "core/src/a.rs: replace f -> bool with true"
        );
    }

    #[test]
    fn a_survivor_needs_a_reason() {
        assert!(accepted("core/src/a.rs: replace f with ()").is_err());
        let reasons = accepted("# why\n\ncore/src/a.rs: replace f with () | both give the same").unwrap();
        assert_eq!(reasons, set(&["core/src/a.rs: replace f with ()"]));
        assert!(judge(&set(&["core/src/a.rs: replace f with ()"]), &reasons, true).is_ok());
        assert!(judge(&set(&["core/src/b.rs: replace f with ()"]), &reasons, false).is_err());
    }

    #[test]
    fn a_reason_without_a_survivor_is_stale_in_a_whole_run() {
        assert!(judge(&set(&[]), &set(&["a"]), true).is_err());
        assert!(judge(&set(&[]), &set(&["a"]), false).is_ok());
    }
}
