//! The Rust probe.

use std::path::PathBuf;

use crate::place;
use crate::step::Step;
use crate::stop::Stop;
use crate::tools;

/// Builds the probe; cargo itself knows whether it is fresh.
pub(crate) fn probe() -> Result<(), Stop> {
    Step::new("Rust: the probe")
        .run(tools::cargo("build").args(["--package", "counterseal-probe"]))
        .map(|_| ())
}

/// Builds the demo's server.
pub(crate) fn demo_server() -> Result<(), Stop> {
    Step::new("Rust: the demo's server")
        .run(tools::cargo("build").args(["--package", "trust-boundary-server"]))
        .map(|_| ())
}

pub(crate) fn demo_server_path() -> PathBuf {
    place::target().join("debug").join(format!("trust-boundary-server{}", std::env::consts::EXE_SUFFIX))
}

/// A program that was built here.
pub(crate) fn program(name: &str) -> PathBuf {
    place::target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
