use super::super::spill::ReplaySpill;
use super::super::table::ReplayFound;
use super::*;
use crate::nonce::Nonce;
use crate::replay::SignedNonce;

/// Books over a table of that size, and nonces that are never the same.
struct Kept {
    books: ReplayBooks,
    table: ReplayTable,
    spill: ReplaySpill,
    next: u128,
}

impl Kept {
    fn new(size: usize, limit: usize, owner_limit: usize) -> Self {
        let (books, table) = (ReplayBooks::new(limit, owner_limit), ReplayTable::new(size));
        Self { books, table, spill: ReplaySpill::new(), next: 0 }
    }

    fn advance(&mut self, now: u64) {
        self.books.advance(now, &self.table);
    }

    fn hold(&mut self, owner: &str, end: u64) -> Result<(), ErrorCode> {
        let number = self.books.find(owner);
        self.books.check(number)?;
        let number = number.unwrap_or_else(|| self.books.add(owner));
        self.next += 1;
        let nonce = Nonce::from_bytes(self.next.to_le_bytes());
        let search = self.table.search(SignedNonce::new("f", "k", &nonce).mark(), self.books.latest(), end);
        let ReplayFound::Free(place) = search.find(|| true) else {
            return Err(ErrorCode::Replayed);
        };
        self.books.hold_or_spill(number, place, (&self.table, &mut self.spill));
        Ok(())
    }
}

#[test]
fn limits_are_kept_for_all_and_for_each() {
    let mut kept = Kept::new(3, 3, 2);
    assert_eq!(["a", "a", "a"].map(|owner| kept.hold(owner, 9)), [Ok(()), Ok(()), Err(LIMITED)]);
    assert_eq!(["b", "b", "c"].map(|owner| kept.hold(owner, 9)), [Ok(()), Err(FULL), Err(FULL)]);
    assert_eq!(kept.hold("a", 9), Err(LIMITED));
    assert_eq!((kept.books.live(), kept.books.find("c")), (3, None));
    kept.advance(9);
    assert_eq!((kept.books.live(), kept.books.latest(), kept.books.horizon()), (3, 9, 0));
    kept.advance(10);
    assert_eq!((kept.books.live(), kept.books.latest(), kept.books.horizon()), (0, 10, 10));
    assert_eq!(kept.hold("a", 11), Ok(()));
}

#[test]
fn the_horizon_is_above_the_highest_end_discarded() {
    let mut kept = Kept::new(9, 9, 9);
    for end in [30_000, 12, 11] {
        assert_eq!(kept.hold("a", end), Ok(()));
    }
    kept.advance(20);
    assert_eq!((kept.books.horizon(), kept.books.live()), (13, 1));
    kept.hold("a", 15).unwrap();
    kept.advance(16);
    assert_eq!((kept.books.horizon(), kept.books.live()), (16, 1));
    kept.hold("b", 25_000).unwrap();
    kept.advance(50_000);
    assert_eq!((kept.books.horizon(), kept.books.live()), (30_001, 0));
}

#[test]
fn limits_can_be_set() {
    let mut kept = Kept::new(9, 0, 0);
    assert_eq!(kept.hold("a", 9), Err(LIMITED));
    let number = kept.books.add("a");
    kept.books.set_owner_limit(number, 2);
    assert_eq!(kept.hold("a", 9), Err(FULL));
    kept.books.set_limit(1);
    assert_eq!(kept.hold("a", 9), Ok(()));
    assert_eq!((kept.books.held(number), kept.hold("a", 9)), (1, Err(FULL)));
}

#[test]
fn an_owner_is_forgotten_with_what_it_held() {
    let mut kept = Kept::new(100, 100, 1);
    for i in 0..64 {
        kept.hold(&alloc::format!("o{i}"), 9).unwrap();
    }
    kept.advance(10);
    kept.hold("one", 11).unwrap();
    assert_eq!((kept.books.find("o0"), kept.books.find("one")), (None, Some(0)));
}

#[test]
fn entries_are_written_over_when_what_they_hold_has_ended() {
    let mut kept = Kept::new(9, 9, 9);
    for round in 1..6 {
        kept.advance(round * 10);
        for more in 0..9 {
            kept.hold("a", round * 10 + more % 3).unwrap();
        }
        assert_eq!((kept.spill.len(), kept.books.has_entry(&kept.table)), (0, false));
    }
    // What is far ahead ends beside what came later.
    kept.advance(70);
    for end in [4000, 71, 71] {
        kept.hold("a", end).unwrap();
    }
    kept.advance(80);
    for _ in 0..8 {
        kept.hold("a", 4000).unwrap();
    }
    assert_eq!((kept.spill.len(), kept.books.has_entry(&kept.table)), (0, false));
    kept.advance(4001);
    for _ in 0..9 {
        kept.hold("a", 4002).unwrap();
    }
    assert_eq!((kept.spill.len(), kept.books.live()), (0, 9));
}

#[test]
fn a_full_table_spills_and_no_sooner() {
    let mut kept = Kept::new(9, 20, 20);
    for _ in 0..9 {
        kept.hold("a", 9).unwrap();
    }
    assert_eq!(kept.spill.len(), 0);
    kept.hold("a", 9).unwrap();
    assert_eq!((kept.spill.len(), kept.books.live()), (1, 10));
}

#[test]
fn entries_can_be_taken_over() {
    let mut kept = Kept::new(200, 200, 200);
    for _ in 0..100 {
        kept.hold("a", 9).unwrap();
    }
    let mut others = ReplayBooks::new(0, 0);
    // What is in use stays; of the rest, some at a time.
    for left in [100, 36, 0, 0] {
        assert_eq!(free(&kept.books, &kept.table) + unused(&kept), left);
        others.take_entries(&mut kept.books, &kept.table);
    }
    assert_eq!((free(&others, &kept.table), kept.books.has_entry(&kept.table)), (100, false));
    kept.advance(10);
    for left in [100, 36, 0, 0] {
        assert_eq!(free(&kept.books, &kept.table), left);
        others.take_entries(&mut kept.books, &kept.table);
    }
    assert_eq!(free(&others, &kept.table), 200);
}

/// The length of the list of entries to write to.
fn free(books: &ReplayBooks, table: &ReplayTable) -> usize {
    let mut count = 0;
    let mut number = books.free;
    while number != 0 {
        count += 1;
        number = table.entry(number).next();
    }
    count
}

/// Entries that were never used, of a table that these books alone write to.
fn unused(kept: &Kept) -> usize {
    kept.books.unused.len() + kept.table.left()
}

const LIMITED: ErrorCode = ErrorCode::RateLimited;
const FULL: ErrorCode = ErrorCode::ReplayGuardFull;
