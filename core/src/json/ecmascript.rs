//! Numbers, from a double to text, by ECMAScript's Number::toString (RFC 8785 section 3.2.2.3).

use alloc::string::String;
use core::fmt::{self, Write};

use super::number::MAX_SAFE;

/// Appends a finite double as ECMAScript writes it.
pub(super) fn write(out: &mut String, value: f64) {
    let whole = value as i64;
    if whole as f64 == value && whole.unsigned_abs() <= MAX_SAFE {
        return write_integer(out, whole);
    }
    if value.is_sign_negative() {
        out.push('-');
    }
    Shortest::of(value.abs()).write_as_ecmascript(out);
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
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl Shortest {
    /// Of two candidates equally near, ECMAScript takes the even one and the formatter the upper
    /// one, while with a number of digits given the formatter takes the even one too. That one may
    /// read back to the double below a power of two, and is then no candidate.
    fn of(value: f64) -> Self {
        let shortest = Self::formatted(format_args!("{value:e}"));
        if can_tie(value) {
            let places = shortest.mantissa().len().saturating_sub(2);
            let even = Self::formatted(format_args!("{value:.places$e}"));
            if even.text().parse() == Ok(value) {
                return even;
            }
        }
        shortest
    }

    fn formatted(arguments: fmt::Arguments<'_>) -> Self {
        let mut shortest = Shortest::default();
        // The buffer holds the longest form, so this cannot fail.
        let _ = shortest.write_fmt(arguments);
        shortest
    }

    fn text(&self) -> &str {
        str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }

    fn mantissa(&self) -> &str {
        self.text().split('e').next().unwrap_or_default()
    }

    /// ECMAScript's Number::toString, steps 5 to 10: the value is `digits` × 10^(point − number of
    /// digits).
    fn write_as_ecmascript(&self, out: &mut String) {
        let text = self.text();
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

/// Whether the exact decimal expansion is short enough to end in a 5 right behind the shortest
/// digits: with b bits behind the point it is an odd number times 5^b, of at most 18 digits. One
/// bit behind the point is always written.
fn can_tie(value: f64) -> bool {
    let bits = value.to_bits();
    let exponent = (bits >> 52) as i32 - 1075;
    let zeros = (bits | 1 << 52).trailing_zeros() as i32;
    (2..=25).contains(&-(exponent + zeros))
}

fn push_zeros(out: &mut String, count: i32) {
    out.extend((0..count).map(|_| '0'));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: f64) -> String {
        let mut out = String::new();
        write(&mut out, value);
        out
    }

    #[test]
    fn the_samples_of_rfc_8785_appendix_b() {
        for (bits, expected) in [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            assert_eq!(text(f64::from_bits(bits)), expected, "{bits:016x}");
        }
    }

    #[test]
    fn of_two_candidates_equally_near_the_even_one_is_written() {
        const BASE: f64 = 1_424_953_923_781_206.0;
        for (value, expected) in [
            (BASE + 0.25, "1424953923781206.2"),
            (BASE + 0.75, "1424953923781206.8"),
            (BASE + 1.25, "1424953923781207.2"),
            (BASE + 1.5, "1424953923781207.5"),
            (-BASE - 0.25, "-1424953923781206.2"),
            (1.0 / 33_554_432.0, "2.9802322387695312e-8"),
            (1.0 / 67_108_864.0, "1.4901161193847656e-8"),
        ] {
            assert_eq!(text(value), expected);
        }
    }

    #[test]
    fn below_a_power_of_two_the_even_candidate_may_be_another_double() {
        assert_eq!(text(1.0 / 16_777_216.0), "5.960464477539063e-8");
        assert_eq!(text(1.0 / 17_592_186_044_416.0), "5.684341886080802e-14");
    }

    #[test]
    fn each_form_of_ecmascript_begins_and_ends_where_it_should() {
        for (value, expected) in [
            (-1.0, "-1"),
            (10.0, "10"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (-9_007_199_254_740_994.0, "-9007199254740994"),
            (1e20, "100000000000000000000"),
            (1.5e20, "150000000000000000000"),
            (1e21, "1e+21"),
            (1.5e21, "1.5e+21"),
            (-1.25e100, "-1.25e+100"),
            (0.1, "0.1"),
            (-0.5, "-0.5"),
            (1.5, "1.5"),
            (123.456, "123.456"),
            (123_456_789_012_345.6, "123456789012345.6"),
            (0.001, "0.001"),
            (0.000_001_5, "0.0000015"),
            (0.000_000_15, "1.5e-7"),
            (1e-7, "1e-7"),
            (-1e-10, "-1e-10"),
            (2.2250738585072014e-308, "2.2250738585072014e-308"),
        ] {
            assert_eq!(text(value), expected);
        }
    }
}
