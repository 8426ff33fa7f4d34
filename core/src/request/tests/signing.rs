//! What a signer refuses to sign.

use super::*;

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
