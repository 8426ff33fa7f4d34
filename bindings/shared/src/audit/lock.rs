//! One writer for each log: two would fork its chain.

use super::fault;
use super::files::Files;
use alloc::format;
use counterseal::{Error, ErrorCode, Result};
use fs4::{FileExt, TryLockError};
use std::fs::{File, OpenOptions};
use std::process;

/// The writer's lock, held until it is dropped or its process ends, however it ends. Its file stays: were it deleted, two writers could
/// each hold a lock on a file of that name.
pub(super) struct Lock {
    _file: File,
    process: u32,
}

impl Lock {
    /// Takes the lock.
    ///
    /// # Errors
    /// `malformed_argument` if another writer holds it, or if its file cannot be opened; `store_unavailable`.
    pub(super) fn take(files: &Files) -> Result<Self> {
        let path = files.lock();
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|fault| fault::cannot_open(&path, &fault))?;
        match FileExt::try_lock(&file) {
            Ok(()) => Ok(Self { _file: file, process: process::id() }),
            Err(TryLockError::WouldBlock) => Err(Error::new(
                ErrorCode::MalformedArgument,
                format!(
                    "the audit log {} has a writer already, and two would fork its chain; share one AuditLog in a process, and give each process \
                     a file of its own",
                    files.current().display()
                ),
            )),
            Err(TryLockError::Error(fault)) => Err(fault::unavailable(&path, &fault)),
        }
    }

    /// A forked process has inherited the lock with its parent, who goes on writing.
    pub(super) fn check_process(&self) -> Result<()> {
        if self.process == process::id() {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::MalformedArgument,
            "this audit log was opened by another process, which holds its chain; open a log of its own after the fork",
        ))
    }
}
