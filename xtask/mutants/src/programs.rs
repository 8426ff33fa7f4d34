//! The test programs of the copy: built once, proved green, timed, and asked which mutants they reach.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::fate::{self, End};

/// One test program.
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) folder: PathBuf,
    /// How long it takes with no mutant active.
    pub(crate) time: Duration,
    /// The mutants that it comes by.
    pub(crate) reached: BTreeSet<usize>,
}

/// Builds, and runs each with no mutant active; the quickest comes first.
pub(crate) fn build(work: &Path) -> Result<Vec<Program>, String> {
    let mut programs = built(work)?;
    for program in &mut programs {
        eprintln!("  … {} with no mutant", program.name);
        prove(program, &work.join("reached"))?;
        eprintln!(
            "    green in {:.1} s, reaches {} mutants",
            program.time.as_secs_f64(),
            program.reached.len()
        );
    }
    programs.sort_by_key(|program| program.time);
    Ok(programs)
}

fn built(work: &Path) -> Result<Vec<Program>, String> {
    eprintln!("  … one build for all mutants");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(work.join("tree")).env("CARGO_TARGET_DIR", work.join("build"));
    cargo.env("RUSTFLAGS", "--cap-lints allow").env_remove("CARGO_ENCODED_RUSTFLAGS");
    cargo.args(["test", "--no-run", "--tests", "--workspace", "--all-features"]);
    cargo.args(["--message-format", "json-render-diagnostics"]);
    let output =
        cargo.stderr(Stdio::inherit()).output().map_err(|fault| format!("starting cargo: {fault}"))?;
    if !output.status.success() {
        return Err("the changed copy does not build".to_owned());
    }
    let programs: Vec<_> = String::from_utf8_lossy(&output.stdout).lines().filter_map(program).collect();
    if programs.is_empty() { Err("cargo built no test".to_owned()) } else { Ok(programs) }
}

/// A program out of a line of cargo's messages.
fn program(line: &str) -> Option<Program> {
    let path = PathBuf::from(member(line, "executable")?);
    let manifest = PathBuf::from(member(line, "manifest_path")?);
    let name = path.file_stem()?.to_string_lossy().into_owned();
    let name = name.rsplit_once('-').map_or(name.as_str(), |(name, _)| name).to_owned();
    let folder = manifest.parent()?.to_path_buf();
    Some(Program { name, path, folder, time: Duration::ZERO, reached: BTreeSet::new() })
}

fn member(line: &str, name: &str) -> Option<String> {
    let (_, rest) = line.split_once(&format!("\"{name}\":\""))?;
    Some(rest.split('"').next()?.replace("\\\\", "\\"))
}

/// It must be green on its own, or red would say nothing. Timed without the notes, which cost.
fn prove(program: &mut Program, notes: &Path) -> Result<(), String> {
    let begun = Instant::now();
    let end = fate::end(program, fate::command(program, 0));
    program.time = begun.elapsed();
    let _ = std::fs::remove_file(notes);
    let mut noting = fate::command(program, 0);
    noting.env("COUNTERSEAL_REACHED", notes);
    if end != End::Green || fate::end(program, noting) != End::Green {
        return Err(format!("{} is red although no mutant is active", program.name));
    }
    let text = std::fs::read_to_string(notes).unwrap_or_default();
    program.reached = text.lines().filter_map(|line| line.parse().ok()).collect();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_line_with_an_executable_is_a_program() {
        let line = r#"{"reason":"compiler-artifact","manifest_path":"/a/core/Cargo.toml","executable":"/t/wycheproof-0a1"}"#;
        let found = program(line).unwrap();
        assert_eq!((found.name.as_str(), found.folder), ("wycheproof", PathBuf::from("/a/core")));
        assert!(program(r#"{"manifest_path":"/a/Cargo.toml","executable":null}"#).is_none());
    }
}
