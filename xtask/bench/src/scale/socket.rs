//! A packet on a session: what a socket that is bound to one saves is the store's round trip.

use std::hint::black_box;
use std::time::Instant;

use counterseal_shared::{Key, Keyring, Secret, Session, TokenIssuer, TokenVerifier};

use crate::Result;
use crate::statistics::Summary;

/// The median over turns of so many packets, from text to evidence.
pub(super) fn nanoseconds_a_packet() -> Result<f64> {
    let (server, client) = open()?;
    let mut turns = Vec::new();
    for _ in 0..TURNS {
        let packets = (0..PACKETS)
            .map(|_| {
                client.sign_json("status", br#"{"job":42,"progress":0.75,"status":"RUNNING"}"#, None, None)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let begun = Instant::now();
        for packet in &packets {
            black_box(server.verify("status", black_box(packet.as_bytes()), None)?);
        }
        turns.push(begun.elapsed().as_nanos() as f64 / PACKETS as f64);
    }
    Ok(Summary::of(&turns).map_or(f64::NAN, |summary| summary.median))
}

/// Both ends of an open session.
fn open() -> Result<(Session, Session)> {
    let key = |id: &str, options: &str| Key::new(id, &Secret::generate()?, options);
    let (hub, engine) = (key("hub", "{}")?, key("engine-7", "{}")?);
    let ring = Keyring::new(&[&hub, &engine])?;
    let server = Session::server("hub", "{}", None)?;
    let client = Session::client(&engine, "hub", &ring, "{}", None, None)?;
    let auth = key("auth", r#"{"uses":["token"]}"#)?;
    let token =
        TokenIssuer::new(&auth, "{}")?.issue(br#"{"engineId":"engine-7"}"#, r#"{"expires_in":60}"#, None)?;
    let handshake = client.handshake(&token)?;
    server.accept(&TokenVerifier::new(&Keyring::new(&[&auth])?, "{}")?, handshake.as_bytes(), None)?;
    let welcome = server.welcome(&hub, &ring, None, None)?;
    client.establish(welcome.as_bytes(), None)?;
    Ok((server, client))
}

/// All of them fit into the session's guard, which holds 16,384 and gives an owner half.
const TURNS: usize = 70;
const PACKETS: usize = 100;
