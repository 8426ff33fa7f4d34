//! `cargo xtask fresh`: what is generated and committed is what its generator writes today.

use crate::errors_page;
use crate::options::Options;
use crate::setup;
use crate::step::Step;
use crate::stop::Stop;
use crate::suite::{self, Part};
use crate::tally::Tally;
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let mut options = Options::new(arguments);
    let write = options.flag("--write");
    options.end()?;
    setup::python_tools()?;
    if write {
        return write_all();
    }
    suite::run(PARTS, &[])
}

const PARTS: &[Part] = &[
    Part::alone("lock", "Each Cargo.lock fits its manifests", lock),
    Part::alone("errors", "docs/errors.md fits the core's codes", errors),
    Part::alone("vectors", "tests/vectors fit the stand-alone signer", vectors),
    Part::alone("api", "wasm/api.d.ts fits the TypeScript", api),
];

fn lock() -> Result<Tally, Stop> {
    Step::new("cargo metadata").run(tools::cargo("metadata").args(METADATA))?;
    Step::new("cargo metadata, the engine bridge")
        .run(tools::cargo("metadata").args(METADATA).args(["--manifest-path", setup::ENGINE_BRIDGE]))
        .map(|_| Tally::one())
}

fn errors() -> Result<Tally, Stop> {
    Step::new("the page of errors").run(&mut errors_page::generator(true)).map(|_| Tally::one())
}

/// The stand-alone signer's own check; `cargo xtask test` runs it too.
pub(crate) fn vectors() -> Result<Tally, Stop> {
    setup::python_tools()?;
    Step::new("the stand-alone signer")
        .run(tools::python().args(["tests/signer/build.py", "--check"]))
        .map(|_| Tally::one())
}

fn api() -> Result<Tally, Stop> {
    setup::language_alone("wasm")?;
    Step::new("the declarations")
        .run(tools::npm("wasm").args(["run", "api", "--", "--check"]))
        .map(|_| Tally::one())
}

fn write_all() -> Result<(), Stop> {
    Step::new("Cargo.lock written").run(tools::unlocked_cargo().arg("metadata").args(METADATA))?;
    Step::new("the engine bridge's Cargo.lock written").run(
        tools::unlocked_cargo()
            .arg("metadata")
            .args(METADATA)
            .args(["--manifest-path", setup::ENGINE_BRIDGE]),
    )?;
    Step::new("docs/errors.md written").run(&mut errors_page::generator(false))?;
    Step::new("tests/vectors written").run(tools::python().arg("tests/signer/build.py"))?;
    setup::language_alone("wasm")?;
    Step::new("wasm/api.d.ts written").run(tools::npm("wasm").args(["run", "api"]))?;
    Ok(())
}

const METADATA: [&str; 2] = ["--format-version", "1"];
