//! Verifies a log's files, as whoever receives them does.

use super::fault;
use super::walk::{Pass, Walk};
use crate::Secret;
use alloc::string::{String, ToString};
use counterseal::{AuditChain, AuditFault, AuditVerifyOptions, Error, ErrorCode, Result};
use std::fs::File;
use std::path::{Path, PathBuf};

/// What a log holds, up to its end or its first fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// Records that verified.
    pub records: u64,
    /// The number of the first record; 0 if there is none.
    pub first_seq: u64,
    /// The number of the last record that verified.
    pub last_seq: u64,
    /// Its number and hash, `number:hash`.
    pub head: String,
    /// Bytes behind the last line of the last file: a record that is being written, or was torn by a kill. They are no record and no fault.
    pub torn_bytes: u64,
    /// The first fault. Without one the log verifies.
    pub fault: Option<AuditFinding>,
}

/// Where a log is wrong, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFinding {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1. Of a torn file it is the torn line, of a head that is not held the last.
    pub line: u64,
    /// The fault.
    pub fault: AuditFault,
}

/// Verifies files of one log, given oldest first ([`audit_log_files`](super::audit_log_files) lists them so). They are read line by line.
///
/// `options` are JSON: `head` (`number:hash`), which the chain must hold, and `continued` (false by default), which lets the first file begin
/// in the middle of the chain: what stood before it is then believed.
///
/// # Errors
/// `malformed_argument` for no file, a file that cannot be opened, and options out of their rules; `store_unavailable` where the disk does not
/// answer. A log that does not verify is no error: the report says so.
pub fn verify_audit_log<P: AsRef<Path>>(
    paths: &[P],
    secret: Option<&Secret>,
    options: &str,
) -> Result<AuditReport> {
    let options = AuditVerifyOptions::from_json(options.as_bytes())?;
    check_paths(paths)?;
    let secret = secret.map(|secret| &secret.0);
    let chain = if options.continued { None } else { Some(AuditChain::new(secret)) };
    let mut walk = Walk::new(secret, chain, options.head);
    let (mut last, mut finding) = (Pass::default(), None);
    for (at, path) in paths.iter().enumerate() {
        last = pass(&mut walk, path.as_ref())?;
        let fault = last.fault.or_else(|| check_end(&last, at + 1 == paths.len()).err());
        finding = fault.map(|fault| found(path.as_ref(), last.lines + 1, fault));
        if finding.is_some() {
            break;
        }
    }
    if let (None, Err(fault), Some(path)) = (&finding, walk.check_expected(), paths.last()) {
        finding = Some(found(path.as_ref(), last.lines, fault));
    }
    Ok(AuditReport {
        records: walk.records,
        first_seq: walk.first,
        last_seq: if walk.records == 0 { 0 } else { walk.head.seq() },
        head: walk.head.to_string(),
        torn_bytes: last.torn,
        fault: finding,
    })
}

fn pass(walk: &mut Walk<'_>, path: &Path) -> Result<Pass> {
    let file = File::open(path).map_err(|fault| fault::cannot_open(path, &fault))?;
    walk.file(&file).map_err(|fault| fault::unavailable(path, &fault))
}

fn found(path: &Path, line: u64, fault: AuditFault) -> AuditFinding {
    AuditFinding { path: path.to_path_buf(), line, fault }
}

fn check_paths(paths: &[impl AsRef<Path>]) -> Result<()> {
    if paths.is_empty() {
        return Err(Error::new(ErrorCode::MalformedArgument, "paths must name at least one file of the log"));
    }
    Ok(())
}

/// Only the last file may end within a line.
fn check_end(pass: &Pass, is_last: bool) -> Result<(), AuditFault> {
    if pass.torn == 0 || is_last { Ok(()) } else { Err(AuditFault::Torn) }
}
