use super::*;
use crate::token::header::Header;
use alloc::vec::Vec;

fn header(text: &str) -> String {
    verdict(&forged(text, CLAIMS))
}

#[test]
fn size_is_judged_first() {
    let filled = |length: usize| format!(r#"{{"exp":1708253634,"pad":"{}"}}"#, "p".repeat(length));
    let token = |length| forged(HEADER, filled(length));
    let fill = (6000..6100).rev().find(|length| token(*length).len() <= 8192).unwrap();
    assert_eq!(token(fill).len(), 8192);
    assert_eq!(verdict(&token(fill)), "ok");
    assert_eq!(verdict(&format!("{}.", token(fill))), "token_too_large");
    assert_eq!(verdict(&".".repeat(8192)), "malformed_token");
}

#[test]
fn three_parts() {
    let good = forged(HEADER, CLAIMS);
    let parts: Vec<&str> = good.split('.').collect();
    for bad in [
        "",
        ".",
        "a",
        "..",
        "...",
        "é.é.é",
        &parts[..2].join("."),
        &format!("{good}."),
        &format!(".{good}"),
        &format!(" {good}"),
        &format!("{good}\n"),
    ] {
        assert_eq!(verdict(bad), "malformed_token", "{bad:?}");
    }
    assert_eq!(verdict(&format!("{}.{}.", parts[0], parts[1])), "bad_signature");
}

#[test]
fn base64url_is_strict_in_every_part() {
    let good = forged(HEADER, CLAIMS);
    for part in 0..3 {
        for spoil in [
            |text: &str| format!("{text}="),
            |text: &str| format!("{text}=="),
            |text: &str| format!("{text}+"),
            |text: &str| format!("{text}/A"),
            |text: &str| format!("{text}\n"),
        ] {
            let parts: Vec<String> = good
                .split('.')
                .enumerate()
                .map(|(at, text)| if at == part { spoil(text) } else { text.to_string() })
                .collect();
            assert_eq!(verdict(&parts.join(".")), "malformed_token", "{parts:?}");
        }
    }
}

#[test]
fn unused_trailing_bits_must_be_zero() {
    // 32 bytes leave two bits over: the last character of 43 has four values that lenient readers take for the same.
    let good = forged(HEADER, CLAIMS);
    let (rest, last) = good.split_at(good.len() - 1);
    let at = ALPHABET.find(last).unwrap();
    assert_eq!(at % 4, 0);
    for same in 1..4 {
        assert_eq!(verdict(&format!("{rest}{}", &ALPHABET[at + same..=at + same])), "malformed_token");
    }
}

#[test]
fn header_is_one_strict_object() {
    let bad: [&[u8]; 12] = [
        b"",
        b"{",
        b"[]",
        b"\"HS256\"",
        b"{\"alg\":\"HS256\",\"kid\":\"auth-1\"}x",
        b"\xEF\xBB\xBF{\"alg\":\"HS256\",\"kid\":\"auth-1\"}",
        b"{\"alg\":\"HS256\",\"alg\":\"HS256\",\"kid\":\"auth-1\"}",
        b"{\"alg\":\"HS256\",\"\\u0061lg\":\"HS256\",\"kid\":\"auth-1\"}",
        b"{\"alg\":\"HS256\",\"kid\":\"auth-1\",\"x\":\"\\uD800\"}",
        b"{\"alg\":\"HS256\",\"kid\":\"auth-1\",\"x\":\"\xFF\"}",
        b"{\"alg\":\"HS256\",\"kid\":\"auth-1\",\"x\":9007199254740993}",
        b"{\"alg\":\"HS256\",\"kid\":\"auth-1\",\"x\":1e400}",
    ];
    for text in bad {
        assert_eq!(verdict(&forged(text, CLAIMS)), "malformed_token", "{}", String::from_utf8_lossy(text));
    }
    assert_eq!(header(" { \"\\u0061lg\" : \"HS25\\u0036\" , \"kid\" : \"auth\\u002d1\" }\r\n\t"), "ok");
}

#[test]
fn depth_counts_the_object_itself() {
    let nested = |depth: usize| {
        format!(r#"{{"alg":"HS256","kid":"auth-1","x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth))
    };
    assert_eq!(header(&nested(63)), "ok");
    assert_eq!(header(&nested(64)), "malformed_token");
}

#[test]
fn header_types() {
    for alg in ["null", "5", "[\"HS256\"]", "{}", "true"] {
        assert_eq!(header(&format!(r#"{{"alg":{alg},"kid":"auth-1"}}"#)), "malformed_token", "{alg}");
    }
    assert_eq!(header(r#"{"kid":"auth-1"}"#), "malformed_token");
    for kid in [
        "null",
        "5",
        "[]",
        "{}",
        "\"\"",
        &format!("\"{}\"", "k".repeat(257)),
        &format!("\"{}\"", "é".repeat(129)),
    ] {
        assert_eq!(header(&format!(r#"{{"alg":"HS256","kid":{kid}}}"#)), "malformed_token", "{kid}");
    }
    for kid in [&"k".repeat(256), &"é".repeat(128), "a b\n", "auth-1 "] {
        let kid = crate::json::write(&crate::json::Value::String(kid.to_string()));
        assert_eq!(header(&format!(r#"{{"alg":"HS256","kid":{kid}}}"#)), "unknown_key", "{kid}");
    }
}

#[test]
fn only_the_policys_algorithms() {
    for alg in ["none", "None", "", "hs256", "HS256 ", "HS384", "HS512", "RS256", "ES256", "EdDSA", "HS1"] {
        assert_eq!(header(&format!(r#"{{"alg":"{alg}","kid":"auth-1"}}"#)), "unsupported_algorithm", "{alg}");
    }
    let unsigned = format!("{}.", unsigned(br#"{"alg":"none"}"#, CLAIMS.as_bytes()));
    assert_eq!(verdict(&unsigned), "unsupported_algorithm");
}

#[test]
fn extensions_are_refused_whatever_they_hold() {
    for member in [
        r#""crit":["b64"]"#,
        r#""crit":[]"#,
        r#""crit":null"#,
        r#""crit":["exp"]"#,
        r#""b64":true"#,
        r#""b64":false"#,
        r#""b64":null"#,
    ] {
        assert_eq!(
            header(&format!(r#"{{"alg":"HS256","kid":"auth-1",{member}}}"#)),
            "unsupported_critical",
            "{member}"
        );
    }
    for member in [r#""zip":"DEF""#, r#""zip":null"#, r#""zip":false"#] {
        assert_eq!(
            header(&format!(r#"{{"alg":"HS256","kid":"auth-1",{member}}}"#)),
            "malformed_token",
            "{member}"
        );
    }
    assert_eq!(
        header(
            r#"{"alg":"HS256","kid":"auth-1","jku":5,"jwk":{"k":"AA"},"x5u":"u","x5c":[],"x5t":"t","cty":"c"}"#
        ),
        "ok"
    );
}

#[test]
fn typ_is_absent_or_jwt() {
    let typ = |typ: &str| header(&format!(r#"{{"alg":"HS256","kid":"auth-1","typ":{typ}}}"#));
    for good in
        [r#""JWT""#, r#""jwt""#, r#""jWt""#, r#""application/jwt""#, r#""APPLICATION/JWT""#, r#""\u004aWT""#]
    {
        assert_eq!(typ(good), "ok", "{good}");
    }
    for bad in [
        "\"\"",
        "null",
        "5",
        "[\"JWT\"]",
        r#""JWS""#,
        r#""at+jwt""#,
        r#""JWT ""#,
        r#""application/""#,
        r#""application/application/jwt""#,
        r#""applicationjwt""#,
        r#""text/jwt""#,
        "\"\u{212A}WT\"",
    ] {
        assert_eq!(typ(bad), "malformed_token", "{bad}");
    }
}

#[test]
fn a_policy_names_another_typ() {
    let typ =
        |rule: &str, header: &str| verdict_under(&format!(r#"{{"typ":"{rule}"}}"#), &forged(header, CLAIMS));
    for rule in ["counterseal-ticket+jwt", "application/Counterseal-Ticket+JWT"] {
        assert_eq!(typ(rule, r#"{"alg":"HS256","kid":"auth-1","typ":"Counterseal-ticket+jwt"}"#), "ok");
        assert_eq!(
            typ(rule, r#"{"alg":"HS256","kid":"auth-1","typ":"application/counterseal-ticket+jwt"}"#),
            "ok"
        );
        assert_eq!(typ(rule, r#"{"alg":"HS256","kid":"auth-1","typ":"JWT"}"#), "malformed_token");
        assert_eq!(typ(rule, HEADER), "malformed_token");
    }
    assert_eq!(typ("JWT", HEADER), "malformed_token");
    assert_eq!(typ("JWT", r#"{"alg":"HS256","kid":"auth-1","typ":"jwt"}"#), "ok");
}

#[test]
fn the_first_fault_of_the_order_decides() {
    let stages = [
        (r#"{"alg":5,"kid":"nobody","crit":[],"zip":"DEF","typ":5}"#, "malformed_token"),
        (r#"{"alg":"none","kid":"","crit":[],"zip":"DEF","typ":5}"#, "malformed_token"),
        (r#"{"alg":"none","kid":"nobody","crit":[],"zip":"DEF","typ":5}"#, "unsupported_algorithm"),
        (r#"{"alg":"HS256","kid":"nobody","crit":[],"zip":"DEF","typ":5}"#, "unsupported_critical"),
        (r#"{"alg":"HS256","kid":"nobody","zip":"DEF"}"#, "malformed_token"),
        (r#"{"alg":"HS256","kid":"nobody","typ":5}"#, "malformed_token"),
        (r#"{"alg":"HS256","kid":"nobody"}"#, "unknown_key"),
    ];
    for (text, code) in stages {
        assert_eq!(verdict(&format!("{}.AAAA", unsigned(text.as_bytes(), b"not JSON"))), code, "{text}");
    }
    // The claims' base64url is grammar of the first stage; what it decodes to is judged after the signature.
    assert_eq!(verdict(&format!("{}.e=.AAAA", encode_url(br#"{"alg":"none"}"#))), "malformed_token");
}

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[test]
fn usual_headers_are_recognised_and_judged_alike() {
    for header in [
        r#"{"alg":"HS256","typ":"JWT"}"#,
        r#"{"typ":"JWT","alg":"HS256"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"auth-1"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"auth-1"}"#,
        r#"{"alg":"HS256","kid":"auth-1","typ":"JWT"}"#,
    ] {
        let scanned = Header::scan(header.as_bytes()).unwrap();
        assert_eq!(scanned, Header::judge(header.as_bytes(), &Policy::new()).unwrap(), "{header}");
        assert_eq!(self::header(header), "ok", "{header}");
    }
}

#[test]
fn other_headers_are_left_to_the_reader() {
    for header in [
        "",
        "}",
        "{}",
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS256","typ":"JWT""#,
        r#"{"alg":"HS256","typ":"JWT","kid":"a"b"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"a","kid":"b"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"a\\u0062"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":""}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"a","crit":["b"]}"#,
        r#"{"alg":"HS256","kid":"a","zip":"DEF","typ":"JWT"}"#,
        r#"{"alg":"HS512","typ":"JWT"}"#,
        r#"{"alg":"HS256","typ":"JWS"}"#,
        r#"{"alg":"HS256", "typ":"JWT"}"#,
    ] {
        assert_eq!(Header::scan(header.as_bytes()), None, "{header}");
    }
}

#[test]
fn a_policy_that_wants_another_header_gets_it_judged() {
    let usual = r#"{"alg":"HS256","typ":"JWT","kid":"auth-1"}"#;
    let under = |json: &str| verdict_under(json, &forged(usual, CLAIMS));
    assert_eq!(under(r#"{"algorithms":["HS512"]}"#), "unsupported_algorithm");
    assert_eq!(under(r#"{"typ":"ticket+jwt"}"#), "malformed_token");
    assert_eq!(under(r#"{"typ":"application/jwt"}"#), "ok");
}

#[test]
fn a_fault_of_form_is_told() {
    let detail = |token: &str| {
        let refused = TokenVerifier::default().verify(&ring([key()]), token.as_bytes(), at(NOW));
        refused.unwrap_err().detail().to_string()
    };
    let good = forged(HEADER, CLAIMS);
    for token in ["", "a", "a.b", "a.b.c.d", &format!("{good}.e")] {
        assert!(detail(token).starts_with("a token is three parts"), "{token}");
    }
    for token in [format!("{good}="), good.replace('.', "=."), format!("+{good}")] {
        assert!(detail(&token).starts_with("a part is not strict base64url"), "{token}");
    }
}
