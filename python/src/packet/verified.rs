//! The evidence.

use crate::error::Result;
use crate::object::{Lazy, parse};
use counterseal_shared::{self as shared, Body};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// What a verified packet says, parsed from the very bytes that were signed.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct Verified {
    verified: shared::Verified<'static>,
    payload: Lazy,
}

#[pymethods]
impl Verified {
    /// The JSON payload; None if the packet is of bytes.
    #[getter]
    fn payload<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        let Some(text) = self.payload_text() else { return Ok(py.None().into_bound(py)) };
        self.payload.get(py, || parse(py, text))
    }

    /// The payload as it was signed, in RFC 8785 form; None if the packet is of bytes.
    #[getter]
    fn payload_text(&self) -> Option<&str> {
        if let Body::Json(text) = self.verified.body() { Some(text) } else { None }
    }

    /// The bytes; None if the packet is of JSON.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        if let Body::Bytes(data) = self.verified.body() { Some(PyBytes::new(py, data)) } else { None }
    }

    /// "json" or "bytes".
    #[getter]
    fn kind(&self) -> &'static str {
        match self.verified.body() {
            Body::Json(_) => "json",
            Body::Bytes(_) => "bytes",
        }
    }

    /// The id of the key that signed.
    #[getter]
    fn key_id(&self) -> &str {
        self.verified.key_id()
    }

    /// Who holds that key.
    #[getter]
    fn owner(&self) -> &str {
        self.verified.owner()
    }

    /// When it was signed, in Unix seconds.
    #[getter]
    fn timestamp(&self) -> u64 {
        self.verified.timestamp().seconds()
    }

    /// Its nonce.
    #[getter]
    fn nonce(&self) -> &str {
        self.verified.nonce().as_str()
    }

    fn __repr__(&self) -> String {
        format!(
            "Verified(key_id='{}', owner='{}', timestamp={})",
            self.key_id(),
            self.owner(),
            self.timestamp()
        )
    }
}

impl Verified {
    pub(super) fn new(verified: shared::Verified<'_>) -> Self {
        Self { verified: verified.into_owned(), payload: Lazy::default() }
    }
}

/// The evidence as an object.
pub(crate) fn evidence<'py>(py: Python<'py>, verified: shared::Verified<'_>) -> Result<Bound<'py, PyAny>> {
    Ok(Bound::new(py, Verified::new(verified))?.into_any())
}
