//! What crosses to JavaScript.

use crate::ticket::RawVerifiedTicket;
use counterseal_shared::{self as shared, Body, Error, ErrorInfo};
use napi::Env;
use napi::bindgen_prelude::{ArrayBuffer, Either, Result};
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
pub struct RawVerified<'env> {
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
    pub data: Option<ArrayBuffer<'env>>,
}

/// One refused packet of a batch.
#[napi(object)]
pub struct RawRefusal {
    /// Code LF detail.
    pub error: String,
}

/// Evidence of a token.
#[napi(object, object_from_js = false)]
pub struct RawVerifiedToken {
    /// The claims in RFC 8785 form.
    pub claims_text: String,
    /// The id of the key that signed it.
    pub key_id: String,
    /// Who holds that key.
    pub owner: String,
    /// What its keys are made of, if it is a ticket.
    pub ticket: Option<RawVerifiedTicket>,
}

/// An error as the exception the TypeScript façade expects.
pub(crate) fn thrown(error: Error) -> napi::Error {
    napi::Error::from_reason(line(&error))
}

/// Evidence as an object. Bytes are copied into memory of V8's own: memory lent to it is given back on a later turn of the event loop
/// only, so that a long loop of calls would hold everything it ever verified.
pub(crate) fn verified<'env>(env: &'env Env, verified: shared::Verified<'_>) -> Result<RawVerified<'env>> {
    let (payload_text, data) = match verified.body() {
        Body::Json(text) => (Some(text.clone().into_owned()), None),
        Body::Bytes(data) => (None, Some(ArrayBuffer::copy_from(env, data)?)),
    };
    Ok(RawVerified {
        key_id: verified.key_id().to_owned(),
        owner: verified.owner().to_owned(),
        timestamp: verified.timestamp().seconds() as f64,
        nonce: verified.nonce().as_str().to_owned(),
        payload_text,
        data,
    })
}

/// One result of a batch: evidence, or a refusal in its place.
pub(crate) fn result<'env>(
    env: &'env Env,
    result: shared::Result<shared::Verified<'_>>,
) -> Result<Either<RawVerified<'env>, RawRefusal>> {
    match result {
        Ok(evidence) => verified(env, evidence).map(Either::A),
        Err(error) => Ok(Either::B(RawRefusal { error: line(&error) })),
    }
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

impl From<shared::VerifiedToken> for RawVerifiedToken {
    fn from(verified: shared::VerifiedToken) -> Self {
        Self {
            claims_text: verified.claims_text(),
            key_id: verified.key_id().to_owned(),
            owner: verified.owner().to_owned(),
            ticket: verified.is_ticket().then_some(verified).map(RawVerifiedTicket),
        }
    }
}

fn line(error: &Error) -> String {
    format!("{}\n{}", error.code().as_str(), error.detail())
}
