//! A message laid out for SHA-256 (FIPS 180-4 §5.1.1): assembled and padded in one buffer, a long body hashed where it lies.

/// A message in whole blocks: its beginning, the blocks of a long body, its end.
pub(crate) type Runs<'a> = [&'a [[u8; BLOCK]]; 3];

/// The message's parts before its body, and later its padding. `N` is a multiple of the block, and at least two blocks more than the parts
/// before the body take.
pub(crate) struct Message<const N: usize> {
    buffer: [u8; N],
    length: usize,
    hashed: usize,
}

impl<const N: usize> Message<N> {
    /// A message for SHA-256 itself.
    #[inline]
    pub(crate) fn plain() -> Self {
        Self { buffer: [0; N], length: 0, hashed: 0 }
    }

    /// A message for HMAC, whose state has the padded key behind it.
    #[inline]
    pub(crate) fn keyed() -> Self {
        Self { buffer: [0; N], length: 0, hashed: BLOCK }
    }

    /// Adds a part whose length the compiler knows.
    #[inline]
    pub(crate) fn fixed<const L: usize>(&mut self, part: &[u8; L]) {
        self.buffer[self.length..][..L].copy_from_slice(part);
        self.length += L;
    }

    /// Adds a part that is mostly short: two copies of a fixed length that may overlap cost less than a call.
    #[inline]
    pub(crate) fn short(&mut self, part: &[u8]) {
        let place = &mut self.buffer[self.length..][..part.len()];
        match part.len() {
            8..=16 => copy_ends::<8>(place, part),
            17..=32 => copy_ends::<16>(place, part),
            _ => place.copy_from_slice(part),
        }
        self.length += part.len();
    }

    /// Adds the body and the padding.
    #[inline]
    pub(crate) fn end<'a>(&'a mut self, body: &'a [u8]) -> Runs<'a> {
        let whole = self.length + body.len();
        let bits = ((self.hashed + whole) as u64 * 8).to_be_bytes();
        if whole + PADDING <= N {
            self.buffer[self.length..whole].copy_from_slice(body);
            let end = self.pad(whole, bits);
            return [&self.buffer.as_chunks().0[..end], &[], &[]];
        }
        let head = self.length.next_multiple_of(BLOCK);
        let (first, rest) = body.split_at(head - self.length);
        let (middle, last) = rest.as_chunks();
        self.buffer[self.length..head].copy_from_slice(first);
        self.buffer[head..head + last.len()].copy_from_slice(last);
        let end = self.pad(head + last.len(), bits);
        let blocks = &self.buffer.as_chunks().0[..end];
        let (first, last) = blocks.split_at(head / BLOCK);
        [first, middle, last]
    }

    /// Ends the message at that byte of the buffer, which holds only zeros from there. Returns the buffer's blocks.
    #[inline]
    fn pad(&mut self, at: usize, bits: [u8; 8]) -> usize {
        let blocks = (at + PADDING).div_ceil(BLOCK);
        self.buffer[at] = 0x80;
        self.buffer[blocks * BLOCK - bits.len()..][..bits.len()].copy_from_slice(&bits);
        blocks
    }
}

/// Copies a part of `L` to `2 * L` bytes.
#[inline]
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
