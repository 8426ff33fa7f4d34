//! Verifies many packets in one call, their signatures side by side, a window of them at a time. A refused packet hides no other.

use super::abreast::fit_abreast;
use super::candidate::Candidate;
use super::input::check_context;
use super::side_by_side::check_many;
use super::{Authenticated, PacketVerifier, Verified};
use crate::QUICK;
use crate::error::Result;
use crate::key::Keyring;
use crate::mac::{self, ABREAST, Lane};
use crate::replay::ReplayGuard;
use crate::time::Timestamp;
use alloc::vec::Vec;

impl PacketVerifier {
    /// Verifies packets: checks 1 to 7 of each as [`PacketVerifier::authenticate_batch`] makes them, then each claim in its turn.
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
        check_context(context)?;
        let mut results = Vec::with_capacity(packets.len());
        self.by_window(ring, packets, (context, now), |window| {
            Authenticated::claim_window(window, guard, &mut results);
        });
        Ok(results)
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
        let mut results = Vec::with_capacity(packets.len());
        self.by_window(ring, packets, (context, now), |window| results.append(window));
        Ok(results)
    }

    /// Hands over what [`PacketVerifier::authenticate`] answers to each, so many at a time.
    fn by_window<'r, 'a>(
        &self,
        ring: &'r Keyring,
        packets: &[&'a [u8]],
        (context, now): (&str, Timestamp),
        mut hand_over: impl FnMut(&mut Vec<Result<Authenticated<'r, 'a>>>),
    ) {
        let abreast = mac::abreast();
        let mut window = Vec::with_capacity(WINDOW.min(packets.len()));
        for packets in packets.chunks(WINDOW) {
            match &abreast {
                _ if !QUICK => {
                    window.extend(packets.iter().map(|packet| self.authenticate(ring, packet, context, now)));
                }
                Some(abreast) => self.judge_abreast(ring, packets, (context, now), abreast, &mut window),
                None => self.judge_pairs(ring, packets, (context, now), &mut window),
            }
            hand_over(&mut window);
            window.clear();
        }
    }

    /// Takes the packets apart, and asks for the texts some packets ahead: each lies elsewhere in memory.
    fn candidates<'r, 'a>(
        &self,
        ring: &'r Keyring,
        packets: &[&'a [u8]],
        now: Timestamp,
    ) -> Vec<Option<Candidate<'r, 'a>>> {
        let one = |(at, packet): (usize, &&'a [u8])| {
            if let Some(later) = packets.get(at + AHEAD) {
                fetch(later);
            }
            self.candidate(ring, packet, now)
        };
        packets.iter().enumerate().map(one).collect()
    }

    /// By what hashes many messages abreast; those that have none of their length beside them, one by one.
    pub(super) fn judge_abreast<'r, 'a>(
        &self,
        ring: &'r Keyring,
        packets: &[&'a [u8]],
        (context, now): (&str, Timestamp),
        abreast: &impl Fn(&[Lane<'_>; ABREAST]) -> [bool; ABREAST],
        window: &mut Vec<Result<Authenticated<'r, 'a>>>,
    ) {
        let candidates = self.candidates(ring, packets, now);
        let found: Vec<_> = candidates.iter().flatten().collect();
        let fits = fit_abreast(found.len(), |at| self.check_of(found[at], context), abreast);
        let mut fits = fits.into_iter();
        for (packet, candidate) in packets.iter().zip(candidates) {
            let verdict = candidate.and_then(|candidate| match fits.next()? {
                Some(fits) => {
                    let judged = candidate.raw.judge(&mut (), |_| ())?;
                    self.conclude(candidate, fits, judged, now)
                }
                None => self.judge(candidate, context, now, &|_| ()),
            });
            // What is undecided is for the strict reader.
            window.push(verdict.unwrap_or_else(|| self.authenticate(ring, packet, context, now)));
        }
    }

    /// By pairs.
    pub(super) fn judge_pairs<'r, 'a>(
        &self,
        ring: &'r Keyring,
        packets: &[&'a [u8]],
        (context, now): (&str, Timestamp),
        window: &mut Vec<Result<Authenticated<'r, 'a>>>,
    ) {
        let candidates = self.candidates(ring, packets, now);
        let found: Vec<_> = candidates.iter().flatten().collect();
        let checks: Vec<_> = found.iter().map(|one| self.check_of(one, context)).collect();
        let mut answers: Vec<_> = found.iter().map(|_| (false, None)).collect();
        check_many(
            &checks,
            |at, pulse| found[at].raw.judge(pulse, |_| ()),
            |at, fits, judged| answers[at] = (fits, judged),
        );
        let mut answers = answers.into_iter();
        for (packet, candidate) in packets.iter().zip(candidates) {
            let verdict = candidate.and_then(|candidate| {
                let (fits, judged) = answers.next()?;
                self.conclude(candidate, fits, judged?, now)
            });
            window.push(verdict.unwrap_or_else(|| self.authenticate(ring, packet, context, now)));
        }
    }
}

/// Fetches the beginning of a text and its end, which are read first. A processor fetches lines by pairs.
#[inline(always)]
fn fetch(text: &[u8]) {
    text.chunks(PAIR).take(2).flat_map(<[u8]>::first).chain(text.last()).for_each(counterseal_lanes::fetch);
}

/// Packets between one whose text is fetched and the one that is taken apart.
const AHEAD: usize = 8;
/// Bytes of two lines.
const PAIR: usize = 128;
/// Packets that are looked at together: enough to hash side by side, few enough to stay in a near cache.
const WINDOW: usize = 128;
