//! The command line.

/// What was asked for.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) list: bool,
    pub(crate) only: Option<String>,
    pub(crate) jobs: usize,
}

impl Options {
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self { jobs: 2, ..Self::default() };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--list" => options.list = true,
                "--only" => options.only = Some(words.next().ok_or("--only needs a text")?),
                "--jobs" => {
                    let number = words.next().and_then(|number| number.parse().ok());
                    options.jobs =
                        number.filter(|jobs| (1..=64).contains(jobs)).ok_or("--jobs needs 1 to 64")?;
                }
                _ => return Err(format!("no option `{word}`; there are: --list, --only TEXT, --jobs N")),
            }
        }
        Ok(options)
    }

    pub(crate) fn wants(&self, mutant: &str) -> bool {
        self.only.as_ref().is_none_or(|text| mutant.contains(text.as_str()))
    }
}
