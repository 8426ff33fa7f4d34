//! The vault of the service mesh.
//!
//! Its first line of standard input is its [`setup`], which names the file of its keys, so that no secret stands in arguments or environment.
//! Standard output is one line that says where it listens; standard error is its log. It ends when standard input does.

mod routes;
mod setup;
mod trail;

use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use counterseal_tower::AuditLog;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Stdin};
use tokio::net::TcpListener;

use crate::setup::Setup;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut input = BufReader::new(tokio::io::stdin());
    let mut line = String::new();
    input.read_line(&mut line).await?;
    let setup = Setup::read(&line)?;
    // What it refuses is told here, a line each: AUTH REJECTED and why.
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .without_time()
        .init();

    let audit = Arc::new(AuditLog::open(&setup.audit, None, "{}")?);
    let vault = routes::all(&audit).layer(setup.layer(&audit)?);
    let listener = TcpListener::bind(("127.0.0.1", setup.port)).await?;
    say(listener.local_addr()?.port());
    tokio::select! {
        served = axum::serve(listener, vault) => Ok(served?),
        () = until_closed(input) => Ok(()),
    }
}

fn say(port: u16) {
    let mut out = std::io::stdout().lock();
    // Without a reader there is nobody left to tell.
    let _ = writeln!(out, "{{\"listening\":{port}}}").and_then(|()| out.flush());
}

async fn until_closed(mut input: BufReader<Stdin>) {
    let mut rest = Vec::new();
    // Whether it was closed or broke, nobody waits for us any more.
    let _ = input.read_to_end(&mut rest).await;
}
