//! The evidence.

use crate::error::Result;
use counterseal_shared::{self as shared, ClaimingRequest, StoreAnswer};
use pyo3::prelude::*;

/// Who sent a verified request, when, and for the first time.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct VerifiedRequest(shared::VerifiedRequest);

#[pymethods]
impl VerifiedRequest {
    /// The id of the key that signed.
    #[getter]
    fn key_id(&self) -> &str {
        self.0.key_id()
    }

    /// Who holds that key.
    #[getter]
    fn owner(&self) -> &str {
        self.0.owner()
    }

    /// When it was signed, in Unix seconds.
    #[getter]
    fn timestamp(&self) -> u64 {
        self.0.timestamp().seconds()
    }

    /// Its nonce.
    #[getter]
    fn nonce(&self) -> &str {
        self.0.nonce().as_str()
    }

    fn __repr__(&self) -> String {
        format!(
            "VerifiedRequest(key_id='{}', owner='{}', timestamp={})",
            self.key_id(),
            self.owner(),
            self.timestamp()
        )
    }
}

/// The evidence as an object.
pub(super) fn evidence(py: Python<'_>, verified: shared::VerifiedRequest) -> Result<Bound<'_, PyAny>> {
    Ok(Bound::new(py, VerifiedRequest(verified))?.into_any())
}

/// The evidence that a store's answer makes.
pub(super) fn settle<'py>(
    py: Python<'py>,
    claiming: ClaimingRequest,
    answer: StoreAnswer<'_>,
) -> Result<Bound<'py, PyAny>> {
    evidence(py, claiming.settle(answer)?)
}
