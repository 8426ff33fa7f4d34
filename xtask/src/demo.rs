//! `cargo xtask demo`: an example, with real clients and real attacks.

use std::path::Path;
use std::process::Command;

use crate::options::Options;
use crate::place;
use crate::setup;
use crate::stop::{Doing, Stop};
use crate::tools;

pub(crate) fn run(mut arguments: Vec<String>) -> Result<(), Stop> {
    // Without a name it is the first of them, which takes no word.
    let named = arguments.first().is_some_and(|first| !first.starts_with("--"));
    let name = if named { arguments.remove(0) } else { "trust-boundary".to_owned() };
    let options = Options::new(arguments);
    match name.as_str() {
        "trust-boundary" => judge("the demo", &mut with_payloads(options)?),
        "engine-bridge" => give_way(&mut with_time(options)?),
        "service-mesh" => give_way(&mut with_redis(options)?),
        _ => Err(Stop::usage(format!(
            "no demo `{name}`; there are: trust-boundary, engine-bridge, service-mesh"
        ))),
    }
}

/// Runs it to its end, which it finds itself.
pub(crate) fn judge(what: &str, program: &mut Command) -> Result<(), Stop> {
    let status = program.status().doing(|| format!("starting {what}"))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(2) => Err(Stop::usage(format!("{what} cannot start with these arguments"))),
        _ => Err(Stop::failed(format!("{what} is not as it must be ({status})"))),
    }
}

/// Lets it take this process's place: Ctrl-C is how it ends, and must not end us while it still tells what happened. It exits as we would.
#[cfg(unix)]
pub(crate) fn give_way(demo: &mut Command) -> Result<(), Stop> {
    use std::os::unix::process::CommandExt;
    Err(demo.exec()).doing(|| "starting the demo".to_owned())
}

#[cfg(not(unix))]
pub(crate) fn give_way(demo: &mut Command) -> Result<(), Stop> {
    judge("the demo", demo)
}

fn with_payloads(mut options: Options) -> Result<Command, Stop> {
    let payloads = options.existing_file("--payloads")?;
    let html = options.file("--html")?;
    options.end()?;
    setup::everything()?;
    setup::trust_boundary()?;
    let mut demo = trust_boundary()?;
    for (name, file) in [("--payloads", payloads), ("--html", html)] {
        if let Some(file) = file {
            demo.arg(name).arg(file);
        }
    }
    Ok(demo)
}

fn with_time(mut options: Options) -> Result<Command, Stop> {
    let seconds = options.value("--for")?;
    let port = options.value("--port")?;
    let state = options.file("--state")?;
    options.end()?;
    setup::everything()?;
    setup::engine_bridge()?;
    let mut demo = engine_bridge();
    for (name, value) in [("--for", seconds), ("--port", port)] {
        if let Some(value) = value {
            demo.arg(name).arg(value);
        }
    }
    if let Some(state) = state {
        demo.arg("--state").arg(state);
    }
    Ok(demo)
}

fn with_redis(mut options: Options) -> Result<Command, Stop> {
    let redis = options.flag("--redis");
    let html = options.file("--html")?;
    options.end()?;
    let redis = redis.then(setup::redis).transpose()?;
    setup::service_mesh()?;
    let mut demo = service_mesh(redis.as_deref());
    if let Some(html) = html {
        demo.arg("--html").arg(html);
    }
    Ok(demo)
}

/// The trust boundary, ready to start.
pub(crate) fn trust_boundary() -> Result<Command, Stop> {
    let mut demo = tools::node();
    demo.arg("examples/trust-boundary/run.mjs").env("CHROMIUM_PATH", setup::chromium()?);
    demo.arg("--server").arg(setup::program("trust-boundary-server")).arg("--python").arg(place::python());
    Ok(demo)
}

/// The engine bridge, ready to start.
pub(crate) fn engine_bridge() -> Command {
    let mut demo = tools::node();
    demo.arg("examples/engine-bridge/run.mjs");
    demo.arg("--server").arg(setup::program("engine-bridge-server")).arg("--python").arg(place::python());
    demo
}

/// The service mesh, ready to start; with Redis there are two vaults.
pub(crate) fn service_mesh(redis: Option<&Path>) -> Command {
    let mut demo = tools::python();
    demo.arg("examples/service-mesh/run.py").arg("--vault").arg(setup::program("service-mesh-vault"));
    if let Some(redis) = redis {
        demo.arg("--redis").arg(redis);
    }
    demo
}
