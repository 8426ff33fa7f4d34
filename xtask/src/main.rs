//! `cargo xtask`: the one door into the repository. Each command is one file of the same name.

mod bench;
mod beside;
mod conformance;
mod demo;
mod errors_page;
mod fresh;
mod lint;
mod mutants;
mod options;
mod place;
mod probe;
mod purity;
mod setup;
mod soak;
mod stamp;
mod step;
mod stop;
mod suite;
mod tally;
mod test;
mod tools;
mod voice;

use std::process::ExitCode;

use stop::Stop;

struct Command {
    name: &'static str,
    usage: &'static str,
    what: &'static str,
    run: fn(Vec<String>) -> Result<(), Stop>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        usage: "[trust-boundary] [--payloads FILE] [--html FILE] | engine-bridge [--for SECONDS] [--port N] [--state DIR] | service-mesh [--redis] [--html FILE]",
        what: "show it, with attacks: signers and verifiers of every language, live engines and their dashboard, or services that call each other",
        run: demo::run,
    },
    Command {
        name: "test",
        usage: "[PART…]",
        what: "set up and run every suite, or only the parts named",
        run: test::run,
    },
    Command {
        name: "setup",
        usage: "[rust|python|node|wasm|client|chromium|redis…]",
        what: "make all that the suites need, or only what is named: what a language needs, or the Redis server",
        run: setup::run,
    },
    Command {
        name: "probe",
        usage: "LANG",
        what: "answer calls, one JSON object a line: rust, python, node, wasm, client or chromium",
        run: probe::run,
    },
    Command {
        name: "conformance",
        usage: "[--html FILE] [--only TEXT]",
        what: "every vector in every language, every signer with every verifier",
        run: conformance::run,
    },
    Command {
        name: "lint",
        usage: "[--deny]",
        what: "formatting and lints of every language; --deny adds licences, bans and sources",
        run: lint::run,
    },
    Command {
        name: "fresh",
        usage: "[--write]",
        what: "prove that generated files are fresh, or write them anew",
        run: fresh::run,
    },
    Command {
        name: "errors-page",
        usage: "[--check]",
        what: "write docs/errors.md from the core's list of codes",
        run: errors_page::run,
    },
    Command {
        name: "mutants",
        usage: "[--list] [--only TEXT] [--jobs N]",
        what: "skip each check, flip each comparison: the suite must turn red",
        run: mutants::run,
    },
    Command {
        name: "bench",
        usage: "[--quick] [--only TEXT] [--json FILE] [--svg FILE] [--markdown FILE] [--from FILE] | scale [--rate N] [--max-age S] [--max-ahead S]",
        what: "measure against the peers, interleaved; or what a shared replay guard costs, and how many nonces that makes",
        run: bench::run,
    },
    Command {
        name: "soak",
        usage: "[engine-bridge [--engines N] | service-mesh [--callers N]] [--seconds N] [--json FILE]",
        what: "put the examples under load: a thousand engines, some of them killed, and a forger; services whose Redis is killed",
        run: soak::run,
    },
];

fn main() -> ExitCode {
    let mut arguments = Vec::new();
    for argument in std::env::args_os().skip(1) {
        let Ok(argument) = argument.into_string() else {
            return Stop::usage("an argument is not text").report();
        };
        arguments.push(argument);
    }
    match dispatch(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.report(),
    }
}

fn dispatch(mut arguments: Vec<String>) -> Result<(), Stop> {
    let asks_help = arguments.iter().any(|argument| argument == "--help" || argument == "-h");
    if arguments.is_empty() || asks_help || arguments[0] == "help" {
        help();
        return Ok(());
    }
    let name = arguments.remove(0);
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        let names: Vec<_> = COMMANDS.iter().map(|command| command.name).collect();
        return Err(Stop::usage(format!("no command `{name}`; there are: {}", names.join(", "))));
    };
    (command.run)(arguments)
}

fn help() {
    println!("cargo xtask COMMAND\n");
    for command in COMMANDS {
        println!("  {} {}\n      {}", command.name, command.usage, command.what);
    }
    println!("\nEach works from a fresh clone: it first makes what it needs, and is quick the second time.");
    println!("Exit: 0 all is well, 1 something failed, 2 a wrong argument or a missing program.");
}
