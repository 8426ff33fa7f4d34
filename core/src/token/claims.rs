//! The registered claims (RFC 7519 §4.1) and the policy's own rules, in the contract's order (§6): first that a claim is there and has its
//! type, then what it says.

use super::rules::{check_present, invalid, mismatch};
use super::{Policy, TokenStage};
use crate::collections::BTreeSet;
use crate::error::{Error, ErrorCode, Result};
use crate::json::{Item, Members};
use crate::time::Timestamp;
use alloc::string::String;

/// Judges the claims of a token whose signature was good. Gives the first second in which they are refused as expired.
pub(super) fn check(
    claims: &Members<'_>,
    policy: &Policy,
    now: Timestamp,
    mut note: impl FnMut(TokenStage),
) -> Result<u64> {
    note(TokenStage::Times);
    let registered = Registered::find(claims);
    let times = Times::read(&registered, policy)?;
    times.check(policy, now)?;
    note(TokenStage::Parties);
    check_text("iss", registered.iss, policy.issuer.as_deref())?;
    check_text("sub", registered.sub, policy.subject.as_deref())?;
    check_audience(registered.aud, &policy.audience)?;
    note(TokenStage::Rules);
    for (name, rule) in &policy.claims {
        rule.check(name, claims.get(name))?;
    }
    note(TokenStage::Revocation);
    check_revoked(registered.jti, policy.revoked.as_ref())?;
    Ok(times.end(policy))
}

/// The claims that every policy looks at, found in one pass.
struct Registered<'c> {
    exp: Option<Item<'c>>,
    nbf: Option<Item<'c>>,
    iat: Option<Item<'c>>,
    iss: Option<Item<'c>>,
    sub: Option<Item<'c>>,
    aud: Option<Item<'c>>,
    jti: Option<Item<'c>>,
}

impl<'c> Registered<'c> {
    fn find(claims: &Members<'c>) -> Self {
        let [exp, nbf, iat, iss, sub, aud, jti] = claims.pick(|name| match name {
            "exp" => Some(0),
            "nbf" => Some(1),
            "iat" => Some(2),
            "iss" => Some(3),
            "sub" => Some(4),
            "aud" => Some(5),
            "jti" => Some(6),
            _ => None,
        });
        Self { exp, nbf, iat, iss, sub, aud, jti }
    }
}

struct Times {
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
}

impl Times {
    fn read(claims: &Registered<'_>, policy: &Policy) -> Result<Self> {
        let exp = check_present("exp", claims.exp.as_ref())?;
        if policy.max_age.is_some() {
            check_present("iat", claims.iat.as_ref())?;
        }
        let optional =
            |name, claim: &Option<Item<'_>>| claim.as_ref().map(|claim| time(name, claim)).transpose();
        Ok(Self {
            exp: time("exp", exp)?,
            nbf: optional("nbf", &claims.nbf)?,
            iat: optional("iat", &claims.iat)?,
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

    /// The first second in which [`Times::check`] answers `token_expired`.
    fn end(&self, policy: &Policy) -> u64 {
        let whole = self.exp as u64;
        let exp = whole + u64::from((whole as f64) < self.exp);
        let aged = self.iat.zip(policy.max_age).map(|(iat, age)| (iat as u64).saturating_add(age + 1));
        aged.map_or(exp, |aged| aged.min(exp)).saturating_add(policy.leeway)
    }
}

fn time(name: &str, value: &Item<'_>) -> Result<f64> {
    match value {
        Item::Number(number) if (0.0..=Timestamp::MAX.seconds() as f64).contains(&number.get()) => {
            Ok(number.get())
        }
        Item::Number(_) => Err(invalid(name, "is not 0 to 253402300799 seconds")),
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

fn check_text(name: &str, claim: Option<Item<'_>>, wanted: Option<&str>) -> Result<()> {
    let Some(wanted) = wanted else { return Ok(()) };
    match check_present(name, claim)? {
        Item::String(found) if found == wanted => Ok(()),
        Item::String(_) => Err(mismatch(name)),
        _ => Err(invalid(name, "is not a string")),
    }
}

fn check_audience(claim: Option<Item<'_>>, wanted: &[String]) -> Result<()> {
    if wanted.is_empty() {
        return check_no_audience(claim);
    }
    match check_present("aud", claim)? {
        Item::Array(items) => {
            check_all_text(items.clone())?;
            check_one_wanted(items, wanted)
        }
        single => {
            check_all_text([single.clone()])?;
            check_one_wanted([single], wanted)
        }
    }
}

fn check_no_audience(claim: Option<Item<'_>>) -> Result<()> {
    if claim.is_some() {
        return Err(Error::new(
            ErrorCode::ClaimMismatch,
            "claim aud is present and the policy names no audience",
        ));
    }
    Ok(())
}

fn check_all_text<'c>(items: impl IntoIterator<Item = Item<'c>>) -> Result<()> {
    if items.into_iter().all(|item| matches!(item, Item::String(_))) {
        return Ok(());
    }
    Err(invalid("aud", "is not a string or an array of strings"))
}

fn check_one_wanted<'c>(found: impl IntoIterator<Item = Item<'c>>, wanted: &[String]) -> Result<()> {
    let is_wanted = |item| matches!(item, Item::String(text) if wanted.iter().any(|one| *one == text));
    if found.into_iter().any(is_wanted) { Ok(()) } else { Err(mismatch("aud")) }
}

fn check_revoked(claim: Option<Item<'_>>, revoked: Option<&BTreeSet<String>>) -> Result<()> {
    let Some(revoked) = revoked else { return Ok(()) };
    match check_present("jti", claim)? {
        Item::String(id) if revoked.contains(&*id) => Err(ErrorCode::TokenRevoked.into()),
        Item::String(_) => Ok(()),
        _ => Err(invalid("jti", "is not a string")),
    }
}
