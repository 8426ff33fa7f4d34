//! When other threads of the interpreter may run meanwhile.

use pyo3::Python;

/// Does `work` over `size` bytes; the interpreter's lock is released only where that costs less than the work.
#[inline(always)]
pub(crate) fn work<T: Send>(py: Python<'_>, size: usize, work: impl FnOnce() -> T + Send) -> T {
    if is_short(size) { work() } else { py.detach(work) }
}

/// Whether work over `size` bytes keeps the interpreter's lock.
#[inline(always)]
pub(crate) fn is_short(size: usize) -> bool {
    size <= RELEASE_ABOVE
}

/// Hashing this many bytes takes about ten times as long as giving the lock away and getting it back.
const RELEASE_ABOVE: usize = 16 * 1024;
