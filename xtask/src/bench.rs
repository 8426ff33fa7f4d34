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
    setup::everything()?;
    setup::bench()?;
    let release = ["--release", "--package", "xtask-bench"];
    Step::new("Rust: the bench").run(tools::cargo("build").args(release))?;
    let mut bench = tools::cargo("run");
    bench.arg("--quiet").args(release).arg("--").arg("--python").arg(place::python());
    if let Some(json) = json {
        bench.arg("--json").arg(json);
    }
    if quick {
        bench.arg("--quick");
    }
    let status = bench.status().doing(|| "starting the bench".to_owned())?;
    if status.success() { Ok(()) } else { Err(Stop::failed(format!("the bench failed ({status})"))) }
}
