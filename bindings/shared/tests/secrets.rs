//! No error, `Debug` or description holds secret material, whatever is done wrong with it.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use counterseal_shared::{
    Error, Key, Keyring, MemoryReplayGuard, PacketSigner, PacketVerifier, RequestSigner, Secret, TokenIssuer,
    TokenVerifier, derive, explain_packet, explain_request, explain_token,
};

/// Each mark stands in a secret, in some encoding, and nowhere else.
const MARKS: [&str; 4] = ["5ec2e7a1b05e55ed", "XsLnobBeVe", "sesame-open-sesame", "5EC2E7"];

fn texts() -> Vec<String> {
    let hex = "5ec2e7a1b05e55ed".repeat(4);
    let base64 = "XsLnobBeVe1ewuehsF5V7V7C56GwXlXtXsLnobBeVe0=";
    vec![
        format!("hex:{hex}"),
        format!("hex:{hex}0"),
        format!("hex:{hex}zz"),
        format!("HEX:{hex}"),
        hex.clone(),
        "hex:5ec2e7a1b05e55ed".to_owned(),
        format!("hex:{}", "5EC2E7a1b05e55ed".repeat(200)),
        format!("base64:{base64}"),
        format!("base64:{base64}="),
        format!("base64url:{base64}"),
        format!("base64url:{}", base64.trim_end_matches('=')),
        "utf8:sesame-open-sesame".to_owned(),
        "utf8:sesame-open-sesame sesame-open-sesame".to_owned(),
        "sesame-open-sesame".to_owned(),
    ]
}

#[test]
fn nothing_said_about_a_secret_holds_it() {
    let mut said = Vec::new();
    let mut built = Vec::new();
    for text in texts() {
        match Secret::from_text(&text) {
            Ok(secret) => built.push(secret),
            Err(error) => note(&mut said, &error),
        }
    }
    assert!(said.len() >= 8 && built.len() >= 4, "{} refused, {} built", said.len(), built.len());
    for secret in &built {
        said.push(format!("{secret:?}"));
        said.extend(around(secret));
    }
    for text in &said {
        assert!(!MARKS.iter().any(|mark| text.contains(mark)), "{text}");
    }
    assert!(built.iter().any(|secret| secret.expose().contains(MARKS[0])), "the marks mark nothing");
}

/// Everything that can be said of a secret: its key, its ring, what they build, and each way to be refused.
fn around(secret: &Secret) -> Vec<String> {
    let mut said = Vec::new();
    for options in ["[]", r#"{"x":1}"#, r#"{"uses":[]}"#, r#"{"algorithms":["HS512"]}"#, r#"{"owner":5}"#] {
        note(&mut said, &Key::new("k", secret, options).unwrap_err());
    }
    note(&mut said, &Key::new("a b", secret, "{}").unwrap_err());
    note(&mut said, &derive(secret, "", "", "").unwrap_err());
    said.push(format!("{:?}", derive(secret, "p", "o", "o.0").unwrap()));

    let key = Key::new("k", secret, "{}").unwrap();
    let token_key = Key::new("t", secret, r#"{"uses":["token"]}"#).unwrap();
    note(&mut said, &Keyring::new(&[&key, &token_key]).unwrap_err());
    note(&mut said, &PacketSigner::new(&token_key, "{}").unwrap_err());
    note(&mut said, &TokenIssuer::new(&key, "{}").err().unwrap());
    let ring = Keyring::new(&[&key]).unwrap();
    let guard = MemoryReplayGuard::new("{}").unwrap();
    let signer = PacketSigner::new(&key, "{}").unwrap();
    said.extend([
        format!("{key:?}"),
        key.describe(),
        format!("{ring:?}"),
        format!("{guard:?}"),
        format!("{signer:?}"),
    ]);

    let verifier = PacketVerifier::new(&ring, Some(&guard), "{}").unwrap();
    let packet = signer.sign_json(b"{}", "c", None, None).unwrap();
    note(&mut said, &verifier.verify(packet.as_bytes(), "other", None).unwrap_err());
    said.push(format!("{:?}", verifier.verify(packet.as_bytes(), "c", None).unwrap()));
    note(&mut said, &verifier.verify(packet.as_bytes(), "c", None).unwrap_err());
    let other =
        Keyring::new(&[&Key::new("k", &derive(secret, "p", "o", "o.0").unwrap(), "{}").unwrap()]).unwrap();
    for (ring, context) in [(&ring, "c"), (&ring, "other"), (&other, "c")] {
        let explanation = explain_packet(ring, "{}", packet.as_bytes(), context, None).unwrap();
        said.extend([explanation.to_text(), explanation.to_json(), format!("{explanation:?}")]);
    }
    said.extend(around_requests(&key, &[&ring, &other]));
    let tokens = TokenVerifier::new(&Keyring::new(&[&token_key]).unwrap(), "{}").unwrap();
    let token =
        TokenIssuer::new(&token_key, "{}").unwrap().issue(b"{}", r#"{"expires_in":60}"#, None).unwrap();
    note(&mut said, &tokens.verify(format!("{token}A").as_bytes(), None).unwrap_err());
    said.push(format!("{:?}", tokens.verify(token.as_bytes(), None).unwrap()));
    let ring = Keyring::new(&[&token_key]).unwrap();
    said.push(explain_token(&ring, "{}", format!("{token}A").as_bytes(), None).unwrap().to_text());
    said
}

/// A request that fits, and one that was changed.
fn around_requests(key: &Key, rings: &[&Keyring]) -> Vec<String> {
    let signer = RequestSigner::new(key, "{}").unwrap();
    let added = signer.sign("GET", "http://h/x/", &[], b"", None, None).unwrap();
    let added = added.iter().map(|(name, value)| (*name, value.as_bytes()));
    let headers: Vec<_> = [("Host", &b"h"[..])].into_iter().chain(added).collect();
    let mut said = vec![format!("{signer:?}")];
    for ring in rings {
        for (target, base) in [("/x/", None), ("/x", None), ("/x", Some("\"@method\": PUT"))] {
            let options = r#"{"authorities":["http://h"]}"#;
            let explanation =
                explain_request(ring, options, "GET", target, &headers, b"", None, base).unwrap();
            said.extend([explanation.to_text(), explanation.to_json(), format!("{explanation:?}")]);
        }
    }
    said
}

fn note(said: &mut Vec<String>, error: &Error) {
    said.extend([error.to_string(), format!("{error:?}"), error.detail().to_owned()]);
}
