//! Recognises a text that already stands in its RFC 8785 form, without reading it into a value.
//!
//! Senders write that form, so a verifier mostly meets it, and may then hash the bytes as they came.
//! Whatever is not recognised here goes to the reader, which alone says what is wrong with it.

use alloc::string::String;
use core::cmp::Ordering;

use super::{MAX_DEPTH, ecmascript, writer};

/// Whether the text is a JSON value in its RFC 8785 form and nothing else: whether
/// [`canonical`](super::canonical) accepts it and hands back the very same bytes. Allocates nothing.
#[must_use]
pub fn is_canonical(text: &[u8]) -> bool {
    canonical_end(text, 0) == Some(text.len())
}

/// If a JSON value in its RFC 8785 form begins at `at`, the index behind it.
///
/// At most [`MAX_DEPTH`] deep. What follows the value is for the caller to judge, but a number or a
/// literal takes the longest run of letters, digits, `+`, `-` and `.`.
pub(crate) fn canonical_end(text: &[u8], at: usize) -> Option<usize> {
    value_end(text, at, 0)
}

fn value_end(text: &[u8], at: usize, depth: usize) -> Option<usize> {
    match text.get(at)? {
        b'"' => Some(string(text, at + 1)?.end + 1),
        b'{' if depth < MAX_DEPTH => object_end(text, at + 1, depth + 1),
        b'[' if depth < MAX_DEPTH => array_end(text, at + 1, depth + 1),
        b'-' | b'0'..=b'9' => number_end(text, at),
        b'n' => literal_end(text, at, b"null"),
        b't' => literal_end(text, at, b"true"),
        b'f' => literal_end(text, at, b"false"),
        _ => None,
    }
}

fn object_end(text: &[u8], mut at: usize, depth: usize) -> Option<usize> {
    if text.get(at) == Some(&b'}') {
        return Some(at + 1);
    }
    let mut last = None;
    loop {
        at = skip(text, at, b'"')?;
        let body = string(text, at)?;
        let name = Name::new(text, at, &body)?;
        if last.is_some_and(|last: Name<'_>| !last.precedes(&name)) {
            return None;
        }
        last = Some(name);
        at = skip(text, body.end + 1, b':')?;
        at = value_end(text, at, depth)?;
        match text.get(at)? {
            b',' => at += 1,
            b'}' => return Some(at + 1),
            _ => return None,
        }
    }
}

fn array_end(text: &[u8], mut at: usize, depth: usize) -> Option<usize> {
    if text.get(at) == Some(&b']') {
        return Some(at + 1);
    }
    loop {
        at = value_end(text, at, depth)?;
        match text.get(at)? {
            b',' => at += 1,
            b']' => return Some(at + 1),
            _ => return None,
        }
    }
}

fn literal_end(text: &[u8], at: usize, literal: &[u8]) -> Option<usize> {
    let end = at + literal.len();
    (text.get(at..end)? == literal && !goes_on(text, end)).then_some(end)
}

fn skip(text: &[u8], at: usize, byte: u8) -> Option<usize> {
    (text.get(at) == Some(&byte)).then_some(at + 1)
}

/// Whether the number or literal that is over at `end` would have to go on.
fn goes_on(text: &[u8], end: usize) -> bool {
    text.get(end)
        .is_some_and(|byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.'))
}

/// A string between its quotes.
struct Body {
    /// Where the closing quote stands.
    end: usize,
    /// ASCII without an escape: each byte is a character.
    is_plain: bool,
}

/// The string whose opening quote stands before `start`.
fn string(text: &[u8], start: usize) -> Option<Body> {
    let mut at = start;
    let mut seen = 0;
    let mut is_escaped = false;
    loop {
        let word = word_at(text, at);
        let stops = stops(word);
        if stops == 0 {
            seen |= word;
            at += WORD;
            continue;
        }
        let bits = stops.trailing_zeros() - 7;
        seen |= word & low_bits(bits);
        at += bits as usize / 8;
        match text.get(at)? {
            b'"' => break,
            b'\\' => at = escape_end(text, at + 1)?,
            _ => return None,
        }
        is_escaped = true;
    }
    let is_ascii = seen & HIGH == 0;
    if !is_ascii {
        str::from_utf8(text.get(start..at)?).ok()?;
    }
    Some(Body { end: at, is_plain: is_ascii && !is_escaped })
}

/// The eight bytes from `at` on, the first lowest; zeros stand for what lies behind the end.
fn word_at(text: &[u8], at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    match rest.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

/// Quotes, backslashes and control characters, each by the high bit of its byte. The lowest is
/// exact; above it a borrow may have set others.
fn stops(word: u64) -> u64 {
    let quote = (word ^ QUOTES).wrapping_sub(ONES);
    let backslash = (word ^ BACKSLASHES).wrapping_sub(ONES);
    let control = word.wrapping_sub(SPACES);
    (quote | backslash | control) & !word & HIGH
}

fn low_bits(count: u32) -> u64 {
    (1 << count) - 1
}

/// Behind an escape as RFC 8785 writes it; `at` is behind its backslash.
fn escape_end(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at)? {
        b'b' | b't' | b'n' | b'f' | b'r' | b'"' | b'\\' => Some(at + 1),
        b'u' => match text.get(at + 1..at + 5)? {
            [b'0', b'0', b'0', b'0'..=b'7' | b'b' | b'e' | b'f']
            | [b'0', b'0', b'1', b'0'..=b'9' | b'a'..=b'f'] => Some(at + 5),
            _ => None,
        },
        _ => None,
    }
}

/// The name of a member.
struct Name<'a> {
    raw: &'a [u8],
    is_plain: bool,
    /// The first eight bytes as one number, zeros behind a shorter name.
    head: u64,
}

impl<'a> Name<'a> {
    fn new(text: &'a [u8], start: usize, body: &Body) -> Option<Self> {
        let raw = text.get(start..body.end)?;
        let word = word_at(text, start);
        let word = if raw.len() < WORD { word & low_bits(raw.len() as u32 * 8) } else { word };
        Some(Name { raw, is_plain: body.is_plain, head: word.swap_bytes() })
    }

    /// Plain names hold no zeros, so that heads that differ decide, and equal ones belong either to
    /// equal names or to names of eight bytes at least.
    fn precedes(&self, next: &Name<'_>) -> bool {
        if !(self.is_plain && next.is_plain) {
            writer::utf16_order_of(unescaped(self.raw), unescaped(next.raw)) == Ordering::Less
        } else if self.head != next.head {
            self.head < next.head
        } else {
            self.raw.get(WORD..) < next.raw.get(WORD..)
        }
    }
}

/// The bytes that a string in RFC 8785 form stands for.
fn unescaped(raw: &[u8]) -> impl Iterator<Item = u8> {
    let mut rest = raw.iter().copied();
    core::iter::from_fn(move || match rest.next()? {
        b'\\' => match rest.next()? {
            b'b' => Some(0x08),
            b't' => Some(b'\t'),
            b'n' => Some(b'\n'),
            b'f' => Some(0x0c),
            b'r' => Some(b'\r'),
            b'u' => {
                let digits = rest.by_ref().take(4).filter_map(|digit| char::from(digit).to_digit(16));
                Some(digits.fold(0, |byte, digit| byte << 4 | digit as u8))
            }
            byte => Some(byte),
        },
        byte => Some(byte),
    })
}

fn number_end(text: &[u8], at: usize) -> Option<usize> {
    let start = at + usize::from(text.get(at) == Some(&b'-'));
    let point = digits_end(text, start);
    let whole = text.get(start..point)?;
    match text.get(point) {
        Some(b'.') => {
            let end = digits_end(text, point + 1);
            let fraction = text.get(point + 1..end)?;
            if is_short_decimal(whole, fraction) && !goes_on(text, end) {
                Some(end)
            } else {
                any_number_end(text, at)
            }
        }
        _ if is_small_integer(whole, start > at) && !goes_on(text, point) => Some(point),
        _ => any_number_end(text, at),
    }
}

fn digits_end(text: &[u8], at: usize) -> usize {
    let mut end = at;
    while text.get(end).is_some_and(u8::is_ascii_digit) {
        end += 1;
    }
    end
}

/// Whether the digits are an integer below 2^53 as it is written; −0 is written 0.
fn is_small_integer(digits: &[u8], is_negative: bool) -> bool {
    match digits {
        [] => false,
        [b'0'] => !is_negative,
        [b'0', ..] => false,
        _ => digits.len() < MAX_SAFE.len() || digits.len() == MAX_SAFE.len() && digits <= MAX_SAFE,
    }
}

/// Whether `whole.fraction` is its own shortest form by its digits alone.
///
/// A double tells decimals of up to 15 digits apart: where it is normal, two of them never share
/// the nearest double. So no other decimal of as many digits or fewer reads back to that of
/// `whole.fraction`, which without zeros at its end is therefore the shortest. From 10^−6 up to
/// 10^21 ECMAScript writes it without an exponent.
fn is_short_decimal(whole: &[u8], fraction: &[u8]) -> bool {
    let is_short = match whole {
        [b'0'] => fraction.len() <= SHORT_DIGITS && fraction.iter().take(6).any(|digit| *digit != b'0'),
        [b'1'..=b'9', ..] => whole.len() + fraction.len() <= SHORT_DIGITS,
        _ => false,
    };
    is_short && fraction.last().is_some_and(|digit| *digit != b'0')
}

/// Any number, by the double that it stands for.
fn any_number_end(text: &[u8], at: usize) -> Option<usize> {
    let mut end = at;
    while goes_on(text, end) {
        end += 1;
    }
    let run = text.get(at..end)?;
    let value: f64 = str::from_utf8(run).ok()?.parse().ok().filter(|value: &f64| value.is_finite())?;
    let mut form = String::new();
    ecmascript::write(&mut form, value);
    (form.as_bytes() == run).then_some(end)
}

const WORD: usize = 8;
const ONES: u64 = 0x0101_0101_0101_0101;
const QUOTES: u64 = ONES * b'"' as u64;
const BACKSLASHES: u64 = ONES * b'\\' as u64;
const SPACES: u64 = ONES * b' ' as u64;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// 2^53 − 1
const MAX_SAFE: &[u8] = b"9007199254740991";

/// So many decimal digits any double keeps.
const SHORT_DIGITS: usize = 15;

#[cfg(test)]
mod tests;
