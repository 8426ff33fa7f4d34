//! A packet on its way through the checks: taken apart, its key looked up, its signature not yet checked.

use super::envelope::Envelope;
use crate::error::ErrorCode;
use crate::key::Key;

/// A packet after checks 1 to 3.
pub(super) struct Candidate<'r, 'a> {
    pub(super) envelope: Envelope<'a>,
    pub(super) key: Result<&'r Key, ErrorCode>,
}
