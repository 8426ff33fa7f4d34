//! The replay guard as the façade shares it between threads: what a claim costs, the longest one, threads, memory.

mod claims;
mod memory;
mod peers;
mod threads;

use std::collections::BTreeMap;
use std::time::Instant;

use counterseal::{Claim, ReplayGuard};
use counterseal_shared::MemoryReplayGuard;

use crate::Result;
use crate::book::Book;
use crate::contest::{Peer, Plan, Played};
use crate::rows::{Size, grouped};
use crate::versions;
use claims::Stream;
use peers::Claims;

pub(crate) use memory::{resident_after, resident_in_a_process};

/// Plays all that are wanted.
pub(crate) fn play(book: &mut Book, plan: Plan) {
    book.play("guard-claim", |size| cost(plan, size));
    book.play("guard-memory", memory::play);
    longest(book, plan);
    book.play("guard-threads", |size| threads::play(plan, size));
}

/// Claims in batches, while as many nonces live as the size says; the product and its peers by turns, each with a fill of its own.
fn cost(plan: Plan, size: Size) -> Result<Played> {
    let live = live(size);
    let mut samples: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for _ in 0..plan.fills.div_ceil(2) {
        for (name, mut side) in peers::sides(live)? {
            samples.entry(name).or_default().extend(turn(live, &mut *side)?);
        }
    }
    let product = samples.remove("product").unwrap_or_default();
    let peer =
        |(name, samples): (&str, _)| Peer { side: name.to_owned(), version: BY_HAND.to_owned(), samples };
    Ok(Played { peers: samples.into_iter().map(peer).collect(), ..played(product, String::new()) })
}

fn turn(live: usize, side: &mut dyn Claims) -> Result<Vec<f64>> {
    let (mut stream, mut samples) = (Stream::new(live), Vec::new());
    let filled = live.div_ceil(CHUNK);
    for chunk in 0..filled + (live / 10).min(SAMPLED) / CHUNK {
        for batch in stream.tagged(CHUNK).chunks(BATCH) {
            let begun = Instant::now();
            let accepted = batch.iter().filter(|(claim, tag)| side.claim(claim, *tag)).count();
            let elapsed = begun.elapsed();
            if accepted < batch.len() {
                return Err(format!("{} claims were refused", batch.len() - accepted).into());
            }
            if chunk >= filled {
                samples.push(elapsed.as_nanos() as f64 / batch.len() as f64);
            }
        }
    }
    Ok(samples)
}

/// The longest single claim, from the first nonce on and then while the oldest expire.
fn longest(book: &mut Book, plan: Plan) {
    let rows = ["guard-longest", "guard-turnover"];
    let Some(size) = rows.iter().flat_map(|row| book.sizes(row)).next() else { return };
    eprintln!("  … guard-longest, guard-turnover {}", size.name());
    let (filling, expiring) = match stalls(plan, live(size)) {
        Ok((filling, expiring)) => (Ok(filling.played()), Ok(expiring.played())),
        Err(fault) => (Err(fault.to_string().into()), Err(fault)),
    };
    book.record("guard-longest", size, filling);
    book.record("guard-turnover", size, expiring);
}

fn stalls(plan: Plan, live: usize) -> Result<(Stalls, Stalls)> {
    let (mut filling, mut expiring) = (Stalls::default(), Stalls::default());
    for _ in 0..plan.fills {
        let (mut guard, mut stream) = (guard_of(live)?, Stream::new(live));
        filling.next();
        fill(&mut guard, &mut stream, live, |ns| filling.note(ns))?;
        expiring.next();
        fill(&mut guard, &mut stream, live / 10, |ns| expiring.note(ns))?;
    }
    Ok((filling, expiring))
}

/// Claims so many more, and tells how long each took.
fn fill(
    guard: &mut MemoryReplayGuard,
    stream: &mut Stream,
    nonces: usize,
    mut took: impl FnMut(u128),
) -> Result<()> {
    let mut left = nonces;
    while left > 0 {
        let chunk = stream.take(left.min(CHUNK));
        left -= chunk.len();
        let mut before = Instant::now();
        for one in &chunk {
            claim(guard, one)?;
            let now = Instant::now();
            took((now - before).as_nanos());
            before = now;
        }
    }
    Ok(())
}

fn claim(guard: &mut MemoryReplayGuard, claim: &Claim<'_>) -> Result<()> {
    ReplayGuard::claim(guard, claim).map_err(|code| format!("a claim was refused: {}", code.as_str()).into())
}

/// The longest claim of each fill.
#[derive(Default)]
struct Stalls {
    longest: Vec<u128>,
    claims: usize,
    over: usize,
}

impl Stalls {
    fn next(&mut self) {
        self.longest.push(0);
    }

    fn note(&mut self, ns: u128) {
        if let Some(longest) = self.longest.last_mut() {
            *longest = ns.max(*longest);
        }
        self.claims += 1;
        self.over += usize::from(ns > STALL);
    }

    /// The least of the longest: what the guard itself does happens in every fill, an interruption does not.
    fn played(self) -> Played {
        let each: Vec<_> = self.longest.iter().map(|ns| format!("{:.3}", *ns as f64 / 1e6)).collect();
        let remark = format!(
            "longest by fill: {} ms; {} of {} over 1 ms",
            each.join(" "),
            self.over,
            grouped(self.claims)
        );
        played(self.longest.iter().min().map(|ns| *ns as f64).into_iter().collect(), remark)
    }
}

fn played(product: Vec<f64>, remark: String) -> Played {
    let [version, runtime] = [env!("CARGO_PKG_VERSION").to_owned(), versions::rust()];
    Played { version, runtime, product, peers: Vec::new(), remark }
}

/// With room for a tenth more than are to live, each owner's share included.
fn guard_of(live: usize) -> Result<MemoryReplayGuard> {
    let capacity = live + live / 10;
    Ok(MemoryReplayGuard::new(&format!(r#"{{"capacity":{capacity},"owner_share":{capacity}}}"#))?)
}

fn live(size: Size) -> usize {
    if let Size::Live(nonces) = size { nonces } else { 0 }
}

/// The version of what was written for this.
const BY_HAND: &str = "by hand";
const BATCH: usize = 100;
/// Tags computed at a time: few enough to stay in the cache until they are claimed.
const CHUNK: usize = 1_000;
/// Claims of which the cost is taken, of each fill.
const SAMPLED: usize = 300_000;
const STALL: u128 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_of_the_longest_counts() {
        let mut stalls = Stalls::default();
        for fill in [[40, 2_000_000, 30], [50, 700, 60]] {
            stalls.next();
            fill.into_iter().for_each(|ns| stalls.note(ns));
        }
        let played = stalls.played();
        assert_eq!(played.product, [700.0]);
        assert_eq!(played.remark, "longest by fill: 2.000 0.001 ms; 1 of 6 over 1 ms");
    }

    #[test]
    fn as_many_expire_as_are_claimed() {
        const LIVE: usize = 24_000;
        let (mut guard, mut stream) = (guard_of(LIVE).unwrap(), Stream::new(LIVE));
        let mut claims = 0;
        // Far more than it holds: it would be full if none expired.
        fill(&mut guard, &mut stream, 4 * LIVE, |_| claims += 1).unwrap();
        assert_eq!(claims, 4 * LIVE);
    }
}
