//! What a command reads: files, standard input, and JSON that stands in an argument.

use crate::stop::Stop;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The input of a command.
#[derive(clap::Args)]
pub(crate) struct Input {
    /// A file to read, or - for standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
}

impl Input {
    /// All of it, or one byte more than `limit`: enough to be refused for its size.
    pub(crate) fn read(&self, limit: usize) -> Result<Vec<u8>, Stop> {
        read_named(&self.file, limit)
    }

    /// A token: text, of which a line end is no part.
    pub(crate) fn read_token(&self) -> Result<Vec<u8>, Stop> {
        let mut token = self.read(TOKEN)?;
        token.truncate(without_line_end(&token).len());
        Ok(token)
    }
}

/// A file, or standard input for -: all of it, or one byte more than `limit`.
pub(crate) fn read_named(file: &Path, limit: usize) -> Result<Vec<u8>, Stop> {
    if file == Path::new("-") {
        return read_all(io::stdin(), limit).map_err(|fault| Stop::io("standard input", &fault));
    }
    read_file(file, limit).map_err(|fault| Stop::io(file.display(), &fault))
}

/// JSON that stands in an argument, or after `@` the file that holds it.
pub(crate) fn json_argument(name: &str, argument: &str) -> Result<Vec<u8>, Stop> {
    match argument.strip_prefix('@') {
        Some(file) => {
            read_file(Path::new(file), JSON).map_err(|fault| Stop::io(format!("{name} {file}"), &fault))
        }
        None => Ok(argument.as_bytes().to_vec()),
    }
}

/// A text file's last line end is the file's, not the text's.
pub(crate) fn without_line_end(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"\r\n").or(text.strip_suffix(b"\n")).unwrap_or(text)
}

fn read_file(file: &Path, limit: usize) -> io::Result<Vec<u8>> {
    read_all(File::open(file)?, limit)
}

fn read_all(input: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// More than any token may have, which is the core's to refuse.
const TOKEN: usize = 64 * 1024;
/// Claims and policies.
const JSON: usize = 1024 * 1024;
