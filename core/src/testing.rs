//! What the crate computes inside, for its own tests against published vectors. Not part of the API: it may change at any time.

use crate::error::Result;
use crate::mac::MacKey;
use crate::token::signature as token_signature;
use crate::{base64, derive};
use alloc::string::String;

/// HMAC-SHA256 (RFC 2104) as packets and HS256 compute it.
pub fn hmac_sha256(secret: &[u8], input: &[u8]) -> [u8; 32] {
    MacKey::new(secret).mac(&[input])
}

/// Whether `tag` is the whole HMAC-SHA256 of `input`, as packets judge it.
pub fn hmac_sha256_fits(secret: &[u8], input: &[u8], tag: &[u8]) -> bool {
    MacKey::new(secret).verify(&[input], tag)
}

/// A key whose two states are computed once, as packets and HS256 keep it.
pub struct CachedKey(MacKey);

impl CachedKey {
    /// The key of a secret of any length.
    pub fn new(secret: &[u8]) -> Self {
        Self(MacKey::new(secret))
    }

    /// HMAC-SHA256 of `input`.
    pub fn mac(&self, input: &[u8]) -> [u8; 32] {
        self.0.mac(&[input])
    }

    /// Whether `sig` is HMAC-SHA256 of `input` as base64url.
    pub fn fits(&self, input: &[u8], sig: &[u8; 43]) -> bool {
        self.0.fits(input, sig)
    }
}

/// HMAC-SHA256 as it is written in packets: 43 characters of base64url.
pub fn signature(secret: &[u8], input: &[u8]) -> String {
    base64::encode_url(&hmac_sha256(secret, input))
}

/// HMAC-SHA384 as HS384 computes it.
pub fn hmac_sha384(secret: &[u8], input: &[u8]) -> [u8; 48] {
    token_signature::hmac_sha384(secret, input)
}

/// HMAC-SHA512 as HS512 computes it.
pub fn hmac_sha512(secret: &[u8], input: &[u8]) -> [u8; 64] {
    token_signature::hmac_sha512(secret, input)
}

/// HKDF-SHA256 (RFC 5869) as derived keys compute it.
///
/// # Errors
/// `malformed_argument` for more than 8160 bytes.
pub fn hkdf_sha256(salt: &[u8], material: &[u8], info: &[u8], out: &mut [u8]) -> Result<()> {
    derive::expand(salt, material, info, out)
}
