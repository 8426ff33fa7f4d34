mod shared;
mod times;

use super::super::books::ReplayBooks;
use super::super::spill::ReplaySpill;
use super::*;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// A table with all that goes with it, of one owner who may hold any number.
struct Set {
    table: ReplayTable,
    books: ReplayBooks,
    spill: ReplaySpill,
    owner: usize,
}

impl Set {
    fn new(size: usize) -> Self {
        let mut books = ReplayBooks::new(usize::MAX, usize::MAX);
        let owner = books.add("a");
        Self { table: ReplayTable::new(size), books, spill: ReplaySpill::new(), owner }
    }

    fn at(size: usize, now: u64) -> Self {
        let mut set = Self::new(size);
        set.advance(now);
        set
    }

    fn advance(&mut self, now: u64) {
        self.books.advance(now, &self.table);
        self.spill.advance(now);
    }

    /// A mark of that line, kind and fingerprint, told apart by `more`.
    fn mark(&self, line: u32, kind: u32, print: u32, more: u64) -> ReplayMark {
        let hash = ((u64::from(line) << 32).div_ceil(self.table.count.into()) + 7) & !7 | u64::from(kind);
        let mixed = hash << 32 | u64::from(print) << 1;
        // One times that is that.
        ReplayMark([mixed ^ ODD ^ more, OTHER ^ 1, more])
    }

    fn search(&self, mark: ReplayMark) -> ReplaySearch<'_> {
        self.search_until(mark, self.books.latest())
    }

    fn search_until(&self, mark: ReplayMark, end: u64) -> ReplaySearch<'_> {
        self.table.search(mark, self.books.latest(), end)
    }

    fn find(&self, mark: ReplayMark) -> Option<ReplayPlace<'_>> {
        let search = self.search(mark);
        // The way that is mostly taken must not tell otherwise.
        let home = search.at_home(|| true).map(|place| {
            let home = (place.slot, place.is_spilled());
            place.leave();
            home
        });
        let place = match search.find(|| true) {
            ReplayFound::Free(place) => place,
            ReplayFound::Held => {
                assert_eq!(home, None);
                return None;
            }
            ReplayFound::Busy => panic!("nobody else is here"),
        };
        assert!(home.is_none_or(|home| home == (place.slot, place.is_spilled()) && place.passed == 0));
        if self.spill.holds(&place, self.books.latest()) {
            place.leave();
            return None;
        }
        Some(place)
    }

    fn holds(&self, mark: ReplayMark) -> bool {
        self.find(mark).map(ReplayPlace::leave).is_none()
    }

    /// Whether the way that is mostly taken finds a place.
    fn is_plain(&self, mark: ReplayMark) -> bool {
        self.search(mark).at_home(|| true).map(ReplayPlace::leave).is_some()
    }

    /// Whether the spill must be asked for it.
    fn is_spilled(&self, mark: ReplayMark) -> bool {
        self.find(mark).is_some_and(|place| {
            let spilled = place.is_spilled();
            place.leave();
            spilled
        })
    }

    fn put(&mut self, mark: ReplayMark, end: u64) {
        let search = self.table.search(mark, self.books.latest(), end);
        let place = match search.at_home(|| true).map_or_else(|| search.find(|| true), ReplayFound::Free) {
            ReplayFound::Free(place) => place,
            _ => panic!("it is there"),
        };
        self.books.hold_or_spill(self.owner, place, (&self.table, &mut self.spill));
    }

    /// What must hold of a table whatever was done to it, and how many marks it holds that have not ended.
    fn check(&self) -> usize {
        let (now, mut live) = (self.books.latest(), 0);
        for at in 0..self.table.count {
            let words = self.table.line(at).read();
            assert!(!words.is_locked());
            for (number, end) in words.taken(Clock::new(now)) {
                let number = number & self.table.mask;
                if number == 0 && now > YEAR / 200 {
                    continue;
                }
                let [low, high, source, last] = self.table.entry(number).0;
                let search = self.search(ReplayMark([low, high, source].map(|word| word.load(Relaxed))));
                let last = last.load(Relaxed) >> 32;
                // After days, what ended may take up room for a while, whatever its entry holds by then.
                if (last < now || last & 0x7FFF != end) && now > YEAR / 200 {
                    continue;
                }
                assert_eq!((last & 0x7FFF, last >= now), (end, true));
                let mut passed = self.table.home(search.hash);
                while passed != at {
                    let words = self.table.line(passed).read();
                    assert!(words.is_passed(line::kind(search.hash)));
                    assert!(words.until(now) >= last);
                    passed = (passed + 1) % self.table.count;
                }
                live += 1;
            }
        }
        live
    }
}

#[test]
fn a_mark_is_found_until_it_ends() {
    let mut set = Set::at(10, 90);
    let one = set.mark(0, 0, 1, 1);
    assert!(!set.holds(one));
    set.put(one, 100);
    assert!(set.holds(one));
    set.advance(100);
    assert!(set.holds(one));
    set.advance(101);
    assert!(!set.holds(one));
}

#[test]
fn marks_that_differ_in_one_bit_are_two() {
    let mut set = Set::new(400);
    let one = set.mark(9, 3, 0x1234_5678, 7);
    set.put(one, 100);
    for bit in 0..192 {
        let mut other = one;
        other.0[bit / 64] ^= 1 << (bit % 64);
        assert!(!set.holds(other), "bit {bit}");
        set.put(other, 100);
        assert!(set.holds(other) && set.holds(one), "bit {bit}");
    }
    assert_eq!((set.check(), set.spill.len()), (193, 0));
}

/// Marks of one line and fingerprint, from which only their entries tell them apart.
#[test]
fn marks_of_one_fingerprint_are_told_apart() {
    let mut set = Set::new(100);
    for print in [0, 7 << 20, set.search(set.mark(0, 0, u32::MAX >> 1, 0)).print] {
        let marks: Vec<_> = (0..5).map(|more| set.mark(1, 0, print, more + 1)).collect();
        for mark in &marks {
            assert!(!set.holds(*mark));
            set.put(*mark, 100);
        }
        assert!(marks.iter().all(|mark| set.holds(*mark)));
    }
    assert_eq!(set.check(), 15);
}

#[test]
fn a_full_line_is_passed_by() {
    let mut set = Set::new(50);
    let last = set.table.count - 1;
    let marks: Vec<_> = (0..15).map(|more| set.mark(last, 3, 0, more)).collect();
    for mark in &marks {
        set.put(*mark, 100);
    }
    assert_eq!((set.check(), set.spill.len()), (15, 0));
    assert!(marks.iter().all(|mark| set.holds(*mark)));
    assert_eq!(set.table.line(0).read().taken(Clock::new(0)).count(), 5);
}

#[test]
fn a_line_that_was_passed_by_and_emptied_is_still_passed_by() {
    let mut set = Set::at(60, 50);
    for more in 0..11 {
        let mark = set.mark(0, 3, 0, more);
        set.put(mark, if more == 10 { 200 } else { 100 });
    }
    set.advance(101);
    assert_eq!((set.check(), set.holds(set.mark(0, 3, 0, 10))), (1, true));
    // Another kind of mark has nothing to look for behind the line, and may fill it.
    assert!(set.is_plain(set.mark(0, 4, 1 << 20, 99)));
    assert!(!set.is_plain(set.mark(0, 3, 1 << 20, 99)));
    // When all that passed have ended, nobody need pass by.
    set.advance(201);
    assert!(!set.holds(set.mark(0, 3, 0, 10)));
    assert!(set.is_plain(set.mark(0, 3, 1 << 20, 99)));
}

#[test]
fn a_line_is_passed_by_until_the_last_has_ended() {
    for ends in [[200, 300], [300, 200], [300, 300]] {
        let mut set = Set::at(60, 100);
        for more in 0..10 {
            set.put(set.mark(0, 3, 0, more), 150);
        }
        for (end, more) in ends.into_iter().zip(10..) {
            set.put(set.mark(0, 3, 0, more), end);
        }
        for now in [150, 151, 200, 201, 300, 301] {
            set.advance(now);
            let held: Vec<_> = (10..12).map(|more| set.holds(set.mark(0, 3, 0, more))).collect();
            assert_eq!(held, ends.map(|end| end >= now), "{now}");
            set.check();
        }
    }
}

#[test]
fn a_full_neighbourhood_spills() {
    let mut set = Set::new(1000);
    let marks: Vec<_> = (0..162).map(|more| set.mark(3, 0, 0, more)).collect();
    for mark in &marks[..160] {
        set.put(*mark, 100);
    }
    assert_eq!((set.check(), set.spill.len()), (160, 0));
    assert_eq!(set.table.line(18).read().taken(Clock::new(0)).count(), 10);
    assert_eq!(set.table.line(19).read().taken(Clock::new(0)).count(), 0);
    set.put(marks[160], 100);
    set.put(marks[161], 101);
    assert_eq!(set.spill.len(), 2);
    assert!(marks.iter().all(|mark| set.holds(*mark)));
    // Only searches from this line need ask the spill.
    let beside = set.mark(19, 0, 1 << 20, 0);
    assert!(!set.holds(beside));
    assert!(set.is_plain(beside));
    set.advance(101);
    assert_eq!((set.spill.len(), set.holds(marks[160]), set.holds(marks[161])), (1, false, true));
    assert!(set.is_spilled(marks[160]));
    set.advance(102);
    assert_eq!(set.spill.len(), 0);
    set.put(marks[160], 200);
    assert_eq!((set.spill.len(), set.check()), (0, 1));
    assert!(!set.holds(marks[0]) && !set.is_spilled(marks[0]));
}

#[test]
fn what_ends_too_far_ahead_or_before_the_latest_time_spills() {
    let mut set = Set::at(9, 5000);
    let marks: Vec<_> = (0..5).map(|more| set.mark(0, 0, 0, more)).collect();
    for (mark, end) in marks.iter().zip([5000 + SPAN, 5001 + SPAN, 1 << 40, u64::MAX, 4999]) {
        set.put(*mark, end);
    }
    assert_eq!((set.check(), set.spill.len()), (1, 4));
    assert!(marks[..4].iter().all(|mark| set.holds(*mark)));
    let place = set.find(marks[4]).unwrap();
    assert_eq!([4999, 5000].map(|horizon| set.spill.holds(&place, horizon)), [true, false]);
    place.leave();
}

#[test]
fn what_spilled_is_let_go_of_a_few_at_a_time() {
    let mut set = Set::new(1);
    let marks: Vec<_> = (0..10).map(|more| set.mark(0, 0, 0, more)).collect();
    for mark in &marks {
        set.put(*mark, 100);
    }
    set.advance(100);
    assert_eq!(set.spill.len(), 9);
    let left = [(); 4].map(|()| {
        set.advance(101);
        assert!(marks.iter().all(|mark| !set.holds(*mark)));
        set.spill.len()
    });
    assert_eq!(left, [5, 1, 0, 0]);
}

#[test]
fn a_mark_that_ended_may_be_put_again_beside_itself() {
    // In the table, and in the spill.
    for (size, spilled) in [(9, 0), (0, 1)] {
        let mut set = Set::new(size.max(1));
        let other = set.mark(0, 0, 0, 2);
        if size == 0 {
            set.put(other, 1000);
        }
        let one = set.mark(0, 0, 0, 1);
        set.put(one, 100);
        // As for a claim before the table has let go of anything.
        let ReplayFound::Free(place) = set.table.search(one, 101, 200).find(|| true) else {
            panic!("it has ended")
        };
        set.books.hold_or_spill(set.owner, place, (&set.table, &mut set.spill));
        set.advance(101);
        assert_eq!((set.holds(one), set.spill.len()), (true, spilled));
        set.advance(201);
        assert_eq!((set.holds(one), set.spill.len()), (false, 0));
    }
}

#[test]
fn any_order_is_as_a_map_would_have_it() {
    let mut random = Random(1);
    for (size, prints) in [(1, 1), (2, 9), (9, 1), (10, 90), (40, 2), (40, 90), (300, 2), (300, 90)] {
        for far in [9, 9, 40_000] {
            let (mut set, mut model) = (Set::at(size, 1000), BTreeMap::new());
            let mut now = 1000;
            for _ in 0..3000 {
                now += u64::from(random.below(8) == 0) * u64::from(random.below(far));
                set.advance(now);
                model.retain(|_, end| *end >= now);
                let more = random.below(3 * size as u32);
                let line = more % 3 % set.table.count;
                let one = set.mark(line, more % 5, (more % prints) << 20, more.into());
                assert_eq!(set.holds(one), model.contains_key(&one));
                if !model.contains_key(&one) && model.len() < size {
                    let end = now + u64::from(random.below(20 + far / 3));
                    set.put(one, end);
                    model.insert(one, end);
                }
            }
            assert_eq!(set.check() + set.spill.len(), model.len());
            assert!(model.keys().all(|one| set.holds(*one)));
        }
    }
}

#[test]
fn nonces_that_count_up_spread() {
    const SIZE: u64 = 20_000;
    let forms: [fn(u64) -> [u64; 2]; 4] =
        [|n| [n, 0], |n| [0, n], |n| [n.swap_bytes(), u64::MAX / 0xFF * 7], |n| [n, n]];
    for form in forms {
        let mut set = Set::new(SIZE as usize);
        let mut away = 0;
        for number in 0..SIZE {
            let [low, high] = form(number);
            let mark = ReplayMark([low, high, 0x1234_5678_9ABC_DEF0]);
            let place = set.find(mark).unwrap();
            away += u64::from(place.passed > 0);
            place.leave();
            set.put(mark, 100);
        }
        assert_eq!((set.check(), set.spill.len()), (SIZE as usize, 0));
        assert!(away < SIZE / 20, "{away}");
    }
}

#[test]
fn a_mark_takes_44_bytes_at_most() {
    for size in [384, 262_144, 10_000_000] {
        let table = ReplayTable::new(size);
        let bytes = 8 * (table.lines.rows::<1>().len() + table.entries.rows::<1>().len());
        assert!(bytes <= 44 * size + 128, "{}", bytes as f64 / size as f64);
    }
}

const YEAR: u64 = 366 * 86_400;

struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(end)) as u32
    }
}
