//! HMAC-SHA256 (RFC 2104) over a key whose inner and outer state is computed once.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// A key ready to sign: both midstates computed. `sha2` and `hmac` wipe them on drop (feature `zeroize`).
#[derive(Clone)]
pub(crate) struct MacKey(Hmac<Sha256>);

impl MacKey {
    pub(crate) fn new(secret: &[u8]) -> Self {
        match Hmac::new_from_slice(secret) {
            Ok(mac) => Self(mac),
            Err(_) => unreachable!("HMAC takes a key of any length (RFC 2104 §2)"),
        }
    }

    /// The tag of the parts, one after the other.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Whether `tag` is the tag of the parts, in a time that does not depend on where they differ.
    pub(crate) fn verify(&self, parts: &[&[u8]], tag: &[u8]) -> bool {
        self.mac(parts).ct_eq(tag).into()
    }

    /// A key that signs nothing: its MAC is computed where the real key is refused, so that both take as long.
    pub(crate) fn dummy() -> Self {
        Self::new(&[0; 32])
    }
}
