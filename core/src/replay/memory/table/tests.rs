use super::*;
use alloc::collections::BTreeMap;

/// A tag whose search begins at that line of the table, with that fingerprint, told apart by `more`.
fn tag(table: &mut ReplayTable, line: usize, print: u32, more: u32) -> ReplayTag {
    if table.words.is_empty() {
        table.allocate();
    }
    let lines = u64::from(table.count);
    let low = ((line as u64) << 32).div_ceil(lines) << 32 | u64::from(more & 0xFFFF);
    let high = u64::from(print) << 32 | u64::from(more >> 16);
    ReplayTag((u128::from(high) << 64 | u128::from(low)).to_le_bytes())
}

fn put(table: &mut ReplayTable, tag: ReplayTag, end: u64) {
    let place = table.find(tag, 0).unwrap();
    table.put(place, end);
}

fn holds(table: &mut ReplayTable, tag: ReplayTag, horizon: u64) -> bool {
    table.find(tag, horizon).is_none()
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
            let [low, high, _] = table.entries[index(number)];
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
fn a_tag_is_found_until_it_ends() {
    let mut table = ReplayTable::new(10);
    let one = tag(&mut table, 0, 1, 1);
    assert!(!holds(&mut table, one, 0));
    put(&mut table, one, 100);
    assert!(holds(&mut table, one, 100));
    assert!(!holds(&mut table, one, 101));
    table.advance(100);
    assert_eq!(table.latest(), 100);
    assert!(holds(&mut table, one, 0));
}

#[test]
fn tags_that_differ_in_one_bit_are_two() {
    let mut table = ReplayTable::new(200);
    let one = tag(&mut table, 0, 0, 0);
    put(&mut table, one, 100);
    for bit in 0..128 {
        let other = ReplayTag((u128::from_le_bytes(one.0) ^ 1 << bit).to_le_bytes());
        assert!(!holds(&mut table, other, 0), "bit {bit}");
        put(&mut table, other, 100);
        assert!(holds(&mut table, other, 0) && holds(&mut table, one, 0), "bit {bit}");
    }
    check(&table);
}

#[test]
fn a_full_line_is_passed_by() {
    let mut table = ReplayTable::new(30);
    assert!(holds_none(&mut table));
    let last = table.count as usize - 1;
    let tags: Vec<_> = (0..20).map(|more| tag(&mut table, last, 0, more)).collect();
    for tag in &tags {
        put(&mut table, *tag, 100);
    }
    check(&table);
    assert_eq!(
        (table.lines()[last][0], table.lines()[0][0], table.spill.len()),
        (5 * PASSED + FULL, 0b11_1110, 0)
    );
    assert!(tags.iter().all(|tag| holds(&mut table, *tag, 0)));
}

#[test]
fn a_line_that_was_passed_by_and_emptied_is_still_passed_by() {
    let mut table = ReplayTable::new(40);
    for more in 0..16 {
        let tag = tag(&mut table, 0, 0, more);
        put(&mut table, tag, if more == 15 { 200 } else { 100 });
    }
    table.advance(101);
    for more in 16..31 {
        let tag = tag(&mut table, 3, 0, more);
        put(&mut table, tag, 200);
    }
    assert_eq!(table.lines()[0][0], PASSED);
    let beyond = tag(&mut table, 0, 0, 15);
    assert!(holds(&mut table, beyond, 101));
    check(&table);
}

fn holds_none(table: &mut ReplayTable) -> bool {
    let any = tag(table, 0, 0, 0);
    !holds(table, any, 0)
}

#[test]
fn a_full_neighbourhood_spills() {
    let mut table = ReplayTable::new(1000);
    let tags: Vec<_> = (0..16 * 15 + 2).map(|more| tag(&mut table, 3, 0, more)).collect();
    for tag in &tags[..16 * 15] {
        put(&mut table, *tag, 100);
    }
    assert_eq!(table.spill.len(), 0);
    assert_eq!(
        (table.lines()[17][0], table.lines()[18][0], table.lines()[19][0]),
        (15 * PASSED + FULL, FULL, 0)
    );
    put(&mut table, tags[16 * 15], 100);
    put(&mut table, tags[16 * 15 + 1], 101);
    assert_eq!(table.spill.len(), 2);
    assert!(tags.iter().all(|tag| holds(&mut table, *tag, 100)));
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
        let tag = tag(&mut table, 0, 0, more);
        put(&mut table, tag, 100);
    }
    assert_eq!((table.used, table.spill.len()), (9, 0));
    let more = tag(&mut table, 0, 0, 9);
    put(&mut table, more, 100);
    assert_eq!((table.used, table.spill.len()), (9, 1));
    assert!(holds(&mut table, more, 100));
}

#[test]
fn far_ends_spill() {
    let mut table = ReplayTable::new(9);
    let tags: Vec<_> = (0..3).map(|more| tag(&mut table, 0, 0, more)).collect();
    for (tag, end) in tags.iter().zip([(1 << 32) - 1, 1 << 32, u64::MAX]) {
        put(&mut table, *tag, end);
        assert!(holds(&mut table, *tag, end));
    }
    assert_eq!((table.used, table.spill.len()), (1, 2));
    assert!(!holds(&mut table, tags[0], 1 << 32));
}

#[test]
fn what_spilled_is_let_go_of_a_few_at_a_time() {
    let mut table = ReplayTable::new(1);
    let tags: Vec<_> = (0..10).map(|more| tag(&mut table, 0, 0, more)).collect();
    for tag in &tags {
        put(&mut table, *tag, 100);
    }
    table.advance(100);
    assert_eq!(table.spill.len(), 9);
    let left = [(); 4].map(|()| {
        table.advance(101);
        assert!(tags.iter().all(|tag| !holds(&mut table, *tag, 101)));
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
            let tag = tag(&mut table, 0, 0, round as u32 * 100 + more);
            put(&mut table, tag, round * 10 + u64::from(more) % 3);
        }
        assert_eq!((table.used, table.spill.len()), (9, 0));
        check(&table);
    }
}

#[test]
fn a_tag_that_ended_may_be_put_again_beside_itself() {
    // Within the year 2106 in the table, beyond it in the tree.
    for start in [0, 1 << 32] {
        let mut table = ReplayTable::new(9);
        let one = tag(&mut table, 0, 0, 1);
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
fn nothing_is_allocated_before_the_first_tag() {
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
            let one = tag(&mut table, line, (more % prints) << 20, more);
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
