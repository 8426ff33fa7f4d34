use super::*;

fn claims(text: impl AsRef<[u8]>) -> String {
    verdict(&forged(HEADER, text))
}

fn under(policy: &str, text: &str) -> String {
    verdict_under(policy, &forged(HEADER, text))
}

/// The verdict on members that stand beside a good `exp`.
fn beside(policy: &str, members: &str) -> String {
    under(policy, &format!(r#"{{"exp":1708253634{}{members}}}"#, if members.is_empty() { "" } else { "," }))
}

#[test]
fn claims_are_one_strict_object() {
    let bad: [&[u8]; 11] = [
        b"",
        b"[]",
        b"null",
        b"\"exp\"",
        b"{\"exp\":1708253634",
        b"{\"exp\":1708253634}{}",
        b"\xEF\xBB\xBF{\"exp\":1708253634}",
        b"{\"exp\":1708253634,\"exp\":1708253634}",
        b"{\"exp\":1708253634,\"a\":{\"b\":1,\"\\u0062\":1}}",
        b"{\"exp\":1708253634,\"a\":\"\\uDC00\"}",
        b"{\"exp\":1708253634,\"a\":9007199254740993}",
    ];
    for text in bad {
        assert_eq!(claims(text), "malformed_token", "{}", String::from_utf8_lossy(text));
    }
    assert_eq!(claims("{\"exp\":1708253634,\"a\":\"\u{FFFF}\"}"), "ok");
    let nested =
        |depth: usize| format!(r#"{{"exp":1708253634,"x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    assert_eq!(claims(nested(63)), "ok");
    assert_eq!(claims(nested(64)), "malformed_token");
}

#[test]
fn exp_is_required() {
    assert_eq!(claims("{}"), "claim_missing");
    assert_eq!(claims(r#"{"EXP":1708253634}"#), "claim_missing");
    assert_eq!(claims(r#"{"e\u0078p":1708253634}"#), "ok");
}

#[test]
fn times_have_a_type_and_a_range() {
    for bad in [
        "null",
        "\"1708253634\"",
        "true",
        "[1708253634]",
        "{}",
        "-1",
        "-0.5",
        "253402300799.5",
        "253402300800",
        "1e300",
    ] {
        assert_eq!(claims(format!(r#"{{"exp":{bad}}}"#)), "claim_invalid", "exp {bad}");
        assert_eq!(beside("{}", &format!(r#""nbf":{bad}"#)), "claim_invalid", "nbf {bad}");
        assert_eq!(beside("{}", &format!(r#""iat":{bad}"#)), "claim_invalid", "iat {bad}");
    }
    assert_eq!(claims(r#"{"exp":253402300799}"#), "ok");
    assert_eq!(beside("{}", r#""nbf":0,"iat":-0"#), "ok");
}

#[test]
fn exp_ends_after_the_leeway() {
    for (leeway, exp, expected) in [
        (30, "1708167205", "ok"),
        (30, "1708167204", "token_expired"),
        (0, "1708167235", "ok"),
        (0, "1708167234", "token_expired"),
        (300, "1708166935", "ok"),
        (300, "1708166934", "token_expired"),
        (0, "1708167234.0000001", "token_expired"),
        (0, "1708167234.0000003", "ok"),
        (0, "1708167233.9999998", "token_expired"),
        (30, "1708167204.0000003", "ok"),
        (30, "1708167203.9999998", "token_expired"),
    ] {
        let policy = format!(r#"{{"leeway":{leeway}}}"#);
        assert_eq!(under(&policy, &format!(r#"{{"exp":{exp}}}"#)), expected, "{leeway} {exp}");
    }
    let early = |exp: &str| {
        answer_of(&ring([key()]), &Policy::new(), &forged(HEADER, format!(r#"{{"exp":{exp}}}"#)), 29)
    };
    assert!(early("0").is_ok());
    assert!(answer_of(&ring([key()]), &Policy::new(), &forged(HEADER, r#"{"exp":0}"#), 30).is_err());
}

#[test]
fn a_fraction_too_small_to_survive_a_sum_still_counts() {
    // 1e-300 + 30 rounds to 30: comparing now with exp + leeway would call this token expired one moment early.
    let token = forged(HEADER, r#"{"exp":1e-300}"#);
    assert!(answer_of(&ring([key()]), &Policy::new(), &token, 30).is_ok());
    assert_eq!(answer_of(&ring([key()]), &Policy::new(), &token, 31), Err("token_expired".into()));
}

#[test]
fn nbf_and_iat_begin_within_the_leeway() {
    for name in ["nbf", "iat"] {
        for (leeway, time, expected) in [
            (30, "1708167264", "ok"),
            (30, "1708167265", "token_not_yet_valid"),
            (30, "1708167264.0000003", "token_not_yet_valid"),
            (0, "1708167234", "ok"),
            (0, "1708167234.0000003", "token_not_yet_valid"),
            (300, "1708167534", "ok"),
            (300, "1708167535", "token_not_yet_valid"),
        ] {
            let policy = format!(r#"{{"leeway":{leeway}}}"#);
            assert_eq!(beside(&policy, &format!(r#""{name}":{time}"#)), expected, "{name} {leeway} {time}");
        }
    }
}

#[test]
fn max_age_counts_from_iat() {
    let policy = r#"{"max_age":60}"#;
    assert_eq!(beside(policy, ""), "claim_missing");
    for (iat, expected) in [
        ("1708167144", "ok"),
        ("1708167143", "token_expired"),
        ("1708167143.9999998", "token_expired"),
        ("1708167144.0000003", "ok"),
        ("1708167264", "ok"),
        ("1708167265", "token_not_yet_valid"),
        ("\"1708167144\"", "claim_invalid"),
    ] {
        assert_eq!(beside(policy, &format!(r#""iat":{iat}"#)), expected, "{iat}");
    }
    assert_eq!(beside(r#"{"max_age":60,"leeway":0}"#, r#""iat":1708167174"#), "ok");
    assert_eq!(beside(r#"{"max_age":60,"leeway":0}"#, r#""iat":1708167173"#), "token_expired");
    assert_eq!(beside(r#"{"max_age":253402300799}"#, r#""iat":0"#), "ok");
}

#[test]
fn issuer_and_subject() {
    for (policy, name) in [(r#"{"issuer":"hub"}"#, "iss"), (r#"{"subject":"hub"}"#, "sub")] {
        assert_eq!(beside(policy, ""), "claim_missing");
        assert_eq!(beside(policy, &format!(r#""{name}":"hub""#)), "ok");
        for other in ["Hub", "hub ", "", "hu"] {
            assert_eq!(beside(policy, &format!(r#""{name}":"{other}""#)), "claim_mismatch", "{other}");
        }
        for invalid in ["5", "null", "[\"hub\"]", "{}"] {
            assert_eq!(beside(policy, &format!(r#""{name}":{invalid}"#)), "claim_invalid", "{invalid}");
            assert_eq!(
                beside("{}", &format!(r#""{name}":{invalid}"#)),
                "ok",
                "not looked at unless configured"
            );
        }
    }
}

#[test]
fn audience() {
    for policy in [r#"{"audience":"hub"}"#, r#"{"audience":["other","hub"]}"#] {
        assert_eq!(beside(policy, ""), "claim_missing");
        for good in [r#""hub""#, r#"["hub"]"#, r#"["x","hub"]"#] {
            assert_eq!(beside(policy, &format!(r#""aud":{good}"#)), "ok", "{good}");
        }
        for other in [r#""Hub""#, r#"["x"]"#, "[]", r#""""#] {
            assert_eq!(beside(policy, &format!(r#""aud":{other}"#)), "claim_mismatch", "{other}");
        }
        for invalid in ["5", "null", "{}", r#"["hub",5]"#, r#"[["hub"]]"#] {
            assert_eq!(beside(policy, &format!(r#""aud":{invalid}"#)), "claim_invalid", "{invalid}");
        }
    }
    for any in [r#""hub""#, "[]", "null", "5"] {
        assert_eq!(beside("{}", &format!(r#""aud":{any}"#)), "claim_mismatch", "{any}");
    }
}

#[test]
fn a_rule_that_equals() {
    for (wanted, good, unequal, invalid) in [
        ("\"engine\"", "\"engin\\u0065\"", "\"Engine\"", "5"),
        ("\"\"", "\"\"", "\"x\"", "null"),
        ("5", "5.0", "5.5", "\"5\""),
        ("0", "-0", "1", "false"),
        ("true", "true", "false", "1"),
        ("null", "null", "", "\"null\""),
    ] {
        let policy = format!(r#"{{"claims":{{"role":{wanted}}}}}"#);
        assert_eq!(beside(&policy, ""), "claim_missing", "{wanted}");
        assert_eq!(beside(&policy, &format!(r#""role":{good}"#)), "ok", "{wanted}");
        if !unequal.is_empty() {
            assert_eq!(beside(&policy, &format!(r#""role":{unequal}"#)), "claim_mismatch", "{wanted}");
        }
        for invalid in [invalid, "[]", "{}"] {
            assert_eq!(
                beside(&policy, &format!(r#""role":{invalid}"#)),
                "claim_invalid",
                "{wanted} {invalid}"
            );
        }
    }
}

#[test]
fn a_rule_that_names_a_type() {
    let values = [
        ("string", "\"x\""),
        ("number", "0"),
        ("boolean", "false"),
        ("array", "[null]"),
        ("object", r#"{"":null}"#),
    ];
    for (name, _) in values {
        let policy = format!(r#"{{"claims":{{"x":{{"type":"{name}"}}}}}}"#);
        assert_eq!(beside(&policy, ""), "claim_missing");
        for (other, value) in values {
            let expected = if other == name { "ok" } else { "claim_invalid" };
            assert_eq!(beside(&policy, &format!(r#""x":{value}"#)), expected, "{name} {value}");
        }
        for empty in ["\"\"", "[]", "{}", "null"] {
            assert_eq!(beside(&policy, &format!(r#""x":{empty}"#)), "claim_invalid", "{name} {empty}");
        }
    }
}

#[test]
fn a_rule_with_a_choice() {
    let policy = r#"{"claims":{"role":{"any_of":["engine",5,null]}}}"#;
    assert_eq!(beside(policy, ""), "claim_missing");
    for good in ["\"engine\"", "5", "null"] {
        assert_eq!(beside(policy, &format!(r#""role":{good}"#)), "ok");
    }
    for other in ["\"admin\"", "6"] {
        assert_eq!(beside(policy, &format!(r#""role":{other}"#)), "claim_mismatch");
    }
    for invalid in ["true", "[\"engine\"]", "{}"] {
        assert_eq!(beside(policy, &format!(r#""role":{invalid}"#)), "claim_invalid");
    }
}

#[test]
fn revoked_ids() {
    let policy = r#"{"revoked":["a","b"]}"#;
    assert_eq!(beside(policy, ""), "claim_missing");
    assert_eq!(beside(policy, r#""jti":"c""#), "ok");
    assert_eq!(beside(policy, r#""jti":"b""#), "token_revoked");
    assert_eq!(beside(policy, r#""jti":5"#), "claim_invalid");
    assert_eq!(beside(r#"{"revoked":[]}"#, ""), "claim_missing");
    assert_eq!(beside(r#"{"revoked":[]}"#, r#""jti":"a""#), "ok");
    assert_eq!(beside("{}", r#""jti":5"#), "ok");
}

/// A token in which everything is wrong: mending one fault at a time uncovers the next, in the contract's order.
#[test]
fn the_order_of_the_claims() {
    let policy = r#"{"max_age":60,"issuer":"i","subject":"s","audience":"a","claims":{"b":"x","\ud800\udc00":1,"\uffff":true},"revoked":["j"]}"#;
    let mut members = [
        ("exp", "", "claim_missing", "\"0\""),
        ("iat", "", "claim_missing", "\"0\""),
        ("exp", "\"0\"", "claim_invalid", "0"),
        ("nbf", "\"0\"", "claim_invalid", "9e9"),
        ("iat", "\"0\"", "claim_invalid", "9e9"),
        ("exp", "0", "token_expired", "1708253634"),
        ("nbf", "9e9", "token_not_yet_valid", "0"),
        ("iat", "9e9", "token_not_yet_valid", "0"),
        ("iat", "0", "token_expired", "1708167234"),
        ("iss", "5", "claim_invalid", "\"i\""),
        ("sub", "\"x\"", "claim_mismatch", "\"s\""),
        ("aud", "5", "claim_invalid", "\"a\""),
        ("b", "\"y\"", "claim_mismatch", "\"x\""),
        ("\u{10000}", "true", "claim_invalid", "1"),
        ("\u{FFFF}", "false", "claim_mismatch", "true"),
        ("jti", "\"j\"", "token_revoked", "\"k\""),
    ];
    let mut state = alloc::collections::BTreeMap::new();
    for (name, wrong, ..) in members.iter().rev() {
        state.insert(*name, *wrong);
    }
    for (name, wrong, code, mended) in members.iter_mut() {
        assert_eq!(state[name], *wrong, "{name}");
        assert_eq!(under(policy, &object(&state)), *code, "{name} {wrong}");
        state.insert(name, mended);
    }
    assert_eq!(under(policy, &object(&state)), "ok");
}

fn object(members: &alloc::collections::BTreeMap<&str, &str>) -> String {
    let present = members.iter().filter(|(_, value)| !value.is_empty());
    let texts: alloc::vec::Vec<String> =
        present.map(|(name, value)| format!(r#""{name}":{value}"#)).collect();
    format!("{{{}}}", texts.join(","))
}

#[test]
fn claims_as_any_parser_reads_them() {
    let json = |claims: &str| {
        let verified =
            TokenVerifier::default().verify(&ring([key()]), forged(HEADER, claims).as_bytes(), at(NOW));
        verified.unwrap().claims_json().into_owned()
    };
    let plain = r#"{ "z": "\u00e9", "exp": 1708253634, "a": [0.5, -1] }"#;
    assert_eq!(json(plain), plain);
    assert_eq!(json(r#"{"z":1.0,"exp":1708253634}"#), r#"{"exp":1708253634,"z":1}"#);
    assert_eq!(json(r#"{"z":-0,"exp":1708253634}"#), r#"{"exp":1708253634,"z":0}"#);
}
