//! Strings of the strict reader.

use alloc::borrow::Cow;
use alloc::string::String;
use core::ops::Range;

use super::bytes::{ANY, unescaped_len};
use super::reader::{Fault, Reader};

impl<'a> Reader<'a> {
    /// A string, its escapes decoded; borrowed if it has none.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let (place, escaped) = self.string_place()?;
        let raw = &self.text[place];
        Ok(if escaped { Cow::Owned(decode(raw)) } else { Cow::Borrowed(raw) })
    }

    /// Where a string stands between its quotes, and whether it holds an escape; escapes are checked.
    pub(super) fn string_place(&mut self) -> Result<(Range<usize>, bool), Fault> {
        self.take(b'"')?;
        let start = self.at;
        let mut escaped = false;
        loop {
            self.skip_plain();
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.escape()?;
                    escaped = true;
                }
                // Plain characters end nowhere else but at a control character or at the end.
                Some(_) => return Err(Fault { at: self.at, why: CONTROL }),
                None => return Err(self.unexpected()),
            }
        }
        let end = self.at;
        self.at += 1;
        Ok((start..end, escaped))
    }

    /// Skips characters that stand for themselves.
    fn skip_plain(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += unescaped_len(rest, ANY);
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

/// What the characters between a string's quotes stand for, their escapes checked before.
pub(super) fn decode(raw: &str) -> String {
    let mut decoded = String::with_capacity(raw.len());
    let mut reader = Reader::over(raw, false);
    loop {
        let start = reader.at;
        reader.skip_plain();
        decoded.push_str(&raw[start..reader.at]);
        match reader.escape() {
            Ok(character) => decoded.push(character),
            Err(_) => return decoded,
        }
    }
}

fn check_paired(decoded: Option<char>, at: usize) -> Result<(), Fault> {
    Fault::unless(decoded.is_some(), at, "a lone surrogate")
}

const CONTROL: &str = "a control character in a string";
const UNKNOWN_ESCAPE: &str = "an unknown escape";
