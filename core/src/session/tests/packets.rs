//! What goes to and fro in an open session, and what is refused there.

use super::*;
use crate::PacketSigner;
use alloc::format;

fn sealed(key: &Key, context: &str, payload: &str, number: u8) -> String {
    let signer = PacketSigner::new(key.clone()).unwrap();
    signer.sign_json(payload.as_bytes(), context, at(T), &nonce(number)).unwrap()
}

#[test]
fn packets_go_both_ways() {
    let mut pair = Pair::open(SessionOptions::default());
    let up = pair.up("status", r#"{"job":42}"#, T);
    let verified = pair.server.verify(&pair.ring, "status", up.as_bytes(), at(T)).unwrap();
    assert_eq!((verified.owner(), verified.body().as_bytes()), ("engine-7", &br#"{"job":42}"#[..]));
    let down = pair.down("job", "[1]", T);
    assert_eq!(pair.at_client("job", &down, T), "ok");
    let raw = pair.client.sign_bytes("frame", &[0, 255], at(T), &nonce(50)).unwrap();
    let verified = pair.server.verify(&pair.ring, "frame", raw.as_bytes(), at(T)).unwrap();
    assert_eq!(verified.body().as_bytes(), [0, 255]);
}

#[test]
fn a_packet_is_bound_to_direction_event_and_session() {
    let id = nonce(2);
    let id = id.as_str();
    let other = nonce(9);
    for (context, expected) in [
        (format!("engine-7>hub:status@{id}"), "ok"),
        (format!("hub>engine-7:status@{id}"), "bad_signature"),
        (format!("engine-7>hub:state@{id}"), "bad_signature"),
        (format!("engine-7>hub:status@{}", other.as_str()), "bad_signature"),
        (format!("engine-8>hub:status@{id}"), "bad_signature"),
        (format!("engine-7>hub2:status@{id}"), "bad_signature"),
        (format!("engine-7>hub:status@{id} "), "bad_signature"),
        ("status".to_string(), "bad_signature"),
    ] {
        let mut pair = Pair::open(SessionOptions::default());
        let packet = sealed(&pair.engine, &context, "{}", 40);
        assert_eq!(pair.at_server("status", &packet, T), expected, "{context}");
        assert_eq!(is_ended(&pair.server, ErrorCode::BadSignature), expected != "ok", "{context}");
    }
}

#[test]
fn a_reflected_packet_is_refused() {
    let mut pair = Pair::open(SessionOptions::default());
    let down = pair.down("job", "1", T);
    assert_eq!(pair.at_server("job", &down, T), "bad_signature");
    let mut pair = Pair::open(SessionOptions::default());
    let up = pair.up("job", "1", T);
    assert_eq!(pair.at_client("job", &up, T), "bad_signature");
}

#[test]
fn the_key_is_the_peers() {
    let mut pair = Pair::open(SessionOptions::default());
    let context = format!("engine-7>hub:status@{}", nonce(2).as_str());
    let packet = sealed(&pair.hub, &context, "{}", 40);
    assert_eq!(pair.at_server("status", &packet, T), "caller_not_allowed");
    assert!(is_ended(&pair.server, ErrorCode::CallerNotAllowed));
}

#[test]
fn the_first_refusal_ends_it() {
    let mut pair = Pair::open(SessionOptions::default());
    let packet = pair.up("status", "1", T);
    assert_eq!(pair.at_server("status", &packet, T), "ok");
    assert_eq!(pair.at_server("status", &packet, T), "replayed");
    assert!(is_ended(&pair.server, ErrorCode::Replayed));
    let good = pair.up("status", "1", T);
    assert_eq!(pair.at_server("status", &good, T), "replayed", "every later call answers what ended it");
    assert_eq!(code(pair.server.heartbeat(at(T), &nonce(60))), "replayed");
    assert_eq!(code(pair.server.poll(at(T))), "replayed");
    assert_eq!((pair.server.peer(), pair.server.id()), (Some("engine-7"), None));
}

#[test]
fn a_host_may_refuse_and_keep() {
    let mut pair = Pair::open(keep());
    let packet = pair.up("status", "1", T);
    assert_eq!(pair.at_server("status", &packet, T), "ok");
    for (event, packet, expected) in [
        ("status", packet.as_str(), "replayed"),
        ("other", packet.as_str(), "bad_signature"),
        ("status", "{}", "malformed_packet"),
        ("a b", packet.as_str(), "malformed_packet"),
    ] {
        assert_eq!(pair.at_server(event, packet, T), expected);
        assert_eq!(pair.server.state(), SessionState::Open);
    }
    let good = pair.up("status", "2", T);
    assert_eq!(pair.at_server("status", &good, T), "ok");
}

#[test]
fn an_event_has_its_grammar() {
    let mut pair = Pair::open(SessionOptions::default());
    for event in ["", "a b", "a@b", &"e".repeat(65), "heartbeat", "welcome"] {
        assert_eq!(
            code(pair.client.sign_json(event, b"{}", at(T), &nonce(40))),
            "malformed_argument",
            "{event}"
        );
        assert_eq!(
            code(pair.client.sign_bytes(event, b"", at(T), &nonce(40))),
            "malformed_argument",
            "{event}"
        );
    }
    assert_eq!(pair.client.state(), SessionState::Open);
    let packet = pair.up("status", "1", T);
    assert_eq!(pair.at_server("sta tus", &packet, T), "malformed_packet", "the peer named it");
    assert!(is_ended(&pair.server, ErrorCode::MalformedPacket));
}

#[test]
fn names_of_every_length_fit_a_context() {
    let (long, other) = ("s".repeat(64), "c".repeat(64));
    let options = SessionOptions::default();
    let mut server = Session::server(&long, options.clone(), at(T)).unwrap();
    let mut client = Session::client(key("c", &other), &long, options, nonce(1), at(T)).unwrap();
    let tokens = Tokens::new("{}");
    let claims = format!(r#"{{"engineId":"{other}","exp":{}}}"#, T + 60);
    let handshake = client.handshake(&tokens.text(&claims)).unwrap();
    server.accept(&tokens.verifier, &tokens.ring, handshake.as_bytes(), at(T)).unwrap();
    let welcome = server.welcome(key("s", &long), &nonce(2), at(T)).unwrap();
    let ring = Keyring::new([key("s", &long), key("c", &other)]).unwrap();
    client.establish(&ring, welcome.as_bytes(), at(T)).unwrap();
    let event = "e".repeat(64);
    let packet = client.sign_json(&event, b"1", at(T), &nonce(3)).unwrap();
    assert!(server.verify(&ring, &event, packet.as_bytes(), at(T)).is_ok());
}

#[test]
fn a_payload_of_ones_own_that_is_refused_ends_nothing() {
    let options = SessionOptions { body_limit: 10, ..SessionOptions::default() };
    let mut pair = Pair::open(SessionOptions::default());
    assert_eq!(code(pair.client.sign_json("status", b"{", at(T), &nonce(40))), "malformed_payload");
    assert_eq!(pair.client.state(), SessionState::Open);

    // The welcome fits no limit of ten bytes, so this end is opened with a larger one.
    let mut client = Session::client(pair.engine.clone(), "hub", options, nonce(1), at(T)).unwrap();
    assert_eq!(client.text_limit(), 10 * 4 + 4096);
    let context = format!("hub>engine-7:welcome@{}", nonce(1).as_str());
    let welcome = sealed(&pair.hub, &context, &format!(r#"{{"session":"{}"}}"#, nonce(4).as_str()), 4);
    assert_eq!(code(client.establish(&pair.ring, welcome.as_bytes(), at(T))), "payload_too_large");
}

#[test]
fn a_full_guard_refuses() {
    let options = SessionOptions { guard_capacity: 2, ..SessionOptions::default() };
    let mut pair = Pair::open(options);
    for expected in ["ok", "ok", "rate_limited"] {
        let packet = pair.up("status", "1", T);
        assert_eq!(pair.at_server("status", &packet, T), expected);
    }
}
