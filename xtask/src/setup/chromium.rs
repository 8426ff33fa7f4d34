//! Chromium: found, or installed where we may.

use std::path::PathBuf;

use crate::setup::debian;
use crate::stop::Stop;
use crate::tools;

/// `CHROMIUM_PATH`, else one of the usual names, else Debian's package.
pub(crate) fn find_or_install() -> Result<PathBuf, Stop> {
    if let Some(path) = tools::named("CHROMIUM_PATH")? {
        return Ok(path);
    }
    if let Some(path) = find() {
        return Ok(path);
    }
    debian::install(WHAT, PACKAGE, "install it, or name it in CHROMIUM_PATH")?;
    find().ok_or_else(|| debian::needed(WHAT, PACKAGE))
}

fn find() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| tools::find(name))
}

const WHAT: &str = "Chromium";
const PACKAGE: &str = "chromium";
const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
