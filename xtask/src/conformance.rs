//! `cargo xtask conformance`: every vector in every language, every signer's output with every verifier.

use std::path::Path;
use std::process::Command;

use crate::options::Options;
use crate::place;
use crate::setup;
use crate::stop::{Doing, Stop};
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let mut options = Options::new(arguments);
    let html = options.file("--html")?;
    let only = options.value("--only")?;
    options.end()?;
    setup::everything()?;
    let report = html.unwrap_or_else(|| place::target().join("conformance.html"));
    let mut runner = runner(&report)?;
    if let Some(only) = only {
        runner.args(["--only", &only]);
    }
    let status = runner.status().doing(|| "starting the runner".to_owned())?;
    if status.success() { Ok(()) } else { Err(Stop::failed(format!("the matrix does not hold ({status})"))) }
}

/// The runner over the whole matrix, ready to start.
pub(crate) fn runner(report: &Path) -> Result<Command, Stop> {
    let mut runner = tools::python();
    runner.arg("tests/runner/run.py").arg("--html").arg(report).env("CHROMIUM_PATH", setup::chromium()?);
    Ok(runner)
}
