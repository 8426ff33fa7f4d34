//! The namespace `/engine`: what an engine may say, and what the hub does about it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use counterseal_shared::{Error, ErrorCode, Result, TokenVerifier, Verified, VerifiedToken};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::clock;
use crate::connection::{Connection, End};
use crate::hub::Hub;
use crate::keys::Pair;
use crate::limits;
use crate::party::{Party, payload};

pub(crate) struct Engine {
    /// The second in which it is sent its next token; 0 before it has proved itself.
    renewal: AtomicU64,
}

/// What an engine is doing; what else it tells is not read.
#[derive(Deserialize)]
struct Status {
    status: String,
    #[serde(default)]
    receipt: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JobResult {
    job_id: String,
    ok: bool,
}

impl Party for Engine {
    const NAMESPACE: &'static str = "/engine";
    const CONNECTED: &'static str = "ENGINE_CONNECTED";
    const DISCONNECTED: &'static str = "ENGINE_DISCONNECTED";

    fn new() -> Self {
        Self { renewal: AtomicU64::new(0) }
    }

    fn options(hub: &Hub) -> &str {
        &hub.session
    }

    fn tokens(hub: &Hub) -> &TokenVerifier {
        &hub.keys.engine_tokens
    }

    fn keys(hub: &Hub, name: &str, _: &VerifiedToken) -> Result<Pair> {
        hub.keys.engine_pair(name)
    }

    fn enter(connection: &Arc<Connection<Self>>) -> Result<()> {
        let hub = &connection.hub;
        if let Some(crowded_out) = hub.engines.add(connection.name(), connection) {
            crowded_out.end(&End::Refused(ErrorCode::RateLimited));
        }
        // It may have been revoked since its keys were made; from here on a revocation finds it.
        if hub.keys.is_revoked(connection.name()) {
            hub.engines.remove(connection.name(), connection);
            return Err(ErrorCode::RevokedKey.into());
        }
        Ok(())
    }

    fn prove(connection: &Arc<Connection<Self>>) -> Result<()> {
        let (hub, name) = (&connection.hub, connection.name());
        if let Some(earlier) = hub.engines.prove(name, connection)? {
            earlier.end(&End::Left("replaced"));
        }
        hub.show(|board, now| hub.engines.current(name).is_some().then(|| board.connected(name, now)));
        send_token(connection)
    }

    fn take(connection: &Arc<Connection<Self>>, event: &str, verified: &Verified<'_>) -> Result<()> {
        let (hub, name) = (&connection.hub, connection.name());
        let nonce = verified.nonce().as_str();
        match event {
            "heartbeat" => {
                connection.record("HEARTBEAT", event, &json!({}))?;
                hub.look(|board| board.heartbeat(name, clock::now()));
            }
            "engine_status" => {
                let Status { status, receipt } = payload(verified)?;
                check_length("status", &status)?;
                connection.record("ENGINE_STATUS", event, &json!({ "status": status, "nonce": nonce }))?;
                hub.show(|board, now| board.status(name, &status, now));
                if receipt {
                    connection.send("received", &json!({ "nonce": nonce }))?;
                }
            }
            "job_result" => {
                let JobResult { job_id, ok } = payload(verified)?;
                check_length("jobId", &job_id)?;
                connection.record("JOB_RESULT", event, &json!({ "jobId": job_id, "ok": ok }))?;
                hub.show(|board, now| board.job_result(name, &job_id, ok, now));
            }
            "telemetry" => {
                let _: Map<String, Value> = payload(verified)?;
                connection.record("TELEMETRY", event, &json!({ "nonce": nonce }))?;
            }
            _ => connection.ignore(event)?,
        }
        hub.look(|board| board.packet(name));
        Ok(())
    }

    fn leave(connection: &Connection<Self>, why: &str) {
        let (hub, name) = (&connection.hub, connection.name());
        if hub.engines.remove(name, connection) {
            // Another connection of its may have come in this moment.
            hub.show(|board, now| {
                hub.engines.current(name).is_none().then(|| board.disconnected(name, why, now))
            });
        }
    }

    fn due(&self) -> Option<u64> {
        Some(self.renewal.load(Ordering::Relaxed)).filter(|second| *second > 0)
    }

    fn tick(connection: &Connection<Self>) -> Result<()> {
        match connection.party.due() {
            Some(second) if clock::now() >= second => send_token(connection),
            _ => Ok(()),
        }
    }
}

/// A fresh token: this connection ends with the one that it began with, and the next begins with this.
fn send_token(connection: &Connection<Engine>) -> Result<()> {
    let keys = &connection.hub.keys;
    let token = keys.engine_token(connection.name())?;
    connection.hub.audit.token_issued(connection.name())?;
    connection.party.renewal.store(clock::now() + keys.token_renewal(), Ordering::Relaxed);
    connection.send("token", &json!({ "token": token }))
}

fn check_length(member: &str, text: &str) -> Result<()> {
    if text.chars().count() <= limits::TEXT {
        return Ok(());
    }
    let most = limits::TEXT;
    Err(Error::new(ErrorCode::MalformedPayload, format!("{member} must have at most {most} characters")))
}
