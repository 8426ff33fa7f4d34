//! `PacketSigner`, `PacketVerifier` and `Verified`.

mod sign;
mod verified;
mod verify;

pub(crate) use sign::PacketSigner;
pub(crate) use verified::Verified;
pub(crate) use verify::PacketVerifier;

use crate::arguments::Arg;
use crate::error::Result;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// No less than the longest text that the core reads under these options: 4 × limit + 4096 bytes.
fn text_limit(options: Option<&Bound<'_, PyDict>>) -> Result<usize> {
    let given = options.map(|options| options.get_item("body_limit")).transpose()?.flatten();
    let limit = Arg(given).seconds("body_limit")?.map_or(0, |limit| limit as usize);
    Ok(limit.max(DEFAULT_BODY_LIMIT).saturating_mul(4).saturating_add(4096))
}

const DEFAULT_BODY_LIMIT: usize = 1024 * 1024;
