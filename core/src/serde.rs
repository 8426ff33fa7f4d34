//! Typed payloads and claims for Rust users (feature `serde`).
//!
//! What goes in is held to the contract's JSON like text that arrives: no NaN, no integer that a double would change, no name twice, no more
//! than 64 levels.

mod de;
mod ser;

use crate::error::{Error, ErrorCode, Result};
use crate::json::Value;
use alloc::string::ToString;
use core::fmt;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The JSON value of any serializable type, in serde's usual JSON shapes: enums externally tagged, bytes as an array of numbers, map keys
/// that are strings, characters, integers or unit variants.
///
/// # Errors
/// `malformed_payload` for what the contract's JSON cannot carry, or what the type's own `Serialize` refuses.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value> {
    Ok(value.serialize(ser::Writer::new())?)
}

/// A typed value from JSON.
///
/// # Errors
/// `malformed_payload` if the value does not fit the type.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T> {
    Ok(T::deserialize(de::Reader(value))?)
}

/// Why serde refused: its own words, before they get their code.
#[derive(Debug)]
struct Refusal(Error);

impl Refusal {
    fn new(why: &'static str) -> Self {
        Self(Error::new(ErrorCode::MalformedPayload, why))
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        refusal.0
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.detail())
    }
}

impl core::error::Error for Refusal {}

impl serde::ser::Error for Refusal {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Error::new(ErrorCode::MalformedPayload, message.to_string()))
    }
}

impl serde::de::Error for Refusal {
    fn custom<T: fmt::Display>(message: T) -> Self {
        <Self as serde::ser::Error>::custom(message)
    }
}

#[cfg(test)]
mod tests;
