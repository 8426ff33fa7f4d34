//! Numbers from text and to text by whole numbers of any length, after Steele and White (How to
//! print floating-point numbers accurately, 1990) and Clinger (How to read floating point numbers
//! accurately, 1990): the answers of the quick ways, without their tables, for a browser to
//! download.

use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// `digits` × 10^`exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    /// Not 0, and no multiple of 10.
    pub(super) digits: u64,
    pub(super) exponent: i32,
}

impl Decimal {
    /// The shortest decimal that reads back to a finite double above 0; of several the nearest, of
    /// two equally near the even one.
    pub(super) fn shortest(value: f64) -> Decimal {
        let (mut digits, mut exponent) = short(value).unwrap_or_else(|| generated(value));
        while digits.is_multiple_of(10) {
            digits /= 10;
            exponent += 1;
        }
        Decimal { digits, exponent }
    }
}

/// The double nearest to a decimal, ties to even; infinite on overflow, 0 on underflow.
///
/// The digits begin with one that is not 0, which stands for itself × 10^`exponent`. The exponent
/// is in the range of a double.
pub(super) fn nearest(mut digits: impl Iterator<Item = u8>, exponent: i32) -> f64 {
    let mut number = Big::from(0);
    let mut exponent = exponent + 1;
    for digit in digits.by_ref().take(KEPT_DIGITS) {
        number.scale(10, u32::from(digit - b'0'));
        exponent -= 1;
    }
    if digits.any(|digit| digit != b'0') {
        number.scale(10, 1);
        exponent -= 1;
    }
    exact(&number, exponent).unwrap_or_else(|| rounded(number, exponent))
}

/// Number and power of ten are doubles both, so that their product or quotient is rounded once.
fn exact(number: &Big, exponent: i32) -> Option<f64> {
    let whole = number.small().filter(|whole| *whole <= 1 << 53)? as f64;
    let power = power_of_ten(exponent.abs())?;
    Some(if exponent < 0 { whole / power } else { whole * power })
}

/// Up to 15 digits each decimal is a double of its own: what reads back is the shortest.
fn short(value: f64) -> Option<(u64, i32)> {
    (0..=EXACT_POWER).find_map(|places| {
        let power = power_of_ten(places)?;
        let digits = (value * power + 0.5) as u64;
        (0 < digits && digits < FIFTEEN_DIGITS && digits as f64 / power == value).then_some((digits, -places))
    })
}

fn power_of_ten(exponent: i32) -> Option<f64> {
    (exponent <= EXACT_POWER).then(|| (0..exponent).fold(1.0, |power, _| power * 10.0))
}

fn rounded(mut number: Big, exponent: i32) -> f64 {
    let mut unit = Big::from(1);
    let scaled = if exponent < 0 { &mut unit } else { &mut number };
    scaled.raise(exponent.unsigned_abs());
    // number < unit × 2^power, and half of it or more but for subnormals.
    let mut power = number.bits() - unit.bits();
    let mut shifted = unit.clone();
    let mut against = number.clone();
    if power < 0 {
        against.shift(power.unsigned_abs())
    } else {
        shifted.shift(power.unsigned_abs())
    };
    if against.compare(&shifted) != Ordering::Less {
        power += 1;
    }
    power = power.max(LEAST_POWER);
    if power > MOST_POWER {
        return f64::INFINITY;
    }
    let scaled = if power < 0 { &mut number } else { &mut unit };
    scaled.shift(power.unsigned_abs());
    number.shift(HIGH_BITS);
    let high = number.take_quotient(&unit);
    number.shift(LOW_BITS);
    let significand = high << LOW_BITS | number.take_quotient(&unit);
    number.shift(1);
    let is_up = match number.compare(&unit) {
        Ordering::Less => false,
        Ordering::Equal => significand & 1 == 1,
        Ordering::Greater => true,
    };
    // A significand that carries over counts its exponent up by itself.
    let biased = (power - LEAST_POWER) as u64;
    f64::from_bits((biased << 52) + significand + u64::from(is_up))
}

/// Digit by digit, until what is left is less than what the nearest doubles are away by half.
fn generated(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let (fraction, biased) = (bits & ((1 << 52) - 1), (bits >> 52) as i32);
    let significand = if biased == 0 { fraction } else { fraction | 1 << 52 };
    let exponent = biased.max(1) - 1075;
    // At a power of two the double below is only half as far as the one above.
    let is_uneven = fraction == 0 && biased > 1;
    let [mut rest, mut unit, mut above, mut below] =
        [4 * significand, 4, 2, if is_uneven { 1 } else { 2 }].map(Big::from);
    let mut point = ((exponent + 64 - significand.leading_zeros() as i32 - 1) * 1233) >> 12;
    for number in [&mut rest, &mut above, &mut below] {
        number.shift(exponent.max(0) as u32);
        number.raise((-point).max(0) as u32);
    }
    unit.shift((-exponent).max(0) as u32);
    unit.raise(point.max(0) as u32);
    // A bound counts where the double itself is even: what lies on it reads back to it.
    let is_even = significand & 1 == 0;
    let reaches = |rest: &Big, above: &Big, unit: &Big| {
        rest.plus(above).compare(unit) >= if is_even { Ordering::Equal } else { Ordering::Greater }
    };
    while reaches(&rest, &above, &unit) {
        unit.scale(10, 0);
        point += 1;
    }
    let mut digits = 0;
    loop {
        for number in [&mut rest, &mut above, &mut below] {
            number.scale(10, 0);
        }
        digits = digits * 10 + rest.take_quotient(&unit);
        point -= 1;
        let is_low = rest.compare(&below) <= if is_even { Ordering::Equal } else { Ordering::Less };
        let is_high = reaches(&rest, &above, &unit);
        if is_low || is_high {
            let half = rest.plus(&rest).compare(&unit).then(if digits & 1 == 0 {
                Ordering::Less
            } else {
                Ordering::Greater
            });
            let is_up = is_high && (!is_low || half == Ordering::Greater);
            return (digits + u64::from(is_up), point);
        }
    }
}

/// A whole number of any length: limbs, the lowest first, the highest not 0.
#[derive(Clone)]
struct Big(Vec<u32>);

impl From<u64> for Big {
    fn from(number: u64) -> Self {
        let mut big = Big(vec![number as u32, (number >> 32) as u32]);
        big.trim();
        big
    }
}

impl Big {
    fn small(&self) -> Option<u64> {
        let limb = |place| u64::from(self.0.get(place).copied().unwrap_or_default());
        (self.0.len() <= 2).then(|| limb(1) << 32 | limb(0))
    }

    fn bits(&self) -> i32 {
        self.0.last().map_or(0, |top| (32 * self.0.len() - top.leading_zeros() as usize) as i32)
    }

    /// × factor + more.
    fn scale(&mut self, factor: u32, more: u32) {
        let mut carry = u64::from(more);
        for limb in &mut self.0 {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// × 10^exponent.
    fn raise(&mut self, exponent: u32) {
        for _ in 0..exponent / 9 {
            self.scale(1_000_000_000, 0);
        }
        for _ in 0..exponent % 9 {
            self.scale(10, 0);
        }
    }

    /// × 2^bits.
    fn shift(&mut self, bits: u32) {
        self.scale(1 << (bits % 32), 0);
        if !self.0.is_empty() {
            self.0.splice(0..0, core::iter::repeat_n(0, bits as usize / 32));
        }
    }

    fn plus(&self, other: &Big) -> Big {
        let mut sum = Vec::new();
        let mut carry = 0;
        for place in 0..=self.0.len().max(other.0.len()) {
            let limb = |big: &Big| u64::from(big.0.get(place).copied().unwrap_or_default());
            carry += limb(self) + limb(other);
            sum.push(carry as u32);
            carry >>= 32;
        }
        let mut sum = Big(sum);
        sum.trim();
        sum
    }

    fn compare(&self, other: &Big) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    /// The quotient, below 2^27; the remainder stays.
    ///
    /// The upper 65 bits or more of both tell it, or one more than it.
    fn take_quotient(&mut self, divisor: &Big) -> u64 {
        let from = divisor.0.len().saturating_sub(3);
        let upper = |big: &Big| {
            big.0
                .get(from..)
                .unwrap_or_default()
                .iter()
                .rev()
                .fold(0.0, |sum, limb| sum * 4_294_967_296.0 + f64::from(*limb))
        };
        let mut quotient = ((upper(self) / upper(divisor)) as u64).saturating_sub(1);
        self.subtract(quotient, divisor);
        while self.compare(divisor) != Ordering::Less {
            self.subtract(1, divisor);
            quotient += 1;
        }
        quotient
    }

    /// − factor × other, which is not more.
    fn subtract(&mut self, factor: u64, other: &Big) {
        let mut carry = 0_i64;
        for (place, limb) in self.0.iter_mut().enumerate() {
            let taken = factor * u64::from(other.0.get(place).copied().unwrap_or_default());
            carry += i64::from(*limb) - taken as i64;
            *limb = carry as u32;
            carry >>= 32;
        }
        self.trim();
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

/// A point halfway between two doubles has at most 767 significant digits; what lies behind only
/// says above or below.
const KEPT_DIGITS: usize = 800;

/// The largest power of ten that is a double, as are all below.
const EXACT_POWER: i32 = 22;

const FIFTEEN_DIGITS: u64 = 1_000_000_000_000_000;

/// A significand has 53 bits, found in two parts.
const HIGH_BITS: u32 = 27;
const LOW_BITS: u32 = 26;

/// Of the doubles below 2^power: the power at which subnormals end, and the one behind which there
/// is none.
const LEAST_POWER: i32 = -1021;
const MOST_POWER: i32 = 1024;

#[cfg(test)]
mod tests;
