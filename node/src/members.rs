//! The members of a flat object, laid out so that JavaScript can build the object without parsing its text again: most tokens' claims are flat
//! and come with the names of the token before.

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Nothing: it is not flat, or holds what is best left to `JSON.parse` (see [`Members::lay_out`]).
    None = 0,
    /// It is flat, with other names than the last one.
    OtherNames = 1,
    /// It is flat, with the names of the last one: its values are laid out.
    SameNames = 2,
}

/// The names of the last flat object.
#[derive(Default)]
pub(crate) struct Members {
    // Each closed by a quotation mark, which none of them holds.
    names: Vec<u8>,
}

impl Members {
    /// Lays out an object's values, given its RFC 8785 text: 16 bytes each, in the order of the text. After eight bytes, for a string, stand its start
    /// and end in the text (a uint32 each; no string starts before 5). In their place stands 0 for a number, which is in the first eight bytes (a
    /// float64), and 1, 2 or 3 for true, false and null.
    ///
    /// Left to `JSON.parse` are objects that hold an array, an object, an escape, more than ASCII, a name that JavaScript orders by its value or
    /// takes for the prototype, or more than 64 members.
    pub(crate) fn lay_out(&mut self, text: &[u8], room: &mut [u8]) -> Layout {
        match self.read(&mut Text { bytes: text, at: 0 }, room) {
            Some(true) => Layout::SameNames,
            Some(false) => Layout::OtherNames,
            None => {
                self.names.clear();
                Layout::None
            }
        }
    }

    // Whether the names are those of the last object; `None` if they are left to JSON.parse.
    fn read(&mut self, text: &mut Text<'_>, room: &mut [u8]) -> Option<bool> {
        let (mut same, mut matched) = (true, 0);
        text.skip(b'{')?;
        for slot in room.chunks_exact_mut(SLOT).take(MOST_MEMBERS) {
            let (start, end) = text.string()?;
            let name = text.bytes.get(start..=end)?;
            if same && self.names.get(matched..)?.starts_with(name) {
                matched += name.len();
            } else {
                if same {
                    same = false;
                    self.names.truncate(matched);
                }
                self.learn(name)?;
            }
            text.skip(b':')?;
            text.value(slot)?;
            if text.skip(b',').is_none() {
                text.skip(b'}')?;
                let fewer = same && matched < self.names.len();
                if fewer {
                    self.names.truncate(matched);
                }
                return (text.at == text.bytes.len()).then_some(same && !fewer);
            }
        }
        None
    }

    fn learn(&mut self, name: &[u8]) -> Option<()> {
        let usual = !name.first()?.is_ascii_digit() && name != b"__proto__\"";
        usual.then(|| self.names.extend_from_slice(name))
    }
}

struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Text<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    // Where a string starts and ends, without its quotation marks.
    fn string(&mut self) -> Option<(usize, usize)> {
        self.skip(b'"')?;
        let start = self.at;
        let rest = self.bytes.get(start..)?;
        let length = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0x80..))?;
        self.at = start + length;
        self.skip(b'"')?;
        Some((start, start + length))
    }

    fn value(&mut self, slot: &mut [u8]) -> Option<()> {
        let (start, end) = match self.peek()? {
            b'"' => self.string()?,
            b't' => self.literal(b"true", TRUE)?,
            b'f' => self.literal(b"false", FALSE)?,
            b'n' => self.literal(b"null", NULL)?,
            b'-' | b'0'..=b'9' => {
                *slot.first_chunk_mut()? = self.number()?.to_ne_bytes();
                (NUMBER, 0)
            }
            _ => return None,
        };
        let (start, end) = (u32::try_from(start).ok()?, u32::try_from(end).ok()?);
        *slot.get_mut(8..)?.first_chunk_mut()? = start.to_ne_bytes();
        *slot.get_mut(12..)?.first_chunk_mut()? = end.to_ne_bytes();
        Some(())
    }

    fn literal(&mut self, text: &[u8], tag: usize) -> Option<(usize, usize)> {
        self.bytes.get(self.at..)?.starts_with(text).then(|| self.at += text.len())?;
        Some((tag, 0))
    }

    fn number(&mut self) -> Option<f64> {
        let rest = self.bytes.get(self.at..)?;
        let length = rest.iter().position(|byte| matches!(byte, b',' | b'}'))?;
        let text = rest.get(..length)?;
        self.at += length;
        if length <= EXACT_DIGITS && text.iter().all(u8::is_ascii_digit) {
            return Some(text.iter().fold(0, |number, digit| 10 * number + u64::from(digit - b'0')) as f64);
        }
        // Both round to the nearest, ties to even.
        str::from_utf8(text).ok()?.parse().ok()
    }
}

const SLOT: usize = 16;
const MOST_MEMBERS: usize = 64;
/// Integers of so many digits are below 2^53.
const EXACT_DIGITS: usize = 15;
const NUMBER: usize = 0;
const TRUE: usize = 1;
const FALSE: usize = 2;
const NULL: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    enum Value<'a> {
        Number(f64),
        Tag(u32),
        Text(&'a str),
    }

    fn values<'a>(text: &'a str, room: &[u8], count: usize) -> Vec<Value<'a>> {
        let word = |slot: &[u8], at| u32::from_ne_bytes(slot[at..at + 4].try_into().unwrap());
        let value = |slot: &[u8]| match (word(slot, 8), word(slot, 12)) {
            (0, _) => Value::Number(f64::from_ne_bytes(slot[..8].try_into().unwrap())),
            (tag @ 1..=3, _) => Value::Tag(tag),
            (start, end) => Value::Text(&text[start as usize..end as usize]),
        };
        room.chunks_exact(SLOT).take(count).map(value).collect()
    }

    #[test]
    fn values_stand_in_the_order_of_the_text() {
        let (mut members, mut room) = (Members::default(), [0xff; 16 * SLOT]);
        let text = r#"{"":"","a":-1.5e-7,"b":true,"c":false,"d":null,"e":"x,}:","f":999999999999999,"g":1e+21,"h":9007199254740991}"#;
        assert_eq!(members.lay_out(text.as_bytes(), &mut room), Layout::OtherNames);
        assert_eq!(members.lay_out(text.as_bytes(), &mut room), Layout::SameNames);
        let expected = [
            Value::Text(""),
            Value::Number(-1.5e-7),
            Value::Tag(1),
            Value::Tag(2),
            Value::Tag(3),
            Value::Text("x,}:"),
            Value::Number(999_999_999_999_999.0),
            Value::Number(1e21),
            Value::Number(9_007_199_254_740_991.0),
        ];
        assert_eq!(values(text, &room, expected.len()), expected);
    }

    #[test]
    fn names_are_the_same_or_not() {
        let (mut members, mut room) = (Members::default(), [0; 4 * SLOT]);
        let mut lay_out = |text: &str| members.lay_out(text.as_bytes(), &mut room);
        for (text, layout) in [
            (r#"{"a":1,"b":2}"#, Layout::OtherNames),
            (r#"{"a":"x","b":null}"#, Layout::SameNames),
            (r#"{"a":1}"#, Layout::OtherNames),
            (r#"{"a":2}"#, Layout::SameNames),
            (r#"{"a":1,"b":2}"#, Layout::OtherNames),
            (r#"{"a":1,"c":2}"#, Layout::OtherNames),
            (r#"{"a":1,"c":2}"#, Layout::SameNames),
            (r#"{"ac":1}"#, Layout::OtherNames),
            (r#"{"ac":[]}"#, Layout::None),
            (r#"{"ac":1}"#, Layout::OtherNames),
            (r#"{"a":1,"b":2,"c":3,"d":4}"#, Layout::OtherNames),
            (r#"{"a":1,"b":2,"c":3,"d":4,"e":5}"#, Layout::None),
        ] {
            assert_eq!(lay_out(text), layout, "{text}");
        }
    }

    #[test]
    fn the_rest_is_left_to_the_parser() {
        for text in [
            "{}",
            "",
            "[1]",
            "1",
            r#"{"a":{}}"#,
            r#"{"a":[1]}"#,
            r#"{"a":"\n"}"#,
            r#"{"a":"é"}"#,
            r#"{"é":1}"#,
            r#"{"\n":1}"#,
            r#"{"1":1}"#,
            r#"{"a":1,"0x":1}"#,
            r#"{"__proto__":1}"#,
            r#"{"a":1"#,
            r#"{"a":1}x"#,
            r#"{"a""#,
            r#"{"a":trux}"#,
            r#"{"a":1-}"#,
        ] {
            let mut members = Members::default();
            for _ in 0..2 {
                assert_eq!(members.lay_out(text.as_bytes(), &mut [0; 4 * SLOT]), Layout::None, "{text}");
            }
        }
    }
}
