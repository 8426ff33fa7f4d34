//! The shortest decimal that reads back to a double, by Schubfach (Raffaello Giulietti, The
//! Schubfach way to render doubles, 2020), and of those the nearest, of two equally near the even
//! one: the digits that ECMAScript asks for.
//!
//! The formatter of `core` is five times slower and takes the upper one of two equally near.

use super::powers::power_of_ten;

/// `digits` × 10^`exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    /// Not 0, and no multiple of 10.
    pub(super) digits: u64,
    pub(super) exponent: i32,
}

impl Decimal {
    /// The shortest decimal for a finite double above 0.
    pub(super) fn shortest(value: f64) -> Decimal {
        let (digits, exponent) = few_digits(value).unwrap_or_else(|| shortest(value));
        Decimal { digits, exponent }.reduced()
    }

    /// Without the zeros that the digits end with, 15 at most.
    fn reduced(self) -> Decimal {
        let Decimal { mut digits, mut exponent } = self;
        for (power, zeros) in [(100_000_000, 8), (10_000, 4), (100, 2), (10, 1)] {
            if digits % power == 0 {
                digits /= power;
                exponent += zeros;
            }
        }
        Decimal { digits, exponent }
    }
}

/// The decimal of up to six places and fifteen digits that reads back to the double, if there is one.
///
/// The quotient of two exact doubles is the double nearest to that of the numbers, so the decimal
/// reads back. A double tells decimals of up to 15 digits apart, so no other of as many or fewer
/// does: without the zeros at its end it is the shortest.
fn few_digits(value: f64) -> Option<(u64, i32)> {
    let digits = (value * MILLION + 0.5) as u64;
    ((1..=MOST_DIGITS).contains(&digits) && digits as f64 / MILLION == value).then_some((digits, -6))
}

/// All is scaled by 4 × 10^−k, so that the interval of what reads back to the double is wide enough
/// for an integer and too narrow for two multiples of ten.
fn shortest(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let (fraction, biased) = (bits & (HIDDEN - 1), (bits >> 52) as i32);
    let (significand, exponent) =
        if biased == 0 { (fraction, 1 - BIAS) } else { (fraction | HIDDEN, biased - BIAS) };
    // At a power of two the double below is only half as far as the one above.
    let is_uneven = fraction == 0 && biased > 1;
    let k = floor_log10_of_power_of_two(exponent, is_uneven);
    let power = power_of_ten(-k);
    let shift = exponent + floor_log2_of_power_of_ten(-k) + 1;
    let scaled = |quarters: u64| times(power, quarters << shift);
    let odd = significand & 1;
    let low = scaled(4 * significand - 2 + u64::from(is_uneven)) + odd;
    let middle = scaled(4 * significand);
    let high = scaled(4 * significand + 2) - odd;
    let digits = middle / 4;
    pick(low, high, digits / 10 * 10, 10)
        .map(|tens| (tens / 10, k + 1))
        .unwrap_or_else(|| (pick(low, high, digits, 1).unwrap_or_else(|| nearest(middle)), k))
}

/// Of two neighbours `step` apart the one between the bounds, if it is one alone.
fn pick(low: u64, high: u64, below: u64, step: u64) -> Option<u64> {
    let above = below + step;
    let (is_below, is_above) = (low <= 4 * below, 4 * above <= high);
    (is_below != is_above).then_some(if is_above { above } else { below })
}

/// Ties to even.
fn nearest(quarters: u64) -> u64 {
    let below = quarters / 4;
    let above_half = quarters % 4 + (below & 1) > 2;
    below + u64::from(above_half)
}

/// The upper 64 bits of the product, the lowest set if the next 64 hold anything. What the power was
/// rounded up by, less than 1, adds less than the factor: it stays in the bits below those.
fn times((high, low): (u64, u64), factor: u64) -> u64 {
    let low = u128::from(low) * u128::from(factor);
    let product = u128::from(high) * u128::from(factor) + (low >> 64);
    (product >> 64) as u64 | u64::from(product as u64 != 0)
}

/// Of 2^exponent, or of three quarters of it.
fn floor_log10_of_power_of_two(exponent: i32, is_uneven: bool) -> i32 {
    let three_quarters = if is_uneven { 524_031 } else { 0 };
    (exponent * 1_262_611 - three_quarters) >> 22
}

fn floor_log2_of_power_of_ten(exponent: i32) -> i32 {
    (exponent * 1_741_647) >> 19
}

const MILLION: f64 = 1e6;

/// Fifteen nines.
const MOST_DIGITS: u64 = 999_999_999_999_999;

const HIDDEN: u64 = 1 << 52;
const BIAS: i32 = 1075;

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use super::*;

    /// The digits by the formatter of `core`. Of two candidates equally near it takes the upper one,
    /// but with a number of digits given the even one, which may read back to another double and is
    /// then no candidate.
    fn formatted(value: f64) -> Decimal {
        let shortest = format!("{value:e}");
        let places = shortest.split('e').next().unwrap().len().saturating_sub(2);
        let even = format!("{value:.places$e}");
        let text = if even.parse() == Ok(value) { even } else { shortest };
        let (mantissa, exponent) = text.split_once('e').unwrap();
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let exponent = exponent.parse::<i32>().unwrap() + 1 - digits.len() as i32;
        Decimal { digits: digits.parse().unwrap(), exponent }.reduced()
    }

    #[track_caller]
    fn check(bits: u64) {
        let value = f64::from_bits(bits);
        if value.is_finite() && value > 0.0 {
            assert_eq!(Decimal::shortest(value), formatted(value), "{bits:016x}");
        }
    }

    #[test]
    fn doubles_of_every_exponent() {
        for biased in 0..2047 {
            for fraction in [0, 1, 2, 3, HIDDEN / 2, HIDDEN / 3, HIDDEN - 2, HIDDEN - 1] {
                check(biased << 52 | fraction);
            }
        }
        for least in 1..2000 {
            check(least);
        }
    }

    #[test]
    fn doubles_drawn_at_random() {
        let count = if cfg!(debug_assertions) { 100_000 } else { 5_000_000 };
        let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..count {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            check(bits & !(1 << 63));
            // From 2^-23 to 2^40, where most numbers are.
            check((1000 + bits % 64) << 52 | bits >> 12);
            // From 2^53 to 2^92, where the bounds of what reads back are whole numbers too.
            check((1076 + bits % 40) << 52 | bits >> 12);
            // Few bits behind the point: many a tie.
            check(((bits >> 11) as f64 / (1_u64 << (bits % 60)) as f64).to_bits());
            // Few digits.
            check(((bits >> 40) as f64 / 10_f64.powi((bits % 12) as i32)).to_bits());
        }
    }

    #[test]
    fn few_digits_are_found_at_once() {
        for (value, digits) in [
            (0.57, 570_000),
            (0.000_001, 1),
            (48_213.5, 48_213_500_000),
            (1.5, 1_500_000),
            (999_999_999.999_999, 999_999_999_999_999),
        ] {
            assert_eq!(few_digits(value), Some((digits, -6)), "{value}");
        }
        for value in [0.000_000_1, 1.000_000_1, 1_000_000_000.5, 1e300, 0.1 + 0.2] {
            assert_eq!(few_digits(value), None, "{value}");
        }
    }

    #[test]
    fn zeros_are_taken_off_whole() {
        for zeros in 0..=15_u32 {
            for digits in [1, 11, 101, 999] {
                let all = Decimal { digits: digits * 10_u64.pow(zeros), exponent: -7 };
                assert_eq!(all.reduced(), Decimal { digits, exponent: zeros as i32 - 7 });
            }
        }
    }
}
