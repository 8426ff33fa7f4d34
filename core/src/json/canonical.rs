//! Recognises a text that already stands in its RFC 8785 form, without reading it into a value.
//!
//! Senders write that form, so a verifier mostly meets it, and may then hash the bytes as they came.
//! Whatever is not recognised here goes to the reader, which alone says what is wrong with it.

use core::cmp::Ordering;

use super::bytes::{ANY, DIGIT, RUN, is, plain_len, unescaped_len};
use super::ecmascript::Form;
use super::{MAX_DEPTH, number, writer};

/// Whether the text is a JSON value in its RFC 8785 form and nothing else: whether
/// [`canonical`](super::canonical) accepts it and hands back the very same bytes. Allocates nothing.
#[must_use]
pub fn is_canonical(text: &[u8]) -> bool {
    is_canonical_at(text, &mut ())
}

/// [`is_canonical`], with something else done between the members and items.
#[inline(always)]
pub(crate) fn is_canonical_at(text: &[u8], pace: &mut impl Pace) -> bool {
    behind_value(text, MAX_DEPTH, pace).is_some_and(<[u8]>::is_empty)
}

/// Something that goes on while a text is read.
pub(crate) trait Pace {
    /// So many bytes of the text are left.
    fn left(&mut self, bytes: usize);

    /// Something else was done meanwhile.
    fn beat(&mut self) {}
}

impl Pace for () {
    #[inline(always)]
    fn left(&mut self, _: usize) {}
}

/// What stands behind the value that the text begins with; `levels` may be opened in it.
#[inline(always)]
fn behind_value<'a>(text: &'a [u8], levels: usize, pace: &mut impl Pace) -> Option<&'a [u8]> {
    let (first, rest) = text.split_first()?;
    match first {
        b'"' => Some(Quoted::of(rest)?.rest),
        b'{' => behind_object(rest, levels.checked_sub(1)?, pace),
        b'[' => behind_array(rest, levels.checked_sub(1)?, pace),
        b'-' | b'0'..=b'9' => behind_number(text),
        b'n' => behind_run(rest.strip_prefix(b"ull")?),
        b't' => behind_run(rest.strip_prefix(b"rue")?),
        b'f' => behind_run(rest.strip_prefix(b"alse")?),
        _ => None,
    }
}

fn behind_object<'a>(mut text: &'a [u8], levels: usize, pace: &mut impl Pace) -> Option<&'a [u8]> {
    if let [b'}', rest @ ..] = text {
        return Some(rest);
    }
    let (mut last, mut last_key): (&[u8], u8) = (&[], NO_NAME);
    loop {
        let Quoted { raw, key, rest } = Quoted::of(text.strip_prefix(b"\"")?)?;
        let is_ascending = 0 < last_key && last_key < key;
        if !(is_ascending || last_key == NO_NAME || precedes(last, raw, last_key > 0 && key > 0)) {
            return None;
        }
        (last, last_key) = (raw, key);
        let rest = behind_value(rest.strip_prefix(b":")?, levels, pace)?;
        pace.left(rest.len());
        match rest {
            [b',', rest @ ..] => text = rest,
            [b'}', rest @ ..] => return Some(rest),
            _ => return None,
        }
    }
}

fn behind_array<'a>(mut text: &'a [u8], levels: usize, pace: &mut impl Pace) -> Option<&'a [u8]> {
    if let [b']', rest @ ..] = text {
        return Some(rest);
    }
    loop {
        let rest = behind_value(text, levels, pace)?;
        pace.left(rest.len());
        match rest {
            [b',', rest @ ..] => text = rest,
            [b']', rest @ ..] => return Some(rest),
            _ => return None,
        }
    }
}

/// Nothing if the run of a number or literal goes on.
fn behind_run(rest: &[u8]) -> Option<&[u8]> {
    (!rest.first().is_some_and(|byte| is(byte, RUN))).then_some(rest)
}

/// A string.
struct Quoted<'a> {
    /// What stands between the quotes.
    raw: &'a [u8],
    /// The first byte of a plain string, and 0 of any other. Plain is ASCII without an escape: each
    /// byte is a character. Keys above 0 that differ order two names.
    key: u8,
    rest: &'a [u8],
}

impl<'a> Quoted<'a> {
    /// The string whose opening quote stands before the text.
    #[inline(always)]
    fn of(text: &'a [u8]) -> Option<Self> {
        let (raw, rest) = text.split_at_checked(plain_len(text))?;
        match rest {
            [b'"', rest @ ..] => Some(Quoted { raw, key: raw.first().copied().unwrap_or_default(), rest }),
            _ => Self::general(text),
        }
    }

    #[inline(never)]
    fn general(text: &'a [u8]) -> Option<Self> {
        let mut rest = text;
        loop {
            rest = rest.get(unescaped_len(rest, ANY)..)?;
            match rest {
                [b'\\', escape @ ..] => rest = behind_escape(escape)?,
                [b'"', behind @ ..] => {
                    let raw = text.get(..text.len() - rest.len())?;
                    str::from_utf8(raw).ok()?;
                    return Some(Quoted { raw, key: 0, rest: behind });
                }
                _ => return None,
            }
        }
    }
}

/// Whether the name stands before the next in the order of their UTF-16 code units.
#[inline(never)]
fn precedes(name: &[u8], next: &[u8], are_plain: bool) -> bool {
    if are_plain {
        name < next
    } else {
        writer::utf16_order_of(unescaped(name), unescaped(next)) == Ordering::Less
    }
}

/// Behind an escape as RFC 8785 writes it; its backslash stands before the text.
fn behind_escape(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'b' | b't' | b'n' | b'f' | b'r' | b'"' | b'\\', rest @ ..]
        | [b'u', b'0', b'0', b'0', b'0'..=b'7' | b'b' | b'e' | b'f', rest @ ..]
        | [b'u', b'0', b'0', b'1', b'0'..=b'9' | b'a'..=b'f', rest @ ..] => Some(rest),
        _ => None,
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

/// Most numbers are short and whole.
#[inline(always)]
fn behind_number(text: &[u8]) -> Option<&[u8]> {
    let (whole, rest) = digits(text)?;
    match behind_run(rest) {
        Some(rest) if is_small_integer(whole, false) => Some(rest),
        _ => behind_other_number(text),
    }
}

#[inline(never)]
fn behind_other_number(text: &[u8]) -> Option<&[u8]> {
    match behind_short_number(text) {
        Some(rest) => Some(rest),
        None => behind_any_number(text),
    }
}

/// A number that its digits alone show to stand in its form.
fn behind_short_number(text: &[u8]) -> Option<&[u8]> {
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    let (whole, rest) = digits(unsigned)?;
    let is_short = match rest {
        [b'.', rest @ ..] => {
            let (fraction, rest) = digits(rest)?;
            return if is_short_decimal(whole, fraction) { behind_run(rest) } else { None };
        }
        _ => is_small_integer(whole, unsigned.len() < text.len()),
    };
    if is_short { behind_run(rest) } else { None }
}

/// The digits that the text begins with, and what follows.
#[inline(always)]
fn digits(text: &[u8]) -> Option<(&[u8], &[u8])> {
    text.split_at_checked(text.iter().take_while(|byte| is(byte, DIGIT)).count())
}

/// Whether the digits are an integer below 9 × 10^15 as it is written; −0 is written 0.
fn is_small_integer(digits: &[u8], is_negative: bool) -> bool {
    match digits {
        [b'0'] => !is_negative,
        [b'1'..=b'8', ..] => digits.len() <= SHORT_DIGITS + 1,
        [b'9', ..] => digits.len() <= SHORT_DIGITS,
        _ => false,
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
#[inline(never)]
fn behind_any_number(text: &[u8]) -> Option<&[u8]> {
    let len = text.iter().position(|byte| !is(byte, RUN)).unwrap_or(text.len());
    let (run, rest) = text.split_at_checked(len)?;
    let value = number::nearest(str::from_utf8(run).ok().filter(|run| number::is_number(run))?);
    (value.is_finite() && Form::of(value).bytes() == run).then_some(rest)
}

/// Before the first name of an object.
const NO_NAME: u8 = 0xff;

/// So many decimal digits any double keeps.
const SHORT_DIGITS: usize = 15;

#[cfg(test)]
mod tests;
