//! The Rust probe: one call of the SDK a line. It holds nothing of the protocol; what a line says is handed to the façade as it stands.

mod line;
mod ops;
mod requests;
mod sessions;

use std::collections::HashMap;

use counterseal_shared::{Error, Keyring, MemoryReplayGuard, Session};
use serde_json::{Value, json};

use line::Members;

/// The longest line the protocol promises to read, in bytes without its end of line.
pub const MAX_LINE: usize = 16 * 1024 * 1024;

/// What outlives a line, by name: the replay guards that `guard.new` made, and sessions with the rings that they verify with.
#[derive(Default)]
pub struct State {
    guards: HashMap<Vec<u8>, MemoryReplayGuard>,
    sessions: HashMap<Vec<u8>, Session>,
    rings: HashMap<Vec<u8>, Keyring>,
}

/// Answers one line (without its end of line) with one line. It always answers: `{"id":…,"ok":…}`, or
/// `{"id":…,"error":{"code":…,"class":…,"status":…}}`; the id is empty where the line is no JSON object with a text as its `id`.
pub fn answer(state: &mut State, line: &[u8]) -> String {
    let Some((members, id)) = read(line) else {
        return error_line("\"\"", &line::unusable("the line is not a JSON object with an id"));
    };
    match ops::run(state, &members) {
        Ok(value) => format!("{{\"id\":{id},\"ok\":{value}}}"),
        Err(error) => error_line(id, &error),
    }
}

/// The members of a line and its id as it was written, quotes and escapes included.
fn read(line: &[u8]) -> Option<(Members<'_>, &str)> {
    if line.len() > MAX_LINE {
        return None;
    }
    let members = Members::read(std::str::from_utf8(line).ok()?)?;
    let id = members.get("id").filter(|id| id.starts_with('"'))?;
    Some((members, id))
}

fn error_line(id: &str, error: &Error) -> String {
    format!("{{\"id\":{id},\"error\":{}}}", error_value(error))
}

fn error_value(error: &Error) -> Value {
    let code = error.code();
    json!({ "code": code.as_str(), "class": code.class().as_str(), "status": code.status() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BAD: &str = r#"{"id":"","error":{"class":"invalid","code":"malformed_argument","status":400}}"#;

    fn one(line: &str) -> String {
        answer(&mut State::default(), line.as_bytes())
    }

    #[test]
    fn a_line_that_is_no_object_with_an_id_has_an_empty_id() {
        for line in [
            "",
            "{",
            "[]",
            "null",
            "{}",
            r#"{"id":5}"#,
            "\u{feff}{\"id\":\"a\"}",
            "{\"id\":\"a\",\"\u{1}\":1}",
        ] {
            assert_eq!(one(line), BAD, "{line:?}");
        }
        assert_eq!(answer(&mut State::default(), b"{\"id\":\"\xff\"}"), BAD);
        assert_eq!(one(&"[".repeat(MAX_LINE)), BAD);
        assert_eq!(one(&" ".repeat(MAX_LINE + 1)), BAD);
    }

    #[test]
    fn an_id_comes_back_as_it_was_written() {
        for id in [r#""7""#, r#""é\u00e9\n""#, r#""\ud800""#] {
            assert_eq!(one(&format!(r#"{{"id":{id},"op":"none"}}"#)), BAD.replacen(r#""""#, id, 1));
        }
    }

    #[test]
    fn depth_and_huge_numbers_of_the_line_keep_the_id() {
        let half = MAX_LINE / 2 - 64;
        let deep = format!(r#"{{"x":{}{},"id":"a"}}"#, "[".repeat(half), "]".repeat(half));
        let huge = format!(r#"{{"x":{},"id":"a"}}"#, "9".repeat(half));
        for line in [deep, huge] {
            assert_eq!(one(&line), BAD.replacen(r#""""#, r#""a""#, 1));
        }
    }
}
