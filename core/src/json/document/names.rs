//! The names of one object's members, to find a second of the same name.

use alloc::borrow::Cow;

use super::node::Span;
use crate::collections::Distinct;

/// A few names are compared one by one, and only where their marks meet; many are kept in a tree,
/// since a peer chooses them and a hash without a random key could be flooded.
#[derive(Default)]
pub(super) struct Names<'a> {
    marks: [u64; 4],
    tree: Option<Distinct<Cow<'a, str>>>,
}

impl<'a> Names<'a> {
    /// Whether `name` stands among the `len` names `known`. Called once for each name, in text
    /// order.
    #[inline(always)]
    pub(super) fn is_repeated<K: Iterator<Item = (usize, Span)>>(
        &mut self,
        text: &'a str,
        known: impl FnOnce() -> K,
        len: u32,
        name: Span,
    ) -> bool {
        if len >= FEW {
            return self.is_in_tree(text, known(), name);
        }
        self.meets(mark(text.as_bytes(), name)) && is_among(text, known(), name)
    }

    /// Whether there is no tree of them yet.
    pub(super) fn are_few(&self) -> bool {
        self.tree.is_none()
    }

    /// Whether it can be told quickly that `name`, while they are few, did not come before.
    #[inline(always)]
    pub(super) fn is_plainly_new(&mut self, text: &[u8], name: Span) -> bool {
        mark(text, name).is_some_and(|mark| !self.meets(Some(mark)))
    }

    /// Whether a name with that mark may have come before.
    #[inline(always)]
    fn meets(&mut self, mark: Option<u8>) -> bool {
        let Some(mark) = mark else {
            self.marks = [u64::MAX; 4];
            return true;
        };
        let (word, bit) = (&mut self.marks[usize::from(mark / 64)], 1 << (mark % 64));
        let meets = *word & bit != 0;
        *word |= bit;
        meets
    }

    #[inline(never)]
    fn is_in_tree(&mut self, text: &'a str, known: impl Iterator<Item = (usize, Span)>, name: Span) -> bool {
        let tree = self.tree.get_or_insert_with(|| known.map(|(_, known)| known.decode(text)).collect());
        !tree.insert(name.decode(text))
    }
}

#[inline(never)]
fn is_among(text: &str, mut known: impl Iterator<Item = (usize, Span)>, name: Span) -> bool {
    let name = name.decode(text);
    known.any(|(_, known)| known.is(text, &name))
}

/// What equal names share; none for a name of which it cannot be told quickly.
#[inline(always)]
fn mark(text: &[u8], name: Span) -> Option<u8> {
    let word = u64::from_le_bytes(*text.get(name.start as usize..)?.first_chunk()?);
    if name.escaped {
        return None;
    }
    let sum = match name.end - name.start {
        length @ 0..8 => word.checked_shl(64 - 8 * length).unwrap_or(0),
        _ => word ^ u64::from(*text.get(name.end as usize - 1)?) << 24,
    };
    Some((sum.wrapping_mul(SPREAD) >> 56) as u8)
}

/// 2^64 over the golden ratio: its products have bits of all of a factor's in their highest.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

const FEW: u32 = 16;
