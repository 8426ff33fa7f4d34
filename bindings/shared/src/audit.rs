//! The audit log: records in files of lines, one writer, any number of threads.
//!
//! What a line and its chain are stands in the core's [`AuditChain`](counterseal::AuditChain). Here they become files: `audit.log` is written, `audit.log.000000000001` and
//! so on are full ones, named by the number of their first record, and `audit.log.lock` is held by the writer. A record is on its way to the
//! disk in one write of its whole line. What a kill tore off is cut when the log is opened again, and a record says so.

mod fault;
mod files;
mod lock;
mod verify;
mod walk;
mod writer;

pub use counterseal::{AuditEvent, AuditFault};
pub use files::audit_log_files;
pub use verify::{AuditFinding, AuditReport, verify_audit_log};

use crate::sync::{Mutex, MutexGuard, PoisonError};
use crate::{Secret, argument};
use alloc::string::{String, ToString};
use core::fmt;
use counterseal::json::{self, Value};
use counterseal::{AuditLogOptions, Error, Result};
use std::path::Path;
use writer::Writer;

/// An audit log that is open for writing. Threads may share it.
pub struct AuditLog(Mutex<Writer>);

impl AuditLog {
    /// Opens or begins a log. Its folder must be there. `options` are JSON: `rotate_bytes` (64 MiB by default), `keep` (all if absent), `sync`
    /// (false by default).
    ///
    /// The records of the file are verified first, under the same secret as they were written with. A torn last line, left by a kill, is cut
    /// off, and a record `AUDIT_LOG_RECOVERED` tells how many bytes it had.
    ///
    /// # Errors
    /// `malformed_argument` for options out of range, a path that cannot be opened, a log that another writer holds, and a log whose chain
    /// does not verify; `store_unavailable` where the disk does not answer.
    pub fn open(path: &Path, secret: Option<&Secret>, options: &str) -> Result<Self> {
        let options = AuditLogOptions::from_json(options.as_bytes())?;
        Writer::open(path, secret.map(|secret| &secret.0), options).map(Mutex::new).map(Self)
    }

    /// Adds a record. When it returns, the line is with the operating system, and with `sync` on the disk.
    ///
    /// # Errors
    /// `malformed_argument` for an event's name or metadata out of their rules, for a closed log, and in a process other than the one that
    /// opened it; `store_unavailable` if the line could not be written. Then nothing of it is in the log, or nothing more is ever written to it.
    pub fn record(&self, event: &AuditEvent<'_>, now: Option<f64>) -> Result<()> {
        self.writer().record(event, argument::now(now)?)
    }

    /// Adds the record of a refusal: as [`AuditLog::record`], with `success` false and the error's code as `code` in the metadata.
    ///
    /// # Errors
    /// As [`AuditLog::record`]; `malformed_argument` also for metadata that has a `code`.
    pub fn record_refusal(&self, event: &AuditEvent<'_>, error: &Error, now: Option<f64>) -> Result<()> {
        let metadata = with_code(event.metadata, error);
        self.record(&AuditEvent { success: false, metadata: metadata.as_bytes(), ..*event }, now)
    }

    /// The number and hash of the last record, `number:hash`. Kept elsewhere, it shows later that nothing up to here was changed or cut off.
    pub fn head(&self) -> String {
        self.writer().head().to_string()
    }

    /// Lets the files go. What is recorded after that is `malformed_argument`; closing twice does nothing.
    pub fn close(&self) {
        self.writer().close();
    }

    // A writer notes a write before it begins, so a panic elsewhere leaves it sound.
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for AuditLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditLog(at {})", self.head())
    }
}

/// The metadata with the code as one more member. What is no object is left for the log to refuse, and so is a second `code`.
fn with_code(metadata: &[u8], error: &Error) -> String {
    let mut members = match json::read(metadata) {
        Ok(Value::Object(members)) => members,
        _ => return String::from_utf8_lossy(metadata).into_owned(),
    };
    members.push(("code".to_string(), Value::String(error.code().to_string())));
    json::write(&Value::Object(members))
}
