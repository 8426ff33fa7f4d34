//! The golden requests, and each rule of the profile, against requests that were signed and then changed.

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

#[test]
fn what_is_covered_cannot_be_changed() {
    let changed = |change: &dyn Fn(&mut Request)| {
        let mut request = Request::golden();
        change(&mut request);
        request.verdict()
    };
    assert_eq!(changed(&|_| ()), "ok");
    assert_eq!(changed(&|request| request.method = "PUT".into()), "bad_signature");
    assert_eq!(changed(&|request| request.method = "post".into()), "bad_signature");
    assert_eq!(changed(&|request| request.target = "/a/b/execute?x=1&y=%C3%A9".into()), "bad_signature");
    assert_eq!(changed(&|request| request.target = "/a%2fb/execute?x=1&y=%C3%A9".into()), "bad_signature");
    assert_eq!(changed(&|request| request.target = "/a%2Fb/execute?x=1&y=é".into()), "malformed_request");
    assert_eq!(changed(&|request| request.target = "/a%2Fb/execute?x=2&y=%C3%A9".into()), "bad_signature");
    assert_eq!(changed(&|request| request.set("Content-Type", "text/plain")), "bad_signature");
    assert_eq!(changed(&|request| request.set("Host", "other:8200")), "wrong_authority");
    assert_eq!(changed(&|request| request.body = br#"{"cmd":"rum"}"#.into()), "body_mismatch");
    assert_eq!(changed(&|request| request.body.clear()), "body_mismatch");
    assert_eq!(changed(&|request| request.add("X-Other", "is not covered")), "ok");
    assert_eq!(
        changed(&|request| request
            .set("Content-Digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:")),
        "bad_signature"
    );
}

#[test]
fn a_body_without_a_signed_digest_is_no_body() {
    let mut request = Request::signed("POST", "http://vault.internal:8200/x", &[], "");
    assert_eq!(request.verdict(), "ok");
    request.body = b"x".into();
    assert_eq!(request.verdict(), "body_mismatch");
    request.add("Content-Digest", "sha-256=:LXEWQrcmsEQBYnyp++6zTZCMtYw6J7VkRbOgbp4PJg4=:");
    assert_eq!(request.verdict(), "body_mismatch", "a digest that is not signed proves nothing");
}

#[test]
fn an_empty_body_has_no_digest() {
    let mut request = Request::golden();
    request.remove("Content-Type");
    let member = MEMBER.replace(" \"content-type\"", "");
    let empty = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
    request.set("Content-Digest", empty);
    request.body.clear();
    let base = BASE
        .replace("sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:", empty)
        .replace("\"content-type\": application/json\n", "");
    assert_eq!(request.resigned(&format!("{base}{member}"), &member).verdict(), "body_mismatch");
}

#[test]
fn order_is_the_peers_and_nothing_else() {
    let order =
        |member: &str, base: &str| Request::golden().resigned(&format!("{base}{member}"), member).verdict();
    let parameters = MEMBER.replace(
        r#";created=1708167234;nonce="AAECAwQFBgcICQoLDA0ODw""#,
        r#";nonce="AAECAwQFBgcICQoLDA0ODw";created=1708167234"#,
    );
    assert_eq!(order(&parameters, BASE), "ok");
    let member = MEMBER.replace(r#""@method" "@authority""#, r#""@authority" "@method""#);
    let swapped =
        BASE.replace("\"@method\": POST\n", "").replace("\"@path\"", "\"@method\": POST\n\"@path\"");
    assert_eq!(order(&member, &swapped), "ok");
    for (from, to) in [
        (r#""@query" "#, ""),
        (r#""@query""#, r#""@query" "@query""#),
        (r#""content-type""#, r#""content-type" "host""#),
        (r#""content-type""#, r#""content-type" "@scheme""#),
        (r#""content-type""#, r#""content-type" "date""#),
        (r#""content-type""#, r#""Content-Type""#),
        (r#""content-type""#, r#""content-type";sf"#),
        (r#" "content-type""#, ""),
        (r#""content-type")"#, r#""content-type" )"#),
        (r#""@method" "#, r#""@method"  "#),
        (";created", "; created"),
        ("created=1708167234", "created=1708167234.0"),
        ("created=1708167234", "created=01708167234"),
        ("created=1708167234", "created=-1"),
        ("created=1708167234", "created=\"1708167234\""),
        ("created=1708167234", "created=253402300800"),
        ("created=1708167234;", ""),
        (r#"nonce="AAECAwQFBgcICQoLDA0ODw";"#, ""),
        ("AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoLDA0ODx"),
        (r#"keyid="gateway-1""#, r#"keyid="gate way""#),
        (r#"keyid="gateway-1""#, "keyid=gateway-1"),
        ("hmac-sha256", "rsa-v1_5-sha256"),
        (r#";alg="hmac-sha256""#, ""),
        (r#"tag="counterseal""#, r#"tag="other""#),
        (r#"tag="counterseal""#, r#"tag="counterseal";expires=1708167300"#),
        (r#"tag="counterseal""#, r#"tag="counterseal";tag="counterseal""#),
        (r#"tag="counterseal""#, r#"tag="counterseal";flag"#),
    ] {
        assert!(MEMBER.contains(from), "{from}");
        assert_eq!(order(&MEMBER.replace(from, to), BASE), "malformed_request", "{from} -> {to}");
    }
}

#[test]
fn other_signatures_are_ignored_and_ours_stands_once() {
    let with = |input: &str, signature: &str| {
        let mut request = Request::golden();
        request.set("Signature-Input", &input.replace("OURS", &request.get("Signature-Input")));
        request.set("Signature", &signature.replace("OURS", &request.get("Signature")));
        request.verdict()
    };
    assert_eq!(with(r#"proxy=("@method";req "x");created=1;expires=2.5, OURS"#, "proxy=:AAAA:, OURS"), "ok");
    assert_eq!(with("OURS,\ta=?1;b=*t/x:y , b", "OURS, c=\"q\\\"\\\\\""), "ok");
    for (input, signature) in [
        ("OURS, OURS", "OURS"),
        ("OURS", "OURS, OURS"),
        ("OURS, a=1, a=2", "OURS"),
        ("other=()", "OURS"),
        ("OURS", "other=:AAAA:"),
        ("OURS,", "OURS"),
        ("OURS, a=(1", "OURS"),
        ("OURS, A=1", "OURS"),
        ("OURS, a=1.2345", "OURS"),
        ("OURS, a=1234567890123456", "OURS"),
        ("OURS, a=\"\u{7f}\"", "OURS"),
        ("OURS", "OURS;p=1"),
        ("OURS", "counterseal=\"x\""),
        ("OURS", "counterseal=:AAAA:"),
        ("OURS", ""),
        ("", "OURS"),
    ] {
        assert_eq!(with(input, signature), "malformed_request", "{input} | {signature}");
    }
    let many = |count: usize| (0..count).map(|at| format!("a{at}=1, ")).collect::<String>();
    assert_eq!(with(&format!("{}OURS", many(15)), "OURS"), "ok");
    assert_eq!(with(&format!("{}OURS", many(16)), "OURS"), "malformed_request");
}

#[test]
fn fields_on_several_lines_are_one_field() {
    let mut request = Request::golden();
    request.headers.insert(0, ("signature-input".to_string(), b"proxy=()".into()));
    request.add("SIGNATURE", "proxy=:AAAA:");
    assert_eq!(request.verdict(), "ok");
    request.add("Content-Type", "application/json");
    assert_eq!(request.verdict(), "malformed_request", "a covered field is repeated");
}

#[test]
fn the_servers_name() {
    let host = |hosts: &[(&str, &str)], target: &str| {
        let mut request = Request::golden();
        request.remove("Host");
        hosts.iter().for_each(|(name, value)| request.add(name, value));
        request.target = format!("{target}/a%2Fb/execute?x=1&y=%C3%A9");
        request.verdict()
    };
    let own = "vault.internal:8200";
    assert_eq!(host(&[("host", "Vault.Internal:8200")], ""), "ok");
    assert_eq!(host(&[(":authority", own)], ""), "ok");
    assert_eq!(host(&[(":authority", own), ("Host", own)], ""), "ok");
    assert_eq!(host(&[("Host", own)], "http://VAULT.internal:8200"), "ok");
    assert_eq!(host(&[("Host", "vault.internal")], ""), "wrong_authority");
    assert_eq!(host(&[("Host", "vault.internal.:8200")], ""), "wrong_authority");
    for (hosts, target) in [
        (&[][..], ""),
        (&[][..], "http://vault.internal:8200"),
        (&[("Host", own), ("Host", own)][..], ""),
        (&[("Host", own), (":authority", "other")][..], ""),
        (&[("Host", "other")][..], "http://vault.internal:8200"),
        (&[("Host", "u@vault.internal:8200")][..], ""),
        (&[("Host", "vault.internal:")][..], ""),
        (&[("Host", "vault.internal:08200")][..], ""),
        (&[("Host", "")][..], ""),
    ] {
        assert_eq!(host(hosts, target), "malformed_request", "{hosts:?} {target}");
    }
}

#[test]
fn the_schemes_own_port_need_not_be_named() {
    for (url, host, authority, expected) in [
        ("https://h/x", "h", "h", "ok"),
        ("https://h/x", "h:443", "https://h", "ok"),
        ("https://h:443/x", "h", "h:443", "ok"),
        ("http://h:80/x", "h:80", "http://h", "ok"),
        ("http://h/x", "h:80", "https://h", "wrong_authority"),
        ("http://[2001:DB8::1]/x", "[2001:db8::1]", "http://[2001:db8::1]:80", "ok"),
    ] {
        let mut request = Request::signed("GET", url, &[], "");
        request.set("Host", host);
        let options = format!(r#"{{"authorities":["{authority}"]}}"#);
        assert_eq!(code(request.verify_with(&options, T)), expected, "{url} {host} {authority}");
    }
}

#[test]
fn extra_fields_are_always_covered() {
    let options = r#"{"authorities":["http://h"],"extra_fields":["x-tenant"]}"#;
    let signer = RequestSigner::from_options(key(), br#"{"extra_fields":["x-tenant"]}"#).unwrap();
    let sign = |headers: &[(&str, &str)]| Request::signed_by(&signer, "GET", "http://h/", headers, "");
    let mut request = sign(&[("X-Tenant", " a ")]).unwrap();
    assert!(
        request.get("Signature-Input").contains(r#"("@method" "@authority" "@path" "@query" "x-tenant")"#)
    );
    assert_eq!(code(request.verify_with(options, T)), "ok");
    assert_eq!(code(request.verify_with(r#"{"authorities":["http://h"]}"#, T)), "malformed_request");
    request.set("X-Tenant", "b");
    assert_eq!(code(request.verify_with(options, T)), "bad_signature");
    request.remove("X-Tenant");
    assert_eq!(code(request.verify_with(options, T)), "malformed_request");
    assert_eq!(
        code(Request::signed("GET", "http://h/", &[], "").verify_with(options, T)),
        "malformed_request"
    );
    assert_eq!(code(sign(&[])), "malformed_argument");
    assert_eq!(code(sign(&[("x-tenant", "a"), ("x-tenant", "a")])), "malformed_argument");
}

#[test]
fn an_encoding_is_covered_where_it_is_carried() {
    let headers = [("Content-Encoding", "gzip"), ("content-type", "text/plain")];
    let mut request = Request::signed("POST", "http://vault.internal:8200/x", &headers, "x");
    assert!(
        request.get("Signature-Input").contains(r#""content-digest" "content-type" "content-encoding")"#)
    );
    assert_eq!(request.verdict(), "ok");
    request.remove("Content-Encoding");
    assert_eq!(request.verdict(), "malformed_request");
    let mut added = Request::golden();
    added.add("Content-Encoding", "gzip");
    assert_eq!(added.verdict(), "malformed_request", "what is carried must be covered");
}

#[test]
fn a_signer_judges_what_it_is_given() {
    let signer = RequestSigner::from_options(key(), br#"{"body_limit":3}"#).unwrap();
    let sign = |method: &str, url: &str, headers: &[(&str, &str)], body: &str| {
        code(Request::signed_by(&signer, method, url, headers, body))
    };
    assert_eq!(sign("GET", "http://h/", &[("Host", "H:80")], ""), "ok");
    assert_eq!(sign(&"M".repeat(32), "http://h/", &[("Signature", "a=:AAAA:")], "abc"), "ok");
    for (method, url, headers) in [
        ("", "http://h/", &[][..]),
        ("G T", "http://h/", &[]),
        ("CONNECT", "http://h/", &[]),
        (&"M".repeat(33), "http://h/", &[]),
        ("GET", "http://u:p@h/", &[]),
        ("GET", "http://h/a b", &[]),
        ("GET", "ftp://h/", &[]),
        ("GET", "http://h/", &[("Host", "other")]),
        ("GET", "http://h/", &[("Host", "h"), ("Host", "h")]),
        ("GET", "http://h/", &[("Content-Digest", "sha-256=:x:")]),
        ("GET", "http://h/", &[("Signature-Input", "counterseal=()")]),
        ("GET", "http://h/", &[("Signature", "counterseal=:AAAA:")]),
        ("GET", "http://h/", &[("Signature", "(")]),
        ("GET", "http://h/", &[("Content-Type", "a\r\nb")]),
        ("GET", "http://h/", &[("Content-Type", "é")]),
        ("GET", "http://h/", &[("Content-Type", "a"), ("content-type", "a")]),
    ] {
        assert_eq!(sign(method, url, headers, ""), "malformed_argument", "{method} {url} {headers:?}");
    }
    assert_eq!(sign("POST", "http://h/", &[], "abcd"), "payload_too_large");
    let token = KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() };
    let token = Key::new("t", Secret::from_text(SECRET).unwrap(), token).unwrap();
    assert_eq!(code(RequestSigner::new(token)), "malformed_argument");
    let revoked = key();
    let signer = RequestSigner::new(revoked.clone()).unwrap();
    revoked.revoke();
    assert_eq!(code(Request::signed_by(&signer, "GET", "http://h/", &[], "")), "revoked_key");
}

#[test]
fn a_fragment_is_never_sent() {
    let signer = RequestSigner::new(key()).unwrap();
    let nonce = Nonce::from_bytes([1; 16]);
    let sign = |url| {
        let outgoing = Outgoing { method: "GET", url, headers: &[], body: b"" };
        signer.sign(&outgoing, at(T), &nonce).unwrap()
    };
    assert_eq!(sign("http://h/x?y#z"), sign("http://h/x?y"));
    assert_eq!(sign("http://h/x?"), sign("http://h/x"), "an absent query is an empty one (RFC 9421 §2.2.7)");
}

#[test]
fn age_caller_and_nonce() {
    let request = Request::golden();
    for (now, expected) in [(T + 60, "ok"), (T + 61, "expired"), (T - 5, "ok"), (T - 6, "not_yet_valid")] {
        assert_eq!(code(request.verify_with(OPTIONS, now)), expected, "{now}");
    }
    let allow =
        |owner: &str| format!(r#"{{"authorities":["http://vault.internal:8200"],"allow":["{owner}"]}}"#);
    assert_eq!(code(request.verify_with(&allow("gateway-1"), T)), "ok");
    assert_eq!(code(request.verify_with(&allow("heartbeat"), T)), "caller_not_allowed");
    assert_eq!(code(request.verify_with(&allow("heartbeat"), T + 61)), "expired", "age comes first");

    let fields: Vec<Field<'_>> = request.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let head = RequestHead { method: "POST", target: &request.target, headers: &fields };
    let verifier = RequestVerifier::from_options(OPTIONS.as_bytes()).unwrap();
    let mut guard = MemoryReplayGuard::new(GuardOptions::default()).unwrap();
    let mut verify = |body: &[u8]| code(verifier.verify(&ring(), &mut guard, &head, body, at(T)));
    assert_eq!(verify(b"other"), "body_mismatch");
    assert_eq!(verify(&request.body), "ok", "a refused request burns no nonce");
    assert_eq!(verify(&request.body), "replayed");
}

#[test]
fn the_head_is_judged_before_the_body_comes() {
    let request = Request::golden();
    let fields: Vec<Field<'_>> = request.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let head = RequestHead { method: "POST", target: &request.target, headers: &fields };
    let limited = OPTIONS.replace('}', r#","body_limit":13}"#);
    let verifier = RequestVerifier::from_options(limited.as_bytes()).unwrap();
    let mut guard = MemoryReplayGuard::new(GuardOptions::default()).unwrap();
    let mut pending = verifier.begin(&ring(), &head, at(T)).unwrap();
    request.body.chunks(5).for_each(|piece| pending.update(piece).unwrap());
    assert!(pending.finish(at(T)).unwrap().claim(&mut guard).is_ok());
    let mut pending = verifier.begin(&ring(), &head, at(T)).unwrap();
    assert_eq!(code(pending.update(&[0; 13])), "ok");
    assert_eq!(code(pending.update(&[0])), "payload_too_large");
    assert_eq!(code(verifier.authenticate(&ring(), &head, &[0; 14], at(T))), "payload_too_large");
    let other = RequestHead { method: "PUT", ..head };
    assert_eq!(
        code(verifier.authenticate(&ring(), &other, &[0; 14], at(T))),
        "payload_too_large",
        "size is check 1"
    );
    let malformed = RequestHead { method: "", ..head };
    assert_eq!(code(verifier.authenticate(&ring(), &malformed, &[0; 14], at(T))), "malformed_request");
    assert_eq!(code(verifier.begin(&ring(), &other, at(T))), "bad_signature");
}

#[test]
fn keys_are_judged_before_the_signature() {
    let request = Request::golden();
    let fields: Vec<Field<'_>> = request.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let head = RequestHead { method: "PUT", target: &request.target, headers: &fields };
    let verifier = RequestVerifier::from_options(OPTIONS.as_bytes()).unwrap();
    let begin = |ring: &Keyring| code(verifier.begin(ring, &head, at(T)));
    assert_eq!(begin(&Keyring::default()), "unknown_key");
    let packets = KeyOptions { uses: [Use::Packet].into(), ..KeyOptions::default() };
    let packets = Key::new("gateway-1", Secret::from_text(SECRET).unwrap(), packets).unwrap();
    assert_eq!(begin(&Keyring::new([packets]).unwrap()), "unknown_key");
    let late = KeyOptions { not_before: at(T + 1), ..KeyOptions::default() };
    let late = Key::new("gateway-1", Secret::from_text(SECRET).unwrap(), late).unwrap();
    assert_eq!(begin(&Keyring::new([late]).unwrap()), "inactive_key");
    let revoked = ring();
    revoked.revoke("gateway-1");
    assert_eq!(begin(&revoked), "revoked_key");
    assert_eq!(begin(&ring()), "bad_signature");
}

#[test]
fn trust_judges_the_call_in_its_turn() {
    let options = |rule: &str| {
        format!(
            r#"{{"authorities":["http://vault.internal:8200"],"callee":"vault","trust":{{"vault":{{"rules":[{rule}],"exempt":["/health"]}}}}}}"#
        )
    };
    let request = Request::signed("POST", "http://vault.internal:8200/execute?x", &[], "");
    for (rule, expected) in [
        (r#"{"callers":["gateway-1"],"methods":["POST"],"paths":["/execute"]}"#, "ok"),
        (r#"{"callers":["gateway-1"],"methods":["GET"]}"#, "caller_not_allowed"),
        (r#"{"callers":["heartbeat"]}"#, "caller_not_allowed"),
        ("", "caller_not_allowed"),
    ] {
        assert_eq!(code(request.verify_with(&options(rule), T)), expected, "{rule}");
    }
    assert_eq!(code(request.verify_with(&options(""), T + 61)), "expired", "age comes first");
    let verifier = RequestVerifier::from_options(options("").as_bytes()).unwrap();
    assert!(verifier.is_exempt("/health") && !verifier.is_exempt("/execute"));
    assert!(!RequestVerifier::from_options(OPTIONS.as_bytes()).unwrap().is_exempt("/health"));
    for bad in [
        r#"{"authorities":["h"],"trust":{"vault":{}}}"#,
        r#"{"authorities":["h"],"callee":"vault"}"#,
        r#"{"authorities":["h"],"callee":"vault","trust":{}}"#,
        r#"{"authorities":["h"],"callee":"vault","trust":{"vault":[]}}"#,
    ] {
        assert_eq!(code(RequestVerifier::from_options(bad.as_bytes())), "malformed_argument", "{bad}");
    }
}

#[test]
fn a_verifier_is_told_who_it_is() {
    for bad in [
        "{}",
        r#"{"authorities":[]}"#,
        r#"{"authorities":"h"}"#,
        r#"{"authorities":["h/"]}"#,
        r#"{"authorities":["ftp://h"]}"#,
        r#"{"authorities":["u@h"]}"#,
        r#"{"authorities":["h"],"extra_fields":["X-A"]}"#,
        r#"{"authorities":["h"],"extra_fields":["@path"]}"#,
        r#"{"authorities":["h"],"extra_fields":["a","a"]}"#,
        r#"{"authorities":["h"],"extra_fields":["content-type"]}"#,
        r#"{"authorities":["h"],"extra_fields":["signature"]}"#,
        r#"{"authorities":["h"],"allow":["a b"]}"#,
        r#"{"authorities":["h"],"max_age":0}"#,
        r#"{"authorities":["h"],"more":1}"#,
    ] {
        let refused = RequestVerifier::from_options(bad.as_bytes()).map(|_| ()).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::MalformedArgument, "{bad}");
    }
}
