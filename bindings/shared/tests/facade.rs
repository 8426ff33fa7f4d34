//! What the façade adds to the core: plain types judged, one ring and one guard for many threads, a clock and a generator.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use counterseal_shared::{
    Body, Key, Keyring, MemoryReplayGuard, PacketSigner, PacketVerifier, Parts, Result, Secret, TokenIssuer,
    TokenVerifier, derive, error_list, generate_nonce,
};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const SECRET: &str = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const NOW: Option<f64> = Some(1_708_167_234.0);

fn key(id: &str, options: &str) -> Key {
    Key::new(id, &Secret::from_text(SECRET).unwrap(), options).unwrap()
}

fn pair() -> (PacketSigner, PacketVerifier) {
    let key = key("engine-7", "{}");
    let ring = Keyring::new(&[&key]).unwrap();
    (PacketSigner::new(&key, "{}").unwrap(), PacketVerifier::new(&ring, None, "{}").unwrap())
}

fn code<T>(result: Result<T>) -> &'static str {
    result.map_or_else(|error| error.code().as_str(), |_| "ok")
}

#[test]
fn the_clock_and_the_generator_serve_where_nothing_is_handed_in() {
    let (signer, verifier) = pair();
    let packet = signer.sign_json(b"{}", "c", None, None).unwrap();
    assert_eq!(code(verifier.verify(packet.as_bytes(), "c", None)), "ok");
    assert_eq!(code(verifier.verify(packet.as_bytes(), "c", None)), "replayed");
    assert_ne!(generate_nonce().unwrap(), generate_nonce().unwrap());
    assert_ne!(Secret::generate().unwrap().expose(), Secret::generate().unwrap().expose());
}

#[test]
fn of_many_threads_exactly_one_claims_a_packet() {
    let (signer, verifier) = pair();
    for _ in 0..50 {
        let packet = signer.sign_json(b"{}", "c", None, None).unwrap();
        let (start, fresh) = (Barrier::new(4), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    start.wait();
                    let answer = code(verifier.verify(packet.as_bytes(), "c", None));
                    assert!(matches!(answer, "ok" | "replayed"), "{answer}");
                    fresh.fetch_add(usize::from(answer == "ok"), Ordering::Relaxed);
                });
            }
        });
        assert_eq!(fresh.into_inner(), 1);
    }
}

#[test]
fn verifiers_share_a_guard_and_a_ring() {
    let (key, other) = (key("a", "{}"), key("b", "{}"));
    let ring = Keyring::new(&[&key]).unwrap();
    let guard = MemoryReplayGuard::new(r#"{"capacity":10}"#).unwrap();
    let verifier = |_| PacketVerifier::new(&ring, Some(&guard), "{}").unwrap();
    let [one, two] = [0, 1].map(verifier);
    let packet = PacketSigner::new(&key, "{}").unwrap().sign_bytes(b"x", "", NOW, None).unwrap();
    assert_eq!(code(one.verify(packet.as_bytes(), "", NOW)), "ok");
    assert_eq!(code(two.verify(packet.as_bytes(), "", NOW)), "replayed");
    assert_eq!(guard.len(), 1.0);
    assert!(!guard.is_empty());

    let late = PacketSigner::new(&other, "{}").unwrap().sign_bytes(b"x", "", NOW, None).unwrap();
    assert_eq!(code(one.verify(late.as_bytes(), "", NOW)), "unknown_key");
    ring.add(&other).unwrap();
    assert_eq!(ring.ids(), ["a", "b"]);
    assert_eq!(code(one.verify(late.as_bytes(), "", NOW)), "ok");
    assert!(ring.revoke("b"));
    assert_eq!(code(two.verify(late.as_bytes(), "", NOW)), "revoked_key");
    assert!(ring.remove("b"));
    assert_eq!(code(two.verify(late.as_bytes(), "", NOW)), "unknown_key");
}

#[test]
fn a_batch_answers_in_order() {
    let (signer, verifier) = pair();
    let packets: Vec<String> = (0..3).map(|_| signer.sign_json(b"1", "c", NOW, None).unwrap()).collect();
    let batch =
        [packets[0].as_bytes(), b"{}", packets[1].as_bytes(), packets[0].as_bytes(), packets[2].as_bytes()];
    let codes: Vec<_> = verifier.verify_batch(&batch, "c", NOW).unwrap().into_iter().map(code).collect();
    assert_eq!(codes, ["ok", "malformed_packet", "ok", "replayed", "ok"]);
    assert_eq!(code(verifier.verify_batch(&batch, "é", NOW)), "malformed_argument");
    assert_eq!(code(verifier.verify_batch(&batch, "c", Some(0.5))), "malformed_argument");
}

#[test]
fn a_long_batch_is_claimed_as_one_by_one() {
    let (signer, _) = pair();
    let ring = Keyring::new(&[&key("engine-7", "{}")]).unwrap();
    let mut packets: Vec<String> =
        (0..400).map(|_| signer.sign_json(b"{\"a\":1}", "c", NOW, None).unwrap()).collect();
    (0..400).step_by(9).for_each(|n| packets[n] = packets[n / 2].clone());
    let texts: Vec<_> = packets.iter().map(|packet| packet.as_bytes()).collect();
    for options in [r#"{"capacity":1000}"#, r#"{"capacity":150}"#, r#"{"capacity":1000,"owner_share":100}"#] {
        let verifier = || {
            let guard = MemoryReplayGuard::new(options).unwrap();
            PacketVerifier::new(&ring, Some(&guard), "{}").unwrap()
        };
        let (one, batch) = (verifier(), verifier());
        let alone: Vec<_> = texts.iter().map(|text| code(one.verify(text, "c", NOW))).collect();
        let codes: Vec<_> = batch.verify_batch(&texts, "c", NOW).unwrap().into_iter().map(code).collect();
        assert_eq!(codes, alone, "{options}");
        assert!(codes.contains(&"replayed") && codes.contains(&"ok"), "{options}");
        let codes = batch.verify_batch(&texts, "c", NOW).unwrap().into_iter().map(code);
        let again: Vec<_> = texts.iter().map(|text| code(one.verify(text, "c", NOW))).collect();
        assert_eq!(codes.collect::<Vec<_>>(), again, "{options}");
        assert!(!again.contains(&"ok"), "{options}");
    }
}

#[test]
fn parts_come_as_plain_types() {
    let (signer, verifier) = pair();
    let signed = signer.sign_parts("json", b"{}", "c", NOW, None).unwrap();
    let parts = Parts {
        key_id: "engine-7",
        kind: "json",
        body: b"{}",
        ts: signed.timestamp,
        nonce: &signed.nonce,
        sig: &signed.sig,
    };
    for (bad, context, expected) in [
        (Parts { kind: "text", ..parts }, "c", "malformed_argument"),
        (Parts { ts: f64::NAN, ..parts }, "c", "malformed_packet"),
        (Parts { ts: 1.5, ..parts }, "c", "malformed_packet"),
        (Parts { ts: f64::NAN, ..parts }, "\n", "malformed_argument"),
    ] {
        assert_eq!(code(verifier.verify_parts(&bad, context, NOW)), expected, "{bad:?}");
    }
    assert_eq!(verifier.verify_parts(&parts, "c", NOW).unwrap().body(), &Body::Json("{}".into()));
    assert_eq!(code(signer.sign_parts("text", b"", "c", NOW, None)), "malformed_argument");
}

#[test]
fn evidence_on_loan_says_what_evidence_says() {
    let key = key("engine-7", r#"{"owner":"engine"}"#);
    let ring = Keyring::new(&[&key]).unwrap();
    let signer = PacketSigner::new(&key, "{}").unwrap();
    let [kept, lending] = [0; 2].map(|_| PacketVerifier::new(&ring, None, "{}").unwrap());
    for (kind, body) in [("json", &b"{}"[..]), ("bytes", b"\x00\xFF")] {
        let signed = signer.sign_parts(kind, body, "c", NOW, None).unwrap();
        let (ts, nonce, sig) = (signed.timestamp, &signed.nonce, &signed.sig);
        let parts = Parts { key_id: "engine-7", kind, body, ts, nonce, sig };
        let mut reads = 0;
        let mut lend = |context, now| {
            lending.verify_parts_with(&parts, context, now, |lent| {
                reads += 1;
                let signer = (lent.key_id().to_owned(), lent.owner().to_owned());
                (signer, lent.timestamp(), *lent.nonce(), lent.body().clone().into_owned())
            })
        };
        assert_eq!(code(lend("d", NOW)), "bad_signature");
        assert_eq!(code(lend("c", Some(0.5))), "malformed_argument");
        let verified = kept.verify_parts(&parts, "c", NOW).unwrap();
        let signer = (verified.key_id().to_owned(), verified.owner().to_owned());
        assert_eq!(
            lend("c", NOW).unwrap(),
            (signer, verified.timestamp(), *verified.nonce(), verified.into_body())
        );
        assert_eq!(code(lend("c", NOW)), "replayed");
        assert_eq!(reads, 1);
    }
}

#[test]
fn tokens_come_and_go() {
    let key = key("auth-1", r#"{"uses":["token"],"owner":"auth"}"#);
    let issuer = TokenIssuer::new(&key, "{}").unwrap();
    let token = issuer.issue(br#"{"role":"engine"}"#, r#"{"expires_in":60,"jti":true}"#, NOW).unwrap();
    let ring = Keyring::new(&[&key]).unwrap();
    let verifier = TokenVerifier::new(&ring, r#"{"claims":{"role":"engine"}}"#).unwrap();
    let verified = verifier.verify(token.as_bytes(), NOW).unwrap();
    assert_eq!((verified.key_id(), verified.owner()), ("auth-1", "auth"));
    assert!(
        verified.claims_text().contains(r#""exp":1708167294,"iat":1708167234,"jti":""#),
        "{}",
        verified.claims_text()
    );
    assert_eq!(code(verifier.verify(token.as_bytes(), Some(1_708_167_324.0))), "token_expired");
    let golden =
        issuer.issue_text(br#"{"userId":"dev-user","iat":1708167234,"exp":1708253634}"#, NOW).unwrap();
    assert!(golden.ends_with(".JneEW1kLbF6e-wApFZVqMvOFSRwir_rvUERQ9kV4Dw0"));
}

#[test]
fn derived_secrets_are_the_contracts() {
    let master = Secret::from_text(SECRET).unwrap();
    let derived = derive(&master, "worker", "w-12", "w-12.3").unwrap();
    assert_eq!(derived.expose(), "hex:9245504b2a38180156be86cf8c860f057ef295d2ecdb984728ddac2a843bdf52");
    assert_eq!(code(derive(&master, "a\nb", "w", "w.0")), "malformed_argument");
}

#[test]
fn nothing_shows_a_secret() {
    let secret = Secret::from_text(SECRET).unwrap();
    let key = key("engine-7", r#"{"owner":"engine"}"#);
    let ring = Keyring::new(&[&key]).unwrap();
    let shown = format!("{secret:?} {key:?} {ring:?} {}", key.describe());
    assert!(!shown.contains("0102"), "{shown}");
    assert_eq!(key.describe(), r#"Key("engine-7", owner="engine")"#);
}

#[test]
fn the_list_of_codes_is_closed() {
    let list = error_list();
    assert_eq!(list.len(), 33);
    assert!(list.iter().all(|info| !info.sentence.is_empty() && info.status >= 400));
}
