//! Text and numbers from Python: exact types, and no surrogate smuggled through.

use crate::arguments::Arg;
use crate::bytes::{BYTES_RULE, Bytes, Lent, bytes_of};
use crate::error::{Fault, Result, malformed_argument};
use crate::interpreter::{small_int_in, text_in};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFloat, PyInt, PyString};
use std::borrow::Cow;

impl<'a, 'py> Arg<'a, 'py> {
    /// A required argument of text.
    #[inline(always)]
    pub(crate) fn text(self, name: &str) -> Result<&'a str> {
        self.peer_text().ok_or_else(|| self.wrong(name, "str without lone surrogates"))
    }

    /// An optional argument of text; `None` is absent.
    pub(crate) fn optional_text(self, name: &str) -> Result<Option<&'a str>> {
        if self.is_absent() { Ok(None) } else { self.text(name).map(Some) }
    }

    /// Text that a peer sent, if it is text at all.
    #[inline(always)]
    pub(crate) fn peer_text(self) -> Option<&'a str> {
        text_in(self.0?.cast_exact().ok()?)
    }

    /// A required argument of bytes.
    #[inline(always)]
    pub(crate) fn bytes(self, name: &str) -> Result<Cow<'a, [u8]>> {
        let bytes = self.0.map(bytes_of).transpose()?.flatten();
        bytes.ok_or_else(|| self.wrong(name, BYTES_RULE))
    }

    /// A required argument of bytes, which evidence may refer to.
    #[inline(always)]
    pub(crate) fn lent_bytes(self, name: &str) -> Result<Bytes<'a, 'py>> {
        match self.0.and_then(|object| object.cast_exact().ok()) {
            Some(bytes) => Ok(Bytes::Lent(Lent::of(bytes))),
            None => self.bytes(name).map(|bytes| Bytes::Copied(bytes.into_owned())),
        }
    }

    /// A required argument that holds text from outside, as `str` or UTF-8 bytes; the core judges its encoding.
    pub(crate) fn outside_text(self, name: &str) -> Result<Cow<'a, [u8]>> {
        let text = self.0.map(outside_text).transpose()?.flatten();
        text.ok_or_else(|| self.wrong(name, "str or UTF-8 bytes"))
    }

    /// A required argument of text, which may come as its UTF-8 bytes.
    pub(crate) fn text_or_bytes(self, name: &str) -> Result<Cow<'a, str>> {
        let text = self.0.map(utf8_of).transpose()?.flatten();
        text.ok_or_else(|| self.wrong(name, TEXT_OR_BYTES))
    }

    /// An optional time or duration in seconds; `None` is absent. Whether it is whole and in range, the core judges.
    #[inline(always)]
    pub(crate) fn seconds(self, name: &str) -> Result<Option<f64>> {
        if self.is_absent() {
            return Ok(None);
        }
        let number = self.0.and_then(|object| {
            whole(object).or_else(|| object.cast_exact::<PyFloat>().ok().map(|float| float.value()))
        });
        number.map(Some).ok_or_else(|| self.wrong(name, "a whole number of seconds"))
    }

    /// A number of bytes.
    pub(crate) fn byte_count(self, name: &str) -> Result<u64> {
        let count = whole(self.required(name, BYTE_COUNT)?).filter(|count| *count >= 0.0);
        count.map(|count| count as u64).ok_or_else(|| self.wrong(name, BYTE_COUNT))
    }

    /// Text that a peer sent: what is no text becomes the empty one, which the core refuses as the peer's fault.
    #[inline(always)]
    pub(crate) fn sent_text(self, name: &str) -> Result<&'a str> {
        self.required(name, "what the peer sent")?;
        Ok(self.peer_text().unwrap_or_default())
    }

    /// An integer that a peer sent: what is none becomes not-a-number, which the core refuses as the peer's fault.
    #[inline(always)]
    pub(crate) fn sent_integer(self, name: &str) -> Result<f64> {
        Ok(whole(self.required(name, "what the peer sent")?).unwrap_or(f64::NAN))
    }

    /// A required argument of any type.
    #[inline(always)]
    pub(crate) fn required(self, name: &str, rule: &str) -> Result<Borrowed<'a, 'py, PyAny>> {
        self.0.ok_or_else(|| self.wrong(name, rule))
    }

    /// The refusal of a value of a wrong type, or of an absent one.
    #[cold]
    pub(crate) fn wrong(self, name: &str, rule: &str) -> Fault {
        malformed_argument(self.wrong_detail(name, rule))
    }

    pub(crate) fn wrong_detail(self, name: &str, rule: &str) -> String {
        match self.0 {
            None => format!("{name} is required: {rule}"),
            Some(object) => format!("{name} must be {rule}, not {}", type_name(&object)),
        }
    }

    pub(crate) fn is_absent(self) -> bool {
        self.0.is_none_or(|object| object.is_none())
    }
}

/// The name of an object's type, for a message.
pub(crate) fn type_name(object: &Bound<'_, PyAny>) -> String {
    object
        .get_type()
        .name()
        .map_or_else(|_| "another type".to_string(), |name| name.to_string_lossy().into_owned())
}

/// Text from outside, or `None` if `object` is neither text nor bytes. A surrogate becomes three bytes that are not UTF-8.
pub(crate) fn outside_text<'a>(object: Borrowed<'a, '_, PyAny>) -> Result<Option<Cow<'a, [u8]>>> {
    let Ok(text) = object.cast_exact::<PyString>() else { return bytes_of(object) };
    match text_in(text) {
        Some(text) => Ok(Some(Cow::Borrowed(text.as_bytes()))),
        None => surrogates_kept(&object).map(|bytes| Some(Cow::Owned(bytes))),
    }
}

/// Text as `str` or UTF-8 bytes, or `None` if `object` is neither.
pub(crate) fn utf8_of<'a>(object: Borrowed<'a, '_, PyAny>) -> Result<Option<Cow<'a, str>>> {
    if let Ok(text) = object.cast_exact::<PyString>() {
        return Ok(text_in(text).map(Cow::Borrowed));
    }
    Ok(bytes_of(object)?.and_then(|bytes| match bytes {
        Cow::Borrowed(bytes) => str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }))
}

/// The text in UTF-8, each surrogate as the three bytes it would have.
fn surrogates_kept(text: &Bound<'_, PyAny>) -> Result<Vec<u8>> {
    let encoded = text.call_method1("encode", ("utf-8", "surrogatepass"))?;
    Ok(encoded.cast::<PyBytes>().map_err(PyErr::from)?.as_bytes().to_vec())
}

/// An `int` as a number; beyond the range of doubles it is infinite, and so refused as out of range.
#[inline(always)]
fn whole(object: Borrowed<'_, '_, PyAny>) -> Option<f64> {
    let number = object.cast_exact::<PyInt>().ok()?;
    let small = small_int_in(number).map(|number| number as f64);
    Some(small.unwrap_or_else(|| number.extract().unwrap_or(f64::INFINITY)))
}

/// What text may be that others have as bytes.
pub(crate) const TEXT_OR_BYTES: &str = "str without lone surrogates, or UTF-8 bytes";
const BYTE_COUNT: &str = "a number of bytes, an int from 0";
