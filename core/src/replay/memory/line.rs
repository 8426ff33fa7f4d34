//! A line of the index, a line of the cache: ten slots, and which of them are taken.

use super::atomic::AtomicU64;
use core::hint;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// Three words are twelve values of 16 bits: when each slot ends, until when searches pass by, and the head. In the other five each slot has 32
/// bits: the number of an entry, and above it a fingerprint of its mark.
///
/// Times are seconds modulo 2^15 under a bit that is set, so that one subtraction compares four of them. A slot that has ended is free without
/// anybody clearing it; before it would seem to lie ahead again, the stamp in the head tells that the line is to be tidied.
///
/// What is computed from a line waits for it, and a processor that waits runs ahead only until a hundred instructions wait with it: the fewer
/// they are, the sooner it has asked for the next claim's line.
#[derive(Clone, Copy)]
pub(super) struct Line<'a>(pub(super) &'a [AtomicU64; WORDS]);

/// What a line held when it was read.
pub(super) struct Words([u64; WORDS]);

/// A time as lines have it.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    now: u64,
    stamp: u64,
}

impl Clock {
    #[inline(always)]
    pub(super) fn new(now: u64) -> Self {
        Self { now: (now & TIME) * EACH, stamp: (now / UNIT) << STAMP.trailing_zeros() | EVER }
    }

    /// A bit for each of four values that lies before now.
    #[inline(always)]
    fn ended(self, values: u64) -> u64 {
        values.wrapping_sub(self.now) & ENDED
    }

    /// Whether all of a line has ended that was last tidied under that head.
    fn is_beyond(self, head: u64) -> bool {
        head & EVER == 0 || (self.stamp & STAMPS).wrapping_sub(head & STAMPS) / STAMP > 2
    }
}

impl Line<'_> {
    /// Asks for the line, to have it sooner.
    #[inline(always)]
    pub(super) fn fetch(self) {
        counterseal_lanes::fetch(self.0);
    }

    /// Locks the line. Not, if another thread keeps it locked for long, as one does that was interrupted meanwhile.
    ///
    /// The acquire pairs with the release of [`Line::unlock`]: of what the last holder did before, this one sees the line, the entries that its
    /// slots name, and the latest time that it knew of. All else is relaxed, since a holder alone writes the line: an attempt that fails writes
    /// the head as it was, so that a holder may load and store it.
    #[inline(always)]
    pub(super) fn lock(self) -> bool {
        self.try_lock() || self.lock_later()
    }

    #[cfg(not(loom))]
    #[inline(always)]
    fn try_lock(self) -> bool {
        self.0[HEAD].fetch_or(LOCK, Acquire) & LOCK == 0
    }

    /// The same, but that an attempt which fails writes nothing: loom does not know that it comes before the store that unlocks.
    #[cfg(loom)]
    fn try_lock(self) -> bool {
        let head = self.0[HEAD].load(Relaxed);
        head & LOCK == 0 && self.0[HEAD].compare_exchange(head, head | LOCK, Acquire, Relaxed).is_ok()
    }

    #[cold]
    fn lock_later(self) -> bool {
        (0..PATIENCE).any(|_| {
            hint::spin_loop();
            self.try_lock()
        })
    }

    #[inline(always)]
    pub(super) fn unlock(self) {
        self.0[HEAD].store(self.0[HEAD].load(Relaxed) & !LOCK, Release);
    }

    #[inline(always)]
    pub(super) fn read(self) -> Words {
        let [a, b, c, d, e, f, g, h] = self.0;
        let [a, b, c, d] = [a.load(Relaxed), b.load(Relaxed), c.load(Relaxed), d.load(Relaxed)];
        Words([a, b, c, d, e.load(Relaxed), f.load(Relaxed), g.load(Relaxed), h.load(Relaxed)])
    }

    /// What the line holds, tidied if it is not.
    pub(super) fn tidied(self, clock: Clock) -> Words {
        let words = self.read();
        if words.is_tidy(clock) {
            return words;
        }
        self.tidy(clock);
        self.read()
    }

    /// Brings the stamp up to date, and with it what has ended: it ended a second ago. Of a line that all have passed by who will, forgets them.
    #[inline(never)]
    fn tidy(self, clock: Clock) {
        let head = self.0[HEAD].load(Relaxed);
        let before = (clock.now.wrapping_sub(1) & TIME | GUARD) * EACH;
        let tidied = |values: u64| {
            let ended = if clock.is_beyond(head) { ENDED } else { clock.ended(values) };
            let ended = (ended >> 14) * VALUE;
            values & !ended | before & ended
        };
        for word in &self.0[..HEAD] {
            word.store(tidied(word.load(Relaxed)), Relaxed);
        }
        let values = tidied(head) & !HEADS;
        let kept = if clock.ended(values) & PASSED == 0 { LOCK | SPILLED | KINDS } else { LOCK | SPILLED };
        // In one store: the lock is in it.
        self.0[HEAD].store(values | head & kept | clock.stamp & STAMPS, Relaxed);
    }

    /// Fills a slot.
    #[inline(always)]
    pub(super) fn fill(self, slot: u32, end: u64, number: u32) {
        let Slot { end: ends, number: numbers } = &SLOTS[slot as usize % SLOTS.len()];
        ends.set(self.0, end & TIME | GUARD);
        numbers.set(self.0, number.into());
    }

    /// Lets searches for that kind of mark pass by until the end of that second. The line is tidy.
    pub(super) fn pass(self, clock: Clock, end: u64, kind: u64) {
        let head = self.0[HEAD].load(Relaxed);
        let ahead = |time: u64| time.wrapping_sub(clock.now) & TIME;
        let until = (head / UNTIL.unit) & TIME;
        if clock.ended(head) & PASSED != 0 || ahead(end) > ahead(until) {
            UNTIL.set(self.0, end & TIME | GUARD);
        }
        self.0[HEAD].store(self.0[HEAD].load(Relaxed) | kind, Relaxed);
    }

    pub(super) fn set_spilled(self, spilled: bool) {
        let head = self.0[HEAD].load(Relaxed) & !SPILLED;
        self.0[HEAD].store(head | if spilled { SPILLED } else { 0 }, Relaxed);
    }
}

impl Words {
    /// Whether the line is tidy, no mark of it is in the spill, none of that kind passed by, and whether it is locked or not as
    /// it should be: a place that was neither filled nor left, as after a panic, keeps its line locked.
    #[inline(always)]
    pub(super) fn is_plain(&self, clock: Clock, kind: u64, locked: bool) -> bool {
        let lock = if locked { LOCK } else { 0 };
        self.0[HEAD] & (STAMPS | EVER | SPILLED | LOCK | kind) == clock.stamp | lock
    }

    /// Whether its times are to be read by this clock, and all that passed by have not ended.
    fn is_tidy(&self, clock: Clock) -> bool {
        let head = self.0[HEAD];
        head & (STAMPS | EVER) == clock.stamp && (head & KINDS == 0 || clock.ended(head) & PASSED == 0)
    }

    pub(super) fn is_passed(&self, kind: u64) -> bool {
        self.0[HEAD] & kind != 0
    }

    pub(super) fn is_spilled(&self) -> bool {
        self.0[HEAD] & SPILLED != 0
    }

    /// A bit for each slot that is free, at the slot's number; 0 if none is.
    #[inline(always)]
    pub(super) fn free(&self, clock: Clock) -> u64 {
        let (one, two, three) = (clock.ended(self.0[0]), clock.ended(self.0[1]), clock.ended(self.0[HEAD]));
        one >> 14 | two >> 13 | (three & IN_HEAD) >> 12
    }

    /// Whether no slot, taken or not, has such a fingerprint; `below` is of [`below`].
    #[inline(always)]
    pub(super) fn has_none_like(&self, print: u32, below: u64) -> bool {
        let print = twice(print);
        let reach = |at: usize| (self.0[at] ^ print).wrapping_add(below);
        let all = reach(3) & reach(4) & reach(5) & reach(6) & reach(7);
        all & twice(TOP) == twice(TOP)
    }

    /// The numbers in the slots that are taken and have that fingerprint, above the bits of the mask.
    pub(super) fn alike(&self, clock: Clock, print: u32, mask: u32) -> impl Iterator<Item = u32> {
        let free = self.free(clock);
        let taken = ALL.into_iter().filter(move |slot| free >> slot & 1 == 0);
        let words = taken.map(|slot| {
            let part = &SLOTS[slot].number;
            (self.0[part.word] / part.unit) as u32
        });
        // A slot that was never filled may seem taken, long after the line was tidied.
        words
            .filter(move |word| word & !mask == print)
            .map(move |word| word & mask)
            .filter(|number| *number != 0)
    }
}

#[cfg(test)]
impl Words {
    pub(super) fn is_locked(&self) -> bool {
        self.0[HEAD] & LOCK != 0
    }

    /// The numbers in the slots that are taken, and when those end, of 15 bits.
    pub(super) fn taken(&self, clock: Clock) -> impl Iterator<Item = (u32, u64)> {
        let free = if clock.is_beyond(self.0[HEAD]) { u64::MAX } else { self.free(clock) };
        ALL.into_iter().filter(move |slot| free >> slot & 1 == 0).map(|slot| {
            let Slot { end, number } = &SLOTS[slot];
            let number = (self.0[number.word] / number.unit) as u32;
            (number, (self.0[end.word] / end.unit) & TIME)
        })
    }

    /// Until when it is passed by, if that is not before now.
    pub(super) fn until(&self, now: u64) -> u64 {
        now + ((self.0[HEAD] / UNTIL.unit).wrapping_sub(now) & TIME)
    }
}

/// The bit of a head for marks of that kind, one of eight.
#[inline(always)]
pub(super) fn kind(kind: u32) -> u64 {
    FIRST_KIND << (kind % 8)
}

/// What a fingerprint that differs takes to reach the top bit, which neither has, and one that is the same does not, in two slots at a time:
/// numbers are up to the mask.
pub(super) fn below(mask: u32) -> u64 {
    twice(TOP - 1 - mask)
}

#[inline(always)]
fn twice(half: u32) -> u64 {
    u64::from(half) * (1 << 32 | 1)
}

/// Where a slot's values are: to look that up takes fewer instructions than to shift them there.
struct Slot {
    end: Part,
    number: Part,
}

/// Some bits of a word: which word, their lowest, and the bits beside them.
struct Part {
    word: usize,
    unit: u64,
    others: u64,
}

impl Part {
    #[inline(always)]
    fn set(&self, words: &[AtomicU64; WORDS], value: u64) {
        let word = &words[self.word % WORDS];
        word.store(word.load(Relaxed) & self.others | (value * self.unit), Relaxed);
    }
}

/// By the slots' numbers.
static SLOTS: [Slot; 64] = {
    const NO: Part = Part { word: 0, unit: 0, others: !0 };
    let mut slots = [const { Slot { end: NO, number: NO } }; 64];
    let mut at = 0;
    while at < ALL.len() {
        let (word, place) = (ALL[at] % 16, ALL[at] / 16);
        let end = 16 * place;
        let half = place % 2 * 32;
        slots[ALL[at]] = Slot {
            end: Part { word, unit: 1 << end, others: !(VALUE << end) },
            number: Part {
                word: NUMBERS + 2 * word + place / 2,
                unit: 1 << half,
                others: !((u32::MAX as u64) << half),
            },
        };
        at += 1;
    }
    slots
};

pub(super) const WORDS: usize = 8;
/// Seconds that a slot may lie ahead.
pub(super) const SPAN: u64 = 2 * UNIT;

/// The slots' numbers: which word has their end, and which sixteenth bit of it.
const ALL: [usize; 10] = [0, 16, 32, 48, 1, 17, 33, 49, 2, 18];
const IN_HEAD: u64 = 0xFFFF_FFFF;
const HEAD: usize = 2;
const NUMBERS: usize = 3;
const UNTIL: Part = Part { word: HEAD, unit: 1 << 32, others: !(VALUE << 32) };
const PASSED: u64 = 1 << 46;

const VALUE: u64 = 0xFFFF;
const EACH: u64 = 0x0001_0001_0001_0001;
const TIME: u64 = 0x7FFF;
const GUARD: u64 = 0x8000;
const ENDED: u64 = EACH << 14;
/// The top bit of a slot's fingerprint, which none has.
const TOP: u32 = 1 << 31;

/// The head: a lock, whether a mark of this line is in the spill, which kinds of mark passed by, and in which unit of time it was tidied.
const HEADS: u64 = VALUE << 48;
const LOCK: u64 = 1 << 48;
const SPILLED: u64 = 2 << 48;
const FIRST_KIND: u64 = 4 << 48;
const KINDS: u64 = 0xFF << 50;
const STAMP: u64 = 1 << 58;
const STAMPS: u64 = 0x3F << 58;
/// Set in every line but one that is all zeros, as all are at first.
const EVER: u64 = 1 << 47;
/// Seconds.
const UNIT: u64 = 1 << 12;
/// Attempts, of some ten nanoseconds.
#[cfg(not(loom))]
const PATIENCE: u32 = 100;
#[cfg(loom)]
const PATIENCE: u32 = 1;
