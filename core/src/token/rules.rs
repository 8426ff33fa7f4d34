//! Claim rules as data: what one claim must hold.

use crate::error::{Error, ErrorCode, Result};
use crate::json::{Item, Value};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What one claim must hold. The claim must be there: absent is `claim_missing`.
#[derive(Clone, Debug)]
pub struct ClaimRule(Kind);

/// The JSON type that a claim must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimType {
    /// A string that is not empty.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An array that is not empty.
    Array,
    /// An object that is not empty.
    Object,
}

impl ClaimRule {
    /// The claim equals this string, number, boolean or null. JSON form: the value itself.
    ///
    /// # Errors
    /// `malformed_argument` if the value is an array or an object.
    pub fn equals(value: Value) -> Result<Self> {
        Ok(Self(Kind::Equals(scalar(value)?)))
    }

    /// The claim equals one of these strings, numbers, booleans or nulls. JSON form: `{"any_of":[…]}`.
    ///
    /// # Errors
    /// `malformed_argument` if the list is empty or holds an array or an object.
    pub fn any_of(values: impl IntoIterator<Item = Value>) -> Result<Self> {
        let values = values.into_iter().map(scalar).collect::<Result<Vec<_>>>()?;
        if values.is_empty() {
            return Err(Error::new(ErrorCode::MalformedArgument, "any_of must hold at least one value"));
        }
        Ok(Self(Kind::AnyOf(values)))
    }

    /// The claim has this type; a string, an array or an object is not empty. JSON form: `{"type":"string"}`.
    pub fn of_type(claim_type: ClaimType) -> Self {
        Self(Kind::Type(claim_type))
    }

    /// Reads a rule in its JSON form.
    ///
    /// # Errors
    /// `malformed_argument`, with the form that is wrong and those that are allowed.
    pub(super) fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Object(members) => match members.as_slice() {
                [(name, value)] if name == "type" => Ok(Self::of_type(ClaimType::from_value(value)?)),
                [(name, Value::Array(values))] if name == "any_of" => Self::any_of(values.iter().cloned()),
                _ => Err(Error::new(ErrorCode::MalformedArgument, FORMS)),
            },
            Value::Array(_) => Err(Error::new(ErrorCode::MalformedArgument, FORMS)),
            value => Self::equals(value.clone()),
        }
    }

    /// What the rule demands, its values not told: they may be secrets of the policy.
    pub(crate) fn described(&self) -> String {
        let name = |value: &Value| match value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            _ => "a string",
        };
        match &self.0 {
            Kind::Equals(value) => format!("equals {} of the policy", name(value)),
            Kind::AnyOf(values) => format!("is one of {} values of the policy", values.len()),
            Kind::Type(ClaimType::Number) => String::from("is a number"),
            Kind::Type(ClaimType::Boolean) => String::from("is a boolean"),
            Kind::Type(ClaimType::String) => String::from("is a string that is not empty"),
            Kind::Type(ClaimType::Array) => String::from("is an array that is not empty"),
            Kind::Type(ClaimType::Object) => String::from("is an object that is not empty"),
        }
    }

    /// Holds a claim against the rule.
    ///
    /// # Errors
    /// `claim_missing`, `claim_invalid` (a wrong type, or empty), `claim_mismatch`.
    pub(crate) fn check(&self, name: &str, claim: Option<Item<'_>>) -> Result<()> {
        let claim = check_present(name, claim)?;
        match &self.0 {
            Kind::Equals(wanted) => check_one_of(name, &claim, core::slice::from_ref(wanted)),
            Kind::AnyOf(wanted) => check_one_of(name, &claim, wanted),
            Kind::Type(wanted) => {
                check_type(name, &claim, *wanted)?;
                check_not_empty(name, &claim)
            }
        }
    }
}

impl ClaimType {
    fn from_value(value: &Value) -> Result<Self> {
        let Value::String(name) = value else {
            return Err(Error::new(ErrorCode::MalformedArgument, TYPES));
        };
        match name.as_str() {
            "string" => Ok(Self::String),
            "number" => Ok(Self::Number),
            "boolean" => Ok(Self::Boolean),
            "array" => Ok(Self::Array),
            "object" => Ok(Self::Object),
            _ => Err(Error::new(ErrorCode::MalformedArgument, TYPES)),
        }
    }
}

#[derive(Clone, Debug)]
enum Kind {
    Equals(Value),
    AnyOf(Vec<Value>),
    Type(ClaimType),
}

fn scalar(value: Value) -> Result<Value> {
    match value {
        Value::Array(_) | Value::Object(_) => Err(Error::new(ErrorCode::MalformedArgument, FORMS)),
        scalar => Ok(scalar),
    }
}

#[inline]
pub(super) fn check_present<T>(name: &str, claim: Option<T>) -> Result<T> {
    claim.ok_or_else(|| missing(name))
}

fn check_one_of(name: &str, claim: &Item<'_>, wanted: &[Value]) -> Result<()> {
    if !wanted.iter().any(|value| same_kind(value, claim)) {
        return Err(invalid(name, "is of another type"));
    }
    if !wanted.iter().any(|value| same_scalar(value, claim)) {
        return Err(mismatch(name));
    }
    Ok(())
}

fn check_type(name: &str, claim: &Item<'_>, wanted: ClaimType) -> Result<()> {
    let fits = matches!(
        (wanted, claim),
        (ClaimType::String, Item::String(_))
            | (ClaimType::Number, Item::Number(_))
            | (ClaimType::Boolean, Item::Bool(_))
            | (ClaimType::Array, Item::Array(_))
            | (ClaimType::Object, Item::Object(_))
    );
    if fits { Ok(()) } else { Err(invalid(name, "is of another type")) }
}

fn check_not_empty(name: &str, claim: &Item<'_>) -> Result<()> {
    let empty = match claim {
        Item::String(text) => text.is_empty(),
        Item::Array(items) => items.len() == 0,
        Item::Object(members) => members.len() == 0,
        Item::Null | Item::Bool(_) | Item::Number(_) => false,
    };
    if empty { Err(invalid(name, "is empty")) } else { Ok(()) }
}

/// A rule's values are scalars.
fn same_kind(wanted: &Value, claim: &Item<'_>) -> bool {
    matches!(
        (wanted, claim),
        (Value::Null, Item::Null)
            | (Value::Bool(_), Item::Bool(_))
            | (Value::Number(_), Item::Number(_))
            | (Value::String(_), Item::String(_))
    )
}

fn same_scalar(wanted: &Value, claim: &Item<'_>) -> bool {
    match (wanted, claim) {
        (Value::Null, Item::Null) => true,
        (Value::Bool(wanted), Item::Bool(claim)) => wanted == claim,
        (Value::Number(wanted), Item::Number(claim)) => wanted.get() == claim.get(),
        (Value::String(wanted), Item::String(claim)) => wanted == claim,
        _ => false,
    }
}

#[cold]
fn missing(name: &str) -> Error {
    Error::new(ErrorCode::ClaimMissing, format!("claim {name} is absent"))
}

/// The claim is there and is not what it must be.
#[cold]
pub(super) fn invalid(name: &str, why: &str) -> Error {
    Error::new(ErrorCode::ClaimInvalid, format!("claim {name} {why}"))
}

/// The claim has the right type and another value. The value itself is not told: it may be a secret of the policy.
#[cold]
pub(super) fn mismatch(name: &str) -> Error {
    Error::new(ErrorCode::ClaimMismatch, format!("claim {name} has another value"))
}

const FORMS: &str = "a claim rule is a string, number, boolean or null, {\"type\":…}, or {\"any_of\":[…]} with at least one string, number, boolean or null";
const TYPES: &str = "a rule's type must be one of string, number, boolean, array, object";
