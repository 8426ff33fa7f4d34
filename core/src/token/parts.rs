//! A token's three parts (RFC 7515 §3.1), strictly encoded, none of them read.

use super::TOKEN_MAX;
use crate::base64;
use crate::error::{Error, ErrorCode, Result};
use crate::text::position;
use alloc::vec::Vec;

/// A token taken apart.
pub(crate) struct Parts<'a> {
    /// The first two parts and the dot between them, as they arrived.
    pub(crate) signing_input: &'a [u8],
    /// As it arrived, its grammar not judged: a signature that fits is in it.
    pub(crate) signature: &'a [u8],
    /// The claims' bytes: decoded, not read. Their grammar is judged after the signature.
    pub(crate) claims: Vec<u8>,
    header: Header,
}

/// The header's bytes, without an allocation unless there are many.
enum Header {
    Short([u8; SHORT], usize),
    Long(Vec<u8>),
}

impl<'a> Parts<'a> {
    #[inline(always)]
    pub(crate) fn read(token: &'a [u8]) -> Result<Self> {
        check_size(token)?;
        Self::split(token).ok_or_else(|| fault(token))
    }

    pub(crate) fn header(&self) -> &[u8] {
        match &self.header {
            Header::Short(bytes, length) => &bytes[..*length],
            Header::Long(bytes) => bytes,
        }
    }

    /// # Errors
    /// `malformed_token` unless the signature is strict base64url, as the other parts are.
    pub(super) fn check_signature_grammar(&self, token: &[u8]) -> Result<()> {
        if base64::is_url(self.signature) { Ok(()) } else { Err(fault(token)) }
    }

    /// None if there are not two dots, or header or claims are not strict base64url. A third dot is in no alphabet.
    #[inline(always)]
    fn split(token: &'a [u8]) -> Option<Self> {
        let (first, last) = (position(token, b'.')?, last_dot(token)?);
        Some(Self {
            signing_input: &token[..last],
            signature: &token[last + 1..],
            claims: base64::decode_url(token.get(first + 1..last)?)?,
            header: Header::decode(&token[..first])?,
        })
    }
}

impl Header {
    #[inline(always)]
    fn decode(text: &[u8]) -> Option<Self> {
        let mut short = [0; SHORT];
        match base64::decode_url_into(text, &mut short) {
            Some(length) => Some(Self::Short(short, length)),
            None => base64::decode_url(text).map(Self::Long),
        }
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

fn fault(token: &[u8]) -> Error {
    let dots = token.iter().filter(|&&byte| byte == b'.').count();
    let detail = match dots {
        2 => "a part is not strict base64url without padding",
        _ => "a token is three parts with two dots between them",
    };
    Error::new(ErrorCode::MalformedToken, detail)
}

/// Bytes of most headers.
const SHORT: usize = 96;
