//! The names of one object's members, to find a second of the same name.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;

use super::node::Span;

/// A few names are compared one by one, and only where their marks meet; many are kept in a tree,
/// since a peer chooses them and a hash without a random key could be flooded.
#[derive(Default)]
pub(super) struct Names<'a> {
    marks: u64,
    tree: BTreeSet<Cow<'a, str>>,
}

impl<'a> Names<'a> {
    /// Whether `name` stands among the `len` names `known`. Called once for each name, in text
    /// order.
    pub(super) fn is_repeated(
        &mut self,
        text: &'a str,
        mut known: impl Iterator<Item = (usize, Span)>,
        len: usize,
        name: Span,
    ) -> bool {
        if len < FEW {
            let mark = mark(text, name);
            let may_be = self.marks & mark != 0;
            self.marks |= mark;
            return may_be && {
                let name = name.decode(text);
                known.any(|(_, known)| known.is(text, &name))
            };
        }
        if self.tree.is_empty() {
            self.tree.extend(known.map(|(_, known)| known.decode(text)));
        }
        !self.tree.insert(name.decode(text))
    }
}

/// One bit that equal names share; all of them for a name that may be spelled in other ways.
fn mark(text: &str, name: Span) -> u64 {
    if name.escaped {
        return u64::MAX;
    }
    // Of an empty name both are quotes.
    let first = text.as_bytes()[name.start as usize];
    let last = text.as_bytes()[name.end as usize - 1];
    let sum = u32::from(first) * 7 + u32::from(last) * 11 + (name.end - name.start);
    1 << (sum % 64)
}

const FEW: usize = 16;
