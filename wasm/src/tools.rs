//! Functions without an object.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::answer::time;
use crate::engine::call;
use alloc::string::String;
use counterseal_shared as shared;

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

/// The closed list of codes: a row of four lines each (code, class, status, sentence), as fields.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn error_list() -> i32 {
    call(|_, answer, _| {
        Ok(shared::error_list().iter().map(|info| answer.field(row(info))).last().unwrap_or(0))
    })
}

/// The version.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn version() -> i32 {
    call(|_, answer, _| Ok(answer.set(shared::version())))
}

fn row(info: &shared::ErrorInfo) -> String {
    let status = [100, 10, 1].map(|place| char::from(b'0' + (info.status / place % 10) as u8));
    [info.code, info.class, &String::from_iter(status), info.sentence].join("\n")
}
