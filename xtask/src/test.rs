//! `cargo xtask test`: every suite, from a fresh clone.

use crate::conformance;
use crate::demo;
use crate::fresh;
use crate::options::Options;
use crate::place;
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

const PARTS: &[Part] = &[
    Part { name: "rust", title: "Rust: the workspace", run: rust },
    Part { name: "strict", title: "Rust: the core by its strict reader alone", run: strict },
    Part { name: "interleavings", title: "Rust: the guard's threads in every order", run: interleavings },
    Part { name: "purity", title: "The core does no I/O", run: purity::check },
    Part { name: "vectors", title: "Vectors: the stand-alone signer agrees", run: fresh::vectors },
    Part { name: "webcrypto", title: "Vectors: plain WebCrypto agrees", run: webcrypto },
    Part { name: "conformance", title: "The conformance matrix", run: matrix },
    Part { name: "python", title: "Python: the idiom", run: python },
    Part { name: "node", title: "Node: the idiom", run: node },
    Part { name: "wasm", title: "wasm: the idiom", run: wasm },
    Part { name: "interop", title: "Other implementations of RFC 9421", run: interop },
    Part { name: "shared-guard", title: "The guard that replicas share", run: shared_guard },
    Part { name: "snippets", title: "What README and docs show runs", run: snippets },
    Part { name: "demo", title: "The demo", run: short_demo },
    Part { name: "bridge", title: "The engine bridge", run: bridge },
    Part { name: "soak", title: "The engine bridge under load", run: short_soak },
    Part { name: "mesh", title: "The service mesh", run: mesh },
];

fn rust() -> Result<Tally, Stop> {
    setup::python_tools()?;
    let mut tests = tools::cargo("test");
    tests.args(["--workspace", "--all-features", "--no-fail-fast"]);
    counted("cargo test", tests.env("REDIS_SERVER", setup::redis()?))
}

/// The core as a client's module has it, held to the core's own tests.
fn strict() -> Result<Tally, Stop> {
    let mut tests = tools::cargo("test");
    tests.args(["--package", "counterseal", "--lib"]);
    tests.env("RUSTFLAGS", setup::STRICT).env("CARGO_TARGET_DIR", place::target().join("strict"));
    counted("cargo test, the strict reader", &mut tests)
}

/// The guard's lanes with loom in the place of atomics, locks and threads. Optimised, since a case is played thousands of times.
fn interleavings() -> Result<Tally, Stop> {
    let mut tests = tools::cargo("test");
    tests.args(["--release", "--package", "counterseal-shared", "--lib", "interleavings"]);
    tests.env("RUSTFLAGS", "--cfg=loom").env("CARGO_TARGET_DIR", place::target().join("loom"));
    counted("cargo test, under loom", &mut tests)
}

fn webcrypto() -> Result<Tally, Stop> {
    counted("WebCrypto", tools::node().arg("tests/webcrypto/check.mjs"))
}

fn matrix() -> Result<Tally, Stop> {
    setup::everything()?;
    counted("the runner", &mut conformance::runner(&place::target().join("conformance.html"))?)
}

fn python() -> Result<Tally, Stop> {
    setup::language_alone("python")?;
    let mut tests = tools::python();
    counted("pytest", tests.args(["-m", "pytest", "python"]).env("REDIS_SERVER", setup::redis()?))
}

fn node() -> Result<Tally, Stop> {
    setup::language_alone("node")?;
    counted("node --test in node", tools::npm("node").arg("test").env("REDIS_SERVER", setup::redis()?))
}

fn wasm() -> Result<Tally, Stop> {
    setup::language_alone("chromium")?;
    counted("node --test in wasm", tools::npm("wasm").arg("test").env("CHROMIUM_PATH", setup::chromium()?))
}

/// Each language's library against ours, over that language's own server and client.
fn interop() -> Result<Tally, Stop> {
    setup::language_alone("python")?;
    setup::language_alone("node")?;
    let mut tally = counted("pytest in interop", tools::python().args(["-m", "pytest", "tests/interop"]))?;
    let suites = ["tests/interop/requests.test.mjs", "tests/interop/deviations.test.mjs"];
    tally += counted("node --test in interop", tools::node().arg("--test").args(suites))?;
    Ok(tally)
}

/// Replicas in every language on one Redis.
fn shared_guard() -> Result<Tally, Stop> {
    setup::language_alone("python")?;
    setup::language_alone("node")?;
    let mut suite = tools::node();
    suite.args(["--test", "tests/shared-guard/replicas.test.mjs"]);
    suite.env("REDIS_SERVER", setup::redis()?).env("SHARED_GUARD_PYTHON", place::python());
    suite.env("SHARED_GUARD_RUST", setup::rust_replica()?);
    counted("node --test in shared-guard", &mut suite)
}

fn snippets() -> Result<Tally, Stop> {
    setup::everything()?;
    let chromium = setup::chromium()?;
    counted("the snippets", tools::python().arg("tests/snippets/run.py").env("CHROMIUM_PATH", chromium))
}

/// The demo on its sample, and the proof that its check can fail.
fn short_demo() -> Result<Tally, Stop> {
    let mut demo = demo::trust_boundary()?;
    let mut tally = counted("the demo's own tests", tools::npm("examples/trust-boundary").arg("test"))?;
    Step::new("the trust boundary").run(demo.arg("--html").arg(place::target().join("demo.html")))?;
    tally += Tally::one();
    Ok(tally)
}

/// The engine bridge's suites, and the launcher for a few seconds.
fn bridge() -> Result<Tally, Stop> {
    let mut launcher = demo::engine_bridge()?;
    let mut server = tools::cargo("test");
    let mut tally =
        counted("the server's own tests", server.args(["--manifest-path", setup::ENGINE_BRIDGE]))?;
    let mut suites = tools::npm("examples/engine-bridge");
    suites.arg("test").env("CHROMIUM_PATH", setup::chromium()?);
    suites.env("ENGINE_BRIDGE_SERVER", setup::engine_bridge()?).env("ENGINE_BRIDGE_PYTHON", place::python());
    tally += counted("node --test in the engine bridge", &mut suites)?;
    Step::new("the engine bridge, running").run(launcher.args(["--for", "5"]))?;
    tally += Tally::one();
    Ok(tally)
}

/// A soak that is over in half a minute, of the server as the other suites have it.
fn short_soak() -> Result<Tally, Stop> {
    setup::language_alone("node")?;
    let mut soak = soak::engine_bridge_with(&setup::engine_bridge()?);
    Step::new("a short soak").run(soak.args(["--engines", "100", "--seconds", "8"]))?;
    Ok(Tally::one())
}

/// The service mesh's suite, the launcher with one vault and with two, and a short soak.
fn mesh() -> Result<Tally, Stop> {
    let mut suite = tools::python();
    suite.args(["-m", "pytest", "examples/service-mesh"]).env("REDIS_SERVER", setup::redis()?);
    let mut tally =
        counted("pytest in the service mesh", suite.env("SERVICE_MESH_VAULT", setup::service_mesh()?))?;
    Step::new("the service mesh").run(&mut demo::service_mesh(false)?)?;
    Step::new("the service mesh, with Redis").run(&mut demo::service_mesh(true)?)?;
    let mut soak = soak::service_mesh_with(&setup::service_mesh()?, &setup::redis()?);
    Step::new("the service mesh under load").run(soak.args(["--seconds", "6"]))?;
    tally += Tally { passed: 3, ..Tally::default() };
    Ok(tally)
}

/// Runs a suite that says how many tests it ran.
fn counted(title: &str, command: &mut std::process::Command) -> Result<Tally, Stop> {
    Step::new(title).run(command).map(|log| Tally::read(&log))
}
