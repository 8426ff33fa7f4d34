//! The command line.

use std::path::PathBuf;

use crate::Result;
use crate::contest::Plan;

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) json: Option<PathBuf>,
    pub(crate) svg: Option<PathBuf>,
    /// A page whose marked section is to be written anew.
    pub(crate) markdown: Option<PathBuf>,
    /// A file of `--json` to show instead of measuring.
    pub(crate) from: Option<PathBuf>,
    /// What a row's name must hold.
    pub(crate) only: String,
    /// The interpreter that has the product's wheel.
    pub(crate) python: PathBuf,
    /// To fill a guard with so many nonces and tell the memory, as the program asks of itself.
    pub(crate) resident: Option<usize>,
    quick: bool,
}

impl Arguments {
    pub(crate) fn read(given: impl IntoIterator<Item = String>) -> Result<Self> {
        let mut read = Self {
            json: None,
            svg: None,
            markdown: None,
            from: None,
            only: String::new(),
            python: "python3".into(),
            resident: None,
            quick: false,
        };
        let mut given = given.into_iter();
        while let Some(argument) = given.next() {
            let mut value = || given.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--quick" => read.quick = true,
                "--json" => read.json = Some(value()?.into()),
                "--svg" => read.svg = Some(value()?.into()),
                "--markdown" => read.markdown = Some(value()?.into()),
                "--from" => read.from = Some(value()?.into()),
                "--only" => read.only = value()?,
                "--python" => read.python = value()?.into(),
                "--resident" => read.resident = Some(value()?.parse()?),
                _ => return Err(format!("unknown argument `{argument}`; {USAGE}").into()),
            }
        }
        Ok(read)
    }

    pub(crate) fn plan(&self) -> Plan {
        if self.quick { Plan::QUICK } else { Plan::FULL }
    }
}

const USAGE: &str =
    "allowed: --quick, --only TEXT, --json FILE, --svg FILE, --markdown FILE, --from FILE, --python FILE";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Arguments> {
        Arguments::read(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_read() {
        let read = read("--json out.json --quick --only core-mac --svg a.svg --markdown p.md").unwrap();
        assert_eq!((read.json, read.svg), (Some("out.json".into()), Some("a.svg".into())));
        assert_eq!((read.markdown, read.only.as_str()), (Some("p.md".into()), "core-mac"));
        assert!(read.quick && read.from.is_none());
    }

    #[test]
    fn others_are_refused() {
        assert!(read("--jsno out.json").is_err());
        assert!(read("--json").is_err());
        assert!(read("--resident many").is_err());
    }
}
