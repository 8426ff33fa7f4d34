//! One shared guard, claimed from by two threads and by one, which live as long as a server's.

use std::cell::RefCell;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier};
use std::thread::{self, Scope};
use std::time::Instant;

use counterseal::{Claim, Tolerance};
use counterseal_shared::MemoryReplayGuard;

use super::claims::Stream;
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

/// The next claims, all made in the second of the last: threads of one machine read one clock.
fn at_one_time(stream: &mut Stream, count: usize) -> Vec<Claim<'static>> {
    let tolerance = Tolerance::default();
    let mut claims: Vec<_> = stream.take(count).iter().map(|tagged| tagged.claim(tolerance)).collect();
    let now = claims.last().map(|claim| claim.now);
    for claim in &mut claims {
        claim.now = now.unwrap_or(claim.now);
    }
    claims
}

/// Threads that share the work of a turn.
struct Crew {
    hands: Vec<(Sender<Vec<Claim<'static>>>, Receiver<Span>)>,
}

/// When a thread began and ended, unless a claim was refused.
type Span = Option<(Instant, Instant)>;

impl Crew {
    fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        guard: &'scope MemoryReplayGuard,
        threads: usize,
    ) -> Self {
        let together = Arc::new(Barrier::new(threads));
        let hand = |_| {
            let ((give, work), (tell, told), together) = (channel(), channel(), Arc::clone(&together));
            scope.spawn(move || {
                for share in work {
                    together.wait();
                    let _ = tell.send(claim_all(guard, share));
                }
            });
            (give, told)
        };
        Self { hands: (0..threads).map(hand).collect() }
    }

    /// Nanoseconds a claim, from the first thread's start to the last one's end. Each takes every other claim, so that their owners and ends
    /// are alike.
    fn claim(&self, claims: &[Claim<'static>]) -> Result<f64> {
        for (first, (give, _)) in self.hands.iter().enumerate() {
            give.send(claims.iter().skip(first).step_by(self.hands.len()).copied().collect())?;
        }
        let spans = self.hands.iter().map(|(_, told)| told.recv().ok().flatten());
        let spans = spans.collect::<Option<Vec<_>>>().ok_or("a claim was refused")?;
        let begun = spans.iter().map(|(begun, _)| *begun).min().ok_or("no thread ran")?;
        let ended = spans.iter().map(|(_, ended)| *ended).max().ok_or("no thread ran")?;
        Ok((ended - begun).as_nanos() as f64 / claims.len() as f64)
    }
}

fn claim_all(guard: &MemoryReplayGuard, share: Vec<Claim<'static>>) -> Span {
    let begun = Instant::now();
    let accepted = share.iter().filter(|claim| guard.claim(claim).is_ok()).count();
    (accepted == share.len()).then(|| (begun, Instant::now()))
}

/// Enough that waking a thread costs nothing.
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
