//! The functions that need no object.

use crate::arguments::{Arg, Rest};
use crate::error::{Result, code_of};
use crate::key::Secret;
use crate::object::parse;
use crate::work::work;
use counterseal_shared as shared;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

/// Derives a secret from a master secret (text, bytes or Secret), by HKDF-SHA256 over purpose, owner and key id.
///
/// Raises CountersealError: malformed_argument; malformed_key, weak_secret for the master.
#[pyfunction]
#[pyo3(
    signature = (master=Arg::ABSENT, /, *more, purpose=Arg::ABSENT, owner=Arg::ABSENT, key_id=Arg::ABSENT, **named),
    text_signature = "(master, *, purpose, owner, key_id)"
)]
pub(crate) fn derive<'py>(
    master: Arg<'_, 'py>,
    more: &Bound<'py, PyTuple>,
    purpose: Arg<'_, 'py>,
    owner: Arg<'_, 'py>,
    key_id: Arg<'_, 'py>,
    named: Option<&Bound<'py, PyDict>>,
) -> Result<Secret> {
    let rest = Rest::new(more, named);
    let master = rest.only("master", master, "master, purpose, owner, key_id")?;
    let (purpose, owner, key_id) = (purpose.text("purpose")?, owner.text("owner")?, key_id.text("key_id")?);
    Ok(Secret(shared::derive(&master.secret("master")?, purpose, owner, key_id)?))
}

/// The RFC 8785 form of JSON text (str or UTF-8 bytes).
///
/// Raises CountersealError: malformed_payload.
#[pyfunction]
#[pyo3(signature = (text=Arg::ABSENT, /, *more, **named), text_signature = "(text)")]
pub(crate) fn canonical_json<'py>(
    py: Python<'py>,
    text: Arg<'_, 'py>,
    more: &Bound<'py, PyTuple>,
    named: Option<&Bound<'py, PyDict>>,
) -> Result<String> {
    let rest = Rest::new(more, named);
    let text = rest.only("text", text, "text")?;
    let text = text.outside_text("text")?;
    Ok(work(py, text.len(), || shared::canonical_json(&text))?)
}

/// A nonce: 16 random bytes in base64url.
#[pyfunction]
#[pyo3(signature = (*more, **named), text_signature = "()")]
pub(crate) fn generate_nonce(more: &Bound<'_, PyTuple>, named: Option<&Bound<'_, PyDict>>) -> Result<String> {
    Rest::new(more, named).nothing("none")?;
    Ok(shared::generate_nonce()?)
}

/// Every code: a list of dicts of code, class, status and sentence.
#[pyfunction]
#[pyo3(signature = (*more, **named), text_signature = "()")]
pub(crate) fn error_list<'py>(
    py: Python<'py>,
    more: &Bound<'py, PyTuple>,
    named: Option<&Bound<'py, PyDict>>,
) -> Result<Bound<'py, PyList>> {
    Rest::new(more, named).nothing("none")?;
    let codes = shared::error_list().into_iter().map(|info| {
        let code = PyDict::new(py);
        code.set_item("code", info.code)?;
        code.set_item("class", info.class)?;
        code.set_item("status", info.status)?;
        code.set_item("sentence", info.sentence)?;
        Ok(code)
    });
    Ok(PyList::new(py, codes.collect::<PyResult<Vec<_>>>()?)?)
}

/// What a peer may learn of a refusal: a dict of class and status, and where a packet's age was refused, now, this side's clock.
///
/// Raises CountersealError: malformed_argument.
#[pyfunction]
#[pyo3(signature = (error=Arg::ABSENT, /, *more, now=Arg::ABSENT, **named), text_signature = "(error, *, now=None)")]
pub(crate) fn refusal<'py>(
    py: Python<'py>,
    error: Arg<'_, 'py>,
    more: &Bound<'py, PyTuple>,
    now: Arg<'_, 'py>,
    named: Option<&Bound<'py, PyDict>>,
) -> Result<Bound<'py, PyAny>> {
    let rest = Rest::new(more, named);
    let error = rest.only("error", error, "error, now")?;
    let sent = error.required("error", ERROR_RULE)?;
    let code = code_of(&sent)?.ok_or_else(|| error.wrong("error", ERROR_RULE))?;
    parse(py, &shared::refusal(&code, now.seconds("now")?)?)
}

const ERROR_RULE: &str = "a CountersealError";
