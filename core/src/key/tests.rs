use super::*;
use alloc::vec;

const TEXT: &str = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

fn secret() -> Secret {
    Secret::from_text(TEXT).unwrap()
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

fn key(id: &str, secret: Secret, uses: Vec<Use>) -> Key {
    Key::new(id, secret, KeyOptions { uses, ..KeyOptions::default() }).unwrap()
}

#[test]
fn the_encodings_agree() {
    let bytes: Vec<u8> = (0..32).collect();
    for text in [
        TEXT,
        "hex:000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "base64:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "base64url:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    ] {
        assert_eq!(Secret::from_text(text).unwrap().expose(), bytes, "{text}");
    }
    assert_eq!(
        Secret::from_text("utf8:é:0123456789012345678901234567890").unwrap().expose()[..3],
        *"é:".as_bytes()
    );
}

#[test]
fn refused_secrets() {
    for (text, code) in [
        ("", ErrorCode::MalformedKey),
        ("0001", ErrorCode::MalformedKey),
        ("HEX:00", ErrorCode::MalformedKey),
        ("hex:0", ErrorCode::MalformedKey),
        ("hex:0g", ErrorCode::MalformedKey),
        ("base64:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", ErrorCode::MalformedKey),
        ("base64url:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ErrorCode::MalformedKey),
        ("hex:", ErrorCode::WeakSecret),
        ("utf8:0123456789012345678901234567890", ErrorCode::WeakSecret),
    ] {
        assert_eq!(Secret::from_text(text).unwrap_err().code(), code, "{text}");
    }
    assert!(Secret::from_bytes(&[7; 1024]).is_ok());
    assert_eq!(Secret::from_bytes(&[7; 1025]).unwrap_err().code(), ErrorCode::MalformedKey);
    assert_eq!(Secret::from_bytes(&[7; 31]).unwrap_err().code(), ErrorCode::WeakSecret);
}

#[test]
fn debug_shows_no_secret() {
    assert_eq!(format!("{:?}", secret()), "Secret(..)");
    assert_eq!(format!("{:?}", key("k", secret(), vec![Use::Token])), r#"Key("k", owner="k")"#);
}

#[test]
fn windows_are_half_open() {
    let options = KeyOptions { not_before: at(10), not_after: Some(at(20)), ..KeyOptions::default() };
    let key = Key::new("k", secret(), options).unwrap();
    assert_eq!(key.check_status(at(9)), Err(ErrorCode::InactiveKey));
    assert_eq!(key.check_status(at(10)), Ok(()));
    assert_eq!(key.check_status(at(19)), Ok(()));
    assert_eq!(key.check_status(at(20)), Err(ErrorCode::InactiveKey));
    key.clone().revoke();
    assert_eq!(key.check_status(at(9)), Err(ErrorCode::RevokedKey));
}

#[test]
fn options_as_json() {
    let json = br#"{"owner":"o","not_before":10,"not_after":20,"revoked":true,"algorithms":["HS256"],"uses":["profile:github"]}"#;
    let key = Key::from_options("k", secret(), json).unwrap();
    assert_eq!(
        (key.owner(), key.is_revoked(), key.is_active(at(10)), key.is_active(at(20))),
        ("o", true, true, false)
    );
    assert_eq!(key.uses(), [Use::Profile("github".to_string())]);
    for (json, code) in [
        (r#"{"owner":""}"#, ErrorCode::MalformedKey),
        (r#"{"not_before":1.5}"#, ErrorCode::MalformedKey),
        (r#"{"not_before":20,"not_after":10}"#, ErrorCode::MalformedKey),
        (r#"{"algorithms":[]}"#, ErrorCode::MalformedKey),
        (r#"{"algorithms":["none"]}"#, ErrorCode::MalformedKey),
        (r#"{"algorithms":["HS256","HS384"]}"#, ErrorCode::WeakSecret),
        (r#"{"uses":[]}"#, ErrorCode::MalformedKey),
        (r#"{"uses":["packet","packet"]}"#, ErrorCode::MalformedKey),
        (r#"{"uses":["packet","token"]}"#, ErrorCode::MalformedKey),
        (r#"{"uses":["token","derive"]}"#, ErrorCode::MalformedKey),
        (r#"{"uses":["profile:"]}"#, ErrorCode::MalformedKey),
        (r#"{"colour":"red"}"#, ErrorCode::MalformedArgument),
    ] {
        assert_eq!(Key::from_options("k", secret(), json.as_bytes()).unwrap_err().code(), code, "{json}");
    }
    assert!(
        Key::from_options("k", secret(), br#"{"uses":["request","packet"],"not_before":10,"not_after":10}"#)
            .is_ok()
    );
}

#[test]
fn a_ring_has_each_id_once() {
    let twice = Keyring::new([key("k", secret(), vec![Use::Packet]), key("k", secret(), vec![Use::Packet])]);
    assert_eq!(twice.unwrap_err().code(), ErrorCode::MalformedKey);
}

#[test]
fn a_ring_keeps_exclusive_uses_apart() {
    let packet = || key("p", secret(), vec![Use::Packet]);
    for (other, fits) in
        [(Use::Request, true), (Use::Packet, true), (Use::Token, false), (Use::Derive, false)]
    {
        let ring = Keyring::new([packet(), key("o", secret(), vec![other.clone()])]);
        assert_eq!(ring.is_ok(), fits, "{other}");
    }
    let token = |id| key(id, secret(), vec![Use::Token]);
    assert!(Keyring::new([token("a"), token("b")]).is_ok());
}

#[test]
fn a_padded_or_hashed_secret_is_the_same_key() {
    let padded = Secret::from_bytes(&[&[7; 32][..], &[0; 8]].concat()).unwrap();
    let bare = Secret::from_bytes(&[7; 32]).unwrap();
    assert!(Keyring::new([key("a", bare, vec![Use::Packet]), key("b", padded, vec![Use::Token])]).is_err());
}

#[test]
fn a_key_that_is_removed_leaves_the_others_of_its_secret_exclusive() {
    let mut ring = Keyring::new(["a", "b"].map(|id| key(id, secret(), vec![Use::Packet]))).unwrap();
    let token = || key("t", secret(), vec![Use::Token]);
    assert!(ring.remove("a"));
    assert_eq!(ring.add(token()).unwrap_err().code(), ErrorCode::MalformedKey);
    assert!(ring.remove("b"));
    assert!(ring.add(token()).is_ok());
}

#[test]
fn find_goes_in_order() {
    let mut ring = Keyring::new([key("k", secret(), vec![Use::Token])]).unwrap();
    assert_eq!(ring.find("x", &Use::Token, at(0)).unwrap_err(), ErrorCode::UnknownKey);
    assert_eq!(ring.find("k", &Use::Packet, at(0)).unwrap_err(), ErrorCode::UnknownKey);
    assert_eq!(ring.find("k", &Use::Token, at(0)).unwrap().id(), "k");
    assert!(ring.revoke("k"));
    assert!(!ring.revoke("x"));
    assert_eq!(ring.find("k", &Use::Token, at(0)).unwrap_err(), ErrorCode::RevokedKey);
    assert!(ring.remove("k"));
    assert!(!ring.remove("k"));
    assert!(ring.add(key("p", secret(), vec![Use::Packet])).is_ok());
}
