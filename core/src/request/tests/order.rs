//! The order of the checks, the claim last; and what a verifier is told.

use super::*;

#[test]
fn age_caller_and_nonce() {
    let request = Request::golden();
    for (now, expected) in [(T + 60, "ok"), (T + 61, "expired"), (T - 5, "ok"), (T - 6, "not_yet_valid")] {
        assert_eq!(code(request.verify_with(OPTIONS, now)), expected, "{now}");
    }
    let allow =
        |owner: &str| format!(r#"{{"authorities":["http://vault.internal:8200"],"allow":["{owner}"]}}"#);
    assert_eq!(code(request.verify_with(&allow("gateway-1"), T)), "ok");
    assert_eq!(code(request.verify_with(&allow("heartbeat"), T)), "caller_not_allowed");
    assert_eq!(code(request.verify_with(&allow("heartbeat"), T + 61)), "expired", "age comes first");

    let fields: Vec<Field<'_>> = request.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let head = RequestHead { method: "POST", target: &request.target, headers: &fields };
    let verifier = RequestVerifier::from_options(OPTIONS.as_bytes()).unwrap();
    let mut guard = MemoryReplayGuard::new(GuardOptions::default()).unwrap();
    let mut verify = |body: &[u8]| code(verifier.verify(&ring(), &mut guard, &head, body, at(T)));
    assert_eq!(verify(b"other"), "body_mismatch");
    assert_eq!(verify(&request.body), "ok", "a refused request burns no nonce");
    assert_eq!(verify(&request.body), "replayed");
}

#[test]
fn the_head_is_judged_before_the_body_comes() {
    let request = Request::golden();
    let fields: Vec<Field<'_>> = request.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let head = RequestHead { method: "POST", target: &request.target, headers: &fields };
    let limited = OPTIONS.replace('}', r#","body_limit":13}"#);
    let verifier = RequestVerifier::from_options(limited.as_bytes()).unwrap();
    let mut guard = MemoryReplayGuard::new(GuardOptions::default()).unwrap();
    let mut pending = verifier.begin(&ring(), &head, at(T)).unwrap();
    request.body.chunks(5).for_each(|piece| pending.update(piece).unwrap());
    assert!(pending.finish(at(T)).unwrap().claim(&mut guard).is_ok());
    let mut pending = verifier.begin(&ring(), &head, at(T)).unwrap();
    assert_eq!(code(pending.update(&[0; 13])), "ok");
    assert_eq!(code(pending.update(&[0])), "payload_too_large");
    assert_eq!(code(pending.finish(at(T))), "payload_too_large", "whoever goes on all the same");
    assert_eq!(code(verifier.authenticate(&ring(), &head, &[0; 14], at(T))), "payload_too_large");
    let other = RequestHead { method: "PUT", ..head };
    assert_eq!(
        code(verifier.authenticate(&ring(), &other, &[0; 14], at(T))),
        "payload_too_large",
        "size is check 1"
    );
    let malformed = RequestHead { method: "", ..head };
    assert_eq!(code(verifier.authenticate(&ring(), &malformed, &[0; 14], at(T))), "malformed_request");
    assert_eq!(code(verifier.begin(&ring(), &other, at(T))), "bad_signature");
}

#[test]
fn a_body_that_is_said_to_be_too_long_need_not_come() {
    let request = Request::golden();
    let fields: Vec<Field<'_>> = request.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let head = RequestHead { method: "POST", target: &request.target, headers: &fields };
    let limited = OPTIONS.replace('}', r#","body_limit":13}"#);
    let verifier = RequestVerifier::from_options(limited.as_bytes()).unwrap();
    let pending = verifier.begin(&ring(), &head, at(T)).unwrap();
    assert_eq!(pending.owner(), "gateway-1");
    for (bytes, expected) in
        [(0, "ok"), (13, "ok"), (14, "payload_too_large"), (u64::MAX, "payload_too_large")]
    {
        assert_eq!(code(pending.announce(bytes)), expected, "{bytes}");
    }
}

#[test]
fn a_refused_request_still_says_whose_it_claims_to_be() {
    let claimed = |request: &Request| {
        let fields: Vec<Field<'_>> =
            request.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        RequestHead { method: "POST", target: &request.target, headers: &fields }.claimed_key_id()
    };
    let mut request = Request::golden();
    request.set("Signature", "counterseal=:AAAA:");
    assert_eq!(claimed(&request).as_deref(), Some("gateway-1"));
    request.set("Signature-Input", &MEMBER.replace("gateway-1", "a b"));
    assert_eq!(claimed(&request), None, "what is no key id is not repeated");
    request.remove("Signature-Input");
    assert_eq!(claimed(&request), None);
}

#[test]
fn keys_are_judged_before_the_signature() {
    let request = Request::golden();
    let fields: Vec<Field<'_>> = request.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let head = RequestHead { method: "PUT", target: &request.target, headers: &fields };
    let verifier = RequestVerifier::from_options(OPTIONS.as_bytes()).unwrap();
    let begin = |ring: &Keyring| code(verifier.begin(ring, &head, at(T)));
    assert_eq!(begin(&Keyring::default()), "unknown_key");
    let packets = KeyOptions { uses: [Use::Packet].into(), ..KeyOptions::default() };
    let packets = Key::new("gateway-1", Secret::from_text(SECRET).unwrap(), packets).unwrap();
    assert_eq!(begin(&Keyring::new([packets]).unwrap()), "unknown_key");
    let late = KeyOptions { not_before: at(T + 1), ..KeyOptions::default() };
    let late = Key::new("gateway-1", Secret::from_text(SECRET).unwrap(), late).unwrap();
    assert_eq!(begin(&Keyring::new([late]).unwrap()), "inactive_key");
    let revoked = ring();
    revoked.revoke("gateway-1");
    assert_eq!(begin(&revoked), "revoked_key");
    assert_eq!(begin(&ring()), "bad_signature");
}

#[test]
fn trust_judges_the_call_in_its_turn() {
    let options = |rule: &str| {
        format!(
            r#"{{"authorities":["http://vault.internal:8200"],"callee":"vault","trust":{{"vault":{{"rules":[{rule}],"exempt":["/health"]}}}}}}"#
        )
    };
    let request = Request::signed("POST", "http://vault.internal:8200/execute?x", &[], "");
    for (rule, expected) in [
        (r#"{"callers":["gateway-1"],"methods":["POST"],"paths":["/execute"]}"#, "ok"),
        (r#"{"callers":["gateway-1"],"methods":["GET"]}"#, "caller_not_allowed"),
        (r#"{"callers":["heartbeat"]}"#, "caller_not_allowed"),
        ("", "caller_not_allowed"),
    ] {
        assert_eq!(code(request.verify_with(&options(rule), T)), expected, "{rule}");
    }
    assert_eq!(code(request.verify_with(&options(""), T + 61)), "expired", "age comes first");
    let verifier = RequestVerifier::from_options(options("").as_bytes()).unwrap();
    assert!(verifier.is_exempt("/health") && !verifier.is_exempt("/execute"));
    assert!(!RequestVerifier::from_options(OPTIONS.as_bytes()).unwrap().is_exempt("/health"));
    for bad in [
        r#"{"authorities":["h"],"trust":{"vault":{}}}"#,
        r#"{"authorities":["h"],"callee":"vault"}"#,
        r#"{"authorities":["h"],"callee":"vault","trust":{}}"#,
        r#"{"authorities":["h"],"callee":"vault","trust":{"vault":[]}}"#,
    ] {
        assert_eq!(code(RequestVerifier::from_options(bad.as_bytes())), "malformed_argument", "{bad}");
    }
}

#[test]
fn a_verifier_is_told_who_it_is() {
    for bad in [
        "{}",
        r#"{"authorities":[]}"#,
        r#"{"authorities":"h"}"#,
        r#"{"authorities":["h/"]}"#,
        r#"{"authorities":["ftp://h"]}"#,
        r#"{"authorities":["u@h"]}"#,
        r#"{"authorities":["h"],"extra_fields":["X-A"]}"#,
        r#"{"authorities":["h"],"extra_fields":["@path"]}"#,
        r#"{"authorities":["h"],"extra_fields":["a","a"]}"#,
        r#"{"authorities":["h"],"extra_fields":["content-type"]}"#,
        r#"{"authorities":["h"],"extra_fields":["signature"]}"#,
        r#"{"authorities":["h"],"allow":["a b"]}"#,
        r#"{"authorities":["h"],"max_age":0}"#,
        r#"{"authorities":["h"],"more":1}"#,
    ] {
        let refused = RequestVerifier::from_options(bad.as_bytes()).map(|_| ()).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::MalformedArgument, "{bad}");
    }
}
