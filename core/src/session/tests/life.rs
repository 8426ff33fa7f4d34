//! What ends a session without a packet, to the second; and calls at the wrong time.

use super::*;
use alloc::format;

#[test]
fn heartbeats_are_due_and_missed_at_both_ends() {
    let mut pair = Pair::open(SessionOptions::default());
    assert!(pair.client.poll(at(T)).unwrap(), "the client proves its key at once");
    assert_eq!(pair.client.deadline(), Some(at(T)));
    assert!(!pair.server.poll(at(T + 4)).unwrap());
    assert_eq!(pair.server.deadline(), Some(at(T + 5)));
    assert!(pair.server.poll(at(T + 5)).unwrap());
    pair.beat(T + 5);
    assert!(!pair.client.poll(at(T + 9)).unwrap() && !pair.server.poll(at(T + 9)).unwrap());
    assert_eq!(pair.client.deadline(), Some(at(T + 10)));
    for end in [&mut pair.client, &mut pair.server] {
        assert!(end.poll(at(T + 20)).unwrap());
        assert_eq!(code(end.poll(at(T + 21))), "heartbeat_missed");
        assert!(is_ended(end, ErrorCode::HeartbeatMissed));
    }
}

#[test]
fn only_a_heartbeat_is_a_sign_of_life() {
    let mut pair = Pair::open(SessionOptions::default());
    let packet = pair.up("status", "1", T + 14);
    assert_eq!(pair.at_server("status", &packet, T + 14), "ok");
    assert_eq!(code(pair.server.poll(at(T + 16))), "heartbeat_missed");
}

#[test]
fn a_heartbeat_says_nothing() {
    for (payload, expected) in
        [("{}", "ok"), ("[]", "malformed_payload"), (r#"{"a":1}"#, "malformed_payload")]
    {
        let mut pair = Pair::open(keep());
        let context = format!("engine-7>hub:heartbeat@{}", nonce(2).as_str());
        let signer = crate::PacketSigner::new(pair.engine.clone()).unwrap();
        let packet = signer.sign_json(payload.as_bytes(), &context, at(T + 9), &nonce(40)).unwrap();
        assert_eq!(pair.at_server("heartbeat", &packet, T + 9), expected, "{payload}");
        let lives = code(pair.server.poll(at(T + 20)));
        assert_eq!(lives, if expected == "ok" { "ok" } else { "heartbeat_missed" }, "{payload}");
    }
    let mut pair = Pair::open(SessionOptions::default());
    let context = format!("engine-7>hub:heartbeat@{}", nonce(2).as_str());
    let signer = crate::PacketSigner::new(pair.engine.clone()).unwrap();
    let raw = signer.sign_bytes(b"{}", &context, at(T), &nonce(40)).unwrap();
    assert_eq!(pair.at_server("heartbeat", &raw, T), "malformed_payload", "bytes are no payload");
}

#[test]
fn a_clock_set_back_counts_nobody_out_or_in() {
    let mut pair = Pair::open(SessionOptions::default());
    pair.beat(T + 10);
    assert!(pair.server.poll(at(T)).is_ok());
    let (up, down) = (pair.fresh(), pair.fresh());
    let up = pair.client.heartbeat(at(T + 2), &up).unwrap();
    assert_eq!(pair.at_server("heartbeat", &up, T + 2), "ok");
    let down = pair.server.heartbeat(at(T + 2), &down).unwrap();
    assert_eq!(pair.at_client("heartbeat", &down, T + 2), "ok");
    assert!(pair.server.poll(at(T + 25)).is_ok(), "the heartbeat of T + 10 still counts");
    assert_eq!(code(pair.server.poll(at(T + 26))), "heartbeat_missed");
}

#[test]
fn a_token_ends_its_session_when_its_verifier_would_refuse_it() {
    let window = SessionOptions { heartbeat_window: 3600, ..SessionOptions::default() };
    for (policy, claims, end) in [
        ("{}", format!(r#""exp":{}"#, T + 60), T + 90),
        (r#"{"leeway":0}"#, format!(r#""exp":{}"#, T + 60), T + 60),
        (r#"{"leeway":0}"#, format!(r#""exp":{}.5"#, T + 60), T + 61),
        (r#"{"leeway":5,"max_age":20}"#, format!(r#""exp":{},"iat":{}"#, T + 60, T), T + 26),
        (r#"{"leeway":5,"max_age":20}"#, format!(r#""exp":{},"iat":{}.5"#, T + 60, T - 1), T + 25),
        (r#"{"leeway":5,"max_age":200}"#, format!(r#""exp":{},"iat":{}"#, T + 60, T), T + 65),
    ] {
        let mut pair = Pair { tokens: Tokens::new(policy), ..Pair::apart(window.clone()) };
        let token = pair.tokens.text(&format!(r#"{{"engineId":"engine-7",{claims}}}"#));
        let handshake = pair.client.handshake(&token).unwrap();
        pair.accept_text(&handshake, T).unwrap();
        pair.welcome(T).unwrap();
        assert!(pair.server.poll(at(end - 1)).is_ok(), "{claims}");
        // The verifier is the measure: the session ends in the second in which a new connection with this token would be refused.
        let again = |now| code(pair.tokens.verifier.verify(&pair.tokens.ring, token.as_bytes(), at(now)));
        assert_eq!((again(end - 1), again(end)), ("ok", "token_expired"), "{claims}");
        assert_eq!(code(pair.server.poll(at(end))), "token_expired", "{claims}");
        assert!(is_ended(&pair.server, ErrorCode::TokenExpired));
    }
}

#[test]
fn a_token_that_expired_opens_nothing() {
    let mut pair = Pair { tokens: Tokens::new(r#"{"leeway":0}"#), ..Pair::apart(SessionOptions::default()) };
    let token = pair.tokens.text(&format!(r#"{{"engineId":"engine-7","exp":{}}}"#, T + 5));
    let handshake = pair.client.handshake(&token).unwrap();
    pair.accept_text(&handshake, T).unwrap();
    assert_eq!(pair.server.deadline(), Some(at(T + 5)));
    assert!(!pair.server.poll(at(T + 4)).unwrap());
    assert_eq!(code(pair.welcome(T + 5)), "token_expired");
    assert!(is_ended(&pair.server, ErrorCode::TokenExpired));
}

#[test]
fn the_deadline_is_the_earliest_of_all() {
    let every = SessionOptions { heartbeat_every: 100, heartbeat_window: 200, ..SessionOptions::default() };
    let mut pair = Pair::open(every.clone());
    assert_eq!(pair.server.deadline(), Some(at(T + 100)));
    let nonce_ = pair.fresh();
    pair.server.heartbeat(at(T + 110), &nonce_).unwrap();
    assert_eq!(pair.server.deadline(), Some(at(T + 201)), "the peer's window");

    let mut pair = Pair { tokens: Tokens::new(r#"{"leeway":0}"#), ..Pair::apart(every.clone()) };
    let token = pair.tokens.text(&format!(r#"{{"engineId":"engine-7","exp":{}}}"#, T + 60));
    let handshake = pair.client.handshake(&token).unwrap();
    pair.accept_text(&handshake, T).unwrap();
    pair.welcome(T).unwrap();
    assert_eq!(pair.server.deadline(), Some(at(T + 60)), "the token's end");

    let ends = |owner: &str, end| KeyOptions {
        owner: Some(owner.to_string()),
        not_after: Some(at(end)),
        ..KeyOptions::default()
    };
    let mut pair = Pair::apart(every);
    pair.hub = key_with("hub-1", ends("hub", T + 50));
    let engine = key_with("engine-7", ends("engine-7", T + 40));
    pair.ring = Keyring::new([pair.hub.clone(), engine]).unwrap();
    pair.accept(T).unwrap();
    let welcome = pair.welcome(T).unwrap();
    pair.client.establish(&pair.ring, welcome.as_bytes(), at(T)).unwrap();
    assert_eq!(pair.server.deadline(), Some(at(T + 50)), "the server's own key");
    let up = pair.up("status", "1", T);
    assert_eq!(pair.at_server("status", &up, T), "ok");
    assert_eq!(pair.server.deadline(), Some(at(T + 40)), "the client's key, once it is known");
    assert_eq!(code(pair.server.poll(at(T + 39))), "ok");
    assert_eq!(code(pair.server.poll(at(T + 40))), "inactive_key");
}

#[test]
fn a_revoked_key_ends_it_at_either_end() {
    let mut pair = Pair::open(SessionOptions::default());
    pair.beat(T);
    assert!(pair.ring.revoke("engine-7"));
    assert_eq!(code(pair.server.poll(at(T))), "revoked_key", "the client's key, at the server");
    assert_eq!(code(pair.client.poll(at(T))), "revoked_key", "its own key, at the client");

    let mut pair = Pair::open(keep());
    pair.ring.revoke("hub-1");
    assert_eq!(code(pair.client.poll(at(T))), "revoked_key", "the welcome's key is known to the client");
    assert!(is_ended(&pair.client, ErrorCode::RevokedKey));
    assert_eq!(code(pair.server.poll(at(T))), "revoked_key");

    let mut pair = Pair::open(SessionOptions::default());
    pair.ring.revoke("engine-7");
    assert!(pair.server.poll(at(T)).is_ok(), "no packet of the client has shown its key yet");
}

#[test]
fn a_session_that_ran_out_judges_no_packet() {
    let mut pair = Pair::open(SessionOptions::default());
    let packet = pair.up("status", "1", T + 10);
    assert_eq!(pair.at_server("status", &packet, T + 16), "heartbeat_missed");
    assert!(is_ended(&pair.server, ErrorCode::HeartbeatMissed));
}

#[test]
fn closing_is_no_refusal() {
    let mut pair = Pair::open(SessionOptions::default());
    pair.server.close();
    assert_eq!((pair.server.state(), pair.server.code()), (SessionState::Ended, None));
    assert_eq!(code(pair.server.poll(at(T))), "malformed_argument");
    let packet = pair.up("status", "1", T);
    assert_eq!(pair.at_server("status", &packet, T), "malformed_argument");
    let mut refused = Pair::open(SessionOptions::default());
    assert_eq!(refused.at_server("status", "{}", T), "malformed_packet");
    refused.server.close();
    assert!(is_ended(&refused.server, ErrorCode::MalformedPacket), "why it ended stays");
    assert_eq!(code(refused.server.handshake("t")), "malformed_packet", "whatever is called");
}

#[test]
fn calls_at_the_wrong_time_end_nothing() {
    let mut pair = Pair::apart(SessionOptions::default());
    assert_eq!(code(pair.server.handshake("t")), "malformed_argument");
    assert_eq!(code(pair.welcome(T)), "malformed_argument");
    assert_eq!(code(pair.server.establish(&pair.ring, b"{}", at(T))), "malformed_argument");
    assert_eq!(code(pair.server.sign_json("status", b"1", at(T), &nonce(40))), "malformed_argument");
    assert_eq!(code(pair.server.sign_bytes("status", b"1", at(T), &nonce(40))), "malformed_argument");
    assert_eq!(code(pair.client.heartbeat(at(T), &nonce(40))), "malformed_argument");
    assert_eq!(pair.at_client("status", "{}", T), "malformed_argument");
    let (tokens, ring) = (&pair.tokens.verifier, &pair.tokens.ring);
    assert_eq!(code(pair.client.accept(tokens, ring, b"{}", at(T))), "malformed_argument");
    assert!(!pair.client.poll(at(T)).unwrap() && !pair.server.poll(at(T)).unwrap());
    pair.accept(T).unwrap();
    assert_eq!(code(pair.accept(T)), "malformed_argument", "a second handshake");
    let welcome = pair.welcome(T).unwrap();
    assert_eq!(code(pair.welcome(T)), "malformed_argument", "a second welcome");
    pair.client.establish(&pair.ring, welcome.as_bytes(), at(T)).unwrap();
    assert_eq!(code(pair.client.handshake("t")), "malformed_argument");
    let again = pair.client.establish(&pair.ring, welcome.as_bytes(), at(T));
    assert_eq!(code(again), "malformed_argument", "a second welcome, at the client");
    assert_eq!((pair.server.state(), pair.client.state()), (SessionState::Open, SessionState::Open));
}

#[test]
fn debug_shows_no_secret() {
    let pair = Pair::open(SessionOptions::default());
    assert_eq!(format!("{:?}", pair.server), r#"Session(open, peer=Some("engine-7"))"#);
}
