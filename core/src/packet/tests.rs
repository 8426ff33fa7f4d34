use super::*;
use crate::QUICK;
use crate::error::{Error, ErrorCode, Result};
use crate::key::{Key, KeyOptions, Keyring, Secret, Use};
use crate::mac::not_abreast;
use crate::nonce::Nonce;
use crate::replay::{Claim, GuardOptions, MemoryReplayGuard, ReplayGuard, ReplayMark, SignedNonce};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::Cell;

const NOW: u64 = 1_708_167_234;
const NONCE: &str = "AAECAwQFBgcICQoLDA0ODw";
const GOLDEN: &str = r#"{"v":1,"kid":"engine-7","ts":1708167234,"nonce":"AAECAwQFBgcICQoLDA0ODw","payload":{"a":"\u0007\n\"\\/","job":42,"né":[1,1e+21,1e-7,0],"status":"FINISHED","€":null},"sig":"1v-poh--kq5rgAY2M_I-7YNcV1sTIjyGtFJnlqZgLxI"}"#;
const GOLDEN_BYTES: &str = r#"{"v":1,"kid":"engine-7","ts":1708167234,"nonce":"AAECAwQFBgcICQoLDA0ODw","data":"AP8K","sig":"7dtiu_WmKsvsYxxiPDXQCHmmiblrR2H0TltB69ReYqU"}"#;

fn at(seconds: u64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

fn key_with(options: KeyOptions) -> Key {
    let secret = Secret::from_bytes(&core::array::from_fn::<u8, 32, _>(|i| i as u8)).unwrap();
    Key::new("engine-7", secret, options).unwrap()
}

fn key() -> Key {
    key_with(KeyOptions::default())
}

fn nonce() -> Nonce {
    Nonce::parse(NONCE).unwrap()
}

fn guard() -> MemoryReplayGuard {
    MemoryReplayGuard::new(GuardOptions::default()).unwrap()
}

fn verifier() -> PacketVerifier {
    PacketVerifier::new(PacketOptions::default()).unwrap()
}

fn verify<'a>(packet: &'a str, context: &str, now: u64) -> Result<Verified<'a>> {
    let ring = Keyring::new([key()]).unwrap();
    verifier().verify(&ring, &mut guard(), packet.as_bytes(), context, at(now))
}

fn code<T>(result: Result<T>) -> &'static str {
    result.err().as_ref().map_or("ok", |error: &Error| error.code().as_str())
}

#[test]
fn golden_packets() {
    let signer = PacketSigner::new(key()).unwrap();
    let payload =
        r#"{"status":"FINISHED","job":42.0,"a":"\u0007\n\"\\\/","né":[1,1E21,0.0000001,-0],"€":null}"#;
    assert_eq!(signer.sign_json(payload.as_bytes(), "engine_status", at(NOW), &nonce()).unwrap(), GOLDEN);
    assert_eq!(signer.sign_bytes(&[0, 0xFF, 0x0A], "", at(NOW), &nonce()).unwrap(), GOLDEN_BYTES);
    let value = crate::json::read(payload.as_bytes()).unwrap();
    assert_eq!(signer.sign_value(&value, "engine_status", at(NOW), &nonce()).unwrap(), GOLDEN);
}

#[test]
fn evidence() {
    let verified = verify(GOLDEN, "engine_status", NOW + 60).unwrap();
    assert_eq!(
        (verified.key_id(), verified.owner(), verified.timestamp()),
        ("engine-7", "engine-7", at(NOW))
    );
    assert_eq!(verified.nonce().as_str(), NONCE);
    assert_eq!(verified.body().kind(), Kind::Json);
    assert!(verified.body().as_bytes().starts_with(br#"{"a":"#));
    assert_eq!(verify(GOLDEN_BYTES, "", NOW).unwrap().into_body(), Body::Bytes((&[0, 0xFF, 0x0A]).into()));
}

#[test]
fn the_first_fault_in_text_order_decides() {
    for (packet, expected) in [
        ("", "malformed_packet"),
        ("[]", "malformed_packet"),
        ("{}", "malformed_packet"),
        (r#"{"payload":"#, "malformed_payload"),
        (r#"{"payload":  "#, "malformed_payload"),
        (r#"{"payload""#, "malformed_packet"),
        (r#"{"payload":}"#, "malformed_payload"),
        (r#"{"payload":1x,"v":2}"#, "malformed_payload"),
        (r#"{"payload":"a"x}"#, "malformed_packet"),
        (r#"{"payload":1,"data":"AA"}"#, "malformed_packet"),
        (r#"{"kid":"a b","payload":01}"#, "malformed_packet"),
        (r#"{"payload":01,"kid":"a b"}"#, "malformed_payload"),
        (r#"{"payload":1,"payload":01}"#, "malformed_packet"),
        (r#"{"v":1,}"#, "malformed_packet"),
        (r#"{"v":1.0}"#, "malformed_packet"),
        (r#"{"v":2}"#, "unsupported_version"),
        (r#"{"\u0076":2,"payload":{"a":1,"a":"\ud800"}}"#, "unsupported_version"),
        (r#"{"v":2,"v":2}"#, "malformed_packet"),
        (r#"{"v":2,"payload":01}"#, "malformed_packet"),
        (r#"{"payload":01,"v":2}"#, "malformed_payload"),
    ] {
        assert_eq!(code(verify(packet, "", NOW)), expected, "{packet}");
    }
    assert_eq!(code(verify(&format!("{GOLDEN}x"), "engine_status", NOW)), "malformed_packet");
    let no_comma = verify(r#"{"v":1 "kid":"k"}"#, "", NOW).unwrap_err();
    assert_eq!(no_comma.detail(), "a comma or the closing brace must stand here (byte 7)");
}

#[test]
fn each_part_has_its_grammar() {
    for (from, to) in [
        (r#""v":1"#, r#""v":"1""#),
        (r#""v":1,"#, ""),
        (r#""kid":"engine-7","#, ""),
        (r#""ts":1708167234,"#, ""),
        (r#""nonce":"AAECAwQFBgcICQoLDA0ODw","#, ""),
        (r#""data":"AP8K","#, ""),
        (r#","sig":"7dtiu_WmKsvsYxxiPDXQCHmmiblrR2H0TltB69ReYqU""#, ""),
        ("engine-7", "engine 7"),
        ("1708167234", "1708167234.0"),
        ("1708167234", "-1"),
        ("1708167234", "253402300800"),
        ("1708167234", "\"1708167234\""),
        (r#""AAECAwQFBgcICQoLDA0ODw""#, r#"["AAECAwQFBgcICQoLDA0ODw"]"#),
        ("ODw", "ODx"),
        ("AP8K", "AP8K="),
        ("ReYqU", "ReYqV"),
        ("ReYqU", "ReYq"),
        (r#""v":1"#, r#""v":1,"note":0"#),
    ] {
        let packet = GOLDEN_BYTES.replacen(from, to, 1);
        assert_ne!(packet, GOLDEN_BYTES);
        assert_eq!(code(verify(&packet, "", NOW)), "malformed_packet", "{packet}");
    }
}

#[test]
fn any_order_and_white_space_and_escapes_are_read() {
    let packet = r#" { "sig" : "7dtiu_WmKsvsYxxiPDXQCHmmiblrR2H0TltB69ReYqU" , "\u0064ata" : "\u0041P8K",
        "nonce":"AAECAwQFBgcICQoLDA0ODw","ts":1708167234,"kid":"engine-7","v":1 } "#;
    assert_eq!(code(verify(packet, "", NOW)), "ok");
}

#[test]
fn checks_stop_at_the_first_failure() {
    let forged = GOLDEN.replace("42", "43");
    assert_eq!(code(verify(&forged, "engine_status", NOW + 9000)), "bad_signature");
    assert_eq!(code(verify(GOLDEN, "engine_command", NOW)), "bad_signature");
    assert_eq!(code(verify(GOLDEN, "engine_status", NOW + 61)), "expired");
    assert_eq!(code(verify(GOLDEN, "engine_status", NOW - 6)), "not_yet_valid");
    assert_eq!(code(verify(GOLDEN, "a\nb", NOW)), "malformed_argument");

    let allow =
        |owner: &str| PacketVerifier::from_options(format!(r#"{{"allow":["{owner}"]}}"#).as_bytes()).unwrap();
    let ring = Keyring::new([key()]).unwrap();
    let verify =
        |owner, now| allow(owner).verify(&ring, &mut guard(), GOLDEN.as_bytes(), "engine_status", at(now));
    assert_eq!(code(verify("engine-7", NOW)), "ok");
    assert_eq!(code(verify("engine-8", NOW)), "caller_not_allowed");
    assert_eq!(code(verify("engine-8", NOW + 61)), "expired");
}

#[test]
fn a_forged_packet_does_not_burn_a_nonce() {
    let (ring, mut guard) = (Keyring::new([key()]).unwrap(), guard());
    let mut verify = |packet: &str| {
        { verifier().verify(&ring, &mut guard, packet.as_bytes(), "engine_status", at(NOW)) }.map(drop)
    };
    assert_eq!(code(verify(&GOLDEN.replace("42", "43"))), "bad_signature");
    assert_eq!(code(verify(GOLDEN)), "ok");
    assert_eq!(code(verify(GOLDEN)), "replayed");
}

#[test]
fn a_key_revoked_while_the_nonce_is_claimed_is_refused() {
    struct Revoking(Key);
    impl ReplayGuard for Revoking {
        fn scope(&self) -> &str {
            ""
        }
        fn claim(&mut self, _: &Claim<'_>) -> Result<(), ErrorCode> {
            self.0.revoke();
            Ok(())
        }
    }
    let key = key();
    let ring = Keyring::new([key.clone()]).unwrap();
    let result = verifier().verify(&ring, &mut Revoking(key), GOLDEN.as_bytes(), "engine_status", at(NOW));
    assert_eq!(code(result), "revoked_key");
}

#[test]
fn a_guard_hears_of_a_nonce_before_it_is_claimed() {
    struct Listening(Cell<Vec<ReplayMark>>);
    impl ReplayGuard for Listening {
        fn scope(&self) -> &str {
            ""
        }
        fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
            let heard = self.0.take();
            assert!(!QUICK || heard == [claim.nonce.mark()]);
            Ok(())
        }
        fn expect(&self, nonce: &SignedNonce<'_>) {
            let heard = self.0.take();
            self.0.set([heard, [nonce.mark()].into()].concat());
        }
    }
    let (ring, mut guard) = (Keyring::new([key()]).unwrap(), Listening(Cell::default()));
    let mut verify = |packet: &str| {
        let result = { verifier().verify(&ring, &mut guard, packet.as_bytes(), "engine_status", at(NOW)) };
        (code(result.map(drop)), guard.0.take().len())
    };
    assert_eq!(verify(GOLDEN), ("ok", 0));
    assert_eq!(verify(&GOLDEN.replace("engine-7", "engine-8")), ("unknown_key", 0));
    // Which line a forger has fetched is all that comes of it.
    assert_eq!(verify(&GOLDEN.replace("42", "43")), ("bad_signature", usize::from(QUICK)));
}

#[test]
fn the_limit_comes_after_grammar_unless_the_text_is_far_too_long() {
    let verifier = PacketVerifier::from_options(br#"{"body_limit":3}"#).unwrap();
    let ring = Keyring::new([key()]).unwrap();
    let verify =
        |packet: &str| verifier.verify(&ring, &mut guard(), packet.as_bytes(), "", at(NOW)).map(drop);
    assert_eq!(code(verify(GOLDEN_BYTES)), "ok");
    assert_eq!(code(verify(&GOLDEN_BYTES.replace("AP8K", "AP8KAA"))), "payload_too_large");
    assert_eq!(
        code(verify(&GOLDEN_BYTES.replace("AP8K", "AP8KAA").replace("7dt", "7d"))),
        "malformed_packet"
    );
    let padded = |spaces: usize| format!("{GOLDEN_BYTES}{}", " ".repeat(spaces));
    assert_eq!(code(verify(&padded(4 * 3 + 4096 - GOLDEN_BYTES.len()))), "ok");
    assert_eq!(code(verify(&padded(4 * 3 + 4097 - GOLDEN_BYTES.len()))), "payload_too_large");
}

#[test]
fn parts_are_judged_like_a_packet() {
    let signer = PacketSigner::new(key()).unwrap();
    let ring = Keyring::new([key()]).unwrap();
    let sign = |kind, body: &[u8]| signer.sign_parts(kind, body, "", at(NOW), &nonce());
    assert_eq!(sign(Kind::Bytes, &[0, 0xFF, 0x0A]).unwrap(), "7dtiu_WmKsvsYxxiPDXQCHmmiblrR2H0TltB69ReYqU");
    assert_eq!(code(sign(Kind::Json, b"{ }")), "malformed_payload");
    let sig = sign(Kind::Json, b"{}").unwrap();
    let parts =
        Parts { key_id: "engine-7", kind: Kind::Json, body: b"{}", ts: at(NOW), nonce: NONCE, sig: &sig };
    let verify = |parts| {
        code(verifier().authenticate_parts(&ring, &parts, "", at(NOW)).and_then(|it| it.claim(&mut guard())))
    };
    assert_eq!(verify(parts), "ok");
    assert_eq!(verify(Parts { body: b" {}", ..parts }), "malformed_payload");
    assert_eq!(verify(Parts { kind: Kind::Bytes, ..parts }), "bad_signature");
    assert_eq!(verify(Parts { key_id: "engine 7", ..parts }), "malformed_packet");
    assert_eq!(verify(Parts { nonce: "", ..parts }), "malformed_packet");
    assert_eq!(verify(Parts { sig: "", ..parts }), "malformed_packet");
}

#[test]
fn signing_needs_a_key_that_may() {
    let token = key_with(KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() });
    assert_eq!(code(PacketSigner::new(token)), "malformed_argument");
    let revoked = PacketSigner::new(key_with(KeyOptions { revoked: true, ..KeyOptions::default() })).unwrap();
    assert_eq!(code(revoked.sign_bytes(b"", "", at(NOW), &nonce())), "revoked_key");
    let ended = PacketSigner::new(key_with(KeyOptions { not_after: Some(at(NOW)), ..KeyOptions::default() }))
        .unwrap();
    assert_eq!(code(ended.sign_bytes(b"", "", at(NOW), &nonce())), "inactive_key");
    assert_eq!(code(ended.sign_bytes(b"", "", at(NOW - 1), &nonce())), "ok");
}

#[test]
fn options_are_judged() {
    for bad in [
        r#"{"max_age":0}"#,
        r#"{"max_ahead":3601}"#,
        r#"{"allow":["a b"]}"#,
        r#"{"body_limit":0}"#,
        r#"{"age":1}"#,
    ] {
        assert_eq!(code(PacketVerifier::from_options(bad.as_bytes())), "malformed_argument", "{bad}");
    }
    assert_eq!(code(PacketSigner::from_options(key(), br#"{"max_age":1}"#)), "malformed_argument");
    let limited = PacketSigner::from_options(key(), br#"{"body_limit":2}"#).unwrap();
    assert_eq!(code(limited.sign_json(b"123", "", at(NOW), &nonce())), "payload_too_large");
    assert_eq!(code(limited.sign_json(b" 12 ", "", at(NOW), &nonce())), "ok");
    for (bytes, expected) in
        [(0, "malformed_argument"), (1, "ok"), (536_870_912, "ok"), (536_870_913, "malformed_argument")]
    {
        let options = PacketOptions { body_limit: bytes, ..PacketOptions::default() };
        assert_eq!(code(PacketVerifier::new(options)), expected, "{bytes}");
        let json = format!(r#"{{"body_limit":{bytes}}}"#);
        assert_eq!(code(PacketVerifier::from_options(json.as_bytes())), expected, "{bytes}");
    }
    let owners = PacketOptions { allow: Some(["a b".to_string()].into()), ..PacketOptions::default() };
    assert_eq!(code(PacketVerifier::new(owners)), "malformed_argument");
}

/// Packets of many lengths and both kinds, some of them with a fault.
fn mixed(count: usize) -> Vec<String> {
    let signer = PacketSigner::new(key()).unwrap();
    (0..count)
        .map(|n| {
            let body = "x".repeat([0, 40, 41, 300, 1000, 60, 5][n % 7] * (1 + n % 3));
            let nonce = Nonce::from_bytes((n as u128).to_be_bytes());
            let ts = at(NOW - [0, 5, 61][n % 41 % 3]);
            let packet = match n % 5 {
                0 => signer.sign_bytes(body.as_bytes(), "c", ts, &nonce),
                _ => signer.sign_json(format!("{{\"a\":\"{body}\"}}").as_bytes(), "c", ts, &nonce),
            };
            let packet = packet.unwrap();
            match n % 13 {
                1 => packet.replace("engine-7", "engine-8"),
                2 => packet.replace("engine-7", &"e".repeat(4000)),
                3 => packet.replace("\"ts\":17081", "\"ts\":17080"),
                4 => packet.replace(r#"{"v":1,"#, r#"{ "v":1,"#),
                5 => packet.replace("\"}", "!\"}"),
                _ => packet,
            }
        })
        .collect()
}

#[test]
fn a_batch_is_answered_as_one_by_one_whatever_the_processor_has() {
    type Verdict = core::result::Result<(Vec<u8>, Nonce), ErrorCode>;
    let verdict = |one: Result<Authenticated<'_, '_>>| -> Verdict {
        one.map(|one| (one.body.as_bytes().to_vec(), one.nonce)).map_err(|error| error.code())
    };
    let (ring, verifier) = (Keyring::new([key()]).unwrap(), verifier());
    let mut seen = Vec::new();
    for count in [0, 1, 7, 8, 15, 16, 17, 64, 65, 300] {
        let texts = mixed(count);
        let packets: Vec<_> = texts.iter().map(|text| text.as_bytes()).collect();
        let alone: Vec<_> =
            packets.iter().map(|one| verdict(verifier.authenticate(&ring, one, "c", at(NOW)))).collect();
        let mut slowly = Vec::new();
        for packets in packets.chunks(64) {
            let mut window = Vec::new();
            verifier.judge_abreast(&ring, packets, ("c", at(NOW)), &not_abreast, &mut window);
            slowly.extend(window.into_iter().map(verdict));
        }
        let mut pairs = Vec::new();
        verifier.judge_pairs(&ring, &packets, ("c", at(NOW)), &mut pairs);
        assert_eq!(pairs.into_iter().map(verdict).collect::<Vec<_>>(), alone, "{count}");
        assert_eq!(slowly, alone, "{count}");
        let batch = verifier.authenticate_batch(&ring, &packets, "c", at(NOW)).unwrap();
        assert_eq!(batch.into_iter().map(verdict).collect::<Vec<_>>(), alone, "{count}");
        seen.extend(alone.into_iter().map(|one| one.map_or_else(ErrorCode::as_str, |_| "ok")));
    }
    for code in ["ok", "unknown_key", "bad_signature", "expired", "malformed_packet"] {
        assert!(seen.iter().filter(|seen| **seen == code).count() > 5, "{code}");
    }
}

/// The claims of a batch are answered as one by one: the same nonce twice, an owner that holds its share, a guard that began later.
#[test]
fn a_batch_claims_as_one_by_one() {
    let (ring, verifier) = (Keyring::new([key()]).unwrap(), verifier());
    let verdict = |one: Result<Verified<'_>>| match one {
        Ok(one) => format!("{:?} {}", one.body(), one.nonce().as_str()),
        Err(error) => error.code().as_str().to_string(),
    };
    let mut texts = mixed(300);
    (0..300).step_by(7).for_each(|n| texts[n] = texts[n / 2].clone());
    let packets: Vec<_> = texts.iter().map(|text| text.as_bytes()).collect();
    let mut seen = Vec::new();
    for (capacity, start) in [(1000, 0), (90, 0), (1000, NOW - 3)] {
        let guard = || {
            let options = GuardOptions { capacity, start: at(start), ..GuardOptions::default() };
            MemoryReplayGuard::new(options).unwrap()
        };
        let (mut one_guard, mut other, mut third) = (guard(), guard(), guard());
        let alone: Vec<_> = packets
            .iter()
            .map(|packet| verdict(verifier.verify(&ring, &mut one_guard, packet, "c", at(NOW))))
            .collect();
        let batch = verifier.verify_batch(&ring, &mut other, &packets, "c", at(NOW)).unwrap();
        assert_eq!(batch.into_iter().map(verdict).collect::<Vec<_>>(), alone);
        let batch = verifier.authenticate_batch(&ring, &packets, "c", at(NOW)).unwrap();
        let batch = Authenticated::claim_batch(batch, &mut third);
        assert_eq!(batch.into_iter().map(verdict).collect::<Vec<_>>(), alone);
        seen.extend(alone);
    }
    for code in ["replayed", "rate_limited", "replay_guard_starting", "bad_signature", "malformed_packet"] {
        assert!(seen.iter().any(|seen| seen == code), "{code}");
    }
}
