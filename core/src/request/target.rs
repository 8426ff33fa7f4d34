//! What a request asks for: path and query, raw as they are sent (RFC 9112 §3.2).

use super::Fault;
use super::authority::{Authority, Scheme};

/// A request's target, taken apart and otherwise untouched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target<'a> {
    /// Of a target in absolute form, and of a URL.
    pub(crate) origin: Option<(Scheme, Authority<'a>)>,
    pub(crate) path: &'a str,
    /// With its question mark; the mark alone where there is no query.
    pub(crate) query: &'a str,
}

impl<'a> Target<'a> {
    /// What stands in a request line, or in `:path`: origin form or absolute form.
    pub(crate) fn read(text: &'a str) -> Result<Self, Fault> {
        check_characters(text)?;
        if text.starts_with('/') {
            let (path, query) = split_query(text);
            return Ok(Self { origin: None, path, query });
        }
        Self::absolute(text)
    }

    /// A URL as a client is given it. Its fragment is never sent.
    pub(super) fn of_url(url: &'a str) -> Result<Self, Fault> {
        let sent = url.split_once('#').map_or(url, |(sent, _)| sent);
        check_characters(sent)?;
        Self::absolute(sent)
    }

    fn absolute(text: &'a str) -> Result<Self, Fault> {
        let (scheme, rest) = Scheme::split(text).ok_or(FORM)?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let authority = Authority::read(&rest[..end])?;
        let (path, query) = split_query(&rest[end..]);
        Ok(Self { origin: Some((scheme, authority)), path, query })
    }
}

/// An empty path is `/`, an absent query `?` (RFC 9421 §2.2.6 and §2.2.7).
fn split_query(text: &str) -> (&str, &str) {
    let (path, query) = text.split_at(text.find('?').unwrap_or(text.len()));
    (if path.is_empty() { "/" } else { path }, if query.is_empty() { "?" } else { query })
}

fn check_characters(text: &str) -> Result<(), Fault> {
    let sent = |byte: u8| matches!(byte, 0x21..=0x7E) && !matches!(byte, b'#' | b'\\');
    if text.len() > LENGTH_MAX {
        return Err("the target is longer than 8192 bytes");
    }
    if text.bytes().all(sent) { Ok(()) } else { Err(CHARACTERS) }
}

const FORM: &str = "the target is neither a path nor an absolute http or https URL";
const CHARACTERS: &str = "the target holds a character that is never sent: only printable ASCII without space, # and \\; percent-encode the others";
const LENGTH_MAX: usize = 8192;

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn path_and_query_stay_as_they_are() {
        for (target, path, query) in [
            ("/", "/", "?"),
            ("/x", "/x", "?"),
            ("/x?", "/x", "?"),
            ("/x?a=1", "/x", "?a=1"),
            ("/x??", "/x", "??"),
            ("/a%2Fb//../c;d+e'f?x=%C3%A9&y='", "/a%2Fb//../c;d+e'f", "?x=%C3%A9&y='"),
            ("//h/x", "//h/x", "?"),
            ("http://h", "/", "?"),
            ("http://h?q", "/", "?q"),
            ("HTTPS://h:1/x?y/z", "/x", "?y/z"),
        ] {
            let read = Target::read(target).unwrap();
            assert_eq!((read.path, read.query), (path, query), "{target}");
        }
    }

    #[test]
    fn what_is_no_target() {
        for bad in [
            "",
            "*",
            "x",
            "?x",
            "h:443",
            "ftp://h/",
            "http://",
            "http:///x",
            "http://u@h/",
            "/a b",
            "/a#b",
            "/a\\b",
            "/é",
            "/\u{7f}",
            "/\n",
        ] {
            assert!(Target::read(bad).is_err(), "{bad:?}");
        }
        assert!(Target::read(&format!("/{}", "x".repeat(8191))).is_ok());
        assert!(Target::read(&format!("/{}", "x".repeat(8192))).is_err());
    }

    #[test]
    fn a_url_loses_its_fragment_alone() {
        let url = Target::of_url("https://H:8200/a%2Fb?x#y?z").unwrap();
        assert_eq!((url.path, url.query), ("/a%2Fb", "?x"));
        assert_eq!(url, Target::read("https://H:8200/a%2Fb?x").unwrap());
        for bad in ["/x", "h/x", "http://h/a b", "http://u:p@h/", "http://h/\\"] {
            assert!(Target::of_url(bad).is_err(), "{bad}");
        }
    }
}
