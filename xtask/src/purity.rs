//! The core does no I/O: a wasm32 module without `std` that calls every public function imports nothing.
//! And the check itself can fail: two modules that are not pure are refused first.

use std::process::Command;

use crate::place;
use crate::setup;
use crate::step::Step;
use crate::stop::Stop;
use crate::tally::Tally;
use crate::tools;

pub(crate) fn check() -> Result<Tally, Stop> {
    setup::wasm_target()?;
    refuses_std()?;
    refuses_an_import()?;
    Step::new("purity: the module built").run(&mut module(None))?;
    Step::new("purity: no import, and every call answers").run(&mut inspect()).map(|log| Tally::read(&log))
}

/// `std` hides its clock and files behind stubs on this target: only its absence proves anything.
fn refuses_std() -> Result<(), Stop> {
    let log = Step::new("purity: std is refused").refused(&mut module(Some("std")))?;
    if log.contains("panic_impl") {
        Ok(())
    } else {
        Err(Stop::failed("the module with std was refused for another reason than std"))
    }
}

fn refuses_an_import() -> Result<(), Stop> {
    Step::new("purity: the module with an import built").run(&mut module(Some("import")))?;
    let log = Step::new("purity: an import is refused").refused(&mut inspect())?;
    if log.contains("env.clock") {
        Ok(())
    } else {
        Err(Stop::failed("the module with an import was refused for another reason than its import"))
    }
}

fn module(feature: Option<&str>) -> Command {
    let mut build = tools::cargo("build");
    build.args(["--package", "counterseal-purity", "--target", setup::WASM_TARGET]);
    if let Some(feature) = feature {
        build.args(["--features", feature]);
    }
    build
}

fn inspect() -> Command {
    let mut inspect = tools::node();
    inspect
        .arg("tests/purity/inspect.mjs")
        .arg(place::target().join(setup::WASM_TARGET).join("debug").join("counterseal_purity.wasm"));
    inspect
}
