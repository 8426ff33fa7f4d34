//! Contenders that run by turns: A B C, B C A, … so that what slows the machine slows all of them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::Result;
use crate::statistics::Summary;

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plan {
    /// How long a contest lasts.
    pub(crate) contest: Duration,
    /// Turns before that do not count: caches fill, and Node compiles what is called often.
    pub(crate) warm_up: Duration,
    /// How often a guard is filled anew.
    pub(crate) fills: usize,
    /// Refused signatures of which the time is taken.
    pub(crate) refusals: usize,
}

impl Plan {
    pub(crate) const FULL: Self = Self {
        contest: Duration::from_millis(2_200),
        warm_up: Duration::from_millis(400),
        fills: 5,
        refusals: 2_000_000,
    };
    pub(crate) const QUICK: Self = Self {
        contest: Duration::from_millis(200),
        warm_up: Duration::from_millis(60),
        fills: 2,
        refusals: 200_000,
    };
}

/// One contender: the product, or a peer.
pub(crate) struct Side<'a> {
    /// As the rows call it; nothing reads the product's.
    pub(crate) name: &'static str,
    pub(crate) version: String,
    pub(crate) turn: Turn<'a>,
}

/// Takes one turn of so many calls: the nanoseconds of one, the mean over them.
pub(crate) type Turn<'a> = Box<dyn FnMut(usize) -> Result<f64> + 'a>;

/// What a contest gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Played {
    pub(crate) version: String,
    pub(crate) runtime: String,
    pub(crate) product: Vec<f64>,
    pub(crate) peers: Vec<Peer>,
    /// What the figures do not say.
    pub(crate) remark: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Peer {
    pub(crate) side: String,
    pub(crate) version: String,
    pub(crate) samples: Vec<f64>,
}

/// Plays the product against its peers.
pub(crate) fn play(plan: Plan, product: Turn<'_>, peers: Vec<Side<'_>>) -> Result<Played> {
    let product = Side { name: "product", version: env!("CARGO_PKG_VERSION").to_owned(), turn: product };
    let mut sides: Vec<Side<'_>> = std::iter::once(product).chain(peers).collect();
    let warm = interleaved(plan.warm_up, 2, &mut sides, &[1; SIDES])?;
    let calls: Vec<usize> = warm.iter().map(|samples| calls(samples)).collect();
    let warm = interleaved(plan.warm_up, 2, &mut sides, &calls)?;
    let calls: Vec<usize> = warm.iter().map(|samples| self::calls(samples)).collect();
    let mut samples = interleaved(plan.contest, LEAST, &mut sides, &calls)?.into_iter();
    let product = samples.next().unwrap_or_default();
    let peer = |(side, samples): (&Side<'_>, _)| Peer {
        side: side.name.to_owned(),
        version: side.version.clone(),
        samples,
    };
    let peers = sides.iter().skip(1).zip(samples).map(peer).collect();
    let [version, runtime] = [env!("CARGO_PKG_VERSION").to_owned(), crate::versions::rust()];
    Ok(Played { version, runtime, product, peers, remark: String::new() })
}

/// The samples of each side, in the order given: as many rounds as the time allows, but not fewer than `least`.
fn interleaved(
    time: Duration,
    least: usize,
    sides: &mut [Side<'_>],
    calls: &[usize],
) -> Result<Vec<Vec<f64>>> {
    let mut samples = vec![Vec::new(); sides.len()];
    let begun = Instant::now();
    let mut round = 0;
    while round < least || begun.elapsed() < time {
        for step in 0..sides.len() {
            // Who begins changes, so that no side always follows the same one.
            let at = (step + round) % sides.len();
            if let (Some(side), Some(samples)) = (sides.get_mut(at), samples.get_mut(at)) {
                samples.push((side.turn)(calls.get(at).copied().unwrap_or(1))?);
            }
        }
        round += 1;
    }
    Ok(samples)
}

/// Calls in one turn: so few that the system seldom takes the processor away in the midst of one, whether they are fast or slow.
fn calls(samples: &[f64]) -> usize {
    let median = Summary::of(samples).map_or(1.0, |summary| summary.median);
    ((TURN / median.max(1.0)) as usize).clamp(1, MOST)
}

/// The inputs, turn by turn, over and over.
pub(crate) struct Turns<'a, T> {
    items: &'a [T],
    at: usize,
}

impl<'a, T> Turns<'a, T> {
    pub(crate) fn new(items: &'a [T]) -> Self {
        Self { items, at: 0 }
    }

    /// The next ones, and whether they are the first: from there on all come again.
    pub(crate) fn take(&mut self, count: usize) -> (bool, &'a [T]) {
        let count = count.min(self.items.len());
        if self.at + count > self.items.len() {
            self.at = 0;
        }
        let first = self.at == 0;
        let taken = self.items.get(self.at..self.at + count).unwrap_or_default();
        self.at += count;
        (first, taken)
    }
}

/// Calls `each` with every item; it tells whether it accepted it. A refusal ends the contest: it would measure something else.
pub(crate) fn timed<T>(items: &[T], mut each: impl FnMut(&T) -> bool) -> Result<f64> {
    let mut accepted = 0;
    let begun = Instant::now();
    for item in items {
        accepted += usize::from(each(black_box(item)));
    }
    let elapsed = begun.elapsed();
    if accepted == items.len() {
        Ok(elapsed.as_nanos() as f64 / items.len() as f64)
    } else {
        Err(format!("{} of {} inputs were refused", items.len() - accepted, items.len()).into())
    }
}

/// Whether something was accepted; the optimiser may not leave out what it is.
pub(crate) fn accepted<T, E>(result: Result<T, E>) -> bool {
    black_box(&result).is_ok()
}

/// Rounds that a median needs, however slow they are.
const LEAST: usize = 11;
/// Nanoseconds that a turn may take, but for a call that takes longer.
const TURN: f64 = 100_000.0;
const MOST: usize = 100;
/// More than any contest has.
const SIDES: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn contenders_take_turns_and_another_begins_each_round() {
        let order = RefCell::new(String::new());
        let side = |name: &'static str| Side {
            name,
            version: String::new(),
            turn: Box::new(|calls| {
                order.borrow_mut().push_str(name);
                Ok((order.borrow().len() * calls) as f64)
            }),
        };
        let mut sides = [side("a"), side("b")];
        let samples = interleaved(Duration::ZERO, 3, &mut sides, &[1, 10]).unwrap();
        assert_eq!(*order.borrow(), "abbaab");
        assert_eq!(samples, [[1.0, 4.0, 5.0], [20.0, 30.0, 60.0]]);
    }

    #[test]
    fn the_warm_up_does_not_count() {
        let mut turns = 0.0;
        let turn: Turn<'_> = Box::new(|_| {
            turns += 1.0;
            Ok(turns)
        });
        let plan = Plan { warm_up: Duration::ZERO, contest: Duration::ZERO, ..Plan::QUICK };
        let played = play(plan, turn, Vec::new()).unwrap();
        assert_eq!((played.product.len(), played.product[0]), (LEAST, 5.0));
    }

    #[test]
    fn turns_are_of_like_length() {
        assert_eq!([10.0, 5_000.0, 1e9].map(|ns| calls(&[ns])), [MOST, 20, 1]);
        assert_eq!(calls(&[]), MOST);
    }

    #[test]
    fn inputs_come_again_from_the_first() {
        let items = [1, 2, 3, 4, 5];
        let mut turns = Turns::new(&items);
        let taken: Vec<_> = [2, 2, 2, 9].map(|count| turns.take(count)).into();
        assert_eq!(
            taken,
            [(true, &items[..2]), (false, &items[2..4]), (true, &items[..2]), (true, &items[..])]
        );
    }

    #[test]
    fn a_refused_input_ends_the_contest() {
        assert!(timed(&[1, 2, 3], |_| true).is_ok());
        assert!(timed(&[1, 2, 3], |number| *number != 2).is_err());
    }
}
