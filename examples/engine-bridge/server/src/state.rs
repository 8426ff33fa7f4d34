//! What outlives a restart: two secrets, the revoked engines, and the folder of the audit log.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use counterseal_shared::Secret;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The state's folder. Only its owner may read it.
pub(crate) struct State {
    folder: PathBuf,
}

impl State {
    /// Opens the folder, or makes it.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The secret that each engine's is derived from.
    pub(crate) fn master(&self) -> Result<Secret> {
        self.secret("master.secret")
    }

    /// The secret under which the hub issues tokens, known to nobody else.
    pub(crate) fn tokens(&self) -> Result<Secret> {
        self.secret("tokens.secret")
    }

    /// Where the audit log is.
    pub(crate) fn audit_log(&self) -> PathBuf {
        self.folder.join("audit.log")
    }

    /// The engines whose keys are revoked: a revocation that a restart forgets is none.
    pub(crate) fn revoked(&self) -> Result<BTreeSet<String>> {
        match fs::read_to_string(self.folder.join(REVOKED)) {
            Ok(text) => Ok(text.lines().filter(|name| !name.is_empty()).map(str::to_owned).collect()),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Adds a revoked engine; it is on the disk when this returns.
    pub(crate) fn revoke(&self, name: &str) -> Result<()> {
        let mut file = private(OpenOptions::new().append(true).create(true), &self.folder.join(REVOKED))?;
        // A line of its own, even after one that was torn.
        file.write_all(format!("\n{name}\n").as_bytes())?;
        Ok(file.sync_all()?)
    }

    fn secret(&self, name: &str) -> Result<Secret> {
        let path = self.folder.join(name);
        match private(OpenOptions::new().write(true).create_new(true), &path) {
            Ok(mut file) => {
                let secret = Secret::generate()?;
                file.write_all(secret.expose().as_bytes())?;
                file.sync_all()?;
                Ok(secret)
            }
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {
                let text = fs::read_to_string(&path)?;
                Secret::from_text(text.trim_end())
                    .map_err(|fault| format!("{}: {fault}", path.display()).into())
            }
            Err(fault) => Err(fault.into()),
        }
    }
}

fn private(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

const REVOKED: &str = "revoked";

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that is not there yet.
    fn fresh(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("engine-bridge-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn a_second_start_finds_the_secrets_of_the_first() {
        let folder = fresh("secrets");
        let first = State::open(&folder).unwrap();
        let (master, tokens) = (first.master().unwrap(), first.tokens().unwrap());
        assert_ne!(master.expose(), tokens.expose());
        let second = State::open(&folder).unwrap();
        assert_eq!(second.master().unwrap().expose(), master.expose());
        assert_eq!(second.tokens().unwrap().expose(), tokens.expose());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_a_secret() {
        use std::os::unix::fs::PermissionsExt;
        let folder = fresh("modes");
        State::open(&folder).unwrap().master().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join("master.secret"))), (0o700, 0o600));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_secret_that_was_torn_is_not_made_anew() {
        let folder = fresh("torn");
        let state = State::open(&folder).unwrap();
        fs::write(folder.join("master.secret"), "hex:00").unwrap();
        assert!(state.master().err().unwrap().to_string().contains("master.secret"));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_revocation_outlives_a_restart() {
        let folder = fresh("revoked");
        let state = State::open(&folder).unwrap();
        assert!(state.revoked().unwrap().is_empty());
        state.revoke("engine-7").unwrap();
        state.revoke("engine-8").unwrap();
        let again = State::open(&folder).unwrap().revoked().unwrap();
        assert_eq!(again, BTreeSet::from(["engine-7".to_owned(), "engine-8".to_owned()]));
        fs::remove_dir_all(&folder).unwrap();
    }
}
