//! Nonces: 16 bytes from the operating system's generator, handed in; 22 characters on the wire.

use crate::base64;
use core::fmt;

/// A nonce: 16 bytes, and their base64url.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Nonce {
    wire: [u8; ROOM],
    bytes: [u8; 16],
}

impl Nonce {
    /// The nonce of 16 bytes of entropy. The core has no generator of its own.
    pub fn from_bytes(entropy: [u8; 16]) -> Self {
        let mut wire = [0; LENGTH];
        base64::encode_url_into(&entropy, &mut wire);
        Self::of(&wire, entropy)
    }

    /// Reads a nonce, if the text is exactly 22 characters of strict base64url.
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_wire(text.as_bytes().try_into().ok()?)
    }

    /// The wire form.
    pub fn as_str(&self) -> &str {
        // Every nonce was judged or written as ASCII.
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn from_wire(wire: &[u8; LENGTH]) -> Option<Self> {
        base64::decode_16(wire).map(|bytes| Self::of(wire, bytes))
    }

    /// What the wire form stands for.
    pub(crate) fn bytes(&self) -> &[u8; 16] {
        &self.bytes
    }

    pub(crate) fn as_bytes(&self) -> &[u8; LENGTH] {
        match self.wire.first_chunk() {
            Some(wire) => wire,
            None => unreachable!("the room is longer"),
        }
    }

    #[inline]
    fn of(wire: &[u8; LENGTH], bytes: [u8; 16]) -> Self {
        let [head @ .., _, _, _, _, _, _] = wire;
        let [_, _, _, _, _, _, _, _, _, _, _, _, _, _, tail @ ..] = wire;
        let mut room = [0; ROOM];
        room[..16].copy_from_slice(head);
        room[16..].copy_from_slice(&(u64::from_le_bytes(*tail) >> 16).to_le_bytes());
        Self { wire: room, bytes }
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Characters of a nonce.
pub(crate) const LENGTH: usize = 22;
/// The characters and two zeros: what is moved in whole words is not waited for.
const ROOM: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar() {
        let bytes = core::array::from_fn(|i| i as u8);
        assert_eq!(Nonce::from_bytes(bytes).as_str(), "AAECAwQFBgcICQoLDA0ODw");
        let parsed = Nonce::parse("AAECAwQFBgcICQoLDA0ODw").unwrap();
        assert_eq!((parsed, parsed.bytes()), (Nonce::from_bytes(bytes), &bytes));
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
