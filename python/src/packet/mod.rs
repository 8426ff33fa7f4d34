//! `PacketSigner`, `PacketVerifier` and `Verified`.

mod sign;
mod verified;
mod verify;

pub(crate) use sign::PacketSigner;
pub(crate) use verified::Verified;
pub(crate) use verify::PacketVerifier;

use crate::method;
use pyo3::prelude::*;

/// Adds the methods of the hot path to their classes.
pub(crate) fn add_methods(py: Python<'_>) -> PyResult<()> {
    method::add::<sign::Sign>(py)?;
    method::add::<sign::SignText>(py)?;
    method::add::<sign::SignJson>(py)?;
    method::add::<sign::SignBytes>(py)?;
    method::add::<sign::SignParts>(py)?;
    method::add::<verify::Verify>(py)?;
    method::add::<verify::VerifyParts>(py)?;
    method::add::<verify::VerifyBatch>(py)
}
