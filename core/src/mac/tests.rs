use super::*;
use crate::testing::CachedKey;
use alloc::vec::Vec;
use hmac::{Hmac, KeyInit, Mac};

/// Bytes that differ from each other and from zero here and there.
fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 151 + at / 251 + 7) as u8).collect()
}

fn expected(secret: &[u8], input: &[u8]) -> [u8; 32] {
    Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(input).finalize().into_bytes().into()
}

#[test]
fn every_length_of_secret() {
    for length in 0..=200 {
        let secret = bytes(length);
        assert_eq!(MacKey::new(&secret).mac(&[b"input"]), expected(&secret, b"input"), "{length}");
    }
}

#[test]
fn every_length_of_input() {
    let (secret, input) = (bytes(32), bytes(1100));
    let key = MacKey::new(&secret);
    for length in 0..=input.len() {
        let input = &input[..length];
        assert_eq!(key.mac(&[input]), expected(&secret, input), "{length}");
    }
}

#[test]
fn parts_are_one_message() {
    let (secret, input) = (bytes(32), bytes(400));
    let key = MacKey::new(&secret);
    assert_eq!(key.mac(&[]), expected(&secret, b""));
    for cut in (0..=400).step_by(7) {
        let (first, rest) = input.split_at(cut);
        let (second, third) = rest.split_at(rest.len() / 3);
        assert_eq!(key.mac(&[first, second, third]), expected(&secret, &input), "{cut}");
    }
}

#[test]
fn messages_with_a_head() {
    let (secret, input) = (bytes(32), bytes(900));
    let key = MacKey::new(&secret);
    for head in 0..=128 {
        for body in (0..=330).chain([640, 641, 700, 703, 704, 705]) {
            let (input, _) = input.split_at(head + body);
            let (first, rest) = input.split_at(head);
            let mut buffer = [0; 256];
            let mut message = Message::keyed(&mut buffer);
            message.short(first);
            assert_eq!(key.mac_of(message.end(rest)), expected(&secret, input), "{head} {body}");
            let mut buffer = [0; 256];
            let mut message = Message::plain(&mut buffer);
            message.short(first);
            assert_eq!(sha256(message.end(rest))[..], Sha256::digest(input)[..], "{head} {body}");
        }
    }
}

#[test]
fn the_whole_tag_and_nothing_else_fits() {
    let secret = bytes(32);
    let tag = expected(&secret, b"input");
    let text = base64::encode_tag(&tag);
    let key = CachedKey::new(&secret);
    assert!(key.fits(b"input", &text));
    assert!(!key.fits(b"inpux", &text));
    assert!(!key.fits(b"input", &base64::encode_tag(&key.mac(b"other"))));
    assert!(MacKey::new(&secret).verify(&[b"in", b"put"], &tag));
    assert!(!MacKey::new(&secret).verify(&[b"input"], &tag[..31]));
}

#[test]
fn the_dummy_is_a_key_like_any_other() {
    assert_eq!(MacKey::dummy().mac(&[b"input"]), expected(&[0; 32], b"input"));
}
