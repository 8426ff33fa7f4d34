//! `MemoryReplayGuard`, and `SharedReplayGuard`, the base of those in a store.

use crate::arguments::{Arg, Rest};
use crate::error::Result;
use crate::value::walk_options;
use counterseal_shared as shared;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// Remembers the nonces that were seen, up to a fixed capacity, and refuses when it is full rather than forget.
///
/// start (Unix seconds) refuses what was signed before it, since a guard that begins empty has forgotten; scope is a name shared by replicas;
/// owner_share is the part of the capacity that one owner may hold (half of it).
///
/// Raises CountersealError: malformed_argument.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct MemoryReplayGuard(pub(crate) shared::MemoryReplayGuard);

#[pymethods]
impl MemoryReplayGuard {
    #[new]
    #[pyo3(signature = (*more, **options), text_signature = "(*, capacity=None, start=None, scope=None, owner_share=None)")]
    fn new(more: &Bound<'_, PyTuple>, options: Option<&Bound<'_, PyDict>>) -> Result<Self> {
        Rest::new(more, None).nothing("capacity, start, scope, owner_share")?;
        Ok(Self(shared::MemoryReplayGuard::new(&walk_options(options)?)?))
    }

    fn __len__(&self) -> usize {
        self.0.len() as usize
    }

    /// A guard is there even while it is empty.
    fn __bool__(&self) -> bool {
        true
    }
}

/// The base of the guards in a store that replicas share; those for redis-py are in counterseal.redis.
///
/// scope is a name that all replicas share, cluster whether the store is a Redis Cluster. A subclass runs script in the store: ask(keys,
/// arguments) gives its reply, an int, or in words why there is none, and ask_async the same awaited. Where it has no ask, verify_async is the
/// way to verify.
///
/// Raises CountersealError: malformed_argument.
#[pyclass(frozen, subclass, module = "counterseal")]
pub(crate) struct SharedReplayGuard(pub(crate) shared::SharedReplayGuard);

#[pymethods]
impl SharedReplayGuard {
    #[new]
    #[pyo3(signature = (*more, **options), text_signature = "(*, scope=None, cluster=None)")]
    fn new(more: &Bound<'_, PyTuple>, options: Option<&Bound<'_, PyDict>>) -> Result<Self> {
        Rest::new(more, None).nothing("scope, cluster")?;
        Ok(Self(shared::SharedReplayGuard::new(&walk_options(options)?)?))
    }

    /// The Lua script that claims, in one atomic step by the store's own clock.
    #[classattr]
    fn script() -> &'static str {
        shared::SharedReplayGuard::script()
    }

    /// What to warn of, given the store's answer to INFO memory; None if it keeps what it was told.
    #[staticmethod]
    #[pyo3(signature = (info=Arg::ABSENT, /, *more, **named), text_signature = "(info)")]
    fn warning(
        info: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        named: Option<&Bound<'_, PyDict>>,
    ) -> Result<Option<String>> {
        let rest = Rest::new(more, named);
        Ok(shared::SharedReplayGuard::warning(rest.only("info", info, "info")?.text("info")?))
    }
}

/// The guard that a verifier is given.
pub(crate) enum Chosen<'a, 'py> {
    /// Of this process; absent, one of the verifier's own.
    Memory(Option<&'a shared::MemoryReplayGuard>),
    /// In a store.
    Shared(Borrowed<'a, 'py, SharedReplayGuard>),
}

impl<'a, 'py> Arg<'a, 'py> {
    /// An optional argument that is a guard of either kind.
    pub(crate) fn guard(self, name: &str) -> Result<Chosen<'a, 'py>> {
        let Some(object) = self.0.filter(|object| !object.is_none()) else { return Ok(Chosen::Memory(None)) };
        if let Ok(guard) = object.cast_exact::<MemoryReplayGuard>() {
            return Ok(Chosen::Memory(Some(&guard.get().0)));
        }
        let shared = object.cast::<SharedReplayGuard>();
        shared.map(Chosen::Shared).map_err(|_| self.wrong(name, "a MemoryReplayGuard or a SharedReplayGuard"))
    }
}
