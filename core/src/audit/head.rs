//! Where a chain stands.

use crate::base64;
use alloc::string::ToString;
use core::fmt;

/// The number and the hash of a chain's last record; number 0 and zeros before the first.
///
/// Kept elsewhere, in its text form `number:hash`, it shows later that nothing up to that record was changed or cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditHead {
    pub(super) seq: u64,
    pub(super) hash: [u8; 32],
}

impl AuditHead {
    /// The head of a chain without a record.
    pub const FIRST: Self = Self { seq: 0, hash: [0; 32] };

    /// Reads what `Display` writes: `number:hash`, the hash 43 characters of base64url.
    pub fn parse(text: &str) -> Option<Self> {
        let (seq, hash) = text.split_once(':')?;
        let head = Self {
            seq: seq.parse().ok().filter(|seq| *seq <= SEQ_MAX)?,
            hash: base64::decode_url(hash.as_bytes())?.try_into().ok()?,
        };
        (head.to_string() == text).then_some(head)
    }

    /// The last record's number; records are counted from 1.
    pub fn seq(&self) -> u64 {
        self.seq
    }
}

impl fmt::Display for AuditHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, base64::encode_url(&self.hash))
    }
}

/// The last number that a JSON integer carries through every language.
pub(super) const SEQ_MAX: u64 = (1 << 53) - 1;
