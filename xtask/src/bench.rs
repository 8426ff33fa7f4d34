//! `cargo xtask bench`: the product against its peers, in release builds.

use std::ffi::OsString;
use std::process::Command;

use crate::options::Options;
use crate::place;
use crate::setup;
use crate::step::Step;
use crate::stop::{Doing, Stop};
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    match arguments.split_first() {
        Some((first, rest)) if first == "scale" => scale(rest),
        _ => against_the_peers(Options::new(arguments)),
    }
}

/// What a guard that replicas share costs here, and what that makes for a rate.
fn scale(arguments: &[String]) -> Result<(), Stop> {
    let server = setup::redis()?;
    Step::new("the bench").run(tools::cargo("build").args(BUILD))?;
    let mut bench = tools::cargo("run");
    bench.arg("--quiet").args(BUILD).args(["--", "scale"]).args(arguments).arg("--redis").arg(server);
    started(&mut bench)
}

fn against_the_peers(mut options: Options) -> Result<(), Stop> {
    let mut passed: Vec<OsString> = Vec::new();
    for name in ["--json", "--svg", "--markdown"] {
        if let Some(file) = options.file(name)? {
            passed.extend([name.into(), file.into()]);
        }
    }
    if let Some(only) = options.value("--only")? {
        passed.extend(["--only".into(), only.into()]);
    }
    if options.flag("--quick") {
        passed.push("--quick".into());
    }
    let from = options.existing_file("--from")?;
    options.end()?;
    let mut bench = tools::cargo("run");
    bench.arg("--quiet").args(BUILD).arg("--").args(passed);
    match from {
        // What was measured before is shown: nothing need be there but the program.
        Some(file) => bench.arg("--from").arg(file),
        None => bench.env("PYTHONPATH", setup::bench()?).arg("--python").arg(place::python()),
    };
    Step::new("the bench").run(tools::cargo("build").args(BUILD))?;
    started(&mut bench)
}

fn started(bench: &mut Command) -> Result<(), Stop> {
    let status = bench.status().doing(|| "starting the bench".to_owned())?;
    if status.success() { Ok(()) } else { Err(Stop::failed(format!("the bench failed ({status})"))) }
}

const BUILD: [&str; 3] = ["--release", "--package", "xtask-bench"];
