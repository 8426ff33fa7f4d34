//! HMAC-SHA256 on the processor's own instructions: one message whose states never leave the registers, or several messages whose rounds
//! fill each other's waits.
//!
//! For the crate `counterseal`, which has the same in safe Rust and takes that way wherever [`run`] answers nothing. The instructions are
//! reached through safe intrinsics; the one unsafe call is the step into a function that may only run where the processor has them.
#![no_std]

#[cfg(target_arch = "x86_64")]
mod sha;
#[cfg(target_arch = "x86_64")]
mod text;

/// Bytes of a SHA-256 block.
pub const BLOCK: usize = 64;
/// Characters of a digest as base64url.
pub const TEXT: usize = 43;

/// A message on its way through SHA-256.
#[derive(Clone, Copy)]
pub struct Lane<'a> {
    /// The state to start from.
    pub start: &'a [u32; 8],
    /// The message in whole blocks, its padding included: one run after the other.
    pub runs: [&'a [[u8; BLOCK]]; 3],
    /// For HMAC: the state, one block into its message, from which the digest is hashed once more.
    pub outer: Option<&'a [u32; 8]>,
    /// What the digest is compared with, as base64url without padding.
    pub text: Option<&'a [u8; TEXT]>,
}

/// What became of a message.
#[derive(Clone, Copy)]
pub struct Digest {
    /// The last state: the digest's words.
    pub words: [u32; 8],
    /// A whole word, since a byte alone would be waited for when the digest is moved.
    fits: u32,
}

impl Digest {
    /// Whether there was a text and it is the digest's. They were compared in a time that does not depend on where they differ.
    #[inline]
    pub fn fits(&self) -> bool {
        self.fits == 1
    }
}

/// Hashes `N` messages side by side, if the processor has the instructions. They may differ in length; the shortest way is to give those of
/// one length together.
#[inline]
pub fn run<const N: usize>(lanes: &[Lane<'_>; N]) -> Option<[Digest; N]> {
    #[cfg(target_arch = "x86_64")]
    if has_sha::get() {
        return Some(enter(lanes));
    }
    let _ = lanes;
    None
}

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, reason = "a function compiled for the SHA instructions can be entered in no other way")]
#[inline]
fn enter<const N: usize>(lanes: &[Lane<'_>; N]) -> [Digest; N] {
    // SAFETY: `run` calls this only after the processor said that it has every feature that `sha::run` is compiled for.
    unsafe { sha::run(lanes) }
}

#[cfg(target_arch = "x86_64")]
cpufeatures::new!(has_sha, "sha", "sse4.1", "ssse3");
