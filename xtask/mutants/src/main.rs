//! `cargo xtask mutants`: every mutant of the core in one build, each behind a switch that is thrown as the program runs.
//!
//! `tree` makes the changed copy with `rewrite`, `programs` builds its tests, `fate` runs them for each mutant, `verdict` compares the
//! survivors with those that have a reason. Why so: docs/decisions/0005-mutants-in-one-build.md.

mod fate;
mod options;
mod programs;
mod rewrite;
mod tree;
mod verdict;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fate::Fate;
use options::Options;
use rewrite::Mutant;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("mutants: {why}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, String> {
    let options = Options::read(std::env::args().skip(1))?;
    let work = target().join("mutants");
    let instrumented = tree::write(&root(), &work.join("tree"))?;
    let chosen: Vec<&Mutant> =
        instrumented.mutants.iter().filter(|mutant| options.wants(&mutant.to_string())).collect();
    if options.list {
        list(&chosen, &instrumented.left);
        return Ok(true);
    }
    let accepted = verdict::accepted(&read(&root().join(ACCEPTED))?)?;
    let programs = programs::build(&work)?;
    let fates = fate::of_all(&programs, &chosen, options.jobs);
    let whole = options.only.is_none();
    Ok(report(&chosen, &fates, &verdict::judge(&chosen, &fates, &accepted, whole)))
}

fn list(mutants: &[&Mutant], left: &[String]) {
    for mutant in mutants {
        println!("{mutant}");
    }
    for place in left {
        println!("not mutated: {place}");
    }
    println!("{} mutants", mutants.len());
}

fn report(mutants: &[&Mutant], fates: &[Fate], verdict: &verdict::Verdict) -> bool {
    for (mutant, _) in mutants.iter().zip(fates).filter(|(_, fate)| **fate == Fate::TimedOut) {
        println!("killed by time-out: {mutant}");
    }
    for mutant in &verdict.explained {
        println!("survives, with a reason: {mutant}");
    }
    for (mutant, fate) in &verdict.unexplained {
        let how = if **fate == Fate::NeverReached { "never reached" } else { "survived" };
        println!("{how}, without a reason: {mutant}\n    {}", mutant.key);
    }
    for key in &verdict.stale {
        println!("a reason for what is killed or gone: {key}");
    }
    let failed = verdict.unexplained.len() + verdict.stale.len();
    println!("{} survive for a written reason", verdict.explained.len());
    let killed = mutants.len() - verdict.explained.len() - verdict.unexplained.len();
    println!("{killed} passed, {failed} failed");
    failed == 0
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap_or_else(|_| PathBuf::from("."))
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|fault| format!("reading {}: {fault}", path.display()))
}

const ACCEPTED: &str = "tests/mutants.accepted";
