//! Tokens.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::answer::{Answer, time};
use crate::engine::call;
use crate::things::{Thing, Things};
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

/// A token verifier; its policy is JSON. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn token_verifier_new(ring: usize, policy: usize) -> i32 {
    call(|mut given, _, things| {
        let verifier = shared::TokenVerifier::new(things.keyring(ring), given.text(policy))?;
        Ok(things.insert(Thing::TokenVerifier(verifier)))
    })
}

/// Verifies a token; the evidence as fields.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn token_verify(verifier: usize, token: usize, now: f64, now_given: usize) -> i32 {
    call(|mut given, answer, things| {
        let verified = things.token_verifier(verifier).verify(given.bytes(token), time(now, now_given))?;
        Ok(evidence(answer, things, verified))
    })
}

/// Claims, key id, owner, and of a ticket the handle of what was verified: its keys are made of that, never of what JavaScript holds.
pub(crate) fn evidence(answer: &mut Answer, things: &mut Things, verified: shared::VerifiedToken) -> usize {
    answer.field(verified.claims_text());
    answer.field(verified.key_id());
    let end = answer.field(verified.owner());
    if !verified.is_ticket() {
        return end;
    }
    answer.number(things.insert(Thing::VerifiedTicket(verified)) as f64)
}
