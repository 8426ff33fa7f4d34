//! A token's three parts (RFC 7515 §3.1), strictly encoded, none of them read.

use super::TOKEN_MAX;
use crate::base64;
use crate::error::{Error, ErrorCode, Result};
use crate::text::position;
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// A token taken apart.
pub(super) struct Parts<'a> {
    /// The first two parts and the dot between them, as they arrived.
    pub(super) signing_input: &'a [u8],
    /// As it arrived; strict base64url.
    pub(super) signature: &'a [u8],
    header: &'a [u8],
    /// The claims' bytes: decoded, not read. Their grammar is judged after the signature.
    pub(super) claims: Vec<u8>,
}

impl<'a> Parts<'a> {
    pub(super) fn read(token: &'a [u8]) -> Result<Self> {
        check_size(token)?;
        let parts = Self::split(token);
        parts.filter(Self::is_strict).ok_or_else(|| fault(token))
    }

    /// None if there are not two dots, or the claims are not base64url. A third dot is in no alphabet.
    fn split(token: &'a [u8]) -> Option<Self> {
        let header = position(token, b'.')?;
        let signature = token.iter().rposition(|&byte| byte == b'.')?;
        Some(Self {
            signing_input: &token[..signature],
            signature: &token[signature + 1..],
            header: &token[..header],
            claims: base64::decode_url(token.get(header + 1..signature)?)?,
        })
    }

    fn is_strict(&self) -> bool {
        base64::is_url(self.header) && base64::is_url(self.signature)
    }

    /// The header's bytes, in `room` if they fit there.
    pub(super) fn header<'r>(&self, room: &'r mut [u8; SHORT_HEADER]) -> Cow<'r, [u8]> {
        match base64::decode_url_into(self.header, room) {
            Some(length) => Cow::Borrowed(&room[..length]),
            None => Cow::Owned(base64::decode_url(self.header).unwrap_or_default()),
        }
    }
}

fn check_size(token: &[u8]) -> Result<()> {
    if token.len() > TOKEN_MAX {
        return Err(ErrorCode::TokenTooLarge.into());
    }
    Ok(())
}

fn fault(token: &[u8]) -> Error {
    let dots = token.iter().filter(|&&byte| byte == b'.').count();
    let detail = match dots {
        2 => "a part is not strict base64url without padding",
        _ => "a token is three parts with two dots between them",
    };
    Error::new(ErrorCode::MalformedToken, detail)
}

/// Bytes of most headers.
pub(super) const SHORT_HEADER: usize = 96;
