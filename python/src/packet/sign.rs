//! Signs packets.

use crate::arguments::{Arg, Parameters, Rest};
use crate::error::Result;
use crate::interpreter::{Given, Method};
use crate::key::Key;
use crate::object::parse;
use crate::value::{Walk, in_words, walk_options, walk_payload};
use crate::work::work;
use counterseal_shared::{self as shared, Body, Sealed};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use std::ffi::CStr;

/// Signs packets with one key. body_limit is the largest payload in bytes (1 MiB).
///
/// Every call takes the context, which is signed and never sent, and for tests now (Unix seconds) and nonce.
///
/// Raises CountersealError: malformed_argument, malformed_payload, payload_too_large, revoked_key, inactive_key.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct PacketSigner(shared::PacketSigner);

#[pymethods]
impl PacketSigner {
    #[new]
    #[pyo3(signature = (key=Arg::ABSENT, /, *more, **options), text_signature = "(key, *, body_limit=None)")]
    fn new(key: Arg<'_, '_>, more: &Bound<'_, PyTuple>, options: Option<&Bound<'_, PyDict>>) -> Result<Self> {
        let rest = Rest::new(more, options);
        let key = rest.with_options("key", key)?;
        let key = &key.instance::<Key>("key", "a Key")?.get().0;
        Ok(Self(shared::PacketSigner::new(key, &walk_options(options)?)?))
    }
}

/// Signs a JSON value, and makes of the sealed packet what `then` makes of it.
fn sign_value<'py>(
    signer: &PacketSigner,
    given: &Given<'_, 'py>,
    then: impl FnOnce(Python<'py>, &Sealed<'_>) -> Result<Bound<'py, PyAny>>,
) -> Result<Bound<'py, PyAny>> {
    static PARAMETERS: Parameters<4> = Parameters::new(1, ["payload", "context", "now", "nonce"]);
    let &[payload, context, now, nonce] = PARAMETERS.bind(given, &mut Default::default())?;
    let payload = payload.required("payload", "a JSON value")?;
    let (context, now, nonce) =
        (context.text("context")?, now.seconds("now")?, nonce.optional_text("nonce")?);
    let Walk { text, refusal } = walk_payload(&payload, signer.0.text_limit())?;
    let sealed = work(given.py(), text.len(), || signer.0.seal_json(text.as_bytes(), context, now, nonce));
    then(given.py(), &sealed.map_err(|error| in_words(error, refusal))?)
}

/// `PacketSigner.sign`
pub(crate) struct Sign;

impl Method for Sign {
    type Class = PacketSigner;
    const NAME: &'static CStr = c"sign";
    const DOC: &'static CStr = c"sign($self, payload, *, context, now=None, nonce=None)\n--\n\n\
        Signs a JSON value; the packet is a dict, ready for any JSON transport.";

    fn call<'py>(this: &PacketSigner, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        sign_value(this, given, packet)
    }
}

/// `PacketSigner.sign_text`
pub(crate) struct SignText;

impl Method for SignText {
    type Class = PacketSigner;
    const NAME: &'static CStr = c"sign_text";
    const DOC: &'static CStr = c"sign_text($self, payload, *, context, now=None, nonce=None)\n--\n\n\
        Signs a JSON value; the packet is text.";

    fn call<'py>(this: &PacketSigner, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        sign_value(this, given, |py, sealed| Ok(PyString::new(py, &sealed.to_text()).into_any()))
    }
}

/// `PacketSigner.sign_json`
pub(crate) struct SignJson;

impl Method for SignJson {
    type Class = PacketSigner;
    const NAME: &'static CStr = c"sign_json";
    const DOC: &'static CStr = c"sign_json($self, payload_json, *, context, now=None, nonce=None)\n--\n\n\
        Signs a payload that is JSON text already; the packet is text.";

    fn call<'py>(this: &PacketSigner, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<4> = Parameters::new(1, ["payload_json", "context", "now", "nonce"]);
        let &[payload, context, now, nonce] = PARAMETERS.bind(given, &mut Default::default())?;
        let (text, context) = (payload.outside_text("payload_json")?, context.text("context")?);
        let (now, nonce) = (now.seconds("now")?, nonce.optional_text("nonce")?);
        let signed = work(given.py(), text.len(), || this.0.sign_json(&text, context, now, nonce))?;
        Ok(PyString::new(given.py(), &signed).into_any())
    }
}

/// `PacketSigner.sign_bytes`
pub(crate) struct SignBytes;

impl Method for SignBytes {
    type Class = PacketSigner;
    const NAME: &'static CStr = c"sign_bytes";
    const DOC: &'static CStr = c"sign_bytes($self, data, *, context, now=None, nonce=None)\n--\n\n\
        Signs bytes; the packet is a dict.";

    fn call<'py>(this: &PacketSigner, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<4> = Parameters::new(1, ["data", "context", "now", "nonce"]);
        let &[data, context, now, nonce] = PARAMETERS.bind(given, &mut Default::default())?;
        let (data, context) = (data.bytes("data")?, context.text("context")?);
        let (now, nonce) = (now.seconds("now")?, nonce.optional_text("nonce")?);
        let signed = work(given.py(), data.len(), || this.0.sign_bytes(&data, context, now, nonce))?;
        parse(given.py(), &signed)
    }
}

/// `PacketSigner.sign_parts`
pub(crate) struct SignParts;

impl Method for SignParts {
    type Class = PacketSigner;
    const NAME: &'static CStr = c"sign_parts";
    const DOC: &'static CStr = c"sign_parts($self, *, kind, body, context, now=None, nonce=None)\n--\n\n\
        Signs the parts of a packet that travels in another shape; a dict of ts, nonce and sig. \
        kind is \"json\" (canonical text) or \"bytes\".";

    fn call<'py>(this: &PacketSigner, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<5> = Parameters::new(0, ["kind", "body", "context", "now", "nonce"]);
        let &[kind, body, context, now, nonce] = PARAMETERS.bind(given, &mut Default::default())?;
        let (kind, body) = (kind.text("kind")?, body.bytes("body")?);
        let (context, now, nonce) =
            (context.text("context")?, now.seconds("now")?, nonce.optional_text("nonce")?);
        let signature = work(given.py(), body.len(), || this.0.sign_parts(kind, &body, context, now, nonce))?;
        Ok(parts(given.py(), &signature)?.into_any())
    }
}

/// A sealed packet as a dict. Its payload is read from the text that was signed, apart: it may be as deep as the reader goes.
pub(crate) fn packet<'py>(py: Python<'py>, sealed: &Sealed<'_>) -> Result<Bound<'py, PyAny>> {
    let packet = PyDict::new(py);
    packet.set_item(intern!(py, "v"), 1)?;
    packet.set_item(intern!(py, "kid"), sealed.key_id())?;
    packet.set_item(intern!(py, "ts"), sealed.timestamp().seconds())?;
    packet.set_item(intern!(py, "nonce"), sealed.nonce().as_str())?;
    if let Body::Json(text) = sealed.body() {
        packet.set_item(intern!(py, "payload"), parse(py, text)?)?;
    }
    packet.set_item(intern!(py, "sig"), sealed.sig())?;
    Ok(packet.into_any())
}

fn parts<'py>(py: Python<'py>, signature: &shared::Signature) -> Result<Bound<'py, PyDict>> {
    let parts = PyDict::new(py);
    parts.set_item(intern!(py, "ts"), signature.timestamp as u64)?;
    parts.set_item(intern!(py, "nonce"), &signature.nonce)?;
    parts.set_item(intern!(py, "sig"), &signature.sig)?;
    Ok(parts)
}
