//! Requests for foreign callers: what the façade adds to the core.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::{SystemTime, UNIX_EPOCH};

use counterseal_shared::{
    Field, Key, Keyring, MemoryReplayGuard, PendingRequest, RequestHead, RequestSigner, RequestVerifier,
    Result, Secret,
};

const NOW: Option<f64> = Some(1_708_167_234.0);
const BODY: &[u8] = b"body";

fn code<T>(result: Result<T>) -> &'static str {
    result.map_or_else(|error| error.code().as_str(), |_| "ok")
}

/// A request with a body of four bytes, whose head was judged.
fn pending(options: &str, now: Option<f64>) -> PendingRequest {
    let key = Key::new("k", &Secret::generate().unwrap(), "{}").unwrap();
    let signer = RequestSigner::new(&key, "{}").unwrap();
    let added = signer.sign("POST", "https://h/", &[], BODY, now, None).unwrap();
    let host: Field<'_> = ("Host", b"h");
    let headers: Vec<Field<'_>> =
        added.iter().map(|(name, value)| (*name, value.as_bytes())).chain([host]).collect();
    let verifier = RequestVerifier::new(&Keyring::new(&[&key]).unwrap(), None, options).unwrap();
    verifier.begin(&RequestHead { method: "POST", target: "/", headers: &headers }, now).unwrap()
}

#[test]
fn a_pending_request_is_used_once() {
    const OPTIONS: &str = r#"{"authorities":["h"],"body_limit":5}"#;
    let mut finished = pending(OPTIONS, None);
    assert_eq!(code(finished.update(&BODY[..1])), "ok");
    assert_eq!(code(finished.update(&BODY[1..])), "ok");
    assert_eq!(code(finished.finish(None)), "ok");
    let mut refused = pending(OPTIONS, NOW);
    assert_eq!(code(refused.finish(NOW)), "body_mismatch");
    let mut long = pending(OPTIONS, NOW);
    assert_eq!(code(long.update(b"bodies")), "payload_too_large");
    let mut announced = pending(OPTIONS, NOW);
    assert_eq!(code(announced.announce(5)), "ok");
    assert_eq!(code(announced.announce(6)), "payload_too_large");
    assert_eq!(pending(OPTIONS, NOW).owner(), Some("k"));
    for used in [&mut finished, &mut refused, &mut long, &mut announced] {
        assert_eq!(used.owner(), None);
        assert_eq!(code(used.announce(1)), "malformed_argument");
        assert_eq!(code(used.update(BODY)), "malformed_argument");
        assert_eq!(code(used.finish(NOW)), "malformed_argument");
    }
}

#[test]
fn a_guard_of_a_server_that_begins_refuses_what_was_signed_before() {
    let key = Key::new("k", &Secret::generate().unwrap(), "{}").unwrap();
    let signer = RequestSigner::new(&key, "{}").unwrap();
    let verdict = |guard: &MemoryReplayGuard, signed: f64| {
        let added = signer.sign("GET", "https://h/", &[], b"", Some(signed), None).unwrap();
        let host: Field<'_> = ("Host", b"h");
        let headers: Vec<Field<'_>> =
            added.iter().map(|(name, value)| (*name, value.as_bytes())).chain([host]).collect();
        let ring = Keyring::new(&[&key]).unwrap();
        let verifier = RequestVerifier::new(&ring, Some(guard), r#"{"authorities":["h"]}"#).unwrap();
        let head = RequestHead { method: "GET", target: "/", headers: &headers };
        code(verifier.verify(&head, b"", Some(signed)))
    };
    let guard = MemoryReplayGuard::starting_now("{}").unwrap();
    let begun = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as f64;
    assert_eq!(verdict(&guard, begun), "replay_guard_starting");
    assert_eq!(verdict(&guard, begun + 6.0), "ok", "max_ahead is 5");
    let later = MemoryReplayGuard::starting_now(r#"{"start":253402300799}"#).unwrap();
    assert_eq!(verdict(&later, begun + 6.0), "replay_guard_starting", "a start that lies later stays");
}

#[test]
fn a_wrong_time_uses_no_pending_request_up() {
    let mut pending = pending(r#"{"authorities":["h"]}"#, NOW);
    pending.update(BODY).unwrap();
    assert_eq!(code(pending.finish(Some(0.5))), "malformed_argument");
    assert_eq!(code(pending.finish(NOW)), "ok");
}
