use super::*;
use crate::key::Keyring;
use crate::token::{Policy, TokenVerifier};

const T: u64 = 1_708_167_234;

fn at(second: u64) -> Timestamp {
    Timestamp::new(second).unwrap()
}

fn master() -> Secret {
    Secret::from_bytes(&core::array::from_fn::<u8, 32, _>(|at| at as u8)).unwrap()
}

fn token_key() -> Key {
    let options = KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() };
    Key::new("tickets-1", Secret::from_bytes(&[7; 32]).unwrap(), options).unwrap()
}

fn verified(token: &str, policy: &str) -> VerifiedToken {
    let verifier = TokenVerifier::new(Policy::from_json(policy.as_bytes()).unwrap());
    verifier.verify(&Keyring::new([token_key()]).unwrap(), token.as_bytes(), at(T)).unwrap()
}

fn issuer() -> TicketIssuer {
    TicketIssuer::new(&master(), &token_key(), "dashboard").unwrap()
}

fn code<T>(result: Result<T>) -> &'static str {
    result.map_or_else(|error| error.code().as_str(), |_| "ok")
}

const POLICY: &str = r#"{"typ":"counterseal-ticket+jwt","audience":"dashboard"}"#;

#[test]
fn the_golden_secret() {
    let jti = Nonce::parse("EBESExQVFhcYGRobHB0eHw").unwrap();
    let ticket = issuer().issue("page-1", 3600, &jti, at(T)).unwrap();
    assert_eq!((&*ticket.key_id, ticket.expires), ("EBESExQVFhcYGRobHB0eHw.1708170834", at(T + 3600)));
    let golden = "hex:10115b70d24a40355f97341616274e8e7e9efe00288214b60b76ca9b389e3418";
    assert_eq!(ticket.secret.expose(), Secret::from_text(golden).unwrap().expose());
}

#[test]
fn a_server_derives_the_same_secret_from_what_the_ticket_says() {
    let ticket = issuer().issue("page-1", 300, &Nonce::from_bytes([3; 16]), at(T)).unwrap();
    let (own, owners) = ticket_keys(&master(), &verified(&ticket.token, POLICY), "hub").unwrap();
    assert_eq!((owners.id(), owners.owner()), (&*ticket.key_id, "page-1"));
    assert_eq!((own.id(), own.owner()), ("hub", "hub"));
    for key in [&own, &owners] {
        assert_eq!(key.secret_bytes(), ticket.secret.expose());
        assert_eq!(key.uses(), [Use::Packet]);
        assert!(key.is_active(at(T + 299)) && !key.is_active(at(T + 300)));
    }
    let other = ticket_keys(&Secret::from_bytes(&[9; 32]).unwrap(), &verified(&ticket.token, POLICY), "hub");
    assert_ne!(other.unwrap().1.secret_bytes(), ticket.secret.expose());
}

#[test]
fn a_token_of_another_kind_is_no_ticket() {
    let jti = Nonce::from_bytes([3; 16]);
    let ticket = issuer().issue("page-1", 300, &jti, at(T)).unwrap();
    let ring = Keyring::new([token_key()]).unwrap();
    let usual = TokenVerifier::new(Policy::from_json(br#"{"audience":"dashboard"}"#).unwrap());
    assert_eq!(code(usual.verify(&ring, ticket.token.as_bytes(), at(T))), "malformed_token");
    let tickets = TokenVerifier::new(Policy::from_json(POLICY.as_bytes()).unwrap());
    let issuer = TokenIssuer::new(&token_key(), Algorithm::Hs256).unwrap();
    let claims = crate::json::read(br#"{"sub":"page-1","aud":"dashboard"}"#).unwrap();
    let token = issuer.issue(&claims, 300, Some(&jti), at(T)).unwrap();
    assert_eq!(code(tickets.verify(&ring, token.as_bytes(), at(T))), "malformed_token");
    let token = verified(&token, r#"{"audience":"dashboard"}"#);
    assert_eq!(code(ticket_keys(&master(), &token, "hub")), "malformed_argument");
}

#[test]
fn a_ticket_says_who_until_when_and_which() {
    let issuer = TokenIssuer::of_type(&token_key(), Algorithm::Hs256, TICKET_TYP).unwrap();
    let jti = "AAECAwQFBgcICQoLDA0ODw";
    let exp = T + 300;
    for (claims, expected) in [
        (format!(r#""sub":"p","jti":"{jti}","exp":{exp}"#), "ok"),
        (format!(r#""jti":"{jti}","exp":{exp}"#), "claim_missing"),
        (format!(r#""sub":"p","exp":{exp}"#), "claim_missing"),
        (format!(r#""sub":"p q","jti":"{jti}","exp":{exp}"#), "claim_invalid"),
        (format!(r#""sub":5,"jti":"{jti}","exp":{exp}"#), "claim_invalid"),
        (format!(r#""sub":"p","jti":"{jti}A","exp":{exp}"#), "claim_invalid"),
        (format!(r#""sub":"p","jti":1,"exp":{exp}"#), "claim_invalid"),
        (format!(r#""sub":"p","jti":"{jti}","exp":{exp}.5"#), "claim_invalid"),
    ] {
        let token =
            issuer.issue_text(format!(r#"{{"aud":"dashboard",{claims}}}"#).as_bytes(), at(T)).unwrap();
        assert_eq!(code(ticket_keys(&master(), &verified(&token, POLICY), "hub")), expected, "{claims}");
    }
    let addressed_to_nobody = format!(r#"{{"sub":"p","jti":"{jti}","exp":{exp}}}"#);
    let token = issuer.issue_text(addressed_to_nobody.as_bytes(), at(T)).unwrap();
    let token = verified(&token, r#"{"typ":"counterseal-ticket+jwt"}"#);
    assert_eq!(code(ticket_keys(&master(), &token, "hub")), "claim_missing");
    let ticket = self::issuer().issue("page-1", 300, &Nonce::from_bytes([3; 16]), at(T)).unwrap();
    let token = verified(&ticket.token, POLICY);
    assert_eq!(code(ticket_keys(&master(), &token, "a b")), "malformed_argument");
}

#[test]
fn an_issuer_judges_what_it_is_given() {
    let jti = Nonce::from_bytes([3; 16]);
    assert_eq!(code(issuer().issue("a b", 300, &jti, at(T))), "malformed_argument");
    assert_eq!(code(issuer().issue("p", 0, &jti, at(T))), "malformed_argument");
    assert_eq!(code(TicketIssuer::new(&master(), &token_key(), "")), "malformed_argument");
    let packets = Key::new("k", master(), KeyOptions::default()).unwrap();
    assert_eq!(code(TicketIssuer::new(&master(), &packets, "d")), "malformed_argument");
    let shown = format!("{:?} {:?}", issuer(), issuer().issue("p", 1, &jti, at(T)).unwrap().secret);
    assert!(!shown.contains("0, 1, 2") && shown.contains("Secret(..)"), "{shown}");
}
