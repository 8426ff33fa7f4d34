//! `jsonwebtoken` on `ring`: the fastest HMAC it can be given, without the dozen crates of its own backends.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{Error as SignatureError, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use ring::hmac;
use serde_json::Value;

/// A verifier of HS256 tokens, its key made once.
pub(crate) struct Oracle {
    key: DecodingKey,
    validation: Validation,
}

impl Oracle {
    pub(crate) fn new(secret: &[u8]) -> Self {
        // Whoever is first installs it; it is always the same one.
        let _ = PROVIDER.install_default();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 30;
        validation.validate_nbf = true;
        Self { key: DecodingKey::from_secret(secret), validation }
    }

    /// The claims, if it accepts the token.
    pub(crate) fn claims(&self, token: &str) -> Option<Value> {
        decode::<Value>(token, &self.key, &self.validation).ok().map(|data| data.claims)
    }
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(Box::new(RingHmac::new(*algorithm, key.as_bytes())?)),
    verifier_factory: |algorithm, key| Ok(Box::new(RingHmac::new(*algorithm, key.try_get_as_bytes()?)?)),
    key_utils: KeyUtils::new_unimplemented(),
};

struct RingHmac(hmac::Key);

impl RingHmac {
    fn new(algorithm: Algorithm, secret: &[u8]) -> Result<Self, Error> {
        match algorithm {
            Algorithm::HS256 => Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, secret))),
            _ => Err(ErrorKind::InvalidAlgorithm.into()),
        }
    }
}

impl Signer<Vec<u8>> for RingHmac {
    fn try_sign(&self, input: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(hmac::sign(&self.0, input).as_ref().to_vec())
    }
}

impl Verifier<Vec<u8>> for RingHmac {
    fn verify(&self, input: &[u8], tag: &Vec<u8>) -> Result<(), SignatureError> {
        hmac::verify(&self.0, input, tag).map_err(|_| SignatureError::new())
    }
}

impl JwtSigner for RingHmac {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for RingHmac {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_signatures() {
        const GOOD: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjI1MzQwMjMwMDc5OX0";
        let secret = [7; 32];
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), GOOD.as_bytes());
        let sig = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, tag);
        let token = format!("{GOOD}.{sig}");
        assert_eq!(Oracle::new(&secret).claims(&token).unwrap()["exp"], 253_402_300_799_u64);
        assert_eq!(Oracle::new(&[8; 32]).claims(&token), None);
    }
}
