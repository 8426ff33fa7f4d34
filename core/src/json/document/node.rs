//! What the index holds of each value and name: 16 bytes.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::json::string;
use crate::json::value::Number;

#[derive(Clone, Copy, Debug)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number {
        start: u32,
        /// How many characters it has, if it is known to be spelled as RFC 8785 spells it; else 0.
        plain: u8,
        value: Number,
    },
    /// A string, or a member's name.
    String(Span),
    Array {
        len: u32,
        /// The node behind its last.
        end: u32,
    },
    Object {
        len: u32,
        end: u32,
    },
}

/// A string's place in the text, without its quotes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
    /// It holds an escape.
    pub(super) escaped: bool,
}

impl Span {
    /// The characters as they stand.
    #[inline]
    pub(super) fn raw(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }

    /// What they stand for.
    #[inline]
    pub(super) fn decode(self, text: &str) -> Cow<'_, str> {
        let raw = self.raw(text);
        if self.escaped { Cow::Owned(string::decode(raw)) } else { Cow::Borrowed(raw) }
    }

    /// What they stand for, if it is three bytes.
    #[inline]
    pub(super) fn three(self, text: &str) -> Option<[u8; 3]> {
        if self.escaped {
            return string::decode(self.raw(text)).as_bytes().try_into().ok();
        }
        if self.end - self.start != 3 {
            return None;
        }
        text.as_bytes().get(self.start as usize..)?.first_chunk().copied()
    }

    /// Whether they stand for `other`.
    #[inline]
    pub(super) fn is(self, text: &str, other: &str) -> bool {
        if self.escaped {
            return string::decode(self.raw(text)) == other;
        }
        // Most names differ in their first byte, which no call is needed to tell.
        let (raw, other) = (text.as_bytes().get(self.start as usize..self.end as usize), other.as_bytes());
        raw.is_some_and(|raw| raw.first() == other.first() && raw == other)
    }
}

/// The index of the node behind the value at `at`.
pub(super) fn behind(nodes: &[Node], at: usize) -> usize {
    match nodes[at] {
        Node::Array { end, .. } | Node::Object { end, .. } => end as usize,
        _ => at + 1,
    }
}

/// Where each member of an object has its name: `len` of them, the first at `at`.
pub(super) fn names(nodes: &[Node], at: usize, len: usize) -> impl Iterator<Item = (usize, Span)> {
    let mut at = at;
    (0..len).filter_map(move |_| {
        let name = at;
        at = behind(nodes, name + 1);
        match nodes[name] {
            Node::String(span) => Some((name, span)),
            _ => None,
        }
    })
}

const _: () = assert!(size_of::<Node>() == 16);

/// Room for the nodes of a text: more than most texts of that length have, and no more than a page or two.
pub(super) fn room(length: usize) -> Vec<Node> {
    Vec::with_capacity((length / 8 + 2).min(MOST_ROOM))
}

const MOST_ROOM: usize = 4096;
