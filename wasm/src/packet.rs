//! Packets.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::answer::{Answer, time};
use crate::engine::call;
use crate::things::Thing;
use counterseal_shared as shared;

/// A packet signer; its options are JSON. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn signer_new(key: usize, options: usize) -> i32 {
    call(|mut given, _, things| {
        let signer = shared::PacketSigner::new(things.key(key), given.text(options))?;
        Ok(things.insert(Thing::Signer(signer)))
    })
}

/// Signs JSON text; the packet's text.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn sign_json(
    signer: usize,
    payload: usize,
    context: usize,
    nonce: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (payload, context, nonce) =
            (given.bytes(payload), given.text(context), given.optional_text(nonce));
        things
            .signer(signer)
            .sign_json(payload, context, time(now, now_given), nonce)
            .map(|packet| answer.set(packet))
    })
}

/// Signs raw bytes; the packet's text.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn sign_bytes(
    signer: usize,
    data: usize,
    context: usize,
    nonce: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (data, context, nonce) = (given.bytes(data), given.text(context), given.optional_text(nonce));
        things
            .signer(signer)
            .sign_bytes(data, context, time(now, now_given), nonce)
            .map(|packet| answer.set(packet))
    })
}

/// Signs parts; the fields time, nonce and signature.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn sign_parts(
    signer: usize,
    body: usize,
    context: usize,
    nonce: usize,
    kind: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (body, context, nonce) = (given.bytes(body), given.text(context), given.optional_text(nonce));
        let made =
            things.signer(signer).sign_parts(given.text(kind), body, context, time(now, now_given), nonce)?;
        answer.number(made.timestamp);
        answer.field(made.nonce);
        Ok(answer.field(made.sig))
    })
}

/// A packet verifier; its options are JSON. Handle 0 in the guard's place: one of its own. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn verifier_new(ring: usize, guard: usize, options: usize) -> i32 {
    call(|mut given, _, things| {
        let guard = if guard == 0 { None } else { Some(things.guard(guard)) };
        let verifier = shared::PacketVerifier::new(things.keyring(ring), guard, given.text(options))?;
        Ok(things.insert(Thing::Verifier(verifier)))
    })
}

/// Verifies a packet's text; the evidence as fields.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn verify(
    verifier: usize,
    packet: usize,
    context: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (packet, context) = (given.bytes(packet), given.text(context));
        let verified = things.verifier(verifier).verify(packet, context, time(now, now_given))?;
        Ok(evidence(answer, &verified))
    })
}

/// Verifies parts; the owner. All else stands in what was given.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments, reason = "each is a number; a record would have to be written and read")]
pub(crate) extern "C" fn verify_parts(
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
        let verified = things.verifier(verifier).verify_parts(&parts, context, time(now, now_given))?;
        Ok(answer.set(verified.owner()))
    })
}

/// Key id, owner, time, nonce, kind and body.
pub(crate) fn evidence(answer: &mut Answer, verified: &shared::Verified<'_>) -> usize {
    answer.field(verified.key_id());
    answer.field(verified.owner());
    answer.number(verified.timestamp().seconds() as f64);
    answer.field(verified.nonce().as_str());
    answer.field(verified.body().kind().as_str());
    answer.field(verified.body().as_bytes())
}
