//! What verification leaves behind: evidence in two steps, so that no host can skip the claim.

use super::{Body, FORMAT};
use crate::error::Result;
use crate::key::Key;
use crate::nonce::Nonce;
use crate::replay::{Claim, ReplayGuard, ReplayTag, SharedClaim, SharedGuardOptions, TagInput};
use crate::time::{Timestamp, Tolerance};
use alloc::vec::Vec;

/// A packet that passed checks 1 to 7. Its payload cannot be read before the nonce is claimed.
#[must_use = "a packet is not verified before its nonce is claimed"]
pub struct Authenticated<'a> {
    pub(super) key: Key,
    pub(super) ts: Timestamp,
    pub(super) now: Timestamp,
    pub(super) nonce: Nonce,
    /// Where the guard was known, and the tag was hashed beside the MAC.
    pub(super) tag: Option<ReplayTag>,
    pub(super) tolerance: Tolerance,
    pub(super) body: Body<'a>,
}

/// The evidence: who sent what, when, and for the first time.
#[derive(Clone, Debug)]
pub struct Verified<'a> {
    key: Key,
    ts: Timestamp,
    nonce: Nonce,
    body: Body<'a>,
}

impl<'a> Authenticated<'a> {
    /// Check 8: claims the nonce, once, then reads the key's revocation again.
    ///
    /// # Errors
    /// The guard's codes ([`ReplayGuard::claim`]); `revoked_key`.
    pub fn claim(self, guard: &mut impl ReplayGuard) -> Result<Verified<'a>> {
        let tag = self.tag.unwrap_or_else(|| self.tag_input(guard.scope()).tag());
        guard.claim(&Claim::new(tag, self.key.owner(), self.ts, self.tolerance, self.now))?;
        self.key.check_revocation()?;
        Ok(Verified { key: self.key, ts: self.ts, nonce: self.nonce, body: self.body })
    }

    /// The claim of check 8 for a store that replicas share.
    pub fn shared_claim(&self, options: &SharedGuardOptions) -> SharedClaim {
        let tag = self.tag_input(&options.scope).tag();
        let claim = Claim::new(tag, self.key.owner(), self.ts, self.tolerance, self.now);
        SharedClaim::new(&claim, self.tolerance, options)
    }

    /// Check 8 with the store's reply to [`Authenticated::shared_claim`].
    ///
    /// # Errors
    /// As [`SharedClaim::settle`]; `revoked_key`.
    pub fn settle(self, reply: i64) -> Result<Verified<'a>> {
        SharedClaim::settle(reply)?;
        self.key.check_revocation()?;
        Ok(Verified { key: self.key, ts: self.ts, nonce: self.nonce, body: self.body })
    }

    /// The same packet, its body in memory of its own: to be held while a store is asked.
    pub fn into_owned(self) -> Authenticated<'static> {
        let Self { key, ts, now, nonce, tag, tolerance, body } = self;
        Authenticated { key, ts, now, nonce, tag, tolerance, body: body.into_owned() }
    }

    /// Check 8 for what [`PacketVerifier::authenticate_batch`](super::PacketVerifier::authenticate_batch) left: each claim in its turn.
    pub fn claim_batch(
        mut batch: Vec<Result<Self>>,
        guard: &mut impl ReplayGuard,
    ) -> Vec<Result<Verified<'a>>> {
        let mut good = batch.iter_mut().flatten();
        while let (Some(one), Some(other)) = (good.next(), good.next()) {
            let tags = ReplayTag::of_two(&[one.tag_input(guard.scope()), other.tag_input(guard.scope())]);
            [one.tag, other.tag] = tags.map(Some);
        }
        batch.into_iter().map(|one| one?.claim(guard)).collect()
    }

    fn tag_input<'s>(&'s self, scope: &'s str) -> TagInput<'s> {
        TagInput { scope, format: FORMAT, key_id: self.key.id(), nonce: self.nonce.as_str() }
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
