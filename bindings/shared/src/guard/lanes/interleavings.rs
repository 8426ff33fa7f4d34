//! Two threads, in every order that matters, with every value that the memory model lets them see. What they are answered is what the contract says
//! for one order of their claims.
//!
//! `cargo xtask test interleavings`: loom takes the place of the atomics and locks, and of the threads.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::contract::{Call, Model, Random, claim, guard, nonce};
use super::*;
use loom::thread;
use std::sync::Arc;

type Answer = Result<(), ErrorCode>;

/// What the threads of a case claim, after claims of their lanes by turns.
#[derive(Clone, Debug)]
struct Case {
    capacity: usize,
    share: usize,
    /// Entries of the table.
    size: usize,
    before: Vec<Call>,
    threads: [Vec<Call>; 2],
}

const fn call(nonce: u32, now: u64, end: u64) -> Call {
    Call { nonce, owner: 0, end, now }
}

impl Case {
    fn new(before: &[Call], threads: [&[Call]; 2]) -> Self {
        let threads = threads.map(<[_]>::to_vec);
        Self { capacity: 10, share: 10, size: 5, before: before.to_vec(), threads }
    }

    fn play(self) {
        let mut model = loom::model::Builder::new();
        model.preemption_bound = Some(PREEMPTIONS);
        model.max_branches = BRANCHES;
        model.check(move || self.once());
    }

    fn once(&self) {
        let guard = Arc::new(guard(self.capacity, self.share, 0, self.size));
        let mut model = Model::new(self.capacity, self.share, 0);
        for (lane, call) in (0..2).cycle().zip(&self.before) {
            assert_eq!(claim(&guard, lane, *call), model.claim(*call), "{call:?}");
        }
        let other = {
            let (guard, calls) = (Arc::clone(&guard), self.threads[1].clone());
            thread::spawn(move || answers_at_once(&guard, 1, &calls))
        };
        let ours = answers(&guard, 0, &self.threads[0]);
        let theirs = other.join().unwrap();
        let said = is_said(
            &model,
            [&ours, &theirs].map(Vec::as_slice),
            [0, 1].map(|at| &self.threads[at][..]),
            [false; 2],
        );
        assert!(said, "{self:?}: {ours:?} {theirs:?}");
    }
}

fn answers(guard: &Lanes, lane: usize, calls: &[Call]) -> Vec<Answer> {
    calls.iter().map(|call| claim(guard, lane, *call)).collect()
}

fn answers_at_once(guard: &Lanes, lane: usize, calls: &[Call]) -> Vec<Answer> {
    let nonces: Vec<_> = calls.iter().map(|call| nonce(call.nonce)).collect();
    let claims: Vec<_> = calls.iter().zip(&nonces).map(|(call, nonce)| call.claim(nonce)).collect();
    let mut answers = Vec::new();
    guard.claim_all_from(lane, &claims, &mut |answer| answers.push(answer));
    answers
}

/// Whether the model gives these answers to the calls of both threads, in some order. A thread whose next call has `told` its time has yet to make
/// it: a claim raises the latest time before it does anything else, so that others may come in between.
fn is_said(model: &Model, answers: [&[Answer]; 2], calls: [&[Call]; 2], told: [bool; 2]) -> bool {
    if calls.iter().all(|calls| calls.is_empty()) {
        return true;
    }
    (0..2).any(|at| {
        let Some((call, left)) = calls[at].split_first() else { return false };
        let (mut model, mut answers, mut calls, mut told) = (model.clone(), answers, calls, told);
        if !told[at] {
            model.advance(call.now);
            told[at] = true;
            return is_said(&model, answers, calls, told);
        }
        if model.claim(*call) != answers[at][0] {
            return false;
        }
        (answers[at], calls[at], told[at]) = (&answers[at][1..], left, false);
        is_said(&model, answers, calls, told)
    })
}

#[test]
fn one_of_two_gets_a_nonce() {
    // With an end that a slot can tell, and with one that only the spill holds.
    for [one, two] in [[1100, 1100], [1100, 9999], [9999, 9999]] {
        let threads = [&[call(3, 1000, one)][..], &[call(3, 1000, two)]];
        Case::new(&[call(1, 1000, 1100), call(2, 1000, 1100)], threads).play();
    }
}

/// Whose lane was alone so far locks no lines, until another thread comes.
#[test]
fn who_was_alone_hears_of_a_second_thread() {
    let now = |nonce| call(nonce, 1000, 1100);
    let (before, later) = ([&[now(1)][..], &[]], call(2, 1200, 1300));
    for before in before {
        for threads in [
            [&[now(2)][..], &[now(2)]],
            [&[now(2), now(3)], &[now(3)]],
            [&[now(2), now(1)], &[now(3), now(2)]],
            [&[now(2), now(1)], &[later]],
            [&[later], &[now(2), now(1)]],
        ] {
            Case::new(before, threads).play();
        }
    }
}

#[test]
fn a_late_thread_does_not_miss_what_another_let_go_of() {
    for late in [1, 2] {
        let threads = [&[call(late, 1000, 1100)][..], &[call(3, 1200, 1300)]];
        Case::new(&[call(1, 1000, 1100), call(2, 1000, 1100)], threads).play();
    }
}

#[test]
fn a_late_thread_takes_nothing_from_an_entry_that_another_wrote_over() {
    // Of these some are in one line with the first, and some in the other.
    for nonce in 3..7 {
        let threads = [&[call(2, 1000, 1100)][..], &[call(nonce, 1200, 1300)]];
        let before = [call(1, 1000, 1100), call(2, 1000, 1100)];
        Case { size: 7, ..Case::new(&before, threads) }.play();
    }
}

#[test]
fn a_late_thread_does_not_take_a_line_for_long_ended() {
    // Lines are tidied every 4,096 seconds.
    for second in [4095, 4096] {
        let threads = [&[call(1, second, 4190)][..], &[call(3, 4097, 4197), call(2, 4097, 4190)]];
        Case::new(&[call(1, 4090, 4190), call(2, 4090, 4190)], threads).play();
    }
}

#[test]
fn two_do_not_get_the_last_place() {
    let before = [call(1, 1000, 1100), call(2, 1000, 1100)];
    let threads = [&[call(3, 1000, 1100)][..], &[call(4, 1000, 1100), call(5, 1101, 1200)]];
    Case { share: 3, ..Case::new(&before, threads) }.play();
    Case { capacity: 3, ..Case::new(&before, threads) }.play();
}

#[test]
fn what_is_in_the_spill_is_found() {
    // More than there are entries.
    let before = [1, 2, 3, 4].map(|nonce| call(nonce, 1000, 1100));
    let threads =
        [&[call(5, 1000, 1100), call(2, 1000, 1100)][..], &[call(5, 1000, 1100), call(1, 1101, 1200)]];
    Case { size: 2, ..Case::new(&before, threads) }.play();
}

/// Chance makes up the claims: times at which lines are tidied, limits that are soon reached, more nonces than entries.
#[test]
fn any_few_claims() {
    for seed in 1..=CASES {
        any_case(&mut Random(seed)).play();
    }
}

fn any_case(random: &mut Random) -> Case {
    let capacity = random.of([1, 2, 3, 10]);
    let share = 1 + random.below(capacity as u32) as usize;
    let begin = random.of([1000, 4093, 8190]);
    let mut before = random.calls(2, begin);
    before.extend(random.calls(1, begin + 1));
    // None, or one lane's alone.
    before.truncate(random.of([0, 1, 3, 3]));
    let threads = [(); 2].map(|()| {
        let count = random.of([1, 2]);
        random.calls(count, begin)
    });
    Case { capacity, share, size: random.of([2, 5, 7]), before, threads }
}

impl Random {
    fn of<T: Copy, const N: usize>(&mut self, some: [T; N]) -> T {
        some[self.below(N as u32) as usize]
    }

    /// Claims of one thread, whose clock goes on.
    fn calls(&mut self, count: usize, begin: u64) -> Vec<Call> {
        let mut now = begin + u64::from(self.below(4));
        let mut call = || {
            now += self.of([0, 0, 1, 3, 101]);
            let end = now + self.of([0, 1, 2, 50, 100, 9000]);
            Call { nonce: 1 + self.below(4), owner: self.below(2), end, now }
        };
        (0..count).map(|_| call()).collect()
    }
}

/// Times that a thread is interrupted where it need not wait. Each order that was ever found to go wrong needed one.
const PREEMPTIONS: usize = 2;
/// Points at which a case may go on in more than one way: far more than any has.
const BRANCHES: usize = 100_000;
const CASES: u64 = 15;
