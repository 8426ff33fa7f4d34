//! What the system's answers become.

use alloc::format;
use counterseal::{AuditFault, Error, ErrorCode};
use std::io;
use std::path::Path;

/// The path is the caller's: it cannot be opened.
pub(super) fn cannot_open(path: &Path, fault: &io::Error) -> Error {
    Error::new(
        ErrorCode::MalformedArgument,
        format!(
            "the audit log {} cannot be opened: {fault}; its folder must exist and be writable",
            path.display()
        ),
    )
}

/// The disk did not do what it must.
pub(super) fn unavailable(path: &Path, fault: &io::Error) -> Error {
    Error::new(
        ErrorCode::StoreUnavailable,
        format!("the audit log {} does not answer: {fault}; nothing is accepted unrecorded", path.display()),
    )
}

/// The chain does not hold at a line, so it cannot be continued.
pub(super) fn broken(path: &Path, line: u64, fault: AuditFault) -> Error {
    refusal(&format!("line {line}"), path, fault)
}

/// The last line of a full file does not hold.
pub(super) fn broken_end(path: &Path, fault: AuditFault) -> Error {
    refusal("the last line", path, fault)
}

fn refusal(line: &str, path: &Path, fault: AuditFault) -> Error {
    Error::new(
        ErrorCode::MalformedArgument,
        format!(
            "{line} of the audit log {} does not verify ({}). {fault} Nothing was written. Open it with the secret that it was begun with, or \
             keep its files as evidence and begin another",
            path.display(),
            fault.as_str(),
        ),
    )
}
