//! The programs we start, each with an environment that does not depend on how we were started.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place;
use crate::step::Step;
use crate::stop::Stop;

/// Cargo, in the root, with its lock file held fixed.
pub(crate) fn cargo(subcommand: &str) -> Command {
    let mut cargo = unlocked_cargo();
    cargo.arg(subcommand);
    if subcommand != "fmt" {
        cargo.arg("--locked");
    }
    cargo
}

/// Cargo without `--locked`, for what lies outside the workspace.
pub(crate) fn unlocked_cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// npm, in a folder of the repository.
pub(crate) fn npm(folder: &str) -> Command {
    let mut npm = program(NPM);
    npm.current_dir(place::at(folder))
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .env("NO_UPDATE_NOTIFIER", "1");
    npm
}

/// Node.
pub(crate) fn node() -> Command {
    program("node")
}

/// The virtual environment's Python.
pub(crate) fn python() -> Command {
    program(place::python())
}

/// Any program, in the root.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(place::root());
    // `cargo run` describes xtask to its child; build scripts further down would take that for themselves.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
            .iter()
            .any(|start| text.starts_with(start))
        {
            command.env_remove(&name);
        }
    }
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    // Also for those that start cargo from another folder.
    command.env("CARGO_TARGET_DIR", place::target());
    // pyo3's build looks for an interpreter: always the same one, or it would build anew each time.
    command.env("PYO3_PYTHON", place::python());
    command
}

/// The full path of a program that the shell would find.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let found = |path: &Path| path.is_file();
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|path| found(path));
    }
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| found(path))
}

/// A program that the user names in the environment; it must be there.
pub(crate) fn named(variable: &str) -> Result<Option<PathBuf>, Stop> {
    let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from) else {
        return Ok(None);
    };
    if path.is_file() {
        Ok(Some(path))
    } else {
        Err(Stop::missing(format!("{variable} names no file: {}", path.display())))
    }
}

/// What a program prints on standard output, trimmed; nothing if it cannot be started or fails.
pub(crate) fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Node 20 or newer and its npm.
pub(crate) fn check_node() -> Result<String, Stop> {
    let hint = "Node 20 or newer with npm is needed: apt-get install nodejs npm, or nodejs.org";
    let version = said(node().arg("--version")).ok_or_else(|| Stop::missing(hint))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|text| text.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        return Err(Stop::missing(format!("{hint} (this is {version})")));
    }
    find(NPM).ok_or_else(|| Stop::missing(hint))?;
    Ok(version)
}

/// A cargo tool of one version, built into the target folder when it is not there.
pub(crate) fn installed(name: &str, version: &str) -> Result<PathBuf, Stop> {
    let folder = place::kept("tools").join(format!("{name}-{version}"));
    let tool = folder.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !tool.exists() {
        let title = format!("{name} {version} built");
        let mut install = unlocked_cargo();
        install.args(["install", name, "--locked", "--version", version, "--root"]).arg(&folder);
        Step::new(&title).run(&mut install)?;
    }
    Ok(tool)
}

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };
