//! The core's contests.

mod batch;
mod json;
mod mac;
mod packets;
mod tokens;

use counterseal::{GuardOptions, MemoryReplayGuard};

use crate::Result;
use crate::book::Book;
use crate::inputs::{GUARD, Inputs};

/// Plays all that are wanted.
pub(crate) fn play(book: &mut Book, inputs: &Inputs) {
    book.play("core-mac", |size| mac::play(inputs, size));
    book.play("core-packet", |size| packets::text(inputs, size));
    book.play("core-packet-claimed", |size| packets::text_claimed(inputs, size));
    book.play("core-parts", |size| packets::parts(inputs, size));
    book.play("core-parts-claimed", |size| packets::parts_claimed(inputs, size));
    book.play("core-batch", |size| batch::play(inputs, size));
    book.play("core-token", |size| tokens::play(inputs, size));
    book.play("core-token-timed", |size| tokens::timed_beforehand(inputs, size));
    book.play("core-json", |size| json::write(inputs, size));
    book.play("core-json-text", |size| json::text(inputs, size));
}

fn empty_guard() -> Result<MemoryReplayGuard> {
    Ok(MemoryReplayGuard::new(GuardOptions { capacity: GUARD, ..GuardOptions::default() })?)
}
