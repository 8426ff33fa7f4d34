//! `cargo xtask demo`: the trust boundary, with real clients and real attacks.

use std::process::Command;

use crate::options::Options;
use crate::place;
use crate::setup;
use crate::stop::{Doing, Stop};
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let mut options = Options::new(arguments);
    let payloads = options.existing_file("--payloads")?;
    let html = options.file("--html")?;
    options.end()?;
    let mut demo = trust_boundary()?;
    for (name, file) in [("--payloads", payloads), ("--html", html)] {
        if let Some(file) = file {
            demo.arg(name).arg(file);
        }
    }
    let status = demo.status().doing(|| "starting the demo".to_owned())?;
    match status.code() {
        Some(0) => Ok(()),
        Some(2) => Err(Stop::usage("the demo cannot start with these arguments")),
        _ => Err(Stop::failed(format!("the demo is not as it must be ({status})"))),
    }
}

/// Sets up and returns the demo, ready to start.
pub(crate) fn trust_boundary() -> Result<Command, Stop> {
    setup::everything()?;
    setup::demo()?;
    let mut demo = tools::node();
    demo.arg("examples/trust-boundary/run.mjs").env("CHROMIUM_PATH", setup::chromium()?);
    demo.arg("--server").arg(setup::demo_server()).arg("--python").arg(place::python());
    Ok(demo)
}
