//! One shared guard, claimed from by two threads and by one.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use counterseal::{Claim, ReplayGuard, Tolerance};
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
    let turn = |threads| {
        let mut stream = stream.borrow_mut();
        let tolerance = Tolerance::default();
        let claims: Vec<_> = stream.take(CLAIMS).iter().map(|tagged| tagged.claim(tolerance)).collect();
        together(&guard, &claims, threads)
    };
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let single = Side { name: "single", version, turn: Box::new(|_| turn(1)) };
    let mut played = contest(plan, Box::new(|_| turn(2)), vec![single])?;
    played.remark = format!("{} processors", thread::available_parallelism()?);
    Ok(played)
}

/// Nanoseconds a claim when so many threads share the work, from the first one's start to the last one's end. Each takes every other
/// claim, so that their times are alike, as on a server.
fn together(guard: &MemoryReplayGuard, claims: &[Claim<'_>], threads: usize) -> Result<f64> {
    let ready = &AtomicUsize::new(0);
    let shares: Vec<Vec<Claim<'_>>> =
        (0..threads).map(|first| claims.iter().skip(first).step_by(threads).copied().collect()).collect();
    let spans = thread::scope(|scope| {
        let start = |share| scope.spawn(move || when_all_are_ready(guard.clone(), share, ready, threads));
        let running: Vec<_> = shares.iter().map(Vec::as_slice).map(start).collect();
        running.into_iter().map(|thread| thread.join().ok().flatten()).collect::<Option<Vec<_>>>()
    });
    let spans = spans.ok_or("a claim was refused")?;
    let begun = spans.iter().map(|(begun, _)| *begun).min().ok_or("no thread ran")?;
    let ended = spans.iter().map(|(_, ended)| *ended).max().ok_or("no thread ran")?;
    Ok((ended - begun).as_nanos() as f64 / claims.len() as f64)
}

/// Claims its share; when it began and when it ended, unless a claim was refused.
fn when_all_are_ready(
    mut guard: MemoryReplayGuard,
    share: &[Claim<'_>],
    ready: &AtomicUsize,
    threads: usize,
) -> Option<(Instant, Instant)> {
    ready.fetch_add(1, Ordering::AcqRel);
    while ready.load(Ordering::Acquire) < threads {
        std::hint::spin_loop();
    }
    let begun = Instant::now();
    let accepted = share.iter().filter(|claim| ReplayGuard::claim(&mut guard, claim).is_ok()).count();
    (accepted == share.len()).then(|| (begun, Instant::now()))
}

/// Enough that starting a thread costs nothing.
const CLAIMS: usize = 50_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_threads_claim_each_nonce_once() {
        let guard = guard_of(1_000).unwrap();
        let mut stream = Stream::new(1_000);
        let claims: Vec<_> =
            stream.take(500).iter().map(|tagged| tagged.claim(Tolerance::default())).collect();
        assert!(together(&guard, &claims, 2).is_ok());
        assert_eq!(guard.len(), 500.0);
        // All of them were claimed before.
        assert!(together(&guard, &claims, 2).is_err());
    }
}
