//! HMAC-SHA256 with a key whose two states are at hand.

use std::hint::black_box;

use counterseal::testing::CachedKey;
use ring::hmac;

use crate::Result;
use crate::contest::{Played, Side, Turns, play as contest, timed};
use crate::inputs::Inputs;
use crate::limit;
use crate::rows::Size;
use crate::versions;

pub(super) fn play(inputs: &Inputs, size: Size) -> Result<Played> {
    let secret = inputs.packet_secret()?;
    let (ours, theirs) =
        (CachedKey::new(secret.expose()), hmac::Key::new(hmac::HMAC_SHA256, secret.expose()));
    let messages: Vec<Vec<u8>> = (0..MESSAGES).map(|number| vec![number as u8; size.bytes()]).collect();
    let (mut mine, mut rings) = (Turns::new(&messages), Turns::new(&messages));
    let product = |calls| timed(mine.take(calls).1, |message| black_box(ours.mac(message)) != [0; 32]);
    let ring = |calls| {
        timed(rings.take(calls).1, |message| !black_box(hmac::sign(&theirs, message)).as_ref().is_empty())
    };
    let ring = Side { name: "ring", version: versions::locked("ring")?, turn: Box::new(ring) };
    contest(inputs.plan, Box::new(product), vec![limit::side(limit::of_mac(size.bytes())), ring])
}

/// Few enough that the largest stay in the cache.
const MESSAGES: usize = 16;
