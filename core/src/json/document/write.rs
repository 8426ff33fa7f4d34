//! The RFC 8785 form of a document. What already stands in that form is copied.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::Document;
use super::node::{self, Node, Span};
use crate::json::ecmascript;
use crate::json::writer::{utf16_order, write_string};

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
        let mut names: Vec<Name<'d>> = node::names(self.nodes, first, len)
            .map(|(at, span)| Name { at, span, decoded: span.decode(self.text) })
            .collect();
        names.sort_by(|a, b| utf16_order(&a.decoded, &b.decoded));
        self.out.push('{');
        for (index, name) in names.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.string(name.span);
            self.out.push(':');
            self.value(name.at + 1);
        }
        self.out.push('}');
    }
}

struct Name<'d> {
    at: usize,
    span: Span,
    decoded: Cow<'d, str>,
}
