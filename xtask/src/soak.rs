//! `cargo xtask soak`: the examples under load, in release builds: engines with a forger at them, services whose shared store is killed.

use std::path::Path;
use std::process::Command;

use crate::demo;
use crate::options::Options;
use crate::place;
use crate::setup;
use crate::stop::Stop;
use crate::tools;

pub(crate) fn run(mut arguments: Vec<String>) -> Result<(), Stop> {
    let named = arguments.first().is_some_and(|first| !first.starts_with("--"));
    let name = if named { arguments.remove(0) } else { String::new() };
    let options = Options::new(arguments);
    match name.as_str() {
        "" => both(options),
        "engine-bridge" => demo::give_way(&mut engine_bridge(options)?),
        "service-mesh" => demo::give_way(&mut service_mesh(options)?),
        _ => Err(Stop::usage(format!("no soak `{name}`; there are: {SOAKS}"))),
    }
}

/// The one, then the other, each as long as it takes by itself.
fn both(options: Options) -> Result<(), Stop> {
    options
        .end()
        .map_err(|stop| Stop::usage(format!("{}; name a soak before its options: {SOAKS}", stop.text())))?;
    demo::judge("the soak of the engine bridge", &mut engine_bridge(Options::new(Vec::new()))?)?;
    demo::give_way(&mut service_mesh(Options::new(Vec::new()))?)
}

fn engine_bridge(options: Options) -> Result<Command, Stop> {
    let given = Given::read(options, &["--engines", "--seconds"])?;
    setup::language_alone("node")?;
    Ok(given.to(engine_bridge_with(&setup::engine_bridge_in_earnest()?)))
}

fn service_mesh(options: Options) -> Result<Command, Stop> {
    let given = Given::read(options, &["--callers", "--seconds"])?;
    let redis = setup::redis()?;
    Ok(given.to(service_mesh_with(&setup::service_mesh_in_earnest()?, &redis)))
}

/// The soak of a server, short or long.
pub(crate) fn engine_bridge_with(server: &Path) -> Command {
    let mut soak = tools::node();
    soak.arg("examples/engine-bridge/soak/run.mjs").arg("--server").arg(server);
    soak
}

/// The soak of a vault, short or long.
pub(crate) fn service_mesh_with(vault: &Path, redis: &Path) -> Command {
    let mut soak = tools::python();
    soak.current_dir(place::at("examples/service-mesh")).args(["-m", "soak.run"]);
    soak.arg("--vault").arg(vault).arg("--redis").arg(redis);
    soak
}

/// What a soak is told, as it came: the program judges the numbers.
struct Given(Vec<String>);

impl Given {
    fn read(mut options: Options, names: &[&str]) -> Result<Given, Stop> {
        let mut given = Vec::new();
        for name in names {
            if let Some(value) = options.value(name)? {
                given.extend([(*name).to_owned(), value]);
            }
        }
        if let Some(file) = options.file("--json")? {
            given.extend(["--json".to_owned(), file.display().to_string()]);
        }
        options.end()?;
        Ok(Given(given))
    }

    fn to(&self, mut soak: Command) -> Command {
        soak.args(&self.0);
        soak
    }
}

const SOAKS: &str = "engine-bridge, service-mesh";
