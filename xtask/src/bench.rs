//! `cargo xtask bench`: the product against its peers, in release builds.

use std::ffi::OsString;

use crate::options::Options;
use crate::place;
use crate::setup;
use crate::step::Step;
use crate::stop::{Doing, Stop};
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let mut options = Options::new(arguments);
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
    let build = ["--release", "--package", "xtask-bench"];
    let mut bench = tools::cargo("run");
    bench.arg("--quiet").args(build).arg("--").args(passed);
    match from {
        // What was measured before is shown: nothing need be there but the program.
        Some(file) => bench.arg("--from").arg(file),
        None => bench.env("PYTHONPATH", setup::bench()?).arg("--python").arg(place::python()),
    };
    Step::new("the bench").run(tools::cargo("build").args(build))?;
    let status = bench.status().doing(|| "starting the bench".to_owned())?;
    if status.success() { Ok(()) } else { Err(Stop::failed(format!("the bench failed ({status})"))) }
}
