//! The signing input. No part before the body can hold an LF, so no two packets share one.

use super::Kind;
use crate::error::{Error, ErrorCode, Result};
use crate::mac::MacKey;
use crate::text::is_context;
use crate::time::Timestamp;

pub(super) struct Input<'a> {
    pub(super) key_id: &'a str,
    pub(super) ts: Timestamp,
    pub(super) nonce: &'a str,
    pub(super) context: &'a str,
    pub(super) kind: Kind,
    pub(super) body: &'a [u8],
}

impl Input<'_> {
    pub(super) fn mac(&self, key: &MacKey) -> [u8; 32] {
        self.with_parts(|parts| key.mac(parts))
    }

    pub(super) fn verify(&self, key: &MacKey, tag: &[u8]) -> bool {
        self.with_parts(|parts| key.verify(parts, tag))
    }

    fn with_parts<T>(&self, use_parts: impl FnOnce(&[&[u8]]) -> T) -> T {
        let mut digits = [0; DIGITS];
        use_parts(&[
            b"counterseal-packet-v1\n",
            self.key_id.as_bytes(),
            b"\n",
            decimal(self.ts, &mut digits),
            b"\n",
            self.nonce.as_bytes(),
            b"\n",
            self.context.as_bytes(),
            b"\n",
            self.kind.as_str().as_bytes(),
            b"\n",
            self.body,
        ])
    }
}

/// Whether a context is in its grammar: it is the caller's own argument, on both sides.
///
/// # Errors
/// `malformed_argument`.
pub fn check_context(context: &str) -> Result<()> {
    if is_context(context) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedArgument, "context must be 0 to 256 bytes of printable ASCII"))
}

fn decimal(ts: Timestamp, digits: &mut [u8; DIGITS]) -> &[u8] {
    let mut rest = ts.seconds();
    let mut at = DIGITS;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            return &digits[at..];
        }
    }
}

/// Digits of the largest timestamp.
const DIGITS: usize = 12;
