//! Header fields from Python: names and values, each text or bytes, in order.

use crate::error::Result;
use crate::text::{TEXT_OR_BYTES, outside_text, type_name, utf8_of};
use counterseal_shared as shared;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use std::borrow::Cow;
use std::result;

/// What was given, or, where it is no such thing, what it is instead, in words.
pub(super) type Told<T> = result::Result<T, String>;

/// The header fields of one request, as Python holds them.
#[derive(Default)]
pub(super) struct Headers<'py>(Vec<[Bound<'py, PyAny>; 2]>);

/// One field, as the core may borrow it.
pub(super) type Line<'a> = (Cow<'a, str>, Cow<'a, [u8]>);

impl<'py> Headers<'py> {
    /// Those of pairs.
    pub(super) fn of_items(items: Vec<Bound<'py, PyAny>>) -> Told<Self> {
        items.into_iter().map(pair).collect::<Told<_>>().map(Self)
    }

    /// Those of a list or tuple of pairs, or of a dict.
    pub(super) fn of_pairs_or_dict(given: &Bound<'py, PyAny>) -> Told<Self> {
        if let Ok(dict) = given.cast_exact::<PyDict>() {
            return Ok(Self(dict.iter().map(|(name, value)| [name, value]).collect()));
        }
        if let Ok(list) = given.cast_exact::<PyList>() {
            return Self::of_items(list.iter().collect());
        }
        match given.cast_exact::<PyTuple>() {
            Ok(tuple) => Self::of_items(tuple.iter().collect()),
            Err(_) => Err(format!("headers must be {PAIRS_RULE}, not {}", type_name(given))),
        }
    }

    /// Each field's name and value.
    pub(super) fn lines(&self) -> Result<Told<Vec<Line<'_>>>> {
        let mut lines = Vec::with_capacity(self.0.len());
        for [name, value] in &self.0 {
            let Some(name_read) = utf8_of(name.as_borrowed())? else {
                return Ok(Err(format!(
                    "a name in headers must be {TEXT_OR_BYTES}, not {}",
                    type_name(name)
                )));
            };
            let Some(value_read) = outside_text(value.as_borrowed())? else {
                return Ok(Err(format!("a value in headers must be str or bytes, not {}", type_name(value))));
            };
            lines.push((name_read, value_read));
        }
        Ok(Ok(lines))
    }
}

/// The fields as the core takes them.
pub(super) fn fields<'a>(lines: &'a [Line<'_>]) -> Vec<shared::Field<'a>> {
    lines.iter().map(|(name, value)| (&**name, &**value)).collect()
}

fn pair(item: Bound<'_, PyAny>) -> Told<[Bound<'_, PyAny>; 2]> {
    let two = match item.cast_exact::<PyTuple>() {
        Ok(tuple) => tuple.iter().collect::<Vec<_>>().try_into().ok(),
        Err(_) => {
            item.cast_exact::<PyList>().ok().and_then(|list| list.iter().collect::<Vec<_>>().try_into().ok())
        }
    };
    two.ok_or_else(|| {
        format!("each of headers must be a tuple or list of a name and a value, not {}", type_name(&item))
    })
}

pub(super) const PAIRS_RULE: &str = "a list or tuple of (name, value) pairs";
