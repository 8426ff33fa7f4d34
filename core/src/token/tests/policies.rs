use super::*;
use crate::error::ErrorCode;
use crate::json::{Number, Value};
use crate::token::{ClaimRule, ClaimType};

fn fault(json: &str) -> String {
    let error = Policy::from_json(json.as_bytes()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::MalformedArgument, "{json}");
    error.detail().to_string()
}

#[test]
fn defaults() {
    let policy = policy("{}");
    assert_eq!(policy.algorithms, [Algorithm::Hs256]);
    assert_eq!(policy.leeway, 30);
    assert!(
        policy.issuer.is_none()
            && policy.subject.is_none()
            && policy.typ.is_none()
            && policy.max_age.is_none()
    );
    assert!(policy.audience.is_empty() && policy.claims.is_empty() && policy.revoked.is_none());
}

#[test]
fn each_fault_names_its_member() {
    for (member, values) in [
        (
            "algorithms",
            &["[]", "\"HS256\"", "[\"none\"]", "[\"hs256\"]", "[\"RS256\"]", "[5]", "null", "{}"][..],
        ),
        ("issuer", &["5", "null", "[\"i\"]"]),
        ("audience", &["[]", "5", "null", "{}", "[\"a\",5]", "[[\"a\"]]"]),
        ("subject", &["5", "null"]),
        ("leeway", &["-1", "301", "0.5", "\"30\"", "null", "1e300"]),
        ("typ", &["5", "null", "[]"]),
        ("max_age", &["0", "-1", "0.5", "253402300800", "\"60\"", "null"]),
        ("claims", &["[]", "5", "null", "\"role\""]),
        ("revoked", &["\"j\"", "[5]", "null", "{}"]),
    ] {
        for value in values {
            let detail = fault(&format!(r#"{{"{member}":{value}}}"#));
            assert!(detail.contains(member), "{member} {value}: {detail}");
        }
    }
}

#[test]
fn a_policy_is_one_strict_object_of_known_members() {
    for bad in ["", "[]", "null", "{", r#"{"leeway":1,"leeway":1}"#, "\u{FEFF}{}"] {
        assert!(fault(bad).contains("max_age"), "{bad}");
    }
    let detail = fault(r#"{"algorithm":"HS256"}"#);
    assert!(
        detail.contains("\"algorithm\"")
            && detail
                .contains("algorithms, issuer, audience, subject, leeway, typ, max_age, claims, revoked"),
        "{detail}"
    );
}

#[test]
fn numbers_are_judged_by_value() {
    assert_eq!(policy(r#"{"leeway":3e2}"#).leeway, 300);
    assert_eq!(policy(r#"{"leeway":-0}"#).leeway, 0);
    assert_eq!(policy(r#"{"max_age":60.0}"#).max_age, Some(60));
}

#[test]
fn a_rule_in_no_known_form_is_refused() {
    for bad in [
        "[]",
        "{}",
        r#"["a"]"#,
        r#"{"type":"null"}"#,
        r#"{"type":"String"}"#,
        r#"{"type":5}"#,
        r#"{"type":"string","any_of":["a"]}"#,
        r#"{"any_of":[]}"#,
        r#"{"any_of":"a"}"#,
        r#"{"any_of":[["a"]]}"#,
        r#"{"any_of":[{}]}"#,
        r#"{"equals":"a"}"#,
    ] {
        let detail = fault(&format!(r#"{{"claims":{{"role":{bad}}}}}"#));
        assert!(detail.contains("\"role\""), "{bad}: {detail}");
    }
}

#[test]
fn setters_say_what_json_says() {
    let built = Policy::new()
        .algorithms([Algorithm::Hs512, Algorithm::Hs256])
        .and_then(|policy| policy.audience(["a", "b"]))
        .and_then(|policy| policy.leeway(300))
        .and_then(|policy| policy.max_age(1))
        .unwrap()
        .issuer("i")
        .subject("s")
        .typ("t")
        .claim("z", ClaimRule::of_type(ClaimType::Object))
        .claim("role", ClaimRule::equals(Value::Bool(false)).unwrap())
        .claim(
            "role",
            ClaimRule::any_of([Value::String("x".into()), Value::Number(Number::new(5.0).unwrap())]).unwrap(),
        )
        .claim("n", ClaimRule::equals(Value::Null).unwrap())
        .revoked(["j"]);
    let read = policy(
        r#"{"algorithms":["HS512","HS256"],"audience":["a","b"],"leeway":300,"max_age":1,"issuer":"i","subject":"s","typ":"t",
            "claims":{"role":{"any_of":["x",5]},"z":{"type":"object"},"n":null},"revoked":["j"]}"#,
    );
    assert_eq!(format!("{built:?}"), format!("{read:?}"));
}

#[test]
fn setters_refuse_what_json_refuses() {
    let faults = [
        Policy::new().algorithms([]),
        Policy::new().audience::<&str>([]),
        Policy::new().leeway(301),
        Policy::new().max_age(0),
        Policy::new().max_age(253_402_300_800),
    ];
    for fault in faults {
        assert_eq!(fault.unwrap_err().code(), ErrorCode::MalformedArgument);
    }
    let rules = [
        ClaimRule::equals(Value::Array([].into())),
        ClaimRule::equals(Value::Object([].into())),
        ClaimRule::any_of([]),
    ];
    for rule in rules {
        assert_eq!(rule.unwrap_err().code(), ErrorCode::MalformedArgument);
    }
}
