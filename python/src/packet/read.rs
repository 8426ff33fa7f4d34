//! What a peer sent as an object: text, or a dict that a transport has parsed.

use crate::error::Result;
use crate::text::{outside_text, type_name};
use crate::value::{Walk, walk_packet};
use counterseal_shared::{Error, ErrorCode};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::borrow::Cow;

/// The text of what was sent as a `kind`, and why it is none, if it is none. What is no such thing at all becomes no text at all, which the
/// core refuses in its own order. `limit` is the longest text, in bytes, that the core would read.
pub(crate) fn text_of<'a>(
    kind: &str,
    sent: Borrowed<'a, '_, PyAny>,
    limit: usize,
) -> Result<(Cow<'a, [u8]>, Option<Error>)> {
    if let Ok(dict) = sent.cast_exact::<PyDict>() {
        let Walk { text, refusal } = walk_packet(&dict, limit)?;
        return Ok((Cow::Owned(text.into_bytes()), refusal));
    }
    Ok(outside_text(sent)?.map_or_else(|| (Cow::default(), Some(no_such(kind, &sent))), |text| (text, None)))
}

fn no_such(kind: &str, sent: &Bound<'_, PyAny>) -> Error {
    Error::new(ErrorCode::MalformedPacket, format!("a {kind} is {RULE}, not {}", type_name(sent)))
}

pub(crate) const PACKET: &str = "packet";
/// What may be sent.
pub(crate) const RULE: &str = "str, UTF-8 bytes or a dict";
