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
    /// The members in text order. No name stands twice in what the reader returns; who builds an object by hand keeps to that.
    Object(Vec<(String, Value)>),
}

/// A JSON number: a finite double that is never −0 (I-JSON, RFC 7493 section 2.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(f64);

// Never NaN, so equality is reflexive.
impl Eq for Number {}

impl Number {
    /// The number for a double; −0 becomes 0. None for NaN and the infinities, which JSON cannot carry.
    #[must_use]
    pub fn new(value: f64) -> Option<Number> {
        value.is_finite().then_some(Number(value + 0.0))
    }

    /// The double.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }

    /// The number as an integer of the range, judged by value: 60.0 is 60. None if it has a fraction or lies outside.
    #[must_use]
    pub fn as_whole(self, range: RangeInclusive<u64>) -> Option<u64> {
        // The cast saturates: a negative or huge number comes back unequal, except 2^64, which saturates to a neighbour that rounds to it.
        let whole = self.0 as u64;
        (whole as f64 == self.0 && whole != u64::MAX && range.contains(&whole)).then_some(whole)
    }
}
