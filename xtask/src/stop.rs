//! Why a command ends early, as one line and an exit code.

use std::process::ExitCode;

/// What ends a command.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The command line is wrong.
    Usage(String),
    /// A program is missing that only the user can install; the text names the command that does.
    Missing(String),
    /// Something ran and failed. Its output was shown where it failed.
    Failed(String),
}

impl Stop {
    pub(crate) fn usage(text: impl Into<String>) -> Stop {
        Stop::Usage(text.into())
    }

    pub(crate) fn missing(text: impl Into<String>) -> Stop {
        Stop::Missing(text.into())
    }

    pub(crate) fn failed(text: impl Into<String>) -> Stop {
        Stop::Failed(text.into())
    }

    pub(crate) fn text(&self) -> &str {
        match self {
            Stop::Usage(text) | Stop::Missing(text) | Stop::Failed(text) => text,
        }
    }

    pub(crate) fn report(&self) -> ExitCode {
        eprintln!("xtask: {}", self.text());
        match self {
            Stop::Usage(_) | Stop::Missing(_) => ExitCode::from(2),
            Stop::Failed(_) => ExitCode::FAILURE,
        }
    }
}

/// Names what was being done when the system refused.
pub(crate) trait Doing<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, Stop>;
}

impl<T> Doing<T> for std::io::Result<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, Stop> {
        self.map_err(|fault| Stop::Failed(format!("{}: {fault}", what())))
    }
}
