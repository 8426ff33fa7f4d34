//! Replay guards: a nonce is claimed once (wire contract §5).

mod memory;
mod shared;

pub use memory::{GuardOptions, MemoryReplayGuard, ReplayBooks, ReplayPlace, ReplayTable};
pub use shared::{SharedClaim, SharedGuardOptions};

use crate::base64;
use crate::error::ErrorCode;
use crate::mac::{self, BLOCK, MacKey, Message, PADDING, Runs};
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

    /// Whether it ends late enough to be told from what was discarded: not before its own time, not before the horizon, the lowest
    /// retain-until that was never discarded.
    ///
    /// # Errors
    /// `expired`.
    pub fn check_retention(&self, horizon: u64) -> Result<(), ErrorCode> {
        let gone = self.retain_until < self.now.seconds().max(horizon);
        if gone { Err(ErrorCode::Expired) } else { Ok(()) }
    }

    /// Whether it was signed after a guard that began in second `start` can have forgotten it; 0 is no fence.
    ///
    /// # Errors
    /// `replay_guard_starting`.
    pub fn check_fence(&self, start: Timestamp) -> Result<(), ErrorCode> {
        let start = start.seconds();
        let before = start > 0 && self.ts.seconds() <= start.saturating_add(self.max_ahead);
        if before { Err(ErrorCode::ReplayGuardStarting) } else { Ok(()) }
    }
}

/// The first 16 bytes of SHA-256 over scope, format, key id and nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplayTag([u8; 16]);

impl ReplayTag {
    /// The tag of a nonce. No part can hold an LF, so no two quadruples share an input.
    pub fn new(scope: &str, format: &str, key_id: &str, nonce: &str) -> Self {
        TagInput { scope, format, key_id, nonce }.tag()
    }

    /// The tags of two nonces, hashed side by side.
    pub(crate) fn of_two(inputs: &[TagInput<'_>; 2]) -> [Self; 2] {
        let [first, second] = inputs;
        if !(first.is_small() && second.is_small()) {
            return [first.tag(), second.tag()];
        }
        let (mut one, mut two) = ([0; SMALL], [0; SMALL]);
        mac::sha256_of_two([first.lay_out(&mut one), second.lay_out(&mut two)]).map(Self::of)
    }

    fn of(hash: [u8; 32]) -> Self {
        let mut tag = [0; 16];
        tag.copy_from_slice(&hash[..16]);
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

/// What a tag is hashed from.
#[derive(Clone, Copy)]
pub(crate) struct TagInput<'a> {
    pub(crate) scope: &'a str,
    pub(crate) format: &'a str,
    pub(crate) key_id: &'a str,
    pub(crate) nonce: &'a str,
}

impl TagInput<'_> {
    pub(crate) fn tag(&self) -> ReplayTag {
        if self.is_small() {
            return ReplayTag::of(mac::sha256(self.lay_out(&mut [0; SMALL])));
        }
        if self.len() + PADDING <= LARGE {
            return ReplayTag::of(mac::sha256(self.lay_out(&mut [0; LARGE])));
        }
        let texts = [self.scope, self.format, self.key_id, self.nonce].join("\n");
        let mut buffer = [0; LARGE];
        let mut message = Message::plain(&mut buffer);
        message.fixed(PREFIX);
        ReplayTag::of(mac::sha256(message.end(texts.as_bytes())))
    }

    /// The tag, and whether `text` is the key's tag of a message that was begun with [`Message::keyed`]: hashed side by side.
    #[inline(always)]
    pub(crate) fn tag_beside(
        &self,
        key: &MacKey,
        runs: Runs<'_>,
        text: &[u8; base64::TAG],
    ) -> (bool, ReplayTag) {
        if !self.is_small() {
            return (key.fits_of(runs, text), self.tag());
        }
        let (fits, hash) = key.fits_of_beside(runs, text, self.lay_out(&mut [0; SMALL]));
        (fits, ReplayTag::of(hash))
    }

    #[inline(always)]
    fn is_small(&self) -> bool {
        self.len() + PADDING <= SMALL
    }

    #[inline(always)]
    fn len(&self) -> usize {
        PREFIX.len() + self.scope.len() + self.format.len() + self.key_id.len() + self.nonce.len() + 3
    }

    #[inline(always)]
    fn lay_out<'m, const N: usize>(&'m self, buffer: &'m mut [u8; N]) -> Runs<'m> {
        let mut message = Message::plain(buffer);
        message.fixed(PREFIX);
        for text in [self.scope, self.format, self.key_id] {
            message.short(text.as_bytes());
            message.fixed(b"\n");
        }
        message.end(self.nonce.as_bytes())
    }
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
                let short = TagInput { scope: "", format: "f", key_id: "k", nonce: "n" };
                let this = TagInput { scope: &scope, format: "packet-1", key_id: &key_id, nonce: &nonce };
                assert_eq!(ReplayTag::of_two(&[this, short]), [tag, short.tag()]);
                assert_eq!(ReplayTag::of_two(&[short, this]), [short.tag(), tag]);
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
