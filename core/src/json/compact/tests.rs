use alloc::format;
use alloc::string::{String, ToString};

use super::*;

/// As the reader takes a number apart.
fn read(text: &str) -> f64 {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: String = [whole, fraction].concat();
    let zeros = digits.bytes().take_while(|digit| *digit == b'0').count();
    let exponent = exponent.parse::<i32>().unwrap() + whole.len() as i32 - 1 - zeros as i32;
    nearest(digits.bytes().skip(zeros), exponent)
}

fn same(text: &str) {
    assert_eq!(read(text).to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
}

fn written(value: f64) {
    let (ours, quick) = (Decimal::shortest(value), super::super::shortest::Decimal::shortest(value));
    assert_eq!((ours.digits, ours.exponent), (quick.digits, quick.exponent), "{value:e}");
}

/// xorshift64*: the same numbers each run.
fn random(seed: u64) -> impl Iterator<Item = u64> {
    core::iter::successors(Some(seed), |state| {
        let mut state = *state;
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        Some(state)
    })
    .map(|state| state.wrapping_mul(0x2545_f491_4f6c_dd1d))
}

fn doubles(count: usize) -> impl Iterator<Item = f64> {
    let edges = (0..2047).flat_map(|biased| [0, 1, (1 << 52) - 1].map(|fraction| biased << 52 | fraction));
    edges
        .chain(random(7).take(count))
        .map(|bits| f64::from_bits(bits & !(1 << 63)))
        .filter(|value| value.is_finite() && *value > 0.0)
}

#[test]
fn every_double_is_written_as_the_quick_way_writes_it() {
    for value in doubles(ROUNDS) {
        written(value);
    }
}

#[test]
fn short_decimals_are_written_as_the_quick_way_writes_them() {
    for bits in random(11).take(ROUNDS) {
        let value =
            (bits % 1_000_000) as f64 / [1.0, 10.0, 100.0, 1e3, 1e7][(bits >> 32) as usize % 5] + 1e-9;
        written(value);
        written(1.0 + value.fract() / 1e15);
    }
}

#[test]
fn every_double_is_read_from_its_text_and_from_between() {
    for value in doubles(ROUNDS) {
        for text in [format!("{value:e}"), format!("{value:.16e}"), format!("{value:.17e}")] {
            same(&text);
        }
    }
}

#[test]
fn random_digits_are_read_as_the_standard_library_reads_them() {
    let mut numbers = random(13);
    for _ in 0..ROUNDS {
        let mut next = || numbers.next().unwrap_or_default();
        let mut digits = next().to_string();
        for _ in 0..next() % 4 {
            digits += &next().to_string();
        }
        let exponent = (next() % 660) as i64 - 340 - digits.len() as i64;
        let text = format!("{digits}e{exponent}");
        if text.parse::<f64>().unwrap().is_normal() || exponent > -380 {
            same(&text);
        }
    }
}

/// The exact text of each midpoint, and of what lies just above and below it.
#[test]
fn ties_go_to_even_and_what_is_beside_them_does_not() {
    for value in doubles(ROUNDS / 500).filter(|value| *value < 1e300) {
        let above = f64::from_bits(value.to_bits() + 1);
        let middle = exact_middle(value, above);
        same(&middle);
        let (mantissa, exponent) = middle.split_once('e').unwrap();
        same(&format!("{mantissa}{}1e{}", "0".repeat(20), exponent.parse::<i32>().unwrap() - 21));
        let below = mantissa
            .strip_suffix('5')
            .map(|text| format!("{text}4{}e{}", "9".repeat(900), exponent.parse::<i32>().unwrap() - 900));
        below.iter().for_each(|text| same(text));
    }
}

/// As whole digits and an exponent.
fn exact_middle(value: f64, above: f64) -> String {
    let text = |value: f64| format!("{value:.1100}");
    let (low, high) = (text(value), text(above));
    let digits = |text: &str| -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect()
    };
    let (low, high) = (digits(&low), digits(&high));
    let width = low.len().max(high.len());
    let at = |digits: &[u8], place: usize| {
        (place + digits.len()).checked_sub(width).map_or(0, |index| digits[index])
    };
    let mut sum = vec![0; width + 1];
    let mut carry = 0;
    for place in (0..width).rev() {
        let digit = at(&low, place) + at(&high, place) + carry;
        sum[place + 1] = digit % 10;
        carry = digit / 10;
    }
    sum[0] = carry;
    let mut rest = 0;
    let mut half = Vec::new();
    for digit in sum.into_iter().chain([0]) {
        rest = rest * 10 + digit;
        half.push(b'0' + rest / 2);
        rest %= 2;
    }
    let mut half = String::from_utf8(half).unwrap();
    let mut exponent = -1101;
    while half.ends_with('0') {
        half.pop();
        exponent += 1;
    }
    format!("{half}e{exponent}")
}

#[test]
fn the_ends_of_the_range() {
    for text in [
        "5e-324",
        "2.4703282292062328e-324",
        "2.4703282292062327e-324",
        "1e-324",
        "2.2250738585072014e-308",
        "2.2250738585072011e-308",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "9.9e308",
        "9007199254740993",
        "9007199254740995",
        "1e22",
        "1e23",
        "123456789012345678901234567890",
    ] {
        same(text);
    }
    let zeros = "0".repeat(2000);
    assert_eq!(read(&format!("9007199254740993.{zeros}")), 9_007_199_254_740_992.0);
    assert_eq!(read(&format!("9007199254740993.{zeros}1")), 9_007_199_254_740_994.0);
}

/// Millions are a matter of `--release`.
const ROUNDS: usize = if cfg!(debug_assertions) { 3_000 } else { 3_000_000 };

#[test]
fn zeros_at_the_end_go_to_the_exponent() {
    for (value, digits, exponent) in
        [(1500.0, 15, 2), (10.0, 1, 1), (1e15, 1, 15), (1e22, 1, 22), (0.5, 5, -1)]
    {
        let shortest = Decimal::shortest(value);
        assert_eq!((shortest.digits, shortest.exponent), (digits, exponent), "{value}");
    }
}

#[test]
fn a_decimal_on_the_bound_below_an_even_double_reads_back_to_it() {
    // 2^54 + 8: doubles are 4 apart here, and …990 lies halfway to the one below.
    written(18_014_398_509_481_992.0);
    let shortest = Decimal::shortest(18_014_398_509_481_992.0);
    assert_eq!((shortest.digits, shortest.exponent), (1_801_439_850_948_199, 1));
}
