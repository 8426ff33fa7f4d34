//! Requests: the verdict of [`RequestVerifier::authenticate`], explained.

mod authority;
mod body;
mod changes;
mod form;
mod guess;
mod peer;
mod percent;
mod proxied;
mod respelled;
mod target;

use self::changes::Arrived;
use self::peer::Peer;
use super::{Explanation, Hint, clock, keys, not_claimed, number, stages, text, tries};
use crate::error::{Error, ErrorCode};
use crate::json::Value;
use crate::key::{Keyring, Use};
use crate::mac::MacKey;
use crate::request::{Fields, RequestHead, RequestVerifier, Shape, SignedFields};
use crate::time::Timestamp;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Explains what [`RequestVerifier::authenticate`] says of a request: checks 1 to 7 of the verification order. No nonce is claimed, so a replay is
/// not seen, and the request can still be verified.
///
/// `peer_base` is the signature base as the peer logged it: the first line in which it differs from this side's is told, and whether the
/// signature that arrived is good for it. More than 64 KiB of it are not compared.
///
/// Where the signature does not fit, other spellings of the target, what proxies say they rewrote, other encodings of the secret and the other
/// keys of the ring are tried: some thousand MACs for the key that is named, about a hundred for each other. Where the body does not fit its
/// digest, other serialisations of it are.
pub fn explain_request(
    verifier: &RequestVerifier,
    ring: &Keyring,
    head: &RequestHead<'_>,
    body: &[u8],
    now: Timestamp,
    peer_base: Option<&str>,
) -> Explanation {
    let outcome = verifier.authenticate(ring, head, body, now).map(drop);
    let fields = Fields(head.headers);
    let signed = SignedFields::read(&fields).ok();
    let shape =
        signed.as_ref().and_then(|signed| Shape::read(head, &fields, signed, verifier.options()).ok());
    let arrived = shape.as_ref().map(|shape| Arrived::new(shape, fields, verifier));
    let keys = arrived.as_ref().map(|arrived| arrived.keys(ring)).unwrap_or_default();
    let peer =
        arrived.as_ref().zip(peer_base).map(|(arrived, theirs)| Peer::read(theirs, arrived, ring, &keys));
    let case = Case { verifier, ring, head, body, now, signed: signed.as_ref(), arrived: arrived.as_ref() };
    let error = outcome.as_ref().err();
    let place = error.map_or(NONCE, |error| place_of(error.code()));
    let mut facts = case.facts();
    let compared = peer.as_ref().and_then(Peer::fact);
    let is_compared = compared.is_some();
    facts.extend(compared.map(|fact| ("peer_base", fact)));
    let mut hints = peer.as_ref().map(Peer::hints).unwrap_or_default();
    hints.extend(error.map_or_else(not_claimed, |error| case.hints(error, &keys, is_compared)));
    Explanation {
        subject: "request",
        stages: stages(&STAGES, place, error, |name| case.passed(name)),
        facts,
        signing_input: arrived.as_ref().map(Arrived::base),
        hints,
        outcome,
    }
}

/// Which stage a code belongs to.
fn place_of(code: ErrorCode) -> usize {
    match code {
        ErrorCode::WrongAuthority => 1,
        ErrorCode::UnknownKey | ErrorCode::RevokedKey | ErrorCode::InactiveKey => 2,
        ErrorCode::BadSignature => 3,
        ErrorCode::BodyMismatch => 4,
        ErrorCode::Expired | ErrorCode::NotYetValid => 5,
        ErrorCode::CallerNotAllowed => 6,
        // Malformed, or too large.
        _ => 0,
    }
}

/// A request, all that it is held against, and what it says if it can be read.
struct Case<'c> {
    verifier: &'c RequestVerifier,
    ring: &'c Keyring,
    head: &'c RequestHead<'c>,
    body: &'c [u8],
    now: Timestamp,
    signed: Option<&'c SignedFields<'c>>,
    arrived: Option<&'c Arrived<'c>>,
}

impl Case<'_> {
    fn passed(&self, name: &str) -> String {
        let Some(Arrived { shape, authority, .. }) = self.arrived else { return String::new() };
        let options = self.verifier.options();
        match name {
            "shape" => format!(
                "{} components are covered; the body has {} bytes",
                shape.coverage.components.len(),
                self.body.len()
            ),
            "authority" => authority.clone(),
            "key" => self.ring.get(shape.coverage.key_id).map(keys::described).unwrap_or_default(),
            "signature" => String::from("the MAC fits"),
            "body" if self.body.is_empty() => String::from("no body, and no digest is covered"),
            "body" => String::from("its digest fits"),
            "age" => clock::window(options.tolerance),
            _ if options.callers().is_empty() => String::from("every owner may call"),
            _ => String::from("on the list"),
        }
    }

    fn facts(&self) -> Vec<(&'static str, Value)> {
        let now = self.now.seconds() as f64;
        let mut facts = Vec::from([("now", number(now))]);
        let Some(Arrived { shape, authority, .. }) = self.arrived else { return facts };
        facts.extend([
            ("method", text(self.head.method)),
            ("authority", text(authority)),
            ("path", text(shape.target.path)),
            ("query", text(shape.target.query)),
            ("key_id", text(shape.coverage.key_id)),
        ]);
        if let Some(key) = self.ring.get(shape.coverage.key_id) {
            facts.push(("owner", text(key.owner())));
        }
        let ts = shape.coverage.created.seconds() as f64;
        facts.extend([
            ("ts", number(ts)),
            ("age", number(now - ts)),
            ("nonce", text(shape.coverage.nonce.as_str())),
        ]);
        facts
    }

    /// What to look at, beside what the peer's base shows if it was compared.
    fn hints(&self, error: &Error, keys: &[tries::Part<MacKey>], is_compared: bool) -> Vec<Hint> {
        let (code, options) = (error.code(), self.verifier.options());
        let Some(arrived) = self.arrived else {
            return form::hints(self.head, self.signed, options, self.now);
        };
        let coverage = &arrived.shape.coverage;
        match code {
            ErrorCode::PayloadTooLarge => Vec::from([Hint::new(
                "body",
                format!("it has {} bytes: send less, or raise body_limit on both sides", self.body.len()),
            )]),
            ErrorCode::WrongAuthority => authority::hints(arrived, keys),
            ErrorCode::UnknownKey | ErrorCode::RevokedKey | ErrorCode::InactiveKey => {
                keys::hints(code, self.ring, coverage.key_id, &Use::Request, self.now)
            }
            ErrorCode::BadSignature => match guess::hints(arrived, keys) {
                Some(hints) => hints,
                None if is_compared => Vec::new(),
                None => nothing_fits(),
            },
            ErrorCode::BodyMismatch => body::hints(arrived, self.body),
            ErrorCode::Expired | ErrorCode::NotYetValid => {
                let signed = clock::Signed { subject: "request", name: "created", ts: coverage.created };
                clock::hints(code, &signed, self.now, options.tolerance)
            }
            ErrorCode::CallerNotAllowed => {
                options.callers().into_iter().map(|rule| Hint::new("policy", rule)).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn nothing_fits() -> Vec<Hint> {
    Vec::from([
        tries::secret_unfit(),
        Hint::new(
            "base",
            "compare the signing input with the base that the peer signed, line by line, or hand that in as the peer's base",
        ),
    ])
}

const STAGES: [&str; 8] = ["shape", "authority", "key", "signature", "body", "age", "caller", "nonce"];
/// Only a guard can judge it.
const NONCE: usize = 7;
