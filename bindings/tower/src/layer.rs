//! The layer.

use crate::builder::RequireSignatureBuilder;
use crate::guard::Guard;
use crate::record::Record;
use crate::service::RequireSignatureService;
use counterseal_shared::{Keyring, RequestVerifier, Result};
use std::fmt;
use std::sync::Arc;
use tower_layer::Layer;

/// Lets only signed requests through to the service within. A clone is the same layer, with the same guard.
#[derive(Clone)]
pub struct RequireSignature(pub(crate) Arc<Checks>);

/// What every request is held against.
pub(crate) struct Checks {
    pub(crate) verifier: RequestVerifier,
    pub(crate) guard: Guard,
    pub(crate) record: Record,
}

impl RequireSignature {
    /// A layer that lets every owner of a key call everything. `authorities` are who this server is, as its callers reach it:
    /// `https://host` or `http://host:port`.
    ///
    /// # Errors
    /// `malformed_argument` if no authority is named, or one is none.
    pub fn new(ring: &Keyring, authorities: impl IntoIterator<Item = impl Into<String>>) -> Result<Self> {
        Self::builder(ring, authorities).build()
    }

    /// A layer to which more is told.
    pub fn builder(
        ring: &Keyring,
        authorities: impl IntoIterator<Item = impl Into<String>>,
    ) -> RequireSignatureBuilder {
        RequireSignatureBuilder::new(ring, authorities)
    }
}

impl<S> Layer<S> for RequireSignature {
    type Service = RequireSignatureService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RequireSignatureService::new(inner, Arc::clone(&self.0))
    }
}

impl fmt::Debug for RequireSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequireSignature").finish_non_exhaustive()
    }
}
