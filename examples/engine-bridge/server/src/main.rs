//! The hub of the engine bridge.
//!
//! Its first line of standard input is its [`setup`], the operator's password included, so that none stands in arguments or environment; each
//! further line is a [`commands`]' line. Standard output is one line that says where it listens, then one line a command. It ends when
//! standard input does.

mod accept;
mod audit;
mod board;
mod clock;
mod commands;
mod connection;
mod dashboard;
mod engine;
mod engines;
mod gate;
mod hub;
mod keys;
mod limits;
mod party;
mod raw;
mod routes;
mod setup;
mod state;
mod ticket;

use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use serde_json::{Value, json};
use tokio::io::BufReader;
use tokio::net::TcpListener;

use crate::gate::{Gate, Line};
use crate::hub::Hub;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut input = BufReader::new(tokio::io::stdin());
    let line = commands::read_line(&mut input).await?.ok_or("standard input has no setup")?;
    let setup = setup::read(&line)?;
    let hub = Arc::new(Hub::new(&setup)?);

    let listener = TcpListener::bind(("127.0.0.1", setup.port)).await?;
    let port = listener.local_addr()?.port();
    hub.audit.server_started(port)?;
    say(&json!({ "listening": port, "runtime": RUNTIME, "version": counterseal_shared::version() }));

    let gate = Gate::new(listener, setup.handshake_window(), Arc::clone(&hub));
    let routes: IntoMakeServiceWithConnectInfo<_, Line> =
        routes::all(Arc::clone(&hub), &setup, port).into_make_service_with_connect_info();
    tokio::select! {
        served = axum::serve(gate, routes) => Ok(served?),
        done = commands::answer_all(&hub, input) => Ok(done.map(|()| hub.audit.server_stopped())??),
    }
}

/// Says one line to whoever started us.
fn say(value: &Value) {
    let mut out = std::io::stdout().lock();
    // Without a reader there is nobody left to tell.
    let _ = writeln!(out, "{value}").and_then(|()| out.flush());
}

const RUNTIME: &str = concat!(env!("SERVER_RUSTC"), ", axum 0.8, socketioxide 0.18");
