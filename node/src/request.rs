//! HTTP requests. Header fields cross as one list: name, value, name, value.

use crate::claiming::RawClaimingRequest;
use crate::key::{RawGuard, RawKey, RawKeyring, RawSharedGuard};
use crate::value::thrown;
use counterseal_shared as shared;
use napi::bindgen_prelude::Result;
use napi_derive::napi;

/// A request signer.
#[napi]
pub struct RawRequestSigner(shared::RequestSigner);

#[napi]
impl RawRequestSigner {
    /// A signer; its options are JSON.
    #[napi(constructor, catch_unwind)]
    pub fn new(key: &RawKey, options: String) -> Result<Self> {
        shared::RequestSigner::new(&key.0, &options).map(Self).map_err(thrown)
    }

    /// Signs a request; the header fields to add.
    #[napi(catch_unwind)]
    pub fn sign(
        &self,
        method: String,
        url: String,
        headers: Vec<String>,
        body: &[u8],
        now: Option<f64>,
        nonce: Option<String>,
    ) -> Result<Vec<String>> {
        let added = self.0.sign(&method, &url, &fields(&headers), body, now, nonce.as_deref());
        Ok(added.map_err(thrown)?.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect())
    }
}

/// A request verifier.
#[napi]
pub struct RawRequestVerifier(shared::RequestVerifier);

#[napi]
impl RawRequestVerifier {
    /// A verifier with a guard of its own; its options are JSON.
    #[napi(constructor, catch_unwind)]
    pub fn new(ring: &RawKeyring, options: String) -> Result<Self> {
        shared::RequestVerifier::new(&ring.0, None, &options).map(Self).map_err(thrown)
    }

    /// A verifier with a guard of the caller's choice.
    #[napi(factory, catch_unwind)]
    pub fn with_guard(ring: &RawKeyring, guard: &RawGuard, options: String) -> Result<Self> {
        shared::RequestVerifier::new(&ring.0, Some(&guard.0), &options).map(Self).map_err(thrown)
    }

    /// A verifier with a guard that replicas share.
    #[napi(factory, catch_unwind)]
    pub fn shared(ring: &RawKeyring, guard: &RawSharedGuard, options: String) -> Result<Self> {
        shared::RequestVerifier::shared(&ring.0, &guard.0, &options).map(Self).map_err(thrown)
    }

    /// Whether anyone may call this path.
    #[napi(catch_unwind)]
    pub fn is_exempt(&self, path: String) -> bool {
        self.0.is_exempt(&path)
    }

    /// Verifies a request.
    #[napi(catch_unwind)]
    pub fn verify(
        &self,
        method: String,
        target: String,
        headers: Vec<String>,
        body: &[u8],
        now: Option<f64>,
    ) -> Result<RawVerifiedRequest> {
        let head = shared::RequestHead { method: &method, target: &target, headers: &fields(&headers) };
        self.0.verify(&head, body, now).map(Into::into).map_err(thrown)
    }

    /// Verifies a request but for its nonce, which the store is to be asked about.
    #[napi(catch_unwind)]
    pub fn authenticate(
        &self,
        method: String,
        target: String,
        headers: Vec<String>,
        body: &[u8],
        now: Option<f64>,
    ) -> Result<RawClaimingRequest> {
        let head = shared::RequestHead { method: &method, target: &target, headers: &fields(&headers) };
        self.0.authenticate(&head, body, now).map(Into::into).map_err(thrown)
    }

    /// Judges a request whose body is still to come.
    #[napi(catch_unwind)]
    pub fn begin(
        &self,
        method: String,
        target: String,
        headers: Vec<String>,
        now: Option<f64>,
    ) -> Result<RawPendingRequest> {
        let head = shared::RequestHead { method: &method, target: &target, headers: &fields(&headers) };
        self.0.begin(&head, now).map(RawPendingRequest).map_err(thrown)
    }
}

/// A request whose body is still to come.
#[napi]
pub struct RawPendingRequest(shared::PendingRequest);

#[napi]
impl RawPendingRequest {
    /// Takes the next piece of the body.
    #[napi(catch_unwind)]
    pub fn update(&mut self, piece: &[u8]) -> Result<()> {
        self.0.update(piece).map_err(thrown)
    }

    /// Judges a request whose body has come.
    #[napi(catch_unwind)]
    pub fn finish(&mut self, now: Option<f64>) -> Result<RawVerifiedRequest> {
        self.0.finish(now).map(Into::into).map_err(thrown)
    }

    /// Judges it but for its nonce, which the store is to be asked about.
    #[napi(catch_unwind)]
    pub fn authenticate(&mut self, now: Option<f64>) -> Result<RawClaimingRequest> {
        self.0.authenticate(now).map(Into::into).map_err(thrown)
    }
}

/// Evidence of a request.
#[napi(object, object_from_js = false)]
pub struct RawVerifiedRequest {
    /// The id of the key that signed it.
    pub key_id: String,
    /// Who holds that key.
    pub owner: String,
    /// When it was signed, whole Unix seconds.
    pub timestamp: f64,
    /// Its nonce.
    pub nonce: String,
}

impl From<shared::VerifiedRequest> for RawVerifiedRequest {
    fn from(verified: shared::VerifiedRequest) -> Self {
        Self {
            key_id: verified.key_id().to_owned(),
            owner: verified.owner().to_owned(),
            timestamp: verified.timestamp().seconds() as f64,
            nonce: verified.nonce().as_str().to_owned(),
        }
    }
}

fn fields(headers: &[String]) -> Vec<shared::Field<'_>> {
    let (fields, _) = headers.as_chunks();
    fields.iter().map(|[name, value]| (name.as_str(), value.as_bytes())).collect()
}
