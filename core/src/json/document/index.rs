//! The strict reader: one pass over a text, refused at the first fault.

use alloc::vec::Vec;

use super::integer::small_integer;
use super::names::Names;
use super::node::{self, Node, Span};
use super::plain;
use super::strings::Stops;
use crate::json::MAX_DEPTH;
use crate::json::number;
use crate::json::reader::{Fault, Reader};

/// Adds the nodes of the one value that the text is.
pub(super) fn whole(reader: &mut Reader<'_>, nodes: &mut Vec<Node>) -> Result<(), Fault> {
    value(reader, nodes)?;
    reader.finish()
}

/// Adds the nodes of the value that comes next, white space before it. The reader goes on behind it.
pub(super) fn value(reader: &mut Reader<'_>, nodes: &mut Vec<Node>) -> Result<(), Fault> {
    check_length(reader.text.len())?;
    reader.skip_space();
    let at = reader.at;
    let stops = Stops::from(reader.text.as_bytes(), at);
    let mut index = Index { reader, nodes, stops };
    index.reader.at = match index.reader.peek() {
        Some(b'{' | b'[') => index.container(at, 0)?,
        _ => index.scalar(at)?,
    };
    Ok(())
}

/// Each node takes a byte of text or more, so that neither places nor nodes outgrow 32 bits.
fn check_length(length: usize) -> Result<(), Fault> {
    Fault::unless(u32::try_from(length).is_ok(), 0, "longer than 4 GiB")
}

struct Index<'i, 'a> {
    /// For the general way of reading; elsewhere the place is handed on.
    reader: &'i mut Reader<'a>,
    nodes: &'i mut Vec<Node>,
    stops: Stops,
}

impl<'a> Index<'_, 'a> {
    /// An array or object and all in it; the place behind it.
    fn container(&mut self, at: usize, depth: usize) -> Result<usize, Fault> {
        Fault::unless(depth < MAX_DEPTH, at, "nested deeper than 64")?;
        let text = self.reader.text.as_bytes();
        let is_object = text.get(at) == Some(&b'{');
        let close = if is_object { b'}' } else { b']' };
        let opened = self.nodes.len();
        self.nodes.push(Node::Null);
        let mut names = Names::default();
        let mut len = 0;
        let Some((mut byte, mut at)) = token(text, at + 1) else { return Err(self.early_end()) };
        if byte == close {
            return Ok(self.close(opened, is_object, len, at));
        }
        loop {
            let known = self.nodes.len();
            let mut end = at;
            if is_object && byte == b'"' && names.are_few() {
                end = plain::members(text, at, &mut self.stops, &mut names, self.nodes);
                len += (self.nodes.len() - known) as u32 / 2;
            }
            if self.nodes.len() == known {
                if is_object {
                    let end = self.name(text, at, opened, len, &mut names)?;
                    let Some((b':', colon)) = token(text, end) else { return Err(self.no_token(text, end)) };
                    let Some(value) = token(text, colon + 1) else { return Err(self.early_end()) };
                    (byte, at) = value;
                }
                end = self.value(text, byte, at, depth + 1)?;
                len += 1;
            }
            match token(text, end) {
                Some((b',', comma)) => {
                    let Some(next) = token(text, comma + 1) else { return Err(self.early_end()) };
                    (byte, at) = next;
                }
                Some((byte, at)) if byte == close => return Ok(self.close(opened, is_object, len, at)),
                _ => return Err(self.no_token(text, end)),
            }
        }
    }

    fn close(&mut self, opened: usize, is_object: bool, len: u32, at: usize) -> usize {
        let end = self.nodes.len() as u32;
        self.nodes[opened] = if is_object { Node::Object { len, end } } else { Node::Array { len, end } };
        at + 1
    }

    /// A name; the place behind it.
    #[inline(always)]
    fn name(
        &mut self,
        text: &[u8],
        at: usize,
        opened: usize,
        len: u32,
        names: &mut Names<'a>,
    ) -> Result<usize, Fault> {
        let (name, end) = match plain_string(text, at, &mut self.stops) {
            Some(found) => found,
            None => self.any_string(at)?,
        };
        let known = || node::names(self.nodes, opened + 1, len as usize);
        if names.is_repeated(self.reader.text, known, len, name) {
            return Err(Fault { at, why: "a member twice" });
        }
        self.nodes.push(Node::String(name));
        Ok(end)
    }

    #[inline(always)]
    fn value(&mut self, text: &[u8], first: u8, at: usize, depth: usize) -> Result<usize, Fault> {
        match first {
            b'"' => {
                if let Some((span, end)) = plain_string(text, at, &mut self.stops) {
                    self.nodes.push(Node::String(span));
                    return Ok(end);
                }
            }
            b'-' | b'0'..=b'9' => {
                if let Some((length, value)) = small_integer(&text[at..]) {
                    self.nodes.push(Node::Number { start: at as u32, plain: length as u8, value });
                    return Ok(at + length);
                }
            }
            b'{' | b'[' => return self.container(at, depth),
            _ => {}
        }
        self.scalar(at)
    }

    /// Any value but an array or object, or the fault of what is none.
    #[inline(never)]
    fn scalar(&mut self, at: usize) -> Result<usize, Fault> {
        self.reader.at = at;
        let node = match self.reader.peek() {
            Some(b'"') => {
                let (span, end) = self.any_string(at)?;
                self.reader.at = end;
                Node::String(span)
            }
            Some(b'-' | b'0'..=b'9') => {
                let text = self.reader.number_text()?;
                let value = number::read(text).map_err(|why| Fault { at, why })?;
                Node::Number { start: at as u32, plain: 0, value }
            }
            _ => self.literal()?,
        };
        self.nodes.push(node);
        Ok(self.reader.at)
    }

    fn any_string(&mut self, at: usize) -> Result<(Span, usize), Fault> {
        self.reader.at = at;
        let (place, escaped) = self.reader.string_place()?;
        let span = Span { start: place.start as u32, end: place.end as u32, escaped };
        Ok((span, self.reader.at))
    }

    fn literal(&mut self) -> Result<Node, Fault> {
        let at = self.reader.at;
        match self.reader.run() {
            "null" => Ok(Node::Null),
            "true" => Ok(Node::Bool(true)),
            "false" => Ok(Node::Bool(false)),
            "" => Err(self.reader.unexpected()),
            _ => Err(Fault { at, why: UNKNOWN_LITERAL }),
        }
    }

    #[cold]
    fn early_end(&mut self) -> Fault {
        self.reader.at = self.reader.text.len();
        self.reader.unexpected()
    }

    #[cold]
    fn no_token(&mut self, text: &[u8], at: usize) -> Fault {
        self.reader.at = token(text, at).map_or(text.len(), |(_, at)| at);
        self.reader.unexpected()
    }
}

/// The next byte behind white space, and its place.
#[inline(always)]
pub(super) fn token(text: &[u8], at: usize) -> Option<(u8, usize)> {
    match *text.get(at)? {
        ..=b' ' => spaced_token(text, at),
        byte => Some((byte, at)),
    }
}

#[inline(never)]
fn spaced_token(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let mut at = at;
    while let b' ' | b'\n' | b'\r' | b'\t' = text.get(at)? {
        at += 1;
    }
    Some((*text.get(at)?, at))
}

/// A string without an escape, and the place behind it.
#[inline(always)]
fn plain_string(text: &[u8], at: usize, stops: &mut Stops) -> Option<(Span, usize)> {
    if text.get(at) != Some(&b'"') {
        return None;
    }
    let end = stops.string_end(text, at);
    let span = Span { start: at as u32 + 1, end: end as u32, escaped: false };
    (text.get(end) == Some(&b'"')).then_some((span, end + 1))
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
