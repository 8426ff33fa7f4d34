//! Requests signed and verified, who may call whom, and a claim in a shared store.

use crate::{Answers, now};
use counterseal::{
    AuthenticatedRequest, ErrorCode, GuardOptions, Key, KeyOptions, Keyring, MemoryReplayGuard, Nonce,
    Outgoing, PendingRequest, RequestHead, RequestSigner, RequestVerifier, Result, Secret, SharedClaim,
    SharedGuardOptions, Trust, VerifiedRequest,
};

pub(super) fn call(answers: &mut Answers) -> Result<()> {
    let key = Key::new("gateway-1", Secret::from_bytes(&[7; 32])?, KeyOptions::default())?;
    let ring = Keyring::new([key.clone()])?;
    let signer = RequestSigner::new(key.clone())?;
    answers.due(RequestSigner::from_options(key, br#"{"extra_fields":["x-a"]}"#).is_ok());
    let verifier = RequestVerifier::from_options(
        br#"{"authorities":["http://h"],"callee":"h","trust":{"h":{"rules":[{"callers":["gateway-1"]}],"exempt":["/health"]}}}"#,
    )?;
    answers.due(
        RequestSigner::body_limit(&signer) == 1 << 20 && RequestVerifier::body_limit(&verifier) == 1 << 20,
    );
    answers.due(RequestVerifier::is_exempt(&verifier, "/health"));
    let outgoing = Outgoing { method: "POST", url: "http://h/x?y", headers: &[], body: b"b" };
    let added = RequestSigner::sign(&signer, &outgoing, now(), &Nonce::from_bytes([1; 16]))?;
    let [digest, input, signature] = &added[..] else {
        return Err(counterseal::ErrorCode::MalformedArgument.into());
    };
    let headers = [
        ("host", &b"h"[..]),
        (digest.0, digest.1.as_bytes()),
        (input.0, input.1.as_bytes()),
        (signature.0, signature.1.as_bytes()),
    ];
    let head = RequestHead { method: "POST", target: "/x?y", headers: &headers };
    let mut guard = MemoryReplayGuard::new(GuardOptions::default())?;
    answers.due(RequestHead::claimed_key_id(&head).is_some_and(|id| id == "gateway-1"));
    let mut pending = RequestVerifier::begin(&verifier, &ring, &head, now())?;
    answers
        .due(PendingRequest::announce(&pending, 1).is_ok() && PendingRequest::owner(&pending) == "gateway-1");
    PendingRequest::update(&mut pending, b"b")?;
    answers.due(PendingRequest::finish(pending, now()).is_ok());
    let verified = RequestVerifier::verify(&verifier, &ring, &mut guard, &head, b"b", now())?;
    answers.due(
        VerifiedRequest::key_id(&verified) == "gateway-1" && VerifiedRequest::owner(&verified) == "gateway-1",
    );
    answers.due(VerifiedRequest::timestamp(&verified) == now());
    answers.due(*VerifiedRequest::nonce(&verified) == Nonce::from_bytes([1; 16]));
    let authenticated = RequestVerifier::authenticate(&verifier, &ring, &head, b"b", now())?;
    answers.due(AuthenticatedRequest::claim(authenticated, &mut guard).is_err());
    let authenticated = RequestVerifier::authenticate(&verifier, &ring, &head, b"b", now())?;
    shared(answers, authenticated)?;
    trust(answers)
}

fn shared(answers: &mut Answers, authenticated: AuthenticatedRequest) -> Result<()> {
    let options = SharedGuardOptions::from_json(br#"{"scope":"h"}"#)?;
    let claim = AuthenticatedRequest::shared_claim(&authenticated, &options);
    answers.due(
        SharedClaim::keys(&claim)[1] == "counterseal:1:epoch" && SharedClaim::arguments(&claim)[1] == "5",
    );
    answers.due(SharedClaim::settle(3).is_err() && SharedClaim::warning("").is_some());
    answers.due(SharedClaim::unavailable("no answer").code() == ErrorCode::StoreUnavailable);
    answers.due(AuthenticatedRequest::settle(authenticated, 0).is_ok());
    Ok(())
}

fn trust(answers: &mut Answers) -> Result<()> {
    let trust = Trust::from_json(br#"{"h":{"rules":[{"callers":["g"]}],"exempt":["/health"]}}"#)?;
    answers.due(Trust::check(&trust, "h", "g", "GET", "/").is_ok() && Trust::knows(&trust, "h"));
    answers.due(Trust::is_exempt(&trust, "h", "/health") && Trust::explain(&trust, "h").len() == 2);
    Ok(())
}
