//! An explanation says what the verifier says, whatever arrives, and gives nothing away that could be used to sign.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use counterseal::{
    Algorithm, Error, Explanation, Key, KeyOptions, Keyring, Nonce, PacketSigner, PacketVerifier, Policy,
    Secret, StageState, Timestamp, TokenIssuer, TokenVerifier, Use, explain_packet, explain_token,
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
