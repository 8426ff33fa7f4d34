//! Signs packets.

use super::text_limit;
use crate::arguments::{Arg, Rest};
use crate::error::Result;
use crate::key::Key;
use crate::object::parse_packet;
use crate::value::{Walk, in_words, walk_options, walk_payload};
use crate::work::work;
use counterseal_shared as shared;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// Signs packets with one key. body_limit is the largest payload in bytes (1 MiB).
///
/// Every call takes the context, which is signed and never sent, and for tests now (Unix seconds) and nonce.
///
/// Raises CountersealError: malformed_argument, malformed_payload, payload_too_large, revoked_key, inactive_key.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct PacketSigner {
    signer: shared::PacketSigner,
    text_limit: usize,
}

#[pymethods]
impl PacketSigner {
    #[new]
    #[pyo3(signature = (key=Arg::ABSENT, /, *more, **options), text_signature = "(key, *, body_limit=None)")]
    fn new(key: Arg<'_>, more: &Bound<'_, PyTuple>, options: Option<&Bound<'_, PyDict>>) -> Result<Self> {
        let key = Rest { more, named: options }.with_options("key", key)?;
        let signer = shared::PacketSigner::new(
            &key.instance::<Key>("key", "a Key")?.get().0,
            &walk_options(options)?,
        )?;
        Ok(Self { signer, text_limit: text_limit(options)? })
    }

    /// Signs a JSON value; the packet is a dict, ready for any JSON transport.
    #[pyo3(
        signature = (payload=Arg::ABSENT, /, *more, context=Arg::ABSENT, now=Arg::ABSENT, nonce=Arg::ABSENT, **named),
        text_signature = "($self, payload, *, context, now=None, nonce=None)"
    )]
    fn sign<'py>(
        &self,
        py: Python<'py>,
        payload: Arg<'py>,
        more: &Bound<'py, PyTuple>,
        context: Arg<'py>,
        now: Arg<'py>,
        nonce: Arg<'py>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> Result<Bound<'py, PyAny>> {
        parse_packet(py, &self.sign_text(py, payload, more, context, now, nonce, named)?)
    }

    /// Signs a JSON value; the packet is text.
    #[pyo3(
        signature = (payload=Arg::ABSENT, /, *more, context=Arg::ABSENT, now=Arg::ABSENT, nonce=Arg::ABSENT, **named),
        text_signature = "($self, payload, *, context, now=None, nonce=None)"
    )]
    fn sign_text<'py>(
        &self,
        py: Python<'py>,
        payload: Arg<'py>,
        more: &Bound<'py, PyTuple>,
        context: Arg<'py>,
        now: Arg<'py>,
        nonce: Arg<'py>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> Result<String> {
        let payload = Rest { more, named }.only("payload", payload, "payload, context, now, nonce")?;
        let payload = payload.required("payload", "a JSON value")?;
        let (context, now, nonce) =
            (context.text("context")?, now.seconds("now")?, nonce.optional_text("nonce")?);
        let Walk { text, refusal } = walk_payload(payload, self.text_limit)?;
        let signed = work(py, text.len(), || self.signer.sign_json(text.as_bytes(), context, now, nonce));
        Ok(signed.map_err(|error| in_words(error, refusal))?)
    }

    /// Signs a payload that is JSON text already; the packet is text.
    #[pyo3(
        signature = (payload_json=Arg::ABSENT, /, *more, context=Arg::ABSENT, now=Arg::ABSENT, nonce=Arg::ABSENT, **named),
        text_signature = "($self, payload_json, *, context, now=None, nonce=None)"
    )]
    fn sign_json<'py>(
        &self,
        py: Python<'py>,
        payload_json: Arg<'py>,
        more: &Bound<'py, PyTuple>,
        context: Arg<'py>,
        now: Arg<'py>,
        nonce: Arg<'py>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> Result<String> {
        let payload =
            Rest { more, named }.only("payload_json", payload_json, "payload_json, context, now, nonce")?;
        let (text, context, now, nonce) = (
            payload.outside_text("payload_json")?,
            context.text("context")?,
            now.seconds("now")?,
            nonce.optional_text("nonce")?,
        );
        Ok(work(py, text.len(), || self.signer.sign_json(&text, context, now, nonce))?)
    }

    /// Signs bytes; the packet is a dict.
    #[pyo3(
        signature = (data=Arg::ABSENT, /, *more, context=Arg::ABSENT, now=Arg::ABSENT, nonce=Arg::ABSENT, **named),
        text_signature = "($self, data, *, context, now=None, nonce=None)"
    )]
    fn sign_bytes<'py>(
        &self,
        py: Python<'py>,
        data: Arg<'py>,
        more: &Bound<'py, PyTuple>,
        context: Arg<'py>,
        now: Arg<'py>,
        nonce: Arg<'py>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> Result<Bound<'py, PyAny>> {
        let data = Rest { more, named }.only("data", data, "data, context, now, nonce")?;
        let (data, context, now, nonce) = (
            data.bytes("data")?,
            context.text("context")?,
            now.seconds("now")?,
            nonce.optional_text("nonce")?,
        );
        parse_packet(py, &work(py, data.len(), || self.signer.sign_bytes(&data, context, now, nonce))?)
    }

    /// Signs the parts of a packet that travels in another shape; a dict of ts, nonce and sig. kind is "json" (canonical text) or "bytes".
    #[pyo3(
        signature = (*more, kind=Arg::ABSENT, body=Arg::ABSENT, context=Arg::ABSENT, now=Arg::ABSENT, nonce=Arg::ABSENT, **named),
        text_signature = "($self, *, kind, body, context, now=None, nonce=None)"
    )]
    fn sign_parts<'py>(
        &self,
        py: Python<'py>,
        more: &Bound<'py, PyTuple>,
        kind: Arg<'py>,
        body: Arg<'py>,
        context: Arg<'py>,
        now: Arg<'py>,
        nonce: Arg<'py>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> Result<Bound<'py, PyDict>> {
        Rest { more, named }.nothing("kind, body, context, now, nonce")?;
        let (kind, body) = (kind.text("kind")?, body.bytes("body")?);
        let (context, now, nonce) =
            (context.text("context")?, now.seconds("now")?, nonce.optional_text("nonce")?);
        signature(py, &work(py, body.len(), || self.signer.sign_parts(kind, &body, context, now, nonce))?)
    }
}

fn signature<'py>(py: Python<'py>, signature: &shared::Signature) -> Result<Bound<'py, PyDict>> {
    let parts = PyDict::new(py);
    parts.set_item(intern!(py, "ts"), signature.timestamp as u64)?;
    parts.set_item(intern!(py, "nonce"), &signature.nonce)?;
    parts.set_item(intern!(py, "sig"), &signature.sig)?;
    Ok(parts)
}
