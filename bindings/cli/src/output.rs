//! Standard output.

use crate::stop::Stop;
use counterseal_shared::Explanation;
use counterseal_shared::json::{self, Number, Value};
use std::io::{self, ErrorKind, Write};

/// A line of text.
pub(crate) fn line(text: &str) -> Result<(), Stop> {
    bytes(format!("{text}\n").as_bytes())
}

/// An object in RFC 8785 form, on a line.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Result<(), Stop> {
    line(&json::write(&Value::Object(members.map(|(name, value)| (name.to_owned(), value)).into())))
}

/// As [`object`], for what nobody vouches for: characters that could steer a terminal are escaped, which JSON allows and RFC 8785 does not.
pub(crate) fn untrusted<const N: usize>(members: [(&str, Value); N]) -> Result<(), Stop> {
    let text = json::write(&Value::Object(members.map(|(name, value)| (name.to_owned(), value)).into()));
    let escaped = |char: char| match char.is_control() {
        true => format!("\\u{:04x}", u32::from(char)),
        false => char.to_string(),
    };
    line(&text.chars().map(escaped).collect::<String>())
}

/// An explanation, whatever it says. It ends as the verification would.
pub(crate) fn explanation(explanation: &Explanation, as_json: bool) -> Result<(), Stop> {
    match as_json {
        true => line(&explanation.to_json())?,
        false => bytes(explanation.to_text().as_bytes())?,
    }
    explanation.error().map_or(Ok(()), |error| Err(Stop::Code(error.clone())))
}

/// Bytes as they are.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Stop> {
    let mut output = io::stdout().lock();
    output.write_all(bytes).and_then(|()| output.flush()).map_err(|fault| match fault.kind() {
        ErrorKind::BrokenPipe => Stop::Closed,
        _ => Stop::io("standard output", &fault),
    })
}

/// A member that is text.
pub(crate) fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

/// A member that is a number.
pub(crate) fn number(value: u64) -> Value {
    Number::new(value as f64).map_or(Value::Null, Value::Number)
}
