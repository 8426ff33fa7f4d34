//! The guard that replicas share, as far as no store is needed: which call fits which guard, and what a store's answer makes of a claim.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use counterseal_shared::{
    ClaimingPacket, Key, Keyring, PacketSigner, PacketVerifier, Parts, RequestHead, RequestSigner,
    RequestVerifier, Result, Secret, SharedReplayGuard, StoreAnswer,
};

const SECRET: &str = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const NOW: Option<f64> = Some(1_708_167_234.0);
const NONCE: Option<&str> = Some("AAECAwQFBgcICQoLDA0ODw");
const AUTHORITIES: &str = r#"{"authorities":["https://h"]}"#;

fn key() -> Key {
    Key::new("engine-7", &Secret::from_text(SECRET).unwrap(), "{}").unwrap()
}

fn ring(key: &Key) -> Keyring {
    Keyring::new(&[key]).unwrap()
}

fn code<T>(result: Result<T>) -> &'static str {
    result.map_or_else(|error| error.code().as_str(), |_| "ok")
}

fn packet() -> String {
    PacketSigner::new(&key(), "{}").unwrap().sign_json(b"{}", "c", NOW, NONCE).unwrap()
}

fn claiming(guard: &str) -> ClaimingPacket {
    let guard = SharedReplayGuard::new(guard).unwrap();
    let verifier = PacketVerifier::shared(&ring(&key()), &guard, "{}").unwrap();
    verifier.authenticate(packet().as_bytes(), "c", NOW).unwrap()
}

#[test]
fn an_answer_of_the_store_decides() {
    let code = |answer: StoreAnswer<'_>| code(claiming("{}").settle(answer));
    assert_eq!(code(Ok(0.0)), "ok");
    assert_eq!(code(Ok(3.0)), "replayed");
    for none in [f64::NAN, 0.5, -0.5, f64::INFINITY, -1.0, 6.0] {
        assert_eq!(code(Ok(none)), "store_unavailable", "{none}");
    }
    let refused = claiming("{}").settle(Err("no answer within 250 ms")).unwrap_err();
    assert_eq!(refused.code().as_str(), "store_unavailable");
    assert!(refused.detail().contains("no answer within 250 ms"), "{}", refused.detail());
}

#[test]
fn the_scope_is_in_the_tag() {
    let keys = |guard| claiming(guard).keys();
    assert_eq!(keys("{}")[0], "counterseal:1:La1atj-IF2vmdSuw5Cw9DA");
    assert_ne!(keys(r#"{"scope":"vault"}"#)[0], keys("{}")[0]);
    assert_eq!(keys(r#"{"scope":"vault"}"#)[1..], keys("{}")[1..]);
}

#[test]
fn a_key_revoked_while_the_store_was_asked() {
    let key = key();
    let ring = ring(&key);
    let verifier = PacketVerifier::shared(&ring, &SharedReplayGuard::new("{}").unwrap(), "{}").unwrap();
    let claiming = verifier.authenticate(packet().as_bytes(), "c", NOW).unwrap();
    assert!(ring.revoke("engine-7"));
    assert_eq!(code(claiming.settle(Ok(0.0))), "revoked_key");
}

#[test]
fn each_call_says_which_guard_it_is_for() {
    let (key, packet) = (key(), packet());
    let (ring, guard) = (ring(&key), SharedReplayGuard::new("{}").unwrap());
    let alone = PacketVerifier::new(&ring, None, "{}").unwrap();
    let shared = PacketVerifier::shared(&ring, &guard, "{}").unwrap();
    let parts = Parts { key_id: "engine-7", kind: "json", body: b"{}", ts: 0.0, nonce: "", sig: "" };
    assert_eq!(code(alone.authenticate(packet.as_bytes(), "c", NOW)), "malformed_argument");
    assert_eq!(code(alone.authenticate_parts(&parts, "c", NOW)), "malformed_argument");
    assert_eq!(code(shared.verify(packet.as_bytes(), "c", NOW)), "malformed_argument");
    assert_eq!(code(shared.verify_parts(&parts, "c", NOW)), "malformed_argument");
    assert_eq!(code(shared.verify_parts_with(&parts, "c", NOW, |_| ())), "malformed_argument");
    assert_eq!(code(shared.verify_batch(&[packet.as_bytes()], "c", NOW)), "malformed_argument");
    assert_eq!(code(alone.verify(packet.as_bytes(), "c", NOW)), "ok");
}

#[test]
fn requests_go_the_same_two_steps() {
    let (key, guard) = (key(), SharedReplayGuard::new("{}").unwrap());
    let signer = RequestSigner::new(&key, "{}").unwrap();
    let added = signer.sign("GET", "https://h/", &[], b"", NOW, NONCE).unwrap();
    let mut headers = vec![("host", &b"h"[..])];
    headers.extend(added.iter().map(|(name, value)| (*name, value.as_bytes())));
    let head = RequestHead { method: "GET", target: "/", headers: &headers };
    let shared = RequestVerifier::shared(&ring(&key), &guard, AUTHORITIES).unwrap();
    let alone = RequestVerifier::new(&ring(&key), None, AUTHORITIES).unwrap();

    assert_eq!(code(shared.verify(&head, b"", NOW)), "malformed_argument");
    assert_eq!(code(alone.authenticate(&head, b"", NOW)), "malformed_argument");
    let claiming = shared.authenticate(&head, b"", NOW).unwrap();
    assert!(claiming.keys()[0].starts_with("counterseal:1:") && claiming.arguments().len() == 5);
    assert_eq!(claiming.settle(Ok(0.0)).unwrap().owner(), "engine-7");

    let mut pending = shared.begin(&head, NOW).unwrap();
    assert_eq!(code(pending.finish(NOW)), "malformed_argument");
    assert_eq!(code(pending.authenticate(NOW).unwrap().settle(Ok(3.0))), "replayed");
    assert_eq!(code(pending.authenticate(NOW)), "malformed_argument");
}

#[test]
fn the_script_is_the_cores() {
    assert!(SharedReplayGuard::script().contains("'NX', 'EXAT'"));
    assert!(SharedReplayGuard::warning("maxmemory_policy:allkeys-lru").is_some());
}
