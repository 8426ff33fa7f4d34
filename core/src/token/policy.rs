//! What a verifier demands of a token, as data (wire contract §6).

use super::header::same_type;
use super::member;
use super::rules::ClaimRule;
use crate::collections::BTreeSet;
use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, Value};
use crate::key::Algorithm;
use crate::options::Options;
use crate::ticket::TICKET_TYP;
use crate::time::Timestamp;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What a [`TokenVerifier`](super::TokenVerifier) demands of a token. The default: HS256, `exp` required, 30 seconds of leeway, no audience.
///
/// Built with setters, or from JSON with [`Policy::from_json`]. Signature, times and types are checked whatever the policy says.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) issuer: Option<String>,
    /// Empty: none configured.
    pub(crate) audience: Vec<String>,
    pub(crate) subject: Option<String>,
    pub(crate) leeway: u64,
    pub(crate) typ: Option<String>,
    pub(crate) max_age: Option<u64>,
    /// In RFC 8785 order of their names, so that the first refusal is the same in every language.
    pub(crate) claims: Vec<(String, ClaimRule)>,
    pub(super) revoked: Option<BTreeSet<String>>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            algorithms: [Algorithm::Hs256].into(),
            issuer: None,
            audience: Vec::new(),
            subject: None,
            leeway: LEEWAY_DEFAULT,
            typ: None,
            max_age: None,
            claims: Vec::new(),
            revoked: None,
        }
    }
}

impl Policy {
    /// The default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a policy from a JSON object with any of the members `algorithms`, `issuer`, `audience` (a string or a list), `subject`,
    /// `leeway`, `typ`, `max_age`, `claims`, `revoked`.
    ///
    /// # Errors
    /// `malformed_argument`, with the member's name and what is allowed.
    pub fn from_json(text: &[u8]) -> Result<Self> {
        let members = object(text)?;
        let audience = member(&members, "audience").map(texts).transpose()?;
        let claims = member(&members, "claims").map(rules).transpose()?;
        let options = Options::of(members, MEMBERS, ErrorCode::MalformedArgument)?;
        let mut policy = Self::default();
        if let Some(algorithms) = options.list("algorithms", ALGORITHM_RULE, Algorithm::parse)? {
            policy = policy.algorithms(algorithms)?;
        }
        if let Some(audience) = audience {
            policy = policy.audience(audience)?;
        }
        if let Some(leeway) = options.whole("leeway", 0..=LEEWAY_MAX)? {
            policy = policy.leeway(leeway)?;
        }
        if let Some(max_age) = options.whole("max_age", 1..=Timestamp::MAX.seconds())? {
            policy = policy.max_age(max_age)?;
        }
        for (name, rule) in claims.unwrap_or_default() {
            policy = policy.claim(&name, rule);
        }
        policy.issuer = options.parsed("issuer", STRING, any)?;
        policy.subject = options.parsed("subject", STRING, any)?;
        policy.typ = options.parsed("typ", STRING, any)?;
        policy.revoked = options.list("revoked", STRING, any)?.map(BTreeSet::from_iter);
        Ok(policy)
    }

    /// The algorithms that are taken; each key may narrow them further.
    ///
    /// # Errors
    /// `malformed_argument` if there is none.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Result<Self> {
        self.algorithms = algorithms.into_iter().collect();
        check_not_empty("algorithms", &self.algorithms)?;
        Ok(self)
    }

    /// `iss` must be this.
    pub fn issuer(mut self, issuer: &str) -> Self {
        self.issuer = Some(issuer.to_string());
        self
    }

    /// `aud` must be, or hold, one of these. Without an audience, a token that has an `aud` is refused: it is meant for somebody else.
    ///
    /// # Errors
    /// `malformed_argument` if there is none.
    pub fn audience<S: Into<String>>(mut self, audience: impl IntoIterator<Item = S>) -> Result<Self> {
        self.audience = audience.into_iter().map(Into::into).collect();
        check_not_empty("audience", &self.audience)?;
        Ok(self)
    }

    /// `sub` must be this.
    pub fn subject(mut self, subject: &str) -> Self {
        self.subject = Some(subject.to_string());
        self
    }

    /// How many seconds the issuer's clock may differ: 0 to 300, 30 by default.
    ///
    /// # Errors
    /// `malformed_argument` above 300.
    pub fn leeway(mut self, seconds: u64) -> Result<Self> {
        self.leeway = check_leeway(seconds)?;
        Ok(self)
    }

    /// The header's `typ` must be there and be this, ASCII case-blind; a leading `application/` counts for nothing on either side.
    pub fn typ(mut self, typ: &str) -> Self {
        self.typ = Some(typ.to_string());
        self
    }

    /// `iat` must be there and lie at most this many seconds back.
    ///
    /// # Errors
    /// `malformed_argument` unless it is 1 to 253402300799.
    pub fn max_age(mut self, seconds: u64) -> Result<Self> {
        self.max_age = Some(check_max_age(seconds)?);
        Ok(self)
    }

    /// A claim must be there and fit the rule. A second rule for the same claim replaces the first.
    pub fn claim(mut self, name: &str, rule: ClaimRule) -> Self {
        match self.claims.binary_search_by(|(known, _)| known.encode_utf16().cmp(name.encode_utf16())) {
            Ok(at) => self.claims[at].1 = rule,
            Err(at) => self.claims.insert(at, (name.to_string(), rule)),
        }
        self
    }

    /// Tokens whose `jti` stands in this list are refused, and so are those that have none. An empty list revokes nothing yet.
    pub fn revoked<S: Into<String>>(mut self, ids: impl IntoIterator<Item = S>) -> Self {
        self.revoked = Some(ids.into_iter().map(Into::into).collect());
        self
    }

    pub(super) fn allows(&self, algorithm: Algorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }

    /// Whether HS256 and the type JWT, which most headers name, are taken.
    pub(super) fn takes_usual_header(&self) -> bool {
        self.allows(Algorithm::Hs256) && self.typ.as_deref().is_none_or(|typ| same_type(typ, DEFAULT_TYP))
    }

    /// Whether it demands the type of tickets.
    pub(super) fn is_of_tickets(&self) -> bool {
        self.typ.as_deref().is_some_and(|typ| same_type(typ, TICKET_TYP))
    }

    /// The type that a token must name; `None` if it need not name any.
    pub(super) fn required_typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }
}

fn object(text: &[u8]) -> Result<Vec<(String, Value)>> {
    match json::read(text) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(malformed(format!("a policy must be one JSON object; members: {}", MEMBERS.join(", ")))),
    }
}

fn texts(value: &Value) -> Result<Vec<String>> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        single => core::slice::from_ref(single),
    };
    let text = |item: &Value| if let Value::String(text) = item { Some(text.clone()) } else { None };
    let texts = items.iter().map(text).collect::<Option<_>>();
    texts.ok_or_else(|| malformed(format!("audience must be {STRING} or a list; each item {STRING}")))
}

fn rules(value: &Value) -> Result<Vec<(String, ClaimRule)>> {
    let Value::Object(members) = value else {
        return Err(malformed("claims must be an object of claim names and their rules".to_string()));
    };
    members.iter().map(|(name, rule)| Ok((name.clone(), named_rule(name, rule)?))).collect()
}

fn named_rule(name: &str, rule: &Value) -> Result<ClaimRule> {
    ClaimRule::from_value(rule)
        .map_err(|error| malformed(format!("claims member {name:?}: {}", error.detail())))
}

fn any(text: &str) -> Option<String> {
    Some(text.to_string())
}

fn check_not_empty<T>(name: &str, list: &[T]) -> Result<()> {
    if list.is_empty() { Err(malformed(format!("{name} must hold at least one item"))) } else { Ok(()) }
}

fn check_leeway(seconds: u64) -> Result<u64> {
    if seconds <= LEEWAY_MAX {
        Ok(seconds)
    } else {
        Err(malformed(format!("leeway must be 0 to {LEEWAY_MAX} seconds")))
    }
}

fn check_max_age(seconds: u64) -> Result<u64> {
    if (1..=Timestamp::MAX.seconds()).contains(&seconds) {
        return Ok(seconds);
    }
    Err(malformed(format!("max_age must be 1 to {} seconds", Timestamp::MAX.seconds())))
}

fn malformed(detail: String) -> Error {
    Error::new(ErrorCode::MalformedArgument, detail)
}

const MEMBERS: &[&str] =
    &["algorithms", "issuer", "audience", "subject", "leeway", "typ", "max_age", "claims", "revoked"];
const ALGORITHM_RULE: &str = "HS256, HS384 or HS512";
const STRING: &str = "a string";
/// What a token is whose policy names no type.
pub(super) const DEFAULT_TYP: &str = "JWT";
const LEEWAY_DEFAULT: u64 = 30;
const LEEWAY_MAX: u64 = 300;
