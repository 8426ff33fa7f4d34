//! `PacketSigner`, `PacketVerifier` and `Verified`.

mod read;
mod sign;
mod verified;
mod verify;

pub(crate) use read::{PACKET, RULE, text_of};
pub(crate) use sign::{PacketSigner, packet};
pub(crate) use verified::evidence;
pub(crate) use verify::PacketVerifier;

use crate::interpreter;
use pyo3::prelude::*;
use verified::Verified;

/// Adds the class of evidence, and the methods of the hot path to their classes.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("Verified", interpreter::class::<Verified>(py)?)?;
    interpreter::add::<sign::Sign>(py)?;
    interpreter::add::<sign::SignText>(py)?;
    interpreter::add::<sign::SignJson>(py)?;
    interpreter::add::<sign::SignBytes>(py)?;
    interpreter::add::<sign::SignParts>(py)?;
    interpreter::add::<verify::Verify>(py)?;
    interpreter::add::<verify::VerifyAsync>(py)?;
    interpreter::add::<verify::VerifyParts>(py)?;
    interpreter::add::<verify::VerifyPartsAsync>(py)?;
    interpreter::add::<verify::VerifyBatch>(py)
}
