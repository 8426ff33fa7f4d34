//! Python values to JSON text. It judges nothing: in the place of what JSON cannot carry stands a text that the core refuses.
//!
//! Exact types only. A float is written as one (`1.0`), an integer digit by digit. A walk ends at the depth and the length that the core refuses
//! anyway, so that neither a cycle nor a list within itself many times over can hold it up.

use crate::canonical;
use crate::error::Fault;
use crate::text::type_name;
use counterseal_shared::{Error, ErrorCode};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use std::fmt::Write;

/// The JSON text of a value, and why it is none, if it is none.
pub(crate) struct Walk {
    pub(crate) text: String,
    pub(crate) refusal: Option<Error>,
}

impl Walk {
    fn plain(text: String) -> Self {
        Self { text, refusal: None }
    }
}

/// The core saw where a value is wrong; the walk may know better why.
pub(crate) fn in_words(error: Error, refusal: Option<Error>) -> Error {
    refusal.filter(|refusal| refusal.code() == error.code()).unwrap_or(error)
}

/// Writes a value that is to be signed. `limit` is the longest text, in bytes, that the core would read.
pub(crate) fn walk_payload(value: &Bound<'_, PyAny>, limit: usize) -> Result<Walk, Fault> {
    if let Some(text) = canonical::payload(value, limit) {
        return Ok(Walk::plain(text));
    }
    let mut walker = Walker::new(Place::Payload, limit);
    let end = walker.value(value, 0);
    walker.end(end)
}

/// Writes a parsed packet. `limit` as above.
pub(crate) fn walk_packet(packet: &Bound<'_, PyDict>, limit: usize) -> Result<Walk, Fault> {
    if let Some(text) = canonical::packet(packet, limit) {
        return Ok(Walk::plain(text));
    }
    let mut walker = Walker::new(Place::Envelope, limit);
    let end = walker.dict(packet, 0);
    walker.end(end)
}

/// Writes the options of a call. `None` is absent.
pub(crate) fn walk_options(options: Option<&Bound<'_, PyDict>>) -> Result<String, Fault> {
    let mut walker = Walker::new(Place::Options, OPTIONS_LIMIT);
    let present = options.into_iter().flatten().filter(|(_, value)| !value.is_none());
    let end = walker.members(present, 0);
    Ok(walker.end(end)?.text)
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Payload,
    Envelope,
    Options,
}

/// Why a walk ends early.
enum Stop {
    /// The core will refuse the text as it stands.
    Enough,
    Fault(PyErr),
}

struct Walker {
    text: String,
    limit: usize,
    place: Place,
    refusal: Option<Error>,
}

impl Walker {
    fn new(place: Place, limit: usize) -> Self {
        Self { text: String::with_capacity(INITIAL_CAPACITY), limit, place, refusal: None }
    }

    fn end(self, end: Result<(), Stop>) -> Result<Walk, Fault> {
        match end {
            Ok(()) | Err(Stop::Enough) => Ok(Walk { text: self.text, refusal: self.refusal }),
            Err(Stop::Fault(error)) => Err(error.into()),
        }
    }

    fn value(&mut self, value: &Bound<'_, PyAny>, depth: usize) -> Result<(), Stop> {
        self.check_length()?;
        if let Ok(text) = value.cast_exact::<PyString>() {
            self.string(text)
        } else if let Ok(number) = value.cast_exact::<PyInt>() {
            self.int(number)
        } else if let Ok(dict) = value.cast_exact::<PyDict>() {
            self.dict(dict, depth)
        } else if let Ok(list) = value.cast_exact::<PyList>() {
            self.items(depth, |index| list.get_item(index).ok())
        } else if let Ok(number) = value.cast_exact::<PyFloat>() {
            self.float(number.value())
        } else if let Ok(flag) = value.cast_exact::<PyBool>() {
            self.word(if flag.is_true() { "true" } else { "false" })
        } else if value.is_none() {
            self.word("null")
        } else if let Ok(tuple) = value.cast_exact::<PyTuple>() {
            self.items(depth, |index| tuple.get_item(index).ok())
        } else {
            self.refuse(|| {
                format!(
                    "{} is not a JSON value; allowed: dict, list, tuple, str, int, float, bool, None",
                    type_name(value)
                )
            })
        }
    }

    fn dict(&mut self, dict: &Bound<'_, PyDict>, depth: usize) -> Result<(), Stop> {
        if depth == MAX_DEPTH {
            return self.refuse(too_deep);
        }
        self.members(steady(dict), depth)
    }

    fn members<'py>(
        &mut self,
        members: impl Iterator<Item = (Bound<'py, PyAny>, Bound<'py, PyAny>)>,
        depth: usize,
    ) -> Result<(), Stop> {
        self.text.push('{');
        let mut first = true;
        for (name, value) in members {
            if self.refusal.is_some() && !self.is_version(&name, depth) {
                continue;
            }
            if !first {
                self.text.push(',');
            }
            first = false;
            self.member(&name, &value, depth + 1)?;
        }
        self.text.push('}');
        Ok(())
    }

    /// After a refusal one member still counts.
    fn is_version(&self, name: &Bound<'_, PyAny>, depth: usize) -> bool {
        let name = name.cast_exact::<PyString>().ok().and_then(|name| name.to_str().ok());
        depth == 0 && self.place == Place::Envelope && name == Some("v")
    }

    fn member(
        &mut self,
        name: &Bound<'_, PyAny>,
        value: &Bound<'_, PyAny>,
        depth: usize,
    ) -> Result<(), Stop> {
        let known = name.cast_exact::<PyString>().ok().and_then(|name| name.to_str().ok());
        if known.is_none() && self.place == Place::Options {
            return self.word(UNNAMED_OPTION);
        }
        match known {
            Some(name) => self.quote(name),
            None => self.refuse(|| {
                format!("a member's name is {}; allowed: str without lone surrogates", type_name(name))
            })?,
        }
        self.text.push(':');
        if depth > 1 || self.place != Place::Envelope || known != Some("payload") {
            return self.value(value, depth);
        }
        self.place = Place::Payload;
        self.value(value, 0)?;
        self.place = Place::Envelope;
        Ok(())
    }

    fn items<'py>(
        &mut self,
        depth: usize,
        item: impl Fn(usize) -> Option<Bound<'py, PyAny>>,
    ) -> Result<(), Stop> {
        if depth == MAX_DEPTH {
            return self.refuse(too_deep);
        }
        self.text.push('[');
        let mut index = 0;
        while let Some(value) = item(index).filter(|_| self.refusal.is_none()) {
            if index > 0 {
                self.text.push(',');
            }
            self.value(&value, depth + 1)?;
            index += 1;
        }
        self.text.push(']');
        Ok(())
    }

    fn string(&mut self, text: &Bound<'_, PyString>) -> Result<(), Stop> {
        match text.to_str() {
            Ok(text) => {
                self.quote(text);
                Ok(())
            }
            Err(_) => self.refuse(|| "a str holds a lone surrogate".to_string()),
        }
    }

    fn quote(&mut self, text: &str) {
        self.text.push('"');
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
            self.text.push_str(&rest[..at]);
            let byte = rest.as_bytes()[at];
            // Writing to a String cannot fail.
            let _ = if byte < b' ' {
                write!(self.text, "\\u{byte:04x}")
            } else {
                write!(self.text, "\\{}", char::from(byte))
            };
            rest = &rest[at + 1..];
        }
        self.text.push_str(rest);
        self.text.push('"');
    }

    fn int(&mut self, number: &Bound<'_, PyInt>) -> Result<(), Stop> {
        let small = number.extract::<i64>().ok();
        if self.place == Place::Options && small.is_none_or(|number| number.unsigned_abs() > MAX_SAFE) {
            return self.word(IMPOSSIBLE_OPTION);
        }
        if let Some(small) = small {
            let _ = write!(self.text, "{small}");
            return Ok(());
        }
        // An integer of more bits than any double holds is written as another such: its own digits could take minutes.
        if number.call_method0("bit_length").and_then(|bits| bits.extract::<u64>()).map_err(Stop::Fault)?
            > DOUBLE_BITS
        {
            let _ = write!(self.text, "1{:0>309}", 0);
            return Ok(());
        }
        let digits = number.str().map_err(Stop::Fault)?;
        self.word(digits.to_str().map_err(Stop::Fault)?)
    }

    fn float(&mut self, number: f64) -> Result<(), Stop> {
        if !number.is_finite() {
            return self.refuse(|| format!("{number} is not a JSON number"));
        }
        // The shortest digits that read back as this double, with `.0` or an exponent, as Python's repr has them.
        let _ = write!(self.text, "{number:?}");
        Ok(())
    }

    fn word(&mut self, word: &str) -> Result<(), Stop> {
        self.text.push_str(word);
        Ok(())
    }

    /// Writes valid JSON that the core refuses in this place, so that a packet of another version is still seen to be one.
    #[cold]
    fn refuse(&mut self, why: impl FnOnce() -> String) -> Result<(), Stop> {
        let code = match self.place {
            Place::Options => return self.word(IMPOSSIBLE_OPTION),
            Place::Payload => ErrorCode::MalformedPayload,
            Place::Envelope => ErrorCode::MalformedPacket,
        };
        self.refusal.get_or_insert_with(|| Error::new(code, why()));
        self.word(SURROGATE)
    }

    fn check_length(&self) -> Result<(), Stop> {
        if self.text.len() > self.limit { Err(Stop::Enough) } else { Ok(()) }
    }
}

/// The members of `dict`. A finalizer may change it meanwhile: then they end, for pyo3's own iterator would panic.
fn steady<'py>(dict: &Bound<'py, PyDict>) -> impl Iterator<Item = (Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let (dict, size, mut members) = (dict.clone(), dict.len(), dict.iter());
    (0..size).map_while(move |_| if dict.len() == size { members.next() } else { None })
}

fn too_deep() -> String {
    format!("nested deeper than {MAX_DEPTH}, or within itself")
}

/// The depth that a payload may have (RFC 8259, section 9, lets a reader choose).
const MAX_DEPTH: usize = 64;
/// 2^53 − 1.
const MAX_SAFE: u64 = 9_007_199_254_740_991;
/// A double is less than 2^1024.
const DOUBLE_BITS: u64 = 1024;
const INITIAL_CAPACITY: usize = 256;
/// Room for a list of a million revoked tokens.
pub(crate) const OPTIONS_LIMIT: usize = 64 << 20;
/// A low surrogate on its own, which no text may hold.
const SURROGATE: &str = "\"\\udc00\"";
/// A value that no option and no claim rule takes.
const IMPOSSIBLE_OPTION: &str = "[[]]";
const UNNAMED_OPTION: &str = "\"\":[[]]";
