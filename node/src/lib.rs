//! The JavaScript engine as a native addon. Each function is one line into the façade; the TypeScript in `wasm/ts/` judges the types of
//! all arguments before it calls, because the generated glue would coerce them. Every function catches what unwinds: a panic must end
//! as an exception and never cross into Node.
#![allow(unsafe_code, reason = "the code that napi-derive generates is FFI")]

mod audit;
mod claiming;
mod key;
mod members;
mod packet;
mod quick;
mod raw;
mod request;
mod session;
mod ticket;
mod token;
mod trust;
mod value;

use audit::RawAuditReport;
use counterseal_shared as shared;
use key::{RawKey, RawSecret};
use napi::bindgen_prelude::{ClassInstance, Result};
use napi_derive::napi;
use std::path::Path;
use ticket::RawVerifiedTicket;
use value::thrown;

/// A secret derived from a master.
#[napi(catch_unwind)]
pub fn derive(master: &RawSecret, purpose: String, owner: String, key_id: String) -> Result<RawSecret> {
    shared::derive(&master.0, &purpose, &owner, &key_id).map(RawSecret).map_err(thrown)
}

/// The keys of a verified ticket's connection: the server's, then its client's.
#[napi(catch_unwind)]
pub fn ticket_keys(master: &RawSecret, ticket: &RawVerifiedTicket, server: String) -> Result<Vec<RawKey>> {
    let (own, owners) = shared::ticket_keys(&master.0, &ticket.0, &server).map_err(thrown)?;
    Ok(vec![RawKey(own), RawKey(owners)])
}

/// The RFC 8785 form of JSON text.
#[napi(catch_unwind)]
pub fn canonical_json(text: &[u8]) -> Result<String> {
    shared::canonical_json(text).map_err(thrown)
}

/// The script of the guard that replicas share.
#[napi(catch_unwind)]
pub fn guard_script() -> &'static str {
    shared::SharedReplayGuard::script()
}

/// What to warn of, given the store's answer to `INFO memory`.
#[napi(catch_unwind)]
pub fn guard_warning(info: String) -> Option<String> {
    shared::SharedReplayGuard::warning(&info)
}

/// What a peer may learn of a refusal with this code, as JSON.
#[napi(catch_unwind)]
pub fn refusal(code: String, now: Option<f64>) -> Result<String> {
    shared::refusal(&code, now).map_err(thrown)
}

/// A nonce from the system's generator.
#[napi(catch_unwind)]
pub fn generate_nonce() -> Result<String> {
    shared::generate_nonce().map_err(thrown)
}

/// Verifies the files of a log, oldest first; its options are JSON.
#[napi(catch_unwind)]
pub fn verify_audit_log(
    paths: Vec<String>,
    options: String,
    secret: Option<ClassInstance<'_, RawSecret>>,
) -> Result<RawAuditReport> {
    let secret = secret.as_ref().map(|secret| &secret.0);
    shared::verify_audit_log(&paths, secret, &options).map(RawAuditReport::from).map_err(thrown)
}

/// The files of a log, oldest first.
#[napi(catch_unwind)]
pub fn audit_log_files(path: String) -> Result<Vec<String>> {
    let files = shared::audit_log_files(Path::new(&path)).map_err(thrown)?;
    Ok(files.iter().map(|file| file.to_string_lossy().into_owned()).collect())
}

/// The closed list of codes: a row of four lines each (code, class, status, sentence).
#[napi(catch_unwind)]
pub fn error_list() -> Vec<String> {
    shared::error_list().iter().map(value::row).collect()
}

/// Which engine this is, as JSON.
#[napi(catch_unwind)]
pub fn about() -> String {
    format!(r#"{{"engine":"native","version":"{}"}}"#, shared::version())
}
