#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use super::contract::{Call, Model, Random, claim, guard, nonce};
use super::*;
use counterseal::SignedNonce;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Any order of claims on any lanes, by a clock that mostly goes on and is sometimes stepped.
#[test]
fn every_answer_is_the_contracts_whichever_thread_asks() {
    let mut random = Random(1);
    let mut answers = BTreeMap::new();
    for round in 0..800 {
        let capacity = [1, 2, 3, 5, 8, 40, 200][random.below(7) as usize];
        let share = 1 + random.below(capacity as u32) as usize;
        let start = if random.below(3) == 0 { 1000 } else { 0 };
        let lanes = [1, 2, lane::COUNT as u32][random.below(3) as usize];
        let size = if random.below(2) == 0 { capacity } else { 1 + capacity / 4 };
        let guard = guard(capacity, share, start, size);
        let mut model = Model::new(capacity, share, start);
        let (mut clock, steps, far) = (1000, random.below(3), [1, 3, 2000][random.below(3) as usize]);
        for step in 0..150 {
            clock = match random.below(40) {
                0..8 => clock + 1,
                8 => clock + u64::from(random.below(20 * far)),
                9 if steps > 0 => clock - u64::from(random.below(15)).min(clock - 900),
                10 if steps > 1 => 900 + u64::from(random.below(200)),
                _ => clock,
            };
            let call = Call {
                nonce: random.below(2 * capacity as u32 + 4),
                owner: random.below(3),
                end: clock + u64::from(random.below(30 * far)) - u64::from(random.below(4)),
                now: clock,
            };
            let expected = model.claim(call);
            let lane = random.below(lanes) as usize;
            assert_eq!(claim(&guard, lane, call), expected, "round {round}, step {step}: {call:?}");
            assert!(guard.len() <= capacity);
            *answers.entry(expected.err().map_or("ok", ErrorCode::as_str)).or_insert(0) += 1;
        }
        // One more, for those that are gone: in one lane or in many, what is live is what the model holds.
        let ended = Call { nonce: 0, owner: 0, end: 901, now: clock + 1 };
        assert_eq!(model.claim(ended), claim(&guard, 0, ended));
    }
    assert!(answers.len() == 6 && answers.values().all(|count| *count > 300), "{answers:?}");
}

#[test]
fn of_threads_that_race_one_wins() {
    for size in [4000, 1000, 10] {
        let guard = guard(4000, 4000, 0, size);
        let wins: Vec<_> = (0..4000).map(|_| AtomicUsize::new(0)).collect();
        race(4, |lane| {
            for nonce in 0..4000 {
                match claim(&guard, lane, Call { nonce, owner: nonce % 3, end: 1100, now: 1000 }) {
                    Ok(()) => wins[nonce as usize].fetch_add(1, Ordering::Relaxed),
                    Err(code) => {
                        assert_eq!(code, ErrorCode::Replayed);
                        0
                    }
                };
            }
        });
        assert!(wins.into_iter().all(|wins| wins.into_inner() == 1));
        assert_eq!(guard.len(), 4000);
    }
}

/// The clock ticks while threads claim the same tags, so that some come a second late, and memory is taken back all the time; and one thread's
/// clock is stepped back now and then. It ticks past the second at which lines begin to count time anew, too.
#[test]
fn no_tag_is_accepted_twice_while_the_clock_ticks() {
    for (begin, step) in [(1000, 0), (5 * 4096 - 200, 0), (5 * 4096 - 200, 3)] {
        let guard = guard(300, 300, 0, 40);
        let wins: Vec<_> = (0..20_000).map(|_| AtomicUsize::new(0)).collect();
        race(4, |lane| {
            for nonce in 0..20_000_u32 {
                let end = begin + u64::from(nonce / 50) + u64::from(nonce % 3);
                let back = if lane == 3 && nonce % 100 == 7 { step } else { 0 };
                let now = begin + u64::from((nonce + 13 * lane as u32) / 50) - back;
                if claim(&guard, lane, Call { nonce, owner: 0, end, now }).is_ok() {
                    wins[nonce as usize].fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        let wins: Vec<_> = wins.into_iter().map(AtomicUsize::into_inner).collect();
        assert!(wins.iter().all(|wins| *wins <= 1), "{begin} {step}");
        assert!(wins.iter().sum::<usize>() > 1000, "{begin} {step}");
    }
}

#[test]
fn threads_that_race_exceed_no_limit_and_use_it_up() {
    for size in [1000, 80] {
        let guard = guard(1000, 400, 0, size);
        let fresh: [AtomicUsize; 3] = Default::default();
        race(4, |lane| {
            for nonce in 0..500 {
                let owner = nonce % 3;
                let call = Call { nonce: nonce + 1000 * lane as u32, owner, end: 1100, now: 1000 };
                match claim(&guard, lane, call) {
                    Ok(()) => fresh[owner as usize].fetch_add(1, Ordering::Relaxed),
                    Err(code) => {
                        assert!(REFUSED.contains(&code), "{code:?}");
                        0
                    }
                };
            }
        });
        let fresh = fresh.map(AtomicUsize::into_inner);
        assert!(fresh.iter().all(|count| *count <= 400), "{fresh:?}");
        assert_eq!((fresh.iter().sum::<usize>(), guard.len()), (1000, 1000), "{fresh:?}");
        assert_eq!(
            claim(&guard, 9, Call { nonce: 9999, owner: 0, end: 1101, now: 1101 }),
            Ok(()),
            "what ended makes room on every lane"
        );
        assert_eq!(guard.len(), 1);
    }
}

#[test]
fn a_claim_locks_one_lane_as_far_as_that_was_allotted() {
    let guard = guard(12, 10, 0, 12);
    let alone = |lane, number, now| {
        let call = Call { nonce: number, owner: 0, end: now + 100, now };
        guard.claim_in(lane, &call.claim(&nonce(number)))
    };
    assert_eq!(alone(0, 1, 1000), None);
    for nonce in 1..=5 {
        assert_eq!(claim(&guard, 0, Call { nonce, owner: 0, end: 1100, now: 1000 }), Ok(()));
    }
    assert_eq!(alone(1, 6, 1000), None);
    assert_eq!(claim(&guard, 1, Call { nonce: 6, owner: 0, end: 1100, now: 1000 }), Ok(()));
    // Five were left of the owner's ten: two for lane 0, three for lane 1, of which one is used.
    assert_eq!([7, 8, 9].map(|nonce| alone(0, nonce, 1000)), [Some(Ok(())), Some(Ok(())), None]);
    assert_eq!([9, 10, 11].map(|nonce| alone(1, nonce, 1000)), [Some(Ok(())), Some(Ok(())), None]);
    assert_eq!([1, 6].map(|nonce| alone(0, nonce, 1000)), [Some(Err(ErrorCode::Replayed)); 2]);
    guard.latest.raise(1101);
    assert_eq!([11, 12].map(|nonce| alone(0, nonce, 1101)), [Some(Ok(())); 2]);
    // Another thread came with a later time between this one's look at the clock and its lock of the line.
    assert_eq!(alone(0, 13, 1100), None);
    assert_eq!(claim(&guard, 0, Call { nonce: 13, owner: 0, end: 1100, now: 1100 }), Err(ErrorCode::Expired));
}

#[test]
fn the_first_lane_is_alone_until_another_claims() {
    let guard = guard(10, 10, 0, 10);
    let company = || [0, 1, 2].map(|lane: usize| guard.lanes[lane].0.lock().unwrap().company);
    let claim = |lane, nonce| claim(&guard, lane, Call { nonce, owner: 0, end: 1100, now: 1000 });
    let [absent, alone, shared] = [Company::Absent, Company::Alone, Company::Shared];
    assert!(company() == [absent; 3]);
    assert_eq!([1, 2].map(|nonce| claim(1, nonce)), [Ok(()); 2]);
    assert!(company() == [absent, alone, absent]);
    assert_eq!(claim(2, 1), Err(ErrorCode::Replayed));
    assert!(company() == [absent, shared, shared]);
    assert_eq!([3, 1].map(|nonce| claim(0, nonce)), [Ok(()), Err(ErrorCode::Replayed)]);
    assert!(company() == [shared; 3]);
    assert_eq!([0, 1, 2].map(|lane| claim(lane, 3)), [Err(ErrorCode::Replayed); 3]);
}

/// Another thread may come with a later time at any moment: what was read before it came tells nothing.
#[test]
fn a_lane_does_not_answer_once_its_time_is_past() {
    let guard = guard(10, 10, 0, 10);
    for nonce in [1, 2] {
        assert_eq!(claim(&guard, 0, Call { nonce, owner: 0, end: 1100, now: 1000 }), Ok(()));
    }
    for (number, answer) in [(1, Some(Err(ErrorCode::Replayed))), (3, Some(Ok(())))] {
        let (nonce, call) = (nonce(number), Call { nonce: number, owner: 0, end: 1100, now: 1000 });
        let claim = call.claim(&nonce);
        let mut lane = guard.lanes[0].0.lock().unwrap();
        let mut asked_until = |times| {
            let asked = Cell::new(0);
            let is_latest = || asked.replace(asked.get() + 1) < times;
            (guard.claim_anywhere(&mut lane.books, &claim, is_latest), asked.get())
        };
        // At first, behind the line's lock, and behind what was read of entries.
        assert_eq!([0, 1, 2].map(&mut asked_until), [(None, 1), (None, 2), (None, 3)]);
        assert_eq!(asked_until(3), (answer, 3));
    }
}

#[test]
fn a_guard_in_which_a_claim_panicked_refuses() {
    let hurt: [fn(&Lanes); 3] = [
        |guard| guard.watched(|| panic!("half made")),
        |guard| {
            let _lane = guard.lanes[1].0.lock().unwrap();
            panic!("half made")
        },
        |guard| {
            let mark = SignedNonce::new("f", "k", &nonce(3)).mark();
            let place = guard.table.get().unwrap().search(mark, 1000, 1100).find(|| true);
            panic!("half made, while its line was locked: {}", matches!(place, ReplayFound::Free(_)))
        },
    ];
    for hurt in hurt {
        // Of a size that one line serves.
        let guard = guard(10, 10, 0, 5);
        assert_eq!(claim(&guard, 1, Call { nonce: 1, owner: 0, end: 1100, now: 1000 }), Ok(()));
        assert!(catch_unwind(AssertUnwindSafe(|| hurt(&guard))).is_err());
        for nonce in [1, 2] {
            let call = Call { nonce, owner: 0, end: 1100, now: 1000 };
            assert_eq!(claim(&guard, 1, call), Err(ErrorCode::ReplayGuardFull));
        }
        assert_eq!(guard.len(), 1);
    }
}

#[test]
fn threads_take_lanes_in_turn() {
    let lanes: Vec<_> =
        (0..lane::COUNT).map(|_| thread::spawn(|| [(); 2].map(|()| lane::of_this_thread()))).collect();
    let lanes: Vec<_> = lanes.into_iter().map(|lane| lane.join().unwrap()).collect();
    assert!(lanes.iter().all(|[first, again]| first == again && *first < lane::COUNT));
    assert!(lanes.windows(2).any(|pair| pair[0] != pair[1]));
}

fn race(threads: usize, work: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for lane in 0..threads {
            let work = &work;
            scope.spawn(move || work(lane));
        }
    });
}

const REFUSED: [ErrorCode; 2] = [ErrorCode::RateLimited, ErrorCode::ReplayGuardFull];
