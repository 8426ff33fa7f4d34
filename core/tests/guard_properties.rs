//! What must hold of a replay guard under any order of claims and any order of times, clocks stepped back among them.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use counterseal::{
    Claim, ErrorCode, GuardOptions, MemoryReplayGuard, Nonce, ReplayGuard, SignedNonce, Timestamp,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
struct Call {
    nonce: u8,
    owner: u8,
    ts: u64,
    now: u64,
}

const RETAIN: u64 = 20;
const START: u64 = 3;
const MAX_AHEAD: u64 = 2;
const CAPACITY: usize = 5;

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let call = (0_u8..12, 0_u8..3, 0_u64..60, 0_u64..80).prop_map(|(nonce, owner, ts, now)| Call {
        nonce,
        owner,
        ts,
        now,
    });
    prop::collection::vec(call, 0..120)
}

fn guard(start: u64) -> MemoryReplayGuard {
    let start = Timestamp::new(start).unwrap();
    MemoryReplayGuard::new(GuardOptions { capacity: CAPACITY, start, ..GuardOptions::default() }).unwrap()
}

/// A nonce belongs to one signature, so its time and owner go with it, as the MAC sees to it.
fn claim(guard: &mut MemoryReplayGuard, call: &Call) -> Result<(), ErrorCode> {
    guard.claim(&Claim {
        nonce: SignedNonce::new("f", "k", &nonce(call)),
        owner: &format!("o{}", call.owner),
        ts: Timestamp::new(call.ts).unwrap(),
        max_ahead: MAX_AHEAD,
        retain_until: call.ts + RETAIN,
        now: Timestamp::new(call.now).unwrap(),
    })
}

fn nonce(call: &Call) -> Nonce {
    let mut bytes = [call.nonce, call.owner, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    bytes[8..].copy_from_slice(&call.ts.to_le_bytes());
    Nonce::from_bytes(bytes)
}

/// The contract's words, written as plainly as can be: a list that is searched.
#[derive(Default)]
struct Model {
    live: BTreeMap<String, (u64, u8)>,
    floor: Option<u64>,
}

impl Model {
    fn claim(&mut self, call: &Call, start: u64) -> Result<(), ErrorCode> {
        let (name, end) = (nonce(call).as_str().to_owned(), call.ts + RETAIN);
        let gone: Vec<_> = self
            .live
            .iter()
            .filter(|(_, (end, _))| *end < call.now)
            .map(|(name, held)| (name.clone(), held.0))
            .collect();
        for (name, end) in gone {
            self.live.remove(&name);
            self.floor = self.floor.max(Some(end));
        }
        let held = self.live.values().filter(|(_, owner)| *owner == call.owner).count();
        if end < call.now || self.floor.is_some_and(|floor| end <= floor) {
            return Err(ErrorCode::Expired);
        }
        if start > 0 && call.ts <= start + MAX_AHEAD {
            return Err(ErrorCode::ReplayGuardStarting);
        }
        if self.live.contains_key(&name) {
            return Err(ErrorCode::Replayed);
        }
        if held >= CAPACITY.div_ceil(2) {
            return Err(ErrorCode::RateLimited);
        }
        if self.live.len() >= CAPACITY {
            return Err(ErrorCode::ReplayGuardFull);
        }
        self.live.insert(name, (end, call.owner));
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_nonce_is_never_fresh_twice(calls in calls()) {
        let (mut guard, mut fresh) = (guard(0), BTreeSet::new());
        for call in &calls {
            if claim(&mut guard, call).is_ok() {
                prop_assert!(fresh.insert(nonce(call).as_str().to_owned()), "fresh twice: {:?}", call);
            }
        }
    }

    #[test]
    fn every_answer_is_the_contracts(calls in calls(), fenced in any::<bool>()) {
        let start = if fenced { START } else { 0 };
        let (mut guard, mut model) = (guard(start), Model::default());
        for call in &calls {
            prop_assert_eq!(claim(&mut guard, call), model.claim(call, start), "{:?}", call);
        }
    }

    #[test]
    fn memory_is_bounded(calls in calls()) {
        let mut guard = guard(0);
        for call in &calls {
            let _ = claim(&mut guard, call);
            prop_assert!(guard.len() <= CAPACITY);
        }
    }
}

/// A guard of several tables, filled, emptied and filled again: tags enough to fill lines of an index and to leave them.
#[test]
fn a_guard_of_several_tables_answers_alike() {
    let options = GuardOptions { capacity: LARGE, owner_share: Some(LARGE), ..GuardOptions::default() };
    let mut guard = MemoryReplayGuard::new(options).unwrap();
    let mut live = BTreeMap::new();
    for step in 0..4 * LARGE as u64 {
        // 400 nonces a second that live for 20 to 24 seconds, so that it is full from second 21 on; each is sent twice.
        let (now, nonce) = (1000 + step / 400, step - step % 2 * (step % 7000).min(step));
        let ends = 1020 + nonce / 400 + nonce % 5;
        if step % 400 == 0 {
            live.retain(|_, end| *end >= now);
        }
        let expected = match (ends < now, live.contains_key(&nonce), live.len() < LARGE) {
            (true, ..) => Err(ErrorCode::Expired),
            (_, true, _) => Err(ErrorCode::Replayed),
            (.., false) => Err(ErrorCode::ReplayGuardFull),
            _ => Ok(()),
        };
        let sent = Nonce::from_bytes(u128::from(nonce).to_be_bytes());
        let (ts, now) = (Timestamp::new(0).unwrap(), Timestamp::new(now).unwrap());
        let claim = Claim {
            nonce: SignedNonce::new("f", "k", &sent),
            owner: OWNERS[nonce as usize % 3],
            ts,
            max_ahead: 5,
            retain_until: ends,
            now,
        };
        assert_eq!(guard.claim(&claim), expected, "step {step}");
        if expected.is_ok() {
            live.insert(nonce, ends);
        }
        assert_eq!(guard.len(), live.len());
    }
}

const LARGE: usize = 8192;
const OWNERS: [&str; 3] = ["engine-1", "engine-2", "a-rather-long-name-of-an-owner"];
