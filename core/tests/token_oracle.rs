//! The crate `jsonwebtoken` as oracle: what either issues the other accepts, and where the two disagree both answers are written down.
//!
//! Its HMAC comes from `ring`, so that nothing under the tokens is shared. It reads the clock itself: tokens here live until 2100.
#![allow(clippy::unwrap_used, reason = "a helper of a test may stop at the first surprise, as the test may")]

mod oracle;

use counterseal::{
    Algorithm, Key, KeyOptions, Keyring, Nonce, Policy, Secret, Timestamp, TokenIssuer, TokenVerifier, Use,
};
use oracle::Oracle;
use serde_json::{Value, json};

const SECRET: [u8; 64] = [0x5e; 64];
const NOW: u64 = 1_708_167_234;
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT","kid":"auth-1"}"#;

fn key() -> Key {
    let algorithms = [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512].into();
    let options = KeyOptions { uses: [Use::Token].into(), algorithms, ..KeyOptions::default() };
    Key::new("auth-1", Secret::from_bytes(&SECRET).unwrap(), options).unwrap()
}

fn now() -> Timestamp {
    Timestamp::new(NOW).unwrap()
}

/// Our answer: the claims, or the code.
fn ours(token: &str, policy: &str) -> Result<Value, String> {
    let verifier = TokenVerifier::new(Policy::from_json(policy.as_bytes()).unwrap());
    match verifier.verify(&Keyring::new([key()]).unwrap(), token.as_bytes(), now()) {
        Ok(verified) => Ok(serde_json::from_str(&verified.claims_text()).unwrap()),
        Err(error) => Err(error.code().as_str().to_owned()),
    }
}

#[test]
fn what_we_issue_the_oracle_accepts() {
    let claims = json!({"sub": "é\u{0}\u{1F600}", "n": [1e21, 1e-7, -0.5, 9007199254740991_i64], "deep": {"a": [{}]}, "iss": "hub", "aud": ["a", "b"]});
    let jti = Nonce::from_bytes([7; 16]);
    for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
        let issuer = TokenIssuer::new(&key(), algorithm).unwrap();
        let lifetime = 4_102_444_800 - NOW;
        let token = issuer.issue_json(claims.to_string().as_bytes(), lifetime, Some(&jti), now()).unwrap();
        let mut expected = claims.clone();
        expected["iat"] = NOW.into();
        expected["exp"] = 4_102_444_800_u64.into();
        expected["jti"] = jti.as_str().into();
        let (header, read) =
            Oracle::new(&SECRET, algorithm.as_str()).audience("b").issuer("hub").accepts(&token).unwrap();
        assert_eq!(header, json!({"alg": algorithm.as_str(), "typ": "JWT", "kid": "auth-1"}));
        // The oracle reads a whole double as a float; by value they are the same.
        assert_eq!(
            counterseal::json::canonical(read.to_string().as_bytes()),
            counterseal::json::canonical(expected.to_string().as_bytes())
        );
    }
}

#[test]
fn what_the_oracle_issues_we_accept() {
    for algorithm in ["HS256", "HS384", "HS512"] {
        let claims = json!({"iat": NOW, "exp": 4_102_444_800_u64, "nbf": NOW, "aud": "a", "x": {"y": [null, true, 0.1, "\u{7f}\u{2028}"]}});
        for kid in [Some("auth-1"), None] {
            let token = Oracle::new(&SECRET, algorithm).issues(kid, &claims);
            let policy = format!(r#"{{"algorithms":["{algorithm}"],"audience":"a"}}"#);
            assert_eq!(ours(&token, &policy).as_ref(), Ok(&claims), "{algorithm} {kid:?}");
        }
    }
}

#[test]
fn both_refuse_a_spoiled_token() {
    let oracle = Oracle::new(&SECRET, "HS256");
    let good = oracle.signs(HEADER.as_bytes(), br#"{"exp":4102444800}"#);
    assert!(ours(&good, "{}").is_ok() && oracle.accepts(&good).is_some());
    for at in 0..good.len() {
        let mut spoiled = good.clone().into_bytes();
        spoiled[at] = if spoiled[at] == b'A' { b'B' } else { b'A' };
        let spoiled = String::from_utf8(spoiled).unwrap();
        assert!(ours(&spoiled, "{}").is_err() && oracle.accepts(&spoiled).is_none(), "{at}");
    }
}

#[test]
fn where_claims_differ_both_answers_are_stated() {
    // Our policy, what stands after a good `exp`, whether the oracle accepts it, our answer.
    let beside: [(&str, &[u8], bool, &str); 21] = [
        ("{}", br#","role":"user","role":"admin""#, true, "malformed_token"),
        ("{}", br#","role":"user","\u0072ole":"admin""#, true, "malformed_token"),
        ("{}", br#","exp":4102444800"#, false, "malformed_token"),
        ("{}", br#","id":9007199254740993"#, true, "malformed_token"),
        ("{}", br#","id":1e400"#, false, "malformed_token"),
        ("{}", br#","id":"\ud800""#, false, "malformed_token"),
        ("{}", b",\"id\":\"\xFF\"", false, "malformed_token"),
        ("{}", br#","nbf":4102444799"#, false, "token_not_yet_valid"),
        ("{}", br#","nbf":"1""#, false, "claim_invalid"),
        ("{}", br#","iat":4102444799"#, true, "token_not_yet_valid"),
        ("{}", br#","iat":"1""#, true, "claim_invalid"),
        ("{}", br#","aud":"a""#, false, "claim_mismatch"),
        (r#"{"audience":"a"}"#, b"", true, "claim_missing"),
        (r#"{"audience":"a"}"#, br#","aud":5"#, true, "claim_invalid"),
        (r#"{"audience":"a"}"#, br#","aud":["a",5]"#, true, "claim_invalid"),
        (r#"{"audience":"a"}"#, br#","aud":["b"]"#, false, "claim_mismatch"),
        (r#"{"issuer":"i"}"#, b"", true, "claim_missing"),
        (r#"{"issuer":"i"}"#, br#","iss":5"#, true, "claim_invalid"),
        (r#"{"issuer":"i"}"#, br#","iss":["x","i"]"#, true, "claim_invalid"),
        (r#"{"subject":"s"}"#, b"", true, "claim_missing"),
        (r#"{"subject":"s"}"#, br#","sub":"x""#, false, "claim_mismatch"),
    ];
    for (policy, members, accepted, code) in beside {
        let claims = [br#"{"exp":4102444800"#, members, b"}"].concat();
        both_answer(policy, HEADER.as_bytes(), &claims, accepted, code);
    }
}

#[test]
fn where_the_expiry_differs_both_answers_are_stated() {
    let whole: [(&[u8], bool, &str); 13] = [
        (b"{}", false, "claim_missing"),
        (br#"{"exp":1}"#, false, "token_expired"),
        (br#"{"exp":"4102444800"}"#, false, "claim_invalid"),
        (br#"{"exp":null}"#, false, "claim_invalid"),
        (br#"{"exp":-1}"#, false, "claim_invalid"),
        (br#"{"exp":253402300800}"#, true, "claim_invalid"),
        (br#"{"exp":18446744073709551616}"#, false, "malformed_token"),
        (br#"{"exp":1e300}"#, false, "claim_invalid"),
        (br#"{"exp":1e400}"#, false, "malformed_token"),
        (br#"{"exp":1,"exp":4102444800}"#, false, "malformed_token"),
        (b"\xEF\xBB\xBF{\"exp\":4102444800}", false, "malformed_token"),
        (b"[]", false, "malformed_token"),
        (b"", false, "malformed_token"),
    ];
    for (claims, accepted, code) in whole {
        both_answer("{}", HEADER.as_bytes(), claims, accepted, code);
    }
}

#[test]
fn where_headers_differ_both_answers_are_stated() {
    let headers = [
        (r#"{"alg":"none","kid":"auth-1"}"#, false, "unsupported_algorithm"),
        (r#"{"alg":"hs256","kid":"auth-1"}"#, false, "unsupported_algorithm"),
        (r#"{"kid":"auth-1"}"#, false, "malformed_token"),
        (r#"{"alg":"none","alg":"HS256","kid":"auth-1"}"#, false, "malformed_token"),
        (r#"{"alg":"HS256","kid":"auth-1","x":1,"x":2}"#, true, "malformed_token"),
        (r#"{"alg":"HS256","kid":"auth-1","crit":["exp"],"exp":1}"#, true, "unsupported_critical"),
        (r#"{"alg":"HS256","kid":"auth-1","b64":false}"#, true, "unsupported_critical"),
        (r#"{"alg":"HS256","kid":"auth-1","zip":"DEF"}"#, true, "malformed_token"),
        (r#"{"alg":"HS256","kid":"auth-1","typ":"at+jwt"}"#, true, "malformed_token"),
        (r#"{"alg":"HS256","kid":"auth-1","typ":5}"#, false, "malformed_token"),
        (r#"{"alg":"HS256","kid":5}"#, false, "malformed_token"),
        (r#"{"alg":"HS256","kid":null}"#, true, "malformed_token"),
        (r#"{"alg":"HS256","kid":"nobody"}"#, true, "unknown_key"),
    ];
    for (header, accepted, code) in headers {
        both_answer("{}", header.as_bytes(), br#"{"exp":4102444800}"#, accepted, code);
    }
}

/// A token with a good signature: whether the oracle accepts it under the same policy, and our code.
fn both_answer(policy: &str, header: &[u8], claims: &[u8], accepted: bool, code: &str) {
    let oracle = Oracle::new(&SECRET, "HS256").wanting(&serde_json::from_str(policy).unwrap());
    let token = oracle.signs(header, claims);
    let shown = format!("{policy} {} {}", String::from_utf8_lossy(header), String::from_utf8_lossy(claims));
    assert_eq!(oracle.accepts(&token).is_some(), accepted, "the oracle on {shown}");
    assert_eq!(ours(&token, policy), Err(code.to_owned()), "we on {shown}");
}

#[test]
fn where_the_form_differs_both_answers_are_stated() {
    let oracle = Oracle::new(&SECRET, "HS256");
    let good = oracle.signs(HEADER.as_bytes(), br#"{"exp":4102444800}"#);
    let huge = oracle
        .signs(HEADER.as_bytes(), format!(r#"{{"exp":4102444800,"pad":"{}"}}"#, "p".repeat(8192)).as_bytes());
    let depth = format!(r#"{{"exp":4102444800,"x":{}{}}}"#, "[".repeat(100), "]".repeat(100));
    for (token, accepted, code) in [
        (huge, true, "token_too_large"),
        (oracle.signs(HEADER.as_bytes(), depth.as_bytes()), true, "malformed_token"),
        (format!("{good}="), false, "malformed_token"),
        (format!("{good}\n"), false, "malformed_token"),
        (format!(" {good}"), false, "malformed_token"),
        (format!("{good}."), false, "malformed_token"),
        (good.replace('.', ".."), false, "malformed_token"),
        (good[..good.rfind('.').unwrap() + 1].to_owned(), false, "bad_signature"),
    ] {
        assert_eq!(oracle.accepts(&token).is_some(), accepted, "{code}");
        assert_eq!(ours(&token, "{}"), Err(code.to_owned()));
    }
}
