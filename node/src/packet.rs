//! Packets.

use crate::claiming::RawClaimingPacket;
use crate::key::{RawGuard, RawKey, RawKeyring, RawSharedGuard};
use crate::quick::{Enrolled, RawMemory};
use crate::value::{RawRefusal, RawSignature, RawVerified, result, thrown, verified};
use counterseal_shared as shared;
use napi::Env;
use napi::bindgen_prelude::{Either, Result};
use napi_derive::napi;
use std::cell::RefCell;

/// A packet signer.
#[napi]
pub struct RawPacketSigner(shared::PacketSigner);

#[napi]
impl RawPacketSigner {
    /// A signer; its options are JSON.
    #[napi(constructor, catch_unwind)]
    pub fn new(key: &RawKey, options: String) -> Result<Self> {
        shared::PacketSigner::new(&key.0, &options).map(Self).map_err(thrown)
    }

    /// Signs JSON text; the packet's text.
    #[napi(catch_unwind)]
    pub fn sign_json(
        &self,
        payload: &[u8],
        context: String,
        now: Option<f64>,
        nonce: Option<String>,
    ) -> Result<String> {
        self.0.sign_json(payload, &context, now, nonce.as_deref()).map_err(thrown)
    }

    /// Signs raw bytes; the packet's text.
    #[napi(catch_unwind)]
    pub fn sign_bytes(
        &self,
        data: &[u8],
        context: String,
        now: Option<f64>,
        nonce: Option<String>,
    ) -> Result<String> {
        self.0.sign_bytes(data, &context, now, nonce.as_deref()).map_err(thrown)
    }

    /// Signs parts.
    #[napi(catch_unwind)]
    pub fn sign_parts(
        &self,
        kind: String,
        body: &[u8],
        context: String,
        now: Option<f64>,
        nonce: Option<String>,
    ) -> Result<RawSignature> {
        self.0.sign_parts(&kind, body, &context, now, nonce.as_deref()).map(Into::into).map_err(thrown)
    }
}

/// A packet verifier.
#[napi]
pub struct RawPacketVerifier {
    verifier: shared::PacketVerifier,
    /// Its place among those of the quick road, once it is there.
    quick: RefCell<Option<Enrolled>>,
}

impl From<shared::PacketVerifier> for RawPacketVerifier {
    fn from(verifier: shared::PacketVerifier) -> Self {
        Self { verifier, quick: RefCell::default() }
    }
}

#[napi]
impl RawPacketVerifier {
    /// A verifier with a guard of its own; its options are JSON.
    #[napi(constructor, catch_unwind)]
    pub fn new(ring: &RawKeyring, options: String) -> Result<Self> {
        shared::PacketVerifier::new(&ring.0, None, &options).map(Self::from).map_err(thrown)
    }

    /// A verifier with a guard of the caller's choice.
    #[napi(factory, catch_unwind)]
    pub fn with_guard(ring: &RawKeyring, guard: &RawGuard, options: String) -> Result<Self> {
        shared::PacketVerifier::new(&ring.0, Some(&guard.0), &options).map(Self::from).map_err(thrown)
    }

    /// A verifier with a guard that replicas share.
    #[napi(factory, catch_unwind)]
    pub fn shared(ring: &RawKeyring, guard: &RawSharedGuard, options: String) -> Result<Self> {
        shared::PacketVerifier::shared(&ring.0, &guard.0, &options).map(Self::from).map_err(thrown)
    }

    /// Verifies a packet's text.
    #[napi(catch_unwind)]
    pub fn verify<'env>(
        &self,
        env: &'env Env,
        packet: &[u8],
        context: String,
        now: Option<f64>,
    ) -> Result<RawVerified<'env>> {
        verified(env, self.verifier.verify(packet, &context, now).map_err(thrown)?)
    }

    /// Verifies parts.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments, reason = "a record would cost an object a call")]
    pub fn verify_parts<'env>(
        &self,
        env: &'env Env,
        key_id: String,
        kind: String,
        body: &[u8],
        ts: f64,
        nonce: String,
        sig: String,
        context: String,
        now: Option<f64>,
    ) -> Result<RawVerified<'env>> {
        let parts = shared::Parts { key_id: &key_id, kind: &kind, body, ts, nonce: &nonce, sig: &sig };
        verified(env, self.verifier.verify_parts(&parts, &context, now).map_err(thrown)?)
    }

    /// Verifies a packet's text but for its nonce, which the store is to be asked about.
    #[napi(catch_unwind)]
    pub fn authenticate(
        &self,
        packet: &[u8],
        context: String,
        now: Option<f64>,
    ) -> Result<RawClaimingPacket> {
        self.verifier.authenticate(packet, &context, now).map(Into::into).map_err(thrown)
    }

    /// Verifies parts likewise.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments, reason = "as `verify_parts`")]
    pub fn authenticate_parts(
        &self,
        key_id: String,
        kind: String,
        body: &[u8],
        ts: f64,
        nonce: String,
        sig: String,
        context: String,
        now: Option<f64>,
    ) -> Result<RawClaimingPacket> {
        let parts = shared::Parts { key_id: &key_id, kind: &kind, body, ts, nonce: &nonce, sig: &sig };
        self.verifier.authenticate_parts(&parts, &context, now).map(Into::into).map_err(thrown)
    }

    /// Verifies packets in order: evidence, or a refusal in its place.
    #[napi(catch_unwind)]
    pub fn verify_batch<'env>(
        &self,
        env: &'env Env,
        packets: Vec<&[u8]>,
        context: String,
        now: Option<f64>,
    ) -> Result<Vec<Either<RawVerified<'env>, RawRefusal>>> {
        let results = self.verifier.verify_batch(&packets, &context, now).map_err(thrown)?;
        results.into_iter().map(|one| result(env, one)).collect()
    }

    /// Its number for the quick calls of that memory.
    #[napi(catch_unwind)]
    pub fn quick(&self, memory: &RawMemory) -> Option<u32> {
        let enrolled = Enrolled::new(memory, &self.verifier)?;
        let number = enrolled.number();
        *self.quick.try_borrow_mut().ok()? = Some(enrolled);
        number
    }
}
