//! Classes of evidence, which calls make by the thousand, which are only read, and which mostly end at once.
//!
//! pyo3 makes every class known to the collector of reference cycles and goes through the type's slots for each object: that takes half as
//! long again as what the object is made and freed with here.

use super::answer;
use crate::error::Result;
use pyo3::IntoPyObjectExt;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use std::ffi::{CStr, c_int, c_uint, c_void};
use std::mem::offset_of;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// What an object of such a class holds.
pub(crate) trait Evidence: Send + Sync + Sized + 'static {
    /// With the module's name before it.
    const NAME: &'static CStr;
    const DOC: &'static CStr;
    const ATTRIBUTES: &'static [Attribute<Self>];

    /// Where the class is kept once it is made.
    fn class() -> &'static PyOnceLock<Py<PyType>>;

    fn repr(&self) -> String;

    /// Ends it, while the interpreter is at hand.
    fn end(self, py: Python<'_>);
}

/// One attribute, which cannot be set.
pub(crate) struct Attribute<E> {
    pub(crate) name: &'static CStr,
    pub(crate) doc: &'static CStr,
    pub(crate) get: for<'py> fn(&E, Python<'py>) -> Result<Bound<'py, PyAny>>,
}

/// The class.
pub(crate) fn class<E: Evidence>(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    Ok(E::class().get_or_try_init(py, || make::<E>(py))?.bind(py))
}

/// An object of the class. `fill` may write into its value where it lies: to copy what was only just written would wait for it.
#[inline(always)]
pub(crate) fn object<E: Evidence>(
    py: Python<'_>,
    value: impl FnOnce() -> E,
    fill: impl FnOnce(&mut E),
) -> PyResult<Bound<'_, PyAny>> {
    let class = class::<E>(py)?.as_type_ptr();
    // SAFETY: the class is a type whose objects are of the size of `Object<E>`.
    let object = unsafe { ffi::PyObject_New::<ffi::PyObject>(class) };
    if !object.is_null() {
        // SAFETY: there is room for the value in an object that nobody knows yet, not even `Bound`, which would end it if there came a panic.
        unsafe {
            ptr::write(value_of(object), value());
            fill(&mut *value_of(object));
        }
    }
    // SAFETY: a new object, or null and an exception.
    unsafe { Bound::from_owned_ptr_or_err(py, object) }
}

/// What an object of the class holds; `None` if it is of another class.
pub(crate) fn evidence_in<'a, E: Evidence>(object: Borrowed<'a, '_, PyAny>) -> Option<&'a E> {
    let class = E::class().get(object.py())?;
    // SAFETY: it is an object of the class, which has no subclasses, and such an object holds a value for as long as it lives.
    object.get_type().is(class).then(|| unsafe { &*value_of::<E>(object.as_ptr()) })
}

#[repr(C)]
struct Object<E> {
    base: ffi::PyObject,
    value: E,
}

fn make<E: Evidence>(py: Python<'_>) -> PyResult<Py<PyType>> {
    let attributes = E::ATTRIBUTES.iter().map(|attribute| ffi::PyGetSetDef {
        name: attribute.name.as_ptr(),
        get: Some(get::<E>),
        doc: attribute.doc.as_ptr(),
        closure: ptr::from_ref(attribute).cast_mut().cast(),
        ..ffi::PyGetSetDef::default()
    });
    let attributes = attributes.chain([ffi::PyGetSetDef::default()]).collect::<Vec<_>>().leak();
    let slot = |slot: c_int, pfunc: *mut c_void| ffi::PyType_Slot { slot, pfunc };
    let mut slots = [
        slot(ffi::Py_tp_doc, E::DOC.as_ptr().cast_mut().cast()),
        slot(ffi::Py_tp_getset, attributes.as_mut_ptr().cast()),
        slot(ffi::Py_tp_repr, repr::<E> as *mut c_void),
        slot(ffi::Py_tp_dealloc, end::<E> as *mut c_void),
        slot(0, ptr::null_mut()),
    ];
    let mut spec = ffi::PyType_Spec {
        name: E::NAME.as_ptr(),
        basicsize: size_of::<Object<E>>() as c_int,
        itemsize: 0,
        flags: (ffi::Py_TPFLAGS_DEFAULT | ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION) as c_uint,
        slots: slots.as_mut_ptr(),
    };
    const { assert!(align_of::<Object<E>>() <= ALIGNMENT && size_of::<Object<E>>() <= c_int::MAX as usize) };
    // SAFETY: the slots are of the types that their numbers say, end with a zero, and what they point to lives for good.
    let class = unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyType_FromSpec(&mut spec))? };
    Ok(class.cast_into::<PyType>().map_err(PyErr::from)?.unbind())
}

fn value_of<E>(object: *mut ffi::PyObject) -> *mut E {
    object.wrapping_byte_add(offset_of!(Object<E>, value)).cast()
}

// The interpreter calls these attached to this thread, with an object of the class, which lives until they return.

unsafe extern "C" fn get<E: Evidence>(
    object: *mut ffi::PyObject,
    attribute: *mut c_void,
) -> *mut ffi::PyObject {
    // SAFETY: `make` gave this function an attribute of this class.
    let attribute = unsafe { &*attribute.cast::<Attribute<E>>() };
    // SAFETY: as said above.
    unsafe { ask(object, attribute.get) }
}

unsafe extern "C" fn repr<E: Evidence>(object: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: as said above.
    unsafe { ask(object, |value: &E, py| Ok(value.repr().into_bound_py_any(py)?)) }
}

unsafe extern "C" fn end<E: Evidence>(object: *mut ffi::PyObject) {
    // SAFETY: nobody knows the object any more. Its value is taken out once, and its memory and its class are given back as they were taken.
    unsafe {
        let class = ffi::Py_TYPE(object);
        ptr::read(value_of::<E>(object)).end(Python::assume_attached());
        ffi::PyObject_Free(object.cast());
        ffi::Py_DECREF(class.cast());
    }
}

/// # Safety
/// The interpreter is attached to this thread, and `object` is of the class of `E`.
unsafe fn ask<E: Evidence>(
    object: *mut ffi::PyObject,
    what: impl for<'py> FnOnce(&E, Python<'py>) -> Result<Bound<'py, PyAny>>,
) -> *mut ffi::PyObject {
    // SAFETY: as the caller says.
    let (py, value) = unsafe { (Python::assume_attached(), &*value_of::<E>(object)) };
    answer(py, catch_unwind(AssertUnwindSafe(|| what(value, py))))
}

/// Of the interpreter's memory.
const ALIGNMENT: usize = 8;
