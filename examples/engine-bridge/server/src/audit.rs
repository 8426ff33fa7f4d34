//! The audit log: one function a kind of decision, each with the code that the peer does not learn, and no secret.
//!
//! Whoever decides records it first, and refuses where that fails. A name that a peer chose is cut before it is written.

use std::path::Path;

use counterseal_shared::{AuditEvent, AuditLog, Result};
use serde_json::{Value, json};

use crate::limits;

pub(crate) struct Audit(AuditLog);

/// What a user did, or tried to.
struct Act<'a> {
    event: &'a str,
    user: Option<&'a str>,
    action: &'a str,
    resource: &'a str,
}

impl Audit {
    /// Opens the log, or begins it. Its folder must be there. The options are the SDK's, as JSON.
    pub(crate) fn open(path: &Path, options: &str) -> Result<Self> {
        AuditLog::open(path, None, options).map(Self)
    }

    pub(crate) fn server_started(&self, port: u16) -> Result<()> {
        let act = Act { event: "SERVER_STARTED", user: None, action: "listen", resource: "server" };
        self.accepted(&act, &json!({ "port": port, "version": counterseal_shared::version() }))
    }

    /// It was asked to end. Without this record it was killed.
    pub(crate) fn server_stopped(&self) -> Result<()> {
        let act = Act { event: "SERVER_STOPPED", user: None, action: "stop", resource: "server" };
        self.accepted(&act, &json!({}))
    }

    /// A handshake or a password did not tell who is there.
    pub(crate) fn auth_failed(
        &self,
        user: Option<&str>,
        resource: &str,
        code: &str,
        reason: &str,
    ) -> Result<()> {
        let act = Act { event: "AUTH_FAILED", user, action: "authenticate", resource };
        self.refused(&act, &json!({ "code": code, "reason": reason }))
    }

    /// A token was accepted. Who brought it has not proved a key yet.
    pub(crate) fn handshake_accepted(&self, user: &str, namespace: &str, session: &str) -> Result<()> {
        let act =
            Act { event: "HANDSHAKE_ACCEPTED", user: Some(user), action: "connect", resource: namespace };
        self.accepted(&act, &json!({ "session": session }))
    }

    /// The first packet of a connection was verified.
    pub(crate) fn connected(&self, event: &str, user: &str, namespace: &str, session: &str) -> Result<()> {
        let act = Act { event, user: Some(user), action: "connect", resource: namespace };
        self.accepted(&act, &json!({ "session": session }))
    }

    /// A connection ends: for a code, because its peer was refused.
    pub(crate) fn disconnected(&self, event: &str, user: &str, namespace: &str, why: &Value) -> Result<()> {
        let act = Act { event, user: Some(user), action: "disconnect", resource: namespace };
        self.record(&act, why.get("code").is_none(), why)
    }

    /// A packet was verified, and is what its event's name promises.
    pub(crate) fn packet_accepted(&self, event: &str, user: &str, name: &str, what: &Value) -> Result<()> {
        self.accepted(&Act { event, user: Some(user), action: "send", resource: name }, what)
    }

    pub(crate) fn packet_rejected(&self, user: &str, name: &str, code: &str) -> Result<()> {
        let act = Act { event: "PACKET_REJECTED", user: Some(user), action: "send", resource: name };
        self.refused(&act, &json!({ "code": code, "event": limits::shown(name) }))
    }

    /// A packet was verified, of an event that this server does not know.
    pub(crate) fn packet_ignored(&self, user: &str, name: &str) -> Result<()> {
        let act = Act { event: "PACKET_IGNORED", user: Some(user), action: "send", resource: name };
        self.refused(&act, &json!({ "event": limits::shown(name) }))
    }

    /// A job is sent, or cannot be since its engine is not connected.
    pub(crate) fn job(
        &self,
        engine: &str,
        job_id: &str,
        job_type: &str,
        by: &str,
        connected: bool,
    ) -> Result<()> {
        let act = Act { event: "JOB_SENT", user: Some(by), action: "send_job", resource: engine };
        self.record(&act, connected, &json!({ "jobId": job_id, "jobType": job_type }))
    }

    pub(crate) fn token_issued(&self, engine: &str) -> Result<()> {
        let act = Act { event: "TOKEN_ISSUED", user: Some(engine), action: "issue", resource: "token" };
        self.accepted(&act, &json!({}))
    }

    pub(crate) fn ticket_issued(&self, owner: &str, expires: f64) -> Result<()> {
        let act = Act { event: "TICKET_ISSUED", user: Some(owner), action: "issue", resource: "ticket" };
        self.accepted(&act, &json!({ "expires": expires }))
    }

    pub(crate) fn key_revoked(&self, engine: &str) -> Result<()> {
        let act = Act { event: "KEY_REVOKED", user: None, action: "revoke", resource: engine };
        self.accepted(&act, &json!({}))
    }

    fn accepted(&self, act: &Act<'_>, metadata: &Value) -> Result<()> {
        self.record(act, true, metadata)
    }

    fn refused(&self, act: &Act<'_>, metadata: &Value) -> Result<()> {
        self.record(act, false, metadata)
    }

    fn record(&self, act: &Act<'_>, success: bool, metadata: &Value) -> Result<()> {
        let Act { event, user, action, resource } = *act;
        let metadata = metadata.to_string();
        let event =
            AuditEvent { event, user_id: user, action, resource, success, metadata: metadata.as_bytes() };
        self.0.record(&event, None)
    }
}
