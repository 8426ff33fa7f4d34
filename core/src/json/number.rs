//! Numbers, from text to the nearest double.

#[cfg(not(all(feature = "compact", target_arch = "wasm32")))]
use alloc::string::String;

#[cfg(all(feature = "compact", target_arch = "wasm32"))]
use super::compact;
#[cfg(not(all(feature = "compact", target_arch = "wasm32")))]
use super::ecmascript;
use super::ecmascript::Form;
use super::value::Number;

/// The double that a number of RFC 8259's grammar stands for.
///
/// Fails on overflow, and on an integer that a double cannot hold unless it stands in its RFC 8785
/// form.
pub(super) fn read(text: &str) -> Result<Number, &'static str> {
    if let Some(number) = read_small_integer(text) {
        return Ok(number);
    }
    let number = Number::new(nearest(text)).ok_or("a number beyond the range of a double")?;
    check_exact(text, number.get())?;
    Ok(number)
}

/// Whether the text is a number by RFC 8259's grammar.
pub(super) fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = split(unsigned, b"eE");
    let (whole, fraction) = split(mantissa, b".");
    is_digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(is_digits)
        && exponent.is_none_or(|exponent| is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// Whether a number is an integer by its spelling.
pub(super) fn is_integer(text: &str) -> bool {
    !text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
}

fn read_small_integer(text: &str) -> Option<Number> {
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
    let negative = digits.len() < text.len();
    Number::new(if negative { -whole } else { whole } as f64)
}

/// Ties to even; infinite on overflow, 0 on underflow.
#[cfg(all(feature = "compact", target_arch = "wasm32"))]
pub(super) fn nearest(text: &str) -> f64 {
    Decimal::of(text).map_or(0.0, Decimal::nearest)
}

/// Ties to even; infinite on overflow, 0 on underflow.
#[cfg(not(all(feature = "compact", target_arch = "wasm32")))]
pub(super) fn nearest(text: &str) -> f64 {
    if text.len() <= SHORT { parse(text) } else { Decimal::of(text).map_or(0.0, Decimal::nearest) }
}

#[cfg(not(all(feature = "compact", target_arch = "wasm32")))]
fn parse(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

fn check_exact(text: &str, value: f64) -> Result<(), &'static str> {
    if !is_integer(text) || value.abs() <= MAX_SAFE as f64 {
        return Ok(());
    }
    if Form::of(value).bytes() == text.as_bytes() {
        Ok(())
    } else {
        Err("an integer beyond 2^53 - 1 that is not in RFC 8785 form")
    }
}

/// At the first of the marks, which are ASCII.
fn split<'a>(text: &'a str, marks: &[u8]) -> (&'a str, Option<&'a str>) {
    match text.bytes().position(|byte| marks.contains(&byte)) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number of any length taken apart: first digit, then all that follow, times ten to the
/// exponent.
///
/// The standard parser stops counting an exponent at 65,536, so one that a long run of digits takes
/// back must be reduced first.
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
        let (mantissa, exponent) = split(unsigned, b"eE");
        let (whole, fraction) = split(mantissa, b".");
        let fraction = fraction.unwrap_or_default();
        let zeros = whole.bytes().chain(fraction.bytes()).position(|digit| digit != b'0')?;
        let place = whole.len() as i64 - 1 - zeros as i64;
        let exponent = place.saturating_add(exponent.map_or(0, exponent_of));
        Some(Decimal { negative: unsigned.len() != text.len(), whole, fraction, zeros, exponent })
    }

    fn nearest(self) -> f64 {
        match self.exponent {
            ..MIN_EXPONENT => 0.0,
            MIN_EXPONENT..=MAX_EXPONENT => self.rounded(),
            _ => f64::INFINITY,
        }
    }

    #[cfg(all(feature = "compact", target_arch = "wasm32"))]
    fn rounded(&self) -> f64 {
        let value = compact::nearest(self.significant(), self.exponent as i32);
        if self.negative { -value } else { value }
    }

    #[cfg(not(all(feature = "compact", target_arch = "wasm32")))]
    fn rounded(&self) -> f64 {
        parse(&self.reduced())
    }

    /// The digits from the first that is not 0 on.
    fn significant(&self) -> impl Iterator<Item = u8> {
        self.whole.bytes().chain(self.fraction.bytes()).skip(self.zeros)
    }

    /// The same number, or one that rounds like it, as a text of bounded length.
    #[cfg(not(all(feature = "compact", target_arch = "wasm32")))]
    fn reduced(&self) -> String {
        let mut text = String::new();
        if self.negative {
            text.push('-');
        }
        let mut digits = self.significant();
        for (place, digit) in digits.by_ref().take(KEPT_DIGITS).enumerate() {
            if place == 1 {
                text.push('.');
            }
            text.push(char::from(digit));
        }
        if digits.any(|digit| digit != b'0') {
            text.push('1');
        }
        text.push('e');
        ecmascript::write(&mut text, self.exponent as f64);
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

/// The largest integer below which each has a double of its own: 2^53 − 1.
pub(super) const MAX_SAFE: u64 = (1 << 53) - 1;

/// So many digits are always below 2^53.
const SMALL_DIGITS: usize = 15;

/// Up to this length an exponent cannot be taken back by digits once the standard parser stops
/// counting it.
#[cfg(not(all(feature = "compact", target_arch = "wasm32")))]
const SHORT: usize = 256;

/// A point halfway between two doubles has at most 767 significant digits; what lies behind only
/// says above or below.
#[cfg(not(all(feature = "compact", target_arch = "wasm32")))]
const KEPT_DIGITS: usize = 800;

/// Below 10^−324 all is under half of the least double.
const MIN_EXPONENT: i64 = -324;

/// From 10^309 on all is overflow.
const MAX_EXPONENT: i64 = 308;

/// Exponents of more digits than this no text can take back.
const FAR_DIGITS: usize = 18;

#[cfg(test)]
mod tests;
