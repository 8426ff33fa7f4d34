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
