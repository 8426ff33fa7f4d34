//! How far a request came, and what is known of it.

use super::*;
use crate::explain::{number, text};
use crate::key::Use;

#[test]
fn a_good_request() {
    let explanation = Sent::golden().explain_at(NOW + 6);
    assert_eq!((outcome(&explanation), progress(&explanation)), ("ok", (7, None)));
    let lines: Vec<_> = explanation.signing_input().unwrap().lines().collect();
    assert_eq!(
        lines[..3],
        ["\"@method\": POST", "\"@authority\": vault.internal:8200", "\"@path\": /a%2Fb/execute"]
    );
    assert_eq!(lines.len(), 7);
    for (name, value) in [
        ("method", text("POST")),
        ("authority", text("vault.internal:8200")),
        ("path", text("/a%2Fb/execute")),
        ("query", text("?x=1&y=%C3%A9")),
        ("key_id", text("gateway-1")),
        ("owner", text("gateway-1")),
        ("ts", number(NOW as f64)),
        ("age", number(6.0)),
        ("nonce", text("AQEBAQEBAQEBAQEBAQEBAQ")),
    ] {
        assert_eq!(explanation.fact(name), Some(&value), "{name}");
    }
    assert_eq!(explanation.fact("peer_base"), None);
    let stages: Vec<_> =
        explanation.stages().iter().map(|stage| (stage.name, stage.detail.as_str())).collect();
    assert_eq!(
        stages,
        [
            ("shape", "6 components are covered; the body has 13 bytes"),
            ("authority", "vault.internal:8200"),
            ("key", "key gateway-1, owner gateway-1"),
            ("signature", "the MAC fits"),
            ("body", "its digest fits"),
            ("age", "up to 60 s old and 5 s ahead are accepted"),
            ("caller", "every owner may call"),
            ("nonce", ""),
        ]
    );
    let bare = Sent::get("/").explain();
    assert_eq!(bare.stages()[4].detail, "no body, and no digest is covered");
    assert!(told(&bare).starts_with("guard: its nonce was not claimed here"));
}

#[test]
fn each_stage_fails_in_its_place() {
    let golden = Sent::golden;
    let cases = [
        (golden().without("Host"), 0, "shape", "malformed_request", "header: Host did not arrive"),
        (
            golden().options(r#"{"authorities":["http://vault.internal:8200"],"body_limit":12}"#),
            0,
            "shape",
            "payload_too_large",
            "body: it has 13 bytes",
        ),
        (
            golden().with("Host", "other"),
            1,
            "authority",
            "wrong_authority",
            "authority: the request is for other, and",
        ),
        (
            golden()
                .with("Signature-Input", &golden().field("Signature-Input").replace("gateway-1", "nobody")),
            2,
            "key",
            "unknown_key",
            "key: it names key \"nobody\", and the ring has for request: gateway-1, other",
        ),
        (golden().method("PUT"), 3, "signature", "bad_signature", "secret: other encodings"),
        (golden().body("{}"), 4, "body", "body_mismatch", "body: other line ends"),
    ];
    for (sent, passed, stage, code, hint) in cases {
        let explanation = sent.explain();
        assert_eq!((outcome(&explanation), progress(&explanation)), (code, (passed, Some(stage))));
        assert!(told(&explanation).starts_with(hint), "{code}: {}", told(&explanation));
        assert_eq!(explanation.signing_input().is_some(), code != "malformed_request");
    }
}

#[test]
fn keys_that_may_not() {
    let with = |options: KeyOptions| {
        Sent::golden().explain_for(&ring([key_of("gateway-1", &secret_bytes(0), options)]), NOW)
    };
    let token = with(KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() });
    assert_eq!((outcome(&token), progress(&token)), ("unknown_key", (2, Some("key"))));
    assert_eq!(told(&token), "key: key gateway-1 is in the ring, for token; this needs a key for request");
    let ended = with(KeyOptions { not_after: Some(at(NOW)), ..KeyOptions::default() });
    assert!(told(&ended).starts_with("key: key gateway-1 ended at"));
    let revoked = with(KeyOptions { revoked: true, ..KeyOptions::default() });
    assert!(told(&revoked).starts_with("key: key gateway-1 is revoked on this side"));
}

#[test]
fn times() {
    let late = Sent::golden().explain_at(NOW + 61);
    assert_eq!((outcome(&late), progress(&late)), ("expired", (5, Some("age"))));
    assert!(
        told(&late)
            .starts_with("clock: by this clock it was signed 61 s ago, 1 s more than max_age (60 s) allows")
    );
    assert!(told(&late).ends_with("a retry that sends an old request"));
    let early = Sent::golden().explain_at(NOW - 3600);
    assert_eq!((outcome(&early), progress(&early)), ("not_yet_valid", (5, Some("age"))));
    assert!(told(&early).contains("the difference is close to 1 h 0 min"));
    let from_its_start = Sent::golden();
    let input = from_its_start.field("Signature-Input").replace(&NOW.to_string(), "1000");
    let from_its_start = from_its_start.with("Signature-Input", &input).resigned(str::to_string);
    assert!(from_its_start.told().contains("clock: created lies before September 2001"));
}

#[test]
fn callers() {
    let allowed = |rest: &str| {
        Sent::golden()
            .options(&format!(r#"{{"authorities":["http://vault.internal:8200"],{rest}}}"#))
            .explain()
    };
    let alone = allowed(r#""allow":["gateway-1"]"#);
    assert_eq!((outcome(&alone), alone.stages()[6].detail.as_str()), ("ok", "on the list"));
    let others = allowed(r#""allow":["a","b"]"#);
    assert_eq!((outcome(&others), progress(&others)), ("caller_not_allowed", (6, Some("caller"))));
    assert_eq!(told(&others), "policy: allow names: a, b");
    let trust = allowed(
        r#""callee":"vault","trust":{"vault":{"rules":[{"callers":["gateway-1"],"methods":["GET"]}]}}"#,
    );
    assert_eq!(told(&trust), "policy: gateway-1 may GET vault /");
}
