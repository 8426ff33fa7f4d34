//! One shared guard, claimed from by two threads and by one, which live as long as a server's.

use std::cell::RefCell;
use std::hint;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, Scope};
use std::time::Instant;

use counterseal::{Claim, Timestamp};
use counterseal_shared::MemoryReplayGuard;

use super::claims::{Planned, Stream};
use super::{fill, guard_of, live};
use crate::Result;
use crate::contest::{Plan, Played, Side, play as contest};
use crate::rows::Size;

pub(super) fn play(plan: Plan, size: Size) -> Result<Played> {
    let live = live(size);
    let (mut guard, mut stream) = (guard_of(live)?, Stream::new(live));
    fill(&mut guard, &mut stream, live, |_| {})?;
    let stream = RefCell::new(stream);
    thread::scope(|scope| {
        let [one, two] = [1, 2].map(|threads| Crew::start(scope, &guard, threads));
        let turn = |crew: &Crew| crew.claim(&at_one_time(&mut stream.borrow_mut(), CLAIMS));
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let single = Side { name: "single", version, turn: Box::new(|_| turn(&one)) };
        let mut played = contest(plan, Box::new(|_| turn(&two)), vec![single])?;
        played.remark = format!("{} processors", thread::available_parallelism()?);
        Ok(played)
    })
}

/// Claims, and the second in which all of them are made.
#[derive(Clone)]
struct Share {
    planned: Vec<Planned>,
    now: Timestamp,
}

/// The next claims, all made in the second of the last: threads of one machine read one clock.
fn at_one_time(stream: &mut Stream, count: usize) -> Share {
    let planned = stream.plan(count).to_vec();
    let now = planned.last().map_or(Timestamp::EPOCH, Planned::at);
    Share { planned, now }
}

/// Threads that share the work of a turn.
struct Crew {
    hands: Vec<(Sender<Share>, Receiver<Span>)>,
}

/// When a thread began and ended, unless a claim was refused.
type Span = Option<(Instant, Instant)>;

impl Crew {
    fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        guard: &'scope MemoryReplayGuard,
        threads: usize,
    ) -> Self {
        let together = Arc::new(AtomicUsize::new(0));
        let hand = |_| {
            let ((give, work), (tell, told), together) = (channel(), channel(), Arc::clone(&together));
            scope.spawn(move || {
                for Share { planned, now } in work {
                    let claims: Vec<_> = planned.iter().map(|one| one.claim(now)).collect();
                    // They wait for each other awake: the system may wake one on the processor that the other has.
                    let arrived = together.fetch_add(1, Ordering::AcqRel) + 1;
                    let all = arrived.next_multiple_of(threads);
                    while together.load(Ordering::Acquire) < all {
                        hint::spin_loop();
                    }
                    let _ = tell.send(claim_all(guard, &claims));
                }
            });
            (give, told)
        };
        Self { hands: (0..threads).map(hand).collect() }
    }

    /// Nanoseconds a claim, from the first thread's start to the last one's end. Each takes every other claim, so that their owners and ends
    /// are alike.
    fn claim(&self, Share { planned, now }: &Share) -> Result<f64> {
        for (first, (give, _)) in self.hands.iter().enumerate() {
            let planned = planned.iter().skip(first).step_by(self.hands.len()).cloned().collect();
            give.send(Share { planned, now: *now })?;
        }
        let spans = self.hands.iter().map(|(_, told)| told.recv().ok().flatten());
        let spans = spans.collect::<Option<Vec<_>>>().ok_or("a claim was refused")?;
        let begun = spans.iter().map(|(begun, _)| *begun).min().ok_or("no thread ran")?;
        let ended = spans.iter().map(|(_, ended)| *ended).max().ok_or("no thread ran")?;
        Ok((ended - begun).as_nanos() as f64 / planned.len() as f64)
    }
}

fn claim_all(guard: &MemoryReplayGuard, claims: &[Claim<'_>]) -> Span {
    let begun = Instant::now();
    let accepted = claims.iter().filter(|claim| guard.claim(claim).is_ok()).count();
    (accepted == claims.len()).then(|| (begun, Instant::now()))
}

/// Enough that the start costs nothing.
const CLAIMS: usize = 50_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_threads_claim_each_nonce_once() {
        let guard = guard_of(1_000).unwrap();
        let claims = at_one_time(&mut Stream::new(1_000), 500);
        thread::scope(|scope| {
            let crew = Crew::start(scope, &guard, 2);
            assert!(crew.claim(&claims).is_ok());
            assert_eq!(guard.len(), 500.0);
            // All of them were claimed before.
            assert!(crew.claim(&claims).is_err());
        });
    }
}
