//! Signs requests.

use super::body_of;
use super::headers::{Headers, fields};
use crate::arguments::{Arg, Parameters, Rest};
use crate::error::{Result, malformed_argument};
use crate::interpreter::{Given, Method};
use crate::key::Key;
use crate::value::walk_options;
use crate::work::work;
use counterseal_shared as shared;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use std::ffi::CStr;

/// Signs HTTP requests with one key (RFC 9421): method, authority, path, query, body, and the fields that say what the body is.
///
/// extra_fields are names of header fields in lower case that are always covered, the same on both sides; body_limit is the largest body in
/// bytes (1 MiB).
///
/// Raises CountersealError: malformed_argument, payload_too_large, revoked_key, inactive_key.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct RequestSigner(shared::RequestSigner);

#[pymethods]
impl RequestSigner {
    #[new]
    #[pyo3(
        signature = (key=Arg::ABSENT, /, *more, **options),
        text_signature = "(key, *, extra_fields=None, body_limit=None)"
    )]
    fn new(key: Arg<'_, '_>, more: &Bound<'_, PyTuple>, options: Option<&Bound<'_, PyDict>>) -> Result<Self> {
        let rest = Rest::new(more, options);
        let key = rest.with_options("key", key)?;
        let key = &key.instance::<Key>("key", "a Key")?.get().0;
        Ok(Self(shared::RequestSigner::new(key, &walk_options(options)?)?))
    }
}

/// `RequestSigner.sign`
pub(super) struct Sign;

impl Method for Sign {
    type Class = RequestSigner;
    const NAME: &'static CStr = c"sign";
    const DOC: &'static CStr =
        c"sign($self, method, url, *, headers=(), body=b\"\", now=None, nonce=None)\n--\n\n\
        The header fields to add to a request, a list of names and values: sign it as it will be sent, and each attempt anew. headers are those \
        that it already has, as a list of pairs or a dict.";

    fn call<'py>(this: &RequestSigner, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<6> =
            Parameters::new(2, ["method", "url", "headers", "body", "now", "nonce"]);
        let &[method, url, headers, body, now, nonce] = PARAMETERS.bind(given, &mut Default::default())?;
        let (method, url) = (method.text_or_bytes("method")?, url.text_or_bytes("url")?);
        let headers = headers_of(headers)?;
        let lines = headers.lines()?.map_err(malformed_argument)?;
        let (fields, body) = (fields(&lines), body_of(body)?);
        let (now, nonce) = (now.seconds("now")?, nonce.optional_text("nonce")?);
        let added = work(given.py(), body.len(), || this.0.sign(&method, &url, &fields, &body, now, nonce))?;
        Ok(PyList::new(given.py(), added)?.into_any())
    }
}

fn headers_of<'py>(headers: Arg<'_, 'py>) -> Result<Headers<'py>> {
    let Some(given) = headers.0 else { return Ok(Headers::default()) };
    Headers::of_pairs_or_dict(&given).map_err(malformed_argument)
}
