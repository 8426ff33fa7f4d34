use super::*;
use alloc::vec::Vec;

const ALL: &str = r#"{"algorithms":["HS256","HS384","HS512"]}"#;

#[test]
fn key_status_comes_before_the_signature() {
    let with = |change: fn(&mut KeyOptions)| {
        let mut options = options();
        change(&mut options);
        ring([Key::new("auth-1", secret(), options).unwrap()])
    };
    let bad = format!("{}.AAAA", unsigned(HEADER.as_bytes(), b"not JSON"));
    let code = |ring: &Keyring, now| answer_of(ring, &Policy::new(), &bad, now).unwrap_err();
    assert_eq!(code(&ring([]), NOW), "unknown_key");
    assert_eq!(code(&with(|options| options.uses = [Use::Packet].into()), NOW), "unknown_key");
    assert_eq!(code(&with(|options| options.uses = [Use::Derive].into()), NOW), "unknown_key");
    assert_eq!(code(&with(|options| options.revoked = true), NOW), "revoked_key");
    let window = with(|options| (options.not_before, options.not_after) = (at(1000), Some(at(2000))));
    for (now, expected) in
        [(999, "inactive_key"), (1000, "bad_signature"), (1999, "bad_signature"), (2000, "inactive_key")]
    {
        assert_eq!(code(&window, now), expected, "{now}");
    }
    let both = with(|options| (options.revoked, options.not_after) = (true, Some(at(2000))));
    assert_eq!(code(&both, NOW), "revoked_key");
}

#[test]
fn the_keys_own_algorithms_come_after_its_status() {
    let token = |alg: &str| {
        format!("{}.AAAA", unsigned(format!(r#"{{"alg":"{alg}","kid":"auth-1"}}"#).as_bytes(), b"{}"))
    };
    let code = |token: &str, ring: &Keyring| answer_of(ring, &policy(ALL), token, NOW).unwrap_err();
    for alg in ["HS384", "HS512"] {
        assert_eq!(code(&token(alg), &ring([key()])), "unsupported_algorithm");
        let revoked = Key::new("auth-1", secret(), KeyOptions { revoked: true, ..options() }).unwrap();
        assert_eq!(code(&token(alg), &ring([revoked])), "revoked_key");
    }
    assert_eq!(code(&token("HS256"), &ring([key()])), "bad_signature");
}

#[test]
fn every_algorithm_signs_and_verifies() {
    let key = wide_key("auth-1", 7);
    for (algorithm, length) in [(Algorithm::Hs256, 32), (Algorithm::Hs384, 48), (Algorithm::Hs512, 64)] {
        let header = format!(r#"{{"alg":"{algorithm}","kid":"auth-1"}}"#);
        let token = forged_with(&key, algorithm, &header, CLAIMS);
        assert_eq!(answer_of(&ring([key.clone()]), &policy(ALL), &token, NOW).as_deref(), Ok(CLAIMS));
        let other = forged_with(&wide_key("auth-1", 8), algorithm, &header, CLAIMS);
        assert_eq!(answer_of(&ring([key.clone()]), &policy(ALL), &other, NOW), Err("bad_signature".into()));
        let tag = signature::sign(&key, algorithm, b"input");
        assert_eq!(tag.len(), length);
        let fits = |input: &[u8], text: &str| signature::fits(&key, algorithm, input, text.as_bytes(), || ());
        let text = encode_url(&tag);
        assert!(fits(b"input", &text));
        assert!(!fits(b"inpus", &text));
        assert!(!fits(b"input", &encode_url(&tag[..length - 1])));
        assert!(!fits(b"input", &text[..text.len() - 1]));
        assert!(!fits(b"input", &encode_url(&[&tag[..], &[0]].concat())));
        assert!(!fits(b"input", ""));
    }
}

#[test]
fn one_algorithms_tag_is_not_anothers() {
    let key = wide_key("auth-1", 7);
    let token = forged_with(&key, Algorithm::Hs512, HEADER, CLAIMS);
    assert_eq!(answer_of(&ring([key]), &policy(ALL), &token, NOW), Err("bad_signature".into()));
}

#[test]
fn each_bit_of_the_signature_counts() {
    let input = unsigned(HEADER.as_bytes(), CLAIMS.as_bytes());
    let good = signature::sign(&key(), Algorithm::Hs256, input.as_bytes());
    for bit in 0..256 {
        let mut tag = good.clone();
        tag[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(verdict(&format!("{input}.{}", encode_url(&tag))), "bad_signature", "{bit}");
    }
}

#[test]
fn the_signature_comes_before_the_claims() {
    for claims in ["", "[]", "not JSON", "{}", r#"{"exp":0}"#] {
        let token = format!("{}.{}", unsigned(HEADER.as_bytes(), claims.as_bytes()), encode_url(&[0; 32]));
        assert_eq!(verdict(&token), "bad_signature", "{claims}");
    }
}

#[test]
fn without_kid_every_fitting_key_is_tried() {
    let keys = |count: u8| (0..count).map(|at| wide_key(&format!("auth-{at}"), at)).collect::<Vec<_>>();
    let token = |first| forged_with(&wide_key("any", first), Algorithm::Hs384, r#"{"alg":"HS384"}"#, CLAIMS);
    let policy = policy(ALL);
    for first in 0..8 {
        let verified = TokenVerifier::new(policy.clone())
            .verify(&ring(keys(8)), token(first).as_bytes(), at(NOW))
            .unwrap();
        assert_eq!(verified.key_id(), format!("auth-{first}"));
    }
    assert_eq!(answer_of(&ring(keys(8)), &policy, &token(8), NOW), Err("bad_signature".into()));
    assert_eq!(answer_of(&ring(keys(9)), &policy, &token(0), NOW), Err("unknown_key".into()));
    assert_eq!(answer_of(&ring([]), &policy, &token(0), NOW), Err("unknown_key".into()));
}

#[test]
fn without_kid_only_keys_that_fit_are_counted() {
    let policy = policy(ALL);
    let token = forged_with(&wide_key("any", 0), Algorithm::Hs384, r#"{"alg":"HS384"}"#, CLAIMS);
    let other = |id: u8, change: fn(&mut KeyOptions)| {
        let mut options = KeyOptions { algorithms: [Algorithm::Hs384].into(), ..options() };
        change(&mut options);
        Key::new(&format!("other-{id}"), Secret::from_bytes(&[id; 64]).unwrap(), options).unwrap()
    };
    let with = |change: fn(&mut KeyOptions)| {
        ring((1..=8).map(|id| other(id, change)).chain([wide_key("auth-1", 0)]))
    };
    let code = |ring: &Keyring| answer_of(ring, &policy, &token, NOW);
    assert_eq!(code(&with(|options| options.revoked = true)).as_deref(), Ok(CLAIMS));
    assert_eq!(code(&with(|options| options.uses = [Use::Packet].into())).as_deref(), Ok(CLAIMS));
    assert_eq!(code(&with(|options| options.algorithms = [Algorithm::Hs256].into())).as_deref(), Ok(CLAIMS));
    assert_eq!(code(&with(|_| ())), Err("unknown_key".into()));
    // A key outside its window still counts: the answer must not change with the time.
    assert_eq!(code(&with(|options| options.not_after = Some(at(1)))), Err("unknown_key".into()));
    let inactive = ring((1..=8).map(|id| other(id, |options| options.not_after = Some(at(NOW)))));
    assert_eq!(code(&inactive), Err("unknown_key".into()));
    let one = ring(
        (1..=7)
            .map(|id| other(id, |options| options.not_before = at(NOW + 1)))
            .chain([wide_key("auth-1", 0)]),
    );
    assert_eq!(code(&one).as_deref(), Ok(CLAIMS));
}

#[test]
fn the_evidence_names_key_and_owner() {
    let key = Key::new("auth-1", secret(), KeyOptions { owner: Some("hub".into()), ..options() }).unwrap();
    let token = forged(HEADER, r#"{ "exp":1.708253634e9, "b":[1.0,"é"], "a":null }"#);
    let verified = TokenVerifier::default().verify(&ring([key]), token.as_bytes(), at(NOW)).unwrap();
    assert_eq!((verified.key_id(), verified.owner()), ("auth-1", "hub"));
    assert_eq!(verified.claims_text(), r#"{"a":null,"b":[1,"é"],"exp":1708253634}"#);
    assert_eq!(crate::json::write(&verified.claims().to_value()), verified.claims_text());
}

/// The example of RFC 7515, appendix A.1: its key, its header and claims with CR LF inside, its expiry in 2011.
#[test]
fn rfc_7515_a_1() {
    let secret = Secret::from_text(
        "base64url:AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
    )
    .unwrap();
    let ring = ring([Key::new("example", secret, options()).unwrap()]);
    let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let claims = r#"{"exp":1300819380,"http://example.com/is_root":true,"iss":"joe"}"#;
    assert_eq!(
        answer_of(&ring, &policy(r#"{"issuer":"joe","leeway":0}"#), token, 1_300_819_379).as_deref(),
        Ok(claims)
    );
    assert_eq!(
        answer_of(&ring, &policy(r#"{"issuer":"joe","leeway":0}"#), token, 1_300_819_380),
        Err("token_expired".into())
    );
}
