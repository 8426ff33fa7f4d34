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
mod tests {
    use alloc::format;
    use alloc::string::{String, ToString};
    use alloc::vec;
    use alloc::vec::Vec;

    use super::*;

    fn double(text: &str) -> f64 {
        assert!(is_number(text), "{text}");
        read(text).unwrap().get()
    }

    #[test]
    fn the_grammar_is_that_of_rfc_8259() {
        for text in ["0", "-0", "10", "-1", "1.0", "0.001", "1e1", "1E+05", "1.5e-00", "-0.0e0"] {
            assert!(is_number(text), "{text}");
        }
        for text in [
            "",
            "-",
            "+1",
            "00",
            "01",
            "-01",
            "1.",
            ".5",
            "-.5",
            "1e",
            "1e+",
            "1e-",
            "e1",
            "1e1.5",
            "1.2.3",
            "1e1e1",
            "0x1",
            "1_0",
            "--1",
            "1-",
            "NaN",
            "Infinity",
            "-Infinity",
            "1f",
            "1e++1",
            "\u{661}",
        ] {
            assert!(!is_number(text), "{text}");
        }
    }

    #[test]
    fn an_integer_is_told_by_its_spelling() {
        assert!(is_integer("-12"));
        for text in ["1.0", "1e2", "1E2"] {
            assert!(!is_integer(text), "{text}");
        }
    }

    #[test]
    fn minus_zero_is_zero_however_it_is_spelled() {
        let long = format!("-0.{}", "0".repeat(1000));
        for text in ["-0", "-0.0", "-0e5", "-1e-400", "-0.000E-0", &long] {
            assert_eq!(double(text).to_bits(), 0, "{text}");
        }
    }

    #[test]
    fn integers_are_exact_up_to_2_to_the_53() {
        assert_eq!(double("999999999999999"), 999_999_999_999_999.0);
        assert_eq!(double("-999999999999999"), -999_999_999_999_999.0);
        assert_eq!(double("1000000000000001"), 1_000_000_000_000_001.0);
        assert_eq!(double("9007199254740991"), 9_007_199_254_740_991.0);
        assert_eq!(double("-9007199254740991"), -9_007_199_254_740_991.0);
    }

    #[test]
    fn integers_beyond_stand_in_their_rfc_8785_form() {
        for text in [
            "9007199254740992",
            "-9007199254740992",
            "9007199254740994",
            "12345678901234567000",
            "-12345678901234567000",
            "295147905179352830000",
            "999999999999999900000",
        ] {
            assert!(read(text).is_ok(), "{text}");
        }
        for text in [
            "9007199254740993",
            "-9007199254740993",
            "12345678901234567890",
            "18446744073709551615",
            "295147905179352825856",
            "1000000000000000000000",
            "-1000000000000000000000",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&format!("1{}", "0".repeat(300))).is_err());
        assert!(read(&"9".repeat(100_000)).is_err());
    }

    #[test]
    fn other_numbers_beyond_are_rounded() {
        assert_eq!(double("9007199254740993.0"), 9_007_199_254_740_992.0);
        assert_eq!(double("9007199254740995.0"), 9_007_199_254_740_996.0);
        assert_eq!(double("9007199254740993e0"), 9_007_199_254_740_992.0);
        assert_eq!(double("1e21"), 1e21);
    }

    #[test]
    fn overflow_is_refused_and_underflow_is_zero() {
        assert_eq!(double("1.7976931348623157e308"), f64::MAX);
        assert_eq!(double("1.7976931348623158e308"), f64::MAX);
        assert!(read("1.7976931348623159e308").is_err());
        assert!(read("1e309").is_err());
        assert!(read("-1e400").is_err());
        assert_eq!(double("5e-324"), f64::from_bits(1));
        assert_eq!(double("2.4703282292062328e-324"), f64::from_bits(1));
        assert_eq!(double("2.4703282292062327e-324"), 0.0);
        assert_eq!(double("1e-400"), 0.0);
    }

    #[test]
    fn exponents_of_any_length_are_read_exactly() {
        let nines = "9".repeat(100);
        assert!(read(&format!("1e{nines}")).is_err());
        assert!(read(&format!("1e+{nines}")).is_err());
        assert_eq!(double(&format!("1e-{nines}")), 0.0);
        assert_eq!(double(&format!("0e{nines}")), 0.0);
        let zeros = "0".repeat(100_000);
        assert_eq!(double(&format!("1e{zeros}5")), 1e5);
        assert_eq!(double(&format!("25e-{zeros}1")), 2.5);
        let far = "9".repeat(1000);
        assert!(read(&format!("1e{far}")).is_err());
        assert_eq!(double(&format!("-1e-{far}")), 0.0);
        assert_eq!(double(&format!("0.0e{far}")), 0.0);
    }

    #[test]
    fn digits_take_back_exponents_of_millions() {
        let zeros = "0".repeat(1_000_000);
        assert_eq!(double(&format!("1{zeros}e-1000000")), 1.0);
        assert_eq!(double(&format!("-1{zeros}e-1000000")), -1.0);
        assert_eq!(double(&format!("12{zeros}.5e-1000001")), 1.2);
        assert_eq!(double(&format!("0.{zeros}15e1000002")), 15.0);
        assert_eq!(double(&format!("0.{zeros}1e1000309")), 1e308);
        assert!(read(&format!("0.{zeros}1e1000310")).is_err());
        assert_eq!(double(&format!("1{zeros}e-1000323")), 1e-323);
        assert_eq!(double(&format!("1{zeros}e-1000324")), 0.0);
        assert_eq!(double(&format!("1{zeros}e-1000325")), 0.0);
    }

    #[test]
    fn a_digit_far_behind_decides_a_tie() {
        let zeros = "0".repeat(2000);
        assert_eq!(double(&format!("9007199254740993.{zeros}")), 9_007_199_254_740_992.0);
        assert_eq!(double(&format!("9007199254740993.{zeros}1")), 9_007_199_254_740_994.0);
        assert_eq!(double(&format!("9007199254740993{zeros}1e-2001")), 9_007_199_254_740_994.0);
    }

    #[test]
    fn the_longest_ties_go_to_even() {
        for (factor, even, odd, odd_is_above) in
            [(1, 0, 1, true), (3, 2, 1, false), ((1 << 54) - 1, 1 << 53, (1 << 53) - 1, false)]
        {
            let tie = halves_of_the_least_double(factor);
            assert_eq!(double(&format!("{tie}e-1075")).to_bits(), even);
            let zeros = "0".repeat(100);
            let above = double(&format!("{tie}{zeros}1e-1176")).to_bits();
            let below = tie.strip_suffix('5').unwrap().to_string() + "4" + &"9".repeat(100);
            let below = double(&format!("{below}e-1175")).to_bits();
            let expected = if odd_is_above { (odd, even) } else { (even, odd) };
            assert_eq!((above, below), expected);
        }
    }

    /// The digits of factor × 5^1075, which over 10^1075 is factor × 2^−1075.
    fn halves_of_the_least_double(factor: u64) -> String {
        let mut digits = vec![1_u64];
        for step in core::iter::once(factor).chain(core::iter::repeat_n(5, 1075)) {
            let mut carry = 0_u128;
            for digit in &mut digits {
                carry += u128::from(*digit) * u128::from(step);
                *digit = (carry % 10) as u64;
                carry /= 10;
            }
            while carry > 0 {
                digits.push((carry % 10) as u64);
                carry /= 10;
            }
        }
        let digits: Vec<String> = digits.iter().rev().map(u64::to_string).collect();
        digits.concat()
    }
}
