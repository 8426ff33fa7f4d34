//! What the contract says of claims, written as plainly as can be, for tests to hold lanes to.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use counterseal::{Nonce, SignedNonce};
use std::collections::BTreeMap;

/// One claim: retained until `end`, signed 100 seconds before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    pub(super) nonce: u32,
    pub(super) owner: u32,
    pub(super) end: u64,
    pub(super) now: u64,
}

pub(super) fn guard(capacity: usize, share: usize, start: u64, size: usize) -> Lanes {
    let start = Timestamp::new(start).unwrap();
    let options = GuardOptions { capacity, owner_share: Some(share), start, scope: String::new() };
    Lanes::with(&options, size)
}

pub(super) fn nonce(number: u32) -> Nonce {
    Nonce::from_bytes(u128::from(number).to_be_bytes())
}

pub(super) fn claim(guard: &Lanes, lane: usize, call: Call) -> Result<(), ErrorCode> {
    guard.claim_from(lane, &call.claim(&nonce(call.nonce)))
}

impl Call {
    pub(super) fn claim(self, nonce: &Nonce) -> Claim<'_> {
        Claim {
            nonce: SignedNonce::new("f", "k", nonce),
            owner: ["a", "b", "c"][self.owner as usize],
            ts: Timestamp::new(self.end - 100).unwrap(),
            max_ahead: 5,
            retain_until: self.end,
            now: Timestamp::new(self.now).unwrap(),
        }
    }
}

/// The contract's words, written as plainly as can be: a list that is searched.
#[derive(Clone)]
pub(super) struct Model {
    capacity: usize,
    share: usize,
    start: u64,
    live: BTreeMap<u32, (u64, u32)>,
    floor: Option<u64>,
}

impl Model {
    pub(super) fn new(capacity: usize, share: usize, start: u64) -> Self {
        Self { capacity, share, start, live: BTreeMap::new(), floor: None }
    }

    /// Lets go of what ended before.
    pub(super) fn advance(&mut self, now: u64) {
        let gone = self.live.values().map(|held| held.0).filter(|end| *end < now).max();
        self.floor = self.floor.max(gone);
        self.live.retain(|_, (end, _)| *end >= now);
    }

    pub(super) fn claim(&mut self, call: Call) -> Result<(), ErrorCode> {
        self.advance(call.now);
        let held = self.live.values().filter(|(_, owner)| *owner == call.owner).count();
        if call.end < call.now || self.floor.is_some_and(|floor| call.end <= floor) {
            return Err(ErrorCode::Expired);
        }
        if self.start > 0 && call.end - 100 <= self.start + 5 {
            return Err(ErrorCode::ReplayGuardStarting);
        }
        if self.live.contains_key(&call.nonce) {
            return Err(ErrorCode::Replayed);
        }
        if held >= self.share {
            return Err(ErrorCode::RateLimited);
        }
        if self.live.len() >= self.capacity {
            return Err(ErrorCode::ReplayGuardFull);
        }
        self.live.insert(call.nonce, (call.end, call.owner));
        Ok(())
    }
}

/// Numbers that are the same each time.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(end)) as u32
    }
}
