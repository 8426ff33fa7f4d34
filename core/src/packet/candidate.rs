//! A packet on its way through the checks: taken apart, its key looked up, its signature not yet checked.

use super::envelope::{Envelope, Signature};
use super::input::Input;
use crate::error::ErrorCode;
use crate::key::Key;
use crate::mac::MacKey;

/// A packet after checks 1 to 3.
pub(super) struct Candidate<'r, 'a> {
    pub(super) envelope: Envelope<'a>,
    pub(super) key: Result<&'r Key, ErrorCode>,
}

/// A signature to check.
pub(super) struct Job<'e> {
    pub(super) key: &'e MacKey,
    pub(super) input: Input<'e>,
    pub(super) sig: &'e Signature,
}

impl Job<'_> {
    pub(super) fn fits(&self) -> bool {
        self.input.check(self.key, self.sig)
    }
}

/// Checks signatures side by side: `fits` says of each whether it is good, in the jobs' order.
pub(super) fn check_many(jobs: &[Job<'_>], fits: &mut [bool]) {
    for (job, fits) in jobs.iter().zip(fits) {
        *fits = job.fits();
    }
}
