//! Which part of the accounts a thread uses, so that threads seldom write to one another's cache lines.

use counterseal::ReplayBooks;
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What threads that claim in one lane do by turns.
pub(super) struct Lane {
    pub(super) books: ReplayBooks,
    pub(super) company: Company,
}

/// Which lanes of the guard were ever claimed in, as far as one has to know. It is changed by who has locked them all.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Company {
    /// Not this one yet, so that others may count on being alone.
    Absent,
    /// This one alone: nobody else looks at the table while it is locked.
    Alone,
    /// Others too.
    Shared,
}

impl Lane {
    pub(super) fn new() -> Self {
        Self { books: ReplayBooks::new(0, 0), company: Company::Absent }
    }
}

/// A value in cache lines of its own.
#[repr(align(128))]
pub(super) struct Apart<T>(pub(super) T);

/// This thread's lane, 0 to `COUNT` − 1. More threads than lanes share them, in turn.
pub(super) fn of_this_thread() -> usize {
    LANE.with(|lane| {
        if lane.get() == UNKNOWN {
            lane.set(NEXT.fetch_add(1, Ordering::Relaxed) % COUNT);
        }
        lane.get()
    })
}

// Few enough that loom gets through what locks them all.
pub(super) const COUNT: usize = if cfg!(loom) { 2 } else { 16 };

const UNKNOWN: usize = usize::MAX;
static NEXT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static LANE: Cell<usize> = const { Cell::new(UNKNOWN) };
}
