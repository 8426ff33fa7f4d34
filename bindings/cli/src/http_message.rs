//! A request as it stands on the wire: request line, header fields, an empty line, the body (RFC 9112 §2.1).
//!
//! Only the lines are told apart here. What they say is the façade's to judge: a folded line stays part of its field's value, where it is refused.

use counterseal_shared::{Error, ErrorCode, Field, Result};

/// A request taken apart.
pub(crate) struct Message<'m> {
    pub(crate) method: &'m str,
    pub(crate) target: &'m str,
    pub(crate) headers: Vec<(&'m str, Vec<u8>)>,
    /// The bytes behind the empty line, as they stand.
    pub(crate) body: &'m [u8],
}

impl<'m> Message<'m> {
    /// Lines of the head end with LF or CRLF. Without an empty line there is no body.
    pub(crate) fn read(bytes: &'m [u8]) -> Result<Self> {
        let mut lines = Lines { rest: bytes, number: 0 };
        let first = lines.next().ok_or_else(|| malformed("nothing arrived".to_owned()))?;
        let (method, target) = request_line(first).ok_or_else(|| lines.fault(REQUEST_LINE))?;
        let mut headers: Vec<(&str, Vec<u8>)> = Vec::new();
        while let Some(line) = lines.next().filter(|line| !line.is_empty()) {
            check_head(bytes.len() - lines.rest.len())?;
            match headers.last_mut() {
                Some((_, value)) if line.starts_with(b" ") || line.starts_with(b"\t") => {
                    value.push(b'\n');
                    value.extend_from_slice(line);
                }
                _ => headers.push(field(line).ok_or_else(|| lines.fault(FIELD))?),
            }
        }
        Ok(Self { method, target, headers, body: lines.rest })
    }

    pub(crate) fn fields(&self) -> Vec<Field<'_>> {
        self.headers.iter().map(|(name, value)| (*name, value.as_slice())).collect()
    }
}

/// A field as it stands in a line, or in an argument.
pub(crate) fn field(line: &[u8]) -> Option<(&str, Vec<u8>)> {
    // The name of a pseudo-field begins with a colon.
    let end = line.iter().skip(1).position(|byte| *byte == b':')? + 1;
    let name = str::from_utf8(&line[..end]).ok()?;
    let is_name = !name.bytes().any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control());
    is_name.then(|| (name, line[end + 1..].trim_ascii().to_vec()))
}

fn request_line(line: &[u8]) -> Option<(&str, &str)> {
    let mut parts = str::from_utf8(line).ok()?.splitn(3, ' ');
    let (method, target, version) = (parts.next()?, parts.next()?, parts.next()?);
    let is_version = version.strip_prefix("HTTP/").is_some_and(|number| VERSIONS.contains(&number));
    (is_version && !method.is_empty() && !target.is_empty()).then_some((method, target))
}

struct Lines<'m> {
    rest: &'m [u8],
    number: usize,
}

impl<'m> Lines<'m> {
    /// The next line without its end; none at the end of all.
    fn next(&mut self) -> Option<&'m [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        self.number += 1;
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        let (line, rest) = match end {
            Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
            None => (self.rest, &[][..]),
        };
        self.rest = rest;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    fn fault(&self, what: &str) -> Error {
        malformed(format!("line {} of the input {what}", self.number))
    }
}

fn check_head(length: usize) -> Result<()> {
    if length <= HEAD_MAX {
        return Ok(());
    }
    Err(malformed(format!("the head of the input has more than {HEAD_MAX} bytes")))
}

fn malformed(detail: String) -> Error {
    Error::new(ErrorCode::MalformedRequest, detail)
}

/// Request line and header fields, in bytes.
pub(crate) const HEAD_MAX: usize = 256 * 1024;
const VERSIONS: [&str; 5] = ["1.0", "1.1", "2", "2.0", "3"];
const REQUEST_LINE: &str = "is no request line, such as: POST /execute?x=1 HTTP/1.1";
const FIELD: &str = "is no header field, such as: Content-Type: application/json";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn fault(bytes: &[u8]) -> String {
        Message::read(bytes).err().map(|error| error.detail().to_owned()).unwrap_or_default()
    }

    #[test]
    fn lines_and_body() {
        for text in [
            "POST /a%2Fb?x HTTP/1.1\r\nHost: h:8200\r\nX-A:\t a b \r\n\r\nbo\r\ndy\n",
            "POST /a%2Fb?x HTTP/1.1\nHost: h:8200\nX-A:a b\n\nbo\r\ndy\n",
        ] {
            let message = Message::read(text.as_bytes()).unwrap();
            assert_eq!((message.method, message.target), ("POST", "/a%2Fb?x"));
            assert_eq!(message.fields(), [("Host", &b"h:8200"[..]), ("X-A", b"a b")]);
            assert_eq!(message.body, b"bo\r\ndy\n");
        }
        let bare = Message::read(b"GET / HTTP/2\n:authority: h").unwrap();
        assert_eq!((bare.fields(), bare.body), (vec![(":authority", &b"h"[..])], &b""[..]));
        let folded = Message::read(b"GET / HTTP/1.1\r\nX-A: a\r\n b\r\nX-B: \xFF\r\n\r\n").unwrap();
        assert_eq!(folded.fields(), [("X-A", &b"a\n b"[..]), ("X-B", b"\xFF")]);
    }

    #[test]
    fn what_is_no_request() {
        assert_eq!(fault(b""), "nothing arrived");
        for line in [
            "\n",
            "GET /",
            "GET  HTTP/1.1",
            " / HTTP/1.1",
            "GET / HTTP/1.1 x",
            "GET /a b HTTP/1.1",
            "HTTP/1.1 200 OK",
            "> GET / HTTP/1.1",
        ] {
            assert!(fault(line.as_bytes()).starts_with("line 1 of the input is no request line"), "{line}");
        }
        for line in ["Host", ": h", "Host : h", "X A: h", " folded: x", "> Host: h", "\u{1}X: h"] {
            let text = format!("GET / HTTP/1.1\n{line}\n\n");
            assert!(fault(text.as_bytes()).starts_with("line 2 of the input is no header field"), "{line}");
        }
    }

    #[test]
    fn a_head_has_its_length() {
        let with = |length: usize| format!("GET / HTTP/1.1\nX: {}\n\n", "x".repeat(length - 19));
        assert_eq!(fault(with(HEAD_MAX).as_bytes()), "");
        assert!(fault(with(HEAD_MAX + 1).as_bytes()).contains("more than 262144 bytes"));
    }
}
