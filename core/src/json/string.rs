//! Strings of the strict reader.

use alloc::borrow::Cow;
use alloc::string::String;

use super::reader::{Fault, Reader};

impl<'a> Reader<'a> {
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
                // A run ends nowhere else but at a control character or at the end.
                Some(_) => return Err(Fault { at: self.at, why: CONTROL }),
                None => return Err(self.unexpected()),
            }
        }
    }

    /// Characters that stand for themselves.
    fn plain_run(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let len = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).unwrap_or(rest.len());
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
                return Err(Fault { at: start, why: UNKNOWN_ESCAPE });
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
        let decoded = char::decode_utf16([first, second]).next().and_then(Result::ok);
        check_paired(decoded, start)?;
        Ok(decoded.unwrap_or(char::REPLACEMENT_CHARACTER))
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
}

fn check_paired(decoded: Option<char>, at: usize) -> Result<(), Fault> {
    Fault::unless(decoded.is_some(), at, "a lone surrogate")
}

const CONTROL: &str = "a control character in a string";
const UNKNOWN_ESCAPE: &str = "an unknown escape";
