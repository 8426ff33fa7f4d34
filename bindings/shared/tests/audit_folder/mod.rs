//! A log in a folder of its own.
#![allow(dead_code, reason = "each suite uses a part of it")]

use counterseal_shared::{
    AuditEvent, AuditLog, AuditReport, Result, Secret, audit_log_files, verify_audit_log,
};
use std::fs;
use std::path::{Path, PathBuf};

/// A new folder, gone when it is dropped unless the test failed.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.0.join("audit.log")
    }

    pub(crate) fn text(&self) -> String {
        fs::read_to_string(self.log()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

pub(crate) fn secret() -> Secret {
    Secret::from_text("hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f").unwrap()
}

pub(crate) fn event() -> AuditEvent<'static> {
    AuditEvent {
        event: "AUTH_FAILED",
        user_id: Some("engine-7"),
        action: "connect",
        resource: "/engine",
        success: false,
        metadata: br#"{"code":"token_expired"}"#,
    }
}

pub(crate) const NOW: Option<f64> = Some(1_795_647_595.0);

pub(crate) fn open(folder: &Folder, options: &str) -> Result<AuditLog> {
    AuditLog::open(&folder.log(), Some(&secret()), options)
}

pub(crate) fn record(log: &AuditLog, action: &str) {
    log.record(&AuditEvent { action, ..event() }, NOW).unwrap();
}

pub(crate) fn verify(folder: &Folder, options: &str) -> AuditReport {
    verify_audit_log(&audit_log_files(&folder.log()).unwrap(), Some(&secret()), options).unwrap()
}

pub(crate) fn code<T>(result: Result<T>) -> &'static str {
    result.map_or_else(|error| error.code().as_str(), |_| "ok")
}

/// A log of so many records.
pub(crate) fn written(name: &str, records: usize) -> Folder {
    let folder = Folder::new(name);
    let log = open(&folder, "{}").unwrap();
    for number in 0..records {
        record(&log, &format!("n{number}"));
    }
    folder
}
