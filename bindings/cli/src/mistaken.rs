//! A secret given as an argument: refused before anything is done, and not repeated.

use crate::stop::Stop;
use std::ffi::OsString;

/// Refuses arguments that look like the text of a secret. A context may look like anything, so its value is not judged.
pub(crate) fn check(arguments: impl Iterator<Item = OsString>) -> Result<(), Stop> {
    let mut after_context = false;
    for argument in arguments {
        let argument = argument.to_string_lossy();
        let is_context = after_context || argument.starts_with("--context=");
        if !is_context && looks_like_a_secret(&argument) {
            return Err(Stop::usage(TEXT));
        }
        after_context = argument == "--context";
    }
    Ok(())
}

fn looks_like_a_secret(argument: &str) -> bool {
    let value = match argument.split_once('=') {
        Some((option, value)) if option.starts_with("--") => value,
        _ => argument,
    };
    value
        .split_once(':')
        .is_some_and(|(encoding, _)| ENCODINGS.iter().any(|known| encoding.eq_ignore_ascii_case(known)))
}

const ENCODINGS: [&str; 4] = ["hex", "base64", "base64url", "utf8"];
const TEXT: &str = "an argument looks like a secret. Arguments can be read by every process of the machine, and shells keep them: take it for \
                    known, make a new one (counterseal secret generate FILE), and name its file (--secret-file FILE) or its environment \
                    variable (--secret-env NAME) instead. A file whose name begins so can be given as ./NAME";

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(arguments: &[&str]) -> bool {
        check(arguments.iter().map(OsString::from)).is_err()
    }

    #[test]
    fn in_any_place() {
        for text in
            ["hex:00", "HEX:00", "base64:AA==", "base64url:AA", "utf8:", "--secret-file=hex:00", "--x=utf8:a"]
        {
            assert!(refuses(&["packet", text]), "{text}");
        }
        for text in ["./hex:00", "hexa:00", "hex", "--claims={\"a\":\"hex:00\"}", "@hex:00", "--key-id=a"] {
            assert!(!refuses(&["packet", text]), "{text}");
        }
    }

    #[test]
    fn but_not_a_context() {
        assert!(!refuses(&["--context", "hex:00"]));
        assert!(!refuses(&["--context=hex:00"]));
        assert!(refuses(&["--context", "a", "hex:00"]));
    }
}
