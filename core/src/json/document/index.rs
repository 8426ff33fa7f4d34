//! The strict reader: one pass over a text, refused at the first fault.

use alloc::vec::Vec;

use super::integer::small_integer;
use super::names::Names;
use super::node::{self, Node, Span};
use crate::json::MAX_DEPTH;
use crate::json::number;
use crate::json::reader::{Fault, Reader};

/// The nodes of the value that comes next, white space before it, and the reader behind it.
pub(super) fn value(reader: Reader<'_>) -> Result<(Reader<'_>, Vec<Node>), Fault> {
    check_length(reader.text.len())?;
    let nodes = node::room(reader.text.len());
    let mut index = Index { reader, nodes };
    index.value(0)?;
    Ok((index.reader, index.nodes))
}

/// Each node takes a byte of text or more, so that neither places nor nodes outgrow 32 bits.
fn check_length(length: usize) -> Result<(), Fault> {
    Fault::unless(u32::try_from(length).is_ok(), 0, "longer than 4 GiB")
}

struct Index<'a> {
    reader: Reader<'a>,
    nodes: Vec<Node>,
}

impl Index<'_> {
    fn value(&mut self, depth: usize) -> Result<(), Fault> {
        self.reader.skip_space();
        match self.reader.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            _ => self.literal(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<(), Fault> {
        let opened = self.open(depth)?;
        let mut names = Names::default();
        let mut len = 0;
        self.reader.skip_space();
        while !(len == 0 && self.reader.skip(b'}')) {
            self.reader.skip_space();
            let start = self.reader.at;
            let name = self.span()?;
            let known = node::names(&self.nodes, opened + 1, len);
            check_unique(names.is_repeated(self.reader.text, known, len, name), start)?;
            self.nodes.push(Node::String(name));
            self.reader.skip_space();
            self.reader.take(b':')?;
            self.value(depth + 1)?;
            len += 1;
            self.reader.skip_space();
            if self.reader.skip(b'}') {
                break;
            }
            self.reader.take(b',')?;
        }
        self.nodes[opened] = Node::Object { len: len as u32, end: self.nodes.len() as u32 };
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<(), Fault> {
        let opened = self.open(depth)?;
        let mut len = 0;
        self.reader.skip_space();
        while !(len == 0 && self.reader.skip(b']')) {
            self.value(depth + 1)?;
            len += 1;
            self.reader.skip_space();
            if self.reader.skip(b']') {
                break;
            }
            self.reader.take(b',')?;
        }
        self.nodes[opened] = Node::Array { len, end: self.nodes.len() as u32 };
        Ok(())
    }

    /// Keeps a place for the array or object that begins here.
    fn open(&mut self, depth: usize) -> Result<usize, Fault> {
        Fault::unless(depth < MAX_DEPTH, self.reader.at, "nested deeper than 64")?;
        self.reader.at += 1;
        self.nodes.push(Node::Null);
        Ok(self.nodes.len() - 1)
    }

    fn string(&mut self) -> Result<(), Fault> {
        let span = self.span()?;
        self.nodes.push(Node::String(span));
        Ok(())
    }

    fn span(&mut self) -> Result<Span, Fault> {
        let (place, escaped) = self.reader.string_place()?;
        Ok(Span { start: place.start as u32, end: place.end as u32, escaped })
    }

    fn number(&mut self) -> Result<(), Fault> {
        let at = self.reader.at;
        let (plain, value) = match small_integer(&self.reader.text.as_bytes()[at..]) {
            Some((length, value)) => {
                self.reader.at += length;
                (length as u8, value)
            }
            None => {
                let text = self.reader.number_text()?;
                (0, number::read(text).map_err(|why| Fault { at, why })?)
            }
        };
        self.nodes.push(Node::Number { start: at as u32, plain, value });
        Ok(())
    }

    fn literal(&mut self) -> Result<(), Fault> {
        let at = self.reader.at;
        let node = match self.reader.run() {
            "null" => Node::Null,
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            "" => return Err(self.reader.unexpected()),
            _ => return Err(Fault { at, why: UNKNOWN_LITERAL }),
        };
        self.nodes.push(node);
        Ok(())
    }
}

fn check_unique(repeated: bool, at: usize) -> Result<(), Fault> {
    Fault::unless(!repeated, at, "a member twice")
}

const UNKNOWN_LITERAL: &str = "an unknown literal";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_fit_in_32_bits() {
        assert_eq!(check_length(u32::MAX as usize), Ok(()));
        #[cfg(target_pointer_width = "64")]
        assert_eq!(check_length(u32::MAX as usize + 1), Err(Fault { at: 0, why: "longer than 4 GiB" }));
    }
}
