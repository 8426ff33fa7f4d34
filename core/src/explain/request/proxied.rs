//! What proxies say that they rewrote, in the fields that they leave for it. Nobody signed these fields: they are tried, never believed.

use crate::request::{Fields, Target};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A target as it was, and the field that says so.
pub(super) fn targets<'a>(fields: &Fields<'a>) -> impl Iterator<Item = (&'static str, Target<'a>)> {
    let target = |name| Some((name, Target::read(fields.single(name).ok()??).ok()?));
    TARGETS.into_iter().filter_map(target)
}

/// A prefix of the path that was taken off, or put before it.
pub(super) fn prefixes<'a>(fields: &Fields<'a>) -> impl Iterator<Item = (&'static str, &'a str)> {
    let prefix = |name| Some((name, fields.single(name).ok()??.trim_end_matches('/')));
    PREFIXES.into_iter().filter_map(prefix).filter(|(_, prefix)| !prefix.is_empty())
}

/// The names of the server as they were.
pub(super) fn authorities(fields: &Fields<'_>) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let port = fields.joined("x-forwarded-port").ok().flatten();
    for name in HOSTS {
        let Ok(Some(value)) = fields.joined(name) else { continue };
        for host in listed(&value, ',') {
            all.push((name, host.to_string()));
            all.extend(port.iter().map(|port| (name, format!("{host}:{port}"))));
        }
    }
    let forwarded = fields.joined("forwarded").ok().flatten().unwrap_or_default();
    let pairs = listed(&forwarded, ',').flat_map(|element| listed(element, ';'));
    let hosts =
        pairs.filter_map(|pair| pair.split_once('=')).filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    all.extend(hosts.map(|(_, host)| ("forwarded", host.trim_matches('"').to_string())));
    all.truncate(MOST);
    all
}

fn listed(text: &str, separator: char) -> impl Iterator<Item = &str> {
    text.split(separator).map(|item| item.trim_matches([' ', '\t'])).filter(|item| !item.is_empty())
}

const TARGETS: [&str; 5] =
    ["x-original-uri", "x-original-url", "x-rewrite-url", "x-forwarded-uri", "x-envoy-original-path"];
const PREFIXES: [&str; 1] = ["x-forwarded-prefix"];
const HOSTS: [&str; 2] = ["x-forwarded-host", "x-original-host"];
/// More proxies stand behind one another nowhere.
const MOST: usize = 8;
