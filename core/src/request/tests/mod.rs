//! The golden requests, and each rule of the profile, against requests that were signed and then changed.

mod authorities;
mod coverage;
mod grammar;
mod order;
mod signing;

use super::*;
use crate::error::{ErrorCode, Result};
use crate::key::{Key, KeyOptions, Keyring, Secret, Use};
use crate::nonce::Nonce;
use crate::replay::{GuardOptions, MemoryReplayGuard};
use crate::time::Timestamp;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

const T: u64 = 1_708_167_234;
const SECRET: &str = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const OPTIONS: &str = r#"{"authorities":["http://vault.internal:8200"]}"#;

fn at(second: u64) -> Timestamp {
    Timestamp::new(second).unwrap()
}

fn key() -> Key {
    Key::new("gateway-1", Secret::from_text(SECRET).unwrap(), KeyOptions::default()).unwrap()
}

fn ring() -> Keyring {
    Keyring::new([key()]).unwrap()
}

fn code<T>(result: Result<T>) -> &'static str {
    result.map_or_else(|error| error.code().as_str(), |_| "ok")
}

/// A request as it travels: everything in it can be changed.
#[derive(Clone)]
struct Request {
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Request {
    fn signed(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Self {
        Self::signed_by(&RequestSigner::new(key()).unwrap(), method, url, headers, body).unwrap()
    }

    fn signed_by(
        signer: &RequestSigner,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Self> {
        let fields: Vec<Field<'_>> = headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let outgoing = Outgoing { method, url, headers: &fields, body: body.as_bytes() };
        let nonce = Nonce::parse("AAECAwQFBgcICQoLDA0ODw").unwrap();
        let added = signer.sign(&outgoing, at(T), &nonce)?;
        let (_, rest) = url.split_once("://").unwrap();
        let (host, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let mut request = Self {
            method: method.to_string(),
            target: target.to_string(),
            headers: Vec::new(),
            body: body.into(),
        };
        if !request.target.starts_with('/') {
            request.target.insert(0, '/');
        }
        request.add("Host", host);
        headers.iter().for_each(|(name, value)| request.add(name, value));
        added.iter().for_each(|(name, value)| request.add(name, value));
        Ok(request)
    }

    /// The golden request of the contract.
    fn golden() -> Self {
        Self::signed("POST", GOLDEN, &[("Content-Type", "application/json")], r#"{"cmd":"run"}"#)
    }

    fn add(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_string(), value.into()));
    }

    fn get(&self, name: &str) -> String {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name).unwrap();
        String::from_utf8(value.clone()).unwrap()
    }

    fn set(&mut self, name: &str, value: &str) {
        self.headers.iter_mut().find(|(known, _)| known == name).unwrap().1 = value.into();
    }

    fn remove(&mut self, name: &str) {
        self.headers.retain(|(known, _)| known != name);
    }

    /// Rewrites our member, and signs the base that it then asks for: what only a holder of the key can do.
    fn resigned(mut self, base: &str, member: &str) -> Self {
        let tag = signature::mac(key().mac_key(), base);
        self.set("Signature-Input", &format!("counterseal={member}"));
        self.set("Signature", &format!("counterseal=:{}:", signature::encode(&tag)));
        self
    }

    fn verify_with(&self, options: &str, now: u64) -> Result<VerifiedRequest> {
        let fields: Vec<Field<'_>> = self.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let head = RequestHead { method: &self.method, target: &self.target, headers: &fields };
        let verifier = RequestVerifier::from_options(options.as_bytes())?;
        let mut guard = MemoryReplayGuard::new(GuardOptions::default())?;
        verifier.verify(&ring(), &mut guard, &head, &self.body, at(now))
    }

    fn verdict(&self) -> &'static str {
        code(self.verify_with(OPTIONS, T))
    }
}

const GOLDEN: &str = "http://vault.internal:8200/a%2Fb/execute?x=1&y=%C3%A9";
const MEMBER: &str = r#"("@method" "@authority" "@path" "@query" "content-digest" "content-type");created=1708167234;nonce="AAECAwQFBgcICQoLDA0ODw";keyid="gateway-1";alg="hmac-sha256";tag="counterseal""#;
const BASE: &str = r#""@method": POST
"@authority": vault.internal:8200
"@path": /a%2Fb/execute
"@query": ?x=1&y=%C3%A9
"content-digest": sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:
"content-type": application/json
"@signature-params": "#;

#[test]
fn the_golden_requests() {
    let request = Request::golden();
    assert_eq!(request.get("Content-Digest"), "sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:");
    assert_eq!(request.get("Signature-Input"), format!("counterseal={MEMBER}"));
    assert_eq!(request.get("Signature"), "counterseal=:uBdBiueTdW0ov4xwMLAVXkRVY4d9TmeaJwJWTswLWx0=:");
    assert_eq!(
        request.clone().resigned(&format!("{BASE}{MEMBER}"), MEMBER).get("Signature"),
        request.get("Signature")
    );
    let verified = request.verify_with(OPTIONS, T).unwrap();
    assert_eq!(
        (verified.key_id(), verified.owner(), verified.timestamp()),
        ("gateway-1", "gateway-1", at(T))
    );
    assert_eq!(verified.nonce().as_str(), "AAECAwQFBgcICQoLDA0ODw");

    let bare = Request::signed("GET", "http://vault.internal", &[], "");
    assert_eq!(bare.get("Signature"), "counterseal=:w4ApFBFeQ2OQCUuNWYgAWJRyLWFbPRZpD9OrXVGsjko=:");
    assert_eq!(code(bare.verify_with(r#"{"authorities":["http://vault.internal"]}"#, T)), "ok");
}
