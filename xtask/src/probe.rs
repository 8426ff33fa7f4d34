//! `cargo xtask probe LANG`: what the language needs is made, then this process becomes the probe.

use std::process::Command;

use crate::options::Options;
use crate::setup;
use crate::stop::Stop;
use crate::tools;

pub(crate) fn run(arguments: Vec<String>) -> Result<(), Stop> {
    let words = Options::new(arguments).words(setup::LANGUAGES)?;
    let [language] = words.as_slice() else {
        return Err(Stop::usage(format!("probe takes one language: {}", setup::LANGUAGES.join(", "))));
    };
    // What runs beside a suite may be changing for a moment what a set-up looks at.
    if std::env::var_os(READY).is_none() {
        setup::language_alone(language)?;
    }
    become_program(probe(language)?)
}

/// The variable by which a suite says that all is made.
pub(crate) const READY: &str = "COUNTERSEAL_PROBES_READY";

fn probe(language: &str) -> Result<Command, Stop> {
    let mut command;
    match language {
        "rust" => command = tools::program(setup::program("counterseal-probe")),
        "python" => {
            command = tools::python();
            command.arg("tests/probes/python/probe.py");
        }
        "chromium" => {
            command = tools::node();
            command.arg("tests/probes/js/chromium.mjs").env("CHROMIUM_PATH", setup::chromium()?);
        }
        other => {
            command = tools::node();
            command.arg(format!("tests/probes/js/{other}.mjs"));
        }
    }
    Ok(command)
}

/// Replaces this process, so that nothing stands between the probe and who started it.
#[cfg(unix)]
fn become_program(mut command: Command) -> Result<(), Stop> {
    use std::os::unix::process::CommandExt as _;

    let fault = command.exec();
    Err(Stop::failed(format!("{}: {fault}", command.get_program().display())))
}

#[cfg(not(unix))]
fn become_program(mut command: Command) -> Result<(), Stop> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Stop::failed(format!("the probe ended with {status}"))),
        Err(fault) => Err(Stop::failed(format!("{}: {fault}", command.get_program().display()))),
    }
}
