//! Locks and shared ownership. A wasm module has one thread and no `std`: there a lock only sees to it that nothing is borrowed twice. Under
//! `cfg(loom)` what the guard's threads share is loom's, which plays them in every order.

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

#[cfg(not(any(loom, target_arch = "wasm32")))]
pub(crate) use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicU64, fence},
};

#[cfg(loom)]
pub(crate) use loom::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicU64, fence},
};

#[cfg(target_arch = "wasm32")]
pub(crate) use alloc::rc::Rc as Arc;
#[cfg(target_arch = "wasm32")]
pub(crate) use alone::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The same calls as those of `std`. A panic ends the module, so no lock is ever poisoned.
#[cfg(target_arch = "wasm32")]
mod alone {
    use core::cell::{Ref, RefCell, RefMut};

    pub(crate) type RwLockReadGuard<'a, T> = Ref<'a, T>;
    pub(crate) type RwLockWriteGuard<'a, T> = RefMut<'a, T>;
    type LockResult<G> = Result<G, PoisonError<G>>;

    #[derive(Debug, Default)]
    pub(crate) struct Mutex<T>(RefCell<T>);

    #[derive(Debug, Default)]
    pub(crate) struct RwLock<T>(RefCell<T>);

    pub(crate) struct PoisonError<G>(G);

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

    impl<G> PoisonError<G> {
        pub(crate) fn into_inner(self) -> G {
            self.0
        }
    }
}
