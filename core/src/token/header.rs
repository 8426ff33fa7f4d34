//! A token's three parts and its header, up to the point where a key is needed (wire contract §6, RFC 7515 §4.1).

use super::{Policy, TOKEN_MAX};
use crate::base64;
use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, Value};
use crate::key::Algorithm;
use alloc::string::String;
use alloc::vec::Vec;

/// A token whose header holds, and whose claims nobody has looked at.
pub(super) struct Unverified<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
    /// The first two parts and the dot between them, as they arrived.
    pub(super) signing_input: &'a [u8],
    pub(super) signature: Vec<u8>,
    /// The claims' bytes: decoded, not read. Their grammar is judged after the signature.
    pub(super) claims: Vec<u8>,
}

/// Judges everything that stands before the key, in the contract's order.
pub(super) fn read<'a>(token: &'a [u8], policy: &Policy) -> Result<Unverified<'a>> {
    check_size(token)?;
    let parts = Parts::split(token)?;
    let header = members(&parts.header)?;
    let algorithm = algorithm_name(&header)?;
    let key_id = key_id(&header)?;
    let algorithm = check_algorithm(algorithm, policy)?;
    check_critical(&header)?;
    check_zip(&header)?;
    check_typ(&header, policy)?;
    Ok(Unverified {
        algorithm,
        key_id,
        signing_input: parts.signing_input,
        signature: parts.signature,
        claims: parts.claims,
    })
}

/// Whether two media types name the same: ASCII case-blind, a leading `application/` optional (RFC 7515 §4.1.9).
pub(super) fn same_type(one: &str, other: &str) -> bool {
    without_prefix(one).eq_ignore_ascii_case(without_prefix(other))
}

/// The members of the one strict JSON object that the bytes hold.
pub(super) fn members(text: &[u8]) -> Result<Vec<(String, Value)>> {
    match json::read(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Error::new(ErrorCode::MalformedToken, "header and claims must be JSON objects")),
        Err(fault) => Err(Error::new(ErrorCode::MalformedToken, String::from(fault.detail()))),
    }
}

pub(super) fn member<'a>(members: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    members.iter().find(|(found, _)| found == name).map(|(_, value)| value)
}

struct Parts<'a> {
    signing_input: &'a [u8],
    header: Vec<u8>,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn split(token: &'a [u8]) -> Result<Self> {
        let mut parts = token.split(|&byte| byte == b'.');
        let (Some(header), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Error::new(
                ErrorCode::MalformedToken,
                "a token is three parts with two dots between them",
            ));
        };
        Ok(Self {
            signing_input: &token[..header.len() + 1 + claims.len()],
            header: decode(header)?,
            claims: decode(claims)?,
            signature: decode(signature)?,
        })
    }
}

fn decode(part: &[u8]) -> Result<Vec<u8>> {
    base64::decode_url(part).ok_or_else(|| {
        Error::new(ErrorCode::MalformedToken, "a part is not strict base64url without padding")
    })
}

fn check_size(token: &[u8]) -> Result<()> {
    if token.len() > TOKEN_MAX {
        return Err(ErrorCode::TokenTooLarge.into());
    }
    Ok(())
}

fn algorithm_name(header: &[(String, Value)]) -> Result<&str> {
    match member(header, "alg") {
        Some(Value::String(name)) => Ok(name),
        _ => Err(Error::new(ErrorCode::MalformedToken, "header member alg must be a string")),
    }
}

fn key_id(header: &[(String, Value)]) -> Result<Option<String>> {
    match member(header, "kid") {
        None => Ok(None),
        Some(Value::String(id)) if (1..=KEY_ID_MAX).contains(&id.len()) => Ok(Some(id.clone())),
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
fn check_critical(header: &[(String, Value)]) -> Result<()> {
    if member(header, "crit").is_some() || member(header, "b64").is_some() {
        return Err(ErrorCode::UnsupportedCritical.into());
    }
    Ok(())
}

fn check_zip(header: &[(String, Value)]) -> Result<()> {
    if member(header, "zip").is_some() {
        return Err(Error::new(ErrorCode::MalformedToken, "header member zip belongs to encrypted tokens"));
    }
    Ok(())
}

/// RFC 8725 §3.11: a policy that names a type takes no other, so that a token of one kind never passes for another.
fn check_typ(header: &[(String, Value)], policy: &Policy) -> Result<()> {
    let fits = match (member(header, "typ"), policy.required_typ()) {
        (None, None) => true,
        (Some(Value::String(found)), required) => same_type(found, required.unwrap_or(DEFAULT_TYP)),
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
const DEFAULT_TYP: &str = "JWT";
const TYP_PREFIX: &str = "application/";
