//! A token's three parts (RFC 7515 §3.1), strictly encoded, none of them read.

use super::TOKEN_MAX;
use crate::base64;
use crate::error::{Error, ErrorCode, Result};
use crate::text::position;
use alloc::vec::Vec;

/// A token taken apart.
pub(super) struct Parts<'a> {
    /// The first two parts and the dot between them, as they arrived.
    pub(super) signing_input: &'a [u8],
    /// As it arrived; strict base64url.
    pub(super) signature: &'a [u8],
    /// The claims' bytes: decoded, not read. Their grammar is judged after the signature.
    pub(super) claims: Vec<u8>,
    header: Header,
}

/// The header's bytes, without an allocation unless there are many.
enum Header {
    Short([u8; SHORT], usize),
    Long(Vec<u8>),
}

impl<'a> Parts<'a> {
    pub(super) fn read(token: &'a [u8]) -> Result<Self> {
        check_size(token)?;
        Self::split(token).ok_or_else(|| fault(token))
    }

    pub(super) fn header(&self) -> &[u8] {
        match &self.header {
            Header::Short(bytes, length) => &bytes[..*length],
            Header::Long(bytes) => bytes,
        }
    }

    /// None if there are not two dots, or a part is not strict base64url. A third dot is in no alphabet.
    fn split(token: &'a [u8]) -> Option<Self> {
        let first = position(token, b'.')?;
        let claims = &token[first + 1..];
        let (claims, signature) = claims.split_at(position(claims, b'.')?);
        let signature = &signature[1..];
        base64::is_url(signature).then_some(())?;
        Some(Self {
            signing_input: &token[..first + 1 + claims.len()],
            signature,
            claims: base64::decode_url(claims)?,
            header: Header::decode(&token[..first])?,
        })
    }
}

impl Header {
    fn decode(text: &[u8]) -> Option<Self> {
        let mut short = [0; SHORT];
        match base64::decode_url_into(text, &mut short) {
            Some(length) => Some(Self::Short(short, length)),
            None => base64::decode_url(text).map(Self::Long),
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
const SHORT: usize = 96;
