//! Secrets: bytes that are wiped on drop and shown by one method only.

use crate::base64;
use crate::error::{Error, ErrorCode, Result};
use alloc::vec::Vec;
use core::fmt;
use zeroize::Zeroizing;

/// 32 to 1024 secret bytes, wiped when dropped. `Debug` shows nothing of them.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// A secret as bytes.
    ///
    /// # Errors
    /// `weak_secret` below 32 bytes, `malformed_key` above 1024.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        Self::checked(bytes.to_vec())
    }

    /// A secret as text that names its encoding: `hex:`, `base64:` (padded), `base64url:`, `utf8:`. Nothing is guessed.
    ///
    /// # Errors
    /// `malformed_key` for no or another encoding, for text outside it, or above 1024 bytes; `weak_secret` below 32 bytes.
    pub fn from_text(text: &str) -> Result<Self> {
        let (encoding, encoded) = text.split_once(':').unwrap_or_default();
        let bytes = match encoding {
            "hex" => decode_hex(encoded.as_bytes()),
            "base64" => base64::decode_standard(encoded.as_bytes()),
            "base64url" => base64::decode_url(encoded.as_bytes()),
            "utf8" => Some(encoded.as_bytes().to_vec()),
            _ => {
                return Err(Error::new(
                    ErrorCode::MalformedKey,
                    "a secret's text must name its encoding: hex: base64: base64url: or utf8:",
                ));
            }
        };
        match bytes {
            Some(bytes) => Self::checked(bytes),
            None => {
                Err(Error::new(ErrorCode::MalformedKey, "the secret is not in the encoding that it names"))
            }
        }
    }

    /// A secret of 32 bytes of entropy. The core has no generator of its own.
    pub fn from_entropy(entropy: &[u8; 32]) -> Self {
        Self(Zeroizing::new(entropy.to_vec()))
    }

    /// The secret bytes: the one way to read them back.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    fn checked(bytes: Vec<u8>) -> Result<Self> {
        let secret = Self(Zeroizing::new(bytes));
        secret.check_least()?;
        secret.check_most()?;
        Ok(secret)
    }

    fn check_least(&self) -> Result<()> {
        if self.0.len() >= LEAST {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::WeakSecret,
            "a secret must have at least 32 bytes; generate one instead of choosing one",
        ))
    }

    fn check_most(&self) -> Result<()> {
        if self.0.len() <= MOST {
            Ok(())
        } else {
            Err(Error::new(ErrorCode::MalformedKey, "a secret must have at most 1024 bytes"))
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

pub(crate) fn decode_hex(text: &[u8]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 2);
    for pair in text.chunks(2) {
        bytes.push(hex_value(pair[0])? << 4 | hex_value(pair[1])?);
    }
    Some(bytes)
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

const LEAST: usize = 32;
const MOST: usize = 1024;
