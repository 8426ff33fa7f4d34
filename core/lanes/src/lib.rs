//! What the processor's own instructions do faster than safe Rust: HMAC-SHA256 of one message whose states never leave the registers, or of
//! several messages whose rounds fill each other's waits; a message's first block; base64url; the ends of JSON strings.
//!
//! The hash lies here in safe Rust too (`digest`), for the crate `counterseal` to take wherever the answer is nothing; base64url in that crate. The instructions are
//! reached through safe intrinsics; the unsafe calls, all in this file, are the steps into functions that may only run where the processor
//! has them, and the one that fetches a line of memory.
#![no_std]

#[cfg(target_arch = "x86_64")]
mod abreast;
#[cfg(target_arch = "x86_64")]
mod base64;
mod json;
#[cfg(target_arch = "x86_64")]
mod opening;
mod portable;
#[cfg(target_arch = "x86_64")]
mod sha;
#[cfg(target_arch = "x86_64")]
mod sixteen;
#[cfg(target_arch = "x86_64")]
mod text;

pub use portable::{characters, digest};

/// Bytes of a SHA-256 block.
pub const BLOCK: usize = 64;
/// Characters of a digest as base64url.
pub const TEXT: usize = 43;
/// Messages that are hashed abreast.
pub const ABREAST: usize = 16;

/// A message on its way through SHA-256.
#[derive(Clone, Copy)]
pub struct Lane<'a> {
    /// The state to start from.
    pub start: &'a Start,
    /// The message in whole blocks, its padding included: one run after the other.
    pub runs: [&'a [[u8; BLOCK]]; 3],
    /// For HMAC: the state, one block into its message, from which the digest is hashed once more.
    pub outer: Option<&'a Start>,
    /// What the digest is compared with, as base64url without padding.
    pub text: Option<&'a [u8; TEXT]>,
}

/// A state to start from, its words a to h in the order of the instructions: f e b a, h g d c.
#[derive(Clone)]
#[repr(align(16))]
pub struct Start([u32; 8]);

impl Start {
    /// The state of these words, a to h.
    pub const fn new([a, b, c, d, e, f, g, h]: [u32; 8]) -> Self {
        Self([f, e, b, a, h, g, d, c])
    }

    /// Its words, a to h.
    pub const fn words(&self) -> [u32; 8] {
        let [f, e, b, a, h, g, d, c] = self.0;
        [a, b, c, d, e, f, g, h]
    }

    /// The memory that holds it, so that whoever keeps a secret state can wipe it.
    pub const fn as_mut(&mut self) -> &mut [u32; 8] {
        &mut self.0
    }
}

/// What became of a message.
#[derive(Clone, Copy)]
pub struct Digest {
    /// The last state: the digest's words.
    pub words: [u32; 8],
    /// Where the digest's text and the given one differ: no bit is set if they are the same, every bit if none was given. To be compared with
    /// zero in a time that does not depend on it.
    pub differ: u64,
}

/// Messages on their way through SHA-256, on the processor's own instructions. Two of one length take hardly longer than one.
///
/// Each round waits for the one before it. Other work that is done between the steps mostly fits into those waits.
pub struct Hashing<'a, const N: usize>(Engine<'a, N>);

#[cfg(target_arch = "x86_64")]
use sha::Hashing as Engine;

impl<'a, const N: usize> Hashing<'a, N> {
    /// Before the first block of each message, if the processor has the instructions.
    #[inline(always)]
    pub fn begin(lanes: &'a [Lane<'a>; N]) -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        if has_sha::get() {
            return Some(Self(Engine::new(lanes)));
        }
        let _ = lanes;
        None
    }

    /// Hashes one more block of each message, or, behind the last, HMAC's second hash.
    #[inline(always)]
    pub fn step(&mut self) {
        #[cfg(target_arch = "x86_64")]
        #[allow(
            unsafe_code,
            reason = "a function compiled for instructions that not every processor has can be entered in no other way"
        )]
        // SAFETY: only `begin` makes one of these, after the processor said that it has every feature that this is compiled for.
        unsafe {
            self.0.step();
        }
    }

    /// Hashes what is left.
    #[inline(always)]
    pub fn finish(&mut self) -> [Digest; N] {
        #[cfg(target_arch = "x86_64")]
        #[allow(
            unsafe_code,
            reason = "a function compiled for instructions that not every processor has can be entered in no other way"
        )]
        // SAFETY: as in `step`.
        unsafe {
            self.0.finish()
        }
        #[cfg(not(target_arch = "x86_64"))]
        match self.0.0 {}
    }
}

/// No message is on its way where there are no such instructions.
#[cfg(not(target_arch = "x86_64"))]
struct Engine<'a, const N: usize>(core::convert::Infallible, core::marker::PhantomData<&'a [Lane<'a>; N]>);

/// HMAC-SHA256 of sixteen messages abreast, a word of each in one register of AVX-512. Of about one length they take about half the time
/// that they take one by one on the SHA instructions.
#[derive(Clone, Copy, Debug)]
pub struct Abreast(());

impl Abreast {
    /// The way there, if the processor has the instructions.
    #[inline]
    pub fn new() -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        if has_avx512::get() {
            return Some(Self(()));
        }
        None
    }

    /// Of each message what [`Digest::differ`] tells, in one word; of one without second state or text, that every bit differs.
    #[inline]
    pub fn differ(self, lanes: &[Lane<'_>; ABREAST]) -> [u64; ABREAST] {
        #[cfg(target_arch = "x86_64")]
        #[allow(
            unsafe_code,
            reason = "a function compiled for instructions that not every processor has can be entered in no other way"
        )]
        // SAFETY: only `new` makes one of these, after the processor said that it has every feature that this is compiled for.
        unsafe {
            abreast::differ(lanes)
        }
        #[cfg(not(target_arch = "x86_64"))]
        lanes.map(|_| u64::MAX)
    }
}

/// Asks for the line of the cache in which a value begins, and does not wait for it: a load would keep whatever locks memory next waiting.
/// Nothing on other processors.
#[inline(always)]
pub fn fetch<T>(value: &T) {
    #[cfg(all(target_arch = "x86_64", target_feature = "sse"))]
    #[allow(unsafe_code, reason = "the instruction takes an address")]
    // SAFETY: it may be given any address, and changes nothing that a program sees; this one is a reference's.
    unsafe {
        core::arch::x86_64::_mm_prefetch::<{ core::arch::x86_64::_MM_HINT_T0 }>(
            core::ptr::from_ref(value).cast(),
        );
    }
    let _ = value;
}

/// What a message begins with, where that fills its first block: a title and three lines, each of which LF ends.
pub struct Opening<'a> {
    title: &'a [u8; 22],
    key_id: &'a [u8],
    /// Ten bytes, the first lowest, and zeros.
    ts: u128,
    nonce: &'a [u8; 22],
}

impl<'a> Opening<'a> {
    /// The title with its LF, and the lines without. Nothing for key ids that are shorter or longer than most, or if the processor lacks the
    /// instructions.
    #[inline(always)]
    pub fn new(title: &'a [u8; 22], key_id: &'a [u8], ts: [u8; 10], nonce: &'a [u8; 22]) -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        if (opening::SHORTEST..=opening::LONGEST).contains(&key_id.len()) && has_sha::get() {
            let [a, b, c, d, e, f, g, h, i, j] = ts;
            let ts = u128::from_le_bytes([a, b, c, d, e, f, g, h, i, j, 0, 0, 0, 0, 0, 0]);
            return Some(Self { title, key_id, ts, nonce });
        }
        let _ = (title, key_id, ts, nonce);
        None
    }

    /// At which byte of the message the nonce begins.
    #[inline(always)]
    pub fn nonce_at(&self) -> usize {
        self.title.len() + self.key_id.len() + "\n1234567890\n".len()
    }

    /// Writes the first block of the message, each sixteen bytes at once: what was only just written otherwise is hashed later.
    #[inline(always)]
    pub fn write(&self, block: &mut [u8; BLOCK]) {
        #[cfg(target_arch = "x86_64")]
        #[allow(
            unsafe_code,
            reason = "a function compiled for instructions that not every processor has can be entered in no other way"
        )]
        // SAFETY: only `new` makes one of these, after the processor said that it has every feature that this is compiled for.
        unsafe {
            opening::write(self, block);
        }
        let _ = (block, self.ts, self.nonce);
    }
}

/// Decodes base64url (RFC 4648 §5) whose characters, 32 or more, are a multiple of four: whether all are of the alphabet. There must be room for
/// three bytes in place of four characters, and no more. Nothing for any other text, or if the processor lacks the instructions.
#[inline]
pub fn decode_url(text: &[u8], bytes: &mut [u8]) -> Option<bool> {
    #[cfg(target_arch = "x86_64")]
    if text.len() >= 32
        && text.len().is_multiple_of(4)
        && bytes.len() == text.len() / 4 * 3
        && has_avx2::get()
    {
        #[allow(
            unsafe_code,
            reason = "a function compiled for instructions that not every processor has can be entered in no other way"
        )]
        // SAFETY: the processor has just said that it has the feature that this is compiled for.
        return Some(unsafe { base64::decode(text, bytes) });
    }
    let _ = (text, bytes);
    None
}

/// Decodes sixteen bytes of strict base64url (RFC 4648 §5). Nothing if the processor lacks the instructions.
#[inline(always)]
pub fn decode_16(text: &[u8; 22]) -> Option<Option<[u8; 16]>> {
    #[cfg(target_arch = "x86_64")]
    if has_sha::get() {
        #[allow(
            unsafe_code,
            reason = "a function compiled for instructions that not every processor has can be entered in no other way"
        )]
        // SAFETY: the processor has just said that it has every feature that this is compiled for.
        return Some(unsafe { sixteen::decode_16(text) });
    }
    let _ = text;
    None
}

/// A bit for each byte at which a plain JSON string stops, the first byte's lowest: a quote, a backslash, a control character, and whatever is
/// not ASCII.
#[inline(always)]
pub fn stops(bytes: &[u8; 64]) -> u64 {
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    #[allow(
        unsafe_code,
        reason = "a function that names the instructions it is compiled for can be entered in no other way"
    )]
    // SAFETY: this is compiled for them as well.
    unsafe {
        json::stops(bytes)
    }
    #[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
    json::portable_stops(bytes)
}

/// The first of sixteen bytes at which a plain JSON string stops, see [`stops`].
#[inline(always)]
pub fn stop(bytes: &[u8; 16]) -> Option<usize> {
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    #[allow(
        unsafe_code,
        reason = "a function that names the instructions it is compiled for can be entered in no other way"
    )]
    // SAFETY: this is compiled for them as well.
    let stop = match unsafe { json::stops_of_sixteen(bytes) } {
        0 => None,
        stops => Some(stops.trailing_zeros() as usize),
    };
    #[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
    let stop = json::portable_stop(bytes);
    stop
}

#[cfg(target_arch = "x86_64")]
cpufeatures::new!(has_sha, "sha", "sse4.1", "ssse3");
#[cfg(target_arch = "x86_64")]
cpufeatures::new!(has_avx2, "avx2");
#[cfg(target_arch = "x86_64")]
cpufeatures::new!(has_avx512, "avx512f", "avx512bw", "avx512vbmi");
