//! What verification leaves behind: evidence in two steps, so that no host can skip the claim.

use super::Body;
use crate::error::{ErrorCode, Result};
use crate::key::Key;
use crate::nonce::Nonce;
use crate::replay::{Claim, Format, ReplayGuard, SharedClaim, SharedGuardOptions, SignedNonce};
use crate::time::{Timestamp, Tolerance};
use alloc::vec::Vec;

/// A packet that passed checks 1 to 7. Its payload cannot be read before the nonce is claimed. It borrows from the ring and from the packet.
#[must_use = "a packet is not verified before its nonce is claimed"]
pub struct Authenticated<'r, 'a> {
    pub(super) key: Held<'r>,
    pub(super) ts: Timestamp,
    pub(super) now: Timestamp,
    pub(super) nonce: Nonce,
    pub(super) tolerance: Tolerance,
    pub(super) body: Body<'a>,
}

/// A key of the ring, or the same key for longer. To borrow it costs nothing; to count one more holder waits for memory.
pub(super) enum Held<'r> {
    Lent(&'r Key),
    Own(Key),
}

impl Held<'_> {
    fn key(&self) -> &Key {
        match self {
            Self::Lent(key) => key,
            Self::Own(key) => key,
        }
    }

    fn into_key(self) -> Key {
        match self {
            Self::Lent(key) => key.clone(),
            Self::Own(key) => key,
        }
    }
}

/// The evidence: who sent what, when, and for the first time.
#[derive(Clone, Debug)]
pub struct Verified<'a> {
    key: Key,
    ts: Timestamp,
    nonce: Nonce,
    body: Body<'a>,
}

/// Evidence as [`Verified`], on loan: it borrows from the ring and from the packet.
#[derive(Clone, Copy)]
pub struct VerifiedRef<'r, 'a>(&'r Authenticated<'r, 'a>);

impl<'a> Authenticated<'_, 'a> {
    /// Check 8: claims the nonce, once, then reads the key's revocation again.
    ///
    /// # Errors
    /// The guard's codes ([`ReplayGuard::claim`]); `revoked_key`.
    pub fn claim(self, guard: &mut impl ReplayGuard) -> Result<Verified<'a>> {
        self.claim_ref(guard)?;
        Ok(Verified { key: self.key.into_key(), ts: self.ts, nonce: self.nonce, body: self.body })
    }

    /// [`Authenticated::claim`] for who reads the evidence at once: it stays where it is, and the key need not be counted.
    ///
    /// # Errors
    /// As [`Authenticated::claim`].
    #[inline]
    pub fn claim_ref(&self, guard: &mut impl ReplayGuard) -> Result<VerifiedRef<'_, 'a>> {
        guard.claim(&self.as_claim())?;
        self.key.key().check_revocation()?;
        Ok(VerifiedRef(self))
    }

    /// The claim of check 8 for a store that replicas share.
    pub fn shared_claim(&self, options: &SharedGuardOptions) -> SharedClaim {
        SharedClaim::new(&self.as_claim(), self.tolerance, options)
    }

    /// Check 8 with the store's reply to [`Authenticated::shared_claim`].
    ///
    /// # Errors
    /// As [`SharedClaim::settle`]; `revoked_key`.
    pub fn settle(self, reply: i64) -> Result<Verified<'a>> {
        SharedClaim::settle(reply)?;
        self.key.key().check_revocation()?;
        Ok(Verified { key: self.key.into_key(), ts: self.ts, nonce: self.nonce, body: self.body })
    }

    /// The same packet, its body in memory of its own: to be held while a store is asked.
    pub fn into_owned(self) -> Authenticated<'static, 'static> {
        let Self { key, ts, now, nonce, tolerance, body } = self;
        let (key, body) = (Held::Own(key.into_key()), body.into_owned());
        Authenticated { key, ts, now, nonce, tolerance, body }
    }

    /// Check 8 for what [`PacketVerifier::authenticate_batch`](super::PacketVerifier::authenticate_batch) left: each claim in its turn.
    pub fn claim_batch(
        mut batch: Vec<Result<Self>>,
        guard: &mut impl ReplayGuard,
    ) -> Vec<Result<Verified<'a>>> {
        let mut results = Vec::with_capacity(batch.len());
        Self::claim_window(&mut batch, guard, &mut results);
        results
    }

    /// Takes out what passed and what did not; the results are what [`Authenticated::claim`] answers to each.
    pub(super) fn claim_window(
        window: &mut Vec<Result<Self>>,
        guard: &mut impl ReplayGuard,
        results: &mut Vec<Result<Verified<'a>>>,
    ) {
        let claims: Vec<_> = window.iter().flatten().map(Self::as_claim).collect();
        let mut answers = Vec::with_capacity(claims.len());
        guard.claim_all(&claims, &mut |answer| answers.push(answer));
        let mut answers = answers.into_iter();
        for one in window.drain(..) {
            // Each is written where it stays.
            match one {
                Ok(one) => match one.check_claimed(answers.next()) {
                    Ok(()) => {
                        let Self { key, ts, nonce, body, .. } = one;
                        results.push(Ok(Verified { key: key.into_key(), ts, nonce, body }));
                    }
                    Err(code) => results.push(Err(code.into())),
                },
                Err(error) => results.push(Err(error)),
            }
        }
    }

    /// Check 8 with the guard's answer; a guard that gave none has not claimed.
    #[inline(always)]
    fn check_claimed(&self, answer: Option<Result<(), ErrorCode>>) -> Result<(), ErrorCode> {
        answer.unwrap_or(Err(ErrorCode::ReplayGuardFull))?;
        self.key.key().check_revocation()
    }

    fn as_claim(&self) -> Claim<'_> {
        let key = self.key.key();
        let nonce = SignedNonce::of(Format::Packet, key, &self.nonce);
        Claim::new(nonce, key.owner(), self.ts, self.tolerance, self.now)
    }
}

impl<'r, 'a> VerifiedRef<'r, 'a> {
    /// The id of the key that signed it.
    pub fn key_id(self) -> &'r str {
        self.0.key.key().id()
    }

    /// Who holds that key.
    pub fn owner(self) -> &'r str {
        self.0.key.key().owner()
    }

    /// When it was signed.
    pub fn timestamp(self) -> Timestamp {
        self.0.ts
    }

    /// Its nonce.
    pub fn nonce(self) -> &'r Nonce {
        &self.0.nonce
    }

    /// What was signed.
    pub fn body(self) -> &'r Body<'a> {
        &self.0.body
    }
}

impl<'a> Verified<'a> {
    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// The id of the key that signed it.
    pub fn key_id(&self) -> &str {
        self.key.id()
    }

    /// Who holds that key.
    pub fn owner(&self) -> &str {
        self.key.owner()
    }

    /// When it was signed.
    pub fn timestamp(&self) -> Timestamp {
        self.ts
    }

    /// Its nonce.
    pub fn nonce(&self) -> &Nonce {
        &self.nonce
    }

    /// What was signed.
    pub fn body(&self) -> &Body<'a> {
        &self.body
    }

    /// What was signed, without a copy.
    pub fn into_body(self) -> Body<'a> {
        self.body
    }

    /// The same evidence, its body in memory of its own.
    pub fn into_owned(self) -> Verified<'static> {
        let Self { key, ts, nonce, body } = self;
        Verified { key, ts, nonce, body: body.into_owned() }
    }
}
