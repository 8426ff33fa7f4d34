//! `cargo xtask bench`: the product against its peers, in release builds.

use crate::options::Options;
use crate::place;
use crate::setup;
use crate::step::Step;
use crate::stop::{Doing, Stop};
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let mut options = Options::new(arguments);
    let json = options.file("--json")?;
    let quick = options.flag("--quick");
    options.end()?;
    let python_peers = setup::bench()?;
    let build = ["--release", "--package", "xtask-bench"];
    Step::new("the bench").run(tools::cargo("build").args(build))?;
    let mut bench = tools::cargo("run");
    bench.arg("--quiet").args(build).arg("--").arg("--python").arg(place::python());
    bench.env("PYTHONPATH", python_peers);
    if quick {
        bench.arg("--quick");
    }
    if let Some(json) = json {
        bench.arg("--json").arg(json);
    }
    let status = bench.status().doing(|| "starting the bench".to_owned())?;
    if status.success() { Ok(()) } else { Err(Stop::failed(format!("the bench failed ({status})"))) }
}
