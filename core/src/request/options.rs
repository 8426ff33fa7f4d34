//! What signers and verifiers of requests are told, as data.

use super::authority::{Authority, Scheme};
use super::components::is_field_name;
use crate::error::{Error, ErrorCode, Result};
use crate::options::Options;
use crate::packet::BodyLimit;
use crate::time::Tolerance;
use crate::trust::Trust;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Fields that are always covered, besides those of the profile. The same at both ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExtraFields(Vec<String>);

impl ExtraFields {
    fn read(given: &Options) -> Result<Self> {
        let fields =
            given.list("extra_fields", FIELD_RULE, |name| is_field_name(name).then(|| name.to_string()))?;
        let fields = Self(fields.unwrap_or_default());
        fields.check()?;
        Ok(fields)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    fn check(&self) -> Result<()> {
        let repeated = self.0.iter().enumerate().any(|(at, name)| self.0[..at].contains(name));
        let own = self.iter().find(|name| OWN_FIELDS.contains(name));
        match own {
            Some(name) => Err(malformed(format!(
                "extra_fields must not name {name}, which the profile covers where it is due"
            ))),
            None if repeated => Err(malformed("extra_fields must not name a field twice".to_string())),
            None => Ok(()),
        }
    }
}

/// How a signer signs.
#[derive(Clone, Debug)]
pub(super) struct SignerOptions {
    pub(super) extra: ExtraFields,
    pub(super) limit: BodyLimit,
}

impl SignerOptions {
    pub(super) fn from_json(json: &[u8]) -> Result<Self> {
        let given = Options::read(json, &["extra_fields", "body_limit"], ErrorCode::MalformedArgument)?;
        Ok(Self { extra: ExtraFields::read(&given)?, limit: BodyLimit::of(&given)? })
    }
}

/// What a verifier accepts.
#[derive(Clone, Debug)]
pub(crate) struct VerifierOptions {
    pub(crate) authorities: Vec<OwnAuthority>,
    pub(crate) extra: ExtraFields,
    pub(crate) limit: BodyLimit,
    pub(crate) tolerance: Tolerance,
    callers: Callers,
}

/// Who may call.
#[derive(Clone, Debug)]
struct Callers {
    allow: Option<Vec<String>>,
    /// The policy, and which callee of it this server is.
    trust: Option<(Arc<Trust>, String)>,
}

impl Callers {
    fn read(given: &Options) -> Result<Self> {
        let trust = given.value("trust").cloned().map(Trust::from_value).transpose()?;
        let trust = match (trust, given.name("callee")?) {
            (Some(trust), Some(callee)) => Some((Arc::new(check_known(trust, &callee)?), callee)),
            (None, None) => None,
            _ => {
                return Err(malformed(
                    "trust and callee go together: the policy, and which server of it this is".to_string(),
                ));
            }
        };
        Ok(Self { allow: given.names("allow")?, trust })
    }
}

/// An authority that the verifier answers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnAuthority {
    pub(crate) scheme: Scheme,
    pub(crate) text: String,
}

impl OwnAuthority {
    fn parse(text: &str) -> Option<Self> {
        let (scheme, authority) = Scheme::split(text).unwrap_or((Scheme::Https, text));
        let text = Authority::read(authority).ok()?.to_text(scheme);
        Some(Self { scheme, text })
    }
}

impl VerifierOptions {
    pub(super) fn from_json(json: &[u8]) -> Result<Self> {
        let given = Options::read(json, VERIFIER, ErrorCode::MalformedArgument)?;
        let authorities = given.list("authorities", AUTHORITY_RULE, OwnAuthority::parse)?.unwrap_or_default();
        check_some(&authorities)?;
        Ok(Self {
            authorities,
            extra: ExtraFields::read(&given)?,
            limit: BodyLimit::of(&given)?,
            tolerance: given.tolerance()?,
            callers: Callers::read(&given)?,
        })
    }

    /// Check 7: whether the key's owner may make this call.
    pub(super) fn check_caller(&self, owner: &str, method: &str, path: &str) -> Result<()> {
        if self.callers.allow.as_ref().is_some_and(|allowed| !allowed.iter().any(|name| name == owner)) {
            return Err(ErrorCode::CallerNotAllowed.into());
        }
        match &self.callers.trust {
            Some((trust, callee)) => trust.check(callee, owner, method, path),
            None => Ok(()),
        }
    }

    /// Who may call, in words.
    pub(crate) fn callers(&self) -> Vec<String> {
        let allow = self.callers.allow.as_ref().map(|owners| format!("allow names: {}", owners.join(", ")));
        let trust = self.callers.trust.iter().flat_map(|(trust, callee)| trust.explain(callee));
        allow.into_iter().chain(trust).collect()
    }

    /// Whether anyone may call this path without a signature.
    pub(super) fn is_exempt(&self, path: &str) -> bool {
        self.callers.trust.as_ref().is_some_and(|(trust, callee)| trust.is_exempt(callee, path))
    }
}

fn check_some(authorities: &[OwnAuthority]) -> Result<()> {
    if authorities.is_empty() {
        return Err(malformed(
            "authorities must name at least one: who this server is, as its callers reach it".to_string(),
        ));
    }
    Ok(())
}

fn check_known(trust: Trust, callee: &str) -> Result<Trust> {
    if trust.knows(callee) {
        return Ok(trust);
    }
    Err(malformed(format!("callee {callee} is not in trust: nobody could call it")))
}

fn malformed(detail: String) -> Error {
    Error::new(ErrorCode::MalformedArgument, detail)
}

const VERIFIER: &[&str] =
    &["authorities", "extra_fields", "max_age", "max_ahead", "allow", "trust", "callee", "body_limit"];
const FIELD_RULE: &str = "a header field's name in lower case";
const AUTHORITY_RULE: &str = "host, host:port or either behind http:// or https://, without a path";
const OWN_FIELDS: &[&str] =
    &["content-digest", "content-type", "content-encoding", "signature", "signature-input"];
