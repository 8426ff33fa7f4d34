//! Tokens written in one form (wire contract §6): claims in RFC 8785 form, or a caller's text verbatim.

use super::policy::DEFAULT_TYP;
use super::{TOKEN_MAX, member, signature};
use crate::base64;
use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, Number, Value};
use crate::key::{Algorithm, Key, Use};
use crate::nonce::Nonce;
use crate::time::Timestamp;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Issues tokens under one key. The header is `{"alg":…,"typ":"JWT","kid":…}`.
#[derive(Clone, Debug)]
pub struct TokenIssuer {
    key: Key,
    algorithm: Algorithm,
    /// The header in base64url: the same for every token.
    header: String,
}

impl TokenIssuer {
    /// An issuer that signs with `algorithm`.
    ///
    /// # Errors
    /// `malformed_argument` if the key is not for tokens, or not for this algorithm.
    pub fn new(key: &Key, algorithm: Algorithm) -> Result<Self> {
        Self::of_type(key, algorithm, DEFAULT_TYP)
    }

    /// As [`TokenIssuer::new`], for tokens whose `typ` is `typ`.
    pub(crate) fn of_type(key: &Key, algorithm: Algorithm, typ: &str) -> Result<Self> {
        key.check_signs(&Use::Token)?;
        check_algorithm(key, algorithm)?;
        let header = format!(r#"{{"alg":"{algorithm}","typ":"{typ}","kid":"{}"}}"#, key.id());
        Ok(Self { key: key.clone(), algorithm, header: base64::encode_url(header.as_bytes()) })
    }

    /// Issues a token that holds the claims, `iat` (now), `exp` (`expires_in` seconds later) and, if given, `jti`.
    ///
    /// # Errors
    /// `malformed_argument` unless `claims` is an object without these three (`jti` only where one is given) that strict JSON can hold, and
    /// `expires_in` is at least 1 and ends by 253402300799; `token_too_large`; `revoked_key`, `inactive_key`.
    pub fn issue(
        &self,
        claims: &Value,
        expires_in: u64,
        jti: Option<&Nonce>,
        now: Timestamp,
    ) -> Result<String> {
        self.issue_json(json::write(claims).as_bytes(), expires_in, jti, now)
    }

    /// As [`TokenIssuer::issue`], with the claims as JSON text. They are signed in RFC 8785 form.
    ///
    /// # Errors
    /// As [`TokenIssuer::issue`].
    pub fn issue_json(
        &self,
        claims: &[u8],
        expires_in: u64,
        jti: Option<&Nonce>,
        now: Timestamp,
    ) -> Result<String> {
        let exp = check_lifetime(expires_in, now)?;
        let mut members = object(claims)?;
        add(&mut members, "iat", whole(now))?;
        add(&mut members, "exp", whole(exp))?;
        if let Some(jti) = jti {
            add(&mut members, "jti", Value::String(jti.as_str().to_string()))?;
        }
        self.sign(json::write(&Value::Object(members)).as_bytes(), now)
    }

    /// Issues a token that holds `claims_text` byte for byte. What it says, `exp` included, is the caller's.
    ///
    /// # Errors
    /// `malformed_argument` unless the text is one strict JSON object; `token_too_large`; `revoked_key`, `inactive_key`.
    pub fn issue_text(&self, claims_text: &[u8], now: Timestamp) -> Result<String> {
        object(claims_text)?;
        self.sign(claims_text, now)
    }

    fn sign(&self, claims: &[u8], now: Timestamp) -> Result<String> {
        let mut token = format!("{}.{}", self.header, base64::encode_url(claims));
        check_size(token.len() + 1 + (self.algorithm.least_secret() * 4).div_ceil(3))?;
        self.key.check_status(now)?;
        let signature = signature::sign(&self.key, self.algorithm, token.as_bytes());
        token.push('.');
        token.push_str(&base64::encode_url(&signature));
        Ok(token)
    }
}

fn object(claims: &[u8]) -> Result<Vec<(String, Value)>> {
    match json::read(claims) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Error::new(ErrorCode::MalformedArgument, "claims must be a JSON object")),
        Err(fault) => Err(Error::new(
            ErrorCode::MalformedArgument,
            format!("claims must be one strict JSON object: {}", fault.detail()),
        )),
    }
}

fn whole(time: Timestamp) -> Value {
    match Number::new(time.seconds() as f64) {
        Some(seconds) => Value::Number(seconds),
        None => unreachable!("seconds are finite"),
    }
}

fn add(members: &mut Vec<(String, Value)>, name: &str, value: Value) -> Result<()> {
    check_absent(members, name)?;
    members.push((name.to_string(), value));
    Ok(())
}

fn check_absent(members: &[(String, Value)], name: &str) -> Result<()> {
    if member(members, name).is_some() {
        return Err(Error::new(
            ErrorCode::MalformedArgument,
            format!("claims must not hold {name}, which the issuer adds"),
        ));
    }
    Ok(())
}

fn check_algorithm(key: &Key, algorithm: Algorithm) -> Result<()> {
    if key.algorithms().contains(&algorithm) {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::MalformedArgument,
        format!("key {} is not for {algorithm}; name it in the key's algorithms", key.id()),
    ))
}

fn check_lifetime(expires_in: u64, now: Timestamp) -> Result<Timestamp> {
    let exp = now.seconds().checked_add(expires_in).and_then(Timestamp::new).filter(|exp| *exp > now);
    exp.ok_or_else(|| {
        Error::new(
            ErrorCode::MalformedArgument,
            "expires_in must be at least 1 second and end by 253402300799",
        )
    })
}

fn check_size(length: usize) -> Result<()> {
    if length > TOKEN_MAX {
        return Err(ErrorCode::TokenTooLarge.into());
    }
    Ok(())
}
