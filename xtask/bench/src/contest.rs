//! Contenders that run by turns: A B C, A B C, … so that what slows the machine slows all of them.

use std::hint::black_box;
use std::time::Instant;

use crate::Result;

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Turns that each contender has, and as many samples.
    pub(crate) rounds: usize,
    /// Turns before them that do not count: caches fill, and Node compiles what is called often.
    pub(crate) warm_up: usize,
    /// Calls in one turn: so few that the system seldom takes the processor away in the midst of one.
    pub(crate) batch: usize,
    /// Turns until the inputs come again.
    pub(crate) turns: usize,
}

impl Plan {
    pub(crate) const FULL: Self = Self { rounds: 1000, warm_up: 200, batch: 100, turns: 50 };
    pub(crate) const QUICK: Self = Self { rounds: 60, warm_up: 40, batch: 100, turns: 50 };

    /// Distinct inputs.
    pub(crate) fn inputs(self) -> usize {
        self.batch * self.turns
    }
}

/// The inputs, turn by turn, over and over.
pub(crate) struct Turns<'a, T> {
    items: &'a [T],
    batch: usize,
    at: usize,
}

impl<'a, T> Turns<'a, T> {
    pub(crate) fn new(plan: Plan, items: &'a [T]) -> Self {
        Self { items, batch: plan.batch, at: 0 }
    }

    /// The next turn's, and whether they are the first: from there on all come again.
    pub(crate) fn take(&mut self) -> (bool, &'a [T]) {
        let rest = self.items.get(self.at..).filter(|rest| rest.len() >= self.batch);
        if rest.is_none() {
            self.at = 0;
        }
        let first = self.at == 0;
        let rest = rest.unwrap_or(self.items);
        self.at += self.batch;
        (first, rest.get(..self.batch).unwrap_or(rest))
    }
}

/// Takes one turn: the nanoseconds of one call, the mean over a batch.
pub(crate) type Turn<'a> = Box<dyn FnMut() -> Result<f64> + 'a>;

/// The samples of each contender, in the order given.
pub(crate) fn interleaved(plan: Plan, mut contenders: Vec<Turn<'_>>) -> Result<Vec<Vec<f64>>> {
    let mut samples = vec![Vec::with_capacity(plan.rounds); contenders.len()];
    for round in 0..plan.warm_up + plan.rounds {
        for (turn, samples) in contenders.iter_mut().zip(&mut samples) {
            let sample = turn()?;
            if round >= plan.warm_up {
                samples.push(sample);
            }
        }
    }
    Ok(samples)
}

/// Calls `each` with every item. A refusal ends the bench: it would measure something else.
pub(crate) fn timed<'a, T, U>(items: &'a [T], mut each: impl FnMut(&'a T) -> Option<U>) -> Result<f64> {
    let mut accepted = 0;
    let begun = Instant::now();
    for item in items {
        accepted += usize::from(black_box(each(black_box(item))).is_some());
    }
    let elapsed = begun.elapsed();
    if accepted == items.len() {
        Ok(elapsed.as_nanos() as f64 / items.len() as f64)
    } else {
        Err(format!("{} of {} inputs were refused", items.len() - accepted, items.len()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn contenders_take_turns_and_the_warm_up_does_not_count() {
        let order = RefCell::new(Vec::new());
        let contender = |name: char| -> Turn<'_> {
            let order = &order;
            Box::new(move || {
                order.borrow_mut().push(name);
                Ok(order.borrow().len() as f64)
            })
        };
        let plan = Plan { rounds: 2, warm_up: 1, batch: 1, turns: 1 };
        let samples = interleaved(plan, vec![contender('a'), contender('b')]).unwrap();
        assert_eq!(order.borrow().iter().collect::<String>(), "ababab");
        assert_eq!(samples, [[3.0, 5.0], [4.0, 6.0]]);
    }

    #[test]
    fn inputs_come_again_from_the_first() {
        let items = [1, 2, 3, 4];
        let mut turns = Turns::new(Plan { batch: 2, turns: 2, ..Plan::QUICK }, &items);
        let taken: Vec<_> = (0..3).map(|_| turns.take()).collect();
        assert_eq!(taken, [(true, &items[..2]), (false, &items[2..]), (true, &items[..2])]);
    }

    #[test]
    fn a_refused_input_ends_the_bench() {
        assert!(timed(&[1, 2, 3], |number| Some(*number)).is_ok());
        assert!(timed(&[1, 2, 3], |number| (*number != 2).then_some(())).is_err());
    }
}
