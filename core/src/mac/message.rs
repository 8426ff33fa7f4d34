//! A message laid out for SHA-256 (FIPS 180-4 §5.1.1): assembled and padded in one buffer, a long body hashed where it lies.

use counterseal_lanes::Opening;

/// A message in whole blocks: its beginning, the blocks of a long body, its end.
pub(crate) type Runs<'a> = [&'a [[u8; BLOCK]]; 3];

/// Lays a message out in a buffer that holds only zeros. `N` is a multiple of the block, and at least two blocks more than the parts before
/// the body take. The buffer lies outside, so that the length can stay in a register.
pub(crate) struct Message<'m, const N: usize> {
    buffer: &'m mut [u8; N],
    length: usize,
    hashed: usize,
}

impl<'m, const N: usize> Message<'m, N> {
    /// A message for SHA-256 itself.
    #[inline(always)]
    pub(crate) fn plain(buffer: &'m mut [u8; N]) -> Self {
        Self { buffer, length: 0, hashed: 0 }
    }

    /// A message for HMAC, whose state has the padded key behind it.
    #[inline(always)]
    pub(crate) fn keyed(buffer: &'m mut [u8; N]) -> Self {
        Self { buffer, length: 0, hashed: BLOCK }
    }

    /// Adds a part whose length the compiler knows.
    #[inline(always)]
    pub(crate) fn fixed<const L: usize>(&mut self, part: &[u8; L]) {
        self.buffer[self.length..][..L].copy_from_slice(part);
        self.length += L;
    }

    /// Adds a part that is mostly short: two copies of a fixed length that may overlap cost less than a call.
    #[inline(always)]
    pub(crate) fn short(&mut self, part: &[u8]) {
        let place = &mut self.buffer[self.length..][..part.len()];
        match part.len() {
            8..=16 => copy_ends::<8>(place, part),
            17..=32 => copy_ends::<16>(place, part),
            _ => place.copy_from_slice(part),
        }
        self.length += part.len();
    }

    /// Leaves room for what is written later.
    #[inline(always)]
    pub(crate) fn leave(&mut self, length: usize) {
        self.length += length;
    }

    /// Writes what stands before the nonce; behind the nonce, which lies in the first block too.
    #[inline(always)]
    pub(crate) fn open(&mut self, opening: &Opening<'_>) {
        if let Some(block) = self.buffer.first_chunk_mut() {
            opening.write(block);
        }
    }

    /// Adds the body and the padding.
    #[inline(always)]
    pub(crate) fn end(self, body: &'m [u8]) -> Runs<'m> {
        let Self { buffer, length, hashed } = self;
        let whole = length + body.len();
        let bits = ((hashed + whole) as u64 * 8).to_be_bytes();
        if whole + PADDING <= N {
            buffer[length..whole].copy_from_slice(body);
            return [pad(buffer, whole, bits), &[], &[]];
        }
        let head = length.next_multiple_of(BLOCK);
        let (first, rest) = body.split_at(head - length);
        let (middle, last) = rest.as_chunks();
        buffer[length..head].copy_from_slice(first);
        buffer[head..head + last.len()].copy_from_slice(last);
        let (first, last) = pad(buffer, head + last.len(), bits).split_at(head / BLOCK);
        [first, middle, last]
    }
}

/// Ends the message at that byte of the buffer, which holds only zeros from there. Returns the message's blocks.
#[inline(always)]
fn pad<const N: usize>(buffer: &mut [u8; N], at: usize, bits: [u8; 8]) -> &[[u8; BLOCK]] {
    let blocks = (at + PADDING).div_ceil(BLOCK);
    buffer[at] = 0x80;
    buffer[blocks * BLOCK - bits.len()..][..bits.len()].copy_from_slice(&bits);
    &buffer.as_chunks().0[..blocks]
}

/// Copies a part of `L` to `2 * L` bytes.
#[inline(always)]
fn copy_ends<const L: usize>(place: &mut [u8], part: &[u8]) {
    if let (Some(place), Some(part)) = (place.first_chunk_mut::<L>(), part.first_chunk()) {
        *place = *part;
    }
    if let (Some(place), Some(part)) = (place.last_chunk_mut::<L>(), part.last_chunk()) {
        *place = *part;
    }
}

/// Bytes of a block.
pub(crate) const BLOCK: usize = 64;
/// The least padding: a set bit, and the length in bits.
pub(crate) const PADDING: usize = 9;
