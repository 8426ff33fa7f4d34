//! `jsonwebtoken` on `ring`.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{Error as SignatureError, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use ring::hmac;
use serde_json::Value;

pub(crate) struct Oracle {
    secret: Vec<u8>,
    algorithm: Algorithm,
    validation: Validation,
}

impl Oracle {
    pub(crate) fn new(secret: &[u8], algorithm: &str) -> Self {
        // Every test of the process installs the same one; the first wins.
        let _ = PROVIDER.install_default();
        let algorithm = algorithm.parse().unwrap();
        let mut validation = Validation::new(algorithm);
        validation.leeway = 30;
        validation.validate_nbf = true;
        Self { secret: secret.to_vec(), algorithm, validation }
    }

    pub(crate) fn audience(mut self, audience: &str) -> Self {
        self.validation.set_audience(&[audience]);
        self
    }

    pub(crate) fn issuer(mut self, issuer: &str) -> Self {
        self.validation.set_issuer(&[issuer]);
        self
    }

    /// Configured as our policy's JSON would have it.
    pub(crate) fn wanting(mut self, policy: &Value) -> Self {
        self.validation.sub = policy["subject"].as_str().map(str::to_owned);
        let oracle = policy["issuer"].as_str().into_iter().fold(self, Self::issuer);
        policy["audience"].as_str().into_iter().fold(oracle, Self::audience)
    }

    /// Header and claims, if it accepts the token.
    pub(crate) fn accepts(&self, token: &str) -> Option<(Value, Value)> {
        let read = decode::<Value>(token, &DecodingKey::from_secret(&self.secret), &self.validation).ok()?;
        Some((serde_json::to_value(read.header).unwrap(), read.claims))
    }

    pub(crate) fn issues(&self, key_id: Option<&str>, claims: &Value) -> String {
        let mut header = Header::new(self.algorithm);
        header.kid = key_id.map(str::to_owned);
        encode(&header, claims, &EncodingKey::from_secret(&self.secret)).unwrap()
    }

    /// Any bytes as header and claims, with a good signature.
    pub(crate) fn signs(&self, header: &[u8], claims: &[u8]) -> String {
        let input = format!("{}.{}", base64url(header), base64url(claims));
        let tag = ring_hmac(self.algorithm, &self.secret).unwrap().sign(input.as_bytes());
        format!("{input}.{}", base64url(&tag))
    }
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(Box::new(ring_hmac(*algorithm, key.as_bytes())?)),
    verifier_factory: |algorithm, key| Ok(Box::new(ring_hmac(*algorithm, key.try_get_as_bytes()?)?)),
    key_utils: KeyUtils::new_unimplemented(),
};

struct RingHmac(Algorithm, hmac::Key);

impl RingHmac {
    fn sign(&self, input: &[u8]) -> Vec<u8> {
        hmac::sign(&self.1, input).as_ref().to_vec()
    }
}

fn ring_hmac(algorithm: Algorithm, secret: &[u8]) -> Result<RingHmac, Error> {
    let digest = match algorithm {
        Algorithm::HS256 => hmac::HMAC_SHA256,
        Algorithm::HS384 => hmac::HMAC_SHA384,
        Algorithm::HS512 => hmac::HMAC_SHA512,
        _ => return Err(ErrorKind::InvalidAlgorithm.into()),
    };
    Ok(RingHmac(algorithm, hmac::Key::new(digest, secret)))
}

impl Signer<Vec<u8>> for RingHmac {
    fn try_sign(&self, input: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.sign(input))
    }
}

impl Verifier<Vec<u8>> for RingHmac {
    fn verify(&self, input: &[u8], tag: &Vec<u8>) -> Result<(), SignatureError> {
        hmac::verify(&self.1, input, tag).map_err(|_| SignatureError::new())
    }
}

impl JwtSigner for RingHmac {
    fn algorithm(&self) -> Algorithm {
        self.0
    }
}

impl JwtVerifier for RingHmac {
    fn algorithm(&self) -> Algorithm {
        self.0
    }
}

fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * place)) as usize & 63]));
        }
    }
    text
}
