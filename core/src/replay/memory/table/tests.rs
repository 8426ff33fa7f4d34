use super::*;
use alloc::collections::BTreeMap;

/// A mark whose search begins at that line of the table, with that fingerprint, told apart by `more`.
fn mark(table: &mut ReplayTable, line: usize, print: u32, more: u32) -> ReplayMark {
    if table.words.is_empty() {
        table.allocate();
    }
    let lines = u64::from(table.count);
    let low = ((line as u64) << 32).div_ceil(lines) << 32 | u64::from(more & 0xFFFF);
    let high = u64::from(print) << 32 | u64::from(more >> 16);
    let second = gather(high) ^ low;
    ReplayMark([gather(low) ^ scatter(second), second, 0])
}

/// Undoes [`scatter`].
fn gather(word: u64) -> u64 {
    let inverse =
        (0..6).fold(1_u64, |inverse, _| inverse.wrapping_mul(2_u64.wrapping_sub(ODD.wrapping_mul(inverse))));
    let word = (word ^ word >> 32).wrapping_mul(inverse);
    word ^ word >> 32
}

fn put(table: &mut ReplayTable, mark: ReplayMark, end: u64) {
    let place = table.find(mark, 0).unwrap();
    table.put(place, end);
}

fn holds(table: &mut ReplayTable, mark: ReplayMark, horizon: u64) -> bool {
    table.find(mark, horizon).is_none()
}

/// What must hold of a table whatever was done to it.
fn check(table: &ReplayTable) {
    let mut indexed = alloc::vec![false; table.size as usize];
    let mut passed = alloc::vec![0; table.count as usize];
    for (at, words) in table.lines()[..passed.len()].iter().enumerate() {
        let taken = (1..LINE).filter(|slot| words[*slot] != 0).map(|slot| 1 << slot).sum::<u32>();
        assert_eq!(words[0] & FULL, taken);
        for word in words[1..].iter().filter(|word| **word != 0) {
            let number = word & table.mask;
            let [a, b, c, _] = table.entries[index(number)];
            let [low, high] = spread(ReplayMark([a, b, c]));
            assert_eq!(word & !table.mask, table.print(high));
            assert!(number <= table.used);
            assert!(!core::mem::replace(&mut indexed[index(number)], true), "indexed twice");
            let mut line = table.home(low);
            while line != at {
                passed[line] += 1;
                line = table.next(line);
            }
        }
    }
    assert_eq!(indexed.iter().filter(|indexed| **indexed).count(), table.used as usize);
    assert_eq!(
        table.lines()[..passed.len()].iter().map(|words| words[0] / PASSED).collect::<Vec<_>>(),
        passed
    );
}

#[test]
fn a_mark_is_found_until_it_ends() {
    let mut table = ReplayTable::new(10);
    let one = mark(&mut table, 0, 1, 1);
    assert!(!holds(&mut table, one, 0));
    put(&mut table, one, 100);
    assert!(holds(&mut table, one, 100));
    assert!(!holds(&mut table, one, 101));
    table.advance(100);
    assert_eq!(table.latest(), 100);
    assert!(holds(&mut table, one, 0));
}

#[test]
fn marks_that_differ_in_one_bit_are_two() {
    let mut table = ReplayTable::new(200);
    let one = mark(&mut table, 0, 0, 0);
    put(&mut table, one, 100);
    for bit in 0..192 {
        let mut other = one;
        other.0[bit / 64] ^= 1 << (bit % 64);
        assert!(!holds(&mut table, other, 0), "bit {bit}");
        put(&mut table, other, 100);
        assert!(holds(&mut table, other, 0) && holds(&mut table, one, 0), "bit {bit}");
    }
    check(&table);
}

#[test]
fn a_larger_guard_has_more_tables() {
    for (capacity, count) in [
        (1, 1),
        (16_383, 1),
        (16_384, 2),
        (262_144, 32),
        (1_000_000, 64),
        (10_000_000, 256),
        (100_000_000, 256),
    ] {
        let tables = ReplayTable::split(capacity);
        assert_eq!(tables.len(), count, "{capacity}");
        assert!(tables[0].size as usize * count >= capacity);
    }
}

#[test]
fn marks_spread_whatever_nonces_are_counted_by() {
    for place in 0..16 {
        for step in [1, 3, 256] {
            let mut table = ReplayTable::new(5000);
            for count in 0..5000_u128 {
                let bytes = (u128::from_le_bytes([7; 16]) ^ (count * step) << (8 * place)).to_le_bytes();
                let (halves, _) = bytes.as_chunks();
                let [low, high] = [halves[0], halves[1]].map(u64::from_le_bytes);
                // What leaves the nonce at its end is counted again.
                if table.find(ReplayMark([low, high, 9]), 0).is_some() {
                    put(&mut table, ReplayMark([low, high, 9]), 100);
                }
            }
            let passed: u32 =
                table.lines()[..table.count as usize].iter().map(|words| words[0] / PASSED).sum();
            assert!(passed < 250 && table.spill.is_empty(), "{passed} passed by, at {place} by {step}");
        }
    }
}

#[test]
fn a_full_line_is_passed_by() {
    let mut table = ReplayTable::new(30);
    assert!(holds_none(&mut table));
    let last = table.count as usize - 1;
    let marks: Vec<_> = (0..20).map(|more| mark(&mut table, last, 0, more)).collect();
    for mark in &marks {
        put(&mut table, *mark, 100);
    }
    check(&table);
    assert_eq!(
        (table.lines()[last][0], table.lines()[0][0], table.spill.len()),
        (5 * PASSED + FULL, 0b11_1110, 0)
    );
    assert!(marks.iter().all(|mark| holds(&mut table, *mark, 0)));
}

#[test]
fn a_line_that_was_passed_by_and_emptied_is_still_passed_by() {
    let mut table = ReplayTable::new(40);
    for more in 0..16 {
        let mark = mark(&mut table, 0, 0, more);
        put(&mut table, mark, if more == 15 { 200 } else { 100 });
    }
    table.advance(101);
    for more in 16..31 {
        let mark = mark(&mut table, 3, 0, more);
        put(&mut table, mark, 200);
    }
    assert_eq!(table.lines()[0][0], PASSED);
    let beyond = mark(&mut table, 0, 0, 15);
    assert!(holds(&mut table, beyond, 101));
    check(&table);
}

fn holds_none(table: &mut ReplayTable) -> bool {
    let any = mark(table, 0, 0, 0);
    !holds(table, any, 0)
}

#[test]
fn a_full_neighbourhood_spills() {
    let mut table = ReplayTable::new(1000);
    let marks: Vec<_> = (0..16 * 15 + 2).map(|more| mark(&mut table, 3, 0, more)).collect();
    for mark in &marks[..16 * 15] {
        put(&mut table, *mark, 100);
    }
    assert_eq!(table.spill.len(), 0);
    assert_eq!(
        (table.lines()[17][0], table.lines()[18][0], table.lines()[19][0]),
        (15 * PASSED + FULL, FULL, 0)
    );
    put(&mut table, marks[16 * 15], 100);
    put(&mut table, marks[16 * 15 + 1], 101);
    assert_eq!(table.spill.len(), 2);
    assert!(marks.iter().all(|mark| holds(&mut table, *mark, 100)));
    check(&table);
    table.advance(101);
    assert_eq!(table.spill.len(), 1);
    table.advance(102);
    assert_eq!(table.spill.len(), 0);
}

#[test]
fn a_full_table_spills_and_no_sooner() {
    let mut table = ReplayTable::new(9);
    for more in 0..9 {
        let mark = mark(&mut table, 0, 0, more);
        put(&mut table, mark, 100);
    }
    assert_eq!((table.used, table.spill.len()), (9, 0));
    let more = mark(&mut table, 0, 0, 9);
    put(&mut table, more, 100);
    assert_eq!((table.used, table.spill.len()), (9, 1));
    assert!(holds(&mut table, more, 100));
}

#[test]
fn far_ends_spill() {
    let mut table = ReplayTable::new(9);
    let marks: Vec<_> = (0..3).map(|more| mark(&mut table, 0, 0, more)).collect();
    for (mark, end) in marks.iter().zip([(1 << 32) - 1, 1 << 32, u64::MAX]) {
        put(&mut table, *mark, end);
        assert!(holds(&mut table, *mark, end));
    }
    assert_eq!((table.used, table.spill.len()), (1, 2));
    assert!(!holds(&mut table, marks[0], 1 << 32));
}

#[test]
fn what_spilled_is_let_go_of_a_few_at_a_time() {
    let mut table = ReplayTable::new(1);
    let marks: Vec<_> = (0..10).map(|more| mark(&mut table, 0, 0, more)).collect();
    for mark in &marks {
        put(&mut table, *mark, 100);
    }
    table.advance(100);
    assert_eq!(table.spill.len(), 9);
    let left = [(); 4].map(|()| {
        table.advance(101);
        assert!(marks.iter().all(|mark| !holds(&mut table, *mark, 101)));
        table.spill.len()
    });
    assert_eq!(left, [5, 1, 0, 0]);
}

#[test]
fn what_ended_is_written_over() {
    let mut table = ReplayTable::new(9);
    for round in 0..5 {
        table.advance(round * 10);
        for more in 0..9 {
            let mark = mark(&mut table, 0, 0, round as u32 * 100 + more);
            put(&mut table, mark, round * 10 + u64::from(more) % 3);
        }
        assert_eq!((table.used, table.spill.len()), (9, 0));
        check(&table);
    }
}

#[test]
fn a_mark_that_ended_may_be_put_again_beside_itself() {
    // Within the year 2106 in the table, beyond it in the tree.
    for start in [0, 1 << 32] {
        let mut table = ReplayTable::new(9);
        let one = mark(&mut table, 0, 0, 1);
        put(&mut table, one, start + 100);
        let place = table.find(one, start + 101).unwrap();
        table.put(place, start + 200);
        table.advance(start + 101);
        assert!(holds(&mut table, one, start + 101));
        assert_eq!(table.spill.len(), (start >> 32) as usize);
        table.advance(start + 201);
        assert!(!holds(&mut table, one, start + 201));
    }
}

#[test]
fn nothing_is_allocated_before_the_first_mark() {
    let mut table = ReplayTable::new(100_000_000);
    table.advance(1000);
    assert_eq!((table.words.capacity(), table.entries.capacity()), (0, 0));
}

#[test]
fn any_order_is_as_a_map_would_have_it() {
    let mut random = Random(1);
    for (size, prints) in [(1, 1), (2, 9), (9, 1), (10, 90), (40, 2), (40, 90), (300, 2), (300, 90)] {
        let (mut table, mut model) = (ReplayTable::new(size), BTreeMap::new());
        let mut now = 1000;
        for _ in 0..4000 {
            now += u64::from(random.below(8) == 0) * u64::from(random.below(9));
            table.advance(now);
            model.retain(|_, end| *end >= now);
            let more = random.below(3 * size as u32);
            let line = more as usize % 3 % size.div_ceil(FILL as usize);
            let one = mark(&mut table, line, (more % prints) << 20, more);
            assert_eq!(holds(&mut table, one, now), model.contains_key(&one));
            if !model.contains_key(&one) && model.len() < size {
                let end = now + u64::from(random.below(20));
                let place = table.find(one, now).unwrap();
                table.put(place, end);
                model.insert(one, end);
            }
        }
        check(&table);
        assert!(model.keys().all(|one| holds(&mut table, *one, now)));
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(end)) as u32
    }
}
