//! Small integers, which most numbers are, read without a look at their fraction and exponent.

use crate::json::reader::is_run;
use crate::json::value::Number;

/// How long the number is that the text begins with, and which, if it is an integer of up to 15
/// digits as RFC 8785 spells it.
///
/// None for any other number, and for what is none: those are for the general way.
pub(super) fn small_integer(text: &[u8]) -> Option<(usize, Number)> {
    let negative = text.first() == Some(&b'-');
    let digits = &text[usize::from(negative)..];
    let mut whole = 0_i64;
    let mut count = 0;
    while count < MOST_DIGITS {
        let Some(digit @ b'0'..=b'9') = digits.get(count) else { break };
        whole = whole * 10 + i64::from(digit - b'0');
        count += 1;
    }
    let is_zero = count == 1 && whole == 0 && !negative;
    let is_plain = is_zero || matches!(digits.first(), Some(b'1'..=b'9'));
    if !is_plain || digits.get(count).is_some_and(|&byte| is_run(byte)) {
        return None;
    }
    let value = Number::new(if negative { -whole } else { whole } as f64)?;
    Some((usize::from(negative) + count, value))
}

/// So many digits are always below 2^53.
const MOST_DIGITS: usize = 15;

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use super::*;

    fn read(text: &str) -> Option<(usize, f64)> {
        small_integer(text.as_bytes()).map(|(length, value)| (length, value.get()))
    }

    #[test]
    fn an_integer_ends_where_no_number_goes_on() {
        for whole in
            [0, 1, 9, 10, -1, -10, 12_345_678, 123_456_789, 999_999_999_999_999, -999_999_999_999_999_i64]
        {
            let text = whole.to_string();
            for end in ["", " ", ",", "]", "}", "\"", "\n", "_", "é", "/", ":", "@", "["] {
                assert_eq!(read(&format!("{text}{end}")), Some((text.len(), whole as f64)), "{text}{end}");
            }
            for end in [".5", "e1", "E1", "x", "Z", "+", "-", "."] {
                assert_eq!(read(&format!("{text}{end}")), None, "{text}{end}");
            }
        }
    }

    #[test]
    fn whatever_else_is_left_to_the_general_way() {
        for text in
            ["", "-", "-0", "00", "01", "-01", "-x", "x", "+1", "1000000000000000", "-1000000000000000"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
