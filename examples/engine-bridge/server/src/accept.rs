//! Who is let in: a handshake whose token holds (wire contract §8).

use std::sync::Arc;

use counterseal_shared::{Error, Result, Session};
use socketioxide::extract::SocketRef;

use crate::connection::{Connection, turn_away};
use crate::gate::Line;
use crate::hub::Hub;
use crate::keys::HUB;
use crate::party::Party;

/// Judges a handshake, and begins the connection that it asks for.
pub(crate) fn accept<P: Party>(hub: &Arc<Hub>, socket: &SocketRef, handshake: &str) {
    let Some(line) = Line::of(socket.req_parts()) else { return };
    line.hear_handshake();
    if let Err(Unwelcome { name, error }) = begin::<P>(hub, socket, &line, handshake) {
        hub.auth_failed(name.as_deref(), P::NAMESPACE, error.code(), error.detail());
        turn_away(socket, &line, Some(error.code()));
    }
}

fn begin<P: Party>(
    hub: &Arc<Hub>,
    socket: &SocketRef,
    line: &Line,
    handshake: &str,
) -> Result<(), Unwelcome> {
    let session = Session::server(HUB, P::options(hub), None)?;
    let token = session.accept(P::tokens(hub), handshake.as_bytes(), None)?;
    let name = session.peer().unwrap_or_default();
    let known = |error| Unwelcome { name: Some(name.clone()), error };
    let keys = P::keys(hub, &name, &token).map_err(known)?;
    let welcome = session.welcome(&keys.own, &keys.peers, None, None).map_err(known)?;
    let connection = Arc::new(Connection::new(hub, socket, line, name.clone(), session, keys));
    P::enter(&connection).map_err(known)?;
    connection.run(&welcome);
    Ok(())
}

/// Why nobody was let in, and whose token it was if that held.
struct Unwelcome {
    name: Option<String>,
    error: Error,
}

impl From<Error> for Unwelcome {
    fn from(error: Error) -> Self {
        Self { name: None, error }
    }
}
