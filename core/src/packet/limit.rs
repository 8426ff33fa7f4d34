//! The body limit: judged after grammar; text that could only hold a longer body is not read at all.

use crate::error::{Error, ErrorCode, Result};
use crate::options::Options;
use alloc::format;

/// Bytes that a body may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BodyLimit(usize);

impl BodyLimit {
    pub(crate) fn new(bytes: usize) -> Result<Self> {
        if (1..=MOST).contains(&bytes) {
            return Ok(Self(bytes));
        }
        Err(Error::new(
            ErrorCode::MalformedArgument,
            format!("body_limit must be a whole number from 1 to {MOST}"),
        ))
    }

    /// The option `body_limit`, in bytes.
    pub(crate) fn of(given: &Options) -> Result<Self> {
        let bytes = given.whole("body_limit", 1..=MOST as u64)?;
        bytes.map_or_else(|| Ok(Self::default()), |bytes| Self::new(bytes as usize))
    }

    pub(crate) fn bytes(self) -> usize {
        self.0
    }

    pub(crate) fn holds(self, body: &[u8]) -> bool {
        body.len() <= self.0
    }

    /// The longest text that is read at all.
    pub(crate) fn text_limit(self) -> usize {
        text_limit(self.0)
    }

    /// A body, after its grammar.
    pub(crate) fn check_body(self, body: &[u8]) -> Result<()> {
        self.check_length(body.len())
    }

    /// A body of so many bytes.
    pub(crate) fn check_length(self, bytes: usize) -> Result<()> {
        if bytes <= self.0 { Ok(()) } else { Err(self.too_large()) }
    }

    /// Text, before it is read.
    pub(crate) fn check_text(self, text: &[u8]) -> Result<()> {
        if text.len() <= self.text_limit() { Ok(()) } else { Err(self.too_large()) }
    }

    fn too_large(self) -> Error {
        Error::new(
            ErrorCode::PayloadTooLarge,
            format!("the payload is longer than body_limit, {} bytes", self.0),
        )
    }
}

impl Default for BodyLimit {
    fn default() -> Self {
        Self(1024 * 1024)
    }
}

/// The longest text that is read for bodies of so many bytes.
pub(crate) fn text_limit(body_limit: usize) -> usize {
    body_limit * 4 + 4096
}

/// As many bytes as 4 × limit + 4096 can count on a 32-bit machine.
pub(crate) const MOST: usize = 512 * 1024 * 1024;
