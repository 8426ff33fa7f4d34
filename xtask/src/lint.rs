//! `cargo xtask lint`: formatting, lints and types of every language.

use std::process::Command;

use crate::options::Options;
use crate::place;
use crate::setup;
use crate::step::Step;
use crate::stop::Stop;
use crate::suite::{self, Part};
use crate::tally::Tally;
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let mut options = Options::new(arguments);
    let deny = options.flag("--deny");
    let names: Vec<_> = PARTS.iter().map(|part| part.name).collect();
    let wanted = options.words(&names)?;
    if wanted.is_empty() {
        setup::everything()?;
    }
    if deny {
        check_dependencies()?;
    }
    suite::run(PARTS, &wanted)
}

const PARTS: &[Part] = &[
    Part::alone("fmt", "Rust is formatted", fmt),
    Part::alone("clippy", "Rust has no lint", clippy),
    Part::alone("doc", "Rust's documentation has no warning", doc),
    Part::alone("ruff", "Python is formatted and has no lint", ruff),
    Part::alone("mypy", "Python's types hold (mypy, strict)", mypy),
    Part::alone("pyright", "Python's types hold (pyright)", pyright),
    Part::alone("stubtest", "Python's stubs fit the module", stubtest),
    Part::alone("tsc", "TypeScript's types and the packages hold", tsc),
];

fn fmt() -> Result<Tally, Stop> {
    Step::new("cargo fmt").run(tools::cargo("fmt").args(["--all", "--check"]))?;
    Step::new("cargo fmt, the engine bridge")
        .run(tools::cargo("fmt").args(["--manifest-path", setup::ENGINE_BRIDGE, "--check"]))
        .map(|_| Tally::one())
}

fn clippy() -> Result<Tally, Stop> {
    setup::python_tools()?;
    setup::wasm_target()?;
    Step::new("clippy, host").run(tools::cargo("clippy").args([
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "-D",
        "warnings",
    ]))?;
    let wasm = [
        "--package",
        "counterseal-wasm",
        "--package",
        "counterseal-purity",
        "--target",
        setup::WASM_TARGET,
        "--",
        "-D",
        "warnings",
    ];
    Step::new("clippy, wasm").run(tools::cargo("clippy").args(wasm))?;
    let client = ["--package", "counterseal-wasm", "--no-default-features"];
    Step::new("clippy, the client's wasm").run(
        tools::cargo("clippy")
            .args(client)
            .args(["--target", setup::WASM_TARGET, "--", "-D", "warnings"])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", setup::STRICT),
    )?;
    Step::new("clippy, the addon").run(
        tools::cargo("clippy")
            .args(["--package", "counterseal-node", "--", "-D", "warnings"])
            .env("RUSTFLAGS", setup::ONE_THREAD)
            .env("CARGO_TARGET_DIR", place::target().join("one-thread")),
    )?;
    let bridge = ["--manifest-path", setup::ENGINE_BRIDGE, "--all-targets", "--", "-D", "warnings"];
    Step::new("clippy, the engine bridge").run(tools::cargo("clippy").args(bridge)).map(|_| Tally::one())
}

fn doc() -> Result<Tally, Stop> {
    setup::python_tools()?;
    Step::new("cargo doc")
        .run(
            tools::cargo("doc")
                .args(["--workspace", "--all-features", "--no-deps"])
                .env("RUSTDOCFLAGS", "-D warnings"),
        )
        .map(|_| Tally::one())
}

fn ruff() -> Result<Tally, Stop> {
    setup::python_tools()?;
    for arguments in [&["check"][..], &["format", "--check"]] {
        let title = format!("ruff {}", arguments[0]);
        Step::new(&title)
            .run(tools::program(place::venv_program("ruff")).args(arguments).args(PYTHON_FOLDERS))?;
    }
    Ok(Tally::one())
}

fn mypy() -> Result<Tally, Stop> {
    setup::python_tools()?;
    Step::new("mypy").run(in_python("mypy").arg("--strict")).map(|_| Tally::one())
}

fn pyright() -> Result<Tally, Stop> {
    setup::language_alone("python")?;
    Step::new("pyright")
        .run(in_python("pyright").arg("--pythonpath").arg(place::python()))
        .map(|_| Tally::one())
}

fn stubtest() -> Result<Tally, Stop> {
    setup::language_alone("python")?;
    Step::new("stubtest")
        .run(tools::python().args(["-m", "mypy.stubtest", "counterseal._core"]))
        .map(|_| Tally::one())
}

fn tsc() -> Result<Tally, Stop> {
    setup::language_alone("node")?;
    for folder in ["wasm", "node"] {
        let title = format!("npm run lint in {folder}");
        Step::new(&title).run(tools::npm(folder).args(["run", "lint"]))?;
    }
    Ok(Tally::one())
}

/// A tool of the virtual environment, started where its settings are.
fn in_python(tool: &str) -> Command {
    let mut command = tools::program(place::venv_program(tool));
    command.current_dir(place::at("python"));
    command
}

/// Licences, bans and sources. Its tool takes minutes to build, so it runs where asked for.
fn check_dependencies() -> Result<(), Stop> {
    let tool = tools::installed("cargo-deny", DENY_VERSION)?;
    let check = ["--all-features", "--config", "deny.toml", "check", "licenses", "bans", "sources"];
    let mut deny = tools::program(&tool);
    Step::new("cargo-deny").run(deny.arg("--workspace").args(check))?;
    let mut deny = tools::program(&tool);
    Step::new("cargo-deny, the engine bridge")
        .run(deny.args(["--manifest-path", setup::ENGINE_BRIDGE]).args(check))
        .map(|_| ())
}

const PYTHON_FOLDERS: &[&str] = &["python", "tests", "examples", "xtask/bench"];
const DENY_VERSION: &str = "0.20.2";
