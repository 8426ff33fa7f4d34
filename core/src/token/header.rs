//! A token's header, up to the point where a key is needed (wire contract §6, RFC 7515 §4.1).

use super::policy::{DEFAULT_TYP, Policy};
use crate::QUICK;
use crate::error::{Error, ErrorCode, Result};
use crate::json::{Document, Item, Members};
use crate::key::Algorithm;
use crate::text::is_name_bytes;
use alloc::borrow::Cow;
use alloc::string::String;

/// What a header that holds says of the signature.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header<'h> {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<Cow<'h, [u8]>>,
}

impl<'h> Header<'h> {
    /// Judges everything in the header that stands before the key, in the contract's order.
    pub(super) fn read(text: &'h [u8], policy: &Policy) -> Result<Self> {
        let usual = if QUICK && policy.takes_usual_header() { Self::scan(text) } else { None };
        usual.map_or_else(|| Self::judge(text, policy), Ok)
    }

    /// Recognises the headers that most issuers write. Any other may hold all the same.
    pub(super) fn scan(text: &'h [u8]) -> Option<Self> {
        let key_id = match text {
            br#"{"alg":"HS256","typ":"JWT"}"# | br#"{"typ":"JWT","alg":"HS256"}"# => None,
            _ => Some(Cow::Borrowed(scan_key_id(text).filter(|id| is_name_bytes(id))?)),
        };
        Some(Self { algorithm: Algorithm::Hs256, key_id })
    }

    pub(super) fn judge(text: &[u8], policy: &Policy) -> Result<Self> {
        let header = read_object(Document::read(text))?;
        let Item::Object(header) = header.root() else { return Err(not_an_object()) };
        let algorithm = algorithm_name(&header)?;
        let key_id = key_id(&header)?;
        let algorithm = check_algorithm(&algorithm, policy)?;
        check_critical(&header)?;
        check_zip(&header)?;
        check_typ(&header, policy)?;
        Ok(Self { algorithm, key_id })
    }
}

/// Whether two media types name the same: ASCII case-blind, a leading `application/` optional (RFC 7515 §4.1.9).
pub(super) fn same_type(one: &str, other: &str) -> bool {
    without_prefix(one).eq_ignore_ascii_case(without_prefix(other))
}

/// The one strict JSON object that header or claims must be.
pub(crate) fn read_object(read: Result<Document<'_>>) -> Result<Document<'_>> {
    match read {
        Ok(document) if document.members().is_some() => Ok(document),
        Ok(_) => Err(not_an_object()),
        Err(fault) => Err(malformed(&fault)),
    }
}

/// The refusal of what is not strict JSON.
#[cold]
pub(super) fn malformed(fault: &Error) -> Error {
    Error::new(ErrorCode::MalformedToken, String::from(fault.detail()))
}

#[cold]
pub(super) fn not_an_object() -> Error {
    Error::new(ErrorCode::MalformedToken, "header and claims must be JSON objects")
}

fn scan_key_id(text: &[u8]) -> Option<&[u8]> {
    text.strip_prefix(br#"{"alg":"HS256","typ":"JWT","kid""#)
        .or_else(|| text.strip_prefix(br#"{"typ":"JWT","alg":"HS256","kid""#))
        .and_then(|rest| rest.strip_prefix(br#":""#)?.strip_suffix(br#""}"#))
        .or_else(|| text.strip_prefix(br#"{"alg":"HS256","kid":""#)?.strip_suffix(br#"","typ":"JWT"}"#))
}

fn algorithm_name<'h>(header: &Members<'h>) -> Result<Cow<'h, str>> {
    match header.get("alg") {
        Some(Item::String(name)) => Ok(name),
        _ => Err(Error::new(ErrorCode::MalformedToken, "header member alg must be a string")),
    }
}

fn key_id<'k>(header: &Members<'_>) -> Result<Option<Cow<'k, [u8]>>> {
    match header.get("kid") {
        None => Ok(None),
        Some(Item::String(id)) if (1..=KEY_ID_MAX).contains(&id.len()) => {
            Ok(Some(Cow::Owned(id.into_owned().into_bytes())))
        }
        Some(_) => {
            Err(Error::new(ErrorCode::MalformedToken, "header member kid must be a string of 1 to 256 bytes"))
        }
    }
}

fn check_algorithm(name: &str, policy: &Policy) -> Result<Algorithm> {
    let algorithm = Algorithm::parse(name).filter(|algorithm| policy.allows(*algorithm));
    algorithm
        .ok_or_else(|| Error::new(ErrorCode::UnsupportedAlgorithm, "alg is not one that the policy allows"))
}

/// RFC 7515 §4.1.11: what is not understood must be refused. No extension is; `b64` (RFC 7797) counts even where `crit` does not name it.
fn check_critical(header: &Members<'_>) -> Result<()> {
    if header.get("crit").is_some() || header.get("b64").is_some() {
        return Err(ErrorCode::UnsupportedCritical.into());
    }
    Ok(())
}

fn check_zip(header: &Members<'_>) -> Result<()> {
    if header.get("zip").is_some() {
        return Err(Error::new(ErrorCode::MalformedToken, "header member zip belongs to encrypted tokens"));
    }
    Ok(())
}

/// RFC 8725 §3.11: a policy that names a type takes no other, so that a token of one kind never passes for another.
fn check_typ(header: &Members<'_>, policy: &Policy) -> Result<()> {
    let fits = match (header.get("typ"), policy.required_typ()) {
        (None, None) => true,
        (Some(Item::String(found)), required) => same_type(&found, required.unwrap_or(DEFAULT_TYP)),
        _ => false,
    };
    if !fits {
        return Err(Error::new(
            ErrorCode::MalformedToken,
            "header member typ is not the type that the policy takes",
        ));
    }
    Ok(())
}

fn without_prefix(name: &str) -> &str {
    match name.split_at_checked(TYP_PREFIX.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(TYP_PREFIX) => rest,
        _ => name,
    }
}

const KEY_ID_MAX: usize = 256;
const TYP_PREFIX: &str = "application/";
