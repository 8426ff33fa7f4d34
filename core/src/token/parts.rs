//! A token's three parts (RFC 7515 §3.1), strictly encoded, none of them read.

use super::TOKEN_MAX;
use crate::base64;
use crate::error::{Error, ErrorCode, Result};
use crate::text::position;
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// A token taken apart.
pub(crate) struct Parts<'a> {
    /// The first two parts and the dot between them, as they arrived.
    pub(crate) signing_input: &'a [u8],
    /// As it arrived, its grammar not judged: a signature that fits is in it.
    pub(crate) signature: &'a [u8],
    /// As they arrived.
    claims: &'a [u8],
    /// Decoded, not read.
    pub(crate) header: Cow<'a, [u8]>,
}

impl<'a> Parts<'a> {
    /// Takes a token apart; `room` is for its header, unless that is long.
    #[inline(always)]
    pub(crate) fn read(token: &'a [u8], room: &'a mut [u8; SHORT]) -> Result<Self> {
        check_size(token)?;
        Self::split(token, room).ok_or_else(|| fault(token))
    }

    /// The claims' bytes: decoded, not read. What they say is judged after the signature.
    ///
    /// # Errors
    /// `malformed_token` unless they are strict base64url.
    pub(crate) fn claims(&self, token: &[u8]) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.decode_claims(token, &mut bytes)?;
        Ok(bytes)
    }

    /// [`Parts::claims`] to an empty vector.
    #[inline(always)]
    pub(super) fn decode_claims(&self, token: &[u8], bytes: &mut Vec<u8>) -> Result<()> {
        if base64::decode_url_to(self.claims, bytes) { Ok(()) } else { Err(fault(token)) }
    }

    /// # Errors
    /// `malformed_token` unless the signature is strict base64url, as the other parts are.
    pub(super) fn check_signature_grammar(&self, token: &[u8]) -> Result<()> {
        if base64::is_url(self.signature) { Ok(()) } else { Err(fault(token)) }
    }

    /// None if there are not two dots, or the header is not strict base64url. A third dot is in no alphabet.
    #[inline(always)]
    fn split(token: &'a [u8], room: &'a mut [u8; SHORT]) -> Option<Self> {
        let (first, last) = (position(token, b'.')?, last_dot(token)?);
        let header = match base64::decode_url_into(&token[..first], room) {
            Some(length) => Cow::Borrowed(&room[..length]),
            None => Cow::Owned(base64::decode_url(&token[..first])?),
        };
        Some(Self {
            signing_input: &token[..last],
            signature: &token[last + 1..],
            claims: token.get(first + 1..last)?,
            header,
        })
    }
}

/// Most signatures are HS256's, of one length.
fn last_dot(token: &[u8]) -> Option<usize> {
    let usual = token.len().checked_sub(base64::TAG + 1);
    usual.filter(|&at| token[at] == b'.').or_else(|| token.iter().rposition(|&byte| byte == b'.'))
}

fn check_size(token: &[u8]) -> Result<()> {
    if token.len() > TOKEN_MAX {
        return Err(ErrorCode::TokenTooLarge.into());
    }
    Ok(())
}

#[cold]
fn fault(token: &[u8]) -> Error {
    let dots = token.iter().filter(|&&byte| byte == b'.').count();
    let detail = match dots {
        2 => "a part is not strict base64url without padding",
        _ => "a token is three parts with two dots between them",
    };
    Error::new(ErrorCode::MalformedToken, detail)
}

/// More bytes than most headers have.
pub(crate) const SHORT: usize = 96;
