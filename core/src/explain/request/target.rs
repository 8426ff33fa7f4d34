//! Path and query as the peer may have signed them.

use super::super::Hint;
use super::changes::{Changes, shown};
use super::{percent, proxied};
use crate::request::Component;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Adds what a proxy says, then what libraries and proxies do unasked.
pub(super) fn add(changes: &mut Changes<'_, '_>) {
    let arrived = changes.arrived;
    let (path, query) = (arrived.value(Component::Path), arrived.value(Component::Query));
    add_proxied(changes, path);
    for (value, how) in spellings(path, PATH).into_iter().chain(paths(path, query)) {
        changes.add(Component::Path, value, how);
    }
    for (value, how) in spellings(query, QUERY).into_iter().chain(queries(query)) {
        changes.add(Component::Query, value, how);
    }
}

fn add_proxied(changes: &mut Changes<'_, '_>, path: &str) {
    let fields = changes.arrived.fields;
    for (name, target) in proxied::targets(&fields) {
        let text = format!(
            "the peer signed the target {}, as {name} says: a proxy rewrote it; hand in the one that was sent, if that proxy is yours",
            shown(&format!("{}{}", target.path, target.query))
        );
        let values =
            [(Component::Path, target.path.to_string()), (Component::Query, target.query.to_string())];
        changes.add_all(values.into(), Hint::new("path", text));
    }
    for (name, prefix) in proxied::prefixes(&fields) {
        let how = format!(
            "a proxy stripped the prefix that {name} names; hand in the path that was sent, if that proxy is yours"
        );
        changes.add(Component::Path, format!("{prefix}{path}"), &how);
        if let Some(rest) = path.strip_prefix(prefix) {
            changes.add(
                Component::Path,
                rest.to_string(),
                &format!("a proxy put the prefix that {name} names before it"),
            );
        }
    }
}

/// Which characters the libraries leave as they are, in a part of the target.
struct Kept([&'static str; 5]);

/// Other percent-encodings of the same text.
fn spellings(text: &str, Kept(kept): Kept) -> Vec<(String, &'static str)> {
    let decoded = percent::decoded(text).map(|decoded| (decoded, "percent-encoding is signed as it is sent"));
    let encoded = kept.map(|kept| (percent::encoded(text, kept), ENCODED));
    let digits = [u8::make_ascii_uppercase, u8::make_ascii_lowercase]
        .map(|cased: fn(&mut u8)| (percent::with_digits(text, cased), DIGITS));
    decoded.into_iter().chain(encoded).chain(digits).collect()
}

fn paths(path: &str, query: &str) -> Vec<(String, &'static str)> {
    let slash = match path.strip_suffix('/') {
        Some(without) => without.to_string(),
        None => format!("{path}/"),
    };
    let mut all = Vec::from([
        (String::new(), "an empty path is signed as /"),
        (slash, "a slash at its end was added or taken off"),
        (without_dots(path), "the peer, or its library, took . and .. out of it before it signed"),
        (merged(path), "the peer signed it with its double slashes made one"),
        (format!("{path}{query}"), "the query is a component of its own"),
    ]);
    for (at, _) in path.match_indices('/').take(SLASHES) {
        let (before, behind) = (&path[..at], &path[at + 1..]);
        all.push((format!("{before}//{behind}"), "double slashes were made one on its way"));
        all.push((format!("{before}%2F{behind}"), ESCAPED_SLASH));
        all.push((format!("{before}%2f{behind}"), ESCAPED_SLASH));
    }
    all
}

fn queries(query: &str) -> Vec<(String, &'static str)> {
    let bare = query.strip_prefix('?').unwrap_or(query);
    let mut all = Vec::from([
        (String::from("?"), "it was added after the request was signed, or the peer leaves it out"),
        (bare.to_string(), "it is signed with its question mark, and as the mark alone where there is none"),
        (query.replace('+', "%20"), "a space is + on one side and %20 on the other"),
        (query.replace("%20", "+"), "a space is + on one side and %20 on the other"),
    ]);
    let parts: Vec<&str> = bare.split('&').collect();
    let rewritten = [without_blanks(&parts), with_equals(&parts), without_equals(&parts)];
    all.extend(rewritten.map(|parts| {
        (format!("?{}", parts.join("&")), "parameters without a value were written anew, or dropped")
    }));
    let reordered = orders(&parts)
        .into_iter()
        .map(|parts| (format!("?{}", parts.join("&")), "its parameters were reordered"));
    all.extend(reordered);
    all
}

/// RFC 3986 §5.2.4.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment {
            "." => (),
            ".." => drop(kept.pop()),
            segment => kept.push(segment),
        }
    }
    let ends_in_dots = path.ends_with("/.") || path.ends_with("/..");
    format!("/{}{}", kept.join("/"), if ends_in_dots && !kept.is_empty() { "/" } else { "" })
}

fn merged(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for char in path.chars() {
        if char != '/' || !out.ends_with('/') {
            out.push(char);
        }
    }
    out
}

fn without_blanks<'p>(parts: &[&'p str]) -> Vec<String> {
    let has_value = |part: &&&'p str| part.split_once('=').is_some_and(|(_, value)| !value.is_empty());
    parts.iter().filter(has_value).map(ToString::to_string).collect()
}

fn with_equals(parts: &[&str]) -> Vec<String> {
    let with = |part: &&str| {
        if part.contains('=') || part.is_empty() { part.to_string() } else { format!("{part}=") }
    };
    parts.iter().map(with).collect()
}

fn without_equals(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| part.strip_suffix('=').unwrap_or(part).to_string()).collect()
}

/// Sorted and reversed; every order where the parts are few.
fn orders<'p>(parts: &[&'p str]) -> Vec<Vec<&'p str>> {
    if parts.len() <= FEW {
        return permutations(parts);
    }
    let (mut sorted, mut reversed) = (parts.to_vec(), parts.to_vec());
    sorted.sort_unstable();
    reversed.reverse();
    Vec::from([sorted, reversed])
}

fn permutations<'p>(parts: &[&'p str]) -> Vec<Vec<&'p str>> {
    let mut all = Vec::from([Vec::new()]);
    for part in parts {
        let mut longer = Vec::new();
        for shorter in &all {
            longer.extend((0..=shorter.len()).map(|at| {
                let mut order: Vec<&str> = shorter.clone();
                order.insert(at, part);
                order
            }));
        }
        all = longer;
    }
    all
}

/// Python's `quote`; JavaScript's `encodeURIComponent` of each segment; the fewest; `encodeURI`; the quote alone, as `new URL()` does in a query.
const PATH: Kept = Kept(["/_.-~", "/-_.!~*'()", "/-_.", "/;,?:@&=+$-_.!~*'()#", "/-._~!$&()*+,;=:@%"]);
/// Python's `urlencode`; `encodeURIComponent` of each name and value; the fewest; `URLSearchParams`; the quote alone.
const QUERY: Kept = Kept(["?=&+_.-~", "?=&+-_.!~*'()", "?=&+-_.", "?=&+*-._", "?/-._~!$&()*+,;=:@%"]);
const ENCODED: &str = "it was decoded on its way, or by a framework before it was handed in";
const ESCAPED_SLASH: &str =
    "an escaped slash was decoded on its way, or by a framework before it was handed in";
const DIGITS: &str = "the case of its escapes was changed";
/// More are not doubled or escaped, one by one.
const SLASHES: usize = 16;
/// 24 orders.
const FEW: usize = 4;
