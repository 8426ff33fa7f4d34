//! Packets.

use crate::key::{RawGuard, RawKey, RawKeyring};
use crate::value::{Result, line, object, thrown, verified};
use counterseal_shared as shared;
use js_sys::{Object, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;

/// A packet signer.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RawPacketSigner(shared::PacketSigner);

#[wasm_bindgen]
impl RawPacketSigner {
    /// A signer; its options are JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(key: &RawKey, options: &str) -> Result<Self> {
        shared::PacketSigner::new(&key.0, options).map(Self).map_err(thrown)
    }

    /// Signs JSON text; the packet's text.
    #[wasm_bindgen(js_name = signJson)]
    pub fn sign_json(
        &self,
        payload: &[u8],
        context: &str,
        now: Option<f64>,
        nonce: Option<String>,
    ) -> Result<String> {
        self.0.sign_json(payload, context, now, nonce.as_deref()).map_err(thrown)
    }

    /// Signs raw bytes; the packet's text.
    #[wasm_bindgen(js_name = signBytes)]
    pub fn sign_bytes(
        &self,
        data: &[u8],
        context: &str,
        now: Option<f64>,
        nonce: Option<String>,
    ) -> Result<String> {
        self.0.sign_bytes(data, context, now, nonce.as_deref()).map_err(thrown)
    }

    /// Signs parts: `{timestamp, nonce, sig}`.
    #[wasm_bindgen(js_name = signParts, unchecked_return_type = "Signature")]
    pub fn sign_parts(
        &self,
        kind: &str,
        body: &[u8],
        context: &str,
        now: Option<f64>,
        nonce: Option<String>,
    ) -> Result<Object> {
        self.0.sign_parts(kind, body, context, now, nonce.as_deref()).map(signature).map_err(thrown)
    }
}

/// A packet verifier.
#[wasm_bindgen]
pub struct RawPacketVerifier(shared::PacketVerifier);

#[wasm_bindgen]
impl RawPacketVerifier {
    /// A verifier with a guard of its own; its options are JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(ring: &RawKeyring, options: &str) -> Result<Self> {
        shared::PacketVerifier::new(&ring.0, None, options).map(Self).map_err(thrown)
    }

    /// A verifier with a guard of the caller's choice: the glue knows no optional reference.
    #[wasm_bindgen(js_name = withGuard)]
    pub fn with_guard(ring: &RawKeyring, guard: &RawGuard, options: &str) -> Result<Self> {
        shared::PacketVerifier::new(&ring.0, Some(&guard.0), options).map(Self).map_err(thrown)
    }

    /// Verifies a packet's text.
    #[wasm_bindgen(unchecked_return_type = "Verified")]
    pub fn verify(&self, packet: &[u8], context: &str, now: Option<f64>) -> Result<Object> {
        self.0.verify(packet, context, now).map(verified).map_err(thrown)
    }

    /// Verifies parts.
    #[wasm_bindgen(js_name = verifyParts, unchecked_return_type = "Verified")]
    #[allow(clippy::too_many_arguments, reason = "a record would cost an object a call")]
    pub fn verify_parts(
        &self,
        key_id: &str,
        kind: &str,
        body: &[u8],
        ts: f64,
        nonce: &str,
        sig: &str,
        context: &str,
        now: Option<f64>,
    ) -> Result<Object> {
        let parts = shared::Parts { key_id, kind, body, ts, nonce, sig };
        self.0.verify_parts(&parts, context, now).map(verified).map_err(thrown)
    }

    /// Verifies packets in order: evidence, or `{error}` in its place.
    #[wasm_bindgen(js_name = verifyBatch, unchecked_return_type = "(Verified | Refusal)[]")]
    pub fn verify_batch(
        &self,
        packets: Vec<Uint8Array>,
        context: &str,
        now: Option<f64>,
    ) -> Result<Vec<Object>> {
        let packets: Vec<_> = packets.iter().map(Uint8Array::to_vec).collect();
        let packets: Vec<_> = packets.iter().map(Vec::as_slice).collect();
        let results = self.0.verify_batch(&packets, context, now).map_err(thrown)?;
        Ok(results.into_iter().map(|result| result.map_or_else(refused, verified)).collect())
    }
}

fn signature(made: shared::Signature) -> Object {
    object([("timestamp", made.timestamp.into()), ("nonce", made.nonce.into()), ("sig", made.sig.into())])
}

fn refused(error: shared::Error) -> Object {
    object([("error", line(&error).into())])
}
