//! Makes what the suites need, from a fresh clone, and is quick where nothing has changed.

mod chromium;
mod debian;
mod node;
mod python;
mod redis;
mod rust;
mod wasm;

use std::path::PathBuf;

use crate::options::Options;
use crate::stamp::Lock;
use crate::stop::Stop;

pub(crate) use node::ONE_THREAD;
pub(crate) use rust::ENGINE_BRIDGE;
pub(crate) use wasm::{STRICT, TARGET as WASM_TARGET};

/// The six implementations, as `cargo xtask probe` names them: `client` is `wasm` in its small build.
pub(crate) const LANGUAGES: &[&str] = &["rust", "python", "node", "wasm", "client", "chromium"];

/// `cargo xtask setup [LANG…|redis]`.
pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let wanted = Options::new(arguments).words(&[LANGUAGES, &["redis"]].concat())?;
    if wanted.is_empty() {
        return suites();
    }
    wanted.iter().try_for_each(|name| match name.as_str() {
        "redis" => redis().map(|_| ()),
        language => language_alone(language),
    })
}

/// All that the suites need.
pub(crate) fn suites() -> Result<(), Stop> {
    redis()?;
    everything()
}

/// All that every language needs.
pub(crate) fn everything() -> Result<(), Stop> {
    // What only the user can install is missed at once, not after ten minutes of building.
    crate::tools::check_node()?;
    python::check()?;
    let _lock = Lock::take()?;
    chromium::find_or_install()?;
    python::environment()?;
    python::wheel()?;
    wasm::package()?;
    node::addon()?;
    node::packages()?;
    rust::probe()
}

/// The Rust replica.
pub(crate) fn rust_replica() -> Result<(), Stop> {
    let _lock = Lock::take()?;
    rust::replica()
}

/// What the trust boundary needs beside all that.
pub(crate) fn trust_boundary() -> Result<(), Stop> {
    let _lock = Lock::take()?;
    node::install("examples/trust-boundary")?;
    rust::trust_boundary_server()
}

/// What the engine bridge needs beside all that.
pub(crate) fn engine_bridge() -> Result<(), Stop> {
    let _lock = Lock::take()?;
    node::install("examples/engine-bridge")?;
    rust::engine_bridge_server()
}

/// What the soak needs: the engine bridge, with its server as it runs in earnest. Returns that server's path.
pub(crate) fn engine_bridge_in_earnest() -> Result<PathBuf, Stop> {
    let _lock = Lock::take()?;
    node::install("examples/engine-bridge")?;
    rust::engine_bridge_release()?;
    Ok(rust::release_program("engine-bridge-server"))
}

/// What the service mesh needs, and no more.
pub(crate) fn service_mesh() -> Result<(), Stop> {
    language_alone("python")?;
    let _lock = Lock::take()?;
    rust::service_mesh_vault()
}

/// What its soak needs: the same, with its vault as it runs in earnest. Returns that vault's path.
pub(crate) fn service_mesh_in_earnest() -> Result<PathBuf, Stop> {
    language_alone("python")?;
    let _lock = Lock::take()?;
    rust::service_mesh_release()?;
    Ok(rust::release_program("service-mesh-vault"))
}

/// What the bench needs: the release builds and the peers. Returns the folder of Python's.
pub(crate) fn bench() -> Result<PathBuf, Stop> {
    language_alone("python")?;
    language_alone("node")?;
    let _lock = Lock::take()?;
    node::install("xtask/bench/node")?;
    python::peers()
}

/// What one language's probe needs, and no more.
pub(crate) fn language_alone(language: &str) -> Result<(), Stop> {
    let _lock = Lock::take()?;
    match language {
        "rust" => rust::probe(),
        "python" => {
            python::environment()?;
            python::wheel()
        }
        "node" => {
            crate::tools::check_node()?;
            wasm::package()?;
            node::addon()?;
            node::packages()
        }
        "wasm" | "client" => {
            crate::tools::check_node()?;
            wasm::package()
        }
        _ => {
            crate::tools::check_node()?;
            chromium::find_or_install()?;
            wasm::package()?;
            node::install("tests")
        }
    }
}

/// The virtual environment alone, with its tools and without the wheel.
pub(crate) fn python_tools() -> Result<(), Stop> {
    let _lock = Lock::take()?;
    python::environment()
}

/// The wasm target alone.
pub(crate) fn wasm_target() -> Result<(), Stop> {
    let _lock = Lock::take()?;
    wasm::target()
}

/// The Redis server's path; it is found, or installed first.
pub(crate) fn redis() -> Result<PathBuf, Stop> {
    let _lock = Lock::take()?;
    redis::find_or_install()
}

/// Chromium's path; it was found or installed before.
pub(crate) fn chromium() -> Result<PathBuf, Stop> {
    chromium::find_or_install()
}

/// A program of this repository, as it was built.
pub(crate) fn program(name: &str) -> PathBuf {
    rust::program(name)
}
