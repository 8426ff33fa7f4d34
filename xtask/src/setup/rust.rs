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

/// Builds the replica that shares a guard with those of other languages.
pub(crate) fn replica() -> Result<(), Stop> {
    Step::new("Rust: the replica")
        .run(tools::cargo("build").args(["--package", "counterseal-replica"]))
        .map(|_| ())
}

/// Builds the server of the trust boundary.
pub(crate) fn trust_boundary_server() -> Result<(), Stop> {
    Step::new("Rust: the trust boundary's server")
        .run(tools::cargo("build").args(["--package", "trust-boundary-server"]))
        .map(|_| ())
}

/// Builds the vault of the service mesh.
pub(crate) fn service_mesh_vault() -> Result<(), Stop> {
    Step::new("Rust: the service mesh's vault")
        .run(tools::cargo("build").args(["--package", "service-mesh-vault"]))
        .map(|_| ())
}

/// Builds the same with optimisation.
pub(crate) fn service_mesh_release() -> Result<(), Stop> {
    Step::new("Rust: the service mesh's vault, in release")
        .run(tools::cargo("build").args(["--release", "--package", "service-mesh-vault"]))
        .map(|_| ())
}

/// Builds the server of the engine bridge: a crate of its own, whose dependencies need a newer Rust than the workspace's.
pub(crate) fn engine_bridge_server() -> Result<(), Stop> {
    Step::new("Rust: the engine bridge's server")
        .run(tools::cargo("build").args(["--manifest-path", ENGINE_BRIDGE]))
        .map(|_| ())
}

/// Builds the same with optimisation.
pub(crate) fn engine_bridge_release() -> Result<(), Stop> {
    Step::new("Rust: the engine bridge's server, in release")
        .run(tools::cargo("build").args(["--release", "--manifest-path", ENGINE_BRIDGE]))
        .map(|_| ())
}

/// The manifest outside the workspace, with a lock file of its own.
pub(crate) const ENGINE_BRIDGE: &str = "examples/engine-bridge/server/Cargo.toml";

/// A program that was built here.
pub(crate) fn program(name: &str) -> PathBuf {
    built("debug", name)
}

/// The same, with optimisation.
pub(crate) fn release_program(name: &str) -> PathBuf {
    built("release", name)
}

fn built(profile: &str, name: &str) -> PathBuf {
    place::target().join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
