//! Why a packet, a request or a token was refused, for the people on this side. Not in the browser's module, which stays small.

use crate::{Field, Keyring, RequestHead, argument};
use counterseal::{PacketVerifier, Policy, RequestVerifier, Result, TokenVerifier};

pub use counterseal::{Explanation, Hint, Stage, StageState, UnverifiedToken};

/// Explains what a verifier with these options (JSON, as of [`crate::PacketVerifier::new`]) says of a packet. No nonce is claimed, so a replay is
/// not seen. Some hundred signatures are tried where one did not fit: for a person at a prompt, not for each refusal of a server.
///
/// # Errors
/// `malformed_argument` for an option or the time. The context's fault is in the explanation, as everything else.
pub fn explain_packet(
    ring: &Keyring,
    options: &str,
    packet: &[u8],
    context: &str,
    now: Option<f64>,
) -> Result<Explanation> {
    let (verifier, now) = (PacketVerifier::from_options(options.as_bytes())?, argument::now(now)?);
    Ok(counterseal::explain_packet(&verifier, &ring.read(), packet, context, now))
}

/// Explains what a verifier with these options (JSON, as of [`crate::RequestVerifier::new`]) says of a request. No nonce is claimed, so a replay is
/// not seen. `peer_base` is the signature base as the peer logged it, of at most 64 KiB: where it differs from this side's, and whether the signature
/// is good for it, is told. Some thousand signatures are tried where one did not fit: for a person at a prompt, not for each refusal of a server.
///
/// # Errors
/// `malformed_argument` for an option or the time.
#[allow(clippy::too_many_arguments, reason = "what a request consists of, each as foreign callers have it")]
pub fn explain_request(
    ring: &Keyring,
    options: &str,
    method: &str,
    target: &str,
    headers: &[Field<'_>],
    body: &[u8],
    now: Option<f64>,
    peer_base: Option<&str>,
) -> Result<Explanation> {
    let (verifier, now) = (RequestVerifier::from_options(options.as_bytes())?, argument::now(now)?);
    let head = RequestHead { method, target, headers };
    Ok(counterseal::explain_request(&verifier, &ring.read(), &head, body, now, peer_base))
}

/// Explains what a verifier with this policy (JSON, wire contract §6) says of a token.
///
/// # Errors
/// `malformed_argument` for the policy or the time.
pub fn explain_token(ring: &Keyring, policy: &str, token: &[u8], now: Option<f64>) -> Result<Explanation> {
    let (verifier, now) = (TokenVerifier::new(Policy::from_json(policy.as_bytes())?), argument::now(now)?);
    Ok(counterseal::explain_token(&verifier, &ring.read(), token, now))
}

/// Reads what a token says, without a key: nothing of it is verified.
///
/// # Errors
/// `token_too_large`, `malformed_token`.
pub fn read_unverified_token(token: &[u8]) -> Result<UnverifiedToken> {
    UnverifiedToken::read(token)
}
