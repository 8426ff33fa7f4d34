//! The audit log.

use crate::key::RawSecret;
use crate::value::thrown;
use counterseal_shared::{self as shared, AuditEvent};
use napi::bindgen_prelude::{ClassInstance, Result};
use napi_derive::napi;
use std::path::Path;

/// An audit log that is open for writing.
#[napi]
pub struct RawAuditLog(shared::AuditLog);

#[napi]
impl RawAuditLog {
    /// Opens or begins a log; its options are JSON.
    #[napi(constructor, catch_unwind)]
    pub fn new(path: String, options: String, secret: Option<ClassInstance<'_, RawSecret>>) -> Result<Self> {
        let secret = secret.as_ref().map(|secret| &secret.0);
        shared::AuditLog::open(Path::new(&path), secret, &options).map(Self).map_err(thrown)
    }

    /// Adds a record; its metadata are JSON.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments, reason = "a record's members, each as JavaScript has it")]
    pub fn record(
        &self,
        event: String,
        user_id: Option<String>,
        action: String,
        resource: String,
        success: bool,
        metadata: String,
        now: Option<f64>,
    ) -> Result<()> {
        let event = AuditEvent {
            event: &event,
            user_id: user_id.as_deref(),
            action: &action,
            resource: &resource,
            success,
            metadata: metadata.as_bytes(),
        };
        self.0.record(&event, now).map_err(thrown)
    }

    /// The number and hash of the last record.
    #[napi(catch_unwind)]
    pub fn head(&self) -> String {
        self.0.head()
    }

    /// Lets the files go.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.0.close();
    }
}

/// What a log holds.
#[napi(object)]
pub struct RawAuditReport {
    /// Records that verified.
    pub records: f64,
    /// The number of the first record.
    pub first_seq: f64,
    /// The number of the last record that verified.
    pub last_seq: f64,
    /// Its number and hash.
    pub head: String,
    /// Bytes behind the last line.
    pub torn_bytes: f64,
    /// The first fault.
    pub fault: Option<RawAuditFault>,
}

/// Where a log is wrong.
#[napi(object)]
pub struct RawAuditFault {
    /// The file.
    pub path: String,
    /// The line, counted from 1.
    pub line: f64,
    /// The fault's name.
    pub reason: String,
    /// What it means.
    pub sentence: String,
}

impl From<shared::AuditReport> for RawAuditReport {
    fn from(report: shared::AuditReport) -> Self {
        Self {
            records: report.records as f64,
            first_seq: report.first_seq as f64,
            last_seq: report.last_seq as f64,
            head: report.head,
            torn_bytes: report.torn_bytes as f64,
            fault: report.fault.map(RawAuditFault::from),
        }
    }
}

impl From<shared::AuditFinding> for RawAuditFault {
    fn from(found: shared::AuditFinding) -> Self {
        Self {
            path: found.path.to_string_lossy().into_owned(),
            line: found.line as f64,
            reason: found.fault.as_str().to_owned(),
            sentence: found.fault.sentence().to_owned(),
        }
    }
}
