//! Verdicts on tokens.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::answer::{Answer, time};
use crate::engine::call;
use crate::things::{Thing, Things};
use counterseal_shared as shared;

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
#[cfg(feature = "full")]
pub(crate) fn evidence(answer: &mut Answer, things: &mut Things, verified: shared::VerifiedToken) -> usize {
    let end = claims(answer, &verified);
    if !verified.is_ticket() {
        return end;
    }
    answer.number(things.insert(Thing::VerifiedTicket(verified)) as f64)
}

/// Claims, key id, owner: a client makes no keys of a ticket.
#[cfg(not(feature = "full"))]
fn evidence(answer: &mut Answer, _: &mut Things, verified: shared::VerifiedToken) -> usize {
    claims(answer, &verified)
}

fn claims(answer: &mut Answer, verified: &shared::VerifiedToken) -> usize {
    answer.field(verified.claims_text());
    answer.field(verified.key_id());
    answer.field(verified.owner())
}
