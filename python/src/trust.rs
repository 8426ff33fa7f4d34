//! `Trust`.

use crate::arguments::{Arg, Parameters, Rest};
use crate::error::{Result, malformed_argument};
use crate::interpreter::{self, Given, Method};
use crate::text::outside_text;
use crate::value::{OPTIONS_LIMIT, walk_payload};
use counterseal_shared as shared;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyTuple};
use std::borrow::Cow;
use std::ffi::CStr;

/// Adds the methods that a server calls for each request.
pub(crate) fn add_methods(py: Python<'_>) -> PyResult<()> {
    interpreter::add::<Check>(py)?;
    interpreter::add::<IsExempt>(py)
}

/// Who may call whom in a whole mesh, as data: a dict or JSON text. What it does not name is refused.
///
/// A member for each callee has rules, a list of {"callers": […], "methods": […], "paths": […]}, and exempt, a list of paths that anyone may
/// call. callers are owners of keys; methods are any if absent; paths are prefixes of whole segments, and all if absent.
///
/// Raises CountersealError: malformed_argument.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct Trust(shared::Trust);

#[pymethods]
impl Trust {
    #[new]
    #[pyo3(signature = (policy=Arg::ABSENT, /, *more, **named), text_signature = "(policy)")]
    fn new(
        policy: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        named: Option<&Bound<'_, PyDict>>,
    ) -> Result<Self> {
        let rest = Rest::new(more, named);
        let policy = rest.only("policy", policy, "policy")?;
        Ok(Self(shared::Trust::new(&policy_text(policy)?)?))
    }

    /// What the policy says of a callee, a sentence a rule and caller.
    #[pyo3(signature = (callee=Arg::ABSENT, /, *more, **named), text_signature = "($self, callee)")]
    fn explain(
        &self,
        callee: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        named: Option<&Bound<'_, PyDict>>,
    ) -> Result<Vec<String>> {
        Ok(self.0.explain(Rest::new(more, named).only("callee", callee, "callee")?.text("callee")?))
    }
}

/// `Trust.check`
struct Check;

impl Method for Check {
    type Class = Trust;
    const NAME: &'static CStr = c"check";
    const DOC: &'static CStr = c"check($self, callee, caller, method, path)\n--\n\n\
        Raises caller_not_allowed, in words, unless the caller may make this call. path is raw, without its query.";

    fn call<'py>(this: &Trust, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<4> = Parameters::new(4, ["callee", "caller", "method", "path"]);
        let &[callee, caller, method, path] = PARAMETERS.bind(given, &mut Default::default())?;
        let (callee, caller) = (callee.text("callee")?, caller.text("caller")?);
        let (method, path) = (method.text_or_bytes("method")?, path.text_or_bytes("path")?);
        this.0.check(callee, caller, &method, &path)?;
        Ok(given.py().None().into_bound(given.py()))
    }
}

/// `Trust.is_exempt`
struct IsExempt;

impl Method for IsExempt {
    type Class = Trust;
    const NAME: &'static CStr = c"is_exempt";
    const DOC: &'static CStr = c"is_exempt($self, callee, path)\n--\n\n\
        Whether anyone may call this path of the callee, raw and without its query, signed or not.";

    fn call<'py>(this: &Trust, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<2> = Parameters::new(2, ["callee", "path"]);
        let &[callee, path] = PARAMETERS.bind(given, &mut Default::default())?;
        let (callee, path) = (callee.text("callee")?, path.outside_text("path")?);
        // A peer chose the path: what is not UTF-8 is none that a policy names.
        let is_exempt = str::from_utf8(&path).is_ok_and(|path| this.0.is_exempt(callee, path));
        Ok(PyBool::new(given.py(), is_exempt).to_owned().into_any())
    }
}

/// The policy as JSON text; what it may say, the core judges.
fn policy_text<'a>(policy: Arg<'a, '_>) -> Result<Cow<'a, [u8]>> {
    let Some(dict) = policy.0.filter(|policy| policy.is_exact_instance_of::<PyDict>()) else {
        let text = policy.0.map(outside_text).transpose()?.flatten();
        return text.ok_or_else(|| policy.wrong("policy", "a dict, or JSON text as str or UTF-8 bytes"));
    };
    let walk = walk_payload(&dict, OPTIONS_LIMIT)?;
    match walk.refusal {
        Some(refusal) => Err(malformed_argument(format!("policy: {}", refusal.detail()))),
        None => Ok(Cow::Owned(walk.text.into_bytes())),
    }
}
