//! Tokens: the verdict of [`TokenVerifier::verify`], explained.

use super::secrets::otherwise;
use super::{Explanation, Hint, claims, keys, number, stages, text, tries};
use crate::error::{Error, ErrorCode};
use crate::json::{self, Document, Item, Value};
use crate::key::{Algorithm, Key, Keyring, Use};
use crate::time::Timestamp;
use crate::token::header::read_object;
use crate::token::parts::{Parts, SHORT};
use crate::token::signature::fits_secret;
use crate::token::{TOKEN_MAX, TokenStage, TokenVerifier};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Explains what [`TokenVerifier::verify`] says of a token.
///
/// Where the signature does not fit, other encodings of the secret and the other keys of the ring are tried. What the claims say is told only
/// once the signature was good.
pub fn explain_token(verifier: &TokenVerifier, ring: &Keyring, token: &[u8], now: Timestamp) -> Explanation {
    let mut reached = TokenStage::Form;
    let verified = verifier.verify_noting(ring, token, now, |stage| reached = stage);
    let key = verified.as_ref().ok().and_then(|verified| ring.get(verified.key_id()));
    let outcome = verified.as_ref().map(|_| ()).map_err(Clone::clone);
    let place = outcome.as_ref().err().map_or(STAGES.len(), |error| place_of(error.code(), reached));
    let mut room = [0; SHORT];
    let parts = Parts::read(token, &mut room).ok().filter(|parts| parts.claims(token).is_ok());
    let header = parts.as_ref().and_then(|parts| read_object(Document::read(&parts.header)).ok());
    let read_claims = |parts: &Parts<'_>| read_object(Document::read_owned(parts.claims(token).ok()?)).ok();
    let claims = parts.as_ref().filter(|_| place > SIGNATURE).and_then(read_claims);
    let case = Case {
        verifier,
        ring,
        token,
        now,
        key,
        parts: parts.as_ref(),
        header: header.as_ref(),
        claims: claims.as_ref(),
    };
    Explanation {
        subject: "token",
        stages: stages(&STAGES, place, outcome.as_ref().err(), |name| case.passed(name)),
        facts: case.facts(),
        signing_input: parts.as_ref().map(|parts| String::from_utf8_lossy(parts.signing_input).into_owned()),
        hints: outcome.as_ref().err().map(|error| case.hints(error, STAGES[place])).unwrap_or_default(),
        outcome,
    }
}

fn place_of(code: ErrorCode, reached: TokenStage) -> usize {
    match (code, reached) {
        (ErrorCode::TokenTooLarge, _) => 0,
        (ErrorCode::BadSignature, _) => SIGNATURE,
        (_, TokenStage::Form) => 1,
        (_, TokenStage::Header) => 2,
        (_, TokenStage::Key) => 3,
        (_, TokenStage::Claims) => 5,
        (_, TokenStage::Times) => 6,
        (_, TokenStage::Parties) => 7,
        (_, TokenStage::Rules) => 8,
        (_, TokenStage::Revocation) => 9,
    }
}

/// A token, all that it is held against, and what it says as far as it can be read.
struct Case<'c> {
    verifier: &'c TokenVerifier,
    ring: &'c Keyring,
    token: &'c [u8],
    now: Timestamp,
    /// The key that verified it.
    key: Option<&'c Key>,
    parts: Option<&'c Parts<'c>>,
    header: Option<&'c Document<'c>>,
    /// Only where the signature was good.
    claims: Option<&'c Document<'c>>,
}

impl Case<'_> {
    fn passed(&self, name: &str) -> String {
        let policy = self.verifier.policy();
        match name {
            "size" => format!("{} of {TOKEN_MAX} bytes", self.token.len()),
            "form" => String::from("three parts, strict base64url"),
            "header" => format!("alg {}", self.shown_member("alg")),
            "key" => match self.key.or_else(|| self.named_key()) {
                Some(key) => keys::described(key),
                None => String::from("no kid: each active token key that alg fits is tried"),
            },
            "signature" => String::from("the MAC fits"),
            "claims" => String::from("a JSON object"),
            "times" => format!("with a leeway of {} s", policy.leeway),
            "parties" => String::from("as the policy says"),
            "rules" => format!("{} of the policy", policy.claims.len()),
            _ => String::from("not revoked"),
        }
    }

    fn facts(&self) -> Vec<(&'static str, Value)> {
        let mut facts = Vec::from([("now", number(self.now.seconds() as f64))]);
        for name in ["alg", "typ", "kid"] {
            facts.extend(self.header_member(name).map(|value| (name, value)));
        }
        if let Some(key) = self.key.or_else(|| self.named_key()) {
            facts.extend([("key_id", text(key.id())), ("owner", text(key.owner()))]);
        }
        facts.extend(self.claims.map(|claims| claims::facts(claims, self.now)).unwrap_or_default());
        facts
    }

    fn hints(&self, error: &Error, stage: &str) -> Vec<Hint> {
        match stage {
            "size" => Vec::from([Hint::new(
                "token",
                format!("it has {} bytes: put less into its claims", self.token.len()),
            )]),
            "form" => form_hint(self.token).into_iter().collect(),
            "header" => self.header_hints(error),
            "key" => self.key_hints(error.code()),
            "signature" => self.signature_hints(),
            _ => self.claims.map_or_else(Vec::new, |claims| {
                claims::hints(claims, self.verifier.policy(), error.code(), stage, self.now)
            }),
        }
    }

    fn header_hints(&self, error: &Error) -> Vec<Hint> {
        let policy = self.verifier.policy();
        let text = match error.code() {
            ErrorCode::UnsupportedAlgorithm => {
                format!(
                    "the token says alg {}, the policy accepts {}",
                    self.shown_member("alg"),
                    names(&policy.algorithms)
                )
            }
            _ if error.detail().starts_with("header member typ ") => format!(
                "the token says typ {}, the policy accepts {}",
                self.shown_member("typ"),
                json::write(&text(policy.typ.as_deref().unwrap_or("JWT")))
            ),
            _ => return Vec::new(),
        };
        Vec::from([Hint::new("header", text)])
    }

    fn key_hints(&self, code: ErrorCode) -> Vec<Hint> {
        match (code, self.header_member("kid")) {
            (ErrorCode::UnsupportedAlgorithm, _) => {
                let allowed = self.named_key().map(|key| names(key.algorithms())).unwrap_or_default();
                let text =
                    format!("the token says alg {}, the key is for {allowed}", self.shown_member("alg"));
                Vec::from([Hint::new("key", text)])
            }
            (_, Some(Value::String(id))) => keys::hints(code, self.ring, &id, &Use::Token, self.now),
            _ => Vec::new(),
        }
    }

    /// Whether the same secret in another encoding, or another key of the ring, made the signature.
    fn signature_hints(&self) -> Vec<Hint> {
        let Some(parts) = self.parts else { return Vec::new() };
        let alg = self.header_member("alg");
        let Some(algorithm) = alg.as_ref().and_then(string).and_then(|alg| Algorithm::parse(alg)) else {
            return Vec::new();
        };
        let fits = |secret: &[u8]| fits_secret(secret, algorithm, parts.signing_input, parts.signature);
        let named = self.named_key();
        let tried: Vec<&Key> = match named {
            Some(key) => Vec::from([key]),
            None => self.ring.keys().filter(|key| key.uses().contains(&Use::Token)).collect(),
        };
        for key in tried {
            if let Some(way) = otherwise(key.secret_bytes()).into_iter().find(|way| fits(&way.bytes)) {
                return Vec::from([Hint::new("secret", format!("{} (key {})", way.how, key.id()))]);
            }
        }
        let named = named.map_or("no key", Key::id);
        match self.ring.keys().find(|key| key.id() != named && fits(key.secret_bytes())) {
            Some(key) => Vec::from([Hint::new("key", tries::other_key(key.id(), named, "kid"))]),
            None => Vec::from([Hint::new(
                "secret",
                "other encodings of the secret and the other keys of the ring were tried, and none fits: do issuer and verifier hold the same one?",
            )]),
        }
    }

    fn named_key(&self) -> Option<&Key> {
        self.header_member("kid").as_ref().and_then(string).and_then(|id| self.ring.get(id))
    }

    fn header_member(&self, name: &str) -> Option<Value> {
        let Item::Object(members) = self.header?.root() else { return None };
        members.get(name).map(Value::from)
    }

    fn shown_member(&self, name: &str) -> String {
        self.header_member(name).map_or_else(|| "absent".to_string(), |value| json::write(&value))
    }
}

fn string(value: &Value) -> Option<&String> {
    if let Value::String(text) = value { Some(text) } else { None }
}

fn names(algorithms: &[Algorithm]) -> String {
    algorithms.iter().map(|algorithm| algorithm.as_str()).collect::<Vec<_>>().join(", ")
}

fn form_hint(token: &[u8]) -> Option<Hint> {
    let has = |wanted: &[u8]| token.iter().any(|byte| wanted.contains(byte));
    let text = if token.is_empty() {
        "nothing arrived"
    } else if token.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"bearer ")) {
        "the scheme Bearer stands before it: hand in what follows"
    } else if has(b" \t\r\n") {
        "it holds white space or a line end"
    } else if has(b"+/=") {
        "it holds +, / or =: base64url has - and _ instead, and no padding"
    } else if token.iter().filter(|&&byte| byte == b'.').count() == 4 {
        "five parts are an encrypted token (RFC 7516): only signed ones are read"
    } else {
        return None;
    };
    Some(Hint::new("token", text))
}

const STAGES: [&str; 10] =
    ["size", "form", "header", "key", "signature", "claims", "times", "parties", "rules", "revocation"];
const SIGNATURE: usize = 4;
