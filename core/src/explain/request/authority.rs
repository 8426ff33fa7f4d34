//! The server's name: which the request names, which this verifier answers for, and which the peer may have signed.

use super::super::{Hint, tries};
use super::changes::{Arrived, Changes};
use super::{guess, proxied};
use crate::mac::MacKey;
use crate::request::{Component, Shape, VerifierOptions};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What a request names, in the form that is signed. Where the target names no scheme, it is that of the verifier's first authority.
pub(super) fn named(shape: &Shape<'_>, options: &VerifierOptions) -> Option<String> {
    let scheme = shape.target.origin.map(|(scheme, _)| scheme);
    let scheme = scheme.or(options.authorities.first().map(|own| own.scheme))?;
    shape.named.first().map(|named| named.to_text(scheme))
}

/// For `wrong_authority`: what the signature is good for tells whether a name is missing here, or was rewritten on its way.
pub(super) fn hints(arrived: &Arrived<'_>, keys: &[tries::Part<MacKey>]) -> Vec<Hint> {
    let (named, own) = (&arrived.authority, own_names(arrived));
    let found = guess::hints(arrived, keys);
    let text = match &found {
        Some(changes) if !changes.iter().any(|hint| hint.look_at == "authority") => format!(
            "the peer signed for {named}, and this verifier answers for {own}: add {named} to authorities if that is how callers reach this \
             server"
        ),
        _ => format!("the request is for {named}, and this verifier answers for {own}"),
    };
    [Hint::new("authority", text)].into_iter().chain(found.unwrap_or_default()).collect()
}

/// Adds the names that the peer may have signed.
pub(super) fn add(changes: &mut Changes<'_, '_>) {
    let arrived = changes.arrived;
    let mut add = |value: &str, how: &str| changes.add(Component::Authority, value.to_string(), how);
    for own in arrived.options.authorities.iter().take(TRIED) {
        add(
            &own.text,
            "a proxy rewrote Host, or another name of this server was called; have the proxy pass Host on",
        );
    }
    for (name, value) in proxied::authorities(&arrived.fields) {
        let how = format!("{name} says so; have the proxy pass Host on as it came");
        spellings(&value).iter().for_each(|spelling| add(spelling, &how));
    }
    let own = arrived.options.authorities.iter().take(TRIED).map(|own| own.text.as_str());
    for name in own.chain([arrived.authority.as_str()]) {
        let how = "a port is signed where it is not the scheme's own, and only there";
        spellings(name).iter().for_each(|spelling| add(spelling, how));
    }
    for name in [":authority", "host"] {
        if let Ok(Some(value)) = arrived.fields.single(name) {
            add(value, "it is signed in lower case, without the scheme's own port");
        }
    }
    for scheme in ["http", "https"] {
        add(&format!("{scheme}://{}", arrived.authority), "it is signed without its scheme");
    }
}

/// As it stands, in lower case, and with another port or none.
fn spellings(authority: &str) -> [String; 5] {
    let lower = authority.to_ascii_lowercase();
    let host = host(&lower);
    [authority.to_string(), host.to_string(), format!("{host}:443"), format!("{host}:80"), lower.clone()]
}

/// Without the port.
fn host(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn own_names(arrived: &Arrived<'_>) -> String {
    let names: Vec<_> = arrived.options.authorities.iter().take(SHOWN).map(|own| own.text.as_str()).collect();
    let more = arrived.options.authorities.len() - names.len();
    let names = names.join(", ");
    if more > 0 { format!("{names} and {more} more") } else { names }
}

/// How many names of this server's are tried.
const TRIED: usize = 16;
/// How many are told.
const SHOWN: usize = 8;
