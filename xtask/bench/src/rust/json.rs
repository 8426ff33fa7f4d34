//! The RFC 8785 writer, alone and behind the reader.

use std::hint::black_box;

use counterseal::json as ours;
use serde_json_canonicalizer as theirs;

use crate::Result;
use crate::contest::{Played, Side, Turn, accepted, play, timed};
use crate::inputs::Inputs;
use crate::payload::Payload;
use crate::rows::Size;
use crate::versions;

pub(super) fn write(inputs: &Inputs, size: Size) -> Result<Played> {
    let payload = Payload::new(size.bytes());
    let value = ours::read(payload.loose.as_bytes())?;
    let peers: serde_json::Value = serde_json::from_str(&payload.loose)?;
    agree(&payload.canonical, &ours::write(&value), &theirs::to_string(&peers)?)?;
    let product =
        move |calls| timed(&vec![(); calls], |()| !black_box(ours::write(black_box(&value))).is_empty());
    let peer = move |calls| timed(&vec![(); calls], |()| accepted(theirs::to_string(black_box(&peers))));
    against(inputs, Box::new(product), Box::new(peer))
}

pub(super) fn text(inputs: &Inputs, size: Size) -> Result<Played> {
    let payload = Payload::new(size.bytes());
    let text = payload.loose.as_bytes();
    agree(&payload.canonical, &ours::canonical(text)?, &read_and_write(text)?)?;
    let product = |calls| timed(&vec![(); calls], |()| accepted(ours::canonical(black_box(text))));
    let peer = |calls| timed(&vec![(); calls], |()| accepted(read_and_write(black_box(text))));
    against(inputs, Box::new(product), Box::new(peer))
}

fn read_and_write(text: &[u8]) -> serde_json::Result<String> {
    theirs::to_string(&serde_json::from_slice::<serde_json::Value>(text)?)
}

fn agree(wanted: &str, product: &str, peer: &str) -> Result<()> {
    if product == wanted && peer == wanted { Ok(()) } else { Err("the two wrote different texts".into()) }
}

fn against(inputs: &Inputs, product: Turn<'_>, peer: Turn<'_>) -> Result<Played> {
    let version = versions::locked("serde_json_canonicalizer")?;
    play(inputs.plan, product, vec![Side { name: "canonicalizer", version, turn: peer }])
}
