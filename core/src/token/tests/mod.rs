//! Tokens forged part by part, held against every stage of the verification order and both sides of every boundary.

mod claims;
mod headers;
mod issuing;
mod keys;
mod policies;

use super::{Policy, TokenVerifier, signature};
use crate::base64::encode_url;
use crate::key::{Algorithm, Key, KeyOptions, Keyring, Secret, Use};
use crate::time::Timestamp;
use alloc::format;
use alloc::string::{String, ToString};

const NOW: u64 = 1_708_167_234;
const HEADER: &str = r#"{"alg":"HS256","kid":"auth-1"}"#;
const CLAIMS: &str = r#"{"exp":1708253634}"#;

fn at(seconds: u64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

fn options() -> KeyOptions {
    KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() }
}

/// A token key whose 64 secret bytes count up from `first`, for all three algorithms.
fn wide_key(id: &str, first: u8) -> Key {
    let secret: [u8; 64] = core::array::from_fn(|at| first.wrapping_add(at as u8));
    let algorithms = [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512].into();
    Key::new(id, Secret::from_bytes(&secret).unwrap(), KeyOptions { algorithms, ..options() }).unwrap()
}

/// The contract's key: 32 bytes that count up from 0, HS256.
fn key() -> Key {
    Key::new("auth-1", secret(), options()).unwrap()
}

fn secret() -> Secret {
    Secret::from_bytes(&core::array::from_fn::<u8, 32, _>(|at| at as u8)).unwrap()
}

fn ring(keys: impl IntoIterator<Item = Key>) -> Keyring {
    Keyring::new(keys).unwrap()
}

fn unsigned(header: &[u8], claims: &[u8]) -> String {
    format!("{}.{}", encode_url(header), encode_url(claims))
}

/// Any header over any claims, with a good signature.
fn forged(header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> String {
    forged_with(&key(), Algorithm::Hs256, header, claims)
}

fn forged_with(
    key: &Key,
    algorithm: Algorithm,
    header: impl AsRef<[u8]>,
    claims: impl AsRef<[u8]>,
) -> String {
    let input = unsigned(header.as_ref(), claims.as_ref());
    let tag = signature::sign(key, algorithm, input.as_bytes());
    format!("{input}.{}", encode_url(&tag))
}

fn policy(json: &str) -> Policy {
    Policy::from_json(json.as_bytes()).unwrap()
}

/// The claims' text, or the code.
fn answer_of(ring: &Keyring, policy: &Policy, token: &str, now: u64) -> Result<String, String> {
    let verified = TokenVerifier::new(policy.clone()).verify(ring, token.as_bytes(), at(now));
    verified.map(|token| token.claims_text()).map_err(|error| error.code().as_str().to_string())
}

/// The code, or `ok`, under the contract's key and the default policy.
fn verdict(token: &str) -> String {
    verdict_under("{}", token)
}

fn verdict_under(json: &str, token: &str) -> String {
    answer_of(&ring([key()]), &policy(json), token, NOW).map_or_else(|code| code, |_| "ok".to_string())
}
