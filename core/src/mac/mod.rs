//! HMAC-SHA256 (RFC 2104) over a key whose inner and outer state is computed once.

mod message;

pub(crate) use message::{BLOCK, Message, PADDING, Runs};

use crate::base64;
use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// A key ready to sign: SHA-256's state after the inner and after the outer padded key. Wiped on drop.
#[derive(Clone)]
pub(crate) struct MacKey {
    inner: [u32; 8],
    outer: [u32; 8],
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
            [input] => self.mac_of(Message::<TAIL>::keyed().end(input)),
            parts => self.mac(&[&parts.concat()]),
        }
    }

    /// The tag of a message that was begun with [`Message::keyed`].
    pub(crate) fn mac_of(&self, runs: Runs<'_>) -> [u8; 32] {
        let mut state = self.inner;
        for run in runs {
            if !run.is_empty() {
                compress256(&mut state, run);
            }
        }
        let mut last = [0; BLOCK];
        for (bytes, word) in last.as_chunks_mut().0.iter_mut().zip(state) {
            *bytes = word.to_be_bytes();
        }
        last[32] = 0x80;
        last[BLOCK - 2..].copy_from_slice(&OUTER_BITS.to_be_bytes());
        state = self.outer;
        compress256(&mut state, &[last]);
        to_bytes(&state)
    }

    /// Whether `tag` is the tag of the parts, in a time that does not depend on where they differ.
    pub(crate) fn verify(&self, parts: &[&[u8]], tag: &[u8]) -> bool {
        self.mac(parts).ct_eq(tag).into()
    }

    /// Whether `text` is the tag of the parts as base64url, in a time that does not depend on where they differ.
    pub(crate) fn fits(&self, parts: &[&[u8]], text: &[u8; base64::TAG]) -> bool {
        base64::is_tag(text, &self.mac(parts))
    }

    /// A key that signs nothing: its MAC is computed where the real key is refused, so that both take as long.
    pub(crate) fn dummy() -> Self {
        Self::new(&[0; 32])
    }
}

impl Drop for MacKey {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

/// SHA-256 of a message that was begun with [`Message::plain`].
pub(crate) fn sha256(runs: Runs<'_>) -> [u8; 32] {
    let mut state = INITIAL;
    for run in runs {
        if !run.is_empty() {
            compress256(&mut state, run);
        }
    }
    to_bytes(&state)
}

fn state_after(key: &[u8; BLOCK], pad: u8) -> [u32; 8] {
    let block = Zeroizing::new(key.map(|byte| byte ^ pad));
    let mut state = INITIAL;
    compress256(&mut state, core::slice::from_ref(&block));
    state
}

fn to_bytes(state: &[u32; 8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (bytes, word) in bytes.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    bytes
}

/// SHA-256's first state (FIPS 180-4 §5.3.3).
const INITIAL: [u32; 8] =
    [0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19];
/// Bits of the outer hash: a block of key, and a digest.
const OUTER_BITS: u16 = (BLOCK as u16 + 32) * 8;
/// What the end of a message can take, its padding included.
const TAIL: usize = 2 * BLOCK;

#[cfg(test)]
mod tests;
