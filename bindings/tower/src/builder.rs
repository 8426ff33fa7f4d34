//! What a layer is told. The core declares the options and judges them; here they have types.

use crate::guard::Guard;
use crate::layer::{Checks, RequireSignature};
use crate::record::Record;
use counterseal_shared::json::{self, Number, Value};
use counterseal_shared::{AuditLog, Error, ErrorCode, Keyring, Result};
use std::fmt;
use std::sync::Arc;

/// Builds a [`RequireSignature`].
#[must_use = "a builder guards nothing"]
pub struct RequireSignatureBuilder {
    ring: Keyring,
    options: Vec<(String, Value)>,
    /// The policy as its author wrote it.
    trust: Option<String>,
    guard: Option<Guard>,
    audit: Option<Arc<AuditLog>>,
}

impl RequireSignatureBuilder {
    pub(crate) fn new(ring: &Keyring, authorities: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let empty = Self { ring: ring.clone(), options: Vec::new(), trust: None, guard: None, audit: None };
        empty.with("authorities", texts(authorities))
    }

    /// Who may call what: a policy for a whole mesh as JSON, and which callee of it this server is. Its `exempt` paths pass unsigned.
    pub fn trust(mut self, policy: impl Into<String>, callee: impl Into<String>) -> Self {
        self.trust = Some(policy.into());
        self.with("callee", Value::String(callee.into()))
    }

    /// The owners of keys who may call at all; everyone whose key is in the ring if absent.
    pub fn allow(self, owners: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.with("allow", texts(owners))
    }

    /// How old a signature may be, in seconds: 60 by default, 1 to 3600.
    pub fn max_age(self, seconds: u32) -> Self {
        self.with("max_age", number(seconds))
    }

    /// How far ahead a signer's clock may be, in seconds: 5 by default, 1 to 3600.
    pub fn max_ahead(self, seconds: u32) -> Self {
        self.with("max_ahead", number(seconds))
    }

    /// Header fields, in lower case, that must be signed besides those of the profile. The same at both ends.
    pub fn extra_fields(self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.with("extra_fields", texts(names))
    }

    /// The longest body that is read, in bytes: 1 MiB by default. axum's own limit (`DefaultBodyLimit`, 2 MB) stands inside it.
    pub fn body_limit(self, bytes: u32) -> Self {
        self.with("body_limit", number(bytes))
    }

    /// Another guard than the layer's own of 262,144 nonces, which begins now: [`MemoryReplayGuard::starting_now`] with another capacity, or the
    /// one in Redis that replicas share. All layers that share a guard have one tolerance.
    ///
    /// [`MemoryReplayGuard::starting_now`]: crate::MemoryReplayGuard::starting_now
    pub fn guard(mut self, guard: impl Into<Guard>) -> Self {
        self.guard = Some(guard.into());
        self
    }

    /// Where refusals are recorded, each as the event `REQUEST_REJECTED` with its code. The log writes while the request waits.
    pub fn audit_log(mut self, log: Arc<AuditLog>) -> Self {
        self.audit = Some(log);
        self
    }

    /// The layer.
    ///
    /// # Errors
    /// `malformed_argument` for a value out of its grammar, which the message names.
    pub fn build(self) -> Result<RequireSignature> {
        let Self { ring, mut options, trust, guard, audit } = self;
        if let Some(policy) = trust {
            options.push(("trust".to_owned(), read_policy(&policy)?));
        }
        let guard = guard.map_or_else(Guard::own, Ok)?;
        let verifier = guard.verifier(&ring, &json::write(&Value::Object(options)))?;
        Ok(RequireSignature(Arc::new(Checks { verifier, guard, record: Record::new(audit) })))
    }

    /// The last of two values counts.
    fn with(mut self, name: &str, value: Value) -> Self {
        self.options.retain(|(known, _)| known != name);
        self.options.push((name.to_owned(), value));
        self
    }
}

impl fmt::Debug for RequireSignatureBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequireSignatureBuilder").finish_non_exhaustive()
    }
}

fn read_policy(policy: &str) -> Result<Value> {
    json::read(policy.as_bytes())
        .map_err(|fault| Error::new(ErrorCode::MalformedArgument, format!("trust: {}", fault.detail())))
}

fn texts(items: impl IntoIterator<Item = impl Into<String>>) -> Value {
    Value::Array(items.into_iter().map(|item| Value::String(item.into())).collect())
}

fn number(number: u32) -> Value {
    Number::new(f64::from(number)).map_or(Value::Null, Value::Number)
}
