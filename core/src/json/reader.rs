//! The strict reader: refuses at the first fault in text order.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::names::Names;
use super::value::{Number, Value};
use super::{MAX_DEPTH, number};

/// Why a text was refused, and the byte at which it went wrong.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) why: &'static str,
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
    /// At the start of the text. Invalid UTF-8 is met as an early end at its place, so that an earlier fault still comes first.
    pub(crate) fn new(text: &'a [u8]) -> Self {
        match str::from_utf8(text) {
            Ok(text) => Reader {
                text,
                at: 0,
                cut: false,
            },
            Err(_) => Reader {
                text: text.utf8_chunks().next().map_or("", |chunk| chunk.valid()),
                at: 0,
                cut: true,
            },
        }
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
        if self.skip(byte) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    /// Takes the byte if it is the next.
    pub(crate) fn skip(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// A string, its escapes decoded; borrowed if it has none.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.take(b'"')?;
        let mut decoded = String::new();
        loop {
            let run = self.plain_run();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    // Each escape decodes to something: empty means that there was none.
                    if decoded.is_empty() {
                        return Ok(Cow::Borrowed(run));
                    }
                    decoded.push_str(run);
                    return Ok(Cow::Owned(decoded));
                }
                Some(b'\\') => {
                    decoded.push_str(run);
                    decoded.push(self.escape()?);
                }
                Some(byte) => {
                    self.check_control(byte)?;
                    decoded.push_str(run);
                    decoded.push(char::from(byte));
                    self.at += 1;
                }
                None => return Err(self.unexpected()),
            }
        }
    }

    /// A number's text, of RFC 8259's grammar, its range not judged.
    pub(crate) fn number_text(&mut self) -> Result<&'a str, Fault> {
        let start = self.at;
        let run = self.run();
        check_number(run, start)?;
        Ok(run)
    }

    /// One value with white space before it, at most [`MAX_DEPTH`] deep.
    pub(crate) fn value(&mut self) -> Result<Value, Fault> {
        self.value_inside(0)
    }

    /// White space, then the end of the text.
    pub(crate) fn finish(&mut self) -> Result<(), Fault> {
        self.skip_space();
        self.check_end()
    }

    /// The longest run of what numbers and literals are made of: a fault anywhere in it is a fault of that number or literal.
    pub(super) fn run(&mut self) -> &'a str {
        let start = self.at;
        while let Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.') = self.peek() {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    fn value_inside(&mut self, depth: usize) -> Result<Value, Fault> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(|text| Value::String(text.into_owned())),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.literal(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Fault> {
        self.check_depth(depth)?;
        self.take(b'{')?;
        let mut members = Vec::new();
        let mut names = Names::default();
        self.skip_space();
        if self.skip(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.skip_space();
            let start = self.at;
            let name = self.string()?;
            check_unique(names.is_repeated(&members, &name), start)?;
            self.skip_space();
            self.take(b':')?;
            let value = self.value_inside(depth + 1)?;
            members.push((name.into_owned(), value));
            self.skip_space();
            if self.skip(b'}') {
                return Ok(Value::Object(members));
            }
            self.take(b',')?;
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Fault> {
        self.check_depth(depth)?;
        self.take(b'[')?;
        let mut items = Vec::new();
        self.skip_space();
        if self.skip(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value_inside(depth + 1)?);
            self.skip_space();
            if self.skip(b']') {
                return Ok(Value::Array(items));
            }
            self.take(b',')?;
        }
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let at = self.at;
        let value = number::read(self.number_text()?).map_err(|why| Fault { at, why })?;
        Number::new(value).map(Value::Number).ok_or(Fault {
            at,
            why: NOT_A_NUMBER,
        })
    }

    fn literal(&mut self) -> Result<Value, Fault> {
        let at = self.at;
        match self.run() {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "" => Err(self.unexpected()),
            _ => Err(Fault {
                at,
                why: "an unknown literal",
            }),
        }
    }

    /// Characters that stand for themselves.
    fn plain_run(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let len = rest
            .bytes()
            .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))
            .unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        self.take(b'\\')?;
        let Some(byte) = self.peek() else {
            return Err(self.unexpected());
        };
        let decoded = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(start),
            _ => {
                return Err(Fault {
                    at: start,
                    why: "an unknown escape",
                });
            }
        };
        self.at += 1;
        Ok(decoded)
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, Fault> {
        self.take(b'u')?;
        let first = self.four_hex_digits()?;
        let mut second = 0;
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            second = self.four_hex_digits()?;
        }
        match char::decode_utf16([first, second]).next() {
            Some(Ok(decoded)) => Ok(decoded),
            _ => Err(Fault {
                at: start,
                why: "a lone surrogate",
            }),
        }
    }

    fn four_hex_digits(&mut self) -> Result<u16, Fault> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self
                .peek()
                .and_then(|byte| char::from(byte).to_digit(16))
                .ok_or_else(|| self.unexpected())?;
            unit = unit << 4 | digit as u16;
            self.at += 1;
        }
        Ok(unit)
    }

    fn check_depth(&self, depth: usize) -> Result<(), Fault> {
        if depth < MAX_DEPTH {
            Ok(())
        } else {
            Err(Fault {
                at: self.at,
                why: "nested deeper than 64",
            })
        }
    }

    fn check_control(&self, byte: u8) -> Result<(), Fault> {
        if byte >= 0x20 {
            Ok(())
        } else {
            Err(Fault {
                at: self.at,
                why: "a control character in a string",
            })
        }
    }

    fn check_end(&self) -> Result<(), Fault> {
        if self.peek().is_none() && !self.cut {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn unexpected(&self) -> Fault {
        let why = match self.peek() {
            Some(_) => "an unexpected character",
            None if self.cut => "invalid UTF-8",
            None => "an early end",
        };
        Fault { at: self.at, why }
    }
}

fn check_unique(repeated: bool, at: usize) -> Result<(), Fault> {
    if repeated {
        Err(Fault {
            at,
            why: "a member twice",
        })
    } else {
        Ok(())
    }
}

fn check_number(run: &str, at: usize) -> Result<(), Fault> {
    if number::is_number(run) {
        Ok(())
    } else {
        Err(Fault {
            at,
            why: NOT_A_NUMBER,
        })
    }
}

const NOT_A_NUMBER: &str = "not a JSON number";
