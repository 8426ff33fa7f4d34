//! What crosses to JavaScript.

use counterseal_shared::{self as shared, Body, Error, ErrorInfo};
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;

/// What a signature adds.
#[napi(object)]
pub struct RawSignature {
    /// When it was signed, whole Unix seconds.
    pub timestamp: f64,
    /// The nonce.
    pub nonce: String,
    /// The signature.
    pub sig: String,
}

/// Evidence of a packet: `payload_text` or `data`.
#[napi(object)]
pub struct RawVerified {
    /// The id of the key that signed it.
    pub key_id: String,
    /// Who holds that key.
    pub owner: String,
    /// When it was signed, whole Unix seconds.
    pub timestamp: f64,
    /// Its nonce.
    pub nonce: String,
    /// The payload in RFC 8785 form.
    pub payload_text: Option<String>,
    /// The raw bytes.
    pub data: Option<Uint8Array>,
}

/// One refused packet of a batch.
#[napi(object)]
pub struct RawRefusal {
    /// Code LF detail.
    pub error: String,
}

/// Evidence of a token.
#[napi(object)]
pub struct RawVerifiedToken {
    /// The claims in RFC 8785 form.
    pub claims_text: String,
    /// The id of the key that signed it.
    pub key_id: String,
    /// Who holds that key.
    pub owner: String,
}

/// An error as the exception the TypeScript façade expects.
pub(crate) fn thrown(error: Error) -> napi::Error {
    napi::Error::from_reason(line(&error))
}

/// A row of the list of codes.
pub(crate) fn row(info: &ErrorInfo) -> String {
    format!("{}\n{}\n{}\n{}", info.code, info.class, info.status, info.sentence)
}

impl From<shared::Signature> for RawSignature {
    fn from(made: shared::Signature) -> Self {
        Self { timestamp: made.timestamp, nonce: made.nonce, sig: made.sig }
    }
}

impl From<shared::Verified> for RawVerified {
    fn from(verified: shared::Verified) -> Self {
        let (payload_text, data) = match verified.body {
            Body::Json(text) => (Some(text), None),
            Body::Bytes(data) => (None, Some(data.into())),
        };
        let shared::Verified { key_id, owner, timestamp, nonce, .. } = verified;
        Self { key_id, owner, timestamp, nonce, payload_text, data }
    }
}

impl From<Error> for RawRefusal {
    fn from(error: Error) -> Self {
        Self { error: line(&error) }
    }
}

impl From<shared::VerifiedToken> for RawVerifiedToken {
    fn from(verified: shared::VerifiedToken) -> Self {
        Self { claims_text: verified.claims_text, key_id: verified.key_id, owner: verified.owner }
    }
}

fn line(error: &Error) -> String {
    format!("{}\n{}", error.code().as_str(), error.detail())
}
