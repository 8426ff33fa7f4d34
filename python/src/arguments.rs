//! How a call's arguments are bound, so that a wrong call answers `CountersealError` where Python would answer `TypeError`.
//!
//! Every method takes all it is given: pyo3 binds the names it knows without a detour, and what is left, `*more` and `**rest`, is judged here.
//! The one argument that may stand by place is positional-only to pyo3; by name it arrives in `rest`.

use crate::error::{Result, malformed_argument};
use pyo3::PyClass;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use std::convert::Infallible;

/// One argument, or its absence; `None` is a value, since it is JSON's null.
pub(crate) struct Arg<'py>(pub(crate) Option<Bound<'py, PyAny>>);

impl Arg<'_> {
    pub(crate) const ABSENT: Self = Self(None);
}

impl<'py> Arg<'py> {
    /// A required argument of one of this package's classes.
    pub(crate) fn instance<T: PyClass>(&self, name: &str, rule: &str) -> Result<&Bound<'py, T>> {
        let object = self.0.as_ref().and_then(|object| object.cast_exact::<T>().ok());
        object.ok_or_else(|| self.wrong(name, rule))
    }

    /// A required argument that is a list or a tuple.
    pub(crate) fn list(&self, name: &str, rule: &str) -> Result<Vec<Arg<'py>>> {
        let object = self.0.as_ref().ok_or_else(|| self.wrong(name, rule))?;
        if let Ok(list) = object.cast_exact::<PyList>() {
            return Ok(list.iter().map(|item| Arg(Some(item))).collect());
        }
        let tuple = object.cast_exact::<PyTuple>().map_err(|_| self.wrong(name, rule))?;
        Ok(tuple.iter().map(|item| Arg(Some(item))).collect())
    }
}

impl<'py> FromPyObject<'_, 'py> for Arg<'py> {
    type Error = Infallible;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> Result<Self, Infallible> {
        Ok(Self(Some(object.to_owned())))
    }
}

/// What a call was given beyond the names that pyo3 bound.
pub(crate) struct Rest<'a, 'py> {
    pub(crate) more: &'a Bound<'py, PyTuple>,
    pub(crate) named: Option<&'a Bound<'py, PyDict>>,
}

impl<'py> Rest<'_, 'py> {
    /// Refuses everything. `allowed` lists the arguments of the call.
    pub(crate) fn nothing(self, allowed: &str) -> Result<()> {
        check_places(self.more, 0, allowed)?;
        check_names(self.named, allowed)
    }

    /// The argument `name`, by place or by name, and nothing else. `allowed` lists the arguments of the call.
    pub(crate) fn only(self, name: &str, given: Arg<'py>, allowed: &str) -> Result<Arg<'py>> {
        check_places(self.more, 1, allowed)?;
        let given = self.by_name(name, given)?;
        check_names(self.named, allowed)?;
        Ok(given)
    }

    /// The argument `name`, by place or by name; what other names remain are options, which the core judges.
    pub(crate) fn with_options(&self, name: &str, given: Arg<'py>) -> Result<Arg<'py>> {
        check_places(self.more, 1, name)?;
        self.by_name(name, given)
    }

    fn by_name(&self, name: &str, given: Arg<'py>) -> Result<Arg<'py>> {
        let Some(named) = self.named else { return Ok(given) };
        let Some(value) = named.get_item(name)? else { return Ok(given) };
        check_once(name, &given)?;
        named.del_item(name)?;
        Ok(Arg(Some(value)))
    }
}

fn check_places(more: &Bound<'_, PyTuple>, places: usize, allowed: &str) -> Result<()> {
    match more.len() {
        0 => Ok(()),
        extra => {
            let given = places + extra;
            Err(malformed_argument(format!(
                "{given} arguments given by place, at most {places} may be; arguments: {allowed}"
            )))
        }
    }
}

fn check_names(named: Option<&Bound<'_, PyDict>>, allowed: &str) -> Result<()> {
    let Some((name, _)) = named.and_then(|named| named.iter().next()) else { return Ok(()) };
    Err(malformed_argument(format!(
        "unknown argument {:?}; allowed: {allowed}",
        name.str()?.to_string_lossy()
    )))
}

fn check_once(name: &str, given: &Arg<'_>) -> Result<()> {
    match given.0 {
        None => Ok(()),
        Some(_) => Err(malformed_argument(format!("{name} is given twice"))),
    }
}
