//! Python values to RFC 8785 text, written as they are walked, so that the core need only look over it.
//!
//! It judges nothing, and answers only where all is plain: what is no JSON value, an integer that may not fit a double, a depth or a length that
//! the core refuses, all that is left to [`crate::value`], which knows what to say of it. Nothing here runs Python code or makes an object
//! that the collector tracks, so what is walked stays as it is.

use crate::interpreter::{small_int_in, text_in};
use counterseal_shared::json;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

/// The RFC 8785 form of a payload of no more than `limit` bytes.
pub(crate) fn payload(value: &Bound<'_, PyAny>, limit: usize) -> Option<String> {
    let mut writer = Writer::new(limit);
    writer.value(value, 0)?;
    Some(writer.text)
}

/// A parsed packet, its members in their order and its payload in RFC 8785 form, of no more than `limit` bytes.
pub(crate) fn packet(packet: &Bound<'_, PyDict>, limit: usize) -> Option<String> {
    let mut writer = Writer::new(limit);
    writer.packet(packet)?;
    Some(writer.text)
}

struct Writer {
    text: String,
    limit: usize,
}

impl Writer {
    fn new(limit: usize) -> Self {
        Self { text: String::with_capacity(INITIAL_CAPACITY), limit }
    }

    fn packet(&mut self, packet: &Bound<'_, PyDict>) -> Option<()> {
        let mut before = '{';
        for (name, value) in packet {
            let name = text_in(name.cast_exact().ok()?.as_borrowed())?;
            self.name(before, name);
            match value.cast_exact::<PyString>() {
                _ if name == "payload" => self.value(&value, 0)?,
                Ok(text) => json::write_text(&mut self.text, text_in(text.as_borrowed())?),
                Err(_) => self.int(value.cast_exact().ok()?.as_borrowed())?,
            }
            before = ',';
        }
        (before == ',').then(|| self.text.push('}'))
    }

    fn value(&mut self, value: &Bound<'_, PyAny>, depth: usize) -> Option<()> {
        if value.is_exact_instance_of::<PyString>() {
            json::write_text(&mut self.text, text_in(value.cast_exact().ok()?.as_borrowed())?);
        } else if value.is_exact_instance_of::<PyInt>() {
            self.int(value.cast_exact().ok()?.as_borrowed())?;
        } else if value.is_exact_instance_of::<PyDict>() {
            self.dict(value.cast_exact().ok()?, depth)?;
        } else if value.is_exact_instance_of::<PyList>() {
            self.items(value.cast_exact::<PyList>().ok()?, depth)?;
        } else if value.is_exact_instance_of::<PyFloat>() {
            self.float(value.cast_exact::<PyFloat>().ok()?.value())?;
        } else if value.is_exact_instance_of::<PyBool>() {
            self.text.push_str(if value.is_truthy().ok()? { "true" } else { "false" });
        } else if value.is_none() {
            self.text.push_str("null");
        } else {
            self.items(value.cast_exact::<PyTuple>().ok()?, depth)?;
        }
        (self.text.len() <= self.limit).then_some(())
    }

    fn dict(&mut self, dict: &Bound<'_, PyDict>, depth: usize) -> Option<()> {
        if depth == json::MAX_DEPTH {
            return None;
        }
        let members: Vec<_> = dict.iter().collect();
        let mut named = Vec::with_capacity(members.len());
        for (name, value) in &members {
            named.push((text_in(name.cast_exact().ok()?.as_borrowed())?, value));
        }
        named.sort_unstable_by(|(name, _), (other, _)| json::name_order(name, other));
        let mut before = '{';
        for (name, value) in named {
            self.name(before, name);
            self.value(value, depth + 1)?;
            before = ',';
        }
        self.text.push_str(if before == '{' { "{}" } else { "}" });
        Some(())
    }

    fn items<'py>(&mut self, items: impl IntoIterator<Item = Bound<'py, PyAny>>, depth: usize) -> Option<()> {
        if depth == json::MAX_DEPTH {
            return None;
        }
        let mut before = '[';
        for item in items {
            self.text.push(before);
            self.value(&item, depth + 1)?;
            before = ',';
        }
        self.text.push_str(if before == '[' { "[]" } else { "]" });
        Some(())
    }

    fn name(&mut self, before: char, name: &str) {
        self.text.push(before);
        json::write_text(&mut self.text, name);
        self.text.push(':');
    }

    fn int(&mut self, number: Borrowed<'_, '_, PyInt>) -> Option<()> {
        let number = small_int_in(number).filter(|number| number.unsigned_abs() <= MAX_SAFE)?;
        json::write_number(&mut self.text, number as f64);
        Some(())
    }

    fn float(&mut self, number: f64) -> Option<()> {
        number.is_finite().then(|| json::write_number(&mut self.text, number))
    }
}

/// 2^53 − 1.
const MAX_SAFE: u64 = 9_007_199_254_740_991;
const INITIAL_CAPACITY: usize = 256;
