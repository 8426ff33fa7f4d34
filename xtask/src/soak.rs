//! `cargo xtask soak`: the engine bridge under load, in release builds, with a forger at it.

use std::path::Path;
use std::process::Command;

use crate::demo;
use crate::options::Options;
use crate::setup;
use crate::stop::Stop;
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let mut options = Options::new(arguments);
    let engines = options.value("--engines")?;
    let seconds = options.value("--seconds")?;
    let json = options.file("--json")?;
    options.end()?;
    setup::language_alone("node")?;
    let mut soak = with(&setup::engine_bridge_in_earnest()?);
    for (name, value) in [("--engines", engines), ("--seconds", seconds)] {
        if let Some(value) = value {
            soak.arg(name).arg(value);
        }
    }
    if let Some(file) = json {
        soak.arg("--json").arg(file);
    }
    demo::give_way(&mut soak)
}

/// The soak of a server, short or long.
pub(crate) fn with(server: &Path) -> Command {
    let mut soak = tools::node();
    soak.arg("examples/engine-bridge/soak/run.mjs").arg("--server").arg(server);
    soak
}
