//! Claimed nonces: an index of fingerprints, over entries written one after another.

use super::atomic::AtomicU32;
use super::entries::{ENTRY, Entry, Zeroed};
use super::line::{self, Clock, Line, SPAN, WORDS};
use crate::replay::ReplayMark;
use core::ops::Range;
use core::sync::atomic::Ordering::Relaxed;

/// A set of marks, each with its retain-until, of a size that is fixed when it is made: nothing in it ever grows or moves. Threads may share it:
/// each line of its index has a lock, and each entry one [`ReplayBooks`](super::ReplayBooks) that may write it.
///
/// A mark that finds no place goes into a [`ReplaySpill`](super::ReplaySpill) instead: one whose neighbourhood in the index is full, one for
/// which there is no entry, one retained for more than two hours. So the work for a mark is bounded whatever marks a peer contrives.
pub struct ReplayTable {
    size: u32,
    mask: u32,
    below: u64,
    count: u32,
    lines: Zeroed,
    entries: Zeroed,
    used: AtomicU32,
}

/// A search for a mark that has begun.
///
/// It sees the table as of its time, and what ended before counts no more. A thread with a later time may write over that while this one, whose
/// clock was read before, still looks for it. So who shares the table keeps the latest time of any search in one place, raises it before the
/// search, and lets the search ask whether it is still its own: after each lock that it takes, and once it has read entries.
#[derive(Clone, Copy)]
pub struct ReplaySearch<'a> {
    table: &'a ReplayTable,
    mark: ReplayMark,
    now: u64,
    end: u64,
    line: Line<'a>,
    hash: u32,
    print: u32,
}

/// What a search has found.
pub enum ReplayFound<'a> {
    /// The mark is there, and has not ended.
    Held,
    /// It is not there, and would go here.
    Free(ReplayPlace<'a>),
    /// It cannot be told: another thread kept a line for too long, or came with a later time.
    Busy,
}

/// Where a mark that is not in the table would go. Until it is put there or left, no other thread finds a place for that mark; of a place that
/// is neither, as after a panic, the lines stay locked, and no mark of theirs is accepted any more.
#[must_use = "its lines are locked until a mark is put there or the place is left"]
pub struct ReplayPlace<'a> {
    search: ReplaySearch<'a>,
    line: Line<'a>,
    slot: u32,
    locked: u32,
    passed: u32,
    spilled: bool,
}

impl ReplayTable {
    /// An empty table for that many marks, at most 2^30. The system gives its memory as it is used.
    pub fn new(size: usize) -> Self {
        let size = size as u32;
        let (mask, count) = (u32::MAX >> size.leading_zeros(), (size * LINES).div_ceil(FILL));
        Self {
            size,
            mask,
            below: line::below(mask),
            count,
            lines: Zeroed::new(count as usize * WORDS),
            entries: Zeroed::new(size as usize * ENTRY),
            used: AtomicU32::new(0),
        }
    }

    /// Fetches the line of a mark that may be searched for next.
    #[inline(always)]
    pub fn expect(&self, mark: ReplayMark) {
        let [hash, _] = spread(mark);
        self.line(self.home(hash)).fetch();
    }

    /// Begins to search for a mark with that retain-until, of which `now` is the latest time of any search. It fetches the mark's line, which
    /// is seldom near, while the caller does what can be done without.
    #[inline(always)]
    pub fn search(&self, mark: ReplayMark, now: u64, retain_until: u64) -> ReplaySearch<'_> {
        let [hash, print] = spread(mark);
        let line = self.line(self.home(hash));
        line.fetch();
        ReplaySearch { table: self, mark, now, end: retain_until, line, hash, print: print & !self.mask }
    }

    /// Fetches an entry that is written next; 0 is none.
    #[inline(always)]
    pub(super) fn fetch_entry(&self, number: u32) {
        if let Some(entry) = self.entries.rows::<ENTRY>().get((number as usize).wrapping_sub(1)) {
            counterseal_lanes::fetch(entry);
        }
    }

    #[inline(always)]
    pub(super) fn entry(&self, number: u32) -> Entry<'_> {
        Entry(&self.entries.rows()[number as usize - 1])
    }

    /// The numbers of some entries that nobody used; of none if there are none. Relaxed: that no two threads get the same is all it takes.
    #[inline(never)]
    pub(super) fn unused(&self) -> Range<u32> {
        let some = (self.size / PARTS).clamp(1, PART);
        let taken = self
            .used
            .fetch_update(Relaxed, Relaxed, |used| (used < self.size).then(|| (used + some).min(self.size)));
        taken.map_or(0..0, |used| used + 1..(used + some).min(self.size) + 1)
    }

    /// The line that many after the hash's own; after the last comes the first.
    fn beside(&self, hash: u32, passed: u32) -> Line<'_> {
        let at = self.home(hash) + passed;
        self.line(if at < self.count { at } else { at - self.count })
    }

    // Values, not a place: what is handed over through memory costs a tenth of the claim.
    #[inline(never)]
    fn unlock(&self, hash: u32, count: u32) {
        (0..count).for_each(|passed| self.beside(hash, passed).unlock());
    }

    #[inline(never)]
    fn pass(&self, hash: u32, passed: u32, now: u64, end: u64) {
        let (clock, kind) = (Clock::new(now), line::kind(hash));
        (0..passed).for_each(|passed| self.beside(hash, passed).pass(clock, end, kind));
    }

    /// How many entries nobody used.
    #[cfg(test)]
    pub(super) fn left(&self) -> usize {
        (self.size - self.used.load(Relaxed)) as usize
    }

    /// The line that belongs to that part of all hashes.
    #[inline(always)]
    fn home(&self, hash: u32) -> u32 {
        ((u64::from(hash) * u64::from(self.count)) >> 32) as u32
    }

    #[inline(always)]
    fn line(&self, at: u32) -> Line<'_> {
        Line(&self.lines.rows()[at as usize])
    }
}

impl<'a> ReplaySearch<'a> {
    /// Whether a slot can tell when the mark ends: not before the search's time, and not too far ahead.
    #[inline(always)]
    pub fn fits(&self) -> bool {
        self.end.wrapping_sub(self.now) <= SPAN
    }

    #[inline(always)]
    pub(super) fn mark(&self) -> ReplayMark {
        self.mark
    }

    #[inline(always)]
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// A place for the mark as it mostly is: its line holds nothing like it, was passed by nobody like it and has a free slot. `None` says nothing.
    #[inline(always)]
    pub fn at_home(self, is_latest: impl Fn() -> bool) -> Option<ReplayPlace<'a>> {
        if !self.line.lock() {
            return None;
        }
        let place = self.place_at_home(true, is_latest);
        if place.is_none() {
            self.line.unlock();
        }
        place
    }

    /// [`ReplaySearch::at_home`] for who alone searches the table meanwhile: the line need not be locked.
    #[inline(always)]
    pub fn at_home_alone(self, is_latest: impl Fn() -> bool) -> Option<ReplayPlace<'a>> {
        self.place_at_home(false, is_latest)
    }

    #[inline(always)]
    fn place_at_home(self, locked: bool, is_latest: impl Fn() -> bool) -> Option<ReplayPlace<'a>> {
        let (line, clock) = (self.line, Clock::new(self.now));
        let words = line.read();
        let free = words.free(clock);
        let plain = words.is_plain(clock, line::kind(self.hash), locked);
        if plain && words.has_none_like(self.print, self.table.below) && free != 0 && is_latest() {
            let slot = free.trailing_zeros();
            return Some(ReplayPlace { search: self, line, slot, locked: 1, passed: 0, spilled: false });
        }
        None
    }

    /// What the table knows of the mark.
    #[inline(never)]
    pub fn find(self, is_latest: impl Fn() -> bool) -> ReplayFound<'a> {
        let mut place =
            ReplayPlace { search: self, line: self.line, slot: NONE, locked: 0, passed: 0, spilled: false };
        let held = place.look(&is_latest);
        match held {
            // What was read of an entry is nothing, if a thread with a later time may have written it.
            Some(held) if is_latest() => {
                if !held {
                    return ReplayFound::Free(place);
                }
                place.leave();
                ReplayFound::Held
            }
            _ => {
                place.leave();
                ReplayFound::Busy
            }
        }
    }
}

impl ReplayPlace<'_> {
    /// Locks as many lines as tell where the mark goes, and whether it is held; `None` if one cannot be had.
    fn look(&mut self, is_latest: &impl Fn() -> bool) -> Option<bool> {
        let ReplaySearch { table, mark, now, hash, print, .. } = self.search;
        let (clock, kind) = (Clock::new(now), line::kind(hash));
        for passed in 0..table.count.min(REACH) {
            let line = table.beside(hash, passed);
            if !line.lock() {
                return None;
            }
            self.locked += 1;
            // By a time that is past, a line that was tidied since would seem to be of long ago, and all it holds would be let go of.
            if !is_latest() {
                return None;
            }
            let words = line.tidied(clock);
            self.spilled |= passed == 0 && words.is_spilled();
            if !words.has_none_like(print, table.below)
                && words.alike(clock, print, table.mask).any(|number| table.entry(number).holds(mark, now))
            {
                return Some(true);
            }
            let free = words.free(clock);
            if self.slot == NONE && free != 0 {
                (self.line, self.slot, self.passed) = (line, free.trailing_zeros(), passed);
            }
            if self.slot != NONE && !words.is_passed(kind) {
                break;
            }
        }
        Some(false)
    }

    /// Whether the spill may hold the mark, so that it must be asked.
    pub fn is_spilled(&self) -> bool {
        self.spilled
    }

    /// Whether the mark can be put here: there is a slot, and a slot can tell when the mark ends.
    #[inline(always)]
    pub fn fits(&self) -> bool {
        self.slot != NONE && self.search.fits()
    }

    /// Leaves the place as it was.
    #[inline(always)]
    pub fn leave(self) {
        let ReplaySearch { table, hash, line, .. } = self.search;
        if self.locked != 1 {
            return table.unlock(hash, self.locked);
        }
        line.unlock();
    }

    #[inline(always)]
    pub(super) fn search(&self) -> &ReplaySearch<'_> {
        &self.search
    }

    /// Puts the mark here, where it fits, by the number of its entry.
    #[inline(always)]
    pub(super) fn put(self, number: u32) {
        let ReplaySearch { table, now, end, hash, print, .. } = self.search;
        self.line.fill(self.slot, end, print | number);
        if self.passed > 0 {
            table.pass(hash, self.passed, now, end);
        }
        self.leave();
    }

    /// Notes whether the spill may hold a mark of this line.
    pub(super) fn set_spilled(&self, spilled: bool) {
        self.search.line.set_spilled(spilled);
    }
}

/// What a mark's line and kind are chosen by, and its fingerprint. Nonces that count up differ in both.
#[inline(always)]
fn spread(ReplayMark([low, high, source]): ReplayMark) -> [u32; 2] {
    let mixed = u128::from(low ^ source ^ ODD) * u128::from(high ^ OTHER);
    let mixed = (mixed >> 64) as u64 ^ mixed as u64;
    [(mixed >> 32) as u32, mixed as u32 >> 1]
}

/// So many lines for so many marks: few enough marks that lines seldom overflow, few enough lines that a mark takes 44 bytes with its entry.
const LINES: u32 = 3;
const FILL: u32 = 16;
/// Lines that a search looks at. Random marks never fill that many in a row.
const REACH: u32 = 16;
/// No slot.
const NONE: u32 = u32::MAX;
/// Entries that are given out at a time, at most, and into how many parts a small table is given out.
const PART: u32 = 256;
const PARTS: u32 = 64;
const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
const OTHER: u64 = 0xD1B5_4A32_D192_ED03;

#[cfg(test)]
mod tests;
