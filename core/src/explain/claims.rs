//! What the claims of a genuine token say, and which rule they break.

use super::{Hint, clock, number};
use crate::error::ErrorCode;
use crate::json::{self, Document, Item, Members, Value};
use crate::time::Timestamp;
use crate::token::Policy;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The registered claims, and how long ago and how far ahead the token's life begins and ends.
pub(super) fn facts(claims: &Document<'_>, now: Timestamp) -> Vec<(&'static str, Value)> {
    let Item::Object(members) = claims.root() else { return Vec::new() };
    let named = ["iss", "sub", "aud", "jti", "iat", "nbf", "exp"];
    let found = named.into_iter().filter_map(|name| Some((name, Value::from(members.get(name)?))));
    let mut facts: Vec<_> = found.collect();
    let now = now.seconds() as f64;
    facts.extend(time(&members, "iat").map(|iat| ("age", number(now - iat))));
    facts.extend(time(&members, "exp").map(|exp| ("expires_in", number(exp - now))));
    facts
}

/// For a token whose signature was good.
pub(super) fn hints(
    claims: &Document<'_>,
    policy: &Policy,
    code: ErrorCode,
    stage: &str,
    now: Timestamp,
) -> Vec<Hint> {
    let Item::Object(members) = claims.root() else { return Vec::new() };
    match stage {
        "times" => times(&members, policy, code, now),
        "rules" => rule(&members, policy).into_iter().collect(),
        "parties" => {
            let says = ["iss", "sub", "aud"].map(|name| format!("{name} {}", shown(members.get(name))));
            let wants = [
                ("iss", policy.issuer.is_some()),
                ("sub", policy.subject.is_some()),
                ("aud", !policy.audience.is_empty()),
            ];
            let wanted: Vec<_> =
                wants.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| name).collect();
            let wanted = if wanted.is_empty() { String::from("none of them") } else { wanted.join(", ") };
            Vec::from([Hint::new(
                "claims",
                format!("the token says {}; the policy sets {wanted}", says.join(", ")),
            )])
        }
        "revocation" => {
            Vec::from([Hint::new("claims", format!("the token says jti {}", shown(members.get("jti"))))])
        }
        _ => Vec::new(),
    }
}

fn times(members: &Members<'_>, policy: &Policy, code: ErrorCode, now: Timestamp) -> Vec<Hint> {
    let clock = now.seconds() as f64;
    let claim = |name| time(members, name).map(|seconds| (name, seconds));
    let times = ["exp", "nbf", "iat"].into_iter().filter_map(claim);
    if code == ErrorCode::ClaimInvalid {
        return times.filter_map(|(name, seconds)| clock::unit(name, seconds, now)).collect();
    }
    let told = times.map(|(name, seconds)| match seconds - clock {
        ahead if ahead > 0.0 => format!("{name} lies {} s ahead", shown_number(ahead)),
        behind => format!("{name} lies {} s back", shown_number(-behind)),
    });
    let told: Vec<_> = told.collect();
    let age = policy.max_age.map_or_else(String::new, |age| format!(", max_age {age} s"));
    let text =
        format!("by this clock {} (leeway {} s{age}): compare both clocks", told.join(", "), policy.leeway);
    if told.is_empty() { Vec::new() } else { Vec::from([Hint::new("clock", text)]) }
}

/// The first rule that does not hold, found by the check itself.
fn rule(members: &Members<'_>, policy: &Policy) -> Option<Hint> {
    let broken =
        |(name, rule): &&(String, crate::token::ClaimRule)| rule.check(name, members.get(name)).is_err();
    let (name, rule) = policy.claims.iter().find(broken)?;
    let text = format!(
        "the token says {name} {}; the policy's rule: it {}",
        shown(members.get(name)),
        rule.described()
    );
    Some(Hint::new("claims", text))
}

fn time(members: &Members<'_>, name: &str) -> Option<f64> {
    if let Some(Item::Number(seconds)) = members.get(name) { Some(seconds.get()) } else { None }
}

fn shown(claim: Option<Item<'_>>) -> String {
    claim.map_or_else(|| String::from("nothing"), |claim| json::write(&Value::from(claim)))
}

fn shown_number(seconds: f64) -> String {
    let mut text = String::new();
    json::write_number(&mut text, seconds);
    text
}
