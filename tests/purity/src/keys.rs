//! Secrets, keys, rings, derivation.

use crate::{Answers, now};
use counterseal::{Algorithm, Key, KeyOptions, Keyring, Result, Secret, Timestamp, Use, derive};

pub(super) fn call(answers: &mut Answers) -> Result<()> {
    let secret = Secret::from_bytes(&[7; 32])?;
    answers.due(Secret::expose(&secret) == [7; 32]);
    answers.due(Secret::expose(&Secret::from_entropy(&[9; 32])) == [9; 32]);
    let text = Secret::from_text("utf8:thirty-two bytes of secret text.");
    answers.due(text.is_ok());
    names(answers);
    one(answers, secret.clone())?;
    ring(answers, secret)?;

    let master = Secret::from_bytes(&[1; 32])?;
    let derived = derive(&master, "packet", "engine-7", "engine-7.0")?;
    answers.due(Secret::expose(&derived).len() == 32);
    Ok(())
}

fn names(answers: &mut Answers) {
    answers.due(Use::parse("profile:bridge") == Some(Use::Profile("bridge".into())));
    answers.due(Algorithm::parse("HS512") == Some(Algorithm::Hs512));
    answers.due(Algorithm::as_str(Algorithm::Hs384) == "HS384");
}

fn one(answers: &mut Answers, secret: Secret) -> Result<()> {
    let key = Key::from_options("k", secret, br#"{"owner":"o","not_after":1708167235}"#)?;
    answers.due(Key::id(&key) == "k" && Key::owner(&key) == "o");
    answers.due(Key::uses(&key) == [Use::Packet, Use::Request]);
    answers.due(Key::algorithms(&key) == [Algorithm::Hs256]);
    answers.due(Key::is_active(&key, now()) && !Key::is_active(&key, Timestamp::MAX));
    answers.due(Key::check_status(&key, now()).is_ok());
    answers.due(!Key::is_revoked(&key));
    Key::revoke(&key);
    answers.due(Key::is_revoked(&key));
    Ok(())
}

fn ring(answers: &mut Answers, secret: Secret) -> Result<()> {
    let mut ring = Keyring::new([Key::new("a", secret, KeyOptions::default())?])?;
    Keyring::add(&mut ring, Key::new("b", Secret::from_bytes(&[8; 32])?, KeyOptions::default())?)?;
    answers.due(Keyring::keys(&ring).count() == 2);
    answers.due(Keyring::get(&ring, "b").is_some());
    answers.due(Keyring::find(&ring, "a", &Use::Packet, now()).is_ok());
    answers.due(Keyring::revoke(&ring, "a") && Keyring::find(&ring, "a", &Use::Packet, now()).is_err());
    answers.due(Keyring::remove(&mut ring, "b"));
    Ok(())
}
