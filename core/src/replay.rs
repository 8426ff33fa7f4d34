//! Replay guards: a nonce is claimed once (wire contract §5).

mod memory;

pub use memory::{GuardOptions, MemoryReplayGuard};

use crate::base64;
use crate::error::ErrorCode;
use crate::mac::{self, BLOCK, Message, PADDING, Runs};
use crate::time::{Timestamp, Tolerance};
use alloc::string::String;

/// A store of claimed nonces. A claim is one atomic step; whoever implements it for a shared store keeps the order of [`ReplayGuard::claim`].
pub trait ReplayGuard {
    /// The name that all replicas of one guard share; empty for a guard of one process.
    fn scope(&self) -> &str;

    /// Claims the tag, once.
    ///
    /// # Errors
    /// In this order: `expired` (no longer to be told from a forgotten nonce), `replay_guard_starting`, `replayed`, `rate_limited`,
    /// `replay_guard_full`.
    fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ErrorCode>;
}

impl<G: ReplayGuard + ?Sized> ReplayGuard for &mut G {
    fn scope(&self) -> &str {
        (**self).scope()
    }

    fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        (**self).claim(claim)
    }
}

/// What is claimed.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The nonce's tag.
    pub tag: ReplayTag,
    /// Whose share it counts against.
    pub owner: &'a str,
    /// When it was signed.
    pub ts: Timestamp,
    /// How far a signer's clock may be ahead, in seconds.
    pub max_ahead: u64,
    /// The last second in which the tag must be remembered.
    pub retain_until: u64,
    /// This clock's time.
    pub now: Timestamp,
}

impl<'a> Claim<'a> {
    /// The claim of a signature of that age: remembered for max_age + 60 seconds after its time.
    pub fn new(tag: ReplayTag, owner: &'a str, ts: Timestamp, tolerance: Tolerance, now: Timestamp) -> Self {
        let retain_until = ts.seconds() + tolerance.max_age() + MARGIN;
        Self { tag, owner, ts, max_ahead: tolerance.max_ahead(), retain_until, now }
    }
}

/// The first 16 bytes of SHA-256 over scope, format, key id and nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplayTag([u8; 16]);

impl ReplayTag {
    /// The tag of a nonce. No part can hold an LF, so no two quadruples share an input.
    pub fn new(scope: &str, format: &str, key_id: &str, nonce: &str) -> Self {
        let length = PREFIX.len() + scope.len() + format.len() + key_id.len() + nonce.len() + 3;
        if length + PADDING <= SMALL {
            Self::of(lay_out(&mut [0; SMALL], [scope, format, key_id], nonce))
        } else if length + PADDING <= LARGE {
            Self::of(lay_out(&mut [0; LARGE], [scope, format, key_id], nonce))
        } else {
            let texts = [scope, format, key_id, nonce].join("\n");
            let mut buffer = [0; LARGE];
            let mut message = Message::plain(&mut buffer);
            message.fixed(PREFIX);
            Self::of(message.end(texts.as_bytes()))
        }
    }

    fn of(message: Runs<'_>) -> Self {
        let mut tag = [0; 16];
        tag.copy_from_slice(&mac::sha256(message)[..16]);
        Self(tag)
    }

    /// The tag's bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The tag as base64url, 22 characters.
    pub fn to_text(&self) -> String {
        base64::encode_url(&self.0)
    }
}

#[inline(always)]
fn lay_out<'m, const N: usize>(buffer: &'m mut [u8; N], texts: [&str; 3], nonce: &'m str) -> Runs<'m> {
    let mut message = Message::plain(buffer);
    message.fixed(PREFIX);
    for text in texts {
        message.short(text.as_bytes());
        message.fixed(b"\n");
    }
    message.end(nonce.as_bytes())
}

const PREFIX: &[u8; 22] = b"counterseal-replay-v1\n";
/// Most tags are hashed from two blocks, those of the longest names from four. Only what no grammar allows is longer.
const SMALL: usize = 2 * BLOCK;
const LARGE: usize = 4 * BLOCK;
/// Seconds that a tag is remembered beyond max_age: room for clocks that are stepped.
const MARGIN: u64 = 60;

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use sha2::{Digest, Sha256};

    #[test]
    fn golden_tag() {
        let tag = ReplayTag::new("", "packet-1", "engine-7", "AAECAwQFBgcICQoLDA0ODw");
        assert_eq!(tag.to_text(), "La1atj-IF2vmdSuw5Cw9DA");
    }

    #[test]
    fn texts_of_every_length() {
        let text = |length| "abcdefgh".chars().cycle().take(length).collect::<String>();
        let lengths = || (0..=70).chain([200, 300, 400]);
        for scope in [0, 1, 20, 64, 300] {
            for (key_id, nonce) in
                lengths().flat_map(|key_id| [0, 21, 22, 23, 70, 400].map(|nonce| (key_id, nonce)))
            {
                let (scope, key_id, nonce) = (text(scope), text(key_id), text(nonce));
                let input = format!("counterseal-replay-v1\n{scope}\npacket-1\n{key_id}\n{nonce}");
                let tag = ReplayTag::new(&scope, "packet-1", &key_id, &nonce);
                assert_eq!(tag.as_bytes()[..], Sha256::digest(&input)[..16], "{input}");
            }
        }
    }

    #[test]
    fn retained_beyond_max_age() {
        let ts = Timestamp::new(1000).unwrap();
        let claim = Claim::new(ReplayTag::new("", "f", "k", "n"), "o", ts, Tolerance::default(), ts);
        assert_eq!((claim.retain_until, claim.max_ahead), (1120, 5));
    }
}
