//! The guard that replicas share: what its store is asked, and what becomes of the answer.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::answer::{Answer, Arguments, time};
use crate::engine::call;
use crate::things::{Thing, Things};
use crate::{packet, request};
use alloc::string::String;
use counterseal_shared as shared;

/// A guard; its options are JSON. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn shared_guard_new(options: usize) -> i32 {
    call(|mut given, _, things| {
        let guard = shared::SharedReplayGuard::new(given.text(options))?;
        Ok(things.insert(Thing::SharedGuard(guard)))
    })
}

/// The script that claims.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn guard_script() -> i32 {
    call(|_, answer, _| Ok(answer.set(shared::SharedReplayGuard::script())))
}

/// What to warn of, given the store's answer to `INFO memory`; an empty text for nothing.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn guard_warning(info: usize) -> i32 {
    call(|mut given, answer, _| {
        Ok(answer.set(shared::SharedReplayGuard::warning(given.text(info)).unwrap_or_default()))
    })
}

/// A packet verifier with a guard that replicas share. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn verifier_shared(ring: usize, guard: usize, options: usize) -> i32 {
    call(|mut given, _, things| {
        let (ring, guard) = (things.keyring(ring), things.shared_guard(guard));
        let verifier = shared::PacketVerifier::shared(ring, guard, given.text(options))?;
        Ok(things.insert(Thing::Verifier(verifier)))
    })
}

/// Verifies a packet's text but for its nonce; what to ask the store (see [`claiming_packet`]).
#[unsafe(no_mangle)]
pub(crate) extern "C" fn authenticate(
    verifier: usize,
    packet: usize,
    context: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (packet, context) = (given.bytes(packet), given.text(context));
        let claiming = things.verifier(verifier).authenticate(packet, context, time(now, now_given))?;
        Ok(claiming_packet(answer, things, claiming))
    })
}

/// Verifies parts likewise.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments, reason = "each is a number; a record would have to be written and read")]
pub(crate) extern "C" fn authenticate_parts(
    verifier: usize,
    body: usize,
    key_id: usize,
    nonce: usize,
    sig: usize,
    context: usize,
    kind: usize,
    ts: f64,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (body, key_id, nonce) = (given.bytes(body), given.text(key_id), given.text(nonce));
        let (sig, context, kind) = (given.text(sig), given.text(context), given.text(kind));
        let parts = shared::Parts { key_id, kind, body, ts, nonce, sig };
        let claiming = things.verifier(verifier).authenticate_parts(&parts, context, time(now, now_given))?;
        Ok(claiming_packet(answer, things, claiming))
    })
}

/// Settles a packet with the script's reply, or with why there is none; the evidence as fields.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn settle_packet(claiming: usize, reply: f64, why: usize) -> i32 {
    call(|mut given, answer, things| {
        let verified = things.claiming_packet(claiming).settle(stores_answer(&mut given, reply, why))?;
        Ok(packet::evidence(answer, &verified))
    })
}

/// Settles a request likewise.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn settle_request(claiming: usize, reply: f64, why: usize) -> i32 {
    call(|mut given, answer, things| {
        let verified = things.claiming_request(claiming).settle(stores_answer(&mut given, reply, why))?;
        Ok(request::evidence(answer, &verified))
    })
}

/// Keeps a packet until it is settled. The handle, then the script's KEYS and ARGV, as fields.
pub(crate) fn claiming_packet(
    answer: &mut Answer,
    things: &mut Things,
    claiming: shared::ClaimingPacket,
) -> usize {
    let (keys, arguments) = (claiming.keys(), claiming.arguments());
    asked(answer, things.insert(Thing::ClaimingPacket(Some(claiming))), &keys, &arguments)
}

/// Keeps a request likewise.
pub(crate) fn claiming_request(
    answer: &mut Answer,
    things: &mut Things,
    claiming: shared::ClaimingRequest,
) -> usize {
    let (keys, arguments) = (claiming.keys(), claiming.arguments());
    asked(answer, things.insert(Thing::ClaimingRequest(Some(claiming))), &keys, &arguments)
}

fn asked(answer: &mut Answer, handle: usize, keys: &[String], arguments: &[String]) -> usize {
    answer.number(handle as f64);
    answer.number(keys.len() as f64);
    keys.iter().chain(arguments).map(|text| answer.field(text)).last().unwrap_or(0)
}

fn stores_answer<'a>(given: &mut Arguments<'a>, reply: f64, why: usize) -> shared::StoreAnswer<'a> {
    given.optional_text(why).map_or(Ok(reply), Err)
}
