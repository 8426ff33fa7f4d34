//! Tokens issued and verified, and the policies that judge them.

use crate::{Answers, now};
use alloc::string::String;
use counterseal::json::{self, Value};
use counterseal::{
    Algorithm, ClaimRule, ClaimType, Key, KeyOptions, Keyring, Nonce, Policy, Result, Secret, TokenIssuer,
    TokenLifetime, TokenVerifier, Use, VerifiedToken,
};

pub(super) fn call(answers: &mut Answers) -> Result<()> {
    let options = KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() };
    let key = Key::new("t", Secret::from_bytes(&[7; 32])?, options)?;
    let ring = Keyring::new([key.clone()])?;
    let issuer = TokenIssuer::new(&key, Algorithm::Hs256)?;
    answers.due(TokenIssuer::from_options(&key, br#"{"alg":"HS256"}"#).is_ok());
    answers.due(TokenLifetime::from_options(br#"{"expires_in":60}"#).is_ok_and(|life| life.expires_in == 60));

    let claims = json::read(br#"{"iss":"i","aud":"a","sub":"s","role":"engine","level":2,"site":"north"}"#)?;
    let token = TokenIssuer::issue(&issuer, &claims, 60, Some(&Nonce::from_bytes([1; 16])), now())?;
    let verified = TokenVerifier::verify(&TokenVerifier::new(policy()?), &ring, token.as_bytes(), now())?;
    answers.due(VerifiedToken::claims(&verified).text() == VerifiedToken::claims_json(&verified));
    answers.due(VerifiedToken::claims_text(&verified).starts_with("{\"aud\":\"a\""));
    answers.due(!VerifiedToken::is_ticket(&verified));
    answers.due(VerifiedToken::key_id(&verified) == "t" && VerifiedToken::owner(&verified) == "t");

    answers.due(TokenIssuer::issue_json(&issuer, b"{}", 60, None, now()).is_ok());
    answers.due(TokenIssuer::issue_text(&issuer, br#"{"exp":1}"#, now()).is_ok());
    answers.due(Policy::from_json(br#"{"claims":{"role":{"any_of":["engine"]}}}"#).is_ok());
    answers.due(Policy::from_json(br#"{"claim":{}}"#).is_err());
    Ok(())
}

fn policy() -> Result<Policy> {
    let text = |text: &str| Value::String(String::from(text));
    let policy = Policy::algorithms(Policy::new(), [Algorithm::Hs256])?;
    let policy = Policy::audience(Policy::issuer(policy, "i"), ["a"])?;
    let policy = Policy::leeway(Policy::typ(Policy::subject(policy, "s"), "JWT"), 5)?;
    let policy = Policy::max_age(policy, 600)?;
    let policy = Policy::claim(policy, "role", ClaimRule::equals(text("engine"))?);
    let policy = Policy::claim(policy, "site", ClaimRule::any_of([text("north")])?);
    let policy = Policy::claim(policy, "level", ClaimRule::of_type(ClaimType::Number));
    Ok(Policy::revoked(policy, ["another"]))
}
