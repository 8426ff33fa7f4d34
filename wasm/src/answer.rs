//! What crosses: arguments out of the scratch area, answers into theirs.

use crate::abort;
use alloc::string::String;
use alloc::vec::Vec;
use counterseal_shared::{Error, Field};

/// The arguments of one call, read one after the other by the lengths that the caller names.
pub(crate) struct Arguments<'a>(&'a [u8]);

impl<'a> Arguments<'a> {
    pub(crate) fn new(scratch: &'a [u8]) -> Self {
        Self(scratch)
    }

    pub(crate) fn bytes(&mut self, length: usize) -> &'a [u8] {
        let Some((argument, rest)) = self.0.split_at_checked(length) else { abort() };
        self.0 = rest;
        argument
    }

    /// Four bytes that are a length.
    pub(crate) fn length(&mut self) -> usize {
        self.bytes(4).try_into().map_or_else(|_| abort(), |bytes| u32::from_le_bytes(bytes) as usize)
    }

    pub(crate) fn text(&mut self, length: usize) -> &'a str {
        core::str::from_utf8(self.bytes(length)).unwrap_or_else(|_| abort())
    }

    /// Header fields: of each its name and its value, behind their lengths.
    pub(crate) fn fields(&mut self, count: usize) -> Vec<Field<'a>> {
        let field = |_| {
            let length = self.length();
            let name = self.text(length);
            let length = self.length();
            (name, self.bytes(length))
        };
        (0..count).map(field).collect()
    }

    /// A text that may be absent, which [`ABSENT`] says in the place of its length.
    pub(crate) fn optional_text(&mut self, length: usize) -> Option<&'a str> {
        if length == ABSENT { None } else { Some(self.text(length)) }
    }
}

/// The time that a call was given, if any: JavaScript knows no absent number.
pub(crate) fn time(now: f64, given: usize) -> Option<f64> {
    if given == 0 { None } else { Some(now) }
}

/// One answer: bytes, or several fields each led by its length.
pub(crate) struct Answer {
    bytes: Vec<u8>,
    /// The owner that was told last.
    owner: String,
}

impl Answer {
    pub(crate) const fn new() -> Self {
        Self { bytes: Vec::new(), owner: String::new() }
    }

    pub(crate) fn as_ptr(&self) -> *const u8 {
        self.bytes.as_ptr()
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// The whole answer.
    pub(crate) fn set(&mut self, bytes: impl AsRef<[u8]>) -> usize {
        self.bytes.extend_from_slice(bytes.as_ref());
        self.bytes.len()
    }

    /// An owner as the whole answer; nothing where it is the one told last, which JavaScript has.
    pub(crate) fn owner(&mut self, owner: &str) -> usize {
        if self.owner == owner {
            return 0;
        }
        self.owner.clear();
        self.owner.push_str(owner);
        self.clear();
        self.set(owner)
    }

    /// As if none had been told.
    pub(crate) fn forget_owner(&mut self) {
        self.owner.clear();
    }

    /// One field of an answer that has several.
    pub(crate) fn field(&mut self, bytes: impl AsRef<[u8]>) -> usize {
        let bytes = bytes.as_ref();
        self.bytes.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        self.set(bytes)
    }

    /// A number as a field.
    pub(crate) fn number(&mut self, number: f64) -> usize {
        self.field(number.to_le_bytes())
    }

    /// An error as the whole answer.
    pub(crate) fn refusal(&mut self, error: &Error) -> usize {
        self.bytes.clear();
        self.set(line(error))
    }

    /// An error in the place of evidence.
    pub(crate) fn refusal_field(&mut self, error: &Error) -> usize {
        self.field(line(error))
    }
}

/// Code LF detail.
fn line(error: &Error) -> String {
    [error.code().as_str(), "\n", error.detail()].concat()
}

/// In the place of a length: there is no such argument.
const ABSENT: usize = u32::MAX as usize;
