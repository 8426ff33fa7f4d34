//! HS256 tokens to their checked claims, by the system's clock and by a time that is handed over.

use std::time::{SystemTime, UNIX_EPOCH};

use counterseal::{Keyring, Policy, Timestamp, TokenVerifier};

use crate::Result;
use crate::contest::{Played, Side, Turns, accepted, play as contest, timed};
use crate::inputs::Inputs;
use crate::limit;
use crate::oracle::Oracle;
use crate::rows::Size;
use crate::versions;

pub(super) fn play(inputs: &Inputs, size: Size) -> Result<Played> {
    let (ring, verifier) = (inputs.token_ring()?, TokenVerifier::new(Policy::new()));
    let oracle = Oracle::new(inputs.token_secret()?.expose());
    let tokens = inputs.tokens(size)?;
    let signed = tokens.first().and_then(|token| token.rfind('.')).unwrap_or_default();
    let [mut ours, mut theirs] = [(); 2].map(|()| Turns::new(&tokens));
    let product = |calls| timed(ours.take(calls).1, |token| verifies(&verifier, &ring, token));
    let peer = |calls| timed(theirs.take(calls).1, |token| accepted(oracle.claims(token).ok_or(())));
    let peer =
        Side { name: "jsonwebtoken", version: versions::locked("jsonwebtoken")?, turn: Box::new(peer) };
    contest(inputs.plan, Box::new(product), vec![peer, limit::side(limit::of_mac(signed))])
}

/// The core has no clock: a caller that has read it hands the time over.
pub(super) fn timed_beforehand(inputs: &Inputs, size: Size) -> Result<Played> {
    let (ring, verifier) = (inputs.token_ring()?, TokenVerifier::new(Policy::new()));
    let tokens = inputs.tokens(size)?;
    let signed = tokens.first().and_then(|token| token.rfind('.')).unwrap_or_default();
    let mut turns = Turns::new(&tokens);
    let product = |calls| {
        timed(turns.take(calls).1, |token| accepted(verifier.verify(&ring, token.as_bytes(), inputs.now)))
    };
    contest(inputs.plan, Box::new(product), vec![limit::side(limit::of_mac(signed))])
}

fn verifies(verifier: &TokenVerifier, ring: &Keyring, token: &str) -> bool {
    let Ok(since) = SystemTime::now().duration_since(UNIX_EPOCH) else { return false };
    let Some(now) = Timestamp::new(since.as_secs()) else { return false };
    accepted(verifier.verify(ring, token.as_bytes(), now))
}
