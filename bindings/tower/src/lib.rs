//! Counterseal for Rust servers: a [`tower`](https://docs.rs/tower) layer that lets only signed requests through (wire contract §3).
//!
//! What stands inside [`RequireSignature`] sees verified bytes and nothing else: the body is the one that was signed, and its caller is
//! known. The head is verified before any byte of the body is read, so a stranger's body never is.
//!
//! ```no_run
//! # async fn run(secret: &str) -> Result<(), Box<dyn std::error::Error>> {
//! use axum::{Router, body::Bytes, routing::post};
//! use counterseal_tower::{Caller, Key, Keyring, RequireSignature, Secret};
//!
//! let key = Key::new("gateway-1", &Secret::from_text(secret)?, r#"{"owner":"gateway"}"#)?;
//! let signed = RequireSignature::new(&Keyring::new(&[&key])?, ["http://vault.internal:8200"])?;
//! let app = Router::new()
//!     .route("/execute", post(async |caller: Caller, body: Bytes| format!("{} bytes of {}", body.len(), caller.owner())))
//!     .layer(signed);
//! axum::serve(tokio::net::TcpListener::bind("0.0.0.0:8200").await?, app).await?;
//! # Ok(())
//! # }
//! ```
//!
//! [`RequireSignature::builder`] takes who may call what, the limits, another guard, and the audit log. A handler that asks for a [`Caller`]
//! where no layer stands is answered with 500 and never runs.
//!
//! # What a peer learns
//!
//! Class and status as JSON, the same bytes for each code of a class: 401, 403, 413, 429, 503. The code is in the log, `AUTH REJECTED
//! code=… status=… method=… path=… key_id=…` by `tracing`, and in the audit log. A refused request with a body ends its HTTP/1 connection; a
//! client that is still sending may find it reset.
//!
//! # Replicas, and the first seconds
//!
//! The layer's own guard is this process's. It has forgotten what was accepted before it began, so it refuses what was signed until then: for
//! the first [`max_ahead`](RequireSignatureBuilder::max_ahead) seconds that is everything (503), and callers try again. Replicas share a guard in Redis
//! (feature `redis`, and `redis-cluster` for a cluster); what is signed for one of them is then accepted once by all of them together.
//!
//! ```no_run
//! # #[cfg(feature = "redis")]
//! # async fn run(ring: counterseal_tower::Keyring, url: &str) -> counterseal_tower::Result<()> {
//! use counterseal_tower::{RedisReplayGuard, RequireSignature};
//!
//! let guard = RedisReplayGuard::open(url)?;
//! guard.check().await?; // is it there? Leave this out, and the server begins without it
//! let signed = RequireSignature::builder(&ring, ["https://vault.internal"]).guard(guard).build()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Where the layer stands
//!
//! - Outside of whatever reads or changes a body: decompression, multipart, JSON. The bytes as they are sent were signed.
//! - Inside of whatever limits time: the layer waits for a body as long as its peer takes. `tower_http::timeout` ends that.
//! - Around a nested router or in it, with the feature `axum`: the target is the one that was sent, prefix and all, and so are the paths
//!   of a policy.
//! - Once. Two layers with one guard refuse each request as a replay.
//! - With [`Router::layer`](https://docs.rs/axum/0.8/axum/struct.Router.html#method.layer), after the routes are added: those that come later are not guarded.
//!
//! # What is not signed
//!
//! Trailers, which are dropped; what is sent on a WebSocket after its opening; and header fields other than `Content-Type`,
//! `Content-Encoding` and those of [`extra_fields`](RequireSignatureBuilder::extra_fields): a handler must not trust them. A fragment in a
//! target, which no client sends, is dropped by [`http::Uri`] before anyone sees it.

mod body;
mod builder;
#[cfg(feature = "axum")]
mod caller;
mod guard;
mod head;
mod layer;
mod record;
mod refusal;
mod service;

pub use body::{RequestBody, ResponseBody};
pub use builder::RequireSignatureBuilder;
#[cfg(feature = "axum")]
pub use caller::{Caller, NoCaller};
pub use counterseal_shared::{
    AuditLog, Error, ErrorCode, Key, Keyring, MemoryReplayGuard, Result, Secret, VerifiedRequest,
};
pub use guard::Guard;
#[cfg(feature = "redis")]
pub use guard::RedisReplayGuard;
pub use layer::RequireSignature;
pub use service::RequireSignatureService;
