use super::*;
use crate::json::{self, Value};
use crate::key::Use;
use crate::nonce::Nonce;
use crate::packet::{PacketSigner, PacketVerifier};

const PACKET: &str = r#"{"v":1,"kid":"engine-7","ts":1708167234,"nonce":"AAECAwQFBgcICQoLDA0ODw","payload":{"a":"\u0007\n\"\\/","job":42,"né":[1,1e+21,1e-7,0],"status":"FINISHED","€":null},"sig":"1v-poh--kq5rgAY2M_I-7YNcV1sTIjyGtFJnlqZgLxI"}"#;
const BYTES: &str = r#"{"v":1,"kid":"engine-7","ts":1708167234,"nonce":"AAECAwQFBgcICQoLDA0ODw","data":"AP8K","sig":"7dtiu_WmKsvsYxxiPDXQCHmmiblrR2H0TltB69ReYqU"}"#;
const CONTEXT: &str = "engine_status";

fn engine(options: KeyOptions) -> Keyring {
    ring([key_of("engine-7", &secret_bytes(0), options)])
}

fn explain(packet: &str, now: u64) -> Explanation {
    explain_with("{}", &engine(KeyOptions::default()), packet, CONTEXT, now)
}

fn explain_with(options: &str, ring: &Keyring, packet: &str, context: &str, now: u64) -> Explanation {
    let verifier = PacketVerifier::from_options(options.as_bytes()).unwrap();
    explain_packet(&verifier, ring, packet.as_bytes(), context, at(now))
}

#[test]
fn a_good_packet() {
    let explanation = explain(PACKET, NOW);
    assert_eq!((outcome(&explanation), progress(&explanation)), ("ok", (6, None)));
    let input = explanation.signing_input().unwrap();
    let body = r#"{"a":"\u0007\n\"\\/","job":42,"né":[1,1e+21,1e-7,0],"status":"FINISHED","€":null}"#;
    let head = "counterseal-packet-v1\nengine-7\n1708167234\nAAECAwQFBgcICQoLDA0ODw\nengine_status\njson\n";
    assert_eq!(input, format!("{head}{body}"));
    assert_eq!(explanation.fact("age"), Some(&super::super::number(6.0)));
    assert_eq!(explanation.fact("owner"), Some(&super::super::text("engine-7")));
    assert_eq!(explanation.fact("body_encoding"), None);
    assert!(told(&explanation).starts_with("guard: its nonce was not claimed here"));
    let names: Vec<_> = explanation.stages().iter().map(|stage| stage.name).collect();
    assert_eq!(names, ["shape", "version", "key", "signature", "age", "caller", "nonce"]);
    let details: Vec<_> = explanation.stages().iter().map(|stage| stage.detail.as_str()).collect();
    assert_eq!(
        details,
        [
            "220 bytes; the payload has 84 in its RFC 8785 form",
            "v is 1",
            "key engine-7, owner engine-7",
            "the MAC fits",
            "up to 60 s old and 5 s ahead are accepted",
            "every owner may call",
            "",
        ]
    );
}

#[test]
fn bytes_stand_in_base64url() {
    let explanation =
        explain_with(r#"{"allow":["engine-7"]}"#, &engine(KeyOptions::default()), BYTES, "", NOW);
    assert_eq!(outcome(&explanation), "ok");
    assert!(explanation.signing_input().unwrap().ends_with("\nbytes\nAP8K"));
    assert_eq!(explanation.fact("body_encoding"), Some(&super::super::text("base64url")));
    assert_eq!(explanation.stages()[0].detail, "139 bytes; the data has 3");
    assert_eq!(explanation.stages()[5].detail, "on the list");
}

#[test]
fn each_stage_fails_in_its_place() {
    let changed = |from: &str, to: &str| PACKET.replace(from, to);
    let cases = [
        ("", 0, "shape", "malformed_packet", "packet: nothing arrived"),
        (
            "\"{}\"",
            0,
            "shape",
            "malformed_packet",
            "packet: it is a JSON string: was the packet serialised twice?",
        ),
        ("\u{feff}{}", 0, "shape", "malformed_packet", "packet: a byte order mark stands before it"),
        (&changed("42", "9007199254740993"), 0, "shape", "malformed_payload", ""),
        (
            &changed("1708167234", "1708167234000"),
            0,
            "shape",
            "malformed_packet",
            "clock: ts looks like milliseconds",
        ),
        (
            &changed("1708167234", "1708167234000000"),
            0,
            "shape",
            "malformed_packet",
            "clock: ts looks like microseconds",
        ),
        (&changed("1708167234", "\"1708167234\""), 0, "shape", "malformed_packet", "clock: ts is a string"),
        (&changed("1708167234", "true"), 0, "shape", "malformed_packet", ""),
        (&changed("1708167234", "1708167234.5"), 0, "shape", "malformed_packet", ""),
        (
            "{\"v\":2}",
            1,
            "version",
            "unsupported_version",
            "packet: the peer writes another version of the format",
        ),
        (
            &changed("engine-7", "Engine-7"),
            2,
            "key",
            "unknown_key",
            "key: it names key \"Engine-7\", and the ring has engine-7: ids",
        ),
        (
            &changed("engine-7", "other"),
            2,
            "key",
            "unknown_key",
            "key: it names key \"other\", and the ring has for packet: engine-7",
        ),
        (
            &changed("42", "43"),
            3,
            "signature",
            "bad_signature",
            "context: this side verifies for \"engine_status\"",
        ),
    ];
    for (packet, passed, stage, code, hint) in cases {
        let explanation = explain(packet, NOW);
        assert_eq!(
            (outcome(&explanation), progress(&explanation)),
            (code, (passed, Some(stage))),
            "{packet}"
        );
        assert!(told(&explanation).starts_with(hint), "{packet}: {}", told(&explanation));
        assert_eq!(told(&explanation).is_empty(), hint.is_empty(), "{packet}");
        assert_eq!(explanation.signing_input().is_some(), passed >= 2, "{packet}");
        assert_eq!(explanation.fact("key_id").is_some(), passed >= 2, "{packet}");
    }
}

#[test]
fn a_text_or_body_too_large() {
    let limited = explain_with(r#"{"body_limit":16}"#, &engine(KeyOptions::default()), PACKET, CONTEXT, NOW);
    assert_eq!((outcome(&limited), progress(&limited)), ("payload_too_large", (0, Some("shape"))));
    assert_eq!(
        told(&limited),
        "packet: the text has 220 bytes: send less, or raise body_limit on both sides"
    );
}

#[test]
fn times() {
    let late = explain(PACKET, 1_708_167_234 + 61);
    assert_eq!((outcome(&late), progress(&late)), ("expired", (4, Some("age"))));
    assert!(
        told(&late).starts_with("clock: by this clock it was signed 61 s ago, 1 s more than max_age (60 s)")
    );
    let early = explain(PACKET, 1_708_167_234 - 7);
    assert_eq!((outcome(&early), progress(&early)), ("not_yet_valid", (4, Some("age"))));
    assert!(
        told(&early)
            .starts_with("clock: by this clock it will be signed in 7 s, 2 s more than max_ahead (5 s)")
    );
    assert_eq!(early.fact("age"), Some(&super::super::number(-7.0)));
    for (apart, zone) in [
        (7200, Some("2 h 0 min")),
        (7260, Some("2 h 0 min")),
        (7261, None),
        (7140, Some("2 h 0 min")),
        (7139, None),
        (19800, Some("5 h 30 min")),
        (1800, Some("0 h 30 min")),
        (14 * 3600, Some("14 h 0 min")),
        (14 * 3600 + 1800, None),
        (70, None),
    ] {
        let told = told(&explain(PACKET, 1_708_167_234 + apart));
        let found = told.split_once("the difference is close to ").map(|(_, rest)| rest);
        assert_eq!(found.is_some(), zone.is_some(), "{apart}");
        assert!(found.is_none_or(|found| found.starts_with(zone.unwrap())), "{apart}: {told}");
    }
}

#[test]
fn a_clock_that_began_with_the_machine() {
    let signer = PacketSigner::new(key_of("engine-7", &secret_bytes(0), KeyOptions::default())).unwrap();
    for (ts, told_so) in [(999_999_999, true), (1_000_000_000, false)] {
        let packet = signer.sign_json(b"1", CONTEXT, at(ts), &Nonce::from_bytes([1; 16])).unwrap();
        assert_eq!(told(&explain(&packet, NOW)).contains("ts lies before September 2001"), told_so);
    }
}

#[test]
fn a_unit_is_guessed_within_a_year() {
    let year = 366 * 86_400 * 1000;
    for (ts, guessed) in [
        (NOW * 1000 + year, true),
        (NOW * 1000 + year + 1, false),
        (NOW * 1000 - year, true),
        (NOW * 1000 - year - 1, false),
    ] {
        let packet = PACKET.replace("1708167234", &ts.to_string());
        assert_eq!(told(&explain(&packet, NOW)).contains("milliseconds"), guessed, "{ts}");
    }
}

#[test]
fn keys_that_cannot_verify() {
    let with = |options: KeyOptions| explain_with("{}", &engine(options), PACKET, CONTEXT, NOW);
    let revoked = with(KeyOptions { revoked: true, ..KeyOptions::default() });
    assert_eq!((outcome(&revoked), progress(&revoked)), ("revoked_key", (2, Some("key"))));
    assert!(told(&revoked).starts_with("key: key engine-7 is revoked on this side"));
    let ended = with(KeyOptions { not_after: Some(at(NOW - 5)), ..KeyOptions::default() });
    assert_eq!(outcome(&ended), "inactive_key");
    assert!(told(&ended).starts_with("key: key engine-7 ended at 1708167235, 5 s ago"));
    let ends_now =
        with(KeyOptions { not_before: at(NOW), not_after: Some(at(NOW)), ..KeyOptions::default() });
    assert!(told(&ends_now).starts_with("key: key engine-7 ended at 1708167240, 0 s ago"));
    let to_come =
        KeyOptions { not_before: at(NOW + 5), not_after: Some(at(NOW + 9)), ..KeyOptions::default() };
    assert!(told(&with(to_come)).starts_with("key: key engine-7 begins at 1708167245, in 5 s"));
    let other = with(KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() });
    assert_eq!(outcome(&other), "unknown_key");
    assert_eq!(told(&other), "key: key engine-7 is in the ring, for token; this needs a key for packet");
}

#[test]
fn ids_of_the_ring_are_told_up_to_eight() {
    let many = |count: u8| {
        let key = |at: u8| key_of(&format!("k{at}"), &secret_bytes(at), KeyOptions::default());
        told(&explain_with("{}", &ring((0..count).map(key)), PACKET, CONTEXT, NOW))
    };
    assert_eq!(many(0), "key: it names key \"engine-7\", and the ring has no key for packet");
    assert!(many(8).ends_with("for packet: k0, k1, k2, k3, k4, k5, k6, k7"));
    assert!(many(10).ends_with("k6, k7 and 2 more"));
}

#[test]
fn a_caller_that_is_not_allowed() {
    let explanation =
        explain_with(r#"{"allow":["a","b"]}"#, &engine(KeyOptions::default()), PACKET, CONTEXT, NOW);
    assert_eq!((outcome(&explanation), progress(&explanation)), ("caller_not_allowed", (5, Some("caller"))));
    assert_eq!(told(&explanation), "policy: allow names: a, b");
}

#[test]
fn a_wrong_argument_comes_before_the_first_stage() {
    let explanation = explain_with("{}", &engine(KeyOptions::default()), PACKET, "a\nb", NOW);
    assert_eq!((outcome(&explanation), progress(&explanation)), ("malformed_argument", (0, None)));
    assert_eq!(explanation.signing_input(), None);
    assert_eq!(told(&explanation), "");
}

#[test]
fn for_programs_and_for_people() {
    let explanation = explain(&PACKET.replace("42", "43"), NOW);
    let Ok(Value::Object(members)) = json::read(explanation.to_json().as_bytes()) else { panic!() };
    assert_eq!(json::canonical(explanation.to_json().as_bytes()).unwrap(), explanation.to_json());
    let names: Vec<_> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "age",
            "class",
            "context",
            "detail",
            "hints",
            "key_id",
            "kind",
            "nonce",
            "now",
            "outcome",
            "owner",
            "signing_input",
            "stages",
            "status",
            "subject",
            "ts",
        ]
    );
    assert!(explanation.to_json().contains(r#""status":401,"subject":"packet""#));
    assert!(explanation.to_json().contains(r#"{"name":"age","state":"not reached"}"#));
    assert!(explanation.to_json().contains(r#"{"detail":"v is 1","name":"version","state":"passed"}"#));

    let text = explanation.to_text();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "bad_signature: The signature does not fit the key, the context and the content.");
    assert_eq!(lines[2], "  passed       shape       220 bytes; the payload has 84 in its RFC 8785 form");
    assert_eq!(
        lines[5],
        "  failed       signature   The signature does not fit the key, the context and the content."
    );
    assert_eq!(lines[6], "  not reached  age");
    assert!(text.contains("\n  owner         \"engine-7\"\n"));
    assert!(
        text.contains("\nThe signing input on this side:\n\ncounterseal-packet-v1\nengine-7\n1708167234\n")
    );
    assert!(text.contains("\nWhat to look at:\n  context: this side"));
    assert!(explain(PACKET, NOW).to_text().starts_with("ok: the packet is accepted\n\n  passed"));
}

#[test]
fn what_a_peer_sent_cannot_steer_a_terminal() {
    let signer = PacketSigner::new(key_of("engine-7", &secret_bytes(0), KeyOptions::default())).unwrap();
    let payload = "\"\u{7f}\u{9b}31m\u{85}\"";
    let packet = signer.sign_json(payload.as_bytes(), CONTEXT, at(NOW), &Nonce::from_bytes([1; 16])).unwrap();
    let explanation = explain(&packet, NOW);
    assert!(explanation.signing_input().unwrap().ends_with(payload));
    assert!(explanation.to_text().contains("\"\\u007f\\u009b31m\\u0085\"\n"));
    assert!(!explanation.to_text().chars().any(|char| char.is_control() && char != '\n'));
}
