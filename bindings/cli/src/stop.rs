//! Why a command ended early, and what a script learns of it: the exit code, and a line on standard error.

use counterseal_shared::Error;
use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

/// The end of a command that did not do what it was asked.
pub(crate) enum Stop {
    /// Clap's own: wrong usage, or help that was asked for.
    Arguments(clap::Error),
    /// Wrong usage that only shows later.
    Usage(String),
    /// A code of the closed list.
    Code(Error),
    /// What is wrong with a log.
    Finding(String),
    /// What could not be read or written, and why.
    Io(String),
    /// Whoever read standard output has gone.
    Closed,
}

impl Stop {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    pub(crate) fn io(what: impl Display, fault: &io::Error) -> Self {
        Self::Io(format!("{what}: {fault}"))
    }

    /// Says why, and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Self::Arguments(error) => {
                let _ = error.print();
                if error.use_stderr() { USAGE.into() } else { ExitCode::SUCCESS }
            }
            Self::Usage(text) => {
                say(&text);
                USAGE.into()
            }
            Self::Code(error) => {
                say_plainly(&error);
                // The caller's own mistakes are a class of their own.
                if error.code().class().as_str() == "invalid" { USAGE.into() } else { REFUSED.into() }
            }
            Self::Finding(text) => {
                say_plainly(&text);
                REFUSED.into()
            }
            Self::Io(text) => {
                say(&text);
                IO.into()
            }
            Self::Closed => IO.into(),
        }
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Code(error)
    }
}

/// A message on standard error. Nobody is left to tell if that is closed.
pub(crate) fn say(text: impl Display) {
    say_plainly(format_args!("counterseal: {text}"));
}

fn say_plainly(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

const REFUSED: u8 = 1;
const USAGE: u8 = 2;
const IO: u8 = 3;
