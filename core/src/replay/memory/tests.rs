use super::*;
use crate::nonce::Nonce;
use crate::replay::SignedNonce;
use crate::time::Timestamp;
use alloc::format;
use alloc::string::ToString;

struct Call {
    nonce: u32,
    owner: &'static str,
    ts: u64,
    now: u64,
}

fn guard(capacity: usize, start: u64) -> MemoryReplayGuard {
    let start = Timestamp::new(start).unwrap();
    MemoryReplayGuard::new(GuardOptions { capacity, start, ..GuardOptions::default() }).unwrap()
}

fn nonce(number: u32) -> Nonce {
    Nonce::from_bytes(u128::from(number).to_be_bytes())
}

/// Retained 100 seconds from `ts`; five seconds ahead.
fn claim(guard: &mut MemoryReplayGuard, call: Call) -> Result<(), ErrorCode> {
    guard.claim(&Claim {
        nonce: SignedNonce::new("f", "k", &nonce(call.nonce)),
        owner: call.owner,
        ts: Timestamp::new(call.ts).unwrap(),
        max_ahead: 5,
        retain_until: call.ts + 100,
        now: Timestamp::new(call.now).unwrap(),
    })
}

fn a(nonce: u32, ts: u64, now: u64) -> Call {
    Call { nonce, owner: "a", ts, now }
}

fn b(nonce: u32, ts: u64, now: u64) -> Call {
    Call { nonce, owner: "b", ts, now }
}

#[test]
fn a_small_guard_holds_what_its_capacity_says() {
    let capacity = 4 * SMALL;
    let options = GuardOptions { capacity, owner_share: Some(capacity), ..GuardOptions::default() };
    let mut guard = MemoryReplayGuard::small(options).unwrap();
    let all = 0..capacity as u32;
    // A hundred a second: the first end while the last come.
    let time = |nonce: u32| 1000 + u64::from(nonce / 100);
    for nonce in all.clone() {
        assert_eq!(claim(&mut guard, a(nonce, time(nonce), time(nonce))), Ok(()));
    }
    let last = time(capacity as u32);
    for nonce in all {
        assert_eq!(claim(&mut guard, a(nonce, time(nonce), last)), Err(ErrorCode::Replayed), "{nonce}");
    }
    assert_eq!(claim(&mut guard, b(9999, last, last)), Err(ErrorCode::ReplayGuardFull));
    assert_eq!((guard.size, guard.len()), (SMALL, capacity));
    // Those of the first three seconds have ended, whether the table or the tree held them, and others take their place.
    let later = time(300) + 100;
    for nonce in 0..300 {
        assert_eq!(claim(&mut guard, a(10_000 + nonce, later, later)), Ok(()));
    }
    assert_eq!(claim(&mut guard, b(9999, later, later)), Err(ErrorCode::ReplayGuardFull));
    for nonce in [300, capacity as u32 - 1, 10_000, 10_299] {
        let ts = if nonce < 10_000 { time(nonce) } else { later };
        assert_eq!(claim(&mut guard, a(nonce, ts, later)), Err(ErrorCode::Replayed), "{nonce}");
    }
}

#[test]
fn nothing_is_allocated_before_the_first_claim() {
    let mut guard = guard(1000, 0);
    assert!(guard.table.is_none());
    assert_eq!(claim(&mut guard, a(1, 1000, 1000)), Ok(()));
    assert!(guard.table.is_some());
}

#[test]
fn a_nonce_is_claimed_once_while_it_lives() {
    let mut guard = guard(10, 0);
    assert_eq!(claim(&mut guard, a(1, 1000, 1000)), Ok(()));
    assert_eq!(claim(&mut guard, a(1, 1000, 1100)), Err(ErrorCode::Replayed));
    assert_eq!(claim(&mut guard, a(1, 1000, 1101)), Err(ErrorCode::Expired));
}

#[test]
fn a_guard_that_is_lent_claims_for_its_owner() {
    fn through(mut guard: impl ReplayGuard) -> Result<(), ErrorCode> {
        let (ts, owner) = (Timestamp::new(1000).unwrap(), "a");
        let nonce = &nonce(1);
        let nonce = SignedNonce::new("f", "k", nonce);
        guard.claim(&Claim { nonce, owner, ts, max_ahead: 5, retain_until: 1100, now: ts })
    }
    let mut guard = guard(10, 0);
    assert_eq!(through(&mut guard), Ok(()));
    assert_eq!(through(&mut guard), Err(ErrorCode::Replayed));
}

#[test]
fn a_clock_stepped_back_revives_nothing() {
    let mut guard = guard(10, 0);
    assert_eq!(claim(&mut guard, a(1, 1000, 1000)), Ok(()));
    assert_eq!(claim(&mut guard, b(2, 1050, 1101)), Ok(()));
    assert_eq!(claim(&mut guard, a(1, 1000, 1000)), Err(ErrorCode::Expired));
    assert_eq!(claim(&mut guard, a(3, 1000, 1000)), Err(ErrorCode::Expired));
    assert_eq!(claim(&mut guard, a(3, 1001, 1000)), Ok(()));
}

#[test]
fn the_floor_is_the_highest_end_discarded() {
    let mut guard = guard(10, 0);
    assert_eq!(claim(&mut guard, a(1, 1010, 1010)), Ok(()));
    assert_eq!(claim(&mut guard, a(2, 1000, 1010)), Ok(()));
    assert_eq!(claim(&mut guard, b(3, 1200, 1200)), Ok(()));
    assert_eq!(claim(&mut guard, a(4, 1010, 1010)), Err(ErrorCode::Expired));
    assert_eq!(claim(&mut guard, a(4, 1011, 1010)), Ok(()));
}

#[test]
fn the_fence_refuses_what_was_signed_before_the_start() {
    let mut fenced = guard(10, 1000);
    assert_eq!(claim(&mut fenced, a(1, 1005, 1005)), Err(ErrorCode::ReplayGuardStarting));
    assert_eq!(claim(&mut fenced, a(1, 1006, 1005)), Ok(()));
    assert_eq!(claim(&mut guard(10, 0), a(1, 3, 3)), Ok(()));
}

#[test]
fn one_owner_holds_half_rounded_up() {
    let mut guard = guard(3, 0);
    assert_eq!(claim(&mut guard, a(1, 1000, 1000)), Ok(()));
    assert_eq!(claim(&mut guard, a(2, 1000, 1000)), Ok(()));
    assert_eq!(claim(&mut guard, a(3, 1000, 1000)), Err(ErrorCode::RateLimited));
    assert_eq!(claim(&mut guard, b(4, 1000, 1000)), Ok(()));
    assert_eq!(claim(&mut guard, b(5, 1000, 1000)), Err(ErrorCode::ReplayGuardFull));
    assert_eq!(claim(&mut guard, a(1, 1000, 1000)), Err(ErrorCode::Replayed));
    assert_eq!(guard.len(), 3);
}

#[test]
fn what_is_discarded_makes_room() {
    let mut guard = guard(1, 0);
    assert!(guard.is_empty());
    assert_eq!(claim(&mut guard, a(1, 1000, 1000)), Ok(()));
    assert_eq!(claim(&mut guard, a(2, 1100, 1100)), Err(ErrorCode::RateLimited));
    assert_eq!(claim(&mut guard, a(2, 1100, 1101)), Ok(()));
    assert_eq!(guard.len(), 1);
    assert!(!guard.is_empty());
}

#[test]
fn options_have_ranges() {
    for bad in [
        r#"{"capacity":0}"#,
        r#"{"capacity":100000001}"#,
        r#"{"capacity":2,"owner_share":3}"#,
        r#"{"owner_share":0}"#,
        r#"{"start":-1}"#,
        r#"{"scope":"a b"}"#,
        r#"{"size":1}"#,
    ] {
        assert_eq!(
            MemoryReplayGuard::from_options(bad.as_bytes()).unwrap_err().code(),
            ErrorCode::MalformedArgument,
            "{bad}"
        );
    }
    for bad in [
        GuardOptions { capacity: 100_000_001, ..GuardOptions::default() },
        GuardOptions { scope: "a b".to_string(), ..GuardOptions::default() },
    ] {
        assert_eq!(MemoryReplayGuard::new(bad).unwrap_err().code(), ErrorCode::MalformedArgument);
    }
    assert!(MemoryReplayGuard::from_options(br#"{"capacity":100000000}"#).is_ok());
    let guard =
        MemoryReplayGuard::from_options(br#"{"capacity":2,"owner_share":2,"start":5,"scope":"s"}"#).unwrap();
    assert_eq!(guard.scope(), "s");
    assert!(MemoryReplayGuard::from_options(br#"{"scope":""}"#).is_ok());
    assert_eq!(format!("{guard:?}"), "MemoryReplayGuard(0 of 2)");
}
