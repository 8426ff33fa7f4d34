//! How a call's arguments are bound, so that a wrong call answers `CountersealError` where Python would answer `TypeError`.
//!
//! A method of the hot path binds its own ([`Parameters`]). For the rest pyo3 binds the names it knows, and what is left, `*more` and
//! `**named`, is judged here; the one argument that may stand by place is positional-only to pyo3, and by name arrives in `named`.

use crate::error::{Fault, Result, malformed_argument};
use crate::interpreter::{Evidence, Given, evidence_in, text_in};
use pyo3::PyClass;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use std::cell::OnceCell;
use std::convert::Infallible;
use std::ptr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicPtr, Ordering};

/// One argument, or its absence; `None` is a value, since it is JSON's null.
#[derive(Clone, Copy, Default)]
#[repr(transparent)]
pub(crate) struct Arg<'a, 'py>(pub(crate) Option<Borrowed<'a, 'py, PyAny>>);

impl Arg<'_, '_> {
    pub(crate) const ABSENT: Self = Self(None);
}

impl<'a, 'py> Arg<'a, 'py> {
    /// A required argument of one of this package's classes.
    pub(crate) fn instance<T: PyClass>(self, name: &str, rule: &str) -> Result<Borrowed<'a, 'py, T>> {
        let object = self.0.and_then(|object| object.cast_exact::<T>().ok());
        object.ok_or_else(|| self.wrong(name, rule))
    }

    /// A required argument of one of this package's classes of evidence.
    pub(crate) fn evidence<E: Evidence>(self, name: &str, rule: &str) -> Result<&'a E> {
        self.0.and_then(evidence_in).ok_or_else(|| self.wrong(name, rule))
    }

    /// A required argument that is a list or a tuple.
    pub(crate) fn list(self, name: &str, rule: &str) -> Result<Vec<Bound<'py, PyAny>>> {
        let object = self.0.ok_or_else(|| self.wrong(name, rule))?;
        if let Ok(list) = object.cast_exact::<PyList>() {
            return Ok(list.iter().collect());
        }
        let tuple = object.cast_exact::<PyTuple>().map_err(|_| self.wrong(name, rule))?;
        Ok(tuple.iter().collect())
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Arg<'a, 'py> {
    type Error = Infallible;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> Result<Self, Infallible> {
        Ok(Self(Some(object)))
    }
}

/// The names of a method's arguments, in order; the first `places` may also stand by place.
pub(crate) struct Parameters<const N: usize> {
    places: usize,
    names: [&'static str; N],
    interned: PyOnceLock<[Py<PyString>; N]>,
    in_order: Seen,
}

impl<const N: usize> Parameters<N> {
    pub(crate) const fn new(places: usize, names: [&'static str; N]) -> Self {
        Self { places, names, interned: PyOnceLock::new(), in_order: Seen::nothing() }
    }

    /// The arguments in the order of their names.
    ///
    /// Mostly where the interpreter has put them, one by one and a moment ago: to copy several at once would wait for the cache.
    #[inline(always)]
    pub(crate) fn bind<'r, 'a, 'py>(
        &self,
        given: &Given<'a, 'py>,
        room: &'r mut [Arg<'a, 'py>; N],
    ) -> Result<&'r [Arg<'a, 'py>; N]> {
        match given.values().first_chunk() {
            Some(values) if values.len() == given.values().len() && self.are_in_order(given) => Ok(values),
            _ => self.bind_one_by_one(given, room),
        }
    }

    #[inline(always)]
    fn are_in_order(&self, given: &Given<'_, '_>) -> bool {
        given.places() == self.places && given.names().is_some_and(|names| self.in_order.has(names))
    }

    #[inline(never)]
    fn bind_one_by_one<'r, 'a, 'py>(
        &self,
        given: &Given<'a, 'py>,
        bound: &'r mut [Arg<'a, 'py>; N],
    ) -> Result<&'r [Arg<'a, 'py>; N]> {
        if given.values().len() <= N && self.are_in_order(given) {
            bound[..given.values().len()].copy_from_slice(given.values());
            return Ok(bound);
        }
        let places = given.places();
        if places > self.places {
            return Err(too_many(places, self.places, &self.names.join(", ")));
        }
        bound[..places].copy_from_slice(&given.values()[..places]);
        let interned = self.interned(given.py());
        let (mut next, mut in_order, mut unknown) = (places, places == self.places, None);
        for (name, value) in given.by_name() {
            match position(interned, name, next).or_else(|| self.position_of_text(name)) {
                Some(at) => {
                    check_once(self.names[at], bound[at])?;
                    bound[at] = value;
                    in_order &= at == next;
                    next = at + 1;
                }
                None => unknown = unknown.or(Some(name)),
            }
        }
        if let Some(name) = unknown {
            return Err(self::unknown(&name, &self.names.join(", ")));
        }
        if let Some(names) = given.names().filter(|_| in_order) {
            self.in_order.add(names);
        }
        Ok(bound)
    }

    #[cold]
    fn position_of_text(&self, name: Borrowed<'_, '_, PyAny>) -> Option<usize> {
        let name = text_in(name.cast().ok()?)?;
        self.names.iter().position(|known| *known == name)
    }

    fn interned(&self, py: Python<'_>) -> &[Py<PyString>; N] {
        self.interned.get_or_init(py, || self.names.map(|name| PyString::intern(py, name).unbind()))
    }
}

/// Tuples of names that were lately seen to be a method's own from its last place on, each and in order. A call's names are a constant of the
/// caller's code, the same object each time, so that to compare its address is enough; it is kept, so that no other comes to be there.
struct Seen {
    addresses: [AtomicPtr<ffi::PyObject>; SEEN],
    kept: Mutex<Kept>,
}

struct Kept {
    names: [Option<Py<PyTuple>>; SEEN],
    next: usize,
}

impl Seen {
    const fn nothing() -> Self {
        Self {
            addresses: [const { AtomicPtr::new(ptr::null_mut()) }; SEEN],
            kept: Mutex::new(Kept { names: [const { None }; SEEN], next: 0 }),
        }
    }

    #[inline(always)]
    fn has(&self, names: Borrowed<'_, '_, PyTuple>) -> bool {
        self.addresses.iter().any(|address| address.load(Ordering::Acquire) == names.as_ptr())
    }

    fn add(&self, names: Borrowed<'_, '_, PyTuple>) {
        // What is busy here may go without: only the time depends on it.
        let Ok(mut kept) = self.kept.try_lock() else { return };
        let at = kept.next;
        kept.next = (at + 1) % SEEN;
        self.addresses[at].store(ptr::null_mut(), Ordering::Release);
        let last = kept.names[at].replace(names.to_owned().unbind());
        self.addresses[at].store(names.as_ptr(), Ordering::Release);
        drop(kept);
        if let Some(last) = last {
            last.drop_ref(names.py());
        }
    }
}

/// Where `name` stands, the very object: the compiler interns the names that callers write, and they mostly keep the order.
#[inline]
fn position(names: &[Py<PyString>], name: Borrowed<'_, '_, PyAny>, next: usize) -> Option<usize> {
    match names.get(next) {
        Some(expected) if expected.is(&*name) => Some(next),
        _ => names.iter().position(|known| known.is(&*name)),
    }
}

/// What a call was given beyond the names that pyo3 bound.
pub(crate) struct Rest<'a, 'py> {
    more: &'a Bound<'py, PyTuple>,
    named: Option<&'a Bound<'py, PyDict>>,
    taken: [OnceCell<Bound<'py, PyAny>>; MOST_PLACES],
}

impl<'a, 'py> Rest<'a, 'py> {
    pub(crate) fn new(more: &'a Bound<'py, PyTuple>, named: Option<&'a Bound<'py, PyDict>>) -> Self {
        Self { more, named, taken: [const { OnceCell::new() }; MOST_PLACES] }
    }

    /// Refuses everything. `allowed` lists the arguments of the call.
    pub(crate) fn nothing(&self, allowed: &str) -> Result<()> {
        self.check_places(0, allowed)?;
        self.check_names(allowed)
    }

    /// The argument `name`, by place or by name, and nothing else. `allowed` lists the arguments of the call.
    pub(crate) fn only<'b>(&'b self, name: &str, given: Arg<'b, 'py>, allowed: &str) -> Result<Arg<'b, 'py>> {
        let [given] = self.all([name], [given], allowed)?;
        Ok(given)
    }

    /// The arguments `names`, each by place or by name, and nothing else. `allowed` lists the arguments of the call.
    pub(crate) fn all<'b, const N: usize>(
        &'b self,
        names: [&str; N],
        mut given: [Arg<'b, 'py>; N],
        allowed: &str,
    ) -> Result<[Arg<'b, 'py>; N]> {
        self.check_places(N, allowed)?;
        for ((taken, name), given) in self.taken.iter().zip(names).zip(&mut given) {
            *given = self.by_name(taken, name, *given)?;
        }
        self.check_names(allowed)?;
        Ok(given)
    }

    /// The argument `name`, by place or by name; what other names remain are options, which the core judges.
    pub(crate) fn with_options<'b>(&'b self, name: &str, given: Arg<'b, 'py>) -> Result<Arg<'b, 'py>> {
        self.check_places(1, name)?;
        self.by_name(&self.taken[0], name, given)
    }

    fn by_name<'b>(
        &self,
        taken: &'b OnceCell<Bound<'py, PyAny>>,
        name: &str,
        given: Arg<'b, 'py>,
    ) -> Result<Arg<'b, 'py>> {
        let Some(named) = self.named else { return Ok(given) };
        let Some(value) = named.get_item(name)? else { return Ok(given) };
        check_once(name, given)?;
        named.del_item(name)?;
        Ok(Arg(Some(taken.get_or_init(|| value).as_borrowed())))
    }

    fn check_places(&self, places: usize, allowed: &str) -> Result<()> {
        match self.more.len() {
            0 => Ok(()),
            extra => Err(too_many(places + extra, places, allowed)),
        }
    }

    fn check_names(&self, allowed: &str) -> Result<()> {
        match self.named.and_then(|named| named.iter().next()) {
            None => Ok(()),
            Some((name, _)) => Err(unknown(&name, allowed)),
        }
    }
}

fn check_once(name: &str, given: Arg<'_, '_>) -> Result<()> {
    match given.0 {
        None => Ok(()),
        Some(_) => Err(malformed_argument(format!("{name} is given twice"))),
    }
}

#[cold]
fn too_many(given: usize, places: usize, allowed: &str) -> Fault {
    malformed_argument(format!(
        "{given} arguments given by place, at most {places} may be; arguments: {allowed}"
    ))
}

#[cold]
fn unknown(name: &Bound<'_, PyAny>, allowed: &str) -> Fault {
    let name = name.str().map(|name| name.to_string_lossy().into_owned());
    match name {
        Ok(name) => malformed_argument(format!("unknown argument {name:?}; allowed: {allowed}")),
        Err(error) => error.into(),
    }
}

/// Places in a caller's code that call one method, of which the names are remembered.
const SEEN: usize = 4;
/// Arguments that may stand by place where pyo3 binds them.
const MOST_PLACES: usize = 3;
