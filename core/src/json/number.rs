//! Numbers: from text to the nearest double, and back by ECMAScript's Number::toString (RFC 8785 section 3.2.2.3).

use alloc::string::String;
use core::fmt::{self, Write};

/// The double that a number of RFC 8259's grammar stands for; never −0.
///
/// Fails on overflow, and on an integer that a double cannot hold unless it stands in its RFC 8785 form.
pub(super) fn read(text: &str) -> Result<f64, &'static str> {
    if let Some(value) = read_small_integer(text) {
        return Ok(value);
    }
    let value = nearest(text);
    check_range(value)?;
    check_exact(text, value)?;
    Ok(value + 0.0)
}

/// Whether the text is a number by RFC 8259's grammar.
pub(super) fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = split(unsigned, &['e', 'E']);
    let (whole, fraction) = split(mantissa, &['.']);
    is_digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(is_digits)
        && exponent
            .is_none_or(|exponent| is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// Whether a number is an integer by its spelling.
pub(super) fn is_integer(text: &str) -> bool {
    !text.contains(['.', 'e', 'E'])
}

/// Appends a finite double as ECMAScript writes it.
pub(super) fn write(out: &mut String, value: f64) {
    let whole = value as i64;
    if whole as f64 == value && whole.unsigned_abs() <= MAX_SAFE {
        return write_integer(out, whole);
    }
    if value.is_sign_negative() {
        out.push('-');
    }
    let mut shortest = Shortest::default();
    // The buffer holds the longest form, so this cannot fail.
    let _ = write!(shortest, "{:e}", value.abs());
    shortest.write_as_ecmascript(out);
}

fn read_small_integer(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    if digits.len() > SMALL_DIGITS {
        return None;
    }
    let mut whole = 0_i64;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        whole = whole * 10 + i64::from(digit - b'0');
    }
    Some(if digits.len() == text.len() {
        whole
    } else {
        -whole
    } as f64)
}

/// Ties to even; infinite on overflow, 0 on underflow.
fn nearest(text: &str) -> f64 {
    if text.len() <= SHORT {
        parse(text)
    } else {
        Decimal::of(text).map_or(0.0, Decimal::nearest)
    }
}

fn parse(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

fn check_range(value: f64) -> Result<(), &'static str> {
    if value.is_finite() {
        Ok(())
    } else {
        Err("a number beyond the range of a double")
    }
}

fn check_exact(text: &str, value: f64) -> Result<(), &'static str> {
    if !is_integer(text) || value.abs() <= MAX_SAFE as f64 {
        return Ok(());
    }
    let mut form = String::new();
    write(&mut form, value);
    if form == text {
        Ok(())
    } else {
        Err("an integer beyond 2^53 - 1 that is not in RFC 8785 form")
    }
}

fn split<'a>(text: &'a str, marks: &[char]) -> (&'a str, Option<&'a str>) {
    text.split_once(marks)
        .map_or((text, None), |(before, after)| (before, Some(after)))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number of any length taken apart: first digit, then all that follow, times ten to the exponent.
///
/// The standard parser stops counting an exponent at 65,536, so one that a long run of digits takes back must be reduced first.
struct Decimal<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    /// Of the digits of `whole` and `fraction` together, how many zeros lead.
    zeros: usize,
    /// Of the first digit that is not 0.
    exponent: i64,
}

impl<'a> Decimal<'a> {
    /// None for zero.
    fn of(text: &'a str) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (mantissa, exponent) = split(unsigned, &['e', 'E']);
        let (whole, fraction) = split(mantissa, &['.']);
        let fraction = fraction.unwrap_or_default();
        let zeros = whole
            .bytes()
            .chain(fraction.bytes())
            .position(|digit| digit != b'0')?;
        let place = whole.len() as i64 - 1 - zeros as i64;
        let exponent = place.saturating_add(exponent.map_or(0, exponent_of));
        Some(Decimal {
            negative: unsigned.len() != text.len(),
            whole,
            fraction,
            zeros,
            exponent,
        })
    }

    fn nearest(self) -> f64 {
        match self.exponent {
            ..MIN_EXPONENT => 0.0,
            MIN_EXPONENT..=MAX_EXPONENT => parse(&self.reduced()),
            _ => f64::INFINITY,
        }
    }

    /// The same number, or one that rounds like it, as a text of bounded length.
    fn reduced(&self) -> String {
        let mut text = String::new();
        if self.negative {
            text.push('-');
        }
        let mut digits = self
            .whole
            .bytes()
            .chain(self.fraction.bytes())
            .skip(self.zeros);
        for (place, digit) in digits.by_ref().take(KEPT_DIGITS).enumerate() {
            if place == 1 {
                text.push('.');
            }
            text.push(char::from(digit));
        }
        if digits.any(|digit| digit != b'0') {
            text.push('1');
        }
        let _ = write!(text, "e{}", self.exponent);
        text
    }
}

/// An exponent too long for the type becomes one that no run of digits in memory can take back.
fn exponent_of(text: &str) -> i64 {
    let digits = text.trim_start_matches(['+', '-']).trim_start_matches('0');
    let size = match digits {
        "" => 0,
        _ if digits.len() > FAR_DIGITS => i64::MAX / 2,
        _ => digits.parse().unwrap_or(i64::MAX / 2),
    };
    if text.starts_with('-') { -size } else { size }
}

fn write_integer(out: &mut String, value: i64) {
    let mut digits = [0_u8; 20];
    let mut start = digits.len();
    let mut rest = value.unsigned_abs();
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        out.push('-');
    }
    out.push_str(str::from_utf8(&digits[start..]).unwrap_or_default());
}

/// The shortest digits that read back to a double, as `d.ddde-7`, without an allocation.
#[derive(Default)]
struct Shortest {
    bytes: [u8; 32],
    len: usize,
}

impl Write for Shortest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes
            .get_mut(self.len..end)
            .ok_or(fmt::Error)?
            .copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl Shortest {
    /// ECMAScript's Number::toString, steps 5 to 10: the value is `digits` × 10^(point − number of digits).
    fn write_as_ecmascript(&self, out: &mut String) {
        let text = str::from_utf8(&self.bytes[..self.len]).unwrap_or_default();
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (first, rest) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let exponent: i32 = exponent.parse().unwrap_or_default();
        let point = exponent + 1;
        let count = 1 + rest.len() as i32;
        match point {
            _ if count <= point && point <= 21 => {
                out.extend([first, rest]);
                push_zeros(out, point - count);
            }
            1..=21 => {
                let (whole, fraction) = rest.split_at(exponent as usize);
                out.extend([first, whole, ".", fraction]);
            }
            -5..=0 => {
                out.push_str("0.");
                push_zeros(out, -point);
                out.extend([first, rest]);
            }
            _ => {
                out.push_str(first);
                if !rest.is_empty() {
                    out.extend([".", rest]);
                }
                out.push_str(if exponent < 0 { "e-" } else { "e+" });
                write_integer(out, i64::from(exponent.abs()));
            }
        }
    }
}

fn push_zeros(out: &mut String, count: i32) {
    out.extend((0..count).map(|_| '0'));
}

/// The largest integer below which each has a double of its own: 2^53 − 1.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// So many digits are always below 2^53.
const SMALL_DIGITS: usize = 15;

/// Up to this length an exponent cannot be taken back by digits once the standard parser stops counting it.
const SHORT: usize = 256;

/// A point halfway between two doubles has at most 767 significant digits; what lies behind only says above or below.
const KEPT_DIGITS: usize = 800;

/// Below 10^−324 all is under half of the least double.
const MIN_EXPONENT: i64 = -324;

/// From 10^309 on all is overflow.
const MAX_EXPONENT: i64 = 308;

/// Exponents of more digits than this no text can take back.
const FAR_DIGITS: usize = 18;
