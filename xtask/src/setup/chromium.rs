//! Chromium: found, or installed where we may.

use std::path::PathBuf;

use crate::step::Step;
use crate::stop::Stop;
use crate::tools;

/// `CHROMIUM_PATH`, else one of the usual names, else Debian's package.
pub(crate) fn find_or_install() -> Result<PathBuf, Stop> {
    if let Some(path) = std::env::var_os("CHROMIUM_PATH").filter(|path| !path.is_empty()) {
        let path = PathBuf::from(path);
        return if path.is_file() {
            Ok(path)
        } else {
            Err(Stop::missing(format!("CHROMIUM_PATH names no file: {}", path.display())))
        };
    }
    if let Some(path) = find() {
        return Ok(path);
    }
    if tools::find("apt-get").is_none() {
        return Err(Stop::missing("Chromium is needed: install it, or name it in CHROMIUM_PATH"));
    }
    let hint = "Chromium is needed: sudo apt-get install chromium";
    if tools::said(tools::program("id").arg("-u")).as_deref() != Some("0") {
        return Err(Stop::missing(hint));
    }
    Step::new("Chromium: the list of packages").run(apt().arg("update"))?;
    Step::new("Chromium: installed").run(apt().args([
        "install",
        "--yes",
        "--no-install-recommends",
        "chromium",
    ]))?;
    find().ok_or_else(|| Stop::missing(hint))
}

fn find() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| tools::find(name))
}

fn apt() -> std::process::Command {
    let mut apt = tools::program("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
