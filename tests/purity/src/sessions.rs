//! Both ends of a session, and the tickets that open one.

use crate::{Answers, now};
use counterseal::{
    Algorithm, Class, ErrorCode, Key, KeyOptions, Keyring, Nonce, OnRefusal, Policy, Refusal, Result, Secret,
    Session, SessionOptions, SessionState, TICKET_TYP, TicketIssuer, TokenVerifier, Use, Verified,
    VerifiedToken, ticket_keys,
};

pub(super) fn call(answers: &mut Answers) -> Result<()> {
    let token_key = token_key()?;
    let issuer = TicketIssuer::new(&master()?, &token_key, "dashboard")?;
    let ticket = TicketIssuer::issue(&issuer, "page-1", 60, &Nonce::from_bytes([1; 16]), now())?;
    let policy = Policy::audience(Policy::typ(Policy::new(), TICKET_TYP), ["dashboard"])?;
    let (tokens, token_ring) = (TokenVerifier::new(policy), Keyring::new([token_key])?);
    let verified = TokenVerifier::verify(&tokens, &token_ring, ticket.token.as_bytes(), now())?;
    answers.due(VerifiedToken::expires(&verified) == ticket.expires.seconds() + 30);
    let (hub, page) = ticket_keys(&master()?, &verified, "hub")?;
    answers.due(page.id() == ticket.key_id);
    let ring = Keyring::new([hub.clone(), page.clone()])?;

    let mut server = Session::server("hub", options()?, now())?;
    let mut client = Session::client(page, "hub", options()?, Nonce::from_bytes([2; 16]), now())?;
    let handshake = Session::handshake(&client, &ticket.token)?;
    answers.due(Session::accept(&mut server, &tokens, &token_ring, handshake.as_bytes(), now()).is_ok());
    let welcome = Session::welcome(&mut server, hub, &Nonce::from_bytes([3; 16]), now())?;
    answers.due(Session::establish(&mut client, &ring, welcome.as_bytes(), now()).is_ok());
    exchange(answers, &mut server, &mut client, &ring)?;
    refusals(answers);
    Ok(())
}

fn exchange(answers: &mut Answers, server: &mut Session, client: &mut Session, ring: &Keyring) -> Result<()> {
    answers.due(Session::peer(server) == Some("page-1") && Session::peer(client) == Some("hub"));
    answers.due(Session::id(server) == Session::id(client));
    answers.due(Session::poll(client, now())? && Session::deadline(client) == Some(now()));
    let beat = Session::heartbeat(client, now(), &Nonce::from_bytes([4; 16]))?;
    answers.due(Session::verify(server, ring, "heartbeat", beat.as_bytes(), now()).is_ok());
    let packet = Session::sign_json(server, "job", b"1", now(), &Nonce::from_bytes([5; 16]))?;
    let verified = Session::verify(client, ring, "job", packet.as_bytes(), now())?;
    answers.due(Verified::owner(&verified) == "hub");
    let packet = Session::sign_bytes(server, "frame", b"1", now(), &Nonce::from_bytes([6; 16]))?;
    let sealed = Session::seal_json(server, "job", b"1", now(), &Nonce::from_bytes([7; 16]))?;
    answers.due(sealed.key_id() == "hub");
    answers.due(Session::verify(client, ring, "other", packet.as_bytes(), now()).is_err());
    answers.due(Session::code(client) == Some(ErrorCode::BadSignature));
    answers.due(Session::text_limit(server) == 4 * 1024 * 1024 + 4096);
    Session::close(server);
    answers.due(SessionState::as_str(Session::state(server)) == "ended");
    Ok(())
}

fn refusals(answers: &mut Answers) {
    answers.due(OnRefusal::parse("keep") == Some(OnRefusal::Keep));
    let refusal = Refusal::new(ErrorCode::Expired, now());
    answers.due(refusal.class == Class::Unauthorized);
    answers.due(Refusal::to_json(&refusal) == r#"{"class":"unauthorized","now":1708167234,"status":401}"#);
}

fn options() -> Result<SessionOptions> {
    SessionOptions::from_json(br#"{"identity":"sub","heartbeat_window":15}"#)
}

fn master() -> Result<Secret> {
    Secret::from_bytes(&[9; 32])
}

fn token_key() -> Result<Key> {
    let options = KeyOptions {
        uses: [Use::Token].into(),
        algorithms: [Algorithm::Hs256].into(),
        ..KeyOptions::default()
    };
    Key::new("tickets-1", Secret::from_bytes(&[7; 32])?, options)
}
