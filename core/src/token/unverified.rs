//! A token read without a key: for people who look for a fault, never for a decision.

use super::header;
use super::parts::{Parts, SHORT};
use crate::error::Result;
use crate::json::Document;

/// A token's header and claims as they arrived. Nothing of it is verified: anybody can write one.
#[derive(Clone, Debug)]
pub struct UnverifiedToken {
    header: Document<'static>,
    claims: Document<'static>,
}

impl UnverifiedToken {
    /// Reads what a token says. Its signature is not looked at.
    ///
    /// # Errors
    /// `token_too_large`; `malformed_token` unless it is three parts of which the first two hold JSON objects.
    pub fn read(token: &[u8]) -> Result<Self> {
        let mut room = [0; SHORT];
        let parts = Parts::read(token, &mut room)?;
        let object = |bytes| header::read_object(Document::read_owned(bytes));
        let claims = parts.claims(token)?;
        Ok(Self { header: object(parts.header.into_owned())?, claims: object(claims)? })
    }

    /// The header, an object.
    pub fn header(&self) -> &Document<'static> {
        &self.header
    }

    /// The claims, an object.
    pub fn claims(&self) -> &Document<'static> {
        &self.claims
    }
}
