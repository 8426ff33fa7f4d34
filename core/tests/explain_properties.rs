//! An explanation says what the verifier says, whatever arrives, and gives nothing away that could be used to sign.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use counterseal::{
    Algorithm, Error, Explanation, Key, KeyOptions, Keyring, Nonce, Outgoing, PacketSigner, PacketVerifier,
    Policy, RequestHead, RequestSigner, RequestVerifier, Secret, StageState, Timestamp, TokenIssuer,
    TokenVerifier, Use, explain_packet, explain_request, explain_token,
};
use proptest::prelude::*;

const NOW: u64 = 1_708_167_234;

fn at(seconds: u64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

fn key(id: &str, byte: u8, uses: Use) -> Key {
    let options = KeyOptions { uses: [uses].into(), not_after: Some(at(NOW + 90)), ..KeyOptions::default() };
    Key::new(id, Secret::from_bytes(&[byte; 32]).unwrap(), options).unwrap()
}

/// Code and detail are the verifier's; a refusal has its stage, and what passed stands before it.
fn check(explanation: &Explanation, error: Option<&Error>, stages: usize) -> Result<(), TestCaseError> {
    prop_assert_eq!(explanation.error(), error);
    let states: Vec<_> = explanation.stages().iter().map(|stage| stage.state).collect();
    prop_assert_eq!(states.len(), stages);
    let failed = states.iter().position(|state| *state == StageState::Failed);
    prop_assert_eq!(failed.is_some(), error.is_some());
    prop_assert!(states[..failed.unwrap_or(0)].iter().all(|state| *state == StageState::Passed));
    prop_assert!(!explanation.to_text().chars().any(|char| char.is_control() && char != '\n'));
    counterseal::json::read(explanation.to_json().as_bytes()).unwrap();
    Ok(())
}

/// One byte replaced, taken out, or put in.
fn changed(text: &str, at: usize, byte: u8, way: u8) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let at = at % bytes.len();
    match way {
        0 => bytes[at] = byte,
        1 => drop(bytes.remove(at)),
        2 => bytes.insert(at, byte),
        _ => (),
    }
    bytes
}

fn sign(json: bool, context: &str) -> String {
    let signer = PacketSigner::new(key("engine-7", 7, Use::Packet)).unwrap();
    let nonce = Nonce::from_bytes([1; 16]);
    let signed = if json {
        signer.sign_json(br#"{"a":[1,"b"]}"#, context, at(NOW), &nonce)
    } else {
        signer.sign_bytes(b"ab", context, at(NOW), &nonce)
    };
    signed.unwrap()
}

/// Method, target, body, and the values of [`NAMES`]; empty where the request has no such field.
fn request(body: &[u8]) -> [String; 9] {
    let signer = RequestSigner::new(key("gateway-1", 7, Use::Request)).unwrap();
    let (url, headers) = ("http://h:8200/a%2Fb/x?y=1", [("Content-Type", &b"application/json"[..])]);
    let outgoing = Outgoing { method: "POST", url, headers: &headers, body };
    let added = signer.sign(&outgoing, at(NOW), &Nonce::from_bytes([1; 16])).unwrap();
    let value = |name| added.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
    [
        "POST",
        "/a%2Fb/x?y=1",
        str::from_utf8(body).unwrap(),
        "h:8200",
        "application/json",
        value("Content-Digest"),
        value("Signature-Input"),
        value("Signature"),
        "/api",
    ]
    .map(str::to_owned)
}

const NAMES: [&str; 6] =
    ["Host", "Content-Type", "Content-Digest", "Signature-Input", "Signature", "X-Forwarded-Prefix"];

proptest! {
    #[test]
    fn packets(
        place in any::<usize>(), byte in any::<u8>(), way in 0_u8..5, late in -80_i64..120, json in any::<bool>(), other in any::<bool>()
    ) {
        let ring = Keyring::new([key("engine-7", 7, Use::Packet), key("engine-8", 8, Use::Packet)]).unwrap();
        let packet = changed(&sign(json, "c"), place, byte, way);
        let verifier = PacketVerifier::from_options(br#"{"allow":["engine-7"]}"#).unwrap();
        let (context, now) = (if other { "d" } else { "c" }, at(NOW.saturating_add_signed(late)));
        let verdict = verifier.authenticate(&ring, &packet, context, now);
        let explanation = explain_packet(&verifier, &ring, &packet, context, now);
        check(&explanation, verdict.err().as_ref(), 7)?;
        let right = sign(json, "d");
        let sig = &right[right.len() - 45..right.len() - 2];
        prop_assert!(!explanation.to_text().contains(sig) && !explanation.to_json().contains(sig));
    }

    #[test]
    fn requests(
        part in 0_usize..9, place in any::<usize>(), byte in any::<u8>(), way in 0_u8..5, late in -80_i64..120, body in any::<bool>(),
        base in proptest::option::of("[ -~\n\r]{0,80}")
    ) {
        let ring = Keyring::new([key("gateway-1", 7, Use::Request), key("gateway-2", 8, Use::Request)]).unwrap();
        let parts = request(if body { br#"{"a":1.0}"# } else { b"" });
        let text = |at: usize| if at == part && !parts[at].is_empty() { changed(&parts[at], place, byte, way) } else { parts[at].clone().into() };
        let (Ok(method), Ok(target)) = (String::from_utf8(text(0)), String::from_utf8(text(1))) else { return Ok(()) };
        let values: Vec<_> = (3..parts.len()).map(text).collect();
        let headers: Vec<_> = NAMES.iter().zip(&values).filter(|(_, value)| !value.is_empty()).map(|(name, value)| (*name, value.as_slice())).collect();
        let head = RequestHead { method: &method, target: &target, headers: &headers };
        let options = br#"{"authorities":["http://h:8200"],"allow":["gateway-1"]}"#;
        let (verifier, now) = (RequestVerifier::from_options(options).unwrap(), at(NOW.saturating_add_signed(late)));
        let verdict = verifier.authenticate(&ring, &head, &text(2), now);
        let explanation = explain_request(&verifier, &ring, &head, &text(2), now, base.as_deref());
        check(&explanation, verdict.err().as_ref(), 8)?;
        let said = explanation.to_text() + &explanation.to_json();
        prop_assert!(!said.contains(&parts[7][13..56]));
    }

    #[test]
    fn tokens(place in any::<usize>(), byte in any::<u8>(), way in 0_u8..5, late in -80_i64..120, claims in 0_usize..6) {
        let auth = key("auth-1", 7, Use::Token);
        let ring = Keyring::new([auth.clone(), key("auth-2", 8, Use::Token)]).unwrap();
        let claims = [
            r#"{"exp":1708167240,"role":"engine"}"#,
            r#"{"exp":1708167300,"role":"viewer"}"#,
            r#"{"exp":1708167300,"role":"engine","jti":5}"#,
            r#"{"exp":1708167300,"role":"engine","jti":"gone"}"#,
            r#"{"exp":1708167300,"role":"engine","aud":"x"}"#,
            r#"{"role":7}"#,
        ][claims];
        let token = TokenIssuer::new(&auth, Algorithm::Hs256).unwrap().issue_text(claims.as_bytes(), at(NOW)).unwrap();
        let token = changed(&token, place, byte, way);
        let policy = Policy::from_json(br#"{"claims":{"role":"engine"},"revoked":["gone"]}"#).unwrap();
        let verifier = TokenVerifier::new(policy);
        let now = at(NOW.saturating_add_signed(late));
        let verdict = verifier.verify(&ring, &token, now);
        check(&explain_token(&verifier, &ring, &token, now), verdict.err().as_ref(), 10)?;
    }
}
