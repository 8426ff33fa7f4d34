//! A request whose body is still to come.

use super::verified::{evidence, settle};
use crate::arguments::Parameters;
use crate::error::Result;
use crate::interpreter::{Given, Method};
use crate::store::{Outcome, Store, Wait};
use crate::work::work;
use counterseal_shared as shared;
use pyo3::prelude::*;
use std::ffi::CStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A request whose signature was good, and whose body is still to come. It is not verified before finish() returns, or finish_async() awaited.
///
/// It is good for one body: after either, or a refusal, its methods raise malformed_argument.
///
/// Raises CountersealError, whose code says which check failed.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct PendingRequest {
    pending: Mutex<shared::PendingRequest>,
    /// Where its verifier's guard is, if not in this process.
    store: Option<Store>,
}

#[pymethods]
impl PendingRequest {
    /// Who holds the key that signed the head, or None after finish() or a refusal. Nothing is verified yet: it is for the log, should it be refused.
    #[getter]
    fn owner(&self) -> Option<String> {
        self.lock().owner().map(str::to_owned)
    }
}

impl PendingRequest {
    pub(super) fn new(pending: shared::PendingRequest, store: Option<Store>) -> Self {
        Self { pending: Mutex::new(pending), store }
    }

    /// Who holds it never waits for the interpreter meanwhile. What panics in it has used it up.
    fn lock(&self) -> MutexGuard<'_, shared::PendingRequest> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn finish<'py>(&self, given: &Given<'_, 'py>, wait: Wait) -> Result<Outcome<'py>> {
        static PARAMETERS: Parameters<1> = Parameters::new(0, ["now"]);
        let &[now] = PARAMETERS.bind(given, &mut Default::default())?;
        let (py, now) = (given.py(), now.seconds("now")?);
        let Some(store) = &self.store else {
            let verified = self.lock().finish(now)?;
            return Ok(Outcome::Verified(evidence(py, verified)?));
        };
        store.check_wait(py, wait)?;
        let claiming = self.lock().authenticate(now)?;
        store.claim(py, claiming, settle)
    }
}

/// `PendingRequest.announce`
pub(super) struct Announce;

impl Method for Announce {
    type Class = PendingRequest;
    const NAME: &'static CStr = c"announce";
    const DOC: &'static CStr = c"announce($self, count)\n--\n\n\
        Says how many bytes the body will have (Content-Length), before any of it is read. Raises payload_too_large where the limit does not allow them.";

    fn call<'py>(this: &PendingRequest, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<1> = Parameters::new(1, ["count"]);
        let &[count] = PARAMETERS.bind(given, &mut Default::default())?;
        let count = count.byte_count("count")?;
        this.lock().announce(count)?;
        Ok(given.py().None().into_bound(given.py()))
    }
}

/// `PendingRequest.update`
pub(super) struct Update;

impl Method for Update {
    type Class = PendingRequest;
    const NAME: &'static CStr = c"update";
    const DOC: &'static CStr = c"update($self, piece)\n--\n\n\
        Takes the next piece of the body, as it came. Raises payload_too_large once more has come than the limit allows.";

    fn call<'py>(this: &PendingRequest, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<1> = Parameters::new(1, ["piece"]);
        let &[piece] = PARAMETERS.bind(given, &mut Default::default())?;
        let piece = piece.bytes("piece")?;
        work(given.py(), piece.len(), || this.lock().update(&piece))?;
        Ok(given.py().None().into_bound(given.py()))
    }
}

/// `PendingRequest.finish`
pub(super) struct Finish;

impl Method for Finish {
    type Class = PendingRequest;
    const NAME: &'static CStr = c"finish";
    const DOC: &'static CStr = c"finish($self, *, now=None)\n--\n\n\
        Verifies the request, once its whole body has come: body, age, caller and nonce.";

    fn call<'py>(this: &PendingRequest, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        this.finish(given, Wait::Here)?.waited_for()
    }
}

/// `PendingRequest.finish_async`
pub(super) struct FinishAsync;

impl Method for FinishAsync {
    type Class = PendingRequest;
    const NAME: &'static CStr = c"finish_async";
    const DOC: &'static CStr = c"finish_async($self, *, now=None)\n--\n\n\
        As finish, with any guard; the evidence, or the refusal, is awaited.";

    fn call<'py>(this: &PendingRequest, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        Outcome::awaited(given.py(), this.finish(given, Wait::Awaited))
    }
}
