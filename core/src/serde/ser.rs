//! From types to JSON.

use super::Refusal;
use crate::json::{self, MAX_DEPTH, Number, Value};
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// Makes a value; knows how many arrays and objects are open around it.
#[derive(Clone, Copy)]
pub(super) struct Writer {
    depth: usize,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self { depth: 0 }
    }

    fn opened(self) -> Result<Self, Refusal> {
        if self.depth == MAX_DEPTH {
            return Err(Refusal::new("more than 64 arrays and objects are open"));
        }
        Ok(Self { depth: self.depth + 1 })
    }

    fn array(self, variant: Option<&'static str>, length: usize) -> Result<Array, Refusal> {
        let outside = if variant.is_some() { self.opened()? } else { self };
        Ok(Array { inside: outside.opened()?, items: Vec::with_capacity(length.min(CAPACITY_MAX)), variant })
    }

    fn object(self, variant: Option<&'static str>) -> Result<Object, Refusal> {
        let outside = if variant.is_some() { self.opened()? } else { self };
        Ok(Object { inside: outside.opened()?, members: Vec::new(), name: None, variant })
    }
}

/// An integer, held to the rule that a double must not change it (wire contract §2).
pub(super) fn integer(whole: impl Display) -> Result<Value, Refusal> {
    json::read(whole.to_string().as_bytes())
        .map_err(|_| Refusal::new("an integer that a double would change"))
}

pub(super) fn check_names(members: &[(String, Value)]) -> Result<(), Refusal> {
    let mut names = BTreeSet::new();
    if members.iter().all(|(name, _)| names.insert(name)) {
        Ok(())
    } else {
        Err(Refusal::new("a member stands twice"))
    }
}

fn float(number: f64) -> Result<Value, Refusal> {
    Number::new(number).map(Value::Number).ok_or_else(|| Refusal::new("NaN and the infinities are not JSON"))
}

fn tagged(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(name) => Value::Object([(name.to_string(), value)].into()),
        None => value,
    }
}

macro_rules! integers {
    ($($method:ident $type:ty)*) => {$(
        fn $method(self, whole: $type) -> Result<Value, Refusal> {
            integer(whole)
        }
    )*};
}

impl Serializer for Writer {
    type Ok = Value;
    type Error = Refusal;
    type SerializeSeq = Array;
    type SerializeTuple = Array;
    type SerializeTupleStruct = Array;
    type SerializeTupleVariant = Array;
    type SerializeMap = Object;
    type SerializeStruct = Object;
    type SerializeStructVariant = Object;

    integers! {
        serialize_i8 i8 serialize_i16 i16 serialize_i32 i32 serialize_i64 i64 serialize_i128 i128
        serialize_u8 u8 serialize_u16 u16 serialize_u32 u32 serialize_u64 u64 serialize_u128 u128
    }

    fn serialize_bool(self, flag: bool) -> Result<Value, Refusal> {
        Ok(Value::Bool(flag))
    }

    fn serialize_f32(self, number: f32) -> Result<Value, Refusal> {
        float(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<Value, Refusal> {
        float(number)
    }

    fn serialize_char(self, character: char) -> Result<Value, Refusal> {
        Ok(Value::String(character.into()))
    }

    fn serialize_str(self, text: &str) -> Result<Value, Refusal> {
        Ok(Value::String(text.to_string()))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Value, Refusal> {
        bytes.serialize(self)
    }

    fn serialize_none(self) -> Result<Value, Refusal> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Refusal> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Refusal> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Value, Refusal> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Value, Refusal> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Value, Refusal> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, Refusal> {
        Ok(tagged(Some(variant), value.serialize(self.opened()?)?))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Array, Refusal> {
        self.array(None, length.unwrap_or_default())
    }

    fn serialize_tuple(self, length: usize) -> Result<Array, Refusal> {
        self.array(None, length)
    }

    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Result<Array, Refusal> {
        self.array(None, length)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Array, Refusal> {
        self.array(Some(variant), length)
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Object, Refusal> {
        self.object(None)
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Object, Refusal> {
        self.object(None)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Object, Refusal> {
        self.object(Some(variant))
    }
}

pub(super) struct Array {
    inside: Writer,
    items: Vec<Value>,
    variant: Option<&'static str>,
}

impl Array {
    fn push<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Refusal> {
        self.items.push(item.serialize(self.inside)?);
        Ok(())
    }

    fn close(self) -> Result<Value, Refusal> {
        Ok(tagged(self.variant, Value::Array(self.items)))
    }
}

macro_rules! arrays {
    ($($trait:ident $method:ident)*) => {$(
        impl $trait for Array {
            type Ok = Value;
            type Error = Refusal;

            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Refusal> {
                self.push(item)
            }

            fn end(self) -> Result<Value, Refusal> {
                self.close()
            }
        }
    )*};
}

arrays! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}

pub(super) struct Object {
    inside: Writer,
    members: Vec<(String, Value)>,
    name: Option<String>,
    variant: Option<&'static str>,
}

impl Object {
    fn push<T: Serialize + ?Sized>(&mut self, name: String, value: &T) -> Result<(), Refusal> {
        self.members.push((name, value.serialize(self.inside)?));
        Ok(())
    }

    fn close(self) -> Result<Value, Refusal> {
        check_names(&self.members)?;
        Ok(tagged(self.variant, Value::Object(self.members)))
    }
}

impl SerializeMap for Object {
    type Ok = Value;
    type Error = Refusal;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), Refusal> {
        self.name = match name.serialize(Writer::new())? {
            Value::String(name) => Some(name),
            Value::Number(number) if number.get() as i64 as f64 == number.get() => {
                Some(json::write(&Value::Number(number)))
            }
            _ => return Err(Refusal::new("a member name must be a string or an integer")),
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refusal> {
        match self.name.take() {
            Some(name) => self.push(name, value),
            None => Err(Refusal::new("a value was written before its name")),
        }
    }

    fn end(self) -> Result<Value, Refusal> {
        self.close()
    }
}

macro_rules! objects {
    ($($trait:ident)*) => {$(
        impl $trait for Object {
            type Ok = Value;
            type Error = Refusal;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Refusal> {
                self.push(name.to_string(), value)
            }

            fn end(self) -> Result<Value, Refusal> {
                self.close()
            }
        }
    )*};
}

objects! { SerializeStruct SerializeStructVariant }

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serialize_number(number.get(), serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

/// A whole number within ±(2^53 − 1) goes out as an integer, so that no other format writes `1.0` for it.
fn serialize_number<S: Serializer>(number: f64, serializer: S) -> Result<S::Ok, S::Error> {
    let whole = number as i64;
    if whole as f64 == number && whole.unsigned_abs() < 1 << 53 {
        return serializer.serialize_i64(whole);
    }
    serializer.serialize_f64(number)
}

const CAPACITY_MAX: usize = 1024;
