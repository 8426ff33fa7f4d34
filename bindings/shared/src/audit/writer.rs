//! The one writer of a log: continues its chain, appends whole lines, begins new files.

use super::fault;
use super::files::Files;
use super::lock::Lock;
use super::walk::{Pass, Walk, last_of};
use alloc::format;
use alloc::string::String;
use counterseal::{
    AuditChain, AuditEvent, AuditHead, AuditLogOptions, Error, ErrorCode, Result, Secret, Timestamp,
};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// A log's files and the state of its chain.
pub(super) struct Writer {
    files: Files,
    options: AuditLogOptions,
    chain: AuditChain,
    /// None once it is closed.
    lock: Option<Lock>,
    /// None after a file was full, until the next one could be begun.
    file: Option<File>,
    /// Bytes of the whole lines of the current file.
    size: u64,
    /// The number of the current file's first record.
    first: u64,
    /// Whether there may be bytes of a failed write behind the last whole line.
    torn: bool,
}

impl Writer {
    /// Takes the lock, verifies what is there, cuts a torn end and records it.
    pub(super) fn open(path: &Path, secret: Option<&Secret>, options: AuditLogOptions) -> Result<Self> {
        let files = Files::resolve(path).map_err(|fault| fault::cannot_open(path, &fault))?;
        let lock = Lock::take(&files)?;
        let file = append_to(files.current()).map_err(|fault| fault::cannot_open(path, &fault))?;
        let mut walk = Walk::new(secret, full_part(&files, secret)?, None);
        let pass = read_back(&mut walk, &files, &file)?;
        let first = if pass.lines > 0 { walk.first } else { walk.head.seq() + 1 };
        let mut writer = Self {
            files,
            options,
            chain: walk.chain(),
            lock: Some(lock),
            file: Some(file),
            size: pass.whole,
            first,
            torn: pass.torn > 0,
        };
        if writer.torn {
            writer.recover(pass.torn)?;
        }
        Ok(writer)
    }

    pub(super) fn head(&self) -> AuditHead {
        self.chain.head()
    }

    pub(super) fn close(&mut self) {
        self.file = None;
        self.lock = None;
    }

    /// Adds a record, in a new file if the current one would grow too long.
    pub(super) fn record(&mut self, event: &AuditEvent<'_>, now: Timestamp) -> Result<()> {
        self.check_open()?;
        let mut chain = self.chain.clone();
        let mut line = chain.record(event, now)?;
        line.push('\n');
        self.make_room(&line).and_then(|()| self.append(&line)).map_err(|fault| self.unavailable(&fault))?;
        self.chain = chain;
        Ok(())
    }

    fn recover(&mut self, torn: u64) -> Result<()> {
        self.cut().map_err(|fault| self.unavailable(&fault))?;
        let metadata = format!(r#"{{"torn_bytes":{torn}}}"#);
        let name = self.files.current().file_name().unwrap_or_default().to_string_lossy();
        let event = AuditEvent {
            event: "AUDIT_LOG_RECOVERED",
            user_id: None,
            action: "open",
            resource: &String::from(name),
            success: true,
            metadata: metadata.as_bytes(),
        };
        self.record(&event, crate::clock::now()?)
    }

    fn check_open(&self) -> Result<()> {
        match &self.lock {
            Some(lock) => lock.check_process(),
            None => Err(Error::new(
                ErrorCode::MalformedArgument,
                "the audit log is closed; open it again to record",
            )),
        }
    }

    /// Makes the current file one that can take the line.
    fn make_room(&mut self, line: &str) -> io::Result<()> {
        self.cut()?;
        if self.size > 0 && self.size + line.len() as u64 > self.options.rotate_bytes && self.is_regular()? {
            self.set_aside()?;
        }
        if self.file.is_none() {
            self.file = Some(append_to(self.files.current())?);
            self.sync_folder()?;
            self.delete_oldest();
        }
        Ok(())
    }

    /// Gives the full file its name. Should the process end here, whoever opens the log finds no current file, and goes on behind this one.
    fn set_aside(&mut self) -> io::Result<()> {
        let name = self.files.named_by(self.first);
        if name.try_exists()? {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!("{} is there already", name.display()),
            ));
        }
        fs::rename(self.files.current(), name)?;
        self.file = None;
        self.size = 0;
        self.first = self.chain.head().seq() + 1;
        Ok(())
    }

    fn append(&mut self, line: &str) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Err(io::ErrorKind::NotFound.into()) };
        self.torn = true;
        let written = file.write_all(line.as_bytes());
        let written = written.and_then(|()| if self.options.sync { file.sync_data() } else { Ok(()) });
        if let Err(fault) = written {
            // Where this fails too it is tried again before the next record, which is not written unless it succeeds.
            let _ = self.cut();
            return Err(fault);
        }
        self.torn = false;
        self.size += line.len() as u64;
        Ok(())
    }

    /// Cuts what a failed write may have left behind the last whole line.
    fn cut(&mut self) -> io::Result<()> {
        if let (true, Some(file)) = (self.torn, &self.file) {
            file.set_len(self.size)?;
        }
        self.torn = false;
        Ok(())
    }

    fn is_regular(&self) -> io::Result<bool> {
        self.file.as_ref().map_or(Ok(false), |file| Ok(file.metadata()?.is_file()))
    }

    /// A file that cannot be deleted stays until the next one is full: too much evidence is no reason to refuse more of it.
    fn delete_oldest(&self) {
        let (Some(keep), Ok(full)) = (self.options.keep, self.files.full()) else { return };
        let surplus = full.len().saturating_sub(usize::try_from(keep).unwrap_or(usize::MAX));
        for path in &full[..surplus] {
            let _ = fs::remove_file(path);
        }
    }

    #[cfg(unix)]
    fn sync_folder(&self) -> io::Result<()> {
        if self.options.sync { File::open(self.files.folder())?.sync_all() } else { Ok(()) }
    }

    #[cfg(not(unix))]
    fn sync_folder(&self) -> io::Result<()> {
        Ok(())
    }

    fn unavailable(&self, fault: &io::Error) -> Error {
        fault::unavailable(self.files.current(), fault)
    }
}

fn append_to(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).read(true).append(true).open(path)
}

/// The chain behind the newest full file; none if there is no such file.
fn full_part(files: &Files, secret: Option<&Secret>) -> Result<Option<AuditChain>> {
    let full = files.full().map_err(|fault| fault::cannot_open(files.current(), &fault))?;
    let Some(path) = full.last() else { return Ok(None) };
    let last = File::open(path).and_then(|mut file| last_of(&mut file, secret));
    let last = last.map_err(|fault| fault::unavailable(path, &fault))?;
    last.map(Some).map_err(|fault| fault::broken_end(path, fault))
}

/// Follows what the current file holds. A device holds nothing.
fn read_back(walk: &mut Walk<'_>, files: &Files, file: &File) -> Result<Pass> {
    let pass = match file.metadata() {
        Ok(about) if about.is_file() => walk.file(file),
        Ok(_) => Ok(Pass::default()),
        Err(fault) => Err(fault),
    };
    let pass = pass.map_err(|fault| fault::unavailable(files.current(), &fault))?;
    match pass.fault {
        Some(fault) => Err(fault::broken(files.current(), pass.lines + 1, fault)),
        None => Ok(pass),
    }
}
