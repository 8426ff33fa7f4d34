//! A look at a text by RFC 8259's grammar alone, of any depth: iterative, with one bit of memory a
//! level.

use alloc::vec::Vec;

use super::number;
use super::reader::Reader;

/// Whether the text is one JSON object whose single `v` is an integer other than 1.
///
/// Only such a text is of another version; what else a later version may hold cannot be known, so
/// repeated names but `v`, lone surrogates, depth and the range of numbers are set aside. Anything
/// else is malformed.
pub(crate) fn other_version(text: &[u8]) -> bool {
    let reader = Reader::new(text);
    !reader.cut
        && Scan { reader, open: Open::default(), versions: Versions::None }.versions()
            == Some(Versions::Other)
}

#[derive(Clone, Copy, PartialEq)]
enum Versions {
    None,
    /// Exactly one, an integer other than 1.
    Other,
    /// One that is 1 or no integer, or more than one.
    Unusable,
}

struct Scan<'a> {
    reader: Reader<'a>,
    open: Open,
    versions: Versions,
}

/// What may come next.
enum Next {
    FirstMember,
    Member,
    FirstItem,
    Value,
    CommaOrClose,
}

impl<'a> Scan<'a> {
    /// None if the text is not one object.
    fn versions(mut self) -> Option<Versions> {
        self.reader.skip_space();
        self.reader.take(b'{').ok()?;
        self.open.push(Kind::Object);
        let mut next = Next::FirstMember;
        while let Some(kind) = self.open.last() {
            self.reader.skip_space();
            next = match next {
                Next::FirstMember | Next::FirstItem if self.reader.skip(kind.close()) => self.close(),
                Next::FirstMember | Next::Member => self.name()?,
                Next::FirstItem | Next::Value => self.value()?,
                Next::CommaOrClose if self.reader.skip(b',') => kind.after_comma(),
                Next::CommaOrClose => {
                    self.reader.take(kind.close()).ok()?;
                    self.close()
                }
            };
        }
        self.reader.finish().ok()?;
        Some(self.versions)
    }

    fn close(&mut self) -> Next {
        self.open.pop();
        Next::CommaOrClose
    }

    fn name(&mut self) -> Option<Next> {
        let name = self.string()?;
        self.reader.skip_space();
        self.reader.take(b':').ok()?;
        if self.open.is_outermost() && (name == "v" || name == "\\u0076") {
            self.reader.skip_space();
            self.versions = self.version();
        }
        Some(Next::Value)
    }

    /// Looks at the value of `v` without moving past it.
    fn version(&mut self) -> Versions {
        let start = self.reader.at;
        let text = self.reader.run();
        self.reader.at = start;
        if self.versions == Versions::None
            && number::is_number(text)
            && number::is_integer(text)
            && text != "1"
        {
            Versions::Other
        } else {
            Versions::Unusable
        }
    }

    fn value(&mut self) -> Option<Next> {
        match self.reader.peek()? {
            b'{' => Some(self.enter(Kind::Object)),
            b'[' => Some(self.enter(Kind::Array)),
            b'"' => self.string().map(|_| Next::CommaOrClose),
            _ => {
                let run = self.reader.run();
                (matches!(run, "null" | "true" | "false") || number::is_number(run))
                    .then_some(Next::CommaOrClose)
            }
        }
    }

    fn enter(&mut self, kind: Kind) -> Next {
        self.reader.at += 1;
        self.open.push(kind);
        match kind {
            Kind::Object => Next::FirstMember,
            Kind::Array => Next::FirstItem,
        }
    }

    /// What stands between the quotes, escapes checked but left as they are.
    fn string(&mut self) -> Option<&'a str> {
        self.reader.take(b'"').ok()?;
        let start = self.reader.at;
        loop {
            let byte = self.reader.peek()?;
            self.reader.at += 1;
            match byte {
                b'"' => return Some(&self.reader.text[start..self.reader.at - 1]),
                b'\\' => self.escape()?,
                0..=0x1f => return None,
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        let byte = self.reader.peek()?;
        self.reader.at += 1;
        match byte {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => self.four_hex_digits(),
            _ => None,
        }
    }

    fn four_hex_digits(&mut self) -> Option<()> {
        for _ in 0..4 {
            self.reader.peek().filter(u8::is_ascii_hexdigit)?;
            self.reader.at += 1;
        }
        Some(())
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Array,
    Object,
}

impl Kind {
    fn close(self) -> u8 {
        match self {
            Kind::Array => b']',
            Kind::Object => b'}',
        }
    }

    fn after_comma(self) -> Next {
        match self {
            Kind::Array => Next::Value,
            Kind::Object => Next::Member,
        }
    }
}

/// The arrays and objects that are open, one bit each, set for an object.
#[derive(Default)]
struct Open {
    bits: Vec<u64>,
    depth: usize,
}

impl Open {
    fn push(&mut self, kind: Kind) {
        let bit = 1 << (self.depth % 64);
        if bit == 1 {
            self.bits.push(0);
        }
        if let (Some(word), Kind::Object) = (self.bits.last_mut(), kind) {
            *word |= bit;
        }
        self.depth += 1;
    }

    fn pop(&mut self) {
        self.depth -= 1;
        let bit = 1 << (self.depth % 64);
        if bit == 1 {
            self.bits.pop();
        } else if let Some(word) = self.bits.last_mut() {
            *word &= !bit;
        }
    }

    fn last(&self) -> Option<Kind> {
        let place = self.depth.checked_sub(1)?;
        let word = self.bits.last()?;
        Some(if word >> (place % 64) & 1 == 1 { Kind::Object } else { Kind::Array })
    }

    fn is_outermost(&self) -> bool {
        self.depth == 1
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    fn is_other(text: &str) -> bool {
        other_version(text.as_bytes())
    }

    #[test]
    fn an_integer_other_than_one_is_another_version() {
        for version in ["0", "2", "-1", "-0", "10", "11", "9007199254740993", "99999999999999999999999"] {
            assert!(is_other(&format!(r#"{{"v":{version}}}"#)), "{version}");
        }
        for version in ["1", "2.0", "2e0", "2E1", "1.0", "\"2\"", "null", "true", "[2]", "{\"v\":2}"] {
            assert!(!is_other(&format!(r#"{{"v":{version}}}"#)), "{version}");
        }
    }

    #[test]
    fn v_may_be_escaped_and_stand_anywhere_among_the_outermost_members() {
        for text in [
            r#"{"\u0076":2}"#,
            " \r\n\t{ \"a\" : [ 1 , { } , [ ] ] , \"v\" : 2 } \n",
            r#"{"x":{"v":1},"y":[{"v":1}],"v":3,"z":{"v":1}}"#,
        ] {
            assert!(is_other(text), "{text}");
        }
        for text in [r#"{}"#, r#"{"a":2}"#, r#"{"V":2}"#, r#"{"vv":2}"#, r#"{"a":{"v":2}}"#, r#"[{"v":2}]"#] {
            assert!(!is_other(text), "{text}");
        }
    }

    #[test]
    fn v_stands_once() {
        for text in [
            r#"{"v":2,"v":2}"#,
            r#"{"v":2,"\u0076":2}"#,
            r#"{"v":1,"v":2}"#,
            r#"{"v":2,"v":1}"#,
            r#"{"v":"1","v":2,"v":2}"#,
        ] {
            assert!(!is_other(text), "{text}");
        }
    }

    #[test]
    fn what_the_strict_reader_refuses_is_set_aside() {
        for rest in [
            r#""a":1,"a":1"#,
            r#""a":"\ud800","\udc00":"\ud800\ud800""#,
            r#""a":1e999,"b":9007199254740993,"c":-0"#,
            "\"a\":\"\u{ffff}\"",
        ] {
            assert!(is_other(&format!(r#"{{"v":2,{rest}}}"#)), "{rest}");
        }
    }

    #[test]
    fn what_is_not_json_is_of_no_version() {
        for text in [
            "",
            " ",
            "2",
            "{",
            "{\"v\"",
            "{\"v\":",
            "{\"v\":2",
            "{\"v\":2,",
            "{\"v\":2,}",
            "{\"v\":2}}",
            "{\"v\":2}x",
            "{\"v\":2]",
            "{,\"v\":2}",
            "{\"v\":02}",
            "{\"v\":2x}",
            "{\"v\":2 3}",
            "{\"v\" 2}",
            "{v:2}",
            "{'v':2}",
            "{\"v\":2,\"a\":}",
            "{\"v\":2,\"a\":[}",
            "{\"v\":2,\"a\":[1}",
            "{\"v\":2,\"a\":[1,]}",
            "{\"v\":2,\"a\":{]}",
            "{\"v\":2,\"a\":nul}",
            "{\"v\":2,\"a\":True}",
            "{\"v\":2,\"a\":+1}",
            "{\"v\":2,\"a\":1.}",
            "{\"v\":2,\"a\":\"\\x\"}",
            "{\"v\":2,\"a\":\"\\u12g4\"}",
            "{\"v\":2,\"a\":\"\\u12",
            "{\"v\":2,\"a\":\"\n\"}",
            "{\"v\":2,\"a\":\"",
            "{\"v\":2,\"a\":\"\\",
            "\u{feff}{\"v\":2}",
            "{\"v\":2}\u{a0}",
            "{\"v\":2,\"a\":[1 2]}",
            "{\"v\":2 \"a\":1}",
            "{\"v\":2,\"a\":\u{c}1}",
        ] {
            assert!(!is_other(text), "{text}");
        }
        assert!(!other_version(b"{\"v\":2,\"a\":\"\xff\"}"));
        assert!(!other_version(b"{\"v\":2}\xff"));
    }

    #[test]
    fn every_escape_of_the_grammar_passes() {
        assert!(is_other(r#"{"v":2,"a":"\"\\\/\b\f\n\r\t\u00aF"}"#));
    }

    #[test]
    fn depth_is_set_aside_and_costs_a_bit_a_level() {
        let (open, close) = ("[{\"a\":".repeat(100_000), "}]".repeat(100_000));
        assert!(is_other(&format!("{{\"a\":{open}1{close},\"v\":2}}")));
        assert!(!is_other(&format!("{{\"v\":2,\"a\":{open}1{close}]}}")));
        assert!(!is_other(&format!("{{\"v\":2,\"a\":{open}")));
    }

    #[test]
    fn open_remembers_each_kind_across_words() {
        let mut open = Open::default();
        let is_object = |level: usize| matches!(level % 5, 0 | 3) || level % 64 == 63;
        for level in 0..200 {
            open.push(if is_object(level) { Kind::Object } else { Kind::Array });
        }
        for level in (0..200).rev() {
            assert_eq!(matches!(open.last(), Some(Kind::Object)), is_object(level), "{level}");
            assert_eq!(open.is_outermost(), level == 0);
            open.pop();
            open.push(Kind::Array);
            assert!(matches!(open.last(), Some(Kind::Array)), "{level}");
            open.pop();
        }
        assert!(open.last().is_none());
        assert!(open.bits.is_empty());
    }
}
