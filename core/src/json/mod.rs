//! JSON: a strict I-JSON reader (RFC 7493) and the RFC 8785 writer.
//!
//! Two peers sign the same bytes only if they read the same value from the same text, so whatever
//! two languages could read differently is refused here: a member twice, a lone surrogate, an
//! integer that a double would change, a number out of range.
//!
//! `document` is the strict reader, which refuses at the first fault, over the places and faults of
//! `reader`; `writer` cannot fail, `number` is the one place where text
//! becomes a double and a double becomes text, `canonical` recognises a text that the writer could
//! have written, and `grammar` looks at a text by RFC 8259 alone to tell a later version from a
//! malformed packet.

mod bytes;
mod canonical;
#[cfg(any(test, all(feature = "compact", target_arch = "wasm32")))]
mod compact;
mod document;
mod ecmascript;
mod grammar;
mod number;
#[cfg(not(all(feature = "compact", target_arch = "wasm32")))]
mod powers;
mod reader;
#[cfg(not(all(feature = "compact", target_arch = "wasm32")))]
mod shortest;
mod string;
mod value;
mod writer;

#[cfg(test)]
mod tests;

pub use self::canonical::is_canonical;
pub(crate) use self::canonical::{Pace, is_canonical_at};
pub(crate) use self::document::Place;
pub use self::document::{Document, Item, Items, Members};
pub(crate) use self::grammar::other_version;
pub(crate) use self::reader::{Fault, Reader};
pub use self::value::{Number, Value};
pub use self::writer::{name_order, write, write_number, write_text};

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

use crate::QUICK;
use crate::error::{Error, ErrorCode, Result};

/// How many arrays and objects may be open at once inside a value.
pub const MAX_DEPTH: usize = 64;

/// Reads one JSON value, with JSON white space around it and nothing else.
///
/// The text is UTF-8 without a byte order mark. Integers beyond ±(2^53 − 1) must stand in their RFC
/// 8785 form; any other number is read to the nearest double, ties to even, and −0 is read as 0.
///
/// # Errors
///
/// `malformed_payload` for the first fault in text order, named with its byte position.
pub fn read(text: &[u8]) -> Result<Value> {
    Document::read(text).map(|document| document.to_value())
}

/// The RFC 8785 form of a JSON text.
///
/// # Errors
///
/// `malformed_payload`, as [`read`].
pub fn canonical(text: &[u8]) -> Result<String> {
    Document::read(text).map(|document| document.write())
}

/// The RFC 8785 form of a JSON text, borrowed where the text already stands in it.
pub(crate) fn canonical_form(text: &[u8]) -> Result<Cow<'_, str>> {
    match str::from_utf8(text) {
        Ok(form) if QUICK && is_canonical(text) => Ok(Cow::Borrowed(form)),
        _ => canonical(text).map(Cow::Owned),
    }
}

pub(crate) fn refusal(fault: Fault) -> Error {
    Error::new(ErrorCode::MalformedPayload, format!("{} at byte {}", fault.why, fault.at))
}
