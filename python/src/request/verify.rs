//! Verifies requests.

use super::head::Head;
use super::pending::PendingRequest;
use super::verified::{evidence, settle};
use crate::arguments::{Arg, Parameters, Rest};
use crate::error::Result;
use crate::guard::Chosen;
use crate::interpreter::{Given, Method};
use crate::key::Keyring;
use crate::store::{Outcome, Store, Wait};
use crate::value::walk_options;
use crate::work::work;
use counterseal_shared as shared;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyTuple};
use std::ffi::CStr;

/// Verifies HTTP requests under a keyring: signature, body, age, caller, and that each nonce comes once.
///
/// authorities name this server as its callers reach it ("https://host", "http://host:port"; https if none is named). guard is a
/// MemoryReplayGuard, which a server gives a start, or a SharedReplayGuard; absent, it is one in memory of its own, which begins empty and so
/// knows nothing of what came before.
/// extra_fields are names of header fields in lower case that are always covered, max_age and max_ahead seconds (60 and 5), allow a list of
/// owners (absent: any), trust a policy as Trust takes it, as a dict, with callee, which server of it this is; body_limit is in bytes (1 MiB).
///
/// Raises CountersealError, whose code says which check failed.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct RequestVerifier {
    verifier: shared::RequestVerifier,
    /// Where its guard is, if not in this process.
    store: Option<Store>,
}

#[pymethods]
impl RequestVerifier {
    #[new]
    #[pyo3(
        signature = (keyring=Arg::ABSENT, /, *more, guard=Arg::ABSENT, **options),
        text_signature = "(keyring, *, authorities, guard=None, extra_fields=None, max_age=None, max_ahead=None, allow=None, trust=None, callee=None, body_limit=None)"
    )]
    fn new(
        keyring: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        guard: Arg<'_, '_>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> Result<Self> {
        let rest = Rest::new(more, options);
        let keyring = rest.with_options("keyring", keyring)?;
        let keyring = &keyring.instance::<Keyring>("keyring", "a Keyring")?.get().0;
        let (guard, options) = (guard.guard("guard")?, walk_options(options)?);
        Ok(match guard {
            Chosen::Memory(guard) => {
                Self { verifier: shared::RequestVerifier::new(keyring, guard, &options)?, store: None }
            }
            Chosen::Shared(guard) => Self {
                verifier: shared::RequestVerifier::shared(keyring, &guard.get().0, &options)?,
                store: Some(Store::new(guard)),
            },
        })
    }
}

impl RequestVerifier {
    #[inline(always)]
    fn verify<'py>(&self, given: &Given<'_, 'py>, wait: Wait) -> Result<Outcome<'py>> {
        static PARAMETERS: Parameters<5> = Parameters::new(2, ["method", "target", "headers", "body", "now"]);
        let &[method, target, headers, body, now] = PARAMETERS.bind(given, &mut Default::default())?;
        let (body, now) = (body.bytes("body")?, now.seconds("now")?);
        let (py, head) = (given.py(), Head { method, target, headers });
        let Some(store) = &self.store else {
            let verified =
                head.judge(|head| work(py, body.len(), || self.verifier.verify(head, &body, now)))?;
            return Ok(Outcome::Verified(evidence(py, verified)?));
        };
        store.check_wait(py, wait)?;
        let claiming =
            head.judge(|head| work(py, body.len(), || self.verifier.authenticate(head, &body, now)))?;
        store.claim(py, claiming, settle)
    }
}

/// `RequestVerifier.verify`
pub(super) struct Verify;

impl Method for Verify {
    type Class = RequestVerifier;
    const NAME: &'static CStr = c"verify";
    const DOC: &'static CStr = c"verify($self, method, target, *, headers, body, now=None)\n--\n\n\
        Verifies a request whose body is all there, empty as it may be. target is what the request line says, raw, with path and query; headers are all its fields, \
        a list or tuple of pairs in order, \":authority\" of HTTP/2 among them.";

    fn call<'py>(this: &RequestVerifier, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        this.verify(given, Wait::Here)?.waited_for()
    }
}

/// `RequestVerifier.verify_async`
pub(super) struct VerifyAsync;

impl Method for VerifyAsync {
    type Class = RequestVerifier;
    const NAME: &'static CStr = c"verify_async";
    const DOC: &'static CStr = c"verify_async($self, method, target, *, headers, body, now=None)\n--\n\n\
        As verify, with any guard; the evidence, or the refusal, is awaited.";

    fn call<'py>(this: &RequestVerifier, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        Outcome::awaited(given.py(), this.verify(given, Wait::Awaited))
    }
}

/// `RequestVerifier.begin`
pub(super) struct Begin;

impl Method for Begin {
    type Class = RequestVerifier;
    const NAME: &'static CStr = c"begin";
    const DOC: &'static CStr = c"begin($self, method, target, *, headers, now=None)\n--\n\n\
        Verifies the head of a request whose body is still to come: what is forged is refused before its body is read. Give the body's pieces to \
        update() of what this returns; the request is verified when its finish() returns, or finish_async() awaited.";

    fn call<'py>(this: &RequestVerifier, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<4> = Parameters::new(2, ["method", "target", "headers", "now"]);
        let &[method, target, headers, now] = PARAMETERS.bind(given, &mut Default::default())?;
        let now = now.seconds("now")?;
        let pending = Head { method, target, headers }.judge(|head| this.verifier.begin(head, now))?;
        let store = this.store.as_ref().map(|store| store.clone_ref(given.py()));
        Ok(Bound::new(given.py(), PendingRequest::new(pending, store))?.into_any())
    }
}

/// `RequestVerifier.claimed_key_id`
pub(super) struct ClaimedKeyId;

impl Method for ClaimedKeyId {
    type Class = RequestVerifier;
    const NAME: &'static CStr = c"claimed_key_id";
    const DOC: &'static CStr = c"claimed_key_id($self, method, target, *, headers)\n--\n\n\
        The id of the key that a request names, or None where its signature has another form. Nobody has proved to hold it: it is for the log of a \
        refusal.";

    fn call<'py>(_: &RequestVerifier, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<3> = Parameters::new(2, ["method", "target", "headers"]);
        let &[method, target, headers] = PARAMETERS.bind(given, &mut Default::default())?;
        let claimed = Head { method, target, headers }.judge(|head| Ok(head.claimed_key_id()))?;
        Ok(claimed.into_pyobject(given.py()).map_err(PyErr::from)?)
    }
}

/// `RequestVerifier.is_exempt`
pub(super) struct IsExempt;

impl Method for IsExempt {
    type Class = RequestVerifier;
    const NAME: &'static CStr = c"is_exempt";
    const DOC: &'static CStr = c"is_exempt($self, path)\n--\n\n\
        Whether the policy lets anyone call this path, raw and without its query, signed or not. What is not signed has no caller.";

    fn call<'py>(this: &RequestVerifier, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<1> = Parameters::new(1, ["path"]);
        let &[path] = PARAMETERS.bind(given, &mut Default::default())?;
        let path = path.outside_text("path")?;
        // A peer chose the path: what is not UTF-8 is none that a policy names.
        let is_exempt = str::from_utf8(&path).is_ok_and(|path| this.verifier.is_exempt(path));
        Ok(PyBool::new(given.py(), is_exempt).to_owned().into_any())
    }
}
