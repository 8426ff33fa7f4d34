//! `MemoryReplayGuard`.

use crate::arguments::Rest;
use crate::error::Result;
use crate::value::walk_options;
use counterseal_shared as shared;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// Remembers the nonces that were seen, up to a fixed capacity, and refuses when it is full rather than forget.
///
/// start (Unix seconds) refuses what was signed before it, since a guard that begins empty has forgotten; scope is a name shared by replicas;
/// owner_share is the part of the capacity that one owner may hold (half of it).
///
/// Raises CountersealError: malformed_argument.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct MemoryReplayGuard(pub(crate) shared::MemoryReplayGuard);

#[pymethods]
impl MemoryReplayGuard {
    #[new]
    #[pyo3(signature = (*more, **options), text_signature = "(*, capacity=None, start=None, scope=None, owner_share=None)")]
    fn new(more: &Bound<'_, PyTuple>, options: Option<&Bound<'_, PyDict>>) -> Result<Self> {
        Rest::new(more, None).nothing("capacity, start, scope, owner_share")?;
        Ok(Self(shared::MemoryReplayGuard::new(&walk_options(options)?)?))
    }

    fn __len__(&self) -> usize {
        self.0.len() as usize
    }

    /// A guard is there even while it is empty.
    fn __bool__(&self) -> bool {
        true
    }
}
