//! Nonces: 16 bytes from the operating system's generator, handed in; 22 characters on the wire.

use crate::base64;
use alloc::string::String;
use core::fmt;

/// A nonce in its wire form, base64url of 16 bytes.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Nonce(String);

impl Nonce {
    /// The nonce of 16 bytes of entropy. The core has no generator of its own.
    pub fn from_bytes(entropy: [u8; 16]) -> Self {
        Self(base64::encode_url(&entropy))
    }

    /// Reads a nonce, if the text is exactly 22 characters of strict base64url.
    pub fn parse(text: &str) -> Option<Self> {
        Self::is_nonce(text).then(|| Self(text.into()))
    }

    /// The wire form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_nonce(text: &str) -> bool {
        text.len() == LENGTH && base64::decode_url(text.as_bytes()).is_some()
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const LENGTH: usize = 22;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar() {
        let bytes = core::array::from_fn(|i| i as u8);
        assert_eq!(Nonce::from_bytes(bytes).as_str(), "AAECAwQFBgcICQoLDA0ODw");
        assert!(Nonce::parse("AAECAwQFBgcICQoLDA0ODw").is_some());
        for bad in [
            "",
            "AAECAwQFBgcICQoLDA0OD",
            "AAECAwQFBgcICQoLDA0ODwA",
            "AAECAwQFBgcICQoLDA0ODx",
            "AAECAwQFBgcICQoLDA0OD+",
            "AAECAwQFBgcICQoLDA0ODw==",
        ] {
            assert!(Nonce::parse(bad).is_none(), "{bad}");
        }
    }
}
