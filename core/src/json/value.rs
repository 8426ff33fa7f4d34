use alloc::string::String;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

/// A JSON value as [`read`](super::read) hands it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A finite double.
    Number(Number),
    /// Unicode scalar values, escapes decoded.
    String(String),
    /// The items in order.
    Array(Vec<Value>),
    /// The members in text order. No name stands twice in what the reader returns; who builds an
    /// object by hand keeps to that.
    Object(Vec<(String, Value)>),
}

/// A JSON number: a finite double that is never −0 (I-JSON, RFC 7493 section 2.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(f64);

// Never NaN, so equality is reflexive.
impl Eq for Number {}

impl Number {
    /// The number for a double; −0 becomes 0. None for NaN and the infinities, which JSON cannot
    /// carry.
    #[must_use]
    pub fn new(value: f64) -> Option<Number> {
        value.is_finite().then_some(Number(value + 0.0))
    }

    /// The double.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }

    /// The number as an integer of the range, judged by value: 60.0 is 60. None if it has a
    /// fraction or lies outside.
    #[must_use]
    pub fn as_whole(self, range: RangeInclusive<u64>) -> Option<u64> {
        // A cast saturates, and 2^64 alone would pass as its neighbour u64::MAX, which no double holds.
        let whole = self.0 as u64;
        (whole as f64 == self.0 && whole != u64::MAX && range.contains(&whole)).then_some(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(value: f64) -> Option<u64> {
        Number::new(value).unwrap().as_whole(0..=u64::MAX)
    }

    #[test]
    fn json_has_no_infinity_no_nan_and_no_minus_zero() {
        assert_eq!(Number::new(f64::INFINITY), None);
        assert_eq!(Number::new(f64::NEG_INFINITY), None);
        assert_eq!(Number::new(f64::NAN), None);
        assert_eq!(Number::new(-0.0).unwrap().get().to_bits(), 0);
        assert_eq!(Number::new(-1.5).unwrap().get(), -1.5);
    }

    #[test]
    fn whole_is_judged_by_value() {
        assert_eq!(whole(0.0), Some(0));
        assert_eq!(whole(60.0), Some(60));
        assert_eq!(whole(1e19), Some(10_000_000_000_000_000_000));
        assert_eq!(whole(60.5), None);
        assert_eq!(whole(-1.0), None);
        assert_eq!(whole(18_446_744_073_709_551_616.0), None);
        assert_eq!(whole(1e300), None);
    }

    #[test]
    fn whole_lies_in_the_range() {
        let five = Number::new(5.0).unwrap();
        assert_eq!(five.as_whole(1..=5), Some(5));
        assert_eq!(five.as_whole(5..=9), Some(5));
        assert_eq!(five.as_whole(1..=4), None);
        assert_eq!(five.as_whole(6..=9), None);
    }
}
