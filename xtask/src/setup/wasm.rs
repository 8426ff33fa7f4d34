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

/// One module for every runtime, and one for those that know vectors: the hash is quicker there.
fn module() -> Result<(), Stop> {
    let folder = place::at("wasm/pkg");
    let outputs = MODULES.map(|(name, _)| folder.join(name));
    let stamp = Stamp::new("wasm", Inputs::new().paths(MODULE_INPUTS)?, &outputs);
    if stamp.is_fresh() {
        return Ok(());
    }
    target()?;
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).doing(|| format!("making {}", place::shown(&folder)))?;
    for ((name, flags), output) in MODULES.iter().zip(&outputs) {
        let title = format!("wasm: {name}");
        Step::new(&title).run(
            tools::cargo("build")
                .args(["--package", "counterseal-wasm", "--target", TARGET, "--profile", "wasm"])
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", format!("{TUNED} {flags}")),
        )?;
        let built = place::target().join(TARGET).join("wasm").join("counterseal_wasm.wasm");
        fs::copy(&built, output).doing(|| format!("copying {}", place::shown(&built)))?;
    }
    stamp.set()
}

/// Their names in the package, and how the compiler is told.
const MODULES: [(&str, &str); 2] = [
    ("counterseal.wasm", r#"--cfg=sha2_backend_soft="compact""#),
    ("counterseal.simd.wasm", "-Ctarget-feature=+simd128"),
];
/// Small code that is not slow for nothing: it inlines what is hardly longer than the call (which makes it no larger), and copies up to 48 bytes
/// by itself (1 % larger), where a runtime has a call out of the module for each copy.
const TUNED: &str = "-Cllvm-args=-inline-threshold=15 -Cllvm-args=-max-store-memcpy=6";
/// The core without the quick ways in front of its strict reader.
pub(crate) const STRICT: &str = "--cfg=counterseal_strict";

/// The module itself is among them: the package holds a copy of it.
const PACKAGE_INPUTS: &[&str] = &[
    "wasm/ts",
    "wasm/scripts",
    "wasm/package.json",
    "wasm/package-lock.json",
    "wasm/tsconfig.json",
    "wasm/pkg/counterseal.wasm",
    "wasm/pkg/counterseal.simd.wasm",
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
    "wasm/src",
    "xtask/src/setup/wasm.rs",
];
