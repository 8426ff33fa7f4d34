//! Small integers, which most numbers are, read without a look at their fraction and exponent.

use crate::json::bytes::{RUN, is};
use crate::json::value::Number;

/// How long the number is that the text begins with, and which, if it is an integer of up to 15
/// digits as RFC 8785 spells it.
///
/// None for any other number, and for what is none: those are for the general way.
#[inline(always)]
pub(super) fn small_integer(text: &[u8]) -> Option<(usize, Number)> {
    match text {
        [b'-', digits @ ..] if digits.first() != Some(&b'0') => {
            small_whole(digits).and_then(|(length, value)| Some((length + 1, Number::new(-value.get())?)))
        }
        _ => small_whole(text),
    }
}

/// [`small_integer`] without a sign.
#[inline(always)]
pub(super) fn small_whole(digits: &[u8]) -> Option<(usize, Number)> {
    let (mut whole, mut count) = match digits.first_chunk().and_then(|eight| eight_digits(*eight)) {
        Some(whole) => (whole, 8),
        None => (0, 0),
    };
    let rest = digits.get(count..MOST_DIGITS).unwrap_or(&digits[count..]);
    for byte in rest {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        whole = whole * 10 + u64::from(digit);
        count += 1;
    }
    let is_plain = match digits.first()? {
        b'1'..=b'9' => true,
        b'0' => count == 1,
        _ => false,
    };
    if !is_plain || digits.get(count).is_some_and(|byte| is(byte, RUN)) {
        return None;
    }
    Some((count, Number::new(whole as i64 as f64)?))
}

/// Eight digits at once: neighbours are joined to numbers of two digits, these to four, these to
/// eight.
fn eight_digits(bytes: [u8; 8]) -> Option<u64> {
    let word = u64::from_le_bytes(bytes);
    let digits = word ^ (ONES * b'0' as u64);
    // Above 9, six more set a bit of the upper half; so does whatever is no digit to begin with.
    if (digits | digits.wrapping_add(ONES * 6)) & (ONES * 0xf0) != 0 {
        return None;
    }
    let twos = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (twos * 100 + (twos >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

/// So many digits are always below 2^53.
const MOST_DIGITS: usize = 15;

const ONES: u64 = 0x0101_0101_0101_0101;

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

    #[test]
    fn eight_digits_are_read_at_once_and_nothing_else() {
        assert_eq!(eight_digits(*b"00000000"), Some(0));
        assert_eq!(eight_digits(*b"12345678"), Some(12_345_678));
        assert_eq!(eight_digits(*b"99999999"), Some(99_999_999));
        for at in 0..8 {
            for byte in 0..=255_u8 {
                let mut bytes = *b"98765432";
                bytes[at] = byte;
                let expected = str::from_utf8(&bytes).ok().filter(|_| byte.is_ascii_digit());
                let expected = expected.and_then(|text| text.parse().ok());
                assert_eq!(eight_digits(bytes), expected, "{byte} at {at}");
            }
        }
    }
}
