//! `cargo xtask demo`: the trust boundary, with real clients and real attacks.

use std::process::Command;

use crate::options::Options;
use crate::setup;
use crate::stop::{Doing, Stop};
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let mut options = Options::new(arguments);
    let payloads = options.file("--payloads")?;
    let html = options.file("--html")?;
    options.end()?;
    let mut demo = trust_boundary()?;
    for (name, file) in [("--payloads", payloads), ("--html", html)] {
        if let Some(file) = file {
            demo.arg(name).arg(file);
        }
    }
    let status = demo.status().doing(|| "starting the demo".to_owned())?;
    if status.success() {
        Ok(())
    } else {
        Err(Stop::failed(format!("the demo is not as it must be ({status})")))
    }
}

/// Sets up and returns the demo, ready to start.
pub(crate) fn trust_boundary() -> Result<Command, Stop> {
    setup::everything()?;
    setup::demo()?;
    let mut demo = tools::python();
    demo.arg("examples/trust-boundary/run.py").env("CHROMIUM_PATH", setup::chromium()?);
    Ok(demo)
}
