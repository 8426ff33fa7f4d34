//! The `counterseal` command: packets, requests, tokens, audit logs and secrets at a prompt and in scripts.
//!
//! Results go to standard output, everything else to standard error. Secrets come from files and environment variables, never from
//! arguments, which every process of the machine can read. Each judgement is a call of the façade.

mod audit;
mod help;
mod http_message;
mod input;
mod keys;
mod mistaken;
mod output;
mod packet;
mod request;
mod secret;
mod stop;
mod token;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use stop::Stop;

#[derive(Parser)]
#[command(name = "counterseal", version, about = help::ABOUT, after_help = help::EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sign, verify and explain packets
    #[command(subcommand)]
    Packet(packet::Command),
    /// Sign, verify and explain HTTP requests
    #[command(subcommand)]
    Request(request::Command),
    /// Issue, verify, explain and inspect tokens
    #[command(subcommand)]
    Token(token::Command),
    /// Verify audit logs
    #[command(subcommand)]
    Audit(audit::Command),
    /// Make secrets
    #[command(subcommand)]
    Secret(secret::Command),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.report(),
    }
}

fn run() -> Result<(), Stop> {
    mistaken::check(std::env::args_os().skip(1))?;
    match Arguments::try_parse().map_err(Stop::Arguments)?.command {
        Command::Packet(command) => command.run(),
        Command::Request(command) => command.run(),
        Command::Token(command) => command.run(),
        Command::Audit(command) => command.run(),
        Command::Secret(command) => command.run(),
    }
}
