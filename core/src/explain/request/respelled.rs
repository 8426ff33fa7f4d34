//! JSON as serialisers write it: the same value in the same order, in other bytes.

use crate::json::{self, Value};
use alloc::format;
use alloc::string::String;
use core::iter::Peekable;

/// The forms of a text that is JSON, each with how it is written; none of any other, nor of one that indents would make huge.
pub(super) fn forms(text: &[u8]) -> impl Iterator<Item = (String, String)> {
    let value = json::read(text).ok().filter(|_| text.len() <= LENGTH_MAX);
    let text = str::from_utf8(text).ok().filter(|_| value.is_some());
    let sorted = value.map(|value| (json::write(&value), String::from("in its RFC 8785 form")));
    let others = text.into_iter().flat_map(|text| {
        let scalars = move |layout: &'static Layout| {
            SCALARS
                .iter()
                .map(move |(scalars, how)| (layout.write(text, *scalars), format!("{}{how}", layout.how)))
        };
        LAYOUTS.iter().flat_map(scalars)
    });
    others.chain(sorted)
}

/// The white space of a serialiser.
struct Layout {
    how: &'static str,
    comma: &'static str,
    colon: &'static str,
    /// Spaces a level, each item on a line of its own.
    indent: Option<usize>,
}

/// How a serialiser writes strings and numbers.
#[derive(Clone, Copy)]
enum Scalars {
    AsTheyStand,
    /// Strings with all but ASCII escaped.
    Ascii,
    /// Strings with as few escapes as can be.
    Unescaped,
    /// Numbers too.
    EcmaScript,
}

impl Layout {
    fn write(&self, text: &str, scalars: Scalars) -> String {
        let (mut out, mut depth) = (String::with_capacity(text.len()), 0);
        let mut tokens = Tokens(text).peekable();
        while let Some(token) = tokens.next() {
            match token {
                "[" | "{" => {
                    out.push_str(token);
                    if let Some(end) = closing(&mut tokens) {
                        out.push_str(end);
                    } else {
                        depth += 1;
                        self.break_line(&mut out, depth);
                    }
                }
                "]" | "}" => {
                    depth -= 1;
                    self.break_line(&mut out, depth);
                    out.push_str(token);
                }
                "," => {
                    out.push_str(self.comma);
                    self.break_line(&mut out, depth);
                }
                ":" => out.push_str(self.colon),
                scalar => scalars.push(&mut out, scalar),
            }
        }
        out
    }

    fn break_line(&self, out: &mut String, depth: usize) {
        if let Some(indent) = self.indent {
            out.push('\n');
            out.extend(core::iter::repeat_n(' ', indent * depth));
        }
    }
}

/// The end of an array or object that holds nothing.
fn closing<'t>(tokens: &mut Peekable<Tokens<'t>>) -> Option<&'t str> {
    tokens.next_if(|token| matches!(*token, "]" | "}"))
}

impl Scalars {
    fn push(self, out: &mut String, scalar: &str) {
        let value = match self {
            Self::AsTheyStand => None,
            _ => json::read(scalar.as_bytes()).ok(),
        };
        match (self, value) {
            (Self::Ascii, Some(Value::String(text))) => push_ascii(out, &text),
            (Self::Unescaped | Self::EcmaScript, Some(Value::String(text))) => json::write_text(out, &text),
            (Self::EcmaScript, Some(value)) => out.push_str(&json::write(&value)),
            _ => out.push_str(scalar),
        }
    }
}

/// As Python's `ensure_ascii` does.
fn push_ascii(out: &mut String, text: &str) {
    let mut quoted = String::with_capacity(text.len() + 2);
    json::write_text(&mut quoted, text);
    for char in quoted.chars() {
        if matches!(char, ' '..='~') {
            out.push(char);
        } else {
            char.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        }
    }
}

/// The tokens of a text that is JSON, without the white space between them.
struct Tokens<'t>(&'t str);

impl<'t> Iterator for Tokens<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let text = self.0.trim_ascii_start();
        let length = match text.bytes().next()? {
            b'[' | b']' | b'{' | b'}' | b',' | b':' => 1,
            b'"' => string_length(text),
            _ => text.find([' ', '\t', '\r', '\n', ',', ']', '}']).unwrap_or(text.len()),
        };
        let (token, rest) = text.split_at(length);
        self.0 = rest;
        Some(token)
    }
}

/// With both quotes.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let is_end = |byte: u8| {
        let end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        end
    };
    text.bytes().skip(1).position(is_end).map_or(text.len(), |at| at + 2)
}

const LENGTH_MAX: usize = 256 * 1024;
const LAYOUTS: &[Layout] = &[
    Layout { how: "without white space", comma: ",", colon: ":", indent: None },
    Layout {
        how: "with a space behind each comma and colon, as Python's json.dumps writes it",
        comma: ", ",
        colon: ": ",
        indent: None,
    },
    Layout { how: "indented by two", comma: ",", colon: ": ", indent: Some(2) },
    Layout { how: "indented by four", comma: ",", colon: ": ", indent: Some(4) },
];
const SCALARS: &[(Scalars, &str)] = &[
    (Scalars::AsTheyStand, ""),
    (Scalars::Ascii, ", and with all but ASCII escaped"),
    (Scalars::Unescaped, ", and with no escapes that are not needed"),
    (Scalars::EcmaScript, ", and with strings and numbers as JSON.stringify writes them"),
];
