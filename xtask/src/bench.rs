//! `cargo xtask bench`: the product against its peers, in release builds.

use crate::options::Options;
use crate::setup;
use crate::stop::{Doing, Stop};
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let mut options = Options::new(arguments);
    let json = options.file("--json")?;
    options.end()?;
    setup::everything()?;
    let mut bench = tools::cargo("run");
    bench.args(["--release", "--package", "xtask-bench", "--"]);
    if let Some(json) = json {
        bench.arg("--json").arg(json);
    }
    let status = bench.status().doing(|| "starting the bench".to_owned())?;
    if status.success() { Ok(()) } else { Err(Stop::failed(format!("the bench failed ({status})"))) }
}
