//! Authorities: host and port as a request names them, and in the one form that is signed (RFC 9421 §2.2.3).

use super::Fault;
use alloc::string::String;
use core::net::Ipv6Addr;

/// How a server is reached; it decides which port need not be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

impl Scheme {
    /// Splits `http://` or `https://` off.
    pub(crate) fn split(text: &str) -> Option<(Self, &str)> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = match scheme {
            _ if scheme.eq_ignore_ascii_case("http") => Self::Http,
            _ if scheme.eq_ignore_ascii_case("https") => Self::Https,
            _ => return None,
        };
        Some((scheme, rest))
    }

    pub(crate) const fn port(self) -> &'static str {
        match self {
            Self::Http => "80",
            Self::Https => "443",
        }
    }
}

/// A host and its port, as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Authority<'a> {
    host: &'a str,
    port: Option<&'a str>,
}

impl<'a> Authority<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self, Fault> {
        check_length(text)?;
        check_no_userinfo(text)?;
        let (host, port) = split_port(text);
        check_host(host)?;
        if let Some(port) = port {
            check_port(port)?;
        }
        Ok(Self { host, port })
    }

    /// In lower case, without the scheme's own port. A trailing dot stays.
    pub(crate) fn to_text(self, scheme: Scheme) -> String {
        let mut text = self.host.to_ascii_lowercase();
        if let Some(port) = self.port_under(scheme) {
            text.push(':');
            text.push_str(port);
        }
        text
    }

    /// Whether both have one text under a scheme.
    pub(super) fn is_same(self, other: Authority<'_>, scheme: Scheme) -> bool {
        self.host.eq_ignore_ascii_case(other.host) && self.port_under(scheme) == other.port_under(scheme)
    }

    /// Whether this is its text under a scheme.
    pub(super) fn is_written(self, text: &str, scheme: Scheme) -> bool {
        let (host, port) = split_port(text);
        self.host.eq_ignore_ascii_case(host) && self.port_under(scheme) == port
    }

    fn port_under(self, scheme: Scheme) -> Option<&'a str> {
        self.port.filter(|port| *port != scheme.port())
    }
}

/// Brackets close a host that holds colons itself.
fn split_port(text: &str) -> (&str, Option<&str>) {
    let behind = text.rfind(']').map_or(0, |at| at + 1);
    match text[behind..].find(':') {
        Some(at) => (&text[..behind + at], Some(&text[behind + at + 1..])),
        None => (text, None),
    }
}

fn check_length(text: &str) -> Result<(), Fault> {
    if text.len() <= LENGTH_MAX { Ok(()) } else { Err("the authority is longer than 261 characters") }
}

fn check_no_userinfo(text: &str) -> Result<(), Fault> {
    if text.contains('@') {
        Err("the authority names a user; take user and password out of the URL")
    } else {
        Ok(())
    }
}

fn check_host(host: &str) -> Result<(), Fault> {
    let fits = match host.strip_prefix('[') {
        Some(inner) => inner.strip_suffix(']').is_some_and(|inner| inner.parse::<Ipv6Addr>().is_ok()),
        None => !host.is_empty() && host.bytes().all(is_host_byte),
    };
    if fits {
        Ok(())
    } else {
        Err("the host is no name and no address; an IPv6 address stands in brackets, without a zone")
    }
}

/// `reg-name` of RFC 3986 §3.2.2.
fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%".contains(&byte)
}

fn check_port(port: &str) -> Result<(), Fault> {
    let digits = port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
    if digits && port.parse::<u16>().is_ok() {
        Ok(())
    } else {
        Err("the port is not 1 to 65535 without a leading zero")
    }
}

/// The longest host name, a colon and a port of five digits, and two for brackets or a dot.
const LENGTH_MAX: usize = 261;

#[cfg(test)]
mod tests {
    use super::*;

    fn text(authority: &str, scheme: Scheme) -> Result<String, Fault> {
        Authority::read(authority).map(|authority| authority.to_text(scheme))
    }

    #[test]
    fn one_form() {
        for (given, http, https) in [
            ("vault.internal", "vault.internal", "vault.internal"),
            ("Vault.INTERNAL:8200", "vault.internal:8200", "vault.internal:8200"),
            ("h:80", "h", "h:80"),
            ("h:443", "h:443", "h"),
            ("h.:80", "h.", "h.:80"),
            ("[2001:DB8::1]:80", "[2001:db8::1]", "[2001:db8::1]:80"),
            ("[::1]", "[::1]", "[::1]"),
            ("[fe80::]:443", "[fe80::]:443", "[fe80::]"),
            ("192.0.2.1:65535", "192.0.2.1:65535", "192.0.2.1:65535"),
            ("a_b~c%20!", "a_b~c%20!", "a_b~c%20!"),
        ] {
            assert_eq!(text(given, Scheme::Http).as_deref(), Ok(http), "{given}");
            assert_eq!(text(given, Scheme::Https).as_deref(), Ok(https), "{given}");
        }
    }

    #[test]
    fn what_is_none() {
        for bad in [
            "",
            ":80",
            "h:",
            "h:0",
            "h:080",
            "h:65536",
            "h:8a",
            "h:+8",
            "h:80:80",
            "u@h",
            "u:p@h",
            "[::1",
            "::1",
            "[::1]x",
            "[fe80::1%25eth0]",
            "[fe80::1%eth0]",
            "[h]",
            "[]",
            "h h",
            "h/",
            "hé",
            "h\\",
            "h#",
            "h[",
            "h]",
        ] {
            assert!(text(bad, Scheme::Http).is_err(), "{bad}");
        }
        assert!(text(&"h".repeat(261), Scheme::Http).is_ok());
        assert!(text(&"h".repeat(262), Scheme::Http).is_err());
    }

    #[test]
    fn a_user_is_told_apart_from_a_bad_host() {
        for with_user in ["u@h", "u:p@h", "@h", "h@"] {
            let fault = Authority::read(with_user).unwrap_err();
            assert!(fault.starts_with("the authority names a user"), "{with_user}: {fault}");
        }
    }

    #[test]
    fn schemes() {
        assert_eq!(Scheme::split("HTTP://h/"), Some((Scheme::Http, "h/")));
        assert_eq!(Scheme::split("https://h"), Some((Scheme::Https, "h")));
        for bad in ["ftp://h", "http:/h", "h", "://h", "http//h"] {
            assert_eq!(Scheme::split(bad), None, "{bad}");
        }
    }
}
