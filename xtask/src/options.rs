//! The command line of one command: flags, options with a value, and the words left over.

use std::path::PathBuf;

use crate::stop::Stop;

/// Arguments not yet taken.
pub(crate) struct Options {
    left: Vec<String>,
}

impl Options {
    pub(crate) fn new(arguments: Vec<String>) -> Options {
        Options { left: arguments }
    }

    /// Takes `--name`; true if it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.left.len();
        self.left.retain(|argument| argument != name);
        self.left.len() != before
    }

    /// Takes `--name VALUE` or `--name=VALUE`.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>, Stop> {
        let Some(at) = self.left.iter().position(|argument| argument.split('=').next() == Some(name)) else {
            return Ok(None);
        };
        let argument = self.left.remove(at);
        if let Some((_, value)) = argument.split_once('=') {
            return Ok(Some(value.to_owned()));
        }
        if at == self.left.len() || self.left[at].starts_with("--") {
            return Err(Stop::usage(format!("{name} needs a value")));
        }
        Ok(Some(self.left.remove(at)))
    }

    /// Takes `--name FILE` as an absolute path, from the folder the user stands in.
    pub(crate) fn file(&mut self, name: &str) -> Result<Option<PathBuf>, Stop> {
        let Some(value) = self.value(name)? else { return Ok(None) };
        std::path::absolute(&value).map(Some).map_err(|fault| Stop::usage(format!("{name} {value}: {fault}")))
    }

    /// As [`Options::file`], for one to be read: it must be there, which a user should learn before anything is built.
    pub(crate) fn existing_file(&mut self, name: &str) -> Result<Option<PathBuf>, Stop> {
        match self.file(name)? {
            Some(path) if !path.is_file() => Err(Stop::usage(format!("{name}: no file {}", path.display()))),
            given => Ok(given),
        }
    }

    /// Takes the words left, each of which must be one of `allowed`.
    pub(crate) fn words(self, allowed: &[&str]) -> Result<Vec<String>, Stop> {
        match self.left.iter().find(|word| !allowed.contains(&word.as_str())) {
            Some(word) if allowed.is_empty() => Err(Stop::usage(format!("unknown argument `{word}`"))),
            Some(word) => {
                Err(Stop::usage(format!("unknown argument `{word}`; allowed: {}", allowed.join(", "))))
            }
            None => Ok(self.left),
        }
    }

    /// Ends: nothing may be left.
    pub(crate) fn end(self) -> Result<(), Stop> {
        self.words(&[]).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> Options {
        Options::new(text.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn values_are_taken_in_both_spellings() {
        let mut given = options("--json a.json --html=b.html");
        assert_eq!(given.value("--html").unwrap().as_deref(), Some("b.html"));
        assert_eq!(given.value("--json").unwrap().as_deref(), Some("a.json"));
        assert!(given.end().is_ok());
    }

    #[test]
    fn a_value_that_is_missing_is_refused() {
        assert!(options("--json").value("--json").is_err());
        assert!(options("--json --html").value("--json").is_err());
    }

    #[test]
    fn a_file_to_be_read_must_be_there() {
        assert!(options("--payloads /no/such/file").existing_file("--payloads").is_err());
        assert_eq!(options("").existing_file("--payloads").unwrap(), None);
    }

    #[test]
    fn what_is_left_is_refused() {
        assert!(options("--odd").end().is_err());
        assert!(options("ruby").words(&["rust"]).is_err());
        assert_eq!(options("rust").words(&["rust"]).unwrap(), ["rust"]);
    }
}
