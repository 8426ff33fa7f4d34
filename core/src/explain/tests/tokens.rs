use super::*;
use crate::key::{Algorithm, Use};
use crate::mac::MacKey;
use crate::token::{Policy, TokenIssuer, TokenVerifier};

fn options() -> KeyOptions {
    KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() }
}

fn auth() -> Key {
    key_of("auth-1", &secret_bytes(0), options())
}

/// Any header over any claims, signed with HS256 under the bytes.
fn forged(key: &[u8], header: &str, claims: &str) -> String {
    let input = format!("{}.{}", encode_url(header.as_bytes()), encode_url(claims.as_bytes()));
    format!("{input}.{}", encode_url(&MacKey::new(key).mac(&[input.as_bytes()])))
}

fn genuine(claims: &str) -> String {
    forged(&secret_bytes(0), r#"{"alg":"HS256","kid":"auth-1"}"#, claims)
}

fn explain(policy: &str, token: &str) -> Explanation {
    explain_with(policy, &ring([auth()]), token)
}

fn explain_with(policy: &str, ring: &Keyring, token: &str) -> Explanation {
    let verifier = TokenVerifier::new(Policy::from_json(policy.as_bytes()).unwrap());
    explain_token(&verifier, ring, token.as_bytes(), at(NOW))
}

/// Refused in that stage, with that code; what is hinted.
fn refused(explanation: &Explanation, passed: usize, stage: &str, code: &str) -> String {
    assert_eq!((outcome(explanation), progress(explanation)), (code, (passed, Some(stage))));
    told(explanation)
}

#[test]
fn a_good_token() {
    let token = genuine(r#"{"exp":1708167300,"iat":1708167200,"iss":"i","other":1}"#);
    let explanation = explain(r#"{"issuer":"i"}"#, &token);
    assert_eq!((outcome(&explanation), progress(&explanation)), ("ok", (10, None)));
    assert_eq!(explanation.signing_input(), token.rsplit_once('.').map(|(input, _)| input));
    let number = |name| explanation.fact(name).cloned();
    assert_eq!(number("age"), Some(super::super::number(40.0)));
    assert_eq!(number("expires_in"), Some(super::super::number(60.0)));
    assert_eq!(explanation.fact("iss"), Some(&super::super::text("i")));
    assert_eq!(explanation.fact("other"), None);
    assert_eq!(explanation.fact("key_id"), Some(&super::super::text("auth-1")));
    assert_eq!(explanation.fact("typ"), None);
    assert_eq!(told(&explanation), "");
    let details: Vec<_> = explanation.stages().iter().map(|stage| stage.detail.as_str()).collect();
    assert_eq!(
        details,
        [
            &*format!("{} of 8192 bytes", token.len()),
            "three parts, strict base64url",
            "alg \"HS256\"",
            "key auth-1, owner auth-1",
            "the MAC fits",
            "a JSON object",
            "with a leeway of 30 s",
            "as the policy says",
            "0 of the policy",
            "not revoked",
        ]
    );
    assert!(explanation.to_text().starts_with("ok: the token is accepted\n"));
    assert!(explanation.to_json().contains(r#""subject":"token""#));
}

#[test]
fn form() {
    let long = explain("{}", &"a".repeat(8193));
    assert_eq!(
        refused(&long, 0, "size", "token_too_large"),
        "token: it has 8193 bytes: put less into its claims"
    );
    let token = genuine("{}");
    for (text, hint) in [
        (String::new(), "token: nothing arrived"),
        (format!("bearer {token}"), "token: the scheme Bearer stands before it: hand in what follows"),
        (format!("{token}\n"), "token: it holds white space or a line end"),
        (format!("{token}="), "token: it holds +, / or =: base64url has - and _ instead, and no padding"),
        (
            "a.b.c.d.e".to_string(),
            "token: five parts are an encrypted token (RFC 7516): only signed ones are read",
        ),
        ("a.b".to_string(), ""),
    ] {
        assert_eq!(refused(&explain("{}", &text), 1, "form", "malformed_token"), hint, "{text}");
    }
    assert_eq!(explain("{}", "a.b").signing_input(), None);
    // The signature's grammar is judged late, and is form all the same.
    refused(&explain("{}", &format!("{}!", token)), 1, "form", "malformed_token");
}

#[test]
fn header() {
    let says = |header: &str| explain("{}", &forged(&secret_bytes(0), header, "{}"));
    let hint = refused(&says(r#"{"alg":"none"}"#), 2, "header", "unsupported_algorithm");
    assert_eq!(hint, "header: the token says alg \"none\", the policy accepts HS256");
    let hint = refused(&says(r#"{"alg":"HS256","typ":"X"}"#), 2, "header", "malformed_token");
    assert_eq!(hint, "header: the token says typ \"X\", the policy accepts \"JWT\"");
    let typed = explain(r#"{"typ":"T"}"#, &genuine("{}"));
    assert_eq!(
        refused(&typed, 2, "header", "malformed_token"),
        "header: the token says typ absent, the policy accepts \"T\""
    );
    assert_eq!(refused(&says(r#"{"alg":"HS256","zip":"DEF"}"#), 2, "header", "malformed_token"), "");
    assert_eq!(refused(&says("[]"), 2, "header", "malformed_token"), "");
    assert_eq!(refused(&says(r#"{"alg":"HS256","crit":[]}"#), 2, "header", "unsupported_critical"), "");
}

#[test]
fn keys() {
    let says = |header: &str| forged(&secret_bytes(0), header, "{}");
    let token = says(r#"{"alg":"HS256","kid":"AUTH-1"}"#);
    let hint = refused(&explain("{}", &token), 3, "key", "unknown_key");
    assert!(hint.starts_with("key: it names key \"AUTH-1\", and the ring has auth-1"), "{hint}");
    let packets = ring([key_of("auth-1", &secret_bytes(0), KeyOptions::default())]);
    let hint = refused(&explain_with("{}", &packets, &genuine("{}")), 3, "key", "unknown_key");
    assert_eq!(hint, "key: key auth-1 is in the ring, for packet and request; this needs a key for token");
    let revoked = ring([key_of("auth-1", &secret_bytes(0), KeyOptions { revoked: true, ..options() })]);
    let explanation = explain_with("{}", &revoked, &genuine("{}"));
    assert!(refused(&explanation, 3, "key", "revoked_key").starts_with("key: key auth-1 is revoked"));
    let token = says(r#"{"alg":"HS512","kid":"auth-1"}"#);
    let hint =
        refused(&explain(r#"{"algorithms":["HS256","HS512"]}"#, &token), 3, "key", "unsupported_algorithm");
    assert_eq!(hint, "key: the token says alg \"HS512\", the key is for HS256");
    let nameless = says(r#"{"alg":"HS256"}"#);
    assert_eq!(refused(&explain_with("{}", &packets, &nameless), 3, "key", "unknown_key"), "");
}

#[test]
fn a_token_that_names_no_key() {
    let token = forged(&secret_bytes(0), r#"{"alg":"HS256"}"#, r#"{"exp":1708167300}"#);
    let explanation = explain("{}", &token);
    assert_eq!(outcome(&explanation), "ok");
    assert_eq!(explanation.fact("key_id"), Some(&super::super::text("auth-1")));
    assert_eq!(explanation.stages()[3].detail, "key auth-1, owner auth-1");
    let other = forged(&secret_bytes(1), r#"{"alg":"HS256"}"#, "{}");
    let explanation = explain("{}", &other);
    assert_eq!(explanation.stages()[3].detail, "no kid: each active token key that alg fits is tried");
    assert_eq!(explanation.fact("key_id"), None);
    assert!(refused(&explanation, 4, "signature", "bad_signature").starts_with("secret: other encodings"));
}

#[test]
fn signatures() {
    let header = r#"{"alg":"HS256","kid":"auth-1"}"#;
    let claims = r#"{"exp":1708167300,"sub":"someone"}"#;
    let hex: String = secret_bytes(0).iter().map(|byte| format!("{byte:02x}")).collect();
    let by_text = forged(hex.as_bytes(), header, claims);
    let explanation = explain("{}", &by_text);
    let hint = refused(&explanation, 4, "signature", "bad_signature");
    assert_eq!(
        hint,
        "secret: the peer's key is the text of the secret's lower-case hex form, not the bytes that it encodes (key auth-1)"
    );
    // Nothing that an unknown peer claims is told as if it were known, and nothing that could be used to sign is told at all.
    assert_eq!(explanation.fact("sub"), None);
    let (_, right) = genuine(claims).rsplit_once('.').map(|(a, b)| (a.to_string(), b.to_string())).unwrap();
    for said in [explanation.to_text(), explanation.to_json(), format!("{explanation:?}")] {
        assert!(!said.contains(&hex) && !said.contains(&right), "{said}");
    }
    let nameless = forged(hex.as_bytes(), r#"{"alg":"HS256"}"#, claims);
    assert!(
        refused(&explain("{}", &nameless), 4, "signature", "bad_signature").contains("lower-case hex form")
    );

    let two = ring([auth(), key_of("auth-2", &secret_bytes(2), options())]);
    let hint = refused(
        &explain_with("{}", &two, &forged(&secret_bytes(2), header, claims)),
        4,
        "signature",
        "bad_signature",
    );
    assert_eq!(
        hint,
        "key: the signature is that of key auth-2, and kid names auth-1: two secrets, or two ids, are mixed up"
    );
    let hint = refused(
        &explain_with("{}", &two, &forged(&secret_bytes(3), header, claims)),
        4,
        "signature",
        "bad_signature",
    );
    assert!(hint.starts_with("secret: other encodings of the secret and the other keys"));
}

#[test]
fn the_wider_algorithms_are_tried_too() {
    let secret: [u8; 64] = core::array::from_fn(|at| at as u8);
    for algorithm in [Algorithm::Hs384, Algorithm::Hs512] {
        let wide = KeyOptions { algorithms: [algorithm].into(), ..options() };
        let text: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let peer = key_of("auth-1", text.as_bytes(), wide.clone());
        let token = TokenIssuer::new(&peer, algorithm).unwrap().issue_text(b"{}", at(NOW)).unwrap();
        let policy = format!(r#"{{"algorithms":["{algorithm}"]}}"#);
        let explanation = explain_with(&policy, &ring([key_of("auth-1", &secret, wide)]), &token);
        assert!(
            refused(&explanation, 4, "signature", "bad_signature").contains("lower-case hex form"),
            "{algorithm}"
        );
    }
}

#[test]
fn claims_and_times() {
    assert_eq!(refused(&explain("{}", &genuine("[]")), 5, "claims", "malformed_token"), "");
    for (claims, code, hint) in [
        (
            r#"{"iat":1708167180}"#,
            "claim_missing",
            "clock: by this clock iat lies 60 s back (leeway 30 s): compare both clocks",
        ),
        ("{}", "claim_missing", ""),
        (
            r#"{"exp":1708167300000}"#,
            "claim_invalid",
            "clock: exp looks like milliseconds: times are whole seconds since 1970",
        ),
        (r#"{"exp":"1"}"#, "claim_invalid", ""),
        (
            r#"{"exp":1708167210}"#,
            "token_expired",
            "clock: by this clock exp lies 30 s back (leeway 30 s): compare both clocks",
        ),
        (
            r#"{"exp":1708167340.5,"nbf":1708167300}"#,
            "token_not_yet_valid",
            "clock: by this clock exp lies 100.5 s ahead, nbf lies 60 s ahead (leeway 30 s): compare both clocks",
        ),
    ] {
        assert_eq!(refused(&explain("{}", &genuine(claims)), 6, "times", code), hint, "{claims}");
    }
    let old = explain(r#"{"max_age":9,"leeway":0}"#, &genuine(r#"{"exp":1708167300,"iat":1708167230}"#));
    assert_eq!(
        refused(&old, 6, "times", "token_expired"),
        "clock: by this clock exp lies 60 s ahead, iat lies 10 s back (leeway 0 s, max_age 9 s): compare both clocks"
    );
    let now = explain("{}", &genuine(r#"{"exp":1708167240,"nbf":1708167999}"#));
    assert!(
        refused(&now, 6, "times", "token_not_yet_valid").contains("exp lies 0 s back, nbf lies 759 s ahead")
    );
}

#[test]
fn parties_rules_and_revocation() {
    let token =
        genuine(r#"{"exp":1708167300,"aud":["a"],"iss":"i","role":"viewer\u001b","level":[],"jti":"t-1"}"#);
    let hint = refused(
        &explain(r#"{"issuer":"wanted","subject":"s","audience":"a"}"#, &token),
        7,
        "parties",
        "claim_mismatch",
    );
    assert_eq!(
        hint,
        "claims: the token says iss \"i\", sub nothing, aud [\"a\"]; the policy sets iss, sub, aud"
    );
    assert!(!hint.contains("wanted"));
    let hint = refused(&explain("{}", &token), 7, "parties", "claim_mismatch");
    assert!(hint.ends_with("the policy sets none of them"), "{hint}");

    let rule = |rule: &str, code: &str| {
        let policy = format!(r#"{{"audience":"a","claims":{{"iss":"i",{rule}}}}}"#);
        refused(&explain(&policy, &token), 8, "rules", code)
    };
    assert_eq!(
        rule(r#""role":"engine""#, "claim_mismatch"),
        "claims: the token says role \"viewer\\u001b\"; the policy's rule: it equals a string of the policy"
    );
    for (text, code, what) in [
        (r#""role":{"any_of":["a","b"]}"#, "claim_mismatch", "it is one of 2 values of the policy"),
        (r#""role":5"#, "claim_invalid", "it equals a number of the policy"),
        (r#""role":true"#, "claim_invalid", "it equals a boolean of the policy"),
        (r#""role":null"#, "claim_invalid", "it equals null of the policy"),
        (r#""role":{"type":"number"}"#, "claim_invalid", "it is a number"),
        (r#""role":{"type":"boolean"}"#, "claim_invalid", "it is a boolean"),
        (r#""role":{"type":"object"}"#, "claim_invalid", "it is an object that is not empty"),
        (r#""level":{"type":"array"}"#, "claim_invalid", "it is an array that is not empty"),
        (r#""level":{"type":"string"}"#, "claim_invalid", "it is a string that is not empty"),
        (r#""site":{"type":"string"}"#, "claim_missing", "the token says site nothing"),
    ] {
        assert!(rule(text, code).contains(what), "{text}: {}", rule(text, code));
    }
    let revoked = explain(r#"{"audience":"a","revoked":["t-1"],"claims":{"iss":"i"}}"#, &token);
    assert_eq!(refused(&revoked, 9, "revocation", "token_revoked"), "claims: the token says jti \"t-1\"");
    assert_eq!(revoked.stages()[8].detail, "1 of the policy");
}

#[test]
fn what_a_token_names_cannot_begin_a_line() {
    let token = forged(&secret_bytes(0), r#"{"alg":"HS256","kid":"a\nok: all is well\u001b[2J"}"#, "{}");
    let text = explain("{}", &token).to_text();
    assert!(!text.contains("\nok:") && text.contains(r#""a\nok: all is well\u001b[2J""#), "{text}");
}
