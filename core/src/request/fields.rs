//! A request's header fields, found by name.

use super::Fault;
use alloc::borrow::Cow;
use alloc::string::String;

/// One header field line: its name and its value, as it came.
pub type Field<'a> = (&'a str, &'a [u8]);

/// The header fields of one request, in order.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a [Field<'a>]);

impl<'a> Fields<'a> {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.lines(name).next().is_some()
    }

    /// The value of the field that stands once; nothing where it is absent.
    pub(crate) fn single(&self, name: &str) -> Result<Option<&'a str>, Fault> {
        let mut lines = self.lines(name);
        let Some(line) = lines.next() else { return Ok(None) };
        check_once(lines.next().is_some())?;
        value(line).map(Some)
    }

    /// The values of all lines of a field that is a list, joined; nothing where it is absent.
    pub(crate) fn joined(&self, name: &str) -> Result<Option<Cow<'a, str>>, Fault> {
        let mut lines = self.lines(name);
        let Some(line) = lines.next() else { return Ok(None) };
        let mut joined = Cow::Borrowed(value(line)?);
        for line in lines {
            let whole: &mut String = joined.to_mut();
            whole.push_str(", ");
            whole.push_str(value(line)?);
            check_length(whole)?;
        }
        Ok(Some(joined))
    }

    fn lines(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

/// A field's value without the white space around it (RFC 9421 §2.1). What spans lines (obs-fold) holds a line's end, and is refused.
fn value(line: &[u8]) -> Result<&str, Fault> {
    let value = str::from_utf8(trimmed(line)).map_err(|_| CHARACTERS)?;
    check_length(value)?;
    if value.bytes().all(|byte| matches!(byte, 0x20..=0x7E | b'\t')) { Ok(value) } else { Err(CHARACTERS) }
}

fn trimmed(mut line: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = line {
        line = rest;
    }
    line
}

fn check_once(again: bool) -> Result<(), Fault> {
    if again { Err("a field that must stand once is repeated") } else { Ok(()) }
}

fn check_length(value: &str) -> Result<(), Fault> {
    if value.len() <= LENGTH_MAX { Ok(()) } else { Err("a field is longer than 16384 bytes") }
}

const CHARACTERS: &str = "a field's value holds a character other than 0x20 to 0x7E and tab";
const LENGTH_MAX: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: Fields<'static> = Fields(&[
        ("Host", b"h"),
        ("X-A", b" \t a \t"),
        ("x-a", b"b"),
        ("X-Fold", b"a\r\n b"),
        ("X-High", b"\xE9"),
        ("X-Tab", b"a\tb"),
    ]);

    #[test]
    fn by_name_whatever_its_case() {
        assert_eq!(FIELDS.single("hOsT"), Ok(Some("h")));
        assert_eq!(FIELDS.single("absent"), Ok(None));
        assert_eq!(FIELDS.single("x-tab"), Ok(Some("a\tb")));
        assert!(FIELDS.has("HOST") && !FIELDS.has("hos"));
    }

    #[test]
    fn lines_are_joined_or_refused() {
        assert!(FIELDS.single("x-a").is_err());
        assert_eq!(FIELDS.joined("x-a").unwrap().as_deref(), Some("a, b"));
        assert_eq!(FIELDS.joined("absent"), Ok(None));
        for bad in ["x-fold", "x-high"] {
            assert!(FIELDS.single(bad).is_err() && FIELDS.joined(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_field_has_its_length() {
        let (fits, long) = ([b'x'; LENGTH_MAX], [b'x'; LENGTH_MAX + 1]);
        assert!(Fields(&[("a", &fits)]).single("a").is_ok());
        assert!(Fields(&[("a", &long)]).single("a").is_err());
        assert!(Fields(&[("a", &fits), ("a", b"x")]).joined("a").is_err());
    }
}
