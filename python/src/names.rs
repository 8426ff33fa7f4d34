//! Whose key it was, for evidence that outlives the key.

use std::ops::Range;

/// A key's id and its owner. Both are short by their grammar: to copy them takes less than to count one more holder of the key.
pub(crate) struct Names {
    text: [u8; 2 * LONGEST],
    lengths: [u8; 2],
}

impl Names {
    /// Of nobody yet.
    pub(crate) const NONE: Self = Self { text: [0; 2 * LONGEST], lengths: [0; 2] };

    #[inline(always)]
    pub(crate) fn set(&mut self, key_id: &str, owner: &str) {
        self.text[..key_id.len()].copy_from_slice(key_id.as_bytes());
        self.text[LONGEST..LONGEST + owner.len()].copy_from_slice(owner.as_bytes());
        self.lengths = [key_id.len() as u8, owner.len() as u8];
    }

    pub(crate) fn key_id(&self) -> &str {
        self.text(0..usize::from(self.lengths[0]))
    }

    pub(crate) fn owner(&self) -> &str {
        self.text(LONGEST..LONGEST + usize::from(self.lengths[1]))
    }

    fn text(&self, range: Range<usize>) -> &str {
        str::from_utf8(&self.text[range]).unwrap_or_default()
    }
}

/// Bytes of an id or an owner (wire contract §1).
const LONGEST: usize = 64;
