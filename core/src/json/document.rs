//! A JSON value as its text and a flat index of it: what the strict reader makes of a text.

mod index;
mod integer;
mod items;
mod names;
mod node;
mod plain;
mod strings;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use self::items::Place;
pub use self::items::{Item, Items, Members};

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use self::node::Node;
use super::reader::{Fault, Reader};
use super::value::Value;
use super::{ecmascript, refusal};
use crate::error::Result;

/// A JSON value read strictly: its text and a flat index of it.
///
/// Numbers are converted as they are read; strings stay in the text and are decoded when they are
/// asked for. Reading costs one allocation, however many members there are, unless values stand
/// very close.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    text: Cow<'a, str>,
    /// In text order, the root first; an array's or object's follow it. A member is two, the first
    /// its name.
    nodes: Vec<Node>,
}

impl<'a> Document<'a> {
    /// Reads one JSON value, with JSON white space around it and nothing else, by the rules of
    /// [`read`](super::read).
    ///
    /// # Errors
    ///
    /// `malformed_payload` for the first fault in text order, named with its byte position.
    pub fn read(text: &'a [u8]) -> Result<Self> {
        Self::whole(Reader::new(text)).map_err(refusal)
    }

    pub(super) fn whole(mut reader: Reader<'a>) -> Result<Self, Fault> {
        let mut nodes = node::room(reader.text.len());
        index::whole(&mut reader, &mut nodes)?;
        Ok(Document { text: Cow::Borrowed(reader.text), nodes })
    }

    /// The value that comes next, by itself.
    pub(super) fn next(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        reader.skip_space();
        let start = reader.at;
        let mut rest = Reader { text: &reader.text[start..], at: 0, cut: reader.cut };
        let mut nodes = node::room(rest.text.len());
        index::value(&mut rest, &mut nodes).map_err(|fault| Fault { at: start + fault.at, ..fault })?;
        reader.at += rest.at;
        Ok(Document { text: Cow::Borrowed(&reader.text[start..reader.at]), nodes })
    }

    /// The value. Whoever wants a part of it goes on from there.
    #[must_use]
    pub fn root(&self) -> Item<'_> {
        Item::at(self, 0)
    }

    /// The members, if the value is an object.
    #[inline]
    pub(crate) fn members(&self) -> Option<Members<'_>> {
        Members::of_root(self)
    }

    /// The text as it arrived.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The RFC 8785 form.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = String::with_capacity(self.text.len());
        self.write_into(&mut out);
        out
    }

    /// Appends the RFC 8785 form.
    pub fn write_into(&self, out: &mut String) {
        write::value(out, self);
    }

    /// Whether every number is spelled as RFC 8785 spells it, so that any JSON parser reads the same
    /// value from [`text`](Self::text).
    #[must_use]
    pub fn plain_numbers(&self) -> bool {
        let mut form = String::new();
        self.nodes.iter().all(|node| match *node {
            Node::Number { start, plain: 0, value } => {
                form.clear();
                ecmascript::write(&mut form, value.get());
                Reader { text: &self.text, at: start as usize, cut: false }.run() == form
            }
            _ => true,
        })
    }

    /// The value as a tree of its own.
    #[must_use]
    pub fn to_value(&self) -> Value {
        self.root().into()
    }

    /// The same value with text of its own.
    #[must_use]
    pub fn into_owned(self) -> Document<'static> {
        Document { text: Cow::Owned(self.text.into_owned()), nodes: self.nodes }
    }
}

impl Document<'static> {
    /// Room for a text of that length: nothing of a value yet.
    #[inline(always)]
    pub(crate) fn with_room(length: usize) -> Self {
        Self { text: Cow::Borrowed(""), nodes: node::room(length) }
    }

    /// Reads a text and keeps it.
    ///
    /// # Errors
    ///
    /// As [`read`](Document::read).
    pub fn read_owned(text: Vec<u8>) -> Result<Self> {
        let mut document = Self::with_room(text.len());
        document.fill(text)?;
        Ok(document)
    }

    /// [`read_owned`](Document::read_owned) into room that was made: what a result holds is copied, and a copy waits for what was
    /// only just written.
    #[inline(always)]
    pub(crate) fn fill(&mut self, text: Vec<u8>) -> Result<()> {
        match String::from_utf8(text) {
            Ok(text) => {
                let read = index::whole(&mut Reader::over(&text, false), &mut self.nodes);
                self.text = Cow::Owned(text);
                read.map_err(refusal)
            }
            // Refused: the text goes on behind what of it is UTF-8.
            Err(error) => {
                *self = Document::read(error.as_bytes())?.into_owned();
                Ok(())
            }
        }
    }
}
