//! The evidence.

use crate::bytes::Lent;
use crate::error::Result;
use crate::interpreter::{self, Attribute, Evidence};
use crate::names::Names;
use crate::object::{Lazy, parse};
use counterseal_shared::{self as shared, Body, Nonce, Timestamp, VerifiedRef};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyType};
use std::ffi::CStr;

/// What a verified packet says, parsed from the very bytes that were signed.
pub(crate) struct Verified {
    names: Names,
    timestamp: u64,
    nonce: Nonce,
    content: Content,
    payload: Lazy,
}

/// What was signed: in memory of the evidence's own, or in the very object that the caller gave.
enum Content {
    Own(Body<'static>),
    LentText(Py<PyBytes>),
    LentData(Py<PyBytes>),
}

impl Evidence for Verified {
    const NAME: &'static CStr = c"counterseal.Verified";
    const DOC: &'static CStr = c"What a verified packet says, parsed from the very bytes that were signed.";
    const ATTRIBUTES: &'static [Attribute<Self>] = &[
        Attribute {
            name: c"payload",
            doc: c"The JSON payload; None if the packet is of bytes.",
            get: |this, py| match this.payload_text(py) {
                Some(text) => this.payload.get(py, || parse(py, text)),
                None => Ok(py.None().into_bound(py)),
            },
        },
        Attribute {
            name: c"payload_text",
            doc: c"The payload as it was signed, in RFC 8785 form; None if the packet is of bytes.",
            get: |this, py| Ok(this.payload_text(py).into_bound_py_any(py)?),
        },
        Attribute {
            name: c"data",
            doc: c"The bytes; None if the packet is of JSON.",
            get: |this, py| Ok(this.data(py).into_bound_py_any(py)?),
        },
        Attribute {
            name: c"kind",
            doc: c"\"json\" or \"bytes\".",
            get: |this, py| Ok(this.kind().into_bound_py_any(py)?),
        },
        Attribute {
            name: c"key_id",
            doc: c"The id of the key that signed.",
            get: |this, py| Ok(this.names.key_id().into_bound_py_any(py)?),
        },
        Attribute {
            name: c"owner",
            doc: c"Who holds that key.",
            get: |this, py| Ok(this.names.owner().into_bound_py_any(py)?),
        },
        Attribute {
            name: c"timestamp",
            doc: c"When it was signed, in Unix seconds.",
            get: |this, py| Ok(this.timestamp.into_bound_py_any(py)?),
        },
        Attribute {
            name: c"nonce",
            doc: c"Its nonce.",
            get: |this, py| Ok(this.nonce.as_str().into_bound_py_any(py)?),
        },
    ];

    fn class() -> &'static PyOnceLock<Py<PyType>> {
        static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        &CLASS
    }

    fn repr(&self) -> String {
        let (key_id, owner, timestamp) = (self.names.key_id(), self.names.owner(), self.timestamp);
        format!("Verified(key_id='{key_id}', owner='{owner}', timestamp={timestamp})")
    }

    #[inline(always)]
    fn end(self, py: Python<'_>) {
        self.payload.end(py);
        if let Content::LentText(lender) | Content::LentData(lender) = self.content {
            lender.drop_ref(py);
        }
    }
}

impl Content {
    /// A body that was verified is what was lent, to the byte.
    #[inline(always)]
    fn lent(body: &Body<'_>, lent: Lent<'_, '_>) -> Self {
        let lender = lent.lender().to_owned().unbind();
        match body {
            Body::Json(_) => Self::LentText(lender),
            Body::Bytes(_) => Self::LentData(lender),
        }
    }
}

impl Verified {
    fn kind(&self) -> &'static str {
        match &self.content {
            Content::Own(body) => body.kind().as_str(),
            Content::LentText(_) => "json",
            Content::LentData(_) => "bytes",
        }
    }

    fn payload_text<'a>(&'a self, py: Python<'a>) -> Option<&'a str> {
        match &self.content {
            Content::Own(Body::Json(text)) => Some(text),
            // The core has judged it.
            Content::LentText(lender) => str::from_utf8(lender.as_bytes(py)).ok(),
            Content::Own(Body::Bytes(_)) | Content::LentData(_) => None,
        }
    }

    fn data<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        match &self.content {
            Content::Own(Body::Bytes(data)) => Some(PyBytes::new(py, data)),
            Content::LentData(lender) => Some(lender.bind(py).clone()),
            Content::Own(Body::Json(_)) | Content::LentText(_) => None,
        }
    }
}

/// The evidence as an object.
pub(crate) fn evidence<'py>(py: Python<'py>, verified: shared::Verified<'_>) -> Result<Bound<'py, PyAny>> {
    let (mut names, timestamp, nonce) = (Names::NONE, verified.timestamp().seconds(), *verified.nonce());
    names.set(verified.key_id(), verified.owner());
    let content = Content::Own(verified.into_body().into_owned());
    let verified = || Verified { names, timestamp, nonce, content, payload: Lazy::default() };
    Ok(interpreter::object(py, verified, |_| ())?)
}

/// The evidence as an object that refers to the body which was lent.
pub(crate) fn evidence_of<'py>(
    py: Python<'py>,
    verified: &shared::Verified<'_>,
    body: Lent<'_, 'py>,
) -> Result<Bound<'py, PyAny>> {
    let signer = (verified.key_id(), verified.owner());
    object(py, signer, verified.timestamp(), verified.nonce(), || Content::lent(verified.body(), body))
}

/// The evidence on loan as an object that refers to the body which was lent.
#[inline(always)]
pub(crate) fn evidence_on_loan<'py>(
    py: Python<'py>,
    verified: VerifiedRef<'_, '_>,
    body: Lent<'_, 'py>,
) -> Result<Bound<'py, PyAny>> {
    let signer = (verified.key_id(), verified.owner());
    object(py, signer, verified.timestamp(), verified.nonce(), || Content::lent(verified.body(), body))
}

#[inline(always)]
fn object<'py>(
    py: Python<'py>,
    (key_id, owner): (&str, &str),
    when: Timestamp,
    nonce: &Nonce,
    content: impl FnOnce() -> Content,
) -> Result<Bound<'py, PyAny>> {
    let (timestamp, nonce) = (when.seconds(), *nonce);
    let verified =
        || Verified { names: Names::NONE, timestamp, nonce, content: content(), payload: Lazy::default() };
    Ok(interpreter::object(py, verified, |verified| verified.names.set(key_id, owner))?)
}
