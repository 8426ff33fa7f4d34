//! A request whose body is still to come.

use super::verified::evidence;
use crate::arguments::Parameters;
use crate::error::Result;
use crate::interpreter::{Given, Method};
use crate::work::work;
use counterseal_shared::{self as shared, Error, ErrorCode};
use pyo3::prelude::*;
use std::ffi::CStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A request whose signature was good, and whose body is still to come. It is not verified before finish() returns.
///
/// It is good for one body: after finish(), or a refusal, its methods raise malformed_argument.
///
/// Raises CountersealError, whose code says which check failed.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct PendingRequest(Mutex<Option<shared::PendingRequest>>);

impl PendingRequest {
    pub(super) fn new(pending: shared::PendingRequest) -> Self {
        Self(Mutex::new(Some(pending)))
    }

    fn update(&self, piece: &[u8]) -> shared::Result<()> {
        let mut slot = self.lock();
        let mut pending = slot.take().ok_or_else(used)?;
        pending.update(piece)?;
        *slot = Some(pending);
        Ok(())
    }

    fn finish(&self, now: Option<f64>) -> shared::Result<shared::VerifiedRequest> {
        let mut pending = self.lock().take().ok_or_else(used)?;
        pending.finish(now)
    }

    /// Who holds it never waits for the interpreter meanwhile.
    fn lock(&self) -> MutexGuard<'_, Option<shared::PendingRequest>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        let [piece] = PARAMETERS.bind(given)?;
        let piece = piece.bytes("piece")?;
        work(given.py(), piece.len(), || this.update(&piece))?;
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
        static PARAMETERS: Parameters<1> = Parameters::new(0, ["now"]);
        let [now] = PARAMETERS.bind(given)?;
        evidence(given.py(), this.finish(now.seconds("now")?)?)
    }
}

#[cold]
fn used() -> Error {
    Error::new(
        ErrorCode::MalformedArgument,
        "this request was finished or refused already; begin the next one",
    )
}
