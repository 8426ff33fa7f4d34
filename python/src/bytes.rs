//! Bytes from Python: `bytes` are borrowed, `bytearray` and `memoryview` are copied, since other code may change them meanwhile.

use crate::error::Result;
use crate::interpreter::bytes_in;
use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView};
use std::borrow::Cow;
use std::ops::Deref;

/// What an argument of bytes may be.
pub(crate) const BYTES_RULE: &str = "bytes, bytearray or a contiguous memoryview of bytes";

/// Bytes that an argument holds and cannot change, or a copy of its own.
pub(crate) enum Bytes<'a, 'py> {
    Lent(Lent<'a, 'py>),
    Copied(Vec<u8>),
}

/// All that a `bytes` holds.
#[derive(Clone, Copy)]
pub(crate) struct Lent<'a, 'py> {
    lender: Borrowed<'a, 'py, PyBytes>,
    bytes: &'a [u8],
}

impl<'a, 'py> Lent<'a, 'py> {
    #[inline(always)]
    pub(crate) fn of(lender: Borrowed<'a, 'py, PyBytes>) -> Self {
        Self { lender, bytes: bytes_in(lender) }
    }

    /// The object that holds them.
    #[inline(always)]
    pub(crate) fn lender(self) -> Borrowed<'a, 'py, PyBytes> {
        self.lender
    }
}

impl Deref for Lent<'_, '_> {
    type Target = [u8];

    #[inline(always)]
    fn deref(&self) -> &[u8] {
        self.bytes
    }
}

impl Deref for Bytes<'_, '_> {
    type Target = [u8];

    #[inline(always)]
    fn deref(&self) -> &[u8] {
        match self {
            Self::Lent(bytes) => bytes,
            Self::Copied(bytes) => bytes,
        }
    }
}

/// The bytes of `object`, or `None` if it is nothing of the kind. Text is not bytes.
#[inline(always)]
pub(crate) fn bytes_of<'a>(object: Borrowed<'a, '_, PyAny>) -> Result<Option<Cow<'a, [u8]>>> {
    match object.cast_exact() {
        Ok(bytes) => Ok(Some(Cow::Borrowed(bytes_in(bytes)))),
        Err(_) => copied(object),
    }
}

#[inline(never)]
fn copied<'a>(object: Borrowed<'a, '_, PyAny>) -> Result<Option<Cow<'a, [u8]>>> {
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
