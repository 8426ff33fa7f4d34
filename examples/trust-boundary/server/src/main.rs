//! The hub of the trust boundary.
//!
//! Its first line of standard input is its [`setup`], secrets included, so that none stands in arguments or environment. Standard output is
//! the audit log, one JSON line a decision, after one line that says where it listens. It ends when standard input does.

mod audit;
mod client;
mod hub;
mod payloads;
mod routes;
mod setup;
mod socket;

use std::error::Error;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::TcpListener;

use crate::hub::Hub;
use crate::setup::Setup;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut input = BufReader::new(tokio::io::stdin());
    let mut line = String::new();
    input.read_line(&mut line).await?;
    let setup: Setup = serde_json::from_str(&line)?;
    let hub = Arc::new(Hub::new(&setup)?);
    payloads::exchange_with_oneself(&setup.payloads)?;

    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    audit::listening(listener.local_addr()?.port());
    let server = axum::serve(listener, routes::all(hub, &setup.folders));
    tokio::select! {
        served = server => Ok(served?),
        () = until_closed(input) => Ok(()),
    }
}

async fn until_closed(mut input: BufReader<tokio::io::Stdin>) {
    let mut rest = Vec::new();
    // Whether it was closed or broke, nobody waits for us any more.
    let _ = input.read_to_end(&mut rest).await;
}
