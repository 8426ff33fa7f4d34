//! What a host says of an event.

use crate::error::{Error, ErrorCode, Result};
use crate::json;
use alloc::borrow::Cow;
use alloc::format;

/// One event, as its host saw it.
///
/// `user_id`, `action` and `resource` may be any text, since a peer may have chosen it: what is longer than 256 bytes is cut at a character,
/// ends in `…` and then has at most 256 bytes, so that no name can prevent the record of its own refusal.
#[derive(Clone, Copy, Debug)]
pub struct AuditEvent<'a> {
    /// What happened, as the host names it: `[A-Z][A-Z0-9_]{0,63}`.
    pub event: &'a str,
    /// Who did it; none where nobody is known yet.
    pub user_id: Option<&'a str>,
    /// What was tried.
    pub action: &'a str,
    /// On what.
    pub resource: &'a str,
    /// Whether it was done.
    pub success: bool,
    /// A JSON object, such as `{"code":"token_expired"}`: at most 16 KiB. Nothing secret belongs here.
    pub metadata: &'a [u8],
}

impl<'a> AuditEvent<'a> {
    pub(super) fn name(&self) -> Result<&'a str> {
        check_event(self.event)?;
        Ok(self.event)
    }

    /// The metadata in RFC 8785 form.
    pub(super) fn metadata_form(&self) -> Result<Cow<'a, str>> {
        check_size(self.metadata)?;
        let form = json::canonical_form(self.metadata).map_err(|fault| {
            Error::new(
                ErrorCode::MalformedArgument,
                format!("metadata must be one strict JSON object: {}", fault.detail()),
            )
        })?;
        check_object(&form)?;
        check_size(form.as_bytes())?;
        Ok(form)
    }
}

/// Whether the log would write it as an event's name.
pub(super) fn is_event(text: &str) -> bool {
    (1..=EVENT_MAX).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

fn check_event(event: &str) -> Result<()> {
    if is_event(event) {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::MalformedArgument,
        "event must be 1 to 64 characters of A-Z 0-9 _ that begin with a letter, such as AUTH_FAILED",
    ))
}

fn check_size(metadata: &[u8]) -> Result<()> {
    if metadata.len() <= METADATA_MAX {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::MalformedArgument,
        format!("metadata must have at most {METADATA_MAX} bytes; record what decides, not what arrived"),
    ))
}

fn check_object(form: &str) -> Result<()> {
    if form.starts_with('{') {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedArgument, "metadata must be a JSON object"))
}

/// Bytes of metadata, as given and as written.
pub(super) const METADATA_MAX: usize = 16 * 1024;
const EVENT_MAX: usize = 64;
