//! Verifies many packets in one call, their signatures side by side. A refused packet hides no other.

use super::candidate::Candidate;
use super::input::check_context;
use super::side_by_side::check_many;
use super::{Authenticated, PacketVerifier, Verified};
use crate::QUICK;
use crate::error::Result;
use crate::key::Keyring;
use crate::replay::ReplayGuard;
use crate::time::Timestamp;
use alloc::vec::Vec;

impl PacketVerifier {
    /// Verifies packets: [`PacketVerifier::authenticate_batch`], then each claim in its turn.
    ///
    /// # Errors
    /// As [`PacketVerifier::authenticate_batch`].
    pub fn verify_batch<'a>(
        &self,
        ring: &Keyring,
        guard: &mut impl ReplayGuard,
        packets: &[&'a [u8]],
        context: &str,
        now: Timestamp,
    ) -> Result<Vec<Result<Verified<'a>>>> {
        let authenticated = self.authenticate_batch(ring, packets, context, now)?;
        Ok(Authenticated::claim_batch(authenticated, guard))
    }

    /// Checks 1 to 7 of each packet's text: results in order, as [`PacketVerifier::authenticate`] gives them one by one.
    ///
    /// # Errors
    /// `malformed_argument` for the context, which all share.
    pub fn authenticate_batch<'r, 'a>(
        &self,
        ring: &'r Keyring,
        packets: &[&'a [u8]],
        context: &str,
        now: Timestamp,
    ) -> Result<Vec<Result<Authenticated<'r, 'a>>>> {
        check_context(context)?;
        if !QUICK {
            return Ok(packets.iter().map(|packet| self.authenticate(ring, packet, context, now)).collect());
        }
        let mut results = Vec::with_capacity(packets.len());
        for packets in packets.chunks(WINDOW) {
            let candidates = packets.iter().map(|packet| self.candidate(ring, packet, now)).collect();
            let verdicts = self.judge_all(candidates, context, now);
            let each = packets.iter().zip(verdicts);
            results.extend(each.map(|(packet, verdict)| match verdict {
                Some(verdict) => verdict,
                None => self.authenticate(ring, packet, context, now),
            }));
        }
        Ok(results)
    }

    /// None where the strict reader must judge.
    fn judge_all<'r, 'a>(
        &self,
        candidates: Vec<Option<Candidate<'r, 'a>>>,
        context: &str,
        now: Timestamp,
    ) -> impl Iterator<Item = Option<Result<Authenticated<'r, 'a>>>> {
        let found: Vec<_> = candidates.iter().flatten().collect();
        let checks: Vec<_> = found.iter().map(|one| self.check_of(one, context)).collect();
        let mut answers: Vec<_> = found.iter().map(|_| (false, None)).collect();
        check_many(
            &checks,
            |at, pulse| found[at].raw.judge(pulse),
            |at, fits, judged| answers[at] = (fits, judged),
        );
        let mut answers = answers.into_iter();
        candidates.into_iter().map(move |candidate| {
            let (candidate, (fits, judged)) = (candidate?, answers.next()?);
            self.conclude(candidate, fits, judged?, now)
        })
    }
}

/// Packets that are looked at together: enough to hash side by side, few enough to stay in the nearest cache.
const WINDOW: usize = 64;
