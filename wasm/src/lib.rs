//! The JavaScript engine as WebAssembly. Each function is one line into the façade; the TypeScript in `ts/` judges the types of all
//! arguments before it calls, because the generated glue would coerce them.

mod key;
mod packet;
mod token;
mod value;

use counterseal_shared as shared;
use key::RawSecret;
use value::{Result, thrown};
use wasm_bindgen::prelude::wasm_bindgen;

/// A secret derived from a master.
#[wasm_bindgen]
pub fn derive(master: &RawSecret, purpose: &str, owner: &str, key_id: &str) -> Result<RawSecret> {
    shared::derive(&master.0, purpose, owner, key_id).map(RawSecret).map_err(thrown)
}

/// The RFC 8785 form of JSON text.
#[wasm_bindgen(js_name = canonicalJson)]
pub fn canonical_json(text: &[u8]) -> Result<String> {
    shared::canonical_json(text).map_err(thrown)
}

/// A nonce from the system's generator.
#[wasm_bindgen(js_name = generateNonce)]
pub fn generate_nonce() -> Result<String> {
    shared::generate_nonce().map_err(thrown)
}

/// The closed list of codes: a row of four lines each (code, class, status, sentence).
#[wasm_bindgen(js_name = errorList)]
pub fn error_list() -> Vec<String> {
    shared::error_list().iter().map(value::row).collect()
}

/// Which engine this is, as JSON.
#[wasm_bindgen]
pub fn about() -> String {
    format!(r#"{{"engine":"wasm","version":"{}"}}"#, shared::version())
}
