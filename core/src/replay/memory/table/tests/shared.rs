//! What threads of one table find: lines that others keep, and times that are past.

extern crate std;

use super::*;
use core::cell::{Cell, RefCell};
use core::sync::atomic::Ordering::Acquire;
use core::sync::atomic::{AtomicU64, AtomicUsize, fence};
use std::thread;

/// A line that was tidied in a later unit of time seems, by a time that is past, to be of long ago: all of it would be let go of.
#[test]
fn by_a_time_that_is_past_no_line_is_tidied() {
    let before = 5 * SPAN - 1;
    for later_line in [0, 1] {
        let mut set = Set::at(60, before);
        for more in 0..11 {
            set.put(set.mark(0, 3, 0, more), before + 100);
        }
        let (one, other) = (set.mark(later_line, 4, 1 << 20, 20), set.mark(0, 3, 2 << 20, 21));
        set.advance(before + 1);
        set.put(one, before + 100);
        // The thread that looks for the other comes to that line after its time has passed.
        let asked = Cell::new(0);
        let found = set.table.search(other, before, before + 90).find(|| {
            asked.set(asked.get() + 1);
            asked.get() <= later_line
        });
        assert!(matches!(found, ReplayFound::Busy));
        assert!(set.holds(one), "line {later_line}");
        assert_eq!(set.check(), 12, "line {later_line}");
    }
}

#[test]
fn by_a_time_that_is_past_there_is_no_place() {
    let mut set = Set::at(60, 1000);
    set.put(set.mark(1, 0, 1, 1), 1100);
    let search = set.search(set.mark(1, 0, 2 << 20, 2));
    assert!(search.at_home(|| false).is_none());
    assert!(search.at_home(|| true).map(ReplayPlace::leave).is_some(), "the line was left");
}

/// The entry of a mark that still lives by one thread's time is written over by another, for which it has ended.
#[test]
fn what_is_read_of_an_entry_that_another_may_write_over_is_nothing() {
    let mut set = Set::at(60, 1000);
    let (one, other) = (set.mark(0, 0, 1 << 20, 1), set.mark(1, 0, 2 << 20, 2));
    set.put(one, 1000);
    let Set { table, books, .. } = &mut set;
    let (table, books, asked) = (&*table, RefCell::new(books), Cell::new(0));
    let found = table.search(one, 1000, 1000).find(|| {
        asked.set(asked.get() + 1);
        if asked.get() == 1 {
            let mut books = books.borrow_mut();
            books.advance(1001, table);
            let ReplayFound::Free(place) = table.search(other, 1001, 1100).find(|| true) else {
                panic!("nobody claimed it")
            };
            books.hold(0, place, table);
        }
        asked.get() == 1
    });
    assert_eq!(asked.get(), 2);
    assert!(matches!(found, ReplayFound::Busy));
}

#[test]
fn a_line_that_another_keeps_is_not_waited_for() {
    let set = Set::new(60);
    let (one, other) = (set.mark(1, 0, 1 << 20, 1), set.mark(1, 0, 2 << 20, 2));
    assert!(!set.holds(one));
    let place = set.search(one).at_home(|| true).unwrap();
    for mark in [one, other] {
        assert!(!set.is_plain(mark));
        assert!(matches!(set.search(mark).find(|| true), ReplayFound::Busy));
    }
    place.leave();
    assert!(!set.holds(one));
    // Nor is one that is next to a full one; and what was locked on the way there is free again.
    let mut set = set;
    for more in 0..10 {
        set.put(set.mark(0, 0, 0, more), 100);
    }
    let place = set.search(one).at_home(|| true).unwrap();
    assert!(matches!(set.search(set.mark(0, 0, 0, 10)).find(|| true), ReplayFound::Busy));
    place.leave();
    set.check();
}

/// All marks of one line, so that each is in another's way, while time moves on from one unit to the next.
#[test]
fn threads_that_crowd_one_line_win_each_mark_once() {
    const MARKS: u64 = 100;
    for begin in [1000, 5 * SPAN - 2] {
        let (set, latest) = (Set::new(200), AtomicU64::new(0));
        let wins: Vec<_> = (0..MARKS).map(|_| AtomicUsize::new(0)).collect();
        thread::scope(|scope| {
            for thread in 0..3 {
                let (set, latest, wins) = (&set, &latest, &wins);
                scope.spawn(move || {
                    let mut books = ReplayBooks::new(usize::MAX, usize::MAX);
                    let owner = books.add("a");
                    for more in 0..MARKS {
                        let (now, end) = (begin + (more + 3 * thread) / 25, begin + 100);
                        latest.fetch_max(now, Relaxed);
                        let mark = set.mark(3, 1, (more as u32 % 9) << 20, more);
                        let won = loop {
                            let now = latest.load(Relaxed).max(now);
                            let is_latest = || {
                                fence(Acquire);
                                latest.load(Relaxed) <= now
                            };
                            books.advance(now, &set.table);
                            let search = set.table.search(mark, now, end);
                            let found = search
                                .at_home(is_latest)
                                .map_or_else(|| search.find(is_latest), ReplayFound::Free);
                            match found {
                                ReplayFound::Held => break 0,
                                ReplayFound::Busy => thread::yield_now(),
                                ReplayFound::Free(place) => {
                                    assert!(books.has_entry(&set.table) && place.fits());
                                    books.hold(owner, place, &set.table);
                                    break 1;
                                }
                            }
                        };
                        wins[more as usize].fetch_add(won, Relaxed);
                    }
                });
            }
        });
        assert!(wins.into_iter().all(|wins| wins.into_inner() == 1), "{begin}");
    }
}
