//! Tokens, issued.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::answer::time;
use crate::engine::call;
use crate::things::Thing;
use counterseal_shared as shared;

/// A token issuer; its options are JSON. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn issuer_new(key: usize, options: usize) -> i32 {
    call(|mut given, _, things| {
        let issuer = shared::TokenIssuer::new(things.key(key), given.text(options))?;
        Ok(things.insert(Thing::Issuer(issuer)))
    })
}

/// Issues a token over claims, with its times added; the options are JSON.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn issue(
    issuer: usize,
    claims: usize,
    options: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (claims, options) = (given.bytes(claims), given.text(options));
        things.issuer(issuer).issue(claims, options, time(now, now_given)).map(|token| answer.set(token))
    })
}

/// Issues a token over claims as they stand.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn issue_text(issuer: usize, claims: usize, now: f64, now_given: usize) -> i32 {
    call(|mut given, answer, things| {
        things
            .issuer(issuer)
            .issue_text(given.bytes(claims), time(now, now_given))
            .map(|token| answer.set(token))
    })
}
