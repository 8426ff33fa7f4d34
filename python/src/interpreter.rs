//! The interpreter's own interface, where pyo3's safe one costs more than the work: the only room with `unsafe`.
//!
//! pyo3 gives a method the fast convention, its arguments where they lie on the interpreter's stack, only where unknown names are pyo3's own
//! `TypeError`. With `**named`, by which this package answers them itself, the interpreter first builds a dict of every name and value,
//! which takes longer than to verify a packet. So the methods of the hot path are made here ([`Method`]). And pyo3 hands out what an
//! object holds in a result with room for an exception, which travels through memory: [`text_in`], [`bytes_in`] and [`small_int_in`] do not.

#![allow(unsafe_code, reason = "the interpreter's interface is C")]

mod class;

pub(crate) use class::{Attribute, Evidence, class, evidence_in, object};

use crate::arguments::Arg;
use crate::error::Result;
use pyo3::panic::PanicException;
use pyo3::prelude::*;
use pyo3::pyclass::boolean_struct::True;
use pyo3::types::{PyBytes, PyInt, PyString, PyTuple};
use pyo3::{PyClass, ffi};
use std::any::Any;
use std::ffi::CStr;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::{ptr, slice, thread};

/// One method of a class.
pub(crate) trait Method: 'static {
    type Class: PyClass<Frozen = True> + Sync;
    const NAME: &'static CStr;
    /// Its signature as `inspect` reads it, `--` between blank ends of line, and what it does.
    const DOC: &'static CStr;

    fn call<'py>(this: &Self::Class, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>>;
}

/// Adds a method to its class.
pub(crate) fn add<M: Method>(py: Python<'_>) -> PyResult<()> {
    let class = py.get_type::<M::Class>();
    let definition = ptr::from_ref(Definition::<M>::VALUE).cast_mut();
    // SAFETY: the class is a type, and the definition lives for good. The interpreter never writes to it.
    let method =
        unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyDescr_NewMethod(class.as_type_ptr(), definition))? };
    class.setattr(M::NAME.to_string_lossy(), method)
}

/// What a call was given, by place and by name.
pub(crate) struct Given<'a, 'py> {
    py: Python<'py>,
    values: &'a [Arg<'a, 'py>],
    places: usize,
    names: Option<Borrowed<'a, 'py, PyTuple>>,
}

impl<'a, 'py> Given<'a, 'py> {
    pub(crate) fn py(&self) -> Python<'py> {
        self.py
    }

    /// How many are given by place.
    pub(crate) fn places(&self) -> usize {
        self.places
    }

    /// All values: first those given by place, then those given by name.
    pub(crate) fn values(&self) -> &'a [Arg<'a, 'py>] {
        self.values
    }

    /// The names of those given by name.
    pub(crate) fn names(&self) -> Option<Borrowed<'a, 'py, PyTuple>> {
        self.names
    }

    /// The names and their values.
    pub(crate) fn by_name(&self) -> impl Iterator<Item = (Borrowed<'a, 'py, PyAny>, Arg<'a, 'py>)> {
        let named = self.values[self.places..].iter().enumerate();
        named.filter_map(|(at, value)| Some((self.name(at)?, *value)))
    }

    fn name(&self, at: usize) -> Option<Borrowed<'a, 'py, PyAny>> {
        // SAFETY: `names` is a tuple, which keeps its items while it lives. It has this one, for there is a value to it.
        self.names.map(|names| unsafe {
            Borrowed::from_ptr(self.py, ffi::PyTuple_GetItem(names.as_ptr(), at.cast_signed()))
        })
    }
}

/// The text of a `str`; `None` if it holds a lone surrogate.
#[inline(always)]
pub(crate) fn text_in<'a>(text: Borrowed<'a, '_, PyString>) -> Option<&'a str> {
    let mut length = 0;
    // SAFETY: `text` is a str. The pointer is to UTF-8 of that length, which the object keeps for as long as it lives, or it is null.
    unsafe {
        let first = ffi::PyUnicode_AsUTF8AndSize(text.as_ptr(), &mut length);
        if first.is_null() {
            ffi::PyErr_Clear();
            return None;
        }
        Some(str::from_utf8_unchecked(slice::from_raw_parts(first.cast(), length.unsigned_abs())))
    }
}

/// What a `bytes` holds.
#[inline(always)]
pub(crate) fn bytes_in<'a>(bytes: Borrowed<'a, '_, PyBytes>) -> &'a [u8] {
    // SAFETY: `bytes` is one, so there are so many bytes at the pointer, which do not change while the object lives.
    unsafe {
        let length = ffi::PyBytes_Size(bytes.as_ptr()).unsigned_abs();
        slice::from_raw_parts(ffi::PyBytes_AsString(bytes.as_ptr()).cast(), length)
    }
}

/// An `int`, if it has no more than 64 bits.
#[inline(always)]
pub(crate) fn small_int_in(number: Borrowed<'_, '_, PyInt>) -> Option<i64> {
    let mut overflow = 0;
    // SAFETY: `number` is an int, for which there is no exception but the overflow that is asked for.
    let value = unsafe { ffi::PyLong_AsLongLongAndOverflow(number.as_ptr(), &mut overflow) };
    (overflow == 0).then_some(value)
}

struct Definition<M>(PhantomData<M>);

impl<M: Method> Definition<M> {
    const VALUE: &'static ffi::PyMethodDef = &ffi::PyMethodDef {
        ml_name: M::NAME.as_ptr(),
        ml_meth: ffi::PyMethodDefPointer { PyCFunctionFastWithKeywords: enter::<M> },
        ml_flags: ffi::METH_FASTCALL | ffi::METH_KEYWORDS,
        ml_doc: M::DOC.as_ptr(),
    };
}

/// What the interpreter calls.
///
/// # Safety
/// As for any function of `METH_FASTCALL | METH_KEYWORDS`: the interpreter is attached to this thread, `this` is an instance of the class
/// whose method it is, `values` holds `places` objects and one for each of `names`, a tuple or null, and all live until this returns.
unsafe extern "C" fn enter<M: Method>(
    this: *mut ffi::PyObject,
    values: *const *mut ffi::PyObject,
    places: ffi::Py_ssize_t,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: attached, as the caller says.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: `this` is an instance of the class: the descriptor has checked it, or has bound it.
    let this = unsafe { Borrowed::from_ptr(py, this).cast_unchecked::<M::Class>() };
    // SAFETY: all as the caller says.
    let given = unsafe { given(py, values, places.unsigned_abs(), names) };
    // One pointer crosses: a closure of many words would be copied, word by word.
    let call = &(this.get(), given);
    answer(py, catch_unwind(AssertUnwindSafe(move || M::call(call.0, &call.1))))
}

/// # Safety
/// `values` holds `places` objects and one for each of `names`, a tuple or null, and all live for `'a`.
#[inline]
unsafe fn given<'a, 'py>(
    py: Python<'py>,
    values: *const *mut ffi::PyObject,
    places: usize,
    names: *mut ffi::PyObject,
) -> Given<'a, 'py> {
    // SAFETY: a tuple or null, as the caller says.
    let names =
        unsafe { Borrowed::from_ptr_or_opt(py, names).map(|names| names.cast_unchecked::<PyTuple>()) };
    let count = places + names.map_or(0, |names| names.len());
    let values = match count {
        0 => &[],
        // SAFETY: so many pointers stand there, as the caller says, and an argument is a pointer, or none.
        _ => unsafe { slice::from_raw_parts(values.cast(), count) },
    };
    Given { py, values, places, names }
}

/// What the interpreter is given for what was answered, or for a panic.
#[inline(always)]
fn answer(py: Python<'_>, outcome: thread::Result<Result<Bound<'_, PyAny>>>) -> *mut ffi::PyObject {
    match outcome {
        Ok(Ok(value)) => value.into_ptr(),
        Ok(Err(fault)) => raise(py, fault.into()),
        Err(panic) => raise(py, panicked(panic.as_ref())),
    }
}

#[cold]
fn raise(py: Python<'_>, error: PyErr) -> *mut ffi::PyObject {
    error.restore(py);
    ptr::null_mut()
}

/// The exception that pyo3 makes of a panic.
fn panicked(panic: &(dyn Any + Send)) -> PyErr {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    PanicException::new_err((text.unwrap_or("panic from Rust code").to_owned(),))
}
