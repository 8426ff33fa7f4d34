//! The table's atomic words. Under `cfg(loom)` they are those of loom, which plays every order of threads and every value that a load may see.

#[cfg(not(loom))]
pub(super) use core::sync::atomic::{AtomicU32, AtomicU64, fence};
#[cfg(loom)]
pub(super) use loom::sync::atomic::{AtomicU32, AtomicU64, fence};
