//! JSON that the core has read, as Python objects.

use crate::error::Result;
use counterseal_shared::json::{Document, Item};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyList, PyString};
use std::sync::{Mutex, MutexGuard, OnceLock};

/// The Python value of JSON text: whole numbers within ±(2^53 − 1) are `int`, the others `float`.
pub(crate) fn parse<'py>(py: Python<'py>, text: &str) -> Result<Bound<'py, PyAny>> {
    object(py, Document::read(text.as_bytes())?.root())
}

/// The Python value of a document or of a part of it.
pub(crate) fn object<'py>(py: Python<'py>, item: Item<'_>) -> Result<Bound<'py, PyAny>> {
    Ok(Builder { py, names: Names::take() }.object(&item)?)
}

/// What is made when it is first asked for, and is the same object from then on. pyo3's own cell gives the interpreter's lock away meanwhile.
#[derive(Default)]
pub(crate) struct Lazy(OnceLock<Py<PyAny>>);

impl Lazy {
    pub(crate) fn get<'py>(
        &self,
        py: Python<'py>,
        make: impl FnOnce() -> Result<Bound<'py, PyAny>>,
    ) -> Result<Bound<'py, PyAny>> {
        if let Some(object) = self.0.get() {
            return Ok(object.bind(py).clone());
        }
        // A collector's run amid the making may have come here first.
        let object = make()?;
        Ok(self.0.get_or_init(|| object.unbind()).bind(py).clone())
    }

    /// Ends it, while the interpreter is at hand: else the object would be let go of in a roundabout way.
    #[inline(always)]
    pub(crate) fn end(self, py: Python<'_>) {
        if let Some(object) = self.0.into_inner() {
            object.drop_ref(py);
        }
    }
}

struct Builder<'py> {
    py: Python<'py>,
    names: Option<MutexGuard<'static, Names>>,
}

impl<'py> Builder<'py> {
    // Taken where it lies: to copy what was only just written waits for it.
    fn object(&mut self, item: &Item<'_>) -> PyResult<Bound<'py, PyAny>> {
        let py = self.py;
        Ok(match item {
            Item::Null => py.None().into_bound(py),
            Item::Bool(flag) => PyBool::new(py, *flag).to_owned().into_any(),
            Item::Number(number) => self::number(py, number.get())?,
            Item::String(text) => PyString::new(py, text).into_any(),
            Item::Array(items) => {
                let items = items.clone().map(|item| self.object(&item)).collect::<PyResult<Vec<_>>>()?;
                PyList::new(py, items)?.into_any()
            }
            Item::Object(members) => {
                let dict = PyDict::new(py);
                for member in members.clone() {
                    let (name, value) = &member;
                    let value = self.object(value)?;
                    dict.set_item(self.name(name), value)?;
                }
                dict.into_any()
            }
        })
    }

    fn name(&mut self, name: &str) -> Bound<'py, PyString> {
        match &mut self.names {
            Some(names) => names.get(self.py, name),
            None => PyString::new(self.py, name),
        }
    }
}

fn number(py: Python<'_>, number: f64) -> PyResult<Bound<'_, PyAny>> {
    let whole = number as i64;
    if whole as f64 == number && whole.unsigned_abs() <= MAX_SAFE {
        return Ok(whole.into_pyobject(py)?.into_any());
    }
    Ok(PyFloat::new(py, number).into_any())
}

/// Short names lately met, each as one object. A peer chooses them, so each has one place, and the next that falls there takes it.
struct Names([Option<Name>; PLACES]);

struct Name {
    object: Py<PyString>,
    length: usize,
    text: [u8; LONGEST],
}

impl Names {
    /// `None` while others are at it: a finalizer may call this amid a call of it.
    fn take() -> Option<MutexGuard<'static, Self>> {
        static NAMES: Mutex<Names> = Mutex::new(Names([const { None }; PLACES]));
        NAMES.try_lock().ok()
    }

    fn get<'py>(&mut self, py: Python<'py>, name: &str) -> Bound<'py, PyString> {
        if name.len() > LONGEST {
            return PyString::new(py, name);
        }
        let place = &mut self.0[place_of(name.as_bytes())];
        match place {
            Some(known) if known.text[..known.length] == *name.as_bytes() => known.object.bind(py).clone(),
            _ => {
                let object = PyString::new(py, name);
                let mut text = [0; LONGEST];
                text[..name.len()].copy_from_slice(name.as_bytes());
                let known = Name { object: object.clone().unbind(), length: name.len(), text };
                if let Some(other) = place.replace(known) {
                    other.object.drop_ref(py);
                }
                object
            }
        }
    }
}

/// By the first, the last and the middle byte, and by the length: what falls together is only made anew.
fn place_of(name: &[u8]) -> usize {
    let [first, last, middle] = [name.first(), name.last(), name.get(name.len() / 2)]
        .map(|byte| usize::from(byte.copied().unwrap_or_default()));
    (first.wrapping_mul(7) ^ last.wrapping_mul(31) ^ middle.wrapping_mul(131) ^ name.len().wrapping_mul(521))
        % PLACES
}

/// 2^53 − 1.
const MAX_SAFE: u64 = 9_007_199_254_740_991;
const PLACES: usize = 256;
const LONGEST: usize = 24;
