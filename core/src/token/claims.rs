//! The registered claims (RFC 7519 §4.1) and the policy's own rules, in the contract's order (§6): first that a claim is there and has its
//! type, then what it says.

use super::rules::{check_present, invalid, mismatch};
use super::{Policy, TokenStage};
use crate::collections::BTreeSet;
use crate::error::{Error, ErrorCode, Result};
use crate::json::{Item, Members, Number, Place};
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
    check_text("iss", || registered.item(registered.iss), policy.issuer.as_deref())?;
    check_text("sub", || registered.item(registered.sub), policy.subject.as_deref())?;
    check_audience(registered.item(registered.aud), &policy.audience)?;
    note(TokenStage::Rules);
    for (name, rule) in &policy.claims {
        rule.check(name, claims.get(name))?;
    }
    note(TokenStage::Revocation);
    check_revoked(|| registered.item(registered.jti), policy.revoked.as_ref())?;
    Ok(times.end(policy))
}

/// The claims that every policy looks at, found in one pass.
struct Registered<'r, 'c> {
    claims: &'r Members<'c>,
    exp: Option<Place>,
    nbf: Option<Place>,
    iat: Option<Place>,
    iss: Option<Place>,
    sub: Option<Place>,
    aud: Option<Place>,
    jti: Option<Place>,
}

impl<'r, 'c> Registered<'r, 'c> {
    #[inline(always)]
    fn find(claims: &'r Members<'c>) -> Self {
        let [exp, nbf, iat, iss, sub, aud, jti] = claims.pick(|name| match &name {
            b"exp" => Some(0),
            b"nbf" => Some(1),
            b"iat" => Some(2),
            b"iss" => Some(3),
            b"sub" => Some(4),
            b"aud" => Some(5),
            b"jti" => Some(6),
            _ => None,
        });
        Self { claims, exp, nbf, iat, iss, sub, aud, jti }
    }

    fn item(&self, place: Option<Place>) -> Option<Item<'c>> {
        place.map(|place| self.claims.at(place))
    }
}

struct Times {
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
}

impl Times {
    #[inline(always)]
    fn read(registered: &Registered<'_, '_>, policy: &Policy) -> Result<Self> {
        let exp = check_present("exp", registered.exp)?;
        if policy.max_age.is_some() {
            check_present("iat", registered.iat)?;
        }
        let time = |name, place| time(name, registered.claims.number_at(place));
        let optional = |name, place: Option<Place>| place.map(|place| time(name, place)).transpose();
        Ok(Self {
            exp: time("exp", exp)?,
            nbf: optional("nbf", registered.nbf)?,
            iat: optional("iat", registered.iat)?,
        })
    }

    /// A claim may be a fraction, and a sum with one may round: leeway is added to `now`, which is whole and exact, never to the claim.
    #[inline(always)]
    fn check(&self, policy: &Policy, now: Timestamp) -> Result<()> {
        let (now, leeway) = (seconds(now.seconds()), seconds(policy.leeway));
        check_not_expired(self.exp, now - leeway)?;
        check_begun("nbf", self.nbf, now + leeway)?;
        check_begun("iat", self.iat, now + leeway)?;
        check_age(self.iat, policy.max_age.map(|age| now - leeway - seconds(age)))
    }

    /// The first second in which [`Times::check`] answers `token_expired`.
    #[inline(always)]
    fn end(&self, policy: &Policy) -> u64 {
        let whole = self.exp as i64;
        let exp = (whole + i64::from((whole as f64) < self.exp)) as u64;
        let aged = self.iat.zip(policy.max_age).map(|(iat, age)| (iat as u64).saturating_add(age + 1));
        aged.map_or(exp, |aged| aged.min(exp)).saturating_add(policy.leeway)
    }
}

/// Below 2^53, and so below 2^63: what is signed takes one instruction where what is not takes ten.
#[inline]
fn seconds(seconds: u64) -> f64 {
    seconds as i64 as f64
}

#[inline]
fn time(name: &str, number: Option<Number>) -> Result<f64> {
    match number.map(Number::get) {
        Some(time) if (0.0..=Timestamp::MAX.seconds() as f64).contains(&time) => Ok(time),
        Some(_) => Err(invalid(name, "is not 0 to 253402300799 seconds")),
        None => Err(invalid(name, "is not a number")),
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

#[inline]
fn check_text<'c>(name: &str, claim: impl FnOnce() -> Option<Item<'c>>, wanted: Option<&str>) -> Result<()> {
    let Some(wanted) = wanted else { return Ok(()) };
    match check_present(name, claim())? {
        Item::String(found) if found == wanted => Ok(()),
        Item::String(_) => Err(mismatch(name)),
        _ => Err(invalid(name, "is not a string")),
    }
}

#[inline]
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

#[inline]
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

#[inline]
fn check_revoked<'c>(
    claim: impl FnOnce() -> Option<Item<'c>>,
    revoked: Option<&BTreeSet<String>>,
) -> Result<()> {
    let Some(revoked) = revoked else { return Ok(()) };
    match check_present("jti", claim())? {
        Item::String(id) if revoked.contains(&*id) => Err(ErrorCode::TokenRevoked.into()),
        Item::String(_) => Ok(()),
        _ => Err(invalid("jti", "is not a string")),
    }
}
