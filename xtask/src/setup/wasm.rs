//! The wasm build: the module, its glue, and the TypeScript façade over both.

use std::fs;

use crate::place;
use crate::setup::node;
use crate::stamp::{Inputs, Stamp};
use crate::step::Step;
use crate::stop::{Doing, Stop};
use crate::tools;

/// Rust's name for the target.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Builds all of `wasm/`.
pub(crate) fn package() -> Result<(), Stop> {
    module()?;
    node::install("wasm")?;
    node::build("wasm", PACKAGE_INPUTS)
}

/// Adds the target to the toolchain where it is missing.
pub(crate) fn target() -> Result<(), Stop> {
    let here = tools::said(tools::program("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    if here.is_some_and(|folder| fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())) {
        return Ok(());
    }
    let hint = format!("the target {TARGET} is needed: rustup target add {TARGET}");
    tools::find("rustup").ok_or_else(|| Stop::missing(hint.clone()))?;
    Step::new("Rust: the wasm target")
        .run(tools::program("rustup").args(["target", "add", TARGET]))
        .map(|_| ())
        .map_err(|_| Stop::missing(hint))
}

fn module() -> Result<(), Stop> {
    let folder = place::at("wasm/pkg");
    let stamp = Stamp::new(
        "wasm",
        Inputs::new().paths(MODULE_INPUTS)?,
        &[folder.join("counterseal_wasm_bg.wasm"), folder.join("counterseal_wasm.js")],
    );
    if stamp.is_fresh() {
        return Ok(());
    }
    target()?;
    Step::new("wasm: the module").run(tools::cargo("build").args([
        "--package",
        "counterseal-wasm",
        "--target",
        TARGET,
        "--profile",
        "wasm",
    ]))?;
    Step::new("wasm: the tool that writes the glue")
        .run(tools::cargo("build").args(["--package", "xtask-wasm"]))?;
    let built = place::target().join(TARGET).join("wasm").join("counterseal_wasm.wasm");
    let tool = place::target().join("debug").join(format!("xtask-wasm{}", std::env::consts::EXE_SUFFIX));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).doing(|| format!("making {}", place::shown(&folder)))?;
    Step::new("wasm: the glue").run(tools::program(tool).arg(built).arg(&folder))?;
    stamp.set()
}

/// The module itself is among them: the package holds a copy of it.
const PACKAGE_INPUTS: &[&str] = &[
    "wasm/ts",
    "wasm/scripts",
    "wasm/package.json",
    "wasm/tsconfig.json",
    "wasm/pkg/counterseal_wasm.js",
    "wasm/pkg/counterseal_wasm.d.ts",
    "wasm/pkg/counterseal_wasm_bg.wasm",
];
const MODULE_INPUTS: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "core/Cargo.toml",
    "core/src",
    "core/lanes",
    "bindings/shared/Cargo.toml",
    "bindings/shared/src",
    "wasm/Cargo.toml",
    "wasm/build.rs",
    "wasm/src",
    "xtask/wasm",
];
