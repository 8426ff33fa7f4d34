//! `AuditLog` and the functions that read its files.

use crate::arguments::{Arg, Rest};
use crate::error::{Result, malformed_argument};
use crate::text::outside_text;
use crate::value::{walk_options, walk_payload};
use counterseal_shared::{self as shared, AuditEvent, AuditReport};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyList, PyString, PyTuple};
use std::borrow::Cow;
use std::path::PathBuf;

/// An append-only log of what was decided: a JSON record a line, each with the hash of the one before, in a file that one process writes.
///
/// secret makes the hashes HMACs, so that only who holds it can write a chain anew. A file that would exceed rotate_bytes (64 MiB) is set aside;
/// keep is how many of those stay (all); sync waits for the disk after each record (False). A line that a kill tore is cut off when the log is
/// opened again, and a record AUDIT_LOG_RECOVERED says so.
///
/// Raises CountersealError: malformed_argument, store_unavailable; malformed_key, weak_secret for the secret.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct AuditLog(shared::AuditLog);

#[pymethods]
impl AuditLog {
    #[new]
    #[pyo3(
        signature = (path=Arg::ABSENT, /, *more, secret=Arg::ABSENT, **options),
        text_signature = "(path, *, secret=None, rotate_bytes=None, keep=None, sync=None)"
    )]
    fn new<'py>(
        py: Python<'py>,
        path: Arg<'_, 'py>,
        more: &Bound<'py, PyTuple>,
        secret: Arg<'_, 'py>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> Result<Self> {
        let rest = Rest::new(more, options);
        let path = rest.with_options("path", path)?.path("path")?;
        let (secret, options) = (secret.optional_secret("secret")?, walk_options(options)?);
        Ok(Self(py.detach(|| shared::AuditLog::open(&path, secret.as_ref(), &options))?))
    }

    /// Adds a record. event is a name like "AUTH_FAILED"; user_id, action and resource are any text, cut to 256 bytes; metadata is a dict of at
    /// most 16 KiB as JSON. When it returns, the record is with the operating system; when it raises, what it told did not happen.
    #[pyo3(
        signature = (event=Arg::ABSENT, /, *more, user_id=Arg::ABSENT, action=Arg::ABSENT, resource=Arg::ABSENT, success=Arg::ABSENT, metadata=Arg::ABSENT, now=Arg::ABSENT, **named),
        text_signature = "($self, event, *, user_id=None, action, resource, success, metadata=None, now=None)"
    )]
    fn record<'py>(
        &self,
        py: Python<'py>,
        event: Arg<'_, 'py>,
        more: &Bound<'py, PyTuple>,
        user_id: Arg<'_, 'py>,
        action: Arg<'_, 'py>,
        resource: Arg<'_, 'py>,
        success: Arg<'_, 'py>,
        metadata: Arg<'_, 'py>,
        now: Arg<'_, 'py>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> Result<()> {
        let rest = Rest::new(more, named);
        let event = rest.only("event", event, RECORD)?;
        let user_id = if user_id.is_absent() { None } else { Some(user_id.any_text("user_id")?) };
        let metadata = metadata_text(metadata)?;
        let event = AuditEvent {
            event: event.text("event")?,
            user_id: user_id.as_deref(),
            action: &action.any_text("action")?,
            resource: &resource.any_text("resource")?,
            success: success.flag("success")?,
            metadata: metadata.as_bytes(),
        };
        let now = now.seconds("now")?;
        Ok(py.detach(|| self.0.record(&event, now))?)
    }

    /// Lets the files go. Closing twice does nothing.
    #[pyo3(signature = (*more, **named), text_signature = "($self)")]
    fn close(&self, more: &Bound<'_, PyTuple>, named: Option<&Bound<'_, PyDict>>) -> Result<()> {
        Rest::new(more, named).nothing("none")?;
        more.py().detach(|| self.0.close());
        Ok(())
    }

    /// The number and hash of the last record, "number:hash". Kept elsewhere, it shows later that nothing up to here was changed or cut off.
    #[getter]
    fn head(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.head())
    }

    fn __enter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    #[pyo3(signature = (*_raised))]
    fn __exit__(&self, _raised: &Bound<'_, PyTuple>) {
        _raised.py().detach(|| self.0.close());
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        py.detach(|| format!("{:?}", self.0))
    }
}

/// The files of the log that is written at this path, oldest first: those set aside, then the current one.
///
/// Raises CountersealError: malformed_argument.
#[pyfunction]
#[pyo3(signature = (path=Arg::ABSENT, /, *more, **named), text_signature = "(path)")]
pub(crate) fn audit_log_files<'py>(
    py: Python<'py>,
    path: Arg<'_, 'py>,
    more: &Bound<'py, PyTuple>,
    named: Option<&Bound<'py, PyDict>>,
) -> Result<Bound<'py, PyList>> {
    let rest = Rest::new(more, named);
    let files = shared::audit_log_files(&rest.only("path", path, "path")?.path("path")?)?;
    Ok(PyList::new(py, files.into_iter().map(PathBuf::into_os_string))?)
}

/// Verifies the files of a log, given oldest first, as audit_log_files lists them.
///
/// head is what AuditLog.head gave: the chain must hold it, and may have gone on since. continued lets the first file begin in the middle of the
/// chain. Gives records, first_seq, last_seq, head, torn_bytes and fault: None, or the first one with its path, line, reason and sentence.
///
/// Raises CountersealError: malformed_argument, store_unavailable; malformed_key, weak_secret for the secret.
#[pyfunction]
#[pyo3(
    signature = (paths=Arg::ABSENT, /, *more, secret=Arg::ABSENT, **options),
    text_signature = "(paths, *, secret=None, head=None, continued=None)"
)]
pub(crate) fn verify_audit_log<'py>(
    py: Python<'py>,
    paths: Arg<'_, 'py>,
    more: &Bound<'py, PyTuple>,
    secret: Arg<'_, 'py>,
    options: Option<&Bound<'py, PyDict>>,
) -> Result<Bound<'py, PyDict>> {
    let rest = Rest::new(more, options);
    let paths = rest.with_options("paths", paths)?.list("paths", "a list of str or os.PathLike")?;
    let paths = paths
        .iter()
        .map(|path| Arg(Some(path.as_borrowed())).path("each of paths"))
        .collect::<Result<Vec<_>>>()?;
    let (secret, options) = (secret.optional_secret("secret")?, walk_options(options)?);
    let report = py.detach(|| shared::verify_audit_log(&paths, secret.as_ref(), &options))?;
    Ok(report_of(py, report)?)
}

fn report_of(py: Python<'_>, report: AuditReport) -> PyResult<Bound<'_, PyDict>> {
    let fault = report.fault.map(|found| {
        let fault = PyDict::new(py);
        fault.set_item("path", found.path.into_os_string())?;
        fault.set_item("line", found.line)?;
        fault.set_item("reason", found.fault.as_str())?;
        fault.set_item("sentence", found.fault.sentence())?;
        PyResult::Ok(fault)
    });
    let told = PyDict::new(py);
    told.set_item("records", report.records)?;
    told.set_item("first_seq", report.first_seq)?;
    told.set_item("last_seq", report.last_seq)?;
    told.set_item("head", report.head)?;
    told.set_item("torn_bytes", report.torn_bytes)?;
    told.set_item("fault", fault.transpose()?)?;
    Ok(told)
}

/// The metadata as JSON text; whether it is an object, and short enough, the core judges.
fn metadata_text(metadata: Arg<'_, '_>) -> Result<String> {
    let Some(metadata) = metadata.0.filter(|metadata| !metadata.is_none()) else {
        return Ok("{}".to_string());
    };
    let walk = walk_payload(&metadata, METADATA_LIMIT)?;
    match walk.refusal {
        Some(refusal) => Err(malformed_argument(format!("metadata: {}", refusal.detail()))),
        None => Ok(walk.text),
    }
}

impl<'a> Arg<'a, '_> {
    /// A required argument that names a file.
    fn path(self, name: &str) -> Result<PathBuf> {
        let path = self.0.and_then(|object| object.extract().ok());
        path.ok_or_else(|| self.wrong(name, "str or os.PathLike"))
    }

    /// A required argument of any text. A peer may have chosen it, so a lone surrogate is replaced and not refused.
    fn any_text(self, name: &str) -> Result<Cow<'a, str>> {
        let text = self.0.filter(|object| object.is_exact_instance_of::<PyString>());
        match text.map(outside_text).transpose()?.flatten() {
            Some(Cow::Borrowed(text)) => Ok(String::from_utf8_lossy(text)),
            Some(Cow::Owned(text)) => Ok(Cow::Owned(String::from_utf8_lossy(&text).into_owned())),
            None => Err(self.wrong(name, "str")),
        }
    }

    /// A required argument that is true or false.
    fn flag(self, name: &str) -> Result<bool> {
        let flag = self.0.and_then(|object| object.cast_exact::<PyBool>().ok());
        flag.map(|flag| flag.is_true()).ok_or_else(|| self.wrong(name, "True or False"))
    }

    /// An optional secret, in any of its forms; `None` is absent.
    fn optional_secret(self, name: &str) -> Result<Option<shared::Secret>> {
        if self.is_absent() { Ok(None) } else { self.secret(name).map(Some) }
    }
}

const RECORD: &str = "event, user_id, action, resource, success, metadata, now";
/// Text longer than this the core refuses unread.
const METADATA_LIMIT: usize = 16 * 1024;
