//! The virtual environment with its tools, and the wheel built and installed into it.

use std::fs;
use std::path::PathBuf;

use crate::place;
use crate::stamp::{Inputs, Stamp};
use crate::step::Step;
use crate::stop::{Doing, Stop};
use crate::tools;

/// Finds the Python that the environment is made from.
pub(crate) fn check() -> Result<(PathBuf, String), Stop> {
    let mut bare = None;
    for name in NAMES {
        let Some(path) = tools::find(name) else { continue };
        let Some(answer) = tools::said(tools::program(&path).args(["-c", ASK])) else { continue };
        match answer.split_once(' ') {
            Some(("complete", version)) => return Ok((path, version.to_owned())),
            Some(("bare", version)) => bare = Some(version.to_owned()),
            _ => {}
        }
    }
    Err(Stop::missing(match bare {
        Some(version) => format!("Python {version} lacks its venv module: apt-get install python3-venv"),
        None => {
            "Python 3.11 or newer is needed: apt-get install python3 python3-venv, or python.org".to_owned()
        }
    }))
}

/// Makes `.venv` and installs the pinned tools.
pub(crate) fn environment() -> Result<(), Stop> {
    let (base, version) = check()?;
    let stamp = Stamp::new("venv", Inputs::new().paths(REQUIREMENTS)?.word(&version), &[place::python()]);
    if stamp.is_fresh() && tools::said(tools::python().args(["-c", "import pip"])).is_some() {
        return Ok(());
    }
    Step::new("Python: the virtual environment")
        .run(tools::program(base).args(["-m", "venv", "--clear", ".venv"]))?;
    // What was installed into the old environment is gone.
    let _ = fs::remove_file(place::kept("stamps").join("wheel"));
    let mut install = tools::python();
    install.args(["-m", "pip", "install", "--no-input", "--progress-bar", "off"]);
    for file in REQUIREMENTS.iter().filter(|file| place::at(file).exists()) {
        install.args(["--requirement", file]);
    }
    Step::new("Python: the tools").run(&mut install)?;
    stamp.set()
}

/// Builds the wheel and installs it.
pub(crate) fn wheel() -> Result<(), Stop> {
    let stamp = Stamp::new("wheel", Inputs::new().paths(WHEEL_INPUTS)?, &[place::python(), wheels()]);
    if stamp.is_fresh() {
        return Ok(());
    }
    let _ = fs::remove_dir_all(wheels());
    let mut build = tools::program(place::venv_program("maturin"));
    build.args([
        "build",
        "--release",
        "--locked",
        "--compatibility",
        "linux",
        "--manifest-path",
        "python/Cargo.toml",
        "--interpreter",
    ]);
    build.arg(place::python()).arg("--out").arg(wheels());
    Step::new("Python: the wheel").run(&mut build)?;
    let mut install = tools::python();
    install
        .args(["-m", "pip", "install", "--no-input", "--no-deps", "--no-index", "--force-reinstall"])
        .arg(built_wheel()?);
    Step::new("Python: the wheel installed").run(&mut install)?;
    stamp.set()
}

/// Installs what the bench compares with, apart from the environment that the suites run in.
pub(crate) fn peers() -> Result<PathBuf, Stop> {
    let folder = place::kept("bench-python");
    let stamp = Stamp::new(
        "bench-python",
        Inputs::new().paths(&[PEERS])?.word(&check()?.1),
        std::slice::from_ref(&folder),
    );
    if !stamp.is_fresh() {
        let _ = fs::remove_dir_all(&folder);
        let mut install = tools::python();
        install.args(["-m", "pip", "install", "--no-input", "--progress-bar", "off", "--requirement", PEERS]);
        Step::new("Python: the bench's peers").run(install.arg("--target").arg(&folder))?;
        stamp.set()?;
    }
    Ok(folder)
}

fn built_wheel() -> Result<PathBuf, Stop> {
    let reading = || format!("reading {}", place::shown(&wheels()));
    for entry in fs::read_dir(wheels()).doing(reading)? {
        let path = entry.doing(reading)?.path();
        if path.extension().is_some_and(|ending| ending == "whl") {
            return Ok(path);
        }
    }
    Err(Stop::failed("maturin built no wheel"))
}

fn wheels() -> PathBuf {
    place::kept("wheels")
}

const NAMES: &[&str] = &["python3.11", "python3", "python3.12", "python3.13", "python3.14", "python"];
const ASK: &str = "
import importlib.util, sys
complete = all(importlib.util.find_spec(name) for name in ('venv', 'ensurepip'))
if sys.version_info >= (3, 11):
    print('complete' if complete else 'bare', sys.version.split()[0])
";
const REQUIREMENTS: &[&str] = &[
    "python/requirements-dev.txt",
    "examples/trust-boundary/requirements.txt",
    "examples/engine-bridge/requirements.txt",
    "examples/service-mesh/requirements.txt",
    "tests/interop/requirements.txt",
];
const PEERS: &str = "xtask/bench/python/requirements.txt";
const WHEEL_INPUTS: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "core/Cargo.toml",
    "core/src",
    "core/lanes",
    "bindings/shared/Cargo.toml",
    "bindings/shared/src",
    "python/Cargo.toml",
    "python/pyproject.toml",
    "python/src",
    "python/python",
    "python/README.md",
];
