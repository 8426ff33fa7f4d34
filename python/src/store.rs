//! What lies between a good signature and the evidence where the guard is in a store: the store's answer, waited for or awaited.

use crate::arguments::Arg;
use crate::error::{Result, malformed_argument};
use crate::guard::SharedReplayGuard;
use counterseal_shared::{Claiming, StoreAnswer};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::{Mutex, PoisonError};

/// A verifier's guard in a store.
pub(crate) struct Store(Py<SharedReplayGuard>);

/// Who waits for the store.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Wait {
    /// The call.
    Here,
    /// Who awaits what the call returns.
    Awaited,
}

/// How far a call came by itself.
pub(crate) enum Outcome<'py> {
    Verified(Bound<'py, PyAny>),
    Claim(Bound<'py, Claim>),
}

/// What passed checks 1 to 7, on its way to the store.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct Claim {
    guard: Py<SharedReplayGuard>,
    #[pyo3(get)]
    keys: Vec<String>,
    #[pyo3(get)]
    arguments: Vec<String>,
    settle: Mutex<Option<Settle>>,
}

/// What the store's answer makes of a claim.
type Settle = Box<dyn for<'py> FnOnce(Python<'py>, StoreAnswer<'_>) -> Result<Bound<'py, PyAny>> + Send>;

impl Store {
    pub(crate) fn new(guard: Borrowed<'_, '_, SharedReplayGuard>) -> Self {
        Self(guard.to_owned().unbind())
    }

    pub(crate) fn clone_ref(&self, py: Python<'_>) -> Self {
        Self(self.0.clone_ref(py))
    }

    /// Whether this guard can be waited for in that way: the caller's own argument, so it is judged before what a peer sent.
    pub(crate) fn check_wait(&self, py: Python<'_>, wait: Wait) -> Result<()> {
        if wait == Wait::Here && !self.0.bind(py).hasattr(intern!(py, "ask"))? {
            return Err(malformed_argument(AWAITED.to_owned()));
        }
        Ok(())
    }

    /// A claim, to be settled once the store has answered.
    pub(crate) fn claim<'py, A: Send + 'static>(
        &self,
        py: Python<'py>,
        claiming: Claiming<A>,
        settle: impl for<'a> FnOnce(Python<'a>, Claiming<A>, StoreAnswer<'_>) -> Result<Bound<'a, PyAny>>
        + Send
        + 'static,
    ) -> Result<Outcome<'py>> {
        let (keys, arguments) = (claiming.keys(), claiming.arguments());
        let settle: Settle = Box::new(move |py, answer| settle(py, claiming, answer));
        let claim = Claim { guard: self.0.clone_ref(py), keys, arguments, settle: Mutex::new(Some(settle)) };
        Ok(Outcome::Claim(Bound::new(py, claim)?))
    }
}

impl<'py> Outcome<'py> {
    /// The evidence, once the store has answered.
    #[inline]
    pub(crate) fn waited_for(self) -> Result<Bound<'py, PyAny>> {
        match self {
            Self::Verified(verified) => Ok(verified),
            Self::Claim(claim) => claim.get().ask(claim.py()),
        }
    }

    /// The evidence or the refusal, to be awaited.
    pub(crate) fn awaited(py: Python<'py>, outcome: Result<Self>) -> Result<Bound<'py, PyAny>> {
        static VERIFIED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        static CLAIMED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        static REFUSED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        Ok(match outcome {
            Ok(Self::Verified(verified)) => VERIFIED.import(py, MODULE, "verified")?.call1((verified,))?,
            Ok(Self::Claim(claim)) => {
                let guard = claim.get().guard.clone_ref(py);
                CLAIMED.import(py, MODULE, "claimed")?.call1((guard, claim))?
            }
            Err(fault) => REFUSED.import(py, MODULE, "refused")?.call1((PyErr::from(fault),))?,
        })
    }
}

#[pymethods]
impl Claim {
    /// The evidence that the store's answer makes of it, once.
    fn settle<'py>(&self, py: Python<'py>, answer: Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>> {
        let settle = self.settle.lock().unwrap_or_else(PoisonError::into_inner).take();
        let settle = settle.ok_or_else(|| malformed_argument(SETTLED.to_owned()))?;
        let answer = Arg(Some(answer.as_borrowed()));
        match answer.peer_text() {
            Some(words) => settle(py, Err(words)),
            None => settle(py, Ok(answer.sent_integer("answer")?)),
        }
    }
}

impl Claim {
    fn ask<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        let guard = self.guard.bind(py);
        let answer = guard.call_method1(intern!(py, "ask"), (self.keys.clone(), self.arguments.clone()))?;
        self.settle(py, answer)
    }
}

const MODULE: &str = "counterseal._awaited";
const AWAITED: &str = "guard: this guard is awaited: use verify_async, verify_parts_async or finish_async";
const SETTLED: &str = "the store's answer was given before";
