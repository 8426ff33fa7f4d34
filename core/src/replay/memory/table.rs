//! Claimed nonces: an index of fingerprints that fits a cache, over entries written one after another.

use super::calendar::Calendar;
use super::spill::Spill;
use crate::replay::ReplayMark;
use alloc::vec;
use alloc::vec::Vec;

/// A set of marks, each with its retain-until, of a size that is fixed when it is made: nothing in it ever grows or moves.
///
/// Its memory is allocated, zeroed, with its first mark. A mark that finds no place goes into a tree instead: one whose neighbourhood in the
/// index is full, one beyond the size, one retained beyond the year 2106. So the work for a mark is bounded whatever marks a peer contrives.
pub struct ReplayTable {
    size: u32,
    mask: u32,
    words: Vec<u32>,
    /// Words before the first line, so that lines are the cache's.
    skew: usize,
    count: u32,
    entries: Vec<Entry>,
    used: u32,
    dead: u32,
    lists: Calendar<[u32; 2]>,
    spill: Spill,
}

/// A mark, its retain-until, and the number of the next entry in a list.
type Entry = [u64; 4];

/// Where a mark that is not in the table would go; good until the table changes.
#[derive(Clone, Copy, Debug)]
pub struct ReplayPlace {
    mark: ReplayMark,
    line: u32,
    passed: u32,
    slot: u32,
}

impl ReplayTable {
    /// Empty tables for that many marks: a power of two of them, each somewhat larger than its part, for marks do not spread evenly.
    pub fn split(capacity: usize) -> Vec<Self> {
        let count = (capacity / TABLE).clamp(1, TABLES).max(capacity / LARGEST);
        let count = count.min(MOST_TABLES).next_power_of_two();
        let part = capacity.div_ceil(count);
        let size = if count == 1 { part } else { part + 6 * part.isqrt() };
        (0..count).map(|_| Self::new(size)).collect()
    }

    /// Which of that many tables, a power of two up to 256, a mark belongs to.
    pub fn number(mark: ReplayMark, count: usize) -> usize {
        spread(mark)[1] as usize >> 24 & count.wrapping_sub(1)
    }

    /// An empty table that holds that many marks without the slow way, at most 2^31.
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

    /// Lets go of what ended before `now`, in Unix seconds. Its memory is taken back one by one, as new marks need it.
    #[inline]
    pub fn advance(&mut self, now: u64) {
        self.lists.advance(now, |_, [head, first]| {
            self.entries[index(first)][3] = pack(end_of(&self.entries[index(first)]), self.dead);
            self.dead = head;
        });
        self.spill.advance(now);
    }

    /// The latest time that it was advanced to.
    pub fn latest(&self) -> u64 {
        self.lists.latest()
    }

    /// A place for the mark, or `None` if it is there with a retain-until of at least `horizon`.
    // Inlined, like `put`: a place that is handed over through memory costs a tenth of the claim.
    #[inline(always)]
    pub fn find(&mut self, mark: ReplayMark, horizon: u64) -> Option<ReplayPlace> {
        if self.words.is_empty() {
            self.allocate();
        }
        let [low, high] = spread(mark);
        let line = self.home(low);
        let words = &self.lines()[line];
        let alike = scan(words, self.print(high), !self.mask);
        // Mostly its line holds nothing like it, was passed by nobody and has a free slot.
        if alike == 0 && words[0] < FULL && self.spill.is_empty() {
            return Some(ReplayPlace { mark, line: line as u32, passed: 0, slot: free_slot(words) });
        }
        self.search(mark, horizon)
    }

    #[inline(never)]
    fn search(&self, mark: ReplayMark, horizon: u64) -> Option<ReplayPlace> {
        let [low, high] = spread(mark);
        let mut line = self.home(low);
        let mut place = ReplayPlace { mark, line: 0, passed: 0, slot: 0 };
        for passed in 0..self.reach() {
            let words = &self.lines()[line];
            let alike = scan(words, self.print(high), !self.mask);
            let mut slots = (1..LINE).filter(|slot| alike >> slot & 1 == 1);
            if slots.any(|slot| self.holds(words[slot] & self.mask, mark, horizon)) {
                return None;
            }
            if place.slot == 0 && words[0] & FULL != FULL {
                place = ReplayPlace { mark, line: line as u32, passed, slot: free_slot(words) };
            }
            if place.slot != 0 && words[0] < PASSED {
                break;
            }
            line = self.next(line);
        }
        if self.spill.holds(mark, horizon) { None } else { Some(place) }
    }

    fn holds(&self, number: u32, mark: ReplayMark, horizon: u64) -> bool {
        let entry = &self.entries[index(number)];
        entry[..3] == mark.0 && u64::from(end_of(entry)) >= horizon
    }

    /// Puts the mark into its place, which must be of this table and unchanged since.
    #[inline(always)]
    pub fn put(&mut self, place: ReplayPlace, retain_until: u64) {
        let Some((end, number)) = self.entry(place, retain_until) else {
            return self.spill.put(place.mark, retain_until);
        };
        let [low, high] = spread(place.mark);
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
        let [a, b, c] = place.mark.0;
        self.entries[index(number)] = [a, b, c, pack(end, list[0])];
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
            self.dead = self.entries[index(number)][3] as u32;
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
        let [a, b, c, _] = self.entries[index(number)];
        let mut line = self.home(spread(ReplayMark([a, b, c]))[0]);
        loop {
            let words = &mut self.lines_mut()[line];
            // Looked at all at once: a loop that ends at the slot ends elsewhere each time, and a wrong guess waits for the line.
            let slots = scan(words, number, mask);
            if slots != 0 {
                let slot = slots.trailing_zeros();
                words[slot as usize & (LINE - 1)] = 0;
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
        self.entries = vec![[0; 4]; self.size as usize];
    }

    fn lines(&self) -> &[[u32; LINE]] {
        self.words[self.skew..].as_chunks().0
    }

    fn lines_mut(&mut self) -> &mut [[u32; LINE]] {
        self.words[self.skew..].as_chunks_mut().0
    }

    /// The line at which a mark's search begins.
    fn home(&self, low: u64) -> usize {
        (((low >> 32) * u64::from(self.count)) >> 32) as usize
    }

    /// The bits of a mark that stand beside the number of its entry.
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

/// Two words that choose a mark's table, line and fingerprint. Each depends on all bits, so that marks spread whatever a signer counts its
/// nonces by. Marks that do not can be contrived all the same.
fn spread(mark: ReplayMark) -> [u64; 2] {
    let [low, high, source] = mark.0;
    let first = scatter(low ^ scatter(high ^ source));
    [first, scatter(high ^ first)]
}

fn scatter(word: u64) -> u64 {
    let word = (word ^ word >> 32).wrapping_mul(ODD);
    word ^ word >> 32
}

fn pack(end: u32, next: u32) -> u64 {
    u64::from(end) << 32 | u64::from(next)
}

fn end_of(entry: &Entry) -> u32 {
    (entry[3] >> 32) as u32
}

/// Entries are numbered from 1, so that 0 is none.
fn index(number: u32) -> usize {
    number as usize - 1
}

/// Tables of a guard: enough that threads seldom meet in one.
const TABLES: usize = 64;
/// Marks for which there are more of them, for the first mark of each waits until its memory is allocated and cleared.
const LARGEST: usize = 65_536;
/// As many as [`ReplayTable::number`] tells apart.
const MOST_TABLES: usize = 256;
/// Marks for which there is a table.
const TABLE: usize = 8192;
/// Words in a line of the index, a cache line: its first word, then 15 slots. The first word holds a bit for each slot that is taken, and
/// above them how many marks passed by for want of a slot.
const LINE: usize = 16;
/// The first word of a line of which every slot is taken.
const FULL: u32 = 0xFFFE;
/// One that passed by.
const PASSED: u32 = 1 << LINE;
/// Marks for which there is a line: few enough that lines seldom overflow.
const FILL: u32 = 9;
/// An odd number without a pattern: 2^64 over the golden ratio.
const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
/// Lines that a search looks at. Random marks fill that many in a row once in 10^11 lines.
const REACH: u32 = 16;

#[cfg(test)]
mod tests;
