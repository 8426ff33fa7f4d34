//! `cargo xtask errors-page`: docs/errors.md, written from the core's own list of codes.

use std::process::Command;

use crate::options::Options;
use crate::step::Step;
use crate::stop::Stop;
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let mut options = Options::new(arguments);
    let check = options.flag("--check");
    options.end()?;
    Step::new("docs/errors.md").run(&mut generator(check)).map(|_| ())
}

/// The core's example that writes the page or checks it.
pub(crate) fn generator(check: bool) -> Command {
    let mut generator = tools::cargo("run");
    generator.args([
        "--quiet",
        "--package",
        "counterseal",
        "--all-features",
        "--example",
        "errors_page",
        "--",
    ]);
    if check {
        generator.arg("--check");
    }
    generator.arg("docs/errors.md");
    generator
}
