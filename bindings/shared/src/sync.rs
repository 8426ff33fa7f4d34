//! Locks and shared ownership, for as many threads as there are.
//!
//! A wasm module has one thread and no `std`. What Node's addon makes stays with the thread that made it, so the addon is compiled with
//! `cfg(counterseal_one_thread)`, and the compiler sees to it that rings and guards cannot be sent to another. There a lock only sees to it that
//! nothing is borrowed twice. Under `cfg(loom)` what the guard's threads share is loom's, which plays them in every order.

#[cfg(not(any(target_arch = "wasm32", counterseal_one_thread)))]
pub(crate) use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use std::sync::PoisonError;

#[cfg(not(any(loom, target_arch = "wasm32")))]
pub(crate) use std::sync::{Mutex, MutexGuard};

#[cfg(not(any(loom, target_arch = "wasm32", counterseal_one_thread)))]
pub(crate) use std::sync::atomic::{AtomicU64, fence};

#[cfg(loom)]
pub(crate) use loom::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicU64, fence},
};

#[cfg(any(target_arch = "wasm32", counterseal_one_thread))]
pub(crate) use alloc::rc::Rc as Arc;
#[cfg(target_arch = "wasm32")]
pub(crate) use one_thread::Mutex;
#[cfg(any(target_arch = "wasm32", counterseal_one_thread))]
pub(crate) use one_thread::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The same calls as those of `std`. They know of no poison: in a module a panic ends it, and elsewhere only a ring is behind such a lock, which
/// changes by whole steps.
#[cfg(any(target_arch = "wasm32", counterseal_one_thread))]
mod one_thread {
    use core::cell::{Ref, RefCell, RefMut};

    pub(crate) type RwLockReadGuard<'a, T> = Ref<'a, T>;
    pub(crate) type RwLockWriteGuard<'a, T> = RefMut<'a, T>;
    type LockResult<G> = Result<G, PoisonError<G>>;

    #[cfg(target_arch = "wasm32")]
    #[derive(Debug, Default)]
    pub(crate) struct Mutex<T>(RefCell<T>);

    #[derive(Debug, Default)]
    pub(crate) struct RwLock<T>(RefCell<T>);

    pub(crate) struct PoisonError<G>(G);

    impl<G> PoisonError<G> {
        pub(crate) fn into_inner(self) -> G {
            self.0
        }
    }

    #[cfg(target_arch = "wasm32")]
    impl<T> Mutex<T> {
        pub(crate) const fn new(value: T) -> Self {
            Self(RefCell::new(value))
        }

        pub(crate) fn lock(&self) -> LockResult<RefMut<'_, T>> {
            Ok(self.0.borrow_mut())
        }
    }

    impl<T> RwLock<T> {
        pub(crate) const fn new(value: T) -> Self {
            Self(RefCell::new(value))
        }

        pub(crate) fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
            Ok(self.0.borrow())
        }

        pub(crate) fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
            Ok(self.0.borrow_mut())
        }
    }
}
