//! Bytes from Python: `bytes` are borrowed, `bytearray` and `memoryview` are copied, since other code may change them meanwhile.

use crate::error::Result;
use crate::interpreter::bytes_in;
use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyMemoryView};
use std::borrow::Cow;

/// What an argument of bytes may be.
pub(crate) const BYTES_RULE: &str = "bytes, bytearray or a contiguous memoryview of bytes";

/// The bytes of `object`, or `None` if it is nothing of the kind. Text is not bytes.
pub(crate) fn bytes_of<'a>(object: Borrowed<'a, '_, PyAny>) -> Result<Option<Cow<'a, [u8]>>> {
    if let Ok(bytes) = object.cast_exact() {
        return Ok(Some(Cow::Borrowed(bytes_in(bytes))));
    }
    if let Ok(bytes) = object.cast_exact::<PyByteArray>() {
        return Ok(Some(Cow::Owned(bytes.to_vec())));
    }
    if object.is_exact_instance_of::<PyMemoryView>() {
        return view(&object);
    }
    Ok(None)
}

fn view<'a>(object: &Bound<'_, PyAny>) -> Result<Option<Cow<'a, [u8]>>> {
    let Ok(buffer) = PyBuffer::<u8>::get(object) else { return Ok(None) };
    if !buffer.is_c_contiguous() {
        return Ok(None);
    }
    Ok(Some(Cow::Owned(buffer.to_vec(object.py())?)))
}
