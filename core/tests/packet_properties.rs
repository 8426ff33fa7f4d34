//! What must hold of every packet: what is signed verifies, any change is refused, and no two packets share a signing input.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use counterseal::{
    Body, ErrorCode, GuardOptions, Key, KeyOptions, Keyring, Kind, MemoryReplayGuard, Nonce, PacketOptions,
    PacketSigner, PacketVerifier, Secret, Timestamp,
};
use proptest::prelude::*;

fn key(id: &str) -> Key {
    Key::new(id, Secret::from_bytes(&[7; 32]).unwrap(), KeyOptions::default()).unwrap()
}

fn verify<'a>(
    key_id: &str,
    packet: &'a [u8],
    context: &str,
    now: Timestamp,
) -> counterseal::Result<Body<'a>> {
    let ring = Keyring::new([key(key_id)]).unwrap();
    let mut guard = MemoryReplayGuard::new(GuardOptions { capacity: 8, ..GuardOptions::default() }).unwrap();
    let verifier = PacketVerifier::new(PacketOptions::default()).unwrap();
    verifier.verify(&ring, &mut guard, packet, context, now).map(counterseal::Verified::into_body)
}

fn names() -> impl Strategy<Value = String> {
    "[A-Za-z0-9._~-]{1,64}"
}

fn contexts() -> impl Strategy<Value = String> {
    "[ -~]{0,40}"
}

fn times() -> impl Strategy<Value = Timestamp> {
    (0..=Timestamp::MAX.seconds()).prop_map(|seconds| Timestamp::new(seconds).unwrap())
}

fn nonces() -> impl Strategy<Value = Nonce> {
    any::<[u8; 16]>().prop_map(Nonce::from_bytes)
}

/// A payload as JSON text, with white space and escapes that its canonical form does not have.
fn payloads() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|flag| flag.to_string()),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(|number| format!("{number:e}")),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[ {} ]", items.join(" , "))),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|members| {
                let members: Vec<_> = members
                    .into_iter()
                    .rev()
                    .map(|(name, value)| format!("{}\t:\n{value}", serde_json::to_string(&name).unwrap()))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_signed_verifies(id in names(), payload in payloads(), context in contexts(), ts in times(), nonce in nonces()) {
        let packet = PacketSigner::new(key(&id)).unwrap().sign_json(payload.as_bytes(), &context, ts, &nonce).unwrap();
        let body = verify(&id, packet.as_bytes(), &context, ts).unwrap();
        prop_assert_eq!(body, Body::Json(counterseal::json::canonical(payload.as_bytes()).unwrap().into()));
    }

    #[test]
    fn bytes_arrive_as_they_were(data in prop::collection::vec(any::<u8>(), 0..200), ts in times(), nonce in nonces()) {
        let packet = PacketSigner::new(key("k")).unwrap().sign_bytes(&data, "c", ts, &nonce).unwrap();
        prop_assert_eq!(verify("k", packet.as_bytes(), "c", ts).unwrap(), Body::Bytes(data.into()));
    }

    #[test]
    fn any_flipped_bit_is_refused(payload in payloads(), ts in times(), nonce in nonces(), at in any::<prop::sample::Index>(), bit in 0_u32..8) {
        let mut packet = PacketSigner::new(key("k")).unwrap().sign_json(payload.as_bytes(), "c", ts, &nonce).unwrap().into_bytes();
        let at = at.index(packet.len());
        packet[at] ^= 1_u8 << bit;
        // A flip may only change the spelling (\u000b to \u000B): what was signed still arrives, and nothing else does.
        if let Ok(body) = verify("k", &packet, "c", ts) {
            prop_assert_eq!(body, Body::Json(counterseal::json::canonical(payload.as_bytes()).unwrap().into()));
        }
    }

    #[test]
    fn any_flipped_bit_of_raw_bytes_is_refused(data in prop::collection::vec(any::<u8>(), 1..200), ts in times(), nonce in nonces(), at in any::<prop::sample::Index>(), bit in 0_u32..8) {
        let mut packet = PacketSigner::new(key("k")).unwrap().sign_bytes(&data, "c", ts, &nonce).unwrap().into_bytes();
        let at = at.index(packet.len());
        packet[at] ^= 1_u8 << bit;
        prop_assert!(verify("k", &packet, "c", ts).is_err());
    }

    #[test]
    fn another_context_is_refused(context in contexts(), other in contexts(), ts in times(), nonce in nonces()) {
        prop_assume!(context != other);
        let packet = PacketSigner::new(key("k")).unwrap().sign_json(b"{}", &context, ts, &nonce).unwrap();
        prop_assert_eq!(verify("k", packet.as_bytes(), &other, ts).unwrap_err().code(), ErrorCode::BadSignature);
    }

    #[test]
    fn different_packets_have_different_signatures(a in parts(), b in parts()) {
        prop_assume!(a != b);
        prop_assert_ne!(sign(&a), sign(&b));
    }

    #[test]
    fn a_shifted_boundary_changes_the_signature(id in "[A-Za-z0-9]{2,20}", context in "[ -~]{1,20}", body in "[ -~]{1,20}", ts in times(), nonce in nonces()) {
        let here = (id.clone(), context.clone(), body.clone().into_bytes(), ts, nonce);
        let (head, tail) = context.split_at(context.len() - 1);
        let shifted = (id, head.to_owned(), format!("{tail}{body}").into_bytes(), ts, nonce);
        prop_assert_ne!(sign(&here), sign(&shifted));
    }
}

type Signed = (String, String, Vec<u8>, Timestamp, Nonce);

/// Few values each, so that a pair often differs in one part only.
fn parts() -> impl Strategy<Value = Signed> {
    let few_times = (9_u64..12).prop_map(|seconds| Timestamp::new(seconds).unwrap());
    let few_nonces = (0_u8..2).prop_map(|byte| Nonce::from_bytes([byte; 16]));
    (
        "[a1]{1,2}",
        "[a1 ]{0,2}",
        prop::collection::vec(prop_oneof![Just(b'\n'), Just(b'1')], 0..3),
        few_times,
        few_nonces,
    )
}

fn sign((id, context, body, ts, nonce): &Signed) -> String {
    PacketSigner::new(key(id)).unwrap().sign_parts(Kind::Bytes, body, context, *ts, nonce).unwrap()
}
