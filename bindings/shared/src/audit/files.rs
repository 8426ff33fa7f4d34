//! The names of a log's files.

use super::fault;
use alloc::format;
use alloc::vec::Vec;
use counterseal::Result;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The files of the log that is written at `path`, oldest first: the full ones, then the current one if it is there.
///
/// # Errors
/// `malformed_argument` if the folder cannot be read.
pub fn audit_log_files(path: &Path) -> Result<Vec<PathBuf>> {
    let files = Files::at(path);
    let mut found = files.full().map_err(|fault| fault::cannot_open(path, &fault))?;
    found.extend(files.current.exists().then_some(files.current));
    Ok(found)
}

/// One log's files.
#[derive(Debug)]
pub(super) struct Files {
    current: PathBuf,
}

impl Files {
    pub(super) fn at(path: &Path) -> Self {
        Self { current: path.to_path_buf() }
    }

    /// The same files by a name that neither a change of the working folder nor another link to them changes. A device keeps the name given,
    /// and so does a file that is not there: the log's writer may be setting it aside at this moment.
    pub(super) fn resolve(path: &Path) -> io::Result<Self> {
        match fs::canonicalize(path) {
            Ok(real) if real.is_file() => return Ok(Self { current: real }),
            Ok(real) if real.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Err(fault) if fault.kind() != io::ErrorKind::NotFound || path.is_symlink() => return Err(fault),
            _ => {}
        }
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        Ok(Self { current: fs::canonicalize(Self::at(path).folder())?.join(name) })
    }

    /// The file that is written.
    pub(super) fn current(&self) -> &Path {
        &self.current
    }

    /// The file that the writer locks.
    pub(super) fn lock(&self) -> PathBuf {
        self.with_ending("lock")
    }

    /// The full file whose first record has that number. Names sort as the numbers do.
    pub(super) fn named_by(&self, first: u64) -> PathBuf {
        self.with_ending(&format!("{first:0DIGITS$}"))
    }

    /// The folder that holds them.
    pub(super) fn folder(&self) -> &Path {
        match self.current.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        }
    }

    /// The full files, oldest first.
    pub(super) fn full(&self) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.folder())? {
            let path = self.folder().join(entry?.file_name());
            if let Some(first) = self.first_of(&path) {
                found.push((first, path));
            }
        }
        found.sort();
        Ok(found.into_iter().map(|(_, path)| path).collect())
    }

    /// The number in a full file's name.
    fn first_of(&self, path: &Path) -> Option<u64> {
        let ending = path.extension()?.to_str()?;
        let first = ending.parse().ok()?;
        (self.named_by(first).file_name() == path.file_name()).then_some(first)
    }

    fn with_ending(&self, ending: &str) -> PathBuf {
        let mut name = OsString::from(&self.current);
        name.push(".");
        name.push(ending);
        PathBuf::from(name)
    }
}

/// Enough for a thousand records a second over thirty years.
const DIGITS: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_their_numbers() {
        let files = Files::at(Path::new("/logs/audit.log"));
        assert_eq!(files.lock(), Path::new("/logs/audit.log.lock"));
        assert_eq!(files.named_by(1), Path::new("/logs/audit.log.000000000001"));
        assert!(files.named_by(9) < files.named_by(10));
        for first in [1, 10, 999_999_999_999, 1_000_000_000_000, 9_007_199_254_740_991] {
            assert_eq!(files.first_of(&files.named_by(first)), Some(first));
        }
        for other in
            ["audit.log", "audit.log.lock", "audit.log.1", "audit.log.+00000000001", "other.000000000001"]
        {
            assert_eq!(files.first_of(&Path::new("/logs").join(other)), None, "{other}");
        }
        assert_eq!(Files::at(Path::new("audit.log")).folder(), Path::new("."));
    }
}
