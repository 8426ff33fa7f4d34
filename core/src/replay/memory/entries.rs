//! Entries, and lines of the index, as they lie in memory.

use super::atomic::{AtomicU64, fence};
use crate::replay::ReplayMark;
use alloc::vec;
use alloc::vec::Vec;
use core::sync::atomic::Ordering::{Relaxed, Release};

/// Words that are zero at first, in lines of the cache.
pub(super) struct Zeroed {
    words: Vec<AtomicU64>,
    /// Words before the first line.
    skew: usize,
}

impl Zeroed {
    pub(super) fn new(count: usize) -> Self {
        // The system gives zeros as they are touched, and the compiler sees that to make atomic words of them is nothing to do.
        let words: Vec<_> = vec![0_u64; count + LINE].into_iter().map(AtomicU64::new).collect();
        let skew = words.as_ptr().align_offset(LINE * size_of::<u64>()).min(LINE);
        Self { words, skew }
    }

    #[inline(always)]
    pub(super) fn rows<const N: usize>(&self) -> &[[AtomicU64; N]] {
        self.words[self.skew..].as_chunks().0
    }
}

/// A mark, its retain-until, and the number of the next entry in a list. Entries are numbered from 1, so that 0 is none.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a>(pub(super) &'a [AtomicU64; ENTRY]);

impl Entry<'_> {
    /// Writes the entry, of which one thread's books alone dispose. What it holds may still be live by the time of another thread, which reads it
    /// under the lock of a line that named it before.
    ///
    /// The release pairs with the acquire by which that thread asks afterwards whether its time is the latest: having read of what is written here,
    /// it sees the later time that this thread knew of, and takes what it read for nothing. That an entry is whole once a slot names it, the line's
    /// lock sees to.
    #[inline(always)]
    pub(super) fn write(self, ReplayMark([low, high, source]): ReplayMark, end: u64, next: u32) {
        fence(Release);
        let [first, second, third, last] = self.0;
        first.store(low, Relaxed);
        second.store(high, Relaxed);
        third.store(source, Relaxed);
        last.store(end << 32 | u64::from(next), Relaxed);
    }

    #[inline(always)]
    pub(super) fn next(self) -> u32 {
        self.0[LAST].load(Relaxed) as u32
    }

    /// Changes nothing that another thread looks at.
    pub(super) fn set_next(self, next: u32) {
        let last = self.0[LAST].load(Relaxed);
        self.0[LAST].store(last >> 32 << 32 | u64::from(next), Relaxed);
    }

    /// Whether it is of that mark and has not ended.
    pub(super) fn holds(self, mark: ReplayMark, now: u64) -> bool {
        let [low, high, source, last] = self.0;
        let held = [low, high, source].map(|word| word.load(Relaxed));
        let left = ((last.load(Relaxed) >> 32) as u32).wrapping_sub(now as u32);
        ReplayMark(held) == mark && left <= i32::MAX as u32
    }
}

pub(super) const ENTRY: usize = 4;
const LAST: usize = 3;
const LINE: usize = 8;
