//! What crosses to JavaScript.

use counterseal_shared::{Body, Error, ErrorInfo, Verified, VerifiedToken};
use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What the objects below are to TypeScript, which holds them against what the façade expects.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface Signature { timestamp: number; nonce: string; sig: string }
export interface Verified { keyId: string; owner: string; timestamp: number; nonce: string; payloadText?: string; data?: ArrayBuffer }
export interface Refusal { error: string }
export interface VerifiedToken { claimsText: string; keyId: string; owner: string }
"#;

pub(crate) type Result<T> = std::result::Result<T, js_sys::Error>;

/// An error as the exception the TypeScript façade expects.
pub(crate) fn thrown(error: Error) -> js_sys::Error {
    js_sys::Error::new(&line(&error))
}

/// An error as text: code LF detail.
pub(crate) fn line(error: &Error) -> String {
    format!("{}\n{}", error.code().as_str(), error.detail())
}

/// A row of the list of codes.
pub(crate) fn row(info: &ErrorInfo) -> String {
    format!("{}\n{}\n{}\n{}", info.code, info.class, info.status, info.sentence)
}

/// An object of the members given.
pub(crate) fn object<const N: usize>(members: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // Setting a member of a fresh object cannot fail.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}

/// Evidence of a packet.
pub(crate) fn verified(verified: Verified<'_>) -> Object {
    let body = match verified.body() {
        Body::Json(text) => ("payloadText", (&**text).into()),
        Body::Bytes(data) => ("data", Uint8Array::from(&**data).buffer().into()),
    };
    object([
        ("keyId", verified.key_id().into()),
        ("owner", verified.owner().into()),
        ("timestamp", (verified.timestamp().seconds() as f64).into()),
        ("nonce", verified.nonce().as_str().into()),
        body,
    ])
}

/// Evidence of a token.
pub(crate) fn verified_token(verified: VerifiedToken) -> Object {
    object([
        ("claimsText", verified.claims_text().into()),
        ("keyId", verified.key_id().into()),
        ("owner", verified.owner().into()),
    ])
}
