//! The namespace `/dashboard`: an operator's page is shown all there is to see, and may send jobs.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use counterseal_shared::{ErrorCode, Result, TokenVerifier, Verified, VerifiedToken};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::MissedTickBehavior;

use crate::board::Activity;
use crate::clock;
use crate::connection::{Connection, End};
use crate::hub::Hub;
use crate::keys::Pair;
use crate::limits;
use crate::party::{Party, payload};

pub(crate) struct Dashboard;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SendJob {
    engine: String,
    job_type: String,
}

impl Party for Dashboard {
    const NAMESPACE: &'static str = "/dashboard";
    const CONNECTED: &'static str = "DASHBOARD_CONNECTED";
    const DISCONNECTED: &'static str = "DASHBOARD_DISCONNECTED";

    fn new() -> Self {
        Self
    }

    fn options(_: &Hub) -> &str {
        r#"{"identity":"sub"}"#
    }

    fn tokens(hub: &Hub) -> &TokenVerifier {
        &hub.keys.ticket_tokens
    }

    fn keys(hub: &Hub, _: &str, ticket: &VerifiedToken) -> Result<Pair> {
        hub.keys.dashboard_pair(ticket)
    }

    fn enter(connection: &Arc<Connection<Self>>) -> Result<()> {
        let taken = &connection.hub.dashboards;
        let more = |taken: usize| (taken < limits::DASHBOARDS).then_some(taken + 1);
        let entered = taken.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more);
        entered.map(|_| ()).map_err(|_| ErrorCode::RateLimited.into())
    }

    fn prove(connection: &Arc<Connection<Self>>) -> Result<()> {
        let activities = connection.hub.watch();
        tokio::spawn(show(Arc::clone(connection), activities));
        Ok(())
    }

    fn take(connection: &Arc<Connection<Self>>, event: &str, verified: &Verified<'_>) -> Result<()> {
        match event {
            "heartbeat" => connection.record("HEARTBEAT", event, &json!({})),
            "send_job" => {
                let SendJob { engine, job_type } = payload(verified)?;
                // Recorded there: sent or not.
                connection.hub.send_job(&engine, json!({ "jobType": job_type }), connection.name())?;
                Ok(())
            }
            _ => connection.ignore(event),
        }
    }

    fn leave(connection: &Connection<Self>, _: &str) {
        connection.hub.dashboards.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Tells what happens as it happens, and all of it again each second in which something did.
async fn show(connection: Arc<Connection<Dashboard>>, mut activities: Receiver<Activity>) {
    let mut each_second = tokio::time::interval(Duration::from_secs(1));
    each_second.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shown = None;
    while !connection.has_ended() {
        let sent = tokio::select! {
            _ = each_second.tick() => send_snapshot(&connection, &mut shown),
            activity = activities.recv() => match activity {
                Ok(activity) => connection.send("activity", &activity),
                // The next snapshot shows what was missed.
                Err(RecvError::Lagged(_)) => Ok(()),
                Err(RecvError::Closed) => return,
            },
        };
        if let Err(error) = sent {
            connection.end(&End::Refused(error.code()));
        }
    }
}

/// Sends the board if it is not the one `shown` last.
fn send_snapshot(connection: &Connection<Dashboard>, shown: &mut Option<u64>) -> Result<()> {
    let text = connection.hub.look(|board| {
        let changed = shown.replace(board.version()) != Some(board.version());
        changed.then(|| serde_json::value::to_raw_value(&board.snapshot(clock::now())))
    });
    match text {
        Some(Ok(text)) => connection.send("snapshot", &text),
        _ => Ok(()),
    }
}
