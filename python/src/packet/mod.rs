//! `PacketSigner`, `PacketVerifier` and `Verified`.

mod sign;
mod verified;
mod verify;

pub(crate) use sign::PacketSigner;
pub(crate) use verified::Verified;
pub(crate) use verify::PacketVerifier;

use crate::arguments::Arg;
use crate::error::Result;
use crate::method;
use pyo3::prelude::*;
use pyo3::types::PyDict;

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

/// No less than the longest text that the core reads under these options: 4 × limit + 4096 bytes.
fn text_limit(options: Option<&Bound<'_, PyDict>>) -> Result<usize> {
    let given = options.map(|options| options.get_item("body_limit")).transpose()?.flatten();
    let limit =
        Arg(given.as_ref().map(Bound::as_borrowed)).seconds("body_limit")?.map_or(0, |limit| limit as usize);
    Ok(limit.max(DEFAULT_BODY_LIMIT).saturating_mul(4).saturating_add(4096))
}

const DEFAULT_BODY_LIMIT: usize = 1024 * 1024;
