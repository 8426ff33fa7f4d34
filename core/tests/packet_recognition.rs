//! A packet that is recognised as a signer writes it gets the verdict that the strict reader would give.
//!
//! White space before a packet changes nothing but that it is no longer recognised, so each text is verified twice. Signatures are forged
//! over the text as it stands, so that what a recogniser let pass would be accepted.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use counterseal::{
    Authenticated, GuardOptions, Key, KeyOptions, Keyring, MemoryReplayGuard, Nonce, PacketOptions,
    PacketSigner, PacketVerifier, Result, Secret, Timestamp, Verified, testing,
};
use proptest::prelude::*;

const SECRET: [u8; 32] = [7; 32];
const NOW: u64 = 1_708_167_234;

fn now() -> Timestamp {
    Timestamp::new(NOW).unwrap()
}

fn ring() -> Keyring {
    Keyring::new(["k", "engine-7"].map(key)).unwrap()
}

fn key(id: &str) -> Key {
    Key::new(id, Secret::from_bytes(&SECRET).unwrap(), KeyOptions::default()).unwrap()
}

fn verifier() -> PacketVerifier {
    PacketVerifier::new(PacketOptions { body_limit: 60, ..PacketOptions::default() }).unwrap()
}

/// With room for a batch. A larger one costs an unoptimised build more than the rest of a case does.
fn guard() -> MemoryReplayGuard {
    MemoryReplayGuard::new(GuardOptions { capacity: 512, ..GuardOptions::default() }).unwrap()
}

/// All that a verdict says but the place of a fault.
fn verdict(
    result: Result<Verified<'_>>,
) -> std::result::Result<(String, u64, String, Vec<u8>), &'static str> {
    match result {
        Ok(verified) => Ok((
            verified.key_id().to_owned(),
            verified.timestamp().seconds(),
            verified.nonce().as_str().to_owned(),
            verified.body().as_bytes().to_vec(),
        )),
        Err(error) => Err(error.code().as_str()),
    }
}

fn check(text: &[u8]) -> std::result::Result<(), TestCaseError> {
    let spaced = [b" ", text].concat();
    let verify = |text| verdict(verifier().verify(&ring(), &mut guard(), text, "c", now()));
    prop_assert_eq!(verify(text), verify(&spaced), "{}", String::from_utf8_lossy(text));
    Ok(())
}

/// A packet signed over its members as they stand, whatever they are.
fn forged(kid: &str, ts: &str, nonce: &str, member: &str, kind: &str, body: &str) -> String {
    let input = format!("counterseal-packet-v1\n{kid}\n{ts}\n{nonce}\nc\n{kind}\n{body}");
    let sig = testing::signature(&SECRET, input.as_bytes());
    format!(r#"{{"v":1,"kid":"{kid}","ts":{ts},"nonce":"{nonce}","{member}":{body},"sig":"{sig}"}}"#)
}

fn payloads() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        "-?[0-9]{1,3}",
        "-?[0-9]{0,2}\\.[0-9]{0,3}",
        "[0-9]{1,2}e[+-]?[0-9]{1,2}",
        "[0-9]{15,22}"
    ];
    let text = prop_oneof!["\"[ab]{0,3}\"", "\"[\\\\nu01\"/é\u{1}]{0,3}\"", Just("\"\\u001f\"".to_owned())];
    let leaf =
        prop_oneof![number, text, Just("null".to_owned()), Just("true".to_owned()), Just("nul".to_owned())];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(("[abé]{0,2}", inner), 0..4).prop_map(|members| {
                let members: Vec<_> =
                    members.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

fn genuine() -> impl Strategy<Value = Vec<u8>> {
    let payloads = prop_oneof![
        Just(r#"{"a":[1,0.5,null],"b":"é\n"}"#),
        Just("42"),
        Just(r#"{"long":"0123456789012345678901234567890123456789012345678"}"#)
    ];
    (payloads, any::<[u8; 16]>(), NOW - 100..NOW + 20, any::<bool>()).prop_map(
        |(payload, nonce, ts, bytes)| {
            let signer = PacketSigner::new(key("engine-7")).unwrap();
            let (ts, nonce) = (Timestamp::new(ts).unwrap(), Nonce::from_bytes(nonce));
            let signed = if bytes {
                signer.sign_bytes(payload.as_bytes(), "c", ts, &nonce)
            } else {
                signer.sign_json(payload.as_bytes(), "c", ts, &nonce)
            };
            signed.unwrap().into_bytes()
        },
    )
}

fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, u8)>> {
    let byte = prop_oneof![prop::sample::select(&b"\"\\{}[],:.0129-eE AQgwz_~\n\xC3"[..]), any::<u8>()];
    prop::collection::vec((any::<prop::sample::Index>(), 0_u8..3, byte), 0..3)
}

fn edited(mut text: Vec<u8>, edits: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    for (place, edit, byte) in edits {
        let at = place.index(text.len());
        match edit {
            0 => text[at] = *byte,
            1 => text.insert(at, *byte),
            _ => drop(text.remove(at)),
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn edited_packets(text in genuine(), edits in edits()) {
        check(&edited(text, &edits))?;
    }

    #[test]
    fn payloads_signed_as_they_stand(payload in payloads()) {
        check(forged("k", "1708167234", "AAECAwQFBgcICQoLDA0ODw", "payload", "json", &payload).as_bytes())?;
    }

    #[test]
    fn members_signed_as_they_stand(
        kid in prop_oneof!["k", "[a\"\\\\é]{0,2}", "k[a-z ]{63,65}"],
        ts in prop_oneof![Just("1708167234".to_owned()), "0?17081672[0-9]{1,3}", "[0-9]{1,13}", "1708167234\\.?0?"],
        nonce in prop_oneof!["[A-D]{21}[AQgwBZ]", "[A_+=~-]{22}", "[AB]{21,23}"],
        data in any::<bool>(),
    ) {
        let (member, kind) = if data { ("data", "bytes") } else { ("payload", "json") };
        check(forged(&kid, &ts, &nonce, member, kind, if data { "\"\"" } else { "1" }).as_bytes())?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_batch_is_one_by_one(texts in prop::collection::vec((genuine(), edits(), any::<bool>()), 0..150)) {
        let texts: Vec<_> = texts
            .into_iter()
            .map(|(text, edits, whole)| if whole { text } else { edited(text, &edits) })
            .collect();
        // Each packet comes twice: the second is a replay.
        let packets: Vec<_> = texts.iter().chain(&texts).map(Vec::as_slice).collect();
        let (mut guard, mut batch_guard) = (guard(), guard());
        let batch = verifier().verify_batch(&ring(), &mut batch_guard, &packets, "c", now()).unwrap();
        prop_assert_eq!(batch.len(), packets.len());
        for (packet, result) in packets.iter().zip(batch) {
            let alone = verifier().verify(&ring(), &mut guard, packet, "c", now());
            prop_assert_eq!(verdict(alone), verdict(result));
        }
    }
}

#[test]
fn a_batch_shares_its_context() {
    let ring = ring();
    let refused = verifier().authenticate_batch(&ring, &[], "\n", now());
    assert_eq!(refused.err().unwrap().code().as_str(), "malformed_argument");
    assert!(Authenticated::claim_batch(Vec::new(), &mut guard()).is_empty());
}
