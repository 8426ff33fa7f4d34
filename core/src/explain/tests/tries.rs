//! What a peer signs by mistake, made by hand, and found.

use super::*;
use crate::mac::MacKey;
use crate::packet::PacketVerifier;

const NONCE: &str = "AAECAwQFBgcICQoLDA0ODw";

/// A packet of `kid` `k` that a peer signed in its own way.
struct Peer<'p> {
    key: Vec<u8>,
    context: &'p str,
    kind: &'p str,
    body: &'p [u8],
    sent: &'p str,
}

impl Default for Peer<'_> {
    fn default() -> Self {
        Self {
            key: secret_bytes(0).into(),
            context: "c",
            kind: "json",
            body: b"{\"a\":1}",
            sent: r#""payload":{"a":1}"#,
        }
    }
}

impl Peer<'_> {
    fn sig(&self) -> String {
        let head = format!("counterseal-packet-v1\nk\n{NOW}\n{NONCE}\n{}\n{}\n", self.context, self.kind);
        encode_url(&MacKey::new(&self.key).mac(&[head.as_bytes(), self.body]))
    }

    fn packet(&self) -> String {
        let (sent, sig) = (self.sent, self.sig());
        format!(r#"{{ "v":1,"kid":"k","ts":{NOW},"nonce":"{NONCE}",{sent},"sig":"{sig}"}}"#)
    }
}

fn found(peer: &Peer<'_>, ours: &[u8], context: &str) -> String {
    let others = [key_of("other", &secret_bytes(9), KeyOptions::default())];
    let ring = ring([key_of("k", ours, KeyOptions::default())].into_iter().chain(others));
    let verifier = PacketVerifier::from_options(b"{}").unwrap();
    let explanation = explain_packet(&verifier, &ring, peer.packet().as_bytes(), context, at(NOW));
    check_no_secret(&explanation, &[ours, &secret_bytes(9)], peer, context);
    if told(&explanation).starts_with("guard") { String::from("ok") } else { told(&explanation) }
}

/// Neither a secret in any form, nor the signature that would be right.
fn check_no_secret(explanation: &Explanation, secrets: &[&[u8]], peer: &Peer<'_>, context: &str) {
    let all = explanation.to_text() + &explanation.to_json() + &format!("{explanation:?}");
    for secret in secrets {
        for way in crate::explain::secrets::otherwise(secret) {
            assert!(!all.as_bytes().windows(way.bytes.len()).any(|found| found == way.bytes.as_slice()));
        }
        let right = Peer { key: secret.to_vec(), context, kind: peer.kind, body: peer.body, sent: peer.sent };
        assert!(!all.contains(&right.sig()));
    }
}

#[test]
fn contexts() {
    let ours = secret_bytes(0);
    let by = |context| Peer { context, ..Peer::default() };
    assert_eq!(found(&by("c"), &ours, "c"), "ok");
    assert_eq!(found(&by(""), &ours, "c"), "context: the peer signed for the context \"\", which is empty");
    let full = "hub>engine-7:job@EBESExQVFhcYGRobHB0eHw";
    for (signed, what) in [
        ("engine-7>hub:job@EBESExQVFhcYGRobHB0eHw", "the other direction"),
        ("job", "the event alone"),
        ("hub>engine-7:job", "without the session"),
        ("", "which is empty"),
    ] {
        let text = format!("context: the peer signed for the context {signed:?}, {what}");
        assert_eq!(found(&by(signed), &ours, full), text);
    }
    assert!(found(&by("x"), &ours, "").starts_with("context: this side verifies for \"\": event"));
    assert_eq!(found(&by("x"), &ours, "hub>engine-7:job").lines().count(), 3);
}

#[test]
fn forms_of_the_body() {
    let ours = secret_bytes(0);
    let spaced = Peer { body: b"{\"a\": 1.0}", sent: r#""payload" : {"a": 1.0} "#, ..Peer::default() };
    assert!(
        found(&spaced, &ours, "c")
            .starts_with("payload: the peer signed the payload's text as it arrived, not")
    );
    let spaced = Peer { kind: "bytes", ..spaced };
    assert!(
        found(&spaced, &ours, "c")
            .starts_with("payload: the peer signed the payload's text as it arrived, and as bytes")
    );
    let bytes = Peer { kind: "bytes", ..Peer::default() };
    assert_eq!(found(&bytes, &ours, "c"), "kind: the peer signed the payload as bytes, and sent it as JSON");
    let json = Peer { body: b"\0\xff\n", sent: r#""data":"AP8K""#, ..Peer::default() };
    assert_eq!(found(&json, &ours, "c"), "kind: the peer signed the data as JSON, and sent it as bytes");
    let text = Peer { kind: "bytes", body: b"AP8K", ..json };
    assert!(found(&text, &ours, "c").starts_with("payload: the peer signed the text of data"));
}

#[test]
fn the_payload_is_found_behind_others() {
    let peer = Peer { body: b"[ ]", ..Peer::default() };
    let packet = format!(
        "{{\"sig\" : \"{}\",\n\"nonce\":\"{NONCE}\" , \"ts\":{NOW},\"payload\":\t[ ] ,\"kid\":\"k\",\"v\":1}}",
        peer.sig()
    );
    let ring = ring([key_of("k", &secret_bytes(0), KeyOptions::default())]);
    let verifier = PacketVerifier::from_options(b"{}").unwrap();
    let explanation = explain_packet(&verifier, &ring, packet.as_bytes(), "c", at(NOW));
    assert!(told(&explanation).starts_with("payload: the peer signed the payload's text as it arrived"));
}

#[test]
fn encodings_of_the_secret() {
    // The last bytes make + and / in base64.
    let mut ours = secret_bytes(0xA0);
    ours[29..].copy_from_slice(&[0xFB, 0xEF, 0xFF]);
    let lower = "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcfbefff";
    let base64 = "oKGio6SlpqeoqaqrrK2ur7CxsrO0tba3uLm6u7z77/8=";
    let base64url = base64.replace('+', "-").replace('/', "_");
    let bare = |text: &str| text.trim_end_matches('=').to_string();
    assert!(base64.contains('/') && base64url.contains('_'));
    let forms = [
        (lower.to_string(), "hex:", "lower-case hex"),
        (lower.to_uppercase(), "hex:", "upper-case hex"),
        (base64.to_string(), "base64:", "base64"),
        (bare(base64), "base64:", "unpadded base64"),
        (bare(&base64url), "base64url:", "base64url"),
        (base64url, "base64url:", "padded base64url"),
    ];
    for (text, prefix, name) in forms {
        for (key, more) in [
            (text.clone(), String::new()),
            (format!("{text}\n"), String::from(", with a line end")),
            (format!("{prefix}{text}"), format!(" with its {prefix}")),
            (format!("{prefix}{text}\n"), format!(" with its {prefix} and a line end")),
        ] {
            let peer = Peer { key: key.into_bytes(), ..Peer::default() };
            let expected = format!(
                "secret: the peer's key is the text of the secret's {name} form{more}, not the bytes that it encodes"
            );
            assert_eq!(found(&peer, &ours, "c"), expected);
        }
    }
}

#[test]
fn line_ends_and_texts_that_the_peer_decodes() {
    let line_end = Peer { key: [&secret_bytes(0)[..], b"\n"].concat(), ..Peer::default() };
    assert!(
        found(&line_end, &secret_bytes(0), "c").starts_with("secret: the peer's key has a line end behind")
    );
    for end in ["\n", "\r\n"] {
        let ours = [&secret_bytes(0x40)[..], end.as_bytes()].concat();
        let peer = Peer { key: secret_bytes(0x40).into(), ..Peer::default() };
        assert!(
            found(&peer, &ours, "c").starts_with("secret: the secret on this side has a line end"),
            "{end:?}"
        );
    }
    let texts = [
        ("hex", "A0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcfbefff".to_string()),
        ("base64", "oKGio6SlpqeoqaqrrK2ur7CxsrO0tba3uLm6u7z77/8=".to_string()),
        ("base64url", "oKGio6SlpqeoqaqrrK2ur7CxsrO0tba3uLm6u7z77_8".to_string()),
    ];
    let mut bytes = secret_bytes(0xA0);
    bytes[29..].copy_from_slice(&[0xFB, 0xEF, 0xFF]);
    for (name, ours) in texts {
        let peer = Peer { key: bytes.into(), ..Peer::default() };
        let expected =
            format!("secret: the peer decodes the secret from {name}; on this side its text is the key");
        assert_eq!(found(&peer, ours.as_bytes(), "c"), expected);
    }
}

#[test]
fn other_keys_and_several_mistakes_at_once() {
    let peer = Peer { key: secret_bytes(9).into(), ..Peer::default() };
    let expected =
        "key: the signature is that of key other, and kid names k: two secrets, or two ids, are mixed up";
    assert_eq!(found(&peer, &secret_bytes(0), "c"), expected);

    let hex = secret_bytes(0).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let peer = Peer {
        key: hex.into_bytes(),
        context: "",
        body: b"[1.0]",
        sent: r#""payload":[1.0]"#,
        ..Peer::default()
    };
    let lines = found(&peer, &secret_bytes(0), "c");
    let looked_at: Vec<_> =
        lines.lines().filter_map(|line| line.split_once(':')).map(|(first, _)| first).collect();
    assert_eq!(looked_at, ["secret", "context", "payload"]);
}
