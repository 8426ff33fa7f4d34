//! The native addon and the npm packages around it.

use std::fs;

use crate::place;
use crate::stamp::{Inputs, Stamp};
use crate::step::Step;
use crate::stop::{Doing, Stop};
use crate::tools;

/// Builds the addon and puts it where the package looks for it.
pub(crate) fn addon() -> Result<(), Stop> {
    let addon = place::at("node/counterseal.node");
    let stamp = Stamp::new("addon", Inputs::new().paths(ADDON_INPUTS)?, std::slice::from_ref(&addon));
    if stamp.is_fresh() {
        return Ok(());
    }
    let target = place::target().join("one-thread");
    Step::new("Node: the addon").run(
        tools::cargo("build")
            .args(["--release", "--package", "counterseal-node"])
            .env("RUSTFLAGS", ONE_THREAD)
            .env("CARGO_TARGET_DIR", &target),
    )?;
    let built = target.join("release").join(library_name("counterseal_node"));
    // A new file: the old one may be mapped into a running process.
    let _ = fs::remove_file(&addon);
    fs::copy(&built, &addon).doing(|| format!("copying {}", place::shown(&built)))?;
    stamp.set()
}

/// Installs and builds the packages that use it.
pub(crate) fn packages() -> Result<(), Stop> {
    install("node")?;
    build("node", PACKAGE_INPUTS)?;
    install("tests")
}

/// `npm ci` in a folder, unless its lock file is the one last installed.
pub(crate) fn install(folder: &str) -> Result<(), Stop> {
    let manifest = format!("{folder}/package.json");
    if !place::at(&manifest).exists() {
        return Ok(());
    }
    let version = tools::check_node()?;
    let inputs = Inputs::new().paths(&[&manifest, &format!("{folder}/package-lock.json")])?.word(&version);
    let stamp = Stamp::new(
        &format!("npm-{}", folder.replace('/', "-")),
        inputs,
        &[place::at(folder).join("node_modules")],
    );
    if stamp.is_fresh() {
        return Ok(());
    }
    let title = format!("npm: the packages of {folder}");
    Step::new(&title).run(tools::npm(folder).args(["ci", "--no-audit", "--no-fund"]))?;
    stamp.set()
}

/// `npm run build` in a folder, unless its inputs are those last built.
pub(crate) fn build(folder: &str, inputs: &[&str]) -> Result<(), Stop> {
    let stamp = Stamp::new(
        &format!("build-{folder}"),
        Inputs::new().paths(inputs)?,
        &[place::at(folder).join("dist")],
    );
    if stamp.is_fresh() {
        return Ok(());
    }
    let title = format!("npm: {folder} built");
    Step::new(&title).run(tools::npm(folder).args(["run", "build"]))?;
    stamp.set()
}

fn library_name(name: &str) -> String {
    format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}

/// No lock where no second thread can come (see the façade's `sync.rs`).
pub(crate) const ONE_THREAD: &str = "--cfg=counterseal_one_thread";

/// Not the whole folder: packing, which a test does, writes into it.
const PACKAGE_INPUTS: &[&str] =
    &["node/ts", "node/scripts", "node/package.json", "node/tsconfig.json", "wasm/ts"];
const ADDON_INPUTS: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "core/Cargo.toml",
    "core/src",
    "core/lanes",
    "bindings/shared/Cargo.toml",
    "bindings/shared/src",
    "node/Cargo.toml",
    "node/build.rs",
    "node/src",
];
