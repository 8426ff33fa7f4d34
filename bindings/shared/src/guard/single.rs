//! The core's guard, for a program in which one thread alone can have it.

use core::cell::RefCell;
use core::mem;
use counterseal::{Claim, ErrorCode, GuardOptions, MemoryReplayGuard, ReplayGuard, Result, SignedNonce};

pub(super) struct Single(RefCell<Held>);

struct Held {
    guard: MemoryReplayGuard,
    /// Whether no claim is half made. One that panics may have been: the guard then no longer knows, and refuses from there on.
    is_sound: bool,
}

impl Single {
    pub(super) fn new(options: &GuardOptions) -> Result<Self> {
        let guard = MemoryReplayGuard::new(options.clone())?;
        Ok(Self(RefCell::new(Held { guard, is_sound: true })))
    }

    #[inline(always)]
    pub(super) fn expect(&self, nonce: &SignedNonce<'_>) {
        if let Ok(held) = self.0.try_borrow() {
            held.guard.expect(nonce);
        }
    }

    pub(super) fn claim(&self, claim: &Claim<'_>) -> Result<(), ErrorCode> {
        self.watched(|guard| guard.claim(claim))
    }

    pub(super) fn claim_all(&self, claims: &[Claim<'_>], tell: &mut dyn FnMut(Result<(), ErrorCode>)) {
        claims.iter().for_each(|claim| tell(self.claim(claim)));
    }

    pub(super) fn len(&self) -> usize {
        self.0.borrow().guard.len()
    }

    #[inline(always)]
    fn watched(
        &self,
        claim: impl FnOnce(&mut MemoryReplayGuard) -> Result<(), ErrorCode>,
    ) -> Result<(), ErrorCode> {
        let Ok(mut held) = self.0.try_borrow_mut() else { return Err(ErrorCode::ReplayGuardFull) };
        if !mem::replace(&mut held.is_sound, false) {
            return Err(ErrorCode::ReplayGuardFull);
        }
        let answer = claim(&mut held.guard);
        held.is_sound = true;
        answer
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use counterseal::{Nonce, Timestamp, Tolerance};
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn guard() -> Single {
        Single::new(&GuardOptions { capacity: 10, ..GuardOptions::default() }).unwrap()
    }

    fn with_claim<T>(nonce: u8, work: impl FnOnce(&Claim<'_>) -> T) -> T {
        let (now, nonce) = (Timestamp::new(1000).unwrap(), Nonce::from_bytes([nonce; 16]));
        work(&Claim::new(SignedNonce::new("f", "k", &nonce), "a", now, Tolerance::default(), now))
    }

    #[test]
    fn a_nonce_is_claimed_once() {
        let guard = guard();
        let claim = |nonce| {
            with_claim(nonce, |claim| {
                guard.expect(&claim.nonce);
                guard.claim(claim)
            })
        };
        assert_eq!([1, 2, 1].map(claim), [Ok(()), Ok(()), Err(ErrorCode::Replayed)]);
        let mut answers = Vec::new();
        with_claim(3, |claim| guard.claim_all(&[*claim, *claim], &mut |answer| answers.push(answer)));
        assert_eq!(answers, [Ok(()), Err(ErrorCode::Replayed)]);
        assert_eq!(guard.len(), 3);
    }

    #[test]
    fn a_guard_in_which_a_claim_panicked_refuses() {
        let guard = guard();
        assert_eq!(with_claim(1, |claim| guard.claim(claim)), Ok(()));
        let half = || guard.watched(|_| panic!("half made"));
        assert!(catch_unwind(AssertUnwindSafe(half)).is_err());
        for nonce in [1, 2] {
            assert_eq!(with_claim(nonce, |claim| guard.claim(claim)), Err(ErrorCode::ReplayGuardFull));
        }
        assert_eq!(guard.len(), 1);
    }

    #[test]
    fn a_claim_within_a_claim_is_refused() {
        let guard = guard();
        let within = with_claim(1, |claim| {
            guard.watched(|_| {
                assert_eq!(guard.claim(claim), Err(ErrorCode::ReplayGuardFull));
                Ok(())
            })
        });
        assert_eq!(within, Ok(()));
        assert_eq!(with_claim(1, |claim| guard.claim(claim)), Ok(()));
    }
}
