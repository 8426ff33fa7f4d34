//! The strict reader in its plainest form: a tree, one character at a time. What the product's reader does must be what this one does.

use counterseal::json::{self, MAX_DEPTH, Number, Value};

/// The value, or the detail of the refusal.
pub(super) fn read(text: &[u8]) -> Result<Value, String> {
    let (valid, cut) = match std::str::from_utf8(text) {
        Ok(text) => (text, false),
        Err(error) => (std::str::from_utf8(&text[..error.valid_up_to()]).unwrap(), true),
    };
    let mut reader = Reader { text: valid.as_bytes(), at: 0, cut };
    let value = reader.value(0)?;
    reader.skip_space();
    if reader.peek().is_some() || cut { Err(reader.unexpected()) } else { Ok(value) }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    cut: bool,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Value, String> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.literal(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.open(depth)?;
        let mut members: Vec<(String, Value)> = Vec::new();
        self.skip_space();
        if self.skip(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.skip_space();
            let start = self.at;
            let name = self.string()?;
            if members.iter().any(|(known, _)| *known == name) {
                return Err(fault(start, "a member twice"));
            }
            self.skip_space();
            self.take(b':')?;
            let value = self.value(depth + 1)?;
            members.push((name, value));
            self.skip_space();
            if self.skip(b'}') {
                return Ok(Value::Object(members));
            }
            self.take(b',')?;
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        self.open(depth)?;
        let mut items = Vec::new();
        self.skip_space();
        if self.skip(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if self.skip(b']') {
                return Ok(Value::Array(items));
            }
            self.take(b',')?;
        }
    }

    fn open(&mut self, depth: usize) -> Result<(), String> {
        if depth == MAX_DEPTH {
            return Err(fault(self.at, "nested deeper than 64"));
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<String, String> {
        self.take(b'"')?;
        let mut decoded = Vec::new();
        loop {
            match self.peek() {
                None => return Err(self.unexpected()),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(String::from_utf8(decoded).unwrap());
                }
                Some(b'\\') => {
                    let character = self.escape()?;
                    decoded.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(0..=0x1f) => return Err(fault(self.at, "a control character in a string")),
                Some(byte) => {
                    decoded.push(byte);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let start = self.at;
        self.at += 1;
        let byte = self.peek().ok_or_else(|| self.unexpected())?;
        let decoded = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(start),
            _ => return Err(fault(start, "an unknown escape")),
        };
        self.at += 1;
        Ok(decoded)
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, String> {
        self.at += 1;
        let mut code = self.four_hex_digits()?;
        if (0xd800..0xdc00).contains(&code) && self.text[self.at..].starts_with(b"\\u") {
            self.at += 2;
            let low = self.four_hex_digits()?;
            if (0xdc00..0xe000).contains(&low) {
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            }
        }
        char::from_u32(code).ok_or_else(|| fault(start, "a lone surrogate"))
    }

    fn four_hex_digits(&mut self) -> Result<u32, String> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.unexpected())?;
            self.at += 1;
        }
        Ok(code)
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        let run = self.run();
        if !is_number(&run) {
            return Err(fault(start, "not a JSON number"));
        }
        let value: f64 = run.parse().unwrap();
        let number =
            Number::new(value).ok_or_else(|| fault(start, "a number beyond the range of a double"))?;
        let is_integer = run.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
        let value = Value::Number(number);
        if is_integer && number.get().abs() > 9_007_199_254_740_991.0 && json::write(&value) != run {
            return Err(fault(start, "an integer beyond 2^53 - 1 that is not in RFC 8785 form"));
        }
        Ok(value)
    }

    fn literal(&mut self) -> Result<Value, String> {
        let start = self.at;
        match self.run().as_str() {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "" => Err(self.unexpected()),
            _ => Err(fault(start, "an unknown literal")),
        }
    }

    fn run(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
            self.at += 1;
        }
        String::from_utf8(self.text[start..self.at].to_vec()).unwrap()
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| b" \t\r\n".contains(&byte)) {
            self.at += 1;
        }
    }

    fn skip(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn take(&mut self, byte: u8) -> Result<(), String> {
        if self.skip(byte) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> String {
        let why = match self.peek() {
            Some(_) => "an unexpected character",
            None if self.cut => "invalid UTF-8",
            None => "an early end",
        };
        fault(self.at, why)
    }
}

fn fault(at: usize, why: &str) -> String {
    format!("{why} at byte {at}")
}

/// RFC 8259 section 6.
fn is_number(run: &str) -> bool {
    let (whole, rest) = digits(run.strip_prefix('-').unwrap_or(run));
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => digits(rest),
        None => ("0", rest),
    };
    let (exponent, rest) = match rest.strip_prefix(['e', 'E']) {
        Some(rest) => digits(rest.strip_prefix(['+', '-']).unwrap_or(rest)),
        None => ("0", rest),
    };
    let is_whole = whole == "0" || !whole.is_empty() && !whole.starts_with('0');
    is_whole && !fraction.is_empty() && !exponent.is_empty() && rest.is_empty()
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}
