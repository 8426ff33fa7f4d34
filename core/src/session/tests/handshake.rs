//! The handshake, each way it can go wrong, and what each end knows after it.

use super::*;
use alloc::format;

#[test]
fn both_ends_know_each_other_after_it() {
    let mut pair = Pair::apart(SessionOptions::default());
    assert_eq!((pair.server.peer(), pair.client.peer()), (None, Some("hub")));
    assert_eq!(pair.server.state(), SessionState::Handshake);
    pair.accept(T).unwrap();
    assert_eq!((pair.server.peer(), pair.server.id()), (Some("engine-7"), None));
    let welcome = pair.welcome(T).unwrap();
    pair.client.establish(&pair.ring, welcome.as_bytes(), at(T)).unwrap();
    for end in [&pair.server, &pair.client] {
        assert_eq!((end.state(), end.id(), end.code()), (SessionState::Open, Some(&nonce(2)), None));
    }
}

#[test]
fn the_golden_welcome() {
    let mut pair = Pair::apart(SessionOptions::default());
    let handshake = format!(r#"{{"nonce":"AAECAwQFBgcICQoLDA0ODw","token":"{}"}}"#, pair.tokens.usual());
    pair.accept_text(&handshake, T + 1).unwrap();
    let id = Nonce::parse("EBESExQVFhcYGRobHB0eHw").unwrap();
    let welcome = pair.server.welcome(pair.hub.clone(), &id, at(T + 1)).unwrap();
    assert_eq!(
        welcome,
        r#"{"v":1,"kid":"hub-1","ts":1708167235,"nonce":"EBESExQVFhcYGRobHB0eHw","payload":{"session":"EBESExQVFhcYGRobHB0eHw"},"sig":"FzAPGwwl9jcsqIy_k76eh1_Nc6OVNhnXgj2yE9gA6GQ"}"#
    );
}

#[test]
fn a_handshake_has_one_form() {
    let nonce = "AAECAwQFBgcICQoLDA0ODw";
    let token = Tokens::new(POLICY).usual();
    for (text, expected) in [
        (format!(r#"{{"nonce":"{nonce}","token":"{token}"}}"#), "ok"),
        (format!(r#" {{ "token" : "{token}" , "nonce" : "{nonce}" }} "#), "ok"),
        (format!(r#"{{"nonce":"{nonce}","token":"{token}","more":1}}"#), "malformed_packet"),
        (format!(r#"{{"nonce":"{nonce}","nonce":"{nonce}","token":"{token}"}}"#), "malformed_packet"),
        (format!(r#"{{"token":"{token}"}}"#), "malformed_packet"),
        (format!(r#"{{"nonce":"{nonce}"}}"#), "malformed_packet"),
        (format!(r#"{{"nonce":["{nonce}"],"token":"{token}"}}"#), "malformed_packet"),
        (format!(r#"{{"nonce":"{nonce}A","token":"{token}"}}"#), "malformed_packet"),
        (format!(r#"{{"nonce":"{nonce}","token":null}}"#), "malformed_packet"),
        (format!(r#"[{{"nonce":"{nonce}","token":"{token}"}}]"#), "malformed_packet"),
        (format!(r#"{{"nonce":"{nonce}","token":"{token}"}}x"#), "malformed_packet"),
        (String::new(), "malformed_packet"),
        (format!(r#"{{"nonce":"{nonce}","token":""}}"#), "malformed_token"),
        (format!(r#"{{"nonce":"{nonce}","token":"{}"}}"#, "a".repeat(8193)), "token_too_large"),
        (" ".repeat(6 * 8192 + 1024), "malformed_packet"),
        (" ".repeat(6 * 8192 + 1025), "payload_too_large"),
    ] {
        let mut pair = Pair::apart(keep());
        assert_eq!(code(pair.accept_text(&text, T)), expected, "{text:.100}");
        // A refused handshake ends it, also where packets are refused and the session kept.
        let ended = pair.server.state() == SessionState::Ended;
        assert_eq!(ended, expected != "ok", "{text:.100}");
    }
}

#[test]
fn a_token_names_the_client() {
    let exp = T + 3600;
    for (claims, expected) in [
        (format!(r#"{{"engineId":"e","role":"engine","exp":{exp}}}"#), "ok"),
        (format!(r#"{{"engineId":"hub","role":"engine","exp":{exp}}}"#), "caller_not_allowed"),
        (format!(r#"{{"engineId":"a b","role":"engine","exp":{exp}}}"#), "claim_invalid"),
        (format!(r#"{{"engineId":"e","role":"admin","exp":{exp}}}"#), "claim_mismatch"),
        (format!(r#"{{"role":"engine","exp":{exp}}}"#), "claim_missing"),
        (r#"{"engineId":"e","role":"engine","exp":1}"#.to_string(), "token_expired"),
    ] {
        let mut pair = Pair::apart(SessionOptions::default());
        let handshake = pair.client.handshake(&pair.tokens.text(&claims)).unwrap();
        assert_eq!(code(pair.accept_text(&handshake, T)), expected, "{claims}");
    }
}

#[test]
fn the_identity_is_judged_where_no_rule_names_it() {
    let exp = T + 3600;
    for (claims, expected) in [
        (format!(r#"{{"sub":"page-1","exp":{exp}}}"#), "ok"),
        (format!(r#"{{"exp":{exp}}}"#), "claim_missing"),
        (format!(r#"{{"sub":7,"exp":{exp}}}"#), "claim_invalid"),
        (format!(r#"{{"sub":"","exp":{exp}}}"#), "claim_invalid"),
        (format!(r#"{{"sub":["page-1"],"exp":{exp}}}"#), "claim_invalid"),
    ] {
        let options = SessionOptions { identity: "sub".to_string(), ..SessionOptions::default() };
        let mut pair = Pair { tokens: Tokens::new("{}"), ..Pair::apart(options) };
        let handshake = pair.client.handshake(&pair.tokens.text(&claims)).unwrap();
        assert_eq!(code(pair.accept_text(&handshake, T)), expected, "{claims}");
        assert_eq!(pair.server.peer(), (expected == "ok").then_some("page-1"), "{claims}");
    }
}

#[test]
fn a_handshake_has_its_window() {
    for (now, expected) in [(T + 10, "ok"), (T + 11, "heartbeat_missed")] {
        let mut pair = Pair::apart(SessionOptions::default());
        assert_eq!(pair.server.deadline(), Some(at(T + 11)));
        assert_eq!(code(pair.accept(now)), expected);

        let mut pair = Pair::apart(SessionOptions::default());
        pair.accept(T).unwrap();
        assert_eq!(pair.server.deadline(), Some(at(T + 11)));
        assert_eq!(code(pair.welcome(now)), expected);

        let mut pair = Pair::apart(SessionOptions::default());
        pair.accept(T).unwrap();
        let welcome = pair.welcome(T).unwrap();
        assert_eq!(pair.client.deadline(), Some(at(T + 11)));
        assert_eq!(code(pair.client.establish(&pair.ring, welcome.as_bytes(), at(now))), expected);

        let mut silent = Pair::apart(SessionOptions::default());
        assert_eq!(code(silent.server.poll(at(now))), expected);
        assert_eq!(is_ended(&silent.server, ErrorCode::HeartbeatMissed), expected != "ok");
    }
}

#[test]
fn a_welcome_holds_for_one_handshake() {
    let mut pair = Pair::apart(SessionOptions::default());
    pair.accept(T).unwrap();
    let welcome = pair.welcome(T).unwrap();
    let options = SessionOptions::default();
    let mut other = Session::client(pair.engine.clone(), "hub", options, nonce(3), at(T)).unwrap();
    assert_eq!(code(other.establish(&pair.ring, welcome.as_bytes(), at(T))), "bad_signature");
    assert!(is_ended(&other, ErrorCode::BadSignature));
    assert_eq!(code(pair.client.establish(&pair.ring, welcome.as_bytes(), at(T))), "ok");
}

#[test]
fn a_welcome_says_its_own_nonce_and_no_more() {
    let context = format!("hub>engine-7:welcome@{}", nonce(1).as_str());
    let id = nonce(2);
    for (payload, expected) in [
        (format!(r#"{{"session":"{}"}}"#, id.as_str()), "ok"),
        (format!(r#"{{"session":"{}"}}"#, nonce(3).as_str()), "malformed_payload"),
        (format!(r#"{{"session":"{}","more":1}}"#, id.as_str()), "malformed_payload"),
        ("{}".to_string(), "malformed_payload"),
    ] {
        let mut pair = Pair::apart(SessionOptions::default());
        let signer = crate::PacketSigner::new(pair.hub.clone()).unwrap();
        let welcome = signer.sign_json(payload.as_bytes(), &context, at(T), &id).unwrap();
        assert_eq!(code(pair.client.establish(&pair.ring, welcome.as_bytes(), at(T))), expected, "{payload}");

        let mut pair = Pair::apart(SessionOptions::default());
        let raw = signer.sign_bytes(payload.as_bytes(), &context, at(T), &id).unwrap();
        let verdict = code(pair.client.establish(&pair.ring, raw.as_bytes(), at(T)));
        assert_eq!(verdict, "malformed_payload", "bytes are no payload: {payload}");
    }
}

#[test]
fn a_welcome_is_the_servers() {
    let mut pair = Pair::apart(SessionOptions::default());
    pair.ring.add(key("other-1", "other")).unwrap();
    let context = format!("hub>engine-7:welcome@{}", nonce(1).as_str());
    let signer = crate::PacketSigner::new(key("other-1", "other")).unwrap();
    let payload = format!(r#"{{"session":"{}"}}"#, nonce(2).as_str());
    let welcome = signer.sign_json(payload.as_bytes(), &context, at(T), &nonce(2)).unwrap();
    assert_eq!(code(pair.client.establish(&pair.ring, welcome.as_bytes(), at(T))), "caller_not_allowed");
}

#[test]
fn a_server_signs_with_a_key_of_its_own() {
    let mut pair = Pair::apart(SessionOptions::default());
    pair.accept(T).unwrap();
    for wrong in [
        pair.engine.clone(),
        key_with(
            "t",
            KeyOptions { owner: Some("hub".to_string()), uses: [Use::Token].into(), ..KeyOptions::default() },
        ),
    ] {
        assert_eq!(code(pair.server.welcome(wrong, &nonce(2), at(T))), "malformed_argument");
        assert_eq!(pair.server.state(), SessionState::Handshake, "the caller's own mistake ends nothing");
    }
    pair.hub.revoke();
    assert_eq!(code(pair.welcome(T)), "revoked_key");
    assert!(is_ended(&pair.server, ErrorCode::RevokedKey));
}

#[test]
fn both_ends_have_names_of_their_own() {
    let options = SessionOptions::default;
    let client = |server, key| Session::client(key, server, options(), nonce(1), at(T));
    assert_eq!(code(client("hub", key("k", "hub"))), "caller_not_allowed");
    assert_eq!(code(client("a b", key("k", "e"))), "malformed_argument");
    let token = key_with("k", KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() });
    assert_eq!(code(client("hub", token)), "malformed_argument");
    assert_eq!(code(Session::server("", options(), at(T))), "malformed_argument");
    let wrong = SessionOptions { heartbeat_every: 0, ..options() };
    assert_eq!(code(Session::server("hub", wrong.clone(), at(T))), "malformed_argument");
    assert_eq!(code(Session::client(key("k", "e"), "hub", wrong, nonce(1), at(T))), "malformed_argument");
}

#[test]
fn a_token_is_escaped() {
    let pair = Pair::apart(SessionOptions::default());
    let handshake = pair.client.handshake("a\"b\\\n").unwrap();
    assert_eq!(handshake, format!(r#"{{"nonce":"{}","token":"a\"b\\\n"}}"#, nonce(1).as_str()));
}
