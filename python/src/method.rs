//! Methods that the interpreter calls with their arguments where they lie, on its own stack.
//!
//! pyo3 gives a method this convention only where unknown names are its own `TypeError`; with `**named`, by which this package answers them
//! itself, the interpreter first builds a dict of every name and value. That costs more than all the rest of verifying a packet, so the
//! methods of the hot path are made here, out of the interpreter's own parts. The only file with `unsafe`: it reads what the interpreter
//! lays out for a call, and keeps panics from crossing.

#![allow(unsafe_code, reason = "pyo3 has no safe way to take a fast call and judge its names")]

use crate::error::Result;
use pyo3::panic::PanicException;
use pyo3::prelude::*;
use pyo3::pyclass::boolean_struct::True;
use pyo3::types::PyTuple;
use pyo3::{PyClass, ffi};
use std::any::Any;
use std::ffi::CStr;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

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
    /// Pointers to objects that live for `'a`: first those given by place, then those given by name.
    values: &'a [*mut ffi::PyObject],
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

    /// The values given by place.
    pub(crate) fn by_place(&self) -> impl Iterator<Item = Borrowed<'a, 'py, PyAny>> {
        self.borrow(&self.values[..self.places])
    }

    /// The names and their values.
    pub(crate) fn by_name(
        &self,
    ) -> impl Iterator<Item = (Borrowed<'_, 'py, PyAny>, Borrowed<'a, 'py, PyAny>)> {
        let names = self.names.iter().flat_map(|names| names.iter_borrowed());
        names.zip(self.borrow(&self.values[self.places..]))
    }

    fn borrow(&self, values: &'a [*mut ffi::PyObject]) -> impl Iterator<Item = Borrowed<'a, 'py, PyAny>> {
        let py = self.py;
        // SAFETY: each points to an object that lives for 'a, as the field says.
        values.iter().map(move |&value| unsafe { Borrowed::from_ptr(py, value) })
    }
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
    let call = || {
        // SAFETY: `this` is an instance of the class: the descriptor has checked it, or has bound it.
        let this = unsafe { Borrowed::from_ptr(py, this).cast_unchecked::<M::Class>() };
        // SAFETY: all as the caller says.
        let given = unsafe { given(py, values, places.unsigned_abs(), names) };
        M::call(this.get(), &given)
    };
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => value.into_ptr(),
        Ok(Err(fault)) => raise(py, fault.into()),
        Err(panic) => raise(py, panicked(panic.as_ref())),
    }
}

/// # Safety
/// `values` holds `places` objects and one for each of `names`, a tuple or null, and all live for `'a`.
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
        // SAFETY: so many pointers stand there, as the caller says.
        _ => unsafe { std::slice::from_raw_parts(values, count) },
    };
    Given { py, values, places, names }
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
