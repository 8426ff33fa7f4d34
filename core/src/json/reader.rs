//! A position in a text, and the first fault met there.

use super::bytes::{RUN, is};
use super::document::Document;
use super::number;

/// Why a text was refused, and the byte at which it went wrong.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) why: &'static str,
}

impl Fault {
    /// A fault unless `holds`.
    pub(super) fn unless(holds: bool, at: usize, why: &'static str) -> Result<(), Fault> {
        if holds { Ok(()) } else { Err(Fault { at, why }) }
    }
}

/// A position in a JSON text, moved forward by what is read there.
///
/// After a fault the position is of no use.
pub(crate) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// The bytes go on, but not in UTF-8: `text` ends before the first invalid one.
    pub(super) cut: bool,
}

impl<'a> Reader<'a> {
    /// At the start of the text. Invalid UTF-8 is met as an early end at its place, so that an
    /// earlier fault still comes first.
    pub(crate) fn new(text: &'a [u8]) -> Self {
        match str::from_utf8(text) {
            Ok(text) => Self::over(text, false),
            Err(_) => Self::over(valid_prefix(text), true),
        }
    }

    pub(super) fn over(text: &'a str, cut: bool) -> Self {
        Reader { text, at: 0, cut }
    }

    /// The byte position.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// The next byte.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips JSON white space.
    pub(crate) fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// Takes one byte of punctuation.
    pub(crate) fn take(&mut self, byte: u8) -> Result<(), Fault> {
        if self.skip(byte) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Takes the byte if it is the next.
    pub(crate) fn skip(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// A number's text, of RFC 8259's grammar, its range not judged.
    pub(crate) fn number_text(&mut self) -> Result<&'a str, Fault> {
        let start = self.at;
        let run = self.run();
        check_number(run, start)?;
        Ok(run)
    }

    /// One value with white space before it, at most [`MAX_DEPTH`](super::MAX_DEPTH) deep.
    pub(crate) fn document(&mut self) -> Result<Document<'a>, Fault> {
        Document::next(self)
    }

    /// White space, then the end of the text.
    pub(crate) fn finish(&mut self) -> Result<(), Fault> {
        self.skip_space();
        self.check_end()
    }

    /// The longest run of what numbers and literals are made of: a fault anywhere in it is a fault
    /// of that number or literal.
    pub(super) fn run(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let len = rest.bytes().position(|byte| !is(&byte, RUN)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    fn check_end(&self) -> Result<(), Fault> {
        let ends = self.peek().is_none() && !self.cut;
        if ends { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The fault of what stands here, or of nothing standing here.
    pub(super) fn unexpected(&self) -> Fault {
        let why = match self.peek() {
            Some(_) => "an unexpected character",
            None if self.cut => "invalid UTF-8",
            None => "an early end",
        };
        Fault { at: self.at, why }
    }
}

fn check_number(run: &str, at: usize) -> Result<(), Fault> {
    Fault::unless(number::is_number(run), at, "not a JSON number")
}

fn valid_prefix(text: &[u8]) -> &str {
    text.utf8_chunks().next().map_or("", |chunk| chunk.valid())
}

#[cfg(test)]
mod tests;
