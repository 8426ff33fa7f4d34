//! Refusals explained, and tokens read without a key.

use crate::{Answers, now};
use counterseal::{
    ErrorCode, Explanation, Key, KeyOptions, Keyring, Nonce, Outgoing, PacketOptions, PacketSigner,
    PacketVerifier, Policy, RequestHead, RequestSigner, RequestVerifier, Result, Secret, StageState,
    TokenIssuer, TokenVerifier, UnverifiedToken, Use, explain_packet, explain_request, explain_token,
};

pub(super) fn call(answers: &mut Answers) -> Result<()> {
    let key = Key::new("engine-7", Secret::from_bytes(&[7; 32])?, KeyOptions::default())?;
    let ring = Keyring::new([key.clone()])?;
    let packet = PacketSigner::new(key)?.sign_json(b"{}", "", now(), &Nonce::from_bytes([1; 16]))?;
    let verifier = PacketVerifier::new(PacketOptions::default())?;
    let explanation = explain_packet(&verifier, &ring, packet.as_bytes(), "c", now());
    answers
        .due(Explanation::error(&explanation).is_some_and(|error| error.code() == ErrorCode::BadSignature));
    let stages = Explanation::stages(&explanation);
    answers.due(stages.len() == 7 && StageState::as_str(stages[3].state) == "failed");
    answers.due(Explanation::fact(&explanation, "age").is_some());
    answers.due(Explanation::signing_input(&explanation).is_some_and(|input| input.ends_with("\njson\n{}")));
    answers.due(Explanation::hints(&explanation).first().is_some_and(|hint| hint.look_at == "context"));
    answers.due(Explanation::to_text(&explanation).starts_with("bad_signature: "));
    answers.due(Explanation::to_json(&explanation).contains("\"outcome\":\"bad_signature\""));
    requests(answers)?;
    tokens(answers)
}

fn requests(answers: &mut Answers) -> Result<()> {
    let key = Key::new("gateway-1", Secret::from_bytes(&[7; 32])?, KeyOptions::default())?;
    let signer = RequestSigner::new(key.clone())?;
    let outgoing = Outgoing { method: "GET", url: "http://h/x/", headers: &[], body: b"" };
    let added = signer.sign(&outgoing, now(), &Nonce::from_bytes([1; 16]))?;
    let [input, signature] = &added[..] else { return Err(ErrorCode::MalformedArgument.into()) };
    let headers = [("Host", "h"), (input.0, &input.1), (signature.0, &signature.1)]
        .map(|(name, value)| (name, value.as_bytes()));
    let head = RequestHead { method: "GET", target: "/x", headers: &headers };
    let verifier = RequestVerifier::from_options(br#"{"authorities":["http://h"]}"#)?;
    let ring = Keyring::new([key])?;
    let explanation = explain_request(&verifier, &ring, &head, b"", now(), None);
    answers.due(Explanation::hints(&explanation).first().is_some_and(|hint| hint.look_at == "path"));
    let compared = explain_request(&verifier, &ring, &head, b"", now(), Some("\"@method\": PUT"));
    answers.due(Explanation::fact(&compared, "peer_base").is_some());
    Ok(())
}

fn tokens(answers: &mut Answers) -> Result<()> {
    let options = KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() };
    let key = Key::new("t", Secret::from_bytes(&[8; 32])?, options)?;
    let token = TokenIssuer::from_options(&key, b"{}")?.issue_json(b"{}", 60, None, now())?;
    let ring = Keyring::new([key])?;
    let explanation = explain_token(&TokenVerifier::new(Policy::new()), &ring, token.as_bytes(), now());
    answers.due(Explanation::error(&explanation).is_none());
    let unverified = UnverifiedToken::read(token.as_bytes())?;
    answers.due(UnverifiedToken::header(&unverified).text() == r#"{"alg":"HS256","typ":"JWT","kid":"t"}"#);
    answers.due(UnverifiedToken::claims(&unverified).text() == r#"{"exp":1708167294,"iat":1708167234}"#);
    Ok(())
}
