//! `counterseal secret`: make one.

use crate::help;
use crate::output;
use crate::stop::Stop;
use counterseal_shared::Secret;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make a fresh secret of 32 random bytes
    ///
    /// It is written as hex: text into a new file that only its owner can read. A file that is there is never overwritten.
    #[command(after_help = help::SECRET_GENERATE)]
    Generate(Generate),
}

#[derive(clap::Args)]
pub(crate) struct Generate {
    /// The file to make, or - for standard output
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Command {
    pub(crate) fn run(self) -> Result<(), Stop> {
        let Self::Generate(Generate { file }) = self;
        let secret = Zeroizing::new(Secret::generate()?.expose());
        // Made at once: what grows would leave a copy behind.
        let line = Zeroizing::new([secret.as_bytes(), b"\n"].concat());
        if file == Path::new("-") {
            return output::bytes(&line);
        }
        write_new(&file, &line)
    }
}

fn write_new(file: &Path, secret: &[u8]) -> Result<(), Stop> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    for_owner_alone(&mut options);
    let mut made = options.open(file).map_err(|fault| Stop::io(file.display(), &fault))?;
    made.write_all(secret).and_then(|()| made.sync_all()).map_err(|fault| {
        // Half a secret serves nobody, and would be in the way of the next try.
        let _ = fs::remove_file(file);
        Stop::io(file.display(), &fault)
    })
}

#[cfg(unix)]
fn for_owner_alone(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

#[cfg(not(unix))]
fn for_owner_alone(_options: &mut OpenOptions) {}
