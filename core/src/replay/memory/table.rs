//! Claimed tags: an index of fingerprints that fits a cache, over entries written one after another.

use super::calendar::Calendar;
use super::spill::Spill;
use crate::replay::ReplayTag;
use alloc::vec;
use alloc::vec::Vec;

/// A set of tags, each with its retain-until, of a size that is fixed when it is made: nothing in it ever grows or moves.
///
/// Its memory is allocated, zeroed, with its first tag. A tag that finds no place goes into a tree instead: one whose neighbourhood in the
/// index is full, one beyond the size, one retained beyond the year 2106. So the work for a tag is bounded whatever tags a peer contrives.
pub struct ReplayTable {
    size: u32,
    mask: u32,
    words: Vec<u32>,
    /// Words before the first line, so that lines are the cache's.
    skew: usize,
    count: u32,
    entries: Vec<[u64; 3]>,
    used: u32,
    dead: u32,
    lists: Calendar<[u32; 2]>,
    spill: Spill,
}

/// Where a tag that is not in the table would go; good until the table changes.
#[derive(Clone, Copy, Debug)]
pub struct ReplayPlace {
    tag: ReplayTag,
    line: u32,
    passed: u32,
    slot: u32,
}

impl ReplayTable {
    /// Empty tables for that many tags: a power of two of them, each somewhat larger than its part, for tags do not spread evenly.
    pub fn split(capacity: usize) -> Vec<Self> {
        let count = (capacity / TABLE).clamp(1, TABLES).next_power_of_two();
        let part = capacity.div_ceil(count);
        let size = if count == 1 { part } else { part + 6 * part.isqrt() };
        (0..count).map(|_| Self::new(size)).collect()
    }

    /// Which of that many tables, a power of two up to 256, a tag belongs to.
    pub fn number(tag: ReplayTag, count: usize) -> usize {
        usize::from(tag.as_bytes()[8]) & count.wrapping_sub(1)
    }

    /// An empty table that holds that many tags without the slow way, at most 2^31.
    pub const fn new(size: usize) -> Self {
        let size = size as u32;
        Self {
            size,
            mask: u32::MAX >> size.leading_zeros(),
            words: Vec::new(),
            skew: 0,
            count: size.div_ceil(FILL),
            entries: Vec::new(),
            used: 0,
            dead: 0,
            lists: Calendar::new(),
            spill: Spill::new(),
        }
    }

    /// Lets go of what ended before `now`, in Unix seconds. Its memory is taken back one by one, as new tags need it.
    #[inline]
    pub fn advance(&mut self, now: u64) {
        self.lists.advance(now, |_, [head, first]| {
            self.entries[index(first)][2] = pack(end_of(&self.entries[index(first)]), self.dead);
            self.dead = head;
        });
        self.spill.advance(now);
    }

    /// The latest time that it was advanced to.
    pub fn latest(&self) -> u64 {
        self.lists.latest()
    }

    /// A place for the tag, or `None` if it is there with a retain-until of at least `horizon`.
    // Inlined, like `put`: a place that is handed over through memory costs a tenth of the claim.
    #[inline(always)]
    pub fn find(&mut self, tag: ReplayTag, horizon: u64) -> Option<ReplayPlace> {
        if self.words.is_empty() {
            self.allocate();
        }
        let [low, high] = halves(tag);
        let line = self.home(low);
        let words = &self.lines()[line];
        let alike = scan(words, self.print(high), !self.mask);
        // Mostly its line holds nothing like it, was passed by nobody and has a free slot.
        if alike == 0 && words[0] < FULL && self.spill.is_empty() {
            return Some(ReplayPlace { tag, line: line as u32, passed: 0, slot: free_slot(words) });
        }
        self.search(tag, horizon)
    }

    #[inline(never)]
    fn search(&self, tag: ReplayTag, horizon: u64) -> Option<ReplayPlace> {
        let [low, high] = halves(tag);
        let mut line = self.home(low);
        let mut place = ReplayPlace { tag, line: 0, passed: 0, slot: 0 };
        for passed in 0..self.reach() {
            let words = &self.lines()[line];
            let alike = scan(words, self.print(high), !self.mask);
            let mut slots = (1..LINE).filter(|slot| alike >> slot & 1 == 1);
            if slots.any(|slot| self.holds(words[slot] & self.mask, tag, horizon)) {
                return None;
            }
            if place.slot == 0 && words[0] & FULL != FULL {
                place = ReplayPlace { tag, line: line as u32, passed, slot: free_slot(words) };
            }
            if place.slot != 0 && words[0] < PASSED {
                break;
            }
            line = self.next(line);
        }
        if self.spill.holds(tag, horizon) { None } else { Some(place) }
    }

    fn holds(&self, number: u32, tag: ReplayTag, horizon: u64) -> bool {
        let entry = &self.entries[index(number)];
        halves(tag) == entry[..2] && u64::from(end_of(entry)) >= horizon
    }

    /// Puts the tag into its place, which must be of this table and unchanged since.
    #[inline(always)]
    pub fn put(&mut self, place: ReplayPlace, retain_until: u64) {
        let Some((end, number)) = self.entry(place, retain_until) else {
            return self.spill.put(place.tag, retain_until);
        };
        let [low, high] = halves(place.tag);
        let mut passed = self.home(low);
        for _ in 0..place.passed {
            self.lines_mut()[passed][0] += PASSED;
            passed = self.next(passed);
        }
        let word = self.print(high) | number;
        let words = &mut self.lines_mut()[place.line as usize];
        words[0] |= 1 << place.slot;
        words[place.slot as usize & (LINE - 1)] = word;
        let list = self.lists.at(retain_until);
        self.entries[index(number)] = [low, high, pack(end, list[0])];
        *list = [number, if list[1] == 0 { number } else { list[1] }];
    }

    /// An entry to write to: a dead one, or one never used.
    #[inline]
    fn entry(&mut self, place: ReplayPlace, retain_until: u64) -> Option<(u32, u32)> {
        let end = u32::try_from(retain_until).ok()?;
        if place.slot == 0 {
            return None;
        }
        if self.dead != 0 {
            let number = self.dead;
            self.dead = self.entries[index(number)][2] as u32;
            self.unindex(number);
            return Some((end, number));
        }
        if self.used == self.size {
            return None;
        }
        self.used += 1;
        Some((end, self.used))
    }

    fn unindex(&mut self, number: u32) {
        let mask = self.mask;
        let mut line = self.home(self.entries[index(number)][0]);
        loop {
            let words = &mut self.lines_mut()[line];
            if let Some(slot) = (1..LINE).find(|slot| words[*slot] & mask == number) {
                words[slot] = 0;
                words[0] &= !(1 << slot);
                return;
            }
            words[0] -= PASSED;
            line = self.next(line);
        }
    }

    #[cold]
    fn allocate(&mut self) {
        self.words = vec![0; (self.count as usize + 1) * LINE];
        self.skew = self.words.as_ptr().align_offset(LINE * size_of::<u32>()).min(LINE);
        self.entries = vec![[0; 3]; self.size as usize];
    }

    fn lines(&self) -> &[[u32; LINE]] {
        self.words[self.skew..].as_chunks().0
    }

    fn lines_mut(&mut self) -> &mut [[u32; LINE]] {
        self.words[self.skew..].as_chunks_mut().0
    }

    /// The line at which a tag's search begins.
    fn home(&self, low: u64) -> usize {
        (((low >> 32) * u64::from(self.count)) >> 32) as usize
    }

    /// The bits of a tag that stand beside the number of its entry.
    fn print(&self, high: u64) -> u32 {
        (high >> 32) as u32 & !self.mask
    }

    fn next(&self, line: usize) -> usize {
        if line + 1 == self.count as usize { 0 } else { line + 1 }
    }

    fn reach(&self) -> u32 {
        self.count.min(REACH)
    }
}

/// Which of the slots that are taken hold that fingerprint, a bit each.
fn scan(words: &[u32; LINE], print: u32, bits: u32) -> u32 {
    let mut alike = 0;
    for (slot, &word) in words.iter().enumerate() {
        alike |= u32::from(word & bits == print) << slot;
    }
    alike & words[0] & FULL
}

/// The first slot that is not taken, of a line that is not full.
fn free_slot(words: &[u32; LINE]) -> u32 {
    (words[0] | 1).trailing_ones()
}

fn halves(tag: ReplayTag) -> [u64; 2] {
    let whole = u128::from_le_bytes(*tag.as_bytes());
    [whole as u64, (whole >> 64) as u64]
}

fn pack(end: u32, next: u32) -> u64 {
    u64::from(end) << 32 | u64::from(next)
}

fn end_of(entry: &[u64; 3]) -> u32 {
    (entry[2] >> 32) as u32
}

/// Entries are numbered from 1, so that 0 is none.
fn index(number: u32) -> usize {
    number as usize - 1
}

/// Tables of a guard, at most.
const TABLES: usize = 64;
/// Tags for which there is a table.
const TABLE: usize = 2048;
/// Words in a line of the index, a cache line: its first word, then 15 slots. The first word holds a bit for each slot that is taken, and
/// above them how many tags passed by for want of a slot.
const LINE: usize = 16;
/// The first word of a line of which every slot is taken.
const FULL: u32 = 0xFFFE;
/// One that passed by.
const PASSED: u32 = 1 << LINE;
/// Tags for which there is a line: few enough that lines seldom overflow.
const FILL: u32 = 9;
/// Lines that a search looks at. Random tags fill that many in a row once in 10^11 lines.
const REACH: u32 = 16;

#[cfg(test)]
mod tests;
