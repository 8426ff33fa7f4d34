//! `cargo xtask test`: every suite, from a fresh clone.

use std::process::Command;

use crate::conformance;
use crate::demo;
use crate::fresh;
use crate::options::Options;
use crate::place;
use crate::probe;
use crate::purity;
use crate::setup;
use crate::soak;
use crate::step::Step;
use crate::stop::Stop;
use crate::suite::{self, Part};
use crate::tally::Tally;
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let names: Vec<_> = PARTS.iter().map(|part| part.name).collect();
    let wanted = Options::new(arguments).words(&names)?;
    if wanted.is_empty() {
        setup::suites()?;
    }
    suite::run(PARTS, &wanted)
}

/// In the order in which they begin: those that wait for clocks, servers and pages come first, so that those that compute fill the machine beside
/// them. Loads are what they were measured to use, at most 80, so that the machine is full also while one that computes waits for a moment.
const PARTS: &[Part] = &[
    part("bridge", "The engine bridge", 30, ready_bridge, bridge),
    part("mesh", "The service mesh", 50, ready_mesh, mesh),
    part("conformance", "The conformance matrix", 80, setup::everything, matrix),
    part("rust", "Rust: the workspace", 80, ready_rust, rust),
    part("python", "Python: the idiom", 40, || setup::language_alone("python"), python),
    part("node", "Node: the idiom", 80, || setup::language_alone("node"), node),
    part("wasm", "wasm: the idiom", 80, || setup::language_alone("chromium"), wasm),
    part("strict", "Rust: the core by its strict reader alone", 80, ready_strict, strict),
    part("interleavings", "Rust: the guard's threads in every order", 80, ready_interleavings, interleavings),
    part("purity", "The core does no I/O", 60, setup::wasm_target, purity::check),
    part("vectors", "Vectors: the stand-alone signer agrees", 80, setup::python_tools, fresh::vectors),
    part("webcrypto", "Vectors: plain WebCrypto agrees", 80, || Ok(()), webcrypto),
    part("snippets", "What README and docs show runs", 40, setup::everything, snippets),
    part("shared-guard", "The guard that replicas share", 80, ready_shared_guard, shared_guard),
    part("interop", "Other implementations of RFC 9421", 80, ready_interop, interop),
    part("demo", "The demo", 60, ready_demo, short_demo),
    part("soak", "The engine bridge under load", 80, ready_bridge, short_soak),
];

const fn part(
    name: &'static str,
    title: &'static str,
    load: u32,
    prepare: fn() -> Result<(), Stop>,
    run: fn() -> Result<Tally, Stop>,
) -> Part {
    Part { name, title, prepare, load, run }
}

fn ready_rust() -> Result<(), Stop> {
    setup::python_tools()?;
    setup::redis()?;
    Step::new("cargo test, built").run(workspace().arg("--no-run")).map(|_| ())
}

fn rust() -> Result<Tally, Stop> {
    counted("cargo test", workspace().env("REDIS_SERVER", setup::redis()?))
}

fn workspace() -> Command {
    let mut tests = tools::cargo("test");
    tests.args(["--workspace", "--all-features", "--no-fail-fast"]);
    tests
}

fn ready_strict() -> Result<(), Stop> {
    Step::new("cargo test, the strict reader, built").run(strict_core().arg("--no-run")).map(|_| ())
}

fn strict() -> Result<Tally, Stop> {
    counted("cargo test, the strict reader", &mut strict_core())
}

/// The core as a client's module has it, held to the core's own tests.
fn strict_core() -> Command {
    let mut tests = tools::cargo("test");
    tests.args(["--package", "counterseal", "--lib"]);
    tests.env("RUSTFLAGS", setup::STRICT).env("CARGO_TARGET_DIR", place::target().join("strict"));
    tests
}

fn ready_interleavings() -> Result<(), Stop> {
    Step::new("cargo test, under loom, built").run(under_loom().arg("--no-run")).map(|_| ())
}

fn interleavings() -> Result<Tally, Stop> {
    counted("cargo test, under loom", under_loom().arg("interleavings"))
}

/// The guard's lanes with loom in the place of atomics, locks and threads. Optimised, since a case is played thousands of times.
fn under_loom() -> Command {
    let mut tests = tools::cargo("test");
    tests.args(["--release", "--package", "counterseal-shared", "--lib"]);
    tests.env("RUSTFLAGS", "--cfg=loom").env("CARGO_TARGET_DIR", place::target().join("loom"));
    tests
}

fn webcrypto() -> Result<Tally, Stop> {
    counted("WebCrypto", tools::node().arg("tests/webcrypto/check.mjs"))
}

fn matrix() -> Result<Tally, Stop> {
    let mut runner = conformance::runner(&place::target().join("conformance.html"))?;
    counted("the runner", runner.env(probe::READY, "1"))
}

fn python() -> Result<Tally, Stop> {
    let mut tests = tools::python();
    counted("pytest", tests.args(["-m", "pytest", "python"]).env("REDIS_SERVER", setup::redis()?))
}

fn node() -> Result<Tally, Stop> {
    counted("node --test in node", tools::npm("node").arg("test").env("REDIS_SERVER", setup::redis()?))
}

fn wasm() -> Result<Tally, Stop> {
    counted("node --test in wasm", tools::npm("wasm").arg("test").env("CHROMIUM_PATH", setup::chromium()?))
}

fn ready_interop() -> Result<(), Stop> {
    setup::language_alone("python")?;
    setup::language_alone("node")
}

/// Each language's library against ours, over that language's own server and client.
fn interop() -> Result<Tally, Stop> {
    let mut tally = counted("pytest in interop", tools::python().args(["-m", "pytest", "tests/interop"]))?;
    let suites = ["tests/interop/requests.test.mjs", "tests/interop/deviations.test.mjs"];
    tally += counted("node --test in interop", tools::node().arg("--test").args(suites))?;
    Ok(tally)
}

fn ready_shared_guard() -> Result<(), Stop> {
    setup::language_alone("python")?;
    setup::language_alone("node")?;
    setup::rust_replica()
}

/// Replicas in every language on one Redis.
fn shared_guard() -> Result<Tally, Stop> {
    let mut suite = tools::node();
    suite.args(["--test", "tests/shared-guard/replicas.test.mjs"]);
    suite.env("REDIS_SERVER", setup::redis()?).env("SHARED_GUARD_PYTHON", place::python());
    suite.env("SHARED_GUARD_RUST", setup::program("counterseal-replica"));
    counted("node --test in shared-guard", &mut suite)
}

fn snippets() -> Result<Tally, Stop> {
    let chromium = setup::chromium()?;
    counted("the snippets", tools::python().arg("tests/snippets/run.py").env("CHROMIUM_PATH", chromium))
}

fn ready_demo() -> Result<(), Stop> {
    setup::everything()?;
    setup::trust_boundary()
}

/// The demo on its sample, and the proof that its check can fail.
fn short_demo() -> Result<Tally, Stop> {
    let mut demo = demo::trust_boundary()?;
    let mut tally = counted("the demo's own tests", tools::npm("examples/trust-boundary").arg("test"))?;
    Step::new("the trust boundary").run(demo.arg("--html").arg(place::target().join("demo.html")))?;
    tally += Tally::one();
    Ok(tally)
}

fn ready_bridge() -> Result<(), Stop> {
    setup::everything()?;
    setup::engine_bridge()?;
    Step::new("the server's own tests, built").run(bridge_server().arg("--no-run")).map(|_| ())
}

/// The engine bridge's suites, and the launcher for a few seconds.
fn bridge() -> Result<Tally, Stop> {
    let mut tally = counted("the server's own tests", &mut bridge_server())?;
    let mut suites = tools::npm("examples/engine-bridge");
    suites.arg("test").env("CHROMIUM_PATH", setup::chromium()?);
    suites.env("ENGINE_BRIDGE_SERVER", setup::program("engine-bridge-server"));
    suites.env("ENGINE_BRIDGE_PYTHON", place::python());
    tally += counted("node --test in the engine bridge", &mut suites)?;
    Step::new("the engine bridge, running").run(demo::engine_bridge().args(["--for", "5"]))?;
    tally += Tally::one();
    Ok(tally)
}

fn bridge_server() -> Command {
    let mut tests = tools::cargo("test");
    tests.args(["--manifest-path", setup::ENGINE_BRIDGE]);
    tests
}

/// A soak that is over in half a minute, of the server as the other suites have it.
fn short_soak() -> Result<Tally, Stop> {
    let mut soak = soak::engine_bridge_with(&setup::program("engine-bridge-server"));
    Step::new("a short soak").run(soak.args(["--engines", "100", "--seconds", "8"]))?;
    Ok(Tally::one())
}

fn ready_mesh() -> Result<(), Stop> {
    setup::redis()?;
    setup::service_mesh()
}

/// The service mesh's suite, the launcher with one vault and with two, and a short soak.
fn mesh() -> Result<Tally, Stop> {
    let (redis, vault) = (setup::redis()?, setup::program("service-mesh-vault"));
    let mut suite = tools::python();
    suite.args(["-m", "pytest", "examples/service-mesh"]).env("REDIS_SERVER", &redis);
    let mut tally = counted("pytest in the service mesh", suite.env("SERVICE_MESH_VAULT", &vault))?;
    Step::new("the service mesh").run(&mut demo::service_mesh(None))?;
    Step::new("the service mesh, with Redis").run(&mut demo::service_mesh(Some(&redis)))?;
    let mut soak = soak::service_mesh_with(&vault, &redis);
    Step::new("the service mesh under load").run(soak.args(["--seconds", "6"]))?;
    tally += Tally { passed: 3, ..Tally::default() };
    Ok(tally)
}

/// Runs a suite that says how many tests it ran.
fn counted(title: &str, command: &mut Command) -> Result<Tally, Stop> {
    Step::new(title).run(command).map(|log| Tally::read(&log))
}
