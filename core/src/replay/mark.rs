//! What a guard of one process remembers of a nonce: no hash to wait for.

use super::ReplayTag;
use crate::key::Key;
use crate::nonce::Nonce;
use sha2::{Digest, Sha256};

/// A nonce and whose it is: what is claimed.
#[derive(Clone, Copy, Debug)]
pub struct SignedNonce<'a> {
    format: &'a str,
    key_id: &'a str,
    nonce: &'a Nonce,
    source: u64,
}

impl<'a> SignedNonce<'a> {
    /// A nonce that was signed in that format with the key of that id.
    pub fn new(format: &'a str, key_id: &'a str, nonce: &'a Nonce) -> Self {
        Self { format, key_id, nonce, source: source(format, key_id) }
    }

    pub(crate) fn of(format: Format, key: &'a Key, nonce: &'a Nonce) -> Self {
        Self { format: format.as_str(), key_id: key.id(), nonce, source: key.sources().of(format) }
    }

    /// Its tag in the guards of that scope.
    pub fn tag(&self, scope: &str) -> ReplayTag {
        ReplayTag::new(scope, self.format, self.key_id, self.nonce.as_str())
    }

    /// Its mark.
    #[inline]
    pub fn mark(&self) -> ReplayMark {
        let (halves, _) = self.nonce.bytes().as_chunks();
        let [low, high] = [halves[0], halves[1]].map(u64::from_le_bytes);
        ReplayMark([low, high, self.source])
    }
}

/// A nonce's 16 bytes, and 64 bits of SHA-256 over its format and key id. Where two replay tags of one scope are the same, their marks are.
///
/// A signer picks the nonces, so it can pick their marks: what depends on how marks spread must be bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReplayMark(pub(super) [u64; 3]);

/// The formats whose nonces are claimed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Format {
    Packet,
    Request,
}

impl Format {
    /// Its name in a replay tag (wire contract §5).
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Packet => "packet-1",
            Self::Request => "request-1",
        }
    }
}

/// What a key's nonces have in their marks, for each format.
#[derive(Clone, Copy)]
pub(crate) struct Sources {
    packet: u64,
    request: u64,
}

impl Sources {
    pub(crate) fn new(key_id: &str) -> Self {
        let of = |format: Format| source(format.as_str(), key_id);
        Self { packet: of(Format::Packet), request: of(Format::Request) }
    }

    fn of(self, format: Format) -> u64 {
        match format {
            Format::Packet => self.packet,
            Format::Request => self.request,
        }
    }
}

fn source(format: &str, key_id: &str) -> u64 {
    let hash = Sha256::new().chain_update(format).chain_update("\n").chain_update(key_id).finalize();
    hash.first_chunk().map_or(0, |first| u64::from_le_bytes(*first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{KeyOptions, Secret};

    fn nonce(number: u128) -> Nonce {
        Nonce::from_bytes(number.to_le_bytes())
    }

    #[test]
    fn nonces_formats_and_key_ids_are_told_apart() {
        let mark = |format, key_id, number| SignedNonce::new(format, key_id, &nonce(number)).mark();
        let one = mark("packet-1", "engine-7", 1 << 64 | 2);
        assert_eq!(one, mark("packet-1", "engine-7", 1 << 64 | 2));
        assert_eq!(one.0[..2], [2, 1]);
        for bit in 0..128 {
            assert_ne!(one, mark("packet-1", "engine-7", (1 << 64 | 2) ^ 1 << bit), "bit {bit}");
        }
        assert_ne!(one, mark("request-1", "engine-7", 1 << 64 | 2));
        assert_ne!(one, mark("packet-1", "engine-8", 1 << 64 | 2));
    }

    #[test]
    fn a_key_knows_what_its_nonces_have_in_common() {
        let key = Key::new("engine-7", Secret::from_bytes(&[7; 32]).unwrap(), KeyOptions::default()).unwrap();
        let nonce = nonce(5);
        for format in [Format::Packet, Format::Request] {
            let (of, new) = (
                SignedNonce::of(format, &key, &nonce),
                SignedNonce::new(format.as_str(), "engine-7", &nonce),
            );
            assert_eq!((of.mark(), of.tag("s")), (new.mark(), new.tag("s")));
            assert_eq!(of.tag("s"), ReplayTag::new("s", format.as_str(), "engine-7", nonce.as_str()));
        }
    }
}
