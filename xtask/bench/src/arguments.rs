//! The command line.

use std::path::PathBuf;

use crate::Result;
use crate::contest::Plan;

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) json: Option<PathBuf>,
    /// The interpreter that has the product's wheel.
    pub(crate) python: PathBuf,
    quick: bool,
}

impl Arguments {
    pub(crate) fn read(given: impl IntoIterator<Item = String>) -> Result<Self> {
        let mut read = Self { json: None, python: "python3".into(), quick: false };
        let mut given = given.into_iter();
        while let Some(argument) = given.next() {
            let mut value = || given.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--quick" => read.quick = true,
                "--json" => read.json = Some(value()?.into()),
                "--python" => read.python = value()?.into(),
                _ => return Err(format!("unknown argument `{argument}`; {USAGE}").into()),
            }
        }
        Ok(read)
    }

    pub(crate) fn plan(&self) -> Plan {
        if self.quick { Plan::QUICK } else { Plan::FULL }
    }
}

const USAGE: &str = "allowed: --json FILE, --quick, --python FILE";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Arguments> {
        Arguments::read(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_read() {
        let read = read("--json out.json --quick").unwrap();
        assert_eq!(read.json, Some("out.json".into()));
        assert_eq!(read.plan(), Plan::QUICK);
    }

    #[test]
    fn others_are_refused() {
        assert!(read("--jsno out.json").is_err());
        assert!(read("--json").is_err());
    }
}
