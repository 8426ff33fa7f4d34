//! Packets signed and verified, whole and in parts.

use crate::{Answers, now};
use counterseal::json::Value;
use counterseal::{
    Authenticated, Body, GuardOptions, Key, KeyOptions, Keyring, Kind, MemoryReplayGuard, Nonce,
    PacketOptions, PacketSigner, PacketVerifier, Parts, Result, Sealed, Secret, SharedGuardOptions,
    Timestamp, Tolerance, Verified, VerifiedRef, check_context,
};

pub(super) fn call(answers: &mut Answers) -> Result<()> {
    let key = Key::new("engine-7", Secret::from_bytes(&[7; 32])?, KeyOptions::default())?;
    let ring = Keyring::new([key.clone()])?;
    let mut guard = MemoryReplayGuard::new(GuardOptions::default())?;
    let signer = PacketSigner::new(key.clone())?;
    answers.due(PacketSigner::from_options(key, br#"{"body_limit":64}"#).is_ok());
    answers.due(PacketSigner::text_limit(&signer) == 4 * 1024 * 1024 + 4096);
    answers.due(PacketVerifier::from_options(br#"{"max_age":30}"#).is_ok());
    let verifier = PacketVerifier::new(PacketOptions::default())?;

    answers.due(PacketVerifier::text_limit(&verifier) == 4 * 1024 * 1024 + 4096);
    let packet = PacketSigner::sign_json(&signer, b"{}", "c", now(), &nonce(1))?;
    let verified = PacketVerifier::verify(&verifier, &ring, &mut guard, packet.as_bytes(), "c", now())?;
    evidence(answers, verified);
    answers.due(PacketVerifier::verify(&verifier, &ring, &mut guard, packet.as_bytes(), "c", now()).is_err());

    let packet = PacketSigner::sign_value(&signer, &Value::Null, "c", now(), &nonce(2))?;
    let authenticated = PacketVerifier::authenticate(&verifier, &ring, packet.as_bytes(), "c", now())?;
    answers.due(Authenticated::claim(authenticated, &mut guard).is_ok());
    let authenticated = PacketVerifier::authenticate(&verifier, &ring, packet.as_bytes(), "c", now())?;
    let authenticated = Authenticated::into_owned(authenticated);
    answers
        .due(Authenticated::shared_claim(&authenticated, &SharedGuardOptions::default()).keys().len() == 4);
    answers.due(Authenticated::settle(authenticated, 3).is_err());

    let sealed = PacketSigner::seal_json(&signer, b"{}", "c", now(), &nonce(5))?;
    members(answers, &sealed);
    let packet = Sealed::to_text(&sealed);
    let authenticated = PacketVerifier::authenticate(&verifier, &ring, packet.as_bytes(), "c", now())?;
    let verified = Verified::into_owned(Authenticated::claim(authenticated, &mut guard)?);
    answers.due(Body::into_owned(Verified::into_body(verified)).as_bytes() == b"{}");

    let batch = PacketVerifier::authenticate_batch(&verifier, &ring, &[packet.as_bytes()], "c", now())?;
    answers.due(Authenticated::claim_batch(batch, &mut guard).iter().all(Result::is_err));
    let batch = PacketVerifier::verify_batch(&verifier, &ring, &mut guard, &[packet.as_bytes()], "c", now())?;
    answers.due(batch.iter().all(Result::is_err));

    answers.due(PacketSigner::sign_bytes(&signer, b"raw", "c", now(), &nonce(3)).is_ok());
    let parts_nonce = nonce(4);
    let sig = PacketSigner::sign_parts(&signer, Kind::Bytes, b"raw", "c", now(), &parts_nonce)?;
    let nonce = parts_nonce.as_str();
    let parts = Parts { key_id: "engine-7", kind: Kind::Bytes, body: b"raw", ts: now(), nonce, sig: &sig };
    answers.due(PacketVerifier::verify_parts(&verifier, &ring, &mut guard, &parts, "d", now()).is_err());
    let refused =
        PacketVerifier::verify_parts_with(&verifier, &ring, &mut guard, &parts, ("d", now()), |_| ());
    answers.due(refused.is_err());
    let authenticated = PacketVerifier::authenticate_parts(&verifier, &ring, &parts, "c", now())?;
    let lent = Authenticated::claim_ref(&authenticated, &mut guard)?;
    answers.due(VerifiedRef::key_id(lent) == "engine-7" && VerifiedRef::owner(lent) == "engine-7");
    answers.due(VerifiedRef::timestamp(lent) == now() && VerifiedRef::nonce(lent).as_str() == nonce);
    answers.due(VerifiedRef::body(lent).as_bytes() == b"raw");
    grammar(answers)
}

fn evidence(answers: &mut Answers, verified: Verified<'_>) {
    answers.due(Verified::key_id(&verified) == "engine-7" && Verified::owner(&verified) == "engine-7");
    answers.due(Verified::timestamp(&verified) == now());
    answers.due(*Verified::nonce(&verified) == nonce(1));
    answers.due(Body::kind(Verified::body(&verified)) == Kind::Json);
    answers.due(Body::as_bytes(&Verified::into_body(verified)) == b"{}");
}

fn members(answers: &mut Answers, sealed: &Sealed<'_>) {
    answers.due(Sealed::key_id(sealed) == "engine-7" && Sealed::timestamp(sealed) == now());
    answers.due(*Sealed::nonce(sealed) == nonce(5) && Sealed::sig(sealed).len() == 43);
    answers.due(Body::as_bytes(Sealed::body(sealed)) == b"{}" && Body::to_wire(Sealed::body(sealed)) == "{}");
}

fn grammar(answers: &mut Answers) -> Result<()> {
    answers.due(check_context("c").is_ok() && check_context("\n").is_err());
    answers.due(Kind::parse("json") == Some(Kind::Json) && Kind::as_str(Kind::Bytes) == "bytes");
    answers
        .due(Nonce::parse("AAECAwQFBgcICQoLDA0ODw").is_some_and(|nonce| Nonce::as_str(&nonce).len() == 22));
    answers.due(Timestamp::seconds(Timestamp::MAX) == 253_402_300_799);
    let tolerance = Tolerance::new(60, 5)?;
    answers.due(Tolerance::max_age(tolerance) == 60 && Tolerance::max_ahead(tolerance) == 5);
    answers.due(Tolerance::check(tolerance, Timestamp::EPOCH, now()).is_err());
    Ok(())
}

fn nonce(byte: u8) -> Nonce {
    Nonce::from_bytes([byte; 16])
}
