//! Debian's packages, installed where we may.

use std::process::Command;

use crate::step::Step;
use crate::stop::Stop;
use crate::tools;

/// Installs a package, or stops with the command by which the user can. Elsewhere than on Debian and its kin the text of `elsewhere` tells.
pub(crate) fn install(what: &str, package: &str, elsewhere: &str) -> Result<(), Stop> {
    if tools::find("apt-get").is_none() {
        return Err(Stop::missing(format!("{what} is needed: {elsewhere}")));
    }
    if tools::said(tools::program("id").arg("-u")).as_deref() != Some("0") {
        return Err(needed(what, package));
    }
    Step::new(&format!("{what}: the list of packages")).run(apt().arg("update"))?;
    Step::new(&format!("{what}: installed"))
        .run(apt().args(["install", "--yes", "--no-install-recommends", package]))
        .map(|_| ())
}

/// Why we stop where a package is missing.
pub(crate) fn needed(what: &str, package: &str) -> Stop {
    Stop::missing(format!("{what} is needed: sudo apt-get install {package}"))
}

fn apt() -> Command {
    let mut apt = tools::program("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    apt
}
