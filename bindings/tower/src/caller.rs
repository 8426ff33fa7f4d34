//! What a handler of axum learns of its caller.

use crate::refusal;
use crate::service::Exempt;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Response};
use counterseal_shared::VerifiedRequest;
use http::StatusCode;
use http::request::Parts;

/// Who sent this request. A handler that asks for it never runs where the layer did not: it is answered with 500.
///
/// `Option<Caller>` is for a path that the policy exempts, where it is `None`.
#[derive(Clone, Debug)]
pub struct Caller(VerifiedRequest);

impl Caller {
    /// Who holds the key that signed the request.
    pub fn owner(&self) -> &str {
        self.0.owner()
    }

    /// The id of that key.
    pub fn key_id(&self) -> &str {
        self.0.key_id()
    }

    /// When it was signed, in whole Unix seconds.
    pub fn timestamp(&self) -> u64 {
        self.0.timestamp().seconds()
    }

    /// Its nonce, 22 characters. It names this request, and no other.
    pub fn nonce(&self) -> &str {
        self.0.nonce().as_str()
    }
}

/// That there is no caller where a handler asks for one: the server is put together wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCaller(());

impl IntoResponse for NoCaller {
    fn into_response(self) -> Response {
        refusal::json(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL).into_response()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = NoCaller;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, NoCaller> {
        match find(parts)? {
            Some(caller) => Ok(caller),
            None => Err(no_caller(parts, UNSIGNED)),
        }
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Caller {
    type Rejection = NoCaller;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, NoCaller> {
        find(parts)
    }
}

/// The caller; none where the layer let the request pass unsigned.
fn find(parts: &Parts) -> Result<Option<Caller>, NoCaller> {
    match parts.extensions.get::<VerifiedRequest>() {
        Some(verified) => Ok(Some(Caller(verified.clone()))),
        None if parts.extensions.get::<Exempt>().is_some() => Ok(None),
        None => Err(no_caller(parts, UNGUARDED)),
    }
}

fn no_caller(parts: &Parts, why: &str) -> NoCaller {
    tracing::error!(method = %parts.method, path = ?parts.uri.path(), "a handler asked for its caller: {why}");
    NoCaller(())
}

const INTERNAL: &str = r#"{"class":"internal","status":500}"#;
const UNGUARDED: &str = "RequireSignature did not run before it; put the layer around this route";
const UNSIGNED: &str = "the policy exempts this path, which has none; ask for Option<Caller>";
