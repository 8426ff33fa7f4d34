//! A request on loopback, signed and not: what a call costs with the SDK and without, and which part of it is the SDK's.
//!
//! Client and server are hyper's and axum's, each with a thread and a connection of its own that stays open. The server with the layer and the one
//! without have the same handler.

mod client;
mod sdk;
mod server;

use crate::Result;
use crate::book::Book;
use crate::contest::{Played, Side, play as contest};
use crate::inputs::Inputs;
use crate::rows::Size;
use client::Client;
use sdk::Sdk;
use server::Server;

/// Plays all that are wanted.
pub(crate) fn play(book: &mut Book, inputs: &Inputs) {
    book.play("loopback", |size| call(inputs, size));
}

fn call(inputs: &Inputs, size: Size) -> Result<Played> {
    let body = vec![b'x'; size.bytes()];
    let (sdk, alone) = (Sdk::new(AUTHORITY)?, Sdk::new(AUTHORITY)?);
    let server = Server::start(sdk.layer()?)?;
    let (mut signed, mut plain) = (Client::connect(server.signed())?, Client::connect(server.plain())?);
    let peers = vec![
        Side {
            name: "unsigned",
            version: String::new(),
            turn: Box::new(|calls| plain.timed(calls, &body, |_| Ok(Vec::new()))),
        },
        Side { name: "sdk", version: String::new(), turn: Box::new(|calls| alone.timed(calls, &body)) },
    ];
    contest(inputs.plan, Box::new(|calls| signed.timed(calls, &body, |body| sdk.sign(body))), peers)
}

/// As a client names it; the connection goes to a port of this machine.
const AUTHORITY: &str = "vault.internal";
