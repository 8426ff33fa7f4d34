//! What a guard costs in memory, counted: so many bytes a nonce, and no allocation in a claim; and what a session costs, of which a server has
//! thousands.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use counterseal::{Claim, ErrorCode, Nonce, SignedNonce, Timestamp, Tolerance};
use counterseal_shared::{Key, Keyring, MemoryReplayGuard, Secret, Session, TokenIssuer, TokenVerifier};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

// One test: what others allocate meanwhile would be counted too.
#[test]
fn memory_is_bounded() {
    a_nonce_costs_at_most_45_bytes_and_a_claim_no_allocation();
    a_session_costs_at_most_32_kb();
}

fn a_nonce_costs_at_most_45_bytes_and_a_claim_no_allocation() {
    for capacity in [100_000, 1_000_000] {
        let before = HELD.load(Ordering::Relaxed);
        let guard = guard(capacity);
        assert!(HELD.load(Ordering::Relaxed) - before < 100_000, "an unused guard costs next to nothing");
        for nonce in 0..2000 {
            assert_eq!(claim(&guard, nonce, NOW), Ok(()));
        }
        let held = HELD.load(Ordering::Relaxed) - before;
        assert!(held <= 45 * capacity, "{held} bytes for {capacity}");
    }

    // The first claims allocate the tables and make the owners known.
    let guard = guard(40_000);
    let mut nonces = 0..;
    for nonce in nonces.by_ref().take(2000) {
        assert_eq!(claim(&guard, nonce, NOW), Ok(()));
    }
    let known = ALLOCATED.load(Ordering::Relaxed);
    for nonce in nonces.by_ref().take(38_000) {
        assert_eq!(claim(&guard, nonce, NOW), Ok(()));
    }
    assert_eq!(guard.len(), 40_000.0);
    assert_eq!(claim(&guard, 0, NOW), Err(ErrorCode::Replayed));
    assert_eq!(claim(&guard, 40_000, NOW), Err(ErrorCode::ReplayGuardFull));
    assert_eq!(ALLOCATED.load(Ordering::Relaxed), known);

    // A minute later they end, one second after another, and others take their place.
    for (step, nonce) in nonces.take(20_000).enumerate() {
        assert_eq!(claim(&guard, nonce, NOW + 62 + step as u64 / 400), Ok(()));
    }
    assert!(ALLOCATED.load(Ordering::Relaxed) - known <= 2, "each owner's list of seconds grew once");
}

fn a_session_costs_at_most_32_kb() {
    let key =
        |id: &str, options: &str| Key::new(id, &Secret::from_bytes(&[7; 32]).unwrap(), options).unwrap();
    let (hub, engine, tokens) = (key("hub", "{}"), key("engine", "{}"), key("t", r#"{"uses":["token"]}"#));
    let ring = Keyring::new(&[&hub, &engine]).unwrap();
    let verifier = TokenVerifier::new(&Keyring::new(&[&tokens]).unwrap(), "{}").unwrap();
    let claims = br#"{"engineId":"engine"}"#;
    let token = TokenIssuer::new(&tokens, "{}").unwrap().issue(claims, r#"{"expires_in":60}"#, None).unwrap();
    let client = Session::client(&engine, "hub", &ring, "{}", None, None).unwrap();
    let handshake = client.handshake(&token).unwrap();

    let before = HELD.load(Ordering::Relaxed);
    let server = Session::server("hub", "{}", None).unwrap();
    server.accept(&verifier, handshake.as_bytes(), None).unwrap();
    let welcome = server.welcome(&hub, &ring, None, None).unwrap();
    let opened = HELD.load(Ordering::Relaxed) - before;

    client.establish(welcome.as_bytes(), None).unwrap();
    let packets: Vec<_> = (0..300).map(|_| client.sign_json("status", b"{}", None, None).unwrap()).collect();
    let before = HELD.load(Ordering::Relaxed);
    for packet in &packets {
        server.verify("status", packet.as_bytes(), None).unwrap();
    }
    let held = opened + HELD.load(Ordering::Relaxed) - before;
    assert!(held <= 32 << 10, "{held} bytes for a session in which a peer sent 300 packets within a minute");
}

fn guard(capacity: usize) -> MemoryReplayGuard {
    MemoryReplayGuard::new(&format!(r#"{{"capacity":{capacity},"owner_share":{capacity}}}"#)).unwrap()
}

/// Signed in one of the last sixty seconds, by one of two owners.
fn claim(guard: &MemoryReplayGuard, nonce: u64, now: u64) -> Result<(), ErrorCode> {
    let sent = Nonce::from_bytes(u128::from(nonce).to_le_bytes());
    let signed = SignedNonce::new("packet-1", "k", &sent);
    let (ts, now) = (Timestamp::new(now - nonce % 60).unwrap(), Timestamp::new(now).unwrap());
    guard.claim(&Claim::new(signed, ["a", "b"][nonce as usize / 60 % 2], ts, Tolerance::default(), now))
}

const NOW: u64 = 1_708_167_234;

static HELD: AtomicUsize = AtomicUsize::new(0);
static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

#[allow(
    unsafe_code,
    reason = "an allocator is unsafe to implement; this one hands every call on to the system's"
)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(block, layout) }
    }
}

fn count(layout: Layout) {
    HELD.fetch_add(layout.size(), Ordering::Relaxed);
    ALLOCATED.fetch_add(1, Ordering::Relaxed);
}
