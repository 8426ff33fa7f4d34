//! The Redis server: found, or installed where we may. The suites start their own, on ports and in folders of their own.

use std::path::PathBuf;

use crate::setup::debian;
use crate::stop::Stop;
use crate::tools;

/// `REDIS_SERVER`, else the one on the path, else Debian's package.
pub(crate) fn find_or_install() -> Result<PathBuf, Stop> {
    if let Some(path) = tools::named("REDIS_SERVER")? {
        return Ok(path);
    }
    if let Some(path) = tools::find(NAME) {
        return Ok(path);
    }
    debian::install(NAME, NAME, "install it (macOS: brew install redis), or name it in REDIS_SERVER")?;
    tools::find(NAME).ok_or_else(|| debian::needed(NAME, NAME))
}

const NAME: &str = "redis-server";
