//! Packets.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::answer::{Answer, time};
use crate::claiming::claiming_packet;
use crate::engine::{call, quick_call};
use crate::things::Thing;
use alloc::vec::Vec;
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

/// A packet verifier with a guard that replicas share. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn verifier_shared(ring: usize, guard: usize, options: usize) -> i32 {
    call(|mut given, _, things| {
        let (ring, guard) = (things.keyring(ring), things.shared_guard(guard));
        let verifier = shared::PacketVerifier::shared(ring, guard, given.text(options))?;
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

/// Verifies parts that stand in their own place: texts without a gap from its beginning, nonce and signature first, and the body. The owner, as
/// [`Answer::owner`] tells it.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn quick_parts(
    verifier: usize,
    key_id: usize,
    context: usize,
    body: usize,
    is_json: usize,
    ts: f64,
    now: f64,
) -> i32 {
    quick_call(|place, answer, things| {
        let (texts, rest) = place.split_at_checked(BODY_AT)?;
        let texts = str::from_utf8(texts.get(..NONCE + SIG + key_id + context)?).ok()?;
        let (nonce, texts) = texts.split_at_checked(NONCE)?;
        let (sig, texts) = texts.split_at_checked(SIG)?;
        let (key_id, context) = texts.split_at_checked(key_id)?;
        let kind = if is_json == 0 { "bytes" } else { "json" };
        let parts = shared::Parts { key_id, kind, body: rest.get(..body)?, ts, nonce, sig };
        let verified = things.verifier(verifier).verify_parts(&parts, context, Some(now)).ok()?;
        Some(answer.owner(verified.owner()))
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

/// Verifies packets in order, whose lengths stand before them, four bytes each. For each a field: the evidence's fields, or, behind an
/// empty one, the refusal.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn verify_batch(
    verifier: usize,
    count: usize,
    context: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let lengths: Vec<_> = (0..count).map(|_| given.length()).collect();
        let packets: Vec<_> = lengths.into_iter().map(|length| given.bytes(length)).collect();
        let context = given.text(context);
        let results = things.verifier(verifier).verify_batch(&packets, context, time(now, now_given))?;
        let mut end = 0;
        for result in &results {
            end = match result {
                Ok(verified) => evidence(answer, verified),
                Err(error) => {
                    answer.field("");
                    answer.refusal_field(error)
                }
            };
        }
        Ok(end)
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

/// Characters of a nonce.
const NONCE: usize = 22;
/// Characters of a signature.
const SIG: usize = 43;
/// Where the body of parts begins in their place, as `ts/engine/parts.ts` writes it: behind the longest texts.
const BODY_AT: usize = 388;
