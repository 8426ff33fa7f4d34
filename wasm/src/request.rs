//! HTTP requests. Their header fields stand behind all other arguments, and are told by their number.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::answer::{Answer, time};
use crate::claiming::claiming_request;
use crate::engine::call;
use crate::things::Thing;
use counterseal_shared as shared;

/// A request signer; its options are JSON. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn request_signer_new(key: usize, options: usize) -> i32 {
    call(|mut given, _, things| {
        let signer = shared::RequestSigner::new(things.key(key), given.text(options))?;
        Ok(things.insert(Thing::RequestSigner(signer)))
    })
}

/// Signs a request; the header fields to add, names and values in turn as fields.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments, reason = "each is a number; a record would have to be written and read")]
pub(crate) extern "C" fn request_sign(
    signer: usize,
    body: usize,
    method: usize,
    url: usize,
    nonce: usize,
    headers: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (body, method, url) = (given.bytes(body), given.text(method), given.text(url));
        let (nonce, headers) = (given.optional_text(nonce), given.fields(headers));
        let added =
            things.request_signer(signer).sign(method, url, &headers, body, time(now, now_given), nonce)?;
        let mut end = 0;
        for (name, value) in added {
            answer.field(name);
            end = answer.field(value);
        }
        Ok(end)
    })
}

/// A request verifier; its options are JSON. Handle 0 in the guard's place: one of its own. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn request_verifier_new(ring: usize, guard: usize, options: usize) -> i32 {
    call(|mut given, _, things| {
        let guard = if guard == 0 { None } else { Some(things.guard(guard)) };
        let verifier = shared::RequestVerifier::new(things.keyring(ring), guard, given.text(options))?;
        Ok(things.insert(Thing::RequestVerifier(verifier)))
    })
}

/// A request verifier with a guard that replicas share. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn request_verifier_shared(ring: usize, guard: usize, options: usize) -> i32 {
    call(|mut given, _, things| {
        let (ring, guard) = (things.keyring(ring), things.shared_guard(guard));
        let verifier = shared::RequestVerifier::shared(ring, guard, given.text(options))?;
        Ok(things.insert(Thing::RequestVerifier(verifier)))
    })
}

/// 1 if anyone may call this path.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn request_is_exempt(verifier: usize, path: usize) -> i32 {
    call(|mut given, _, things| {
        Ok(usize::from(things.request_verifier(verifier).is_exempt(given.text(path))))
    })
}

/// Verifies a request; the evidence as fields.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn request_verify(
    verifier: usize,
    body: usize,
    method: usize,
    target: usize,
    headers: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (body, method, target) = (given.bytes(body), given.text(method), given.text(target));
        let headers = given.fields(headers);
        let head = shared::RequestHead { method, target, headers: &headers };
        let verified = things.request_verifier(verifier).verify(&head, body, time(now, now_given))?;
        Ok(evidence(answer, &verified))
    })
}

/// Verifies a request but for its nonce; what to ask the store (see [`claiming_request`]).
#[unsafe(no_mangle)]
pub(crate) extern "C" fn request_authenticate(
    verifier: usize,
    body: usize,
    method: usize,
    target: usize,
    headers: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (body, method, target) = (given.bytes(body), given.text(method), given.text(target));
        let headers = given.fields(headers);
        let head = shared::RequestHead { method, target, headers: &headers };
        let claiming = things.request_verifier(verifier).authenticate(&head, body, time(now, now_given))?;
        Ok(claiming_request(answer, things, claiming))
    })
}

/// Judges a request whose body is still to come. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn request_begin(
    verifier: usize,
    method: usize,
    target: usize,
    headers: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, _, things| {
        let (method, target) = (given.text(method), given.text(target));
        let headers = given.fields(headers);
        let head = shared::RequestHead { method, target, headers: &headers };
        let pending = things.request_verifier(verifier).begin(&head, time(now, now_given))?;
        Ok(things.insert(Thing::PendingRequest(pending)))
    })
}

/// Takes the next piece of a body.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn request_update(pending: usize, piece: usize) -> i32 {
    call(|mut given, _, things| things.pending_request(pending).update(given.bytes(piece)).map(|()| 0))
}

/// Judges a request whose body has come; the evidence as fields.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn request_finish(pending: usize, now: f64, now_given: usize) -> i32 {
    call(|_, answer, things| {
        let verified = things.pending_request(pending).finish(time(now, now_given))?;
        Ok(evidence(answer, &verified))
    })
}

/// Judges it but for its nonce; what to ask the store (see [`claiming_request`]).
#[unsafe(no_mangle)]
pub(crate) extern "C" fn pending_authenticate(pending: usize, now: f64, now_given: usize) -> i32 {
    call(|_, answer, things| {
        let claiming = things.pending_request(pending).authenticate(time(now, now_given))?;
        Ok(claiming_request(answer, things, claiming))
    })
}

/// Key id, owner, time and nonce.
pub(crate) fn evidence(answer: &mut Answer, verified: &shared::VerifiedRequest) -> usize {
    answer.field(verified.key_id());
    answer.field(verified.owner());
    answer.number(verified.timestamp().seconds() as f64);
    answer.field(verified.nonce().as_str())
}
