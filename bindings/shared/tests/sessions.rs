//! Sessions as foreign callers have them: plain types, both ends, one session for many threads.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use counterseal_shared::{
    Key, Keyring, Result, Secret, Session, TicketIssuer, TokenIssuer, TokenVerifier, refusal, ticket_keys,
};
use std::thread;

const NOW: Option<f64> = Some(1_708_167_234.0);

fn code<T>(result: Result<T>) -> &'static str {
    result.map_or_else(|error| error.code().as_str(), |_| "ok")
}

fn key(id: &str, options: &str) -> Key {
    Key::new(id, &Secret::from_bytes(&[7; 32]).unwrap(), options).unwrap()
}

fn tokens() -> (TokenIssuer, TokenVerifier) {
    let key = Key::new("auth", &Secret::from_bytes(&[8; 32]).unwrap(), r#"{"uses":["token"]}"#).unwrap();
    let ring = Keyring::new(&[&key]).unwrap();
    (TokenIssuer::new(&key, "{}").unwrap(), TokenVerifier::new(&ring, "{}").unwrap())
}

fn pair(now: Option<f64>) -> (Session, Session) {
    let (hub, engine) = (key("hub", "{}"), key("engine-7", "{}"));
    let ring = Keyring::new(&[&hub, &engine]).unwrap();
    let server = Session::server("hub", "{}", now).unwrap();
    let client = Session::client(&engine, "hub", &ring, "{}", now, None).unwrap();
    let (issuer, verifier) = tokens();
    let token = issuer.issue(br#"{"engineId":"engine-7"}"#, r#"{"expires_in":60}"#, now).unwrap();
    let handshake = client.handshake(&token).unwrap();
    assert_eq!(server.accept(&verifier, handshake.as_bytes(), now).unwrap().key_id(), "auth");
    let welcome = server.welcome(&hub, &ring, now, None).unwrap();
    client.establish(welcome.as_bytes(), now).unwrap();
    (server, client)
}

#[test]
fn both_ends_live_by_the_systems_clock() {
    let (server, client) = pair(None);
    assert_eq!(
        (server.state(), server.peer().as_deref(), client.peer().as_deref()),
        ("open", Some("engine-7"), Some("hub"))
    );
    assert!(server.id().is_some() && server.id() == client.id());
    assert!(client.poll(None).unwrap());
    let beat = client.heartbeat(None, None).unwrap();
    assert_eq!(server.verify("heartbeat", beat.as_bytes(), None).unwrap().owner(), "engine-7");
    let frame = server.sign_bytes("frame", &[0], None, None).unwrap();
    assert_eq!(client.verify("frame", frame.as_bytes(), None).unwrap().body().as_bytes(), [0]);
    assert_eq!(code(client.verify("frame", frame.as_bytes(), None)), "replayed");
    assert_eq!((client.state(), client.code(), client.deadline()), ("ended", Some("replayed"), None));
    server.close();
    assert_eq!((server.state(), server.code()), ("ended", None));
}

#[test]
fn a_sealed_packet_is_the_packet() {
    let (server, client) = pair(NOW);
    let nonce = Some("AAECAwQFBgcICQoLDA0ODw");
    let text = client.sign_json("status", b"[1, 2]", NOW, nonce).unwrap();
    assert_eq!(client.seal_json("status", b"[1, 2]", NOW, nonce).unwrap().to_text(), text);
    assert_eq!(server.verify("status", text.as_bytes(), NOW).unwrap().body().as_bytes(), b"[1,2]");
    assert_eq!(code(client.seal_json("welcome", b"1", NOW, None)), "malformed_argument");
    assert_eq!(code(client.seal_json("status", b"1", Some(1_708_167_250.0), None)), "heartbeat_missed");
}

#[test]
fn time_is_judged_as_everywhere() {
    let (server, client) = pair(NOW);
    assert_eq!(server.deadline(), Some(1_708_167_239.0));
    let half = Some(0.5);
    assert_eq!(code(Session::server("hub", "{}", half)), "malformed_argument");
    for verdict in [
        code(server.poll(half)),
        code(server.heartbeat(half, None)),
        code(server.heartbeat(NOW, Some("short"))),
        code(server.sign_json("job", b"1", half, None)),
        code(server.sign_bytes("job", b"1", NOW, Some(""))),
        code(server.verify("job", b"", half)),
        code(client.establish(b"", half)),
    ] {
        assert_eq!(verdict, "malformed_argument");
    }
    assert_eq!((server.state(), client.state()), ("open", "open"));
}

#[test]
fn threads_share_a_session_and_each_packet_counts_once() {
    let (server, client) = pair(NOW);
    let packets: Vec<_> = (0..200).map(|_| client.sign_json("status", b"1", NOW, None).unwrap()).collect();
    let accepted = thread::scope(|scope| {
        let parts: Vec<_> = packets.chunks(50).collect();
        let verify = |part: &[String]| {
            part.iter().filter(|packet| server.verify("status", packet.as_bytes(), NOW).is_ok()).count()
        };
        let threads: Vec<_> = parts.into_iter().map(|part| scope.spawn(move || verify(part))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
    });
    assert_eq!((accepted, server.state()), (200, "open"));
    assert_eq!(code(server.verify("status", packets[0].as_bytes(), NOW)), "replayed");
}

#[test]
fn a_ticket_opens_a_session_of_its_own() {
    let master = Secret::from_bytes(&[9; 32]).unwrap();
    let token_key =
        Key::new("tickets", &Secret::from_bytes(&[8; 32]).unwrap(), r#"{"uses":["token"]}"#).unwrap();
    let issuer = TicketIssuer::new(&master, &token_key, "dashboard").unwrap();
    assert_eq!(code(issuer.issue("page-1", "{}", NOW)), "malformed_argument");
    let ticket = issuer.issue("page-1", r#"{"expires_in":60}"#, NOW).unwrap();
    assert_eq!(ticket.expires, 1_708_167_294.0);

    let page = Key::new(&ticket.key_id, &ticket.secret, r#"{"owner":"page-1"}"#).unwrap();
    let hub = Key::new("hub", &ticket.secret, "{}").unwrap();
    let client = Session::client(&page, "hub", &Keyring::new(&[&hub]).unwrap(), "{}", NOW, None).unwrap();
    let server = Session::server("hub", r#"{"identity":"sub"}"#, NOW).unwrap();
    let policy = r#"{"typ":"counterseal-ticket+jwt","audience":"dashboard"}"#;
    let verifier = TokenVerifier::new(&Keyring::new(&[&token_key]).unwrap(), policy).unwrap();
    let handshake = client.handshake(&ticket.token).unwrap();
    let verified = server.accept(&verifier, handshake.as_bytes(), NOW).unwrap();
    let (own, pages) = ticket_keys(&master, &verified, "hub").unwrap();
    let welcome = server.welcome(&own, &Keyring::new(&[&pages]).unwrap(), NOW, None).unwrap();
    client.establish(welcome.as_bytes(), NOW).unwrap();
    let packet = client.sign_json("open", b"1", NOW, None).unwrap();
    assert_eq!(server.verify("open", packet.as_bytes(), NOW).unwrap().owner(), "page-1");
    assert_eq!(code(server.poll(Some(1_708_167_294.0))), "inactive_key");
}

#[test]
fn a_refusal_tells_a_peer_its_class() {
    assert_eq!(refusal("replayed", NOW).unwrap(), r#"{"class":"unauthorized","status":401}"#);
    assert_eq!(refusal("expired", NOW).unwrap(), r#"{"class":"unauthorized","now":1708167234,"status":401}"#);
    assert_eq!(code(refusal("no_such_code", NOW)), "malformed_argument");
}

#[test]
fn debug_shows_no_secret() {
    let (server, _) = pair(NOW);
    assert_eq!(format!("{server:?}"), r#"Session(open, peer=Some("engine-7"))"#);
}
