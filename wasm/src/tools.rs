//! Functions without an object.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::answer::time;
use crate::engine::call;
use crate::things::Thing;
use counterseal_shared as shared;

/// A secret derived from a master: its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn derive(master: usize, purpose: usize, owner: usize, key_id: usize) -> i32 {
    call(|mut given, _, things| {
        shared::derive(things.secret(master), given.text(purpose), given.text(owner), given.text(key_id))
            .map(|secret| things.insert(Thing::Secret(secret)))
    })
}

/// The RFC 8785 form of JSON text.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn canonical_json(text: usize) -> i32 {
    call(|mut given, answer, _| shared::canonical_json(given.bytes(text)).map(|form| answer.set(form)))
}

/// A nonce from the host's generator.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn generate_nonce() -> i32 {
    call(|_, answer, _| shared::generate_nonce().map(|nonce| answer.set(nonce)))
}

/// What a peer may learn of a refusal with this code, as JSON.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn refusal(code: usize, now: f64, now_given: usize) -> i32 {
    call(|mut given, answer, _| {
        shared::refusal(given.text(code), time(now, now_given)).map(|refusal| answer.set(refusal))
    })
}

/// The version.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn version() -> i32 {
    call(|_, answer, _| Ok(answer.set(shared::version())))
}
