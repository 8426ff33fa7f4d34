//! A hot path that allocates is slow when the allocator is: verification of raw parts, and of a packet as a signer wrote it, never does. A
//! token's claims are kept: their text, and the index of it.
#![allow(unsafe_code, reason = "an allocator that counts is an allocator")]

use counterseal::{
    Algorithm, ErrorCode, GuardOptions, Key, KeyOptions, Keyring, Kind, MemoryReplayGuard, Nonce,
    PacketOptions, PacketSigner, PacketVerifier, Parts, Policy, Result, Secret, Timestamp, TokenIssuer,
    TokenVerifier, Use,
};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: each call goes to the system's allocator unchanged; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `alloc` above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = COUNT.with(Cell::get);
    let done = work();
    (done, COUNT.with(Cell::get) - before)
}

struct Scene {
    ring: Keyring,
    signer: PacketSigner,
    verifier: PacketVerifier,
    guard: MemoryReplayGuard,
    now: Timestamp,
}

impl Scene {
    fn set() -> Result<Self> {
        let key = Key::new("engine-7", Secret::from_bytes(&[7; 32])?, KeyOptions::default())?;
        let mut scene = Self {
            ring: Keyring::new([key.clone()])?,
            signer: PacketSigner::new(key)?,
            verifier: PacketVerifier::new(PacketOptions::default())?,
            guard: MemoryReplayGuard::new(GuardOptions { capacity: 64, ..GuardOptions::default() })?,
            now: Timestamp::new(1_708_167_234).ok_or(ErrorCode::MalformedArgument)?,
        };
        // The owner's first claim makes it known to the guard.
        scene.verify_packet(0)?;
        Ok(scene)
    }

    fn verify_packet(&mut self, nonce: u8) -> Result<usize> {
        let packet = self.signer.sign_json(PAYLOAD, "c", self.now, &Nonce::from_bytes([nonce; 16]))?;
        let (verified, count) = allocations(|| {
            self.verifier.verify(&self.ring, &mut self.guard, packet.as_bytes(), "c", self.now)
        });
        assert_eq!(verified?.body().as_bytes(), PAYLOAD);
        Ok(count)
    }

    fn verify_parts(&mut self, kind: Kind, nonce: u8) -> Result<usize> {
        let nonce = Nonce::from_bytes([nonce; 16]);
        let sig = self.signer.sign_parts(kind, PAYLOAD, "c", self.now, &nonce)?;
        let parts =
            Parts { key_id: "engine-7", kind, body: PAYLOAD, ts: self.now, nonce: nonce.as_str(), sig: &sig };
        let (verified, count) = allocations(|| {
            self.verifier.authenticate_parts(&self.ring, &parts, "c", self.now)?.claim(&mut self.guard)
        });
        assert_eq!(verified?.body().as_bytes(), PAYLOAD);
        Ok(count)
    }
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| vec![1_u8; 10]).1, 1);
}

#[test]
fn verified_parts_cost_no_allocation() {
    let mut scene = Scene::set().unwrap();
    assert_eq!(scene.verify_parts(Kind::Bytes, 1).unwrap(), 0);
    assert_eq!(scene.verify_parts(Kind::Json, 2).unwrap(), 0);
}

#[test]
fn a_packet_as_it_was_signed_costs_none_either() {
    assert_eq!(Scene::set().unwrap().verify_packet(1).unwrap(), 0);
}

#[test]
fn a_verified_token_costs_its_text_and_its_index() {
    let now = Timestamp::new(1_708_167_234).unwrap();
    let options = KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() };
    let key = Key::new("auth", Secret::from_bytes(&[7; 32]).unwrap(), options).unwrap();
    let ring = Keyring::new([key.clone()]).unwrap();
    let claims =
        br#"{"engineId":"engine-7","exp":1708253634,"iat":1708167234,"role":"engine","roles":["a","b"]}"#;
    let token = TokenIssuer::new(&key, Algorithm::Hs256).unwrap().issue_text(claims, now).unwrap();
    let verifier = TokenVerifier::new(Policy::new());
    let (verified, count) = allocations(|| verifier.verify(&ring, token.as_bytes(), now));
    assert_eq!((verified.unwrap().claims().text().as_bytes(), count), (&claims[..], 2));
}

const PAYLOAD: &[u8] =
    r#"{"job":42,"progress":0.75,"status":"RUNNING","tags":["nightly","gp\"u"],"€":1e+21}"#.as_bytes();
