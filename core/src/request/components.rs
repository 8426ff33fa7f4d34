//! What a signature covers, and with which parameters: our member of `Signature-Input` (RFC 9421 §4.1).

use super::Fault;
use super::structured::{self, Bare};
use crate::nonce::Nonce;
use crate::text::is_name;
use crate::time::Timestamp;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// One covered component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Component<'a> {
    Method,
    Authority,
    Path,
    Query,
    /// A header field, by its name in lower case.
    Field(&'a str),
}

impl<'a> Component<'a> {
    pub(super) fn read(name: &'a str) -> Option<Self> {
        match name {
            "@method" => Some(Self::Method),
            "@authority" => Some(Self::Authority),
            "@path" => Some(Self::Path),
            "@query" => Some(Self::Query),
            name => is_field_name(name).then_some(Self::Field(name)),
        }
    }

    pub(crate) fn name(self) -> &'a str {
        match self {
            Self::Method => "@method",
            Self::Authority => "@authority",
            Self::Path => "@path",
            Self::Query => "@query",
            Self::Field(name) => name,
        }
    }
}

/// A field's name as signatures have it: a token in lower case.
pub(super) fn is_field_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| super::is_tchar(byte) && !byte.is_ascii_uppercase())
}

/// What our member says, in the order in which it says it.
#[derive(Debug)]
pub(crate) struct Coverage<'a> {
    pub(crate) components: Vec<Component<'a>>,
    pub(crate) created: Timestamp,
    pub(crate) nonce: Nonce,
    pub(crate) key_id: &'a str,
}

impl<'a> Coverage<'a> {
    /// Reads our member, which must stand in canonical serialisation.
    pub(crate) fn read(text: &'a str) -> Result<Self, Fault> {
        let (items, parameters) = structured::inner_list(text).ok_or(FORM)?;
        check_canonical(text, &items, &parameters)?;
        let components =
            items.iter().map(component).collect::<Option<Vec<_>>>().ok_or("a covered component is none")?;
        check_components_once(&components)?;
        check_parameters(&parameters)?;
        let integer = |bare| {
            if let Bare::Integer(digits) = bare { digits.parse().ok().and_then(Timestamp::new) } else { None }
        };
        let string = |bare| if let Bare::String(text) = bare { Some(text) } else { None };
        let get = |name| parameters.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        check_text(get("alg").and_then(string), ALGORITHM, "parameter alg must be hmac-sha256")?;
        check_text(get("tag").and_then(string), TAG, "parameter tag must be counterseal")?;
        Ok(Self {
            components,
            created: get("created")
                .and_then(integer)
                .ok_or("parameter created must be whole Unix seconds")?,
            nonce: get("nonce")
                .and_then(string)
                .and_then(Nonce::parse)
                .ok_or("parameter nonce must be 22 characters of base64url")?,
            key_id: get("keyid")
                .and_then(string)
                .filter(|id| is_name(id))
                .ok_or("parameter keyid must be a key's id")?,
        })
    }

    /// The member as a signer writes it.
    pub(super) fn write(
        components: &[Component<'_>],
        created: Timestamp,
        nonce: &Nonce,
        key_id: &str,
    ) -> String {
        let mut text = String::with_capacity(USUAL);
        for (at, component) in components.iter().enumerate() {
            text.push_str(if at == 0 { "(\"" } else { "\" \"" });
            text.push_str(component.name());
        }
        let created = created.seconds().to_string();
        for part in ["\");created=", &created, ";nonce=\"", nonce.as_str(), "\";keyid=\"", key_id] {
            text.push_str(part);
        }
        for part in ["\";alg=\"", ALGORITHM, "\";tag=\"", TAG, "\""] {
            text.push_str(part);
        }
        text
    }
}

/// The digits of one of our member's parameters, whatever else is wrong with it.
pub(crate) fn integer<'a>(member: &'a str, name: &str) -> Option<&'a str> {
    let (_, parameters) = structured::inner_list(member)?;
    let (_, value) = parameters.into_iter().find(|(known, _)| *known == name)?;
    if let Bare::Integer(digits) = value { Some(digits) } else { None }
}

fn component<'a>(item: &Bare<'a>) -> Option<Component<'a>> {
    if let Bare::String(name) = item { Component::read(name) } else { None }
}

/// All that we write are integers and strings without escapes, for which this is the one canonical form (RFC 8941 §4.1).
fn check_canonical(text: &str, items: &[Bare<'_>], parameters: &[(&str, Bare<'_>)]) -> Result<(), Fault> {
    if behind_canonical(text, items, parameters) == Some("") { Ok(()) } else { Err(FORM) }
}

/// What stands in a text behind the canonical form that it begins with; nothing where it begins otherwise.
fn behind_canonical<'t>(
    text: &'t str,
    items: &[Bare<'_>],
    parameters: &[(&str, Bare<'_>)],
) -> Option<&'t str> {
    let mut rest = text.strip_prefix('(')?;
    for (at, item) in items.iter().enumerate() {
        rest = if at == 0 { rest } else { rest.strip_prefix(' ')? };
        rest = behind_bare(rest, item)?;
    }
    rest = rest.strip_prefix(')')?;
    for (name, value) in parameters {
        rest = rest.strip_prefix(';')?.strip_prefix(name)?.strip_prefix('=')?;
        rest = behind_bare(rest, value)?;
    }
    Some(rest)
}

fn behind_bare<'t>(text: &'t str, bare: &Bare<'_>) -> Option<&'t str> {
    match bare {
        Bare::Integer(digits) if is_canonical_integer(digits) => text.strip_prefix(digits),
        Bare::String(inner) => text.strip_prefix('"')?.strip_prefix(inner)?.strip_prefix('"'),
        _ => None,
    }
}

/// No leading zero, and no negative zero.
fn is_canonical_integer(digits: &str) -> bool {
    let magnitude = digits.strip_prefix('-').unwrap_or(digits);
    digits == "0" || !magnitude.starts_with('0')
}

fn check_components_once(components: &[Component<'_>]) -> Result<(), Fault> {
    // Sorted first: 16 KiB hold thousands, and nobody has proved yet who sends them.
    let mut sorted = components.to_vec();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        Err("a component is covered twice")
    } else {
        Ok(())
    }
}

fn check_parameters(parameters: &[(&str, Bare<'_>)]) -> Result<(), Fault> {
    let each_once =
        PARAMETERS.iter().all(|name| parameters.iter().filter(|(known, _)| known == name).count() == 1);
    if each_once && parameters.len() == PARAMETERS.len() {
        return Ok(());
    }
    Err("the parameters must be created, nonce, keyid, alg and tag, each once, and no other")
}

fn check_text(found: Option<&str>, wanted: &str, fault: Fault) -> Result<(), Fault> {
    if found == Some(wanted) { Ok(()) } else { Err(fault) }
}

const FORM: &str =
    "the member counterseal of Signature-Input is not a list of names with parameters in canonical form";
const PARAMETERS: [&str; 5] = ["created", "nonce", "keyid", "alg", "tag"];
const ALGORITHM: &str = "hmac-sha256";
const TAG: &str = "counterseal";
/// Bytes; most members are shorter.
const USUAL: usize = 256;
