//! The registered claims (RFC 7519 §4.1) and the policy's own rules, in the contract's order (§6): first that a claim is there and has its
//! type, then what it says.

use super::Policy;
use super::header::member;
use super::rules::{check_present, invalid, mismatch};
use crate::error::{Error, ErrorCode, Result};
use crate::json::Value;
use crate::time::Timestamp;
use alloc::collections::BTreeSet;
use alloc::string::String;

/// Judges the claims of a token whose signature was good.
pub(super) fn check(claims: &Claims<'_>, policy: &Policy, now: Timestamp) -> Result<()> {
    let times = Times::read(claims, policy)?;
    times.check(policy, now)?;
    check_text(claims, "iss", policy.issuer.as_deref())?;
    check_text(claims, "sub", policy.subject.as_deref())?;
    check_audience(claims, &policy.audience)?;
    for (name, rule) in &policy.claims {
        rule.check(name, claims.get(name))?;
    }
    check_revoked(claims, policy.revoked.as_ref())
}

/// The members of a token's claims object.
pub(super) struct Claims<'a>(pub(super) &'a [(String, Value)]);

impl<'a> Claims<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        member(self.0, name)
    }
}

struct Times {
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
}

impl Times {
    fn read(claims: &Claims<'_>, policy: &Policy) -> Result<Self> {
        let exp = check_present("exp", claims.get("exp"))?;
        if policy.max_age.is_some() {
            check_present("iat", claims.get("iat"))?;
        }
        Ok(Self {
            exp: time("exp", exp)?,
            nbf: optional_time(claims, "nbf")?,
            iat: optional_time(claims, "iat")?,
        })
    }

    /// A claim may be a fraction, and a sum with one may round: leeway is added to `now`, which is whole and exact, never to the claim.
    fn check(&self, policy: &Policy, now: Timestamp) -> Result<()> {
        let (now, leeway) = (now.seconds() as f64, policy.leeway as f64);
        check_not_expired(self.exp, now - leeway)?;
        check_begun("nbf", self.nbf, now + leeway)?;
        check_begun("iat", self.iat, now + leeway)?;
        check_age(self.iat, policy.max_age.map(|age| now - leeway - age as f64))
    }
}

fn optional_time(claims: &Claims<'_>, name: &str) -> Result<Option<f64>> {
    claims.get(name).map(|value| time(name, value)).transpose()
}

fn time(name: &str, value: &Value) -> Result<f64> {
    match value {
        Value::Number(number) if (0.0..=Timestamp::MAX.seconds() as f64).contains(&number.get()) => {
            Ok(number.get())
        }
        Value::Number(_) => Err(invalid(name, "is not 0 to 253402300799 seconds")),
        _ => Err(invalid(name, "is not a number")),
    }
}

fn check_not_expired(exp: f64, latest: f64) -> Result<()> {
    if latest >= exp {
        return Err(ErrorCode::TokenExpired.into());
    }
    Ok(())
}

fn check_begun(name: &str, time: Option<f64>, earliest: f64) -> Result<()> {
    if time.is_some_and(|time| time > earliest) {
        return Err(Error::new(
            ErrorCode::TokenNotYetValid,
            alloc::format!("claim {name} lies ahead of this clock"),
        ));
    }
    Ok(())
}

fn check_age(iat: Option<f64>, oldest: Option<f64>) -> Result<()> {
    if let (Some(iat), Some(oldest)) = (iat, oldest)
        && oldest > iat
    {
        return Err(Error::new(ErrorCode::TokenExpired, "the token is older than max_age allows"));
    }
    Ok(())
}

fn check_text(claims: &Claims<'_>, name: &str, wanted: Option<&str>) -> Result<()> {
    let Some(wanted) = wanted else { return Ok(()) };
    match check_present(name, claims.get(name))? {
        Value::String(found) if found == wanted => Ok(()),
        Value::String(_) => Err(mismatch(name)),
        _ => Err(invalid(name, "is not a string")),
    }
}

fn check_audience(claims: &Claims<'_>, wanted: &[String]) -> Result<()> {
    if wanted.is_empty() {
        return check_no_audience(claims);
    }
    let found = match check_present("aud", claims.get("aud"))? {
        Value::Array(items) => items.as_slice(),
        single => core::slice::from_ref(single),
    };
    check_all_text(found)?;
    check_one_wanted(found, wanted)
}

fn check_no_audience(claims: &Claims<'_>) -> Result<()> {
    if claims.get("aud").is_some() {
        return Err(Error::new(
            ErrorCode::ClaimMismatch,
            "claim aud is present and the policy names no audience",
        ));
    }
    Ok(())
}

fn check_all_text(items: &[Value]) -> Result<()> {
    if items.iter().all(|item| matches!(item, Value::String(_))) {
        return Ok(());
    }
    Err(invalid("aud", "is not a string or an array of strings"))
}

fn check_one_wanted(found: &[Value], wanted: &[String]) -> Result<()> {
    let is_wanted = |item: &Value| matches!(item, Value::String(text) if wanted.contains(text));
    if found.iter().any(is_wanted) { Ok(()) } else { Err(mismatch("aud")) }
}

fn check_revoked(claims: &Claims<'_>, revoked: Option<&BTreeSet<String>>) -> Result<()> {
    let Some(revoked) = revoked else { return Ok(()) };
    match check_present("jti", claims.get("jti"))? {
        Value::String(id) if revoked.contains(id) => Err(ErrorCode::TokenRevoked.into()),
        Value::String(_) => Ok(()),
        _ => Err(invalid("jti", "is not a string")),
    }
}
