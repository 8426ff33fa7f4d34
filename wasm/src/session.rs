//! Sessions.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::answer::time;
use crate::engine::call;
use crate::things::Thing;
use crate::{packet, token};
use counterseal_shared as shared;

/// The server's end; its options are JSON. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn session_server(name: usize, options: usize, now: f64, now_given: usize) -> i32 {
    call(|mut given, _, things| {
        let (name, options) = (given.text(name), given.text(options));
        let session = shared::Session::server(name, options, time(now, now_given))?;
        Ok(things.insert(Thing::Session(session)))
    })
}

/// The client's end; its options are JSON. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn session_client(
    key: usize,
    ring: usize,
    server: usize,
    options: usize,
    nonce: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, _, things| {
        let (server, options, nonce) = (given.text(server), given.text(options), given.optional_text(nonce));
        let (key, ring) = (things.key(key), things.keyring(ring));
        let session = shared::Session::client(key, server, ring, options, time(now, now_given), nonce)?;
        Ok(things.insert(Thing::Session(session)))
    })
}

/// What the client sends first, as JSON.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn session_handshake(session: usize, token: usize) -> i32 {
    call(|mut given, answer, things| {
        things.session(session).handshake(given.text(token)).map(|handshake| answer.set(handshake))
    })
}

/// Judges a client's handshake; its token's evidence as fields.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn session_accept(
    session: usize,
    tokens: usize,
    handshake: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let tokens = things.token_verifier(tokens);
        let handshake = given.bytes(handshake);
        let verified = things.session(session).accept(tokens, handshake, time(now, now_given))?;
        Ok(token::evidence(answer, things, verified))
    })
}

/// Welcomes an accepted client; the packet's text.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn session_welcome(
    session: usize,
    key: usize,
    ring: usize,
    nonce: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (key, ring, nonce) = (things.key(key), things.keyring(ring), given.optional_text(nonce));
        things
            .session(session)
            .welcome(key, ring, time(now, now_given), nonce)
            .map(|packet| answer.set(packet))
    })
}

/// Judges the server's welcome.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn session_establish(session: usize, packet: usize, now: f64, now_given: usize) -> i32 {
    call(|mut given, _, things| {
        things.session(session).establish(given.bytes(packet), time(now, now_given)).map(|()| 0)
    })
}

/// Signs JSON text; the packet's text.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn session_sign_json(
    session: usize,
    payload: usize,
    event: usize,
    nonce: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (payload, event, nonce) = (given.bytes(payload), given.text(event), given.optional_text(nonce));
        things
            .session(session)
            .sign_json(event, payload, time(now, now_given), nonce)
            .map(|packet| answer.set(packet))
    })
}

/// Signs raw bytes; the packet's text.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn session_sign_bytes(
    session: usize,
    data: usize,
    event: usize,
    nonce: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (data, event, nonce) = (given.bytes(data), given.text(event), given.optional_text(nonce));
        things
            .session(session)
            .sign_bytes(event, data, time(now, now_given), nonce)
            .map(|packet| answer.set(packet))
    })
}

/// Signs a heartbeat; the packet's text.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn session_heartbeat(session: usize, nonce: usize, now: f64, now_given: usize) -> i32 {
    call(|mut given, answer, things| {
        let nonce = given.optional_text(nonce);
        things.session(session).heartbeat(time(now, now_given), nonce).map(|packet| answer.set(packet))
    })
}

/// Verifies a packet of the peer; the evidence as fields.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn session_verify(
    session: usize,
    packet: usize,
    event: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (packet, event) = (given.bytes(packet), given.text(event));
        let verified = things.session(session).verify(event, packet, time(now, now_given))?;
        Ok(packet::evidence(answer, &verified))
    })
}

/// 1 if a heartbeat is due.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn session_poll(session: usize, now: f64, now_given: usize) -> i32 {
    call(|_, _, things| things.session(session).poll(time(now, now_given)).map(usize::from))
}

/// Ends it from this side.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn session_close(session: usize) -> i32 {
    call(|_, _, things| {
        things.session(session).close();
        Ok(0)
    })
}

/// How it stands: the fields state, code, peer, id and deadline. What is absent is empty, a deadline below 0.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn session_standing(session: usize) -> i32 {
    call(|_, answer, things| {
        let session = things.session(session);
        answer.field(session.state());
        answer.field(session.code().unwrap_or_default());
        answer.field(session.peer().unwrap_or_default());
        answer.field(session.id().unwrap_or_default());
        Ok(answer.number(session.deadline().unwrap_or(-1.0)))
    })
}
