//! Numbers, from a double to text, by ECMAScript's Number::toString (RFC 8785 section 3.2.2.3).

use alloc::string::String;

#[cfg(all(feature = "compact", target_arch = "wasm32"))]
use super::compact::Decimal;
use super::number::MAX_SAFE;
#[cfg(not(all(feature = "compact", target_arch = "wasm32")))]
use super::shortest::Decimal;

/// Appends a finite double as ECMAScript writes it.
pub(super) fn write(out: &mut String, value: f64) {
    let form = Form::of(value);
    let bytes = form.bytes();
    if bytes.len() <= FEW {
        // Of few bytes the check of `str::from_utf8` would take as long as the number.
        out.extend(bytes.iter().map(|byte| char::from(byte & 0x7f)));
    } else {
        out.push_str(str::from_utf8(bytes).unwrap_or_default());
    }
}

/// A number's text, without an allocation; written from its end.
pub(super) struct Form {
    bytes: [u8; LONGEST],
    start: usize,
}

impl Form {
    /// Of a finite double.
    pub(super) fn of(value: f64) -> Self {
        let mut form = Form { bytes: [b'0'; LONGEST], start: LONGEST };
        let whole = value as i64;
        if whole as f64 == value && whole.unsigned_abs() <= MAX_SAFE {
            form.digits(whole.unsigned_abs());
        } else {
            form.decimal(Decimal::shortest(value.abs()));
        }
        if value < 0.0 {
            form.byte(b'-');
        }
        form
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// ECMAScript's Number::toString, steps 5 to 10: the point stands behind so many of the digits.
    fn decimal(&mut self, Decimal { digits, exponent }: Decimal) {
        let count = digits.checked_ilog10().unwrap_or_default() as i32 + 1;
        let point = count + exponent;
        match point {
            _ if count <= point && point <= 21 => {
                self.zeros(exponent);
                self.digits(digits);
            }
            1..=21 => {
                let whole = self.last_digits(digits, -exponent);
                self.byte(b'.');
                self.digits(whole);
            }
            -5..=0 => {
                self.digits(digits);
                self.zeros(-point);
                self.byte(b'.');
                self.byte(b'0');
            }
            _ => {
                self.digits(u64::from((point - 1).unsigned_abs()));
                self.byte(if point < 1 { b'-' } else { b'+' });
                self.byte(b'e');
                let first = self.last_digits(digits, count - 1);
                if count > 1 {
                    self.byte(b'.');
                }
                self.digits(first);
            }
        }
    }

    /// All digits of a number.
    fn digits(&mut self, mut number: u64) {
        while number >= 100 {
            self.pair(number % 100);
            number /= 100;
        }
        if number >= 10 {
            self.pair(number);
        } else {
            self.byte(b'0' + number as u8);
        }
    }

    /// The last `count` digits of a number; what stands before them is handed back.
    fn last_digits(&mut self, mut number: u64, count: i32) -> u64 {
        for _ in 0..count / 2 {
            self.pair(number % 100);
            number /= 100;
        }
        if count % 2 == 1 {
            self.byte(b'0' + (number % 10) as u8);
            number /= 10;
        }
        number
    }

    fn pair(&mut self, number: u64) {
        let pair = PAIRS.get(number as usize).copied().unwrap_or_default();
        self.start -= 2;
        if let Some(place) = self.bytes.get_mut(self.start..).and_then(|rest| rest.first_chunk_mut()) {
            *place = pair;
        }
    }

    fn byte(&mut self, byte: u8) {
        self.start -= 1;
        if let Some(place) = self.bytes.get_mut(self.start) {
            *place = byte;
        }
    }

    /// The bytes are zeros from the start.
    fn zeros(&mut self, count: i32) {
        self.start -= count as usize;
    }
}

/// Pushed one by one.
const FEW: usize = 8;

/// A sign, `0.00000` and 17 digits.
const LONGEST: usize = 25;

/// The numbers below 100 in two digits.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

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
