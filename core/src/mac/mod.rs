//! HMAC-SHA256 (RFC 2104) over a key whose inner and outer state is computed once.

mod hash;
mod message;

#[cfg(test)]
pub(crate) use hash::not_abreast;
pub(crate) use hash::{Pulse, abreast, sha256};
pub(crate) use message::{BLOCK, Message, PADDING, Runs};

use crate::base64;
use counterseal_lanes::Start;
pub(crate) use counterseal_lanes::{ABREAST, Lane};
use hash::INITIAL;
use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// A key ready to sign: SHA-256's state after the inner and after the outer padded key. Wiped on drop.
#[derive(Clone)]
pub(crate) struct MacKey {
    inner: Start,
    outer: Start,
}

impl MacKey {
    pub(crate) fn new(secret: &[u8]) -> Self {
        let mut key = Zeroizing::new([0; BLOCK]);
        if secret.len() > BLOCK {
            let mut hash = Sha256::digest(secret);
            key[..32].copy_from_slice(&hash);
            hash.as_mut_slice().zeroize();
        } else {
            key[..secret.len()].copy_from_slice(secret);
        }
        Self { inner: state_after(&key, 0x36), outer: state_after(&key, 0x5C) }
    }

    /// The tag of the parts, one after the other. One part is hashed where it lies.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        match parts {
            [input] => self.mac_of(Message::keyed(&mut [0; TAIL]).end(input)),
            parts => self.mac(&[&parts.concat()]),
        }
    }

    /// Whether `tag` is the tag of the parts, in a time that does not depend on where they differ.
    pub(crate) fn verify(&self, parts: &[&[u8]], tag: &[u8]) -> bool {
        self.mac(parts).ct_eq(tag).into()
    }

    /// Whether `text` is the tag of the input as base64url, in a time that does not depend on where they differ.
    pub(crate) fn fits(&self, input: &[u8], text: &[u8; base64::TAG]) -> bool {
        self.fits_of(Message::keyed(&mut [0; TAIL]).end(input), text)
    }

    /// The tag of a message that was begun with [`Message::keyed`].
    #[inline(always)]
    pub(crate) fn mac_of(&self, runs: Runs<'_>) -> [u8; 32] {
        let [digest] = hash::hash(&[self.lane(runs, None)]);
        hash::to_bytes(&digest.words)
    }

    /// Whether `text` is the tag of a message that was begun with [`Message::keyed`]. As [`MacKey::fits`].
    #[inline(always)]
    pub(crate) fn fits_of(&self, runs: Runs<'_>, text: &[u8; base64::TAG]) -> bool {
        let [digest] = hash::hash(&[self.lane(runs, Some(text))]);
        hash::fits(&digest)
    }

    /// [`MacKey::fits_of`], and what came of the work that is done between its blocks.
    #[inline(always)]
    pub(crate) fn fits_while<T>(
        &self,
        runs: Runs<'_>,
        text: &[u8; base64::TAG],
        work: impl FnOnce(&mut Pulse<'_>) -> T,
    ) -> (bool, T) {
        let ([digest], done) = hash::hash_while(&[self.lane(runs, Some(text))], work);
        (hash::fits(&digest), done)
    }

    /// The message, to be hashed side by side with another ([`fit`]).
    #[inline(always)]
    pub(crate) fn lane<'a>(&'a self, runs: Runs<'a>, text: Option<&'a [u8; base64::TAG]>) -> Lane<'a> {
        Lane { start: &self.inner, runs, outer: Some(&self.outer), text }
    }

    /// A key that signs nothing: its MAC is computed where the real key is refused, so that both take as long.
    pub(crate) fn dummy() -> Self {
        Self::new(&[0; 32])
    }
}

/// Whether each message has its text, of two that are hashed side by side, and what came of the work that is done between its blocks.
#[inline(always)]
pub(crate) fn fit_while<T>(lanes: &[Lane<'_>; 2], work: impl FnOnce(&mut Pulse<'_>) -> T) -> ([bool; 2], T) {
    let (digests, done) = hash::hash_while(lanes, work);
    (digests.each_ref().map(hash::fits), done)
}

impl Drop for MacKey {
    fn drop(&mut self) {
        self.inner.as_mut().zeroize();
        self.outer.as_mut().zeroize();
    }
}

fn state_after(key: &[u8; BLOCK], pad: u8) -> Start {
    let block = Zeroizing::new(key.map(|byte| byte ^ pad));
    let mut state = Zeroizing::new(INITIAL.words());
    compress256(&mut state, core::slice::from_ref(&block));
    Start::new(*state)
}

/// What the end of a message can take, its padding included.
pub(crate) const TAIL: usize = 2 * BLOCK;

#[cfg(test)]
mod tests;
