//! A look into a document, value by value.

use alloc::borrow::Cow;
use core::iter::FusedIterator;
use core::num::NonZeroU32;

use super::Document;
use super::node::{Node, behind};
use crate::json::value::{Number, Value};

/// One value of a [`Document`].
#[derive(Clone, Debug)]
pub enum Item<'d> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A finite double.
    Number(Number),
    /// Unicode scalar values, escapes decoded; borrowed from the text if it has none.
    String(Cow<'d, str>),
    /// The items in order.
    Array(Items<'d>),
    /// The members in text order. No name stands twice.
    Object(Members<'d>),
}

/// The items of an array.
#[derive(Clone, Debug)]
pub struct Items<'d> {
    document: &'d Document<'d>,
    next: u32,
    left: u32,
}

/// The members of an object, in text order.
#[derive(Clone, Debug)]
pub struct Members<'d> {
    document: &'d Document<'d>,
    next: u32,
    left: u32,
}

/// Where a member's value stands. The root stands first, so that no member does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place(NonZeroU32);

impl<'d> Item<'d> {
    #[inline]
    pub(super) fn at(document: &'d Document<'d>, at: u32) -> Self {
        match document.nodes[at as usize] {
            Node::Null => Item::Null,
            Node::Bool(flag) => Item::Bool(flag),
            Node::Number { value, .. } => Item::Number(value),
            Node::String(span) => Item::String(span.decode(&document.text)),
            Node::Array { len, .. } => Item::Array(Items { document, next: at + 1, left: len }),
            Node::Object { len, .. } => Item::Object(Members { document, next: at + 1, left: len }),
        }
    }
}

impl<'d> Members<'d> {
    #[inline]
    pub(super) fn of_root(document: &'d Document<'d>) -> Option<Self> {
        match document.nodes.first() {
            Some(&Node::Object { len, .. }) => Some(Self { document, next: 1, left: len }),
            _ => None,
        }
    }

    /// The value of the member of that name, if it is among those still to come: all of them, unless
    /// some were taken.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Item<'d>> {
        let mut rest = self.clone();
        while rest.left > 0 {
            let is_it = matches!(rest.name(), Some(span) if span.is(&rest.document.text, name));
            let value = rest.step();
            if is_it {
                return Some(Item::at(rest.document, value));
            }
        }
        None
    }

    /// Where the values of the members stand whose names, of three bytes, have a place: each in its place.
    #[inline(always)]
    pub(crate) fn pick<const N: usize>(
        &self,
        place_of: impl Fn([u8; 3]) -> Option<usize>,
    ) -> [Option<Place>; N] {
        let (text, nodes) = (self.document.text(), self.document.nodes.as_slice());
        let mut found = [None; N];
        let mut at = self.next as usize;
        for _ in 0..self.left {
            if let Some(Node::String(name)) = nodes.get(at)
                && let Some(name) = name.three(text)
                && let Some(found) = place_of(name).and_then(|place| found.get_mut(place))
            {
                *found = NonZeroU32::new(at as u32 + 1).map(Place);
            }
            at = behind(nodes, at + 1);
        }
        found
    }

    /// The value that stands there.
    #[inline]
    pub(crate) fn at(&self, Place(place): Place) -> Item<'d> {
        Item::at(self.document, place.get())
    }

    /// The number that stands there, if it is one.
    #[inline]
    pub(crate) fn number_at(&self, Place(place): Place) -> Option<Number> {
        match self.document.nodes[place.get() as usize] {
            Node::Number { value, .. } => Some(value),
            _ => None,
        }
    }

    #[inline]
    fn name(&self) -> Option<super::node::Span> {
        match self.document.nodes[self.next as usize] {
            Node::String(span) => Some(span),
            _ => None,
        }
    }

    /// Goes on to the next member; where the value of this one stands.
    #[inline]
    fn step(&mut self) -> u32 {
        let value = self.next + 1;
        self.next = behind(&self.document.nodes, value as usize) as u32;
        self.left -= 1;
        value
    }
}

impl<'d> Iterator for Items<'d> {
    type Item = Item<'d>;

    #[inline]
    fn next(&mut self) -> Option<Item<'d>> {
        self.left = self.left.checked_sub(1)?;
        let at = self.next;
        self.next = behind(&self.document.nodes, at as usize) as u32;
        Some(Item::at(self.document, at))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left as usize, Some(self.left as usize))
    }
}

impl<'d> Iterator for Members<'d> {
    type Item = (Cow<'d, str>, Item<'d>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        let name = self.name()?.decode(&self.document.text);
        let value = self.step();
        Some((name, Item::at(self.document, value)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left as usize, Some(self.left as usize))
    }
}

impl ExactSizeIterator for Items<'_> {}
impl ExactSizeIterator for Members<'_> {}
impl FusedIterator for Items<'_> {}
impl FusedIterator for Members<'_> {}

impl From<Item<'_>> for Value {
    fn from(item: Item<'_>) -> Self {
        match item {
            Item::Null => Value::Null,
            Item::Bool(flag) => Value::Bool(flag),
            Item::Number(number) => Value::Number(number),
            Item::String(text) => Value::String(text.into_owned()),
            Item::Array(items) => Value::Array(items.map(Value::from).collect()),
            Item::Object(members) => {
                Value::Object(members.map(|(name, item)| (name.into_owned(), item.into())).collect())
            }
        }
    }
}
