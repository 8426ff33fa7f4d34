//! Faults on their way to Python: the SDK's own become `CountersealError`, the interpreter's (no memory, an interrupt) pass as they are.

use counterseal_shared::{Error, ErrorCode};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// What ends a call early. Boxed, so that the results of calls that go well travel in registers.
pub(crate) struct Fault(Box<Cause>);

enum Cause {
    Sdk(Error),
    Python(PyErr),
}

pub(crate) type Result<T, E = Fault> = std::result::Result<T, E>;

/// A mistake in the call itself, which names the argument and what is allowed.
#[cold]
pub(crate) fn malformed_argument(detail: String) -> Fault {
    Error::new(ErrorCode::MalformedArgument, detail).into()
}

/// The exception object that stands for `error`.
pub(crate) fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let code = error.code();
    class(py)?.call1((code.as_str(), error.detail(), code.class().as_str(), code.status()))
}

/// The code of a `CountersealError`; `None` if it is none.
pub(crate) fn code_of(error: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    if !error.is_instance(class(error.py())?)? {
        return Ok(None);
    }
    Ok(error.getattr("code").and_then(|code| code.extract()).ok())
}

impl From<Error> for Fault {
    #[cold]
    fn from(error: Error) -> Self {
        Self(Box::new(Cause::Sdk(error)))
    }
}

impl From<PyErr> for Fault {
    #[cold]
    fn from(error: PyErr) -> Self {
        Self(Box::new(Cause::Python(error)))
    }
}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        match *fault.0 {
            Cause::Sdk(error) => {
                Python::attach(|py| exception(py, &error).map_or_else(|error| error, PyErr::from_value))
            }
            Cause::Python(error) => error,
        }
    }
}

fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "counterseal.errors", "CountersealError")
}
