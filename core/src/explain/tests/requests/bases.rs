//! The base that the peer signed, held against ours.

use super::*;
use crate::explain::Value;
use crate::json;

fn fact(sent: &Sent) -> String {
    sent.explain().fact("peer_base").map(json::write).unwrap_or_default()
}

#[test]
fn a_request_that_was_changed_is_told_from_a_secret_that_differs() {
    let signed = Sent::get("/api/x?y=1");
    let base = signed.base();
    let stripped = signed.clone().target("/x?y=1").peer_base(&base);
    let lines = stripped.told();
    let (first, second) = lines.split_once('\n').unwrap();
    assert_eq!(
        first,
        r#"path: the bases differ first in line 3: here "\"@path\": /x", at the peer "\"@path\": /api/x": did a proxy strip a prefix or tidy it, or a framework decode it?"#
    );
    assert!(
        second.starts_with("base: the signature is good for the peer's base: the secret is right"),
        "{second}"
    );
    assert_eq!(second.lines().count(), 1);
    assert_eq!(
        fact(&stripped),
        r#"{"component":"@path","is_signed":true,"line":3,"ours":"\"@path\": /x","theirs":"\"@path\": /api/x"}"#
    );

    let unfit = stripped.clone().ours(&secret_bytes(5));
    assert!(
        unfit.told().contains("\nsecret: the signature is not good for the peer's base either"),
        "{}",
        unfit.told()
    );
    assert!(fact(&unfit).contains(r#""is_signed":false"#));
    let same = signed.clone().ours(&secret_bytes(5)).peer_base(&base);
    assert_eq!(
        same.told(),
        "secret: both bases are the same, and no secret of this side fits: the secrets differ"
    );
    assert_eq!(fact(&same), r#"{"is_signed":false}"#);

    let tag = MacKey::new(&secret_bytes(9)).mac(&[base.as_bytes()]);
    let other = stripped.with("Signature", &signature(&tag));
    assert!(
        other.told().contains("\nkey: the signature is that of key other, and keyid names gateway-1"),
        "{}",
        other.told()
    );
    assert!(fact(&other).contains(r#""is_signed":false"#));
}

#[test]
fn a_good_request_with_its_base() {
    let signed = Sent::golden();
    let base = signed.base();
    for base in [base.clone(), format!("{base}\n"), format!("{}\r\n", base.replace('\n', "\r\n"))] {
        let sent = signed.clone().peer_base(&base);
        assert_eq!((sent.told(), fact(&sent)), ("ok".into(), r#"{"is_signed":true}"#.into()));
    }
    // The base of another request does not change the verdict.
    let other = signed.peer_base(&Sent::get("/").base()).explain();
    assert!(other.error().is_none() && told(&other).starts_with("method: the bases differ first in line 1"));
}

#[test]
fn each_component_has_its_question() {
    for (from, to, expected) in [
        ("POST", "PUT", "method: the bases differ first in line 1"),
        ("vault.internal:8200", "api.example.com", "authority: the bases differ first in line 2"),
        ("?x=1", "?x=2", "query: the bases differ first in line 4"),
        ("application/json", "text/plain", "header: the bases differ first in line 6"),
        (";created=", "; created=", "base: the bases differ first in line 7"),
        ("\"content-type\": application/json\n", "", "header: the bases differ first in line 6"),
    ] {
        let sent = Sent::golden();
        let theirs = sent.base().replacen(from, to, 1);
        let told = sent.method("PUTS").peer_base(&theirs.replace("POST", "PUTS")).told();
        assert!(from == "POST" || told.starts_with(expected), "{told}");
        let sent = Sent::golden();
        let told = told_of(&sent.peer_base(&theirs));
        assert!(told.starts_with(expected), "{told}");
    }
    let sent = Sent::golden();
    let longer = format!("{}\n\"x\": y", sent.base());
    assert!(told_of(&sent.peer_base(&longer)).starts_with(
        r#"header: the bases differ first in line 8: here no such line, at the peer "\"x\": y""#
    ));
}

fn told_of(sent: &Sent) -> String {
    told(&sent.explain())
}

#[test]
fn line_ends_that_the_peer_signed() {
    let line_end = Sent::get("/x").resigned(|base| format!("{base}\n"));
    let told = line_end.clone().peer_base(&line_end.base()).told();
    assert!(
        told.starts_with("base: the peer signed its base with a line end behind the last line"),
        "{told}"
    );
    let crlf = Sent::get("/x").resigned(|base| format!("{}\r\n", base.replace('\n', "\r\n")));
    let told = crlf.clone().peer_base(&crlf.base()).told();
    assert!(told.starts_with("base: the peer signed its base with CRLF"), "{told}");
}

#[test]
fn a_long_line_is_cut_about_its_difference() {
    let path = |char: &str| format!("/{}{char}{}", "a".repeat(1000), "b".repeat(1000));
    let sent = Sent::get(&path("x"));
    let base = sent.base();
    let sent = sent.target(&path("y")).peer_base(&base);
    let explanation = sent.explain();
    let Some(Value::Object(members)) = explanation.fact("peer_base") else { unreachable!() };
    let side = |name: &str| match members.iter().find(|(known, _)| known == name) {
        Some((_, Value::String(text))) => text.clone(),
        _ => String::new(),
    };
    let expected = |char: &str| format!("…{}{char}{}…", "a".repeat(60), "b".repeat(99));
    assert_eq!((side("ours"), side("theirs")), (expected("y"), expected("x")));
}

#[test]
fn what_cannot_be_compared() {
    let long = Sent::get("/x").peer_base(&"x".repeat(64 * 1024 + 1));
    let explanation = long.explain();
    assert!(
        told(&explanation)
            .starts_with("base: the peer's base has 65537 bytes, more than 65536: it was not compared")
    );
    assert_eq!(explanation.fact("peer_base"), None);
    let changed = Sent::get("/api/x").target("/x").peer_base(&"x".repeat(64 * 1024 + 1));
    assert!(changed.told().contains("\nsecret: other encodings"), "{}", changed.told());
    let most = Sent::get("/x").peer_base(&"x".repeat(64 * 1024));
    assert!(fact(&most).contains(r#""line":1"#));
    let unread = Sent::get("/x").without("Host").peer_base("x");
    assert_eq!((unread.explain().fact("peer_base"), unread.told().lines().count()), (None, 1));
    // A control character of the peer's stays one of the peer's.
    let steering = Sent::get("/x").peer_base("\"@method\": \u{1b}[2J");
    assert!(!steering.explain().to_text().contains('\u{1b}'));
    // What the ring does not know proves nothing about secrets.
    let unknown = Sent::get("/x");
    let input = unknown.field("Signature-Input").replace("gateway-1", "nobody");
    let unknown = unknown.with("Signature-Input", &input).peer_base("x");
    assert!(!unknown.told().contains("secret: "), "{}", unknown.told());
}
