//! `RequestSigner`, `RequestVerifier`, `PendingRequest` and `VerifiedRequest`.

mod head;
mod headers;
mod pending;
mod sign;
mod verified;
mod verify;

pub(crate) use pending::PendingRequest;
pub(crate) use sign::RequestSigner;
pub(crate) use verified::VerifiedRequest;
pub(crate) use verify::RequestVerifier;

use crate::arguments::Arg;
use crate::error::Result;
use crate::interpreter;
use pyo3::prelude::*;
use std::borrow::Cow;

/// Adds the methods that bind their own arguments.
pub(crate) fn add_methods(py: Python<'_>) -> PyResult<()> {
    interpreter::add::<sign::Sign>(py)?;
    interpreter::add::<verify::Verify>(py)?;
    interpreter::add::<verify::VerifyAsync>(py)?;
    interpreter::add::<verify::Begin>(py)?;
    interpreter::add::<verify::ClaimedKeyId>(py)?;
    interpreter::add::<verify::IsExempt>(py)?;
    interpreter::add::<pending::Announce>(py)?;
    interpreter::add::<pending::Update>(py)?;
    interpreter::add::<pending::Finish>(py)?;
    interpreter::add::<pending::FinishAsync>(py)
}

/// The body of a request, which has none where it is not given. `None` is no body: a body that nobody has read must not pass for an empty one.
fn body_of<'a>(body: Arg<'a, '_>) -> Result<Cow<'a, [u8]>> {
    if body.0.is_none() { Ok(Cow::default()) } else { body.bytes("body") }
}
