//! The RFC 8785 form of a document. What already stands in that form is copied.

use alloc::string::String;
use alloc::vec::Vec;

use super::Document;
use super::node::{self, Node, Span};
use crate::collections::sort_by;
use crate::json::ecmascript;
use crate::json::writer::{FEW, index_of, sort_few, utf16_order, write_string};

pub(super) fn value(out: &mut String, document: &Document<'_>) {
    Writer { text: &document.text, nodes: &document.nodes, out }.value(0);
}

struct Writer<'d> {
    text: &'d str,
    nodes: &'d [Node],
    out: &'d mut String,
}

impl<'d> Writer<'d> {
    fn value(&mut self, at: usize) {
        match self.nodes[at] {
            Node::Null => self.out.push_str("null"),
            Node::Bool(true) => self.out.push_str("true"),
            Node::Bool(false) => self.out.push_str("false"),
            Node::Number { plain: 0, value, .. } => ecmascript::write(self.out, value.get()),
            Node::Number { start, plain, .. } => {
                let start = start as usize;
                self.out.push_str(&self.text[start..start + usize::from(plain)]);
            }
            Node::String(span) => self.string(span),
            Node::Array { len, .. } => self.array(at + 1, len as usize),
            Node::Object { len, .. } => self.object(at + 1, len as usize),
        }
    }

    /// What is not escaped need not be: the quotes are copied too.
    fn string(&mut self, span: Span) {
        if span.escaped {
            write_string(self.out, &span.decode(self.text));
        } else {
            self.out.push_str(&self.text[span.start as usize - 1..=span.end as usize]);
        }
    }

    fn array(&mut self, first: usize, len: usize) {
        self.out.push('[');
        let mut at = first;
        for index in 0..len {
            if index > 0 {
                self.out.push(',');
            }
            self.value(at);
            at = node::behind(self.nodes, at);
        }
        self.out.push(']');
    }

    fn object(&mut self, first: usize, len: usize) {
        let mut places = [0; FEW];
        let mut keys = [0; FEW];
        let names = places.iter_mut().zip(node::names(self.nodes, first, len)).map(|(place, (at, span))| {
            *place = at;
            span.decode(self.text)
        });
        match sort_few(&mut keys, len, names) {
            Some(keys) => self.members(keys.iter().map(|key| places[index_of(*key)])),
            None => self.many_members(first, len),
        }
    }

    #[inline(never)]
    fn many_members(&mut self, first: usize, len: usize) {
        let mut named: Vec<_> =
            node::names(self.nodes, first, len).map(|(at, span)| (span.decode(self.text), at)).collect();
        sort_by(&mut named, |(a, _), (b, _)| utf16_order(a, b));
        self.members(named.iter().map(|(_, at)| *at));
    }

    /// The members whose names stand there, in that order.
    fn members(&mut self, names: impl Iterator<Item = usize>) {
        self.out.push('{');
        for (index, name) in names.enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.value(name);
            self.out.push(':');
            self.value(name + 1);
        }
        self.out.push('}');
    }
}
