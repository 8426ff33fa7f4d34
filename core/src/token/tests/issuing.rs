use super::*;
use crate::error::{ErrorCode, Result};
use crate::json::{self, Value};
use crate::nonce::Nonce;
use crate::token::{TOKEN_MAX, TokenIssuer};

const GOLDEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImF1dGgtMSJ9.eyJ1c2VySWQiOiJkZXYtdXNlciIsImlhdCI6MTcwODE2NzIzNCwiZXhwIjoxNzA4MjUzNjM0fQ.JneEW1kLbF6e-wApFZVqMvOFSRwir_rvUERQ9kV4Dw0";

fn issuer() -> TokenIssuer {
    TokenIssuer::new(&key(), Algorithm::Hs256).unwrap()
}

fn code(issued: Result<String>) -> ErrorCode {
    issued.unwrap_err().code()
}

fn claims_of(token: &str) -> String {
    answer_of(&ring([key()]), &Policy::new(), token, NOW).unwrap()
}

#[test]
fn golden_token() {
    let text = br#"{"userId":"dev-user","iat":1708167234,"exp":1708253634}"#;
    assert_eq!(issuer().issue_text(text, at(NOW)).unwrap(), GOLDEN);
    assert_eq!(claims_of(GOLDEN), r#"{"exp":1708253634,"iat":1708167234,"userId":"dev-user"}"#);
}

#[test]
fn text_is_signed_verbatim() {
    let text = " {\"exp\" : 1.708253634e9,\n\"a\":\"\\u00e9\"} ";
    let token = issuer().issue_text(text.as_bytes(), at(NOW)).unwrap();
    assert_eq!(token.split('.').nth(1).unwrap(), encode_url(text.as_bytes()));
    for bad in ["", "[]", "5", "{", "{\"a\":1,\"a\":1}", "\u{FEFF}{}"] {
        assert_eq!(code(issuer().issue_text(bad.as_bytes(), at(NOW))), ErrorCode::MalformedArgument, "{bad}");
    }
}

#[test]
fn claims_get_their_times_and_id() {
    let jti = Nonce::parse("AAECAwQFBgcICQoLDA0ODw").unwrap();
    let issue = |claims: &str, jti| issuer().issue_json(claims.as_bytes(), 60, jti, at(NOW));
    assert_eq!(
        claims_of(&issue(r#"{"b":1.0,"a":2}"#, None).unwrap()),
        r#"{"a":2,"b":1,"exp":1708167294,"iat":1708167234}"#
    );
    assert_eq!(
        claims_of(&issue("{}", Some(&jti)).unwrap()),
        r#"{"exp":1708167294,"iat":1708167234,"jti":"AAECAwQFBgcICQoLDA0ODw"}"#
    );
    assert_eq!(
        claims_of(&issue(r#"{"jti":"own"}"#, None).unwrap()),
        r#"{"exp":1708167294,"iat":1708167234,"jti":"own"}"#
    );
    for bad in [
        r#"{"iat":1}"#,
        r#"{"exp":1}"#,
        r#"{"e\u0078p":1}"#,
        r#"{"jti":"own"}"#,
        "[]",
        "null",
        "{",
        r#"{"a":1,"a":2}"#,
    ] {
        assert_eq!(code(issue(bad, Some(&jti))), ErrorCode::MalformedArgument, "{bad}");
    }
    let twice = Value::Object([("a".into(), Value::Null), ("a".into(), Value::Null)].into());
    assert_eq!(code(issuer().issue(&twice, 60, None, at(NOW))), ErrorCode::MalformedArgument);
    let value = json::read(br#"{"b":1,"a":2}"#).unwrap();
    assert_eq!(issuer().issue(&value, 60, None, at(NOW)), issue(r#"{"a":2,"b":1}"#, None));
}

#[test]
fn lifetime_is_at_least_a_second_and_ends_in_range() {
    let issue = |expires_in, now| issuer().issue_json(b"{}", expires_in, None, at(now));
    assert!(issue(1, NOW).is_ok());
    assert!(issue(253_402_300_799, 0).is_ok());
    for (expires_in, now) in [(0, NOW), (253_402_300_800, 0), (1, 253_402_300_799), (u64::MAX, NOW)] {
        assert_eq!(code(issue(expires_in, now)), ErrorCode::MalformedArgument, "{expires_in} {now}");
    }
}

#[test]
fn what_is_issued_fits_what_is_read() {
    for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
        let issuer = TokenIssuer::new(&wide_key("auth-1", 0), algorithm).unwrap();
        let issue = |length: usize| {
            issuer.issue_text(format!(r#"{{"a":"{}"}}"#, "a".repeat(length)).as_bytes(), at(NOW))
        };
        let longest = (5950..6080).filter_map(|length| issue(length).ok()).next_back().unwrap();
        assert!(longest.len() <= TOKEN_MAX && longest.len() + 2 > TOKEN_MAX, "{}", longest.len());
        let refused = (5950..6080).filter_map(|length| issue(length).err()).next().unwrap();
        assert_eq!(refused.code(), ErrorCode::TokenTooLarge);
    }
}

#[test]
fn the_key_must_be_for_it() {
    let with = |change: fn(&mut KeyOptions)| {
        let mut options = options();
        change(&mut options);
        Key::new("auth-1", secret(), options).unwrap()
    };
    let refused = |key: &Key, algorithm| TokenIssuer::new(key, algorithm).err().map(|error| error.code());
    assert_eq!(
        refused(&with(|options| options.uses = [Use::Packet].into()), Algorithm::Hs256),
        Some(ErrorCode::MalformedArgument)
    );
    assert_eq!(refused(&key(), Algorithm::Hs384), Some(ErrorCode::MalformedArgument));
    assert_eq!(refused(&with(|options| options.revoked = true), Algorithm::Hs256), None);
}

#[test]
fn arguments_then_size_then_key_status() {
    let options = KeyOptions { not_after: Some(at(NOW)), ..options() };
    let inactive =
        TokenIssuer::new(&Key::new("auth-1", secret(), options).unwrap(), Algorithm::Hs256).unwrap();
    let huge = format!(r#"{{"a":"{}"}}"#, "a".repeat(TOKEN_MAX));
    assert!(inactive.issue_text(b"{}", at(NOW - 1)).is_ok());
    assert_eq!(code(inactive.issue_text(b"{}", at(NOW))), ErrorCode::InactiveKey);
    assert_eq!(code(inactive.issue_text(b"[]", at(NOW))), ErrorCode::MalformedArgument);
    assert_eq!(code(inactive.issue_text(huge.as_bytes(), at(NOW))), ErrorCode::TokenTooLarge);
    let key = key();
    let issuer = TokenIssuer::new(&key, Algorithm::Hs256).unwrap();
    key.revoke();
    assert_eq!(code(issuer.issue_json(b"{}", 60, None, at(NOW))), ErrorCode::RevokedKey);
}
