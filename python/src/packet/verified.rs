//! The evidence.

use crate::error::Result;
use crate::interpreter::{self, Attribute, Evidence, Kept, Lent};
use crate::object::{Lazy, parse};
use counterseal_shared::{self as shared, Body};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyType};
use std::ffi::CStr;

/// What a verified packet says, parsed from the very bytes that were signed.
pub(crate) struct Verified {
    kept: Kept,
    payload: Lazy,
}

impl Evidence for Verified {
    const NAME: &'static CStr = c"counterseal.Verified";
    const DOC: &'static CStr = c"What a verified packet says, parsed from the very bytes that were signed.";
    const ATTRIBUTES: &'static [Attribute<Self>] = &[
        Attribute {
            name: c"payload",
            doc: c"The JSON payload; None if the packet is of bytes.",
            get: |this, py| match this.payload_text() {
                Some(text) => this.payload.get(py, || parse(py, text)),
                None => Ok(py.None().into_bound(py)),
            },
        },
        Attribute {
            name: c"payload_text",
            doc: c"The payload as it was signed, in RFC 8785 form; None if the packet is of bytes.",
            get: |this, py| Ok(this.payload_text().into_bound_py_any(py)?),
        },
        Attribute {
            name: c"data",
            doc: c"The bytes; None if the packet is of JSON.",
            get: |this, py| Ok(this.data(py).into_bound_py_any(py)?),
        },
        Attribute {
            name: c"kind",
            doc: c"\"json\" or \"bytes\".",
            get: |this, py| Ok(this.verified().body().kind().as_str().into_bound_py_any(py)?),
        },
        Attribute {
            name: c"key_id",
            doc: c"The id of the key that signed.",
            get: |this, py| Ok(this.verified().key_id().into_bound_py_any(py)?),
        },
        Attribute {
            name: c"owner",
            doc: c"Who holds that key.",
            get: |this, py| Ok(this.verified().owner().into_bound_py_any(py)?),
        },
        Attribute {
            name: c"timestamp",
            doc: c"When it was signed, in Unix seconds.",
            get: |this, py| Ok(this.verified().timestamp().seconds().into_bound_py_any(py)?),
        },
        Attribute {
            name: c"nonce",
            doc: c"Its nonce.",
            get: |this, py| Ok(this.verified().nonce().as_str().into_bound_py_any(py)?),
        },
    ];

    fn class() -> &'static PyOnceLock<Py<PyType>> {
        static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        &CLASS
    }

    fn repr(&self) -> String {
        let (key_id, owner) = (self.verified().key_id(), self.verified().owner());
        let timestamp = self.verified().timestamp().seconds();
        format!("Verified(key_id='{key_id}', owner='{owner}', timestamp={timestamp})")
    }

    #[inline(always)]
    fn end(self, py: Python<'_>) {
        let Self { kept, payload } = self;
        payload.end(py);
        kept.end(py);
    }
}

impl Verified {
    fn verified(&self) -> &shared::Verified<'_> {
        self.kept.verified()
    }

    fn payload_text(&self) -> Option<&str> {
        if let Body::Json(text) = self.verified().body() { Some(text) } else { None }
    }

    fn data<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        let Body::Bytes(data) = self.verified().body() else { return None };
        Some(self.kept.lender().map_or_else(|| PyBytes::new(py, data), |lender| lender.bind(py).clone()))
    }
}

/// The evidence as an object.
pub(crate) fn evidence<'py>(py: Python<'py>, verified: shared::Verified<'_>) -> Result<Bound<'py, PyAny>> {
    object(py, Kept::own(verified))
}

/// The evidence of what was lent, as an object.
// A function by itself, and one that goes straight on where the body was lent, copies the evidence once and not four times.
#[inline(never)]
pub(crate) fn evidence_of<'py>(
    py: Python<'py>,
    verified: shared::Verified<'_>,
    body: Lent<'_, 'py>,
) -> Result<Bound<'py, PyAny>> {
    if !body.is_body_of(&verified) {
        return evidence(py, verified);
    }
    object(py, body.keep(verified))
}

#[inline(always)]
fn object(py: Python<'_>, kept: Kept) -> Result<Bound<'_, PyAny>> {
    Ok(interpreter::object(py, Verified { kept, payload: Lazy::default() })?)
}
