//! HS256, HS384 and HS512 (RFC 7518 §3.2): the tag of a token's signing input.

use crate::base64;
use crate::key::{Algorithm, Key};
use crate::mac::{MacKey, Message, TAIL};
use alloc::vec::Vec;
use core::hint::black_box;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha384, Sha512};
use subtle::ConstantTimeEq;

/// The tag of `input` under the key: 32, 48 or 64 bytes.
///
/// HS256 starts from the state that the key computed once. The wider two are computed from the secret each time: the one block they
/// cost is small beside the token, and a key would carry their state for every packet.
pub(super) fn sign(key: &Key, algorithm: Algorithm, input: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::Hs256 => key.mac_key().mac(&[input]).to_vec(),
        Algorithm::Hs384 => hmac_sha384(key.secret_bytes(), input).to_vec(),
        Algorithm::Hs512 => hmac_sha512(key.secret_bytes(), input).to_vec(),
    }
}

/// Whether `signature` is base64url of the whole tag of `input`, in a time that does not depend on where they differ. `work` may be done
/// meanwhile: a round of the hash waits for the one before.
#[inline(always)]
pub(super) fn fits(
    key: &Key,
    algorithm: Algorithm,
    input: &[u8],
    signature: &[u8],
    work: impl FnOnce(),
) -> bool {
    if let (Algorithm::Hs256, Ok(signature)) = (algorithm, signature.try_into()) {
        let message = &mut [0; TAIL];
        let (fits, ()) = key.mac_key().fits_while(Message::keyed(message).end(input), signature, |_| work());
        return fits;
    }
    base64::encode_url(&sign(key, algorithm, input)).as_bytes().ct_eq(signature).into()
}

/// [`fits`] for a secret that is in no ring.
pub(crate) fn fits_secret(secret: &[u8], algorithm: Algorithm, input: &[u8], signature: &[u8]) -> bool {
    let tag = match algorithm {
        Algorithm::Hs256 => MacKey::new(secret).mac(&[input]).to_vec(),
        Algorithm::Hs384 => hmac_sha384(secret, input).to_vec(),
        Algorithm::Hs512 => hmac_sha512(secret, input).to_vec(),
    };
    base64::encode_url(&tag).as_bytes().ct_eq(signature).into()
}

/// Computes a tag that nobody reads, so that a refused key takes as long as a wrong signature.
pub(super) fn spend(algorithm: Algorithm, input: &[u8]) {
    match algorithm {
        Algorithm::Hs256 => drop(black_box(MacKey::dummy().mac(&[input]))),
        Algorithm::Hs384 => drop(black_box(hmac_sha384(&[0; 48], input))),
        Algorithm::Hs512 => drop(black_box(hmac_sha512(&[0; 64], input))),
    }
}

pub(crate) fn hmac_sha384(secret: &[u8], input: &[u8]) -> [u8; 48] {
    match Hmac::<Sha384>::new_from_slice(secret) {
        Ok(mac) => mac.chain_update(input).finalize().into_bytes().into(),
        Err(_) => unreachable!("HMAC takes a key of any length (RFC 2104 §2)"),
    }
}

pub(crate) fn hmac_sha512(secret: &[u8], input: &[u8]) -> [u8; 64] {
    match Hmac::<Sha512>::new_from_slice(secret) {
        Ok(mac) => mac.chain_update(input).finalize().into_bytes().into(),
        Err(_) => unreachable!("HMAC takes a key of any length (RFC 2104 §2)"),
    }
}
