//! Stamps: what was built from which inputs, so that a second run is quick. And the lock that keeps two runs apart.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::place;
use crate::stop::{Doing, Stop};
use crate::voice;

/// The hash of what a build reads: files and folders of the repository, and words such as a version.
pub(crate) struct Inputs(DefaultHasher);

impl Inputs {
    pub(crate) fn new() -> Inputs {
        Inputs(DefaultHasher::new())
    }

    /// Adds files and folders, each from the root. An absent one counts as such.
    pub(crate) fn paths(mut self, paths: &[&str]) -> Result<Inputs, Stop> {
        for path in paths {
            self.add(&place::at(path))?;
        }
        Ok(self)
    }

    pub(crate) fn word(mut self, word: &str) -> Inputs {
        word.hash(&mut self.0);
        self
    }

    fn add(&mut self, path: &Path) -> Result<(), Stop> {
        let reading = || format!("reading {}", place::shown(path));
        place::shown(path).hash(&mut self.0);
        if path.is_dir() {
            let mut entries = Vec::new();
            for entry in fs::read_dir(path).doing(reading)? {
                entries.push(entry.doing(reading)?.path());
            }
            entries.sort();
            for entry in entries.iter().filter(|entry| !is_made(entry)) {
                self.add(entry)?;
            }
        } else if path.is_file() {
            fs::read(path).doing(reading)?.hash(&mut self.0);
        }
        Ok(())
    }
}

/// One thing that is built: fresh while its inputs hash as they did and its outputs are there.
pub(crate) struct Stamp {
    file: PathBuf,
    hash: String,
    outputs: Vec<PathBuf>,
}

impl Stamp {
    pub(crate) fn new(name: &str, inputs: Inputs, outputs: &[PathBuf]) -> Stamp {
        Stamp {
            file: place::kept("stamps").join(name),
            hash: format!("{:016x}", inputs.0.finish()),
            outputs: outputs.to_vec(),
        }
    }

    pub(crate) fn is_fresh(&self) -> bool {
        self.outputs.iter().all(|output| output.exists())
            && fs::read_to_string(&self.file).is_ok_and(|hash| hash == self.hash)
    }

    /// Records that the outputs were made from these inputs.
    pub(crate) fn set(&self) -> Result<(), Stop> {
        let writing = || format!("writing {}", place::shown(&self.file));
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).doing(writing)?;
        }
        fs::write(&self.file, &self.hash).doing(writing)
    }
}

/// Held while something is set up. The system frees it when the process ends, however it ends.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    pub(crate) fn take() -> Result<Lock, Stop> {
        let path = place::kept("lock");
        let locking = || format!("locking {}", place::shown(&path));
        fs::create_dir_all(place::kept("")).doing(locking)?;
        let file = File::create(&path).doing(locking)?;
        if file.try_lock().is_err() {
            voice::say("waiting for another `cargo xtask` to finish setting up");
            file.lock().doing(locking)?;
        }
        Ok(Lock { _file: file })
    }
}

fn is_made(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    MADE_NAMES.contains(&name.as_str()) || MADE_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

const MADE_NAMES: &[&str] = &[
    "target",
    "node_modules",
    "pkg",
    "dist",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".venv",
];
const MADE_ENDINGS: &[&str] = &[".pyc", ".so", ".node", ".tgz", ".whl", ".swp", "~"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_build_makes_is_no_input() {
        assert!(is_made(Path::new("node/counterseal.node")));
        assert!(is_made(Path::new("wasm/pkg")));
        assert!(!is_made(Path::new("core/src/packet")));
    }

    #[test]
    fn another_word_is_another_hash() {
        let hash = |word: &str| Inputs::new().word(word).0.finish();
        assert_eq!(hash("a"), hash("a"));
        assert_ne!(hash("a"), hash("b"));
    }
}
