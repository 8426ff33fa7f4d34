//! Audit events as structured JSON, one line each, chained by their hashes.
//!
//! ```text
//! {"seq":1,"timestamp":"2026-11-25T22:59:55Z","event":"AUTH_FAILED","user_id":"engine-7","action":"connect","resource":"/engine","success":false,"metadata":{"code":"token_expired"},"prev":"…","hash":"…"}
//! ```
//!
//! A line's hash is over all of the line before it, the hash of the line before included. So a line that was removed, changed, moved or inserted
//! shows. A cut end does not, unless the head is known: keep the [`AuditHead`] elsewhere. Without a secret, whoever can write the file can
//! compute the whole chain anew; with one, only who holds it.

mod chain;
mod date;
mod event;
mod fault;
mod head;
mod line;
mod options;

pub use chain::AuditChain;
pub use event::AuditEvent;
pub use fault::AuditFault;
pub use head::AuditHead;
pub use options::{AuditLogOptions, AuditVerifyOptions};

#[cfg(test)]
mod tests;
