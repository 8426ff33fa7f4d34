//! The core's rows.

use std::time::{SystemTime, UNIX_EPOCH};

use counterseal::{
    GuardOptions, Keyring, Kind, MemoryReplayGuard, PacketOptions, PacketVerifier, Parts, Policy, Timestamp,
    TokenVerifier,
};
use ring::hmac;

use crate::Result;
use crate::contest::{Turn, Turns, interleaved, timed};
use crate::inputs::{CONTEXT, Form, Inputs, PACKET_KEY, Packet};
use crate::limit;
use crate::oracle::Oracle;
use crate::report::Measured;
use crate::rows::{self, Row};
use crate::versions;

/// Measures them all.
pub(crate) fn measure(inputs: &Inputs) -> Result<Vec<Measured>> {
    let mut measured = packets(inputs)?;
    measured.extend(parts(inputs)?);
    measured.extend(tokens(inputs)?);
    Ok(measured)
}

fn packets(inputs: &Inputs) -> Result<Vec<Measured>> {
    eprintln!("  … core: packet verify from bytes");
    let (ring, verifier) = (inputs.packet_ring()?, PacketVerifier::new(PacketOptions::default())?);
    let (mut turns, mut guard) = (Turns::new(inputs.plan, &inputs.packets), empty_guard()?);
    let product = move || {
        let (first, packets) = turns.take();
        if first {
            guard = empty_guard()?;
        }
        timed(packets, |packet| {
            verifier.verify(&ring, &mut guard, packet.packet.as_bytes(), CONTEXT, inputs.now).ok()
        })
    };
    against_the_mac(
        inputs,
        Box::new(product),
        |packet| &packet.text,
        [&rows::PACKET_LIMIT, &rows::PACKET_RING],
    )
}

fn parts(inputs: &Inputs) -> Result<Vec<Measured>> {
    eprintln!("  … core: verify raw parts");
    let (ring, verifier) = (inputs.packet_ring()?, PacketVerifier::new(PacketOptions::default())?);
    let (mut turns, mut guard) = (Turns::new(inputs.plan, &inputs.packets), empty_guard()?);
    let product = move || {
        let (first, packets) = turns.take();
        if first {
            guard = empty_guard()?;
        }
        timed(packets, |packet| {
            let parts = Parts {
                key_id: PACKET_KEY,
                kind: Kind::Bytes,
                body: inputs.body.as_bytes(),
                ts: inputs.now,
                nonce: packet.nonce.as_str(),
                sig: &packet.parts.sig,
            };
            verifier.authenticate_parts(&ring, &parts, CONTEXT, inputs.now).ok()?.claim(&mut guard).ok()
        })
    };
    against_the_mac(
        inputs,
        Box::new(product),
        |packet| &packet.parts,
        [&rows::PARTS_LIMIT, &rows::PARTS_RING],
    )
}

fn empty_guard() -> Result<MemoryReplayGuard> {
    Ok(MemoryReplayGuard::new(GuardOptions::default())?)
}

/// The product, `ring` and the limit by turns.
fn against_the_mac<'a>(
    inputs: &'a Inputs,
    product: Turn<'a>,
    form: impl Fn(&Packet) -> &Form + 'a,
    [to_limit, to_ring]: [&'static Row; 2],
) -> Result<Vec<Measured>> {
    let length = inputs.packets.first().map_or(0, |packet| form(packet).input.len());
    let key = hmac::Key::new(hmac::HMAC_SHA256, inputs.packet_secret()?.expose());
    let mut turns = Turns::new(inputs.plan, &inputs.packets);
    let ring = move || {
        timed(turns.take().1, |packet| hmac::verify(&key, &form(packet).input, &form(packet).tag).ok())
    };
    let turns: Vec<Turn<'_>> = vec![product, Box::new(ring), the_limit(inputs, length)];
    let [product, ring, limit] = three(interleaved(inputs.plan, turns)?)?;
    Ok(vec![
        row(to_limit, compressions(length), product.clone(), limit)?,
        row(to_ring, versions::locked("ring")?, product, ring)?,
    ])
}

fn tokens(inputs: &Inputs) -> Result<Vec<Measured>> {
    eprintln!("  … core: HS256 token to checked claims");
    let (ring, verifier) = (inputs.token_ring()?, TokenVerifier::new(Policy::new()));
    let oracle = Oracle::new(inputs.token_secret()?.expose());
    let length = inputs.tokens.first().and_then(|token| token.rfind('.')).unwrap_or_default();
    let [mut ours, mut theirs] = [(); 2].map(|()| Turns::new(inputs.plan, &inputs.tokens));
    let turns: Vec<Turn<'_>> = vec![
        Box::new(|| timed(ours.take().1, |token| verify_by_clock(&verifier, &ring, token))),
        Box::new(|| timed(theirs.take().1, |token| oracle.claims(token))),
        the_limit(inputs, length),
    ];
    let [product, peer, limit] = three(interleaved(inputs.plan, turns)?)?;
    Ok(vec![
        row(&rows::TOKEN_JWT, versions::locked("jsonwebtoken")?, product.clone(), peer)?,
        row(&rows::TOKEN_LIMIT, compressions(length), product, limit)?,
    ])
}

fn verify_by_clock(
    verifier: &TokenVerifier,
    ring: &Keyring,
    token: &str,
) -> Option<counterseal::VerifiedToken> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    verifier.verify(ring, token.as_bytes(), Timestamp::new(seconds)?).ok()
}

/// As many chained compressions as a batch of MACs over `length` bytes needs, in calls long enough to cost nothing themselves.
fn the_limit(inputs: &Inputs, length: usize) -> Turn<'_> {
    let needed = limit::compressions(length) as f64;
    Box::new(move || Ok(limit::one_compression(inputs.plan.batch / 10 + 1) * needed))
}

fn compressions(length: usize) -> String {
    format!("{} compressions", limit::compressions(length))
}

fn three(samples: Vec<Vec<f64>>) -> Result<[Vec<f64>; 3]> {
    samples.try_into().map_err(|_| "three contenders have three rows of samples".into())
}

fn row(row: &'static Row, peer_version: String, product: Vec<f64>, peer: Vec<f64>) -> Result<Measured> {
    Measured::new(row, env!("CARGO_PKG_VERSION").to_owned(), versions::rust(), peer_version, &product, &peer)
}
