//! `cargo xtask mutants`: each check skipped and each comparison flipped, one by one; the suite must turn red each time.

use crate::options::Options;
use crate::stop::{Doing, Stop};
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let mut options = Options::new(arguments);
    let mut given = Vec::new();
    if options.flag("--list") {
        given.push("--list".to_owned());
    }
    for name in ["--only", "--jobs"] {
        if let Some(value) = options.value(name)? {
            given.extend([name.to_owned(), value]);
        }
    }
    options.end()?;
    let mut mutants = tools::cargo("run");
    mutants.args(["--quiet", "--package", "xtask-mutants", "--"]).args(given);
    let status = mutants.status().doing(|| "starting the mutation run".to_owned())?;
    match status.code() {
        Some(0) => Ok(()),
        Some(2) => Err(Stop::usage("the mutation run did not start")),
        _ => Err(Stop::failed(format!("the mutation run is not clean ({status})"))),
    }
}
