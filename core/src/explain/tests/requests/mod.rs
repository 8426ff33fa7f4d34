//! Requests, signed by the real signer and then changed, or signed by a peer in its own way.

mod bases;
mod bodies;
mod forms;
mod guesses;
mod stages;

use super::*;
use crate::mac::MacKey;
use crate::nonce::Nonce;
use crate::request::{Field, Outgoing, RequestHead, RequestSigner, RequestVerifier};

const OPTIONS: &str = r#"{"authorities":["http://vault.internal:8200"]}"#;
const URL: &str = "http://vault.internal:8200/a%2Fb/execute?x=1&y=%C3%A9";
const BODY: &str = r#"{"cmd":"run"}"#;
const JSON: (&str, &str) = ("Content-Type", "application/json");

/// A request as it arrives, and what it is held against.
#[derive(Clone)]
struct Sent {
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    options: String,
    ours: Vec<u8>,
    peer_base: Option<String>,
}

impl Sent {
    /// As the real signer signs it for `gateway-1`.
    fn signed(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Self {
        Self::signed_with("{}", method, url, headers, body)
    }

    fn signed_with(options: &str, method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let fields: Vec<Field<'_>> = headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let key = key_of("gateway-1", &secret_bytes(0), KeyOptions::default());
        let signer = RequestSigner::from_options(key, options.as_bytes()).unwrap();
        let outgoing = Outgoing { method, url, headers: &fields, body: body.as_bytes() };
        let added = signer.sign(&outgoing, at(NOW), &Nonce::from_bytes([1; 16])).unwrap();
        let (_, rest) = url.split_once("://").unwrap();
        let (host, target) = rest.split_at(rest.find('/').unwrap());
        let mut sent = Self {
            method: method.into(),
            target: target.into(),
            headers: Vec::new(),
            body: body.into(),
            options: OPTIONS.into(),
            ours: secret_bytes(0).into(),
            peer_base: None,
        };
        sent = sent.with("Host", host);
        sent = headers.iter().fold(sent, |sent, (name, value)| sent.with(name, value));
        added.iter().fold(sent, |sent, (name, value)| sent.with(name, value))
    }

    fn get(target: &str) -> Self {
        Self::signed("GET", &format!("http://vault.internal:8200{target}"), &[], "")
    }

    fn golden() -> Self {
        Self::signed("POST", URL, &[JSON], BODY)
    }

    /// Adds a field, or gives it another value.
    fn with(mut self, name: &str, value: &str) -> Self {
        match self.headers.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value.into(),
            None => self.headers.push((name.into(), value.into())),
        }
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    fn method(self, method: &str) -> Self {
        Self { method: method.into(), ..self }
    }

    fn target(self, target: &str) -> Self {
        Self { target: target.into(), ..self }
    }

    fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self }
    }

    fn options(self, options: &str) -> Self {
        Self { options: options.into(), ..self }
    }

    fn ours(self, ours: &[u8]) -> Self {
        Self { ours: ours.into(), ..self }
    }

    fn peer_base(self, base: &str) -> Self {
        Self { peer_base: Some(base.into()), ..self }
    }

    fn field(&self, name: &str) -> &str {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name).unwrap();
        str::from_utf8(value).unwrap()
    }

    fn base(&self) -> String {
        self.explain().signing_input().unwrap().into()
    }

    /// Signed by a peer that makes its base in another way.
    fn resigned(self, change: impl Fn(&str) -> String) -> Self {
        let tag = MacKey::new(&secret_bytes(0)).mac(&[change(&self.base()).as_bytes()]);
        self.with("Signature", &signature(&tag))
    }

    fn explain(&self) -> Explanation {
        self.explain_at(NOW)
    }

    fn explain_at(&self, now: u64) -> Explanation {
        let keys = [
            key_of("gateway-1", &self.ours, KeyOptions::default()),
            key_of("other", &secret_bytes(9), KeyOptions::default()),
        ];
        self.explain_for(&ring(keys), now)
    }

    fn explain_for(&self, ring: &Keyring, now: u64) -> Explanation {
        let fields: Vec<Field<'_>> = self.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let head = RequestHead { method: &self.method, target: &self.target, headers: &fields };
        let verifier = RequestVerifier::from_options(self.options.as_bytes()).unwrap();
        let explanation =
            explain_request(&verifier, ring, &head, &self.body, at(now), self.peer_base.as_deref());
        check_no_secret(&explanation, &[&self.ours, &secret_bytes(9)]);
        explanation
    }

    /// What is told, or `ok`.
    #[track_caller]
    fn told(&self) -> String {
        let explanation = self.explain();
        let told = told(&explanation);
        if explanation.error().is_some() {
            return told;
        }
        assert!(told.starts_with("guard: ") && explanation.hints().len() == 1, "{told}");
        "ok".into()
    }
}

fn signature(tag: &[u8; 32]) -> String {
    let text = encode_url(tag).replace('-', "+").replace('_', "/");
    format!("counterseal=:{text}=:")
}

/// Neither a secret in any form, nor a signature that this side would make of what it would sign.
fn check_no_secret(explanation: &Explanation, secrets: &[&[u8]]) {
    let all = explanation.to_text() + &explanation.to_json() + &format!("{explanation:?}");
    for secret in secrets {
        for way in crate::explain::secrets::otherwise(secret) {
            assert!(!all.as_bytes().windows(way.bytes.len()).any(|found| found == way.bytes.as_slice()));
        }
        if let Some(base) = explanation.signing_input() {
            let tag = MacKey::new(secret).mac(&[base.as_bytes()]);
            assert!(!all.contains(&signature(&tag)[14..50]) && !all.contains(&encode_url(&tag)));
        }
    }
}
