//! What all connections share, and what is not one connection's to decide.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use counterseal_shared::{Error, ErrorCode, Result, Session, generate_nonce};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use crate::audit::Audit;
use crate::board::{Activity, Board};
use crate::clock;
use crate::connection::Connection;
use crate::engine::Engine;
use crate::engines::Engines;
use crate::keys::{HUB, Keys, Provision};
use crate::limits;
use crate::setup::Setup;
use crate::state::State;
use crate::ticket::Operators;

pub(crate) struct Hub {
    pub(crate) keys: Keys,
    pub(crate) audit: Audit,
    pub(crate) engines: Engines<Connection<Engine>>,
    pub(crate) operators: Operators,
    /// The engines' session options, as JSON.
    pub(crate) session: String,
    /// Dashboards that are connected.
    pub(crate) dashboards: AtomicUsize,
    board: Mutex<Board>,
    feed: broadcast::Sender<Activity>,
    state: State,
    jobs: AtomicU64,
}

/// A job as whoever sends it gives it; what else it has is the engine's to read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    job_id: Option<String>,
    job_type: String,
}

impl Hub {
    pub(crate) fn new(setup: &Setup) -> std::result::Result<Self, Box<dyn std::error::Error>> {
        let state = State::open(&setup.state)?;
        let session = json!(setup.session).to_string();
        // Options that no session takes are the setup's mistake: better told now than to each engine.
        Session::server(HUB, &session, None)?;
        Ok(Self {
            keys: Keys::new(setup, &state)?,
            audit: Audit::open(&state.audit_log(), &json!(setup.audit).to_string())?,
            engines: Engines::default(),
            operators: Operators::new(&setup.operator_password),
            session,
            dashboards: AtomicUsize::new(0),
            board: Mutex::new(Board::new(setup.heartbeat_window())),
            feed: broadcast::Sender::new(limits::FEED),
            state,
            jobs: AtomicU64::new(0),
        })
    }

    /// Changes the board; what is worth telling is told to all dashboards.
    pub(crate) fn show<A: Into<Option<Activity>>>(&self, change: impl FnOnce(&mut Board, u64) -> A) {
        if let Some(activity) = self.look(|board| change(board, clock::now())).into() {
            // Nobody may be watching.
            let _ = self.feed.send(activity);
        }
    }

    /// Reads the board, or changes what the next snapshot is early enough to tell.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&mut Board) -> T) -> T {
        look(&mut self.board.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What happens from now on.
    pub(crate) fn watch(&self) -> broadcast::Receiver<Activity> {
        self.feed.subscribe()
    }

    /// A Socket.IO connection ended before its handshake came: `late` if for that reason.
    pub(crate) fn no_handshake(&self, late: bool) {
        let code = if late { ErrorCode::HeartbeatMissed } else { ErrorCode::MalformedPacket };
        self.auth_failed(None, "socket.io", code, "no handshake");
    }

    /// Records and shows that nobody proved to be there; `user` is whose token it was, if that held. The connection is ended whether or not that could be written.
    pub(crate) fn auth_failed(&self, user: Option<&str>, resource: &str, code: ErrorCode, reason: &str) {
        tell(self.audit.auth_failed(user, resource, code.as_str(), reason));
        self.show(|board, now| board.refused(user, resource, code.as_str(), now));
    }

    /// Sends a job to an engine; false if it is not connected. `by` is who asks.
    pub(crate) fn send_job(&self, engine: &str, mut job: Value, by: &str) -> Result<bool> {
        let Job { job_id, job_type } =
            Job::deserialize(&job).map_err(|fault| not_a_job(&fault.to_string()))?;
        check_text("jobType", &job_type)?;
        let job_id = job_id.map_or_else(|| self.job_id(), Ok)?;
        check_text("jobId", &job_id)?;
        job["jobId"] = json!(job_id);
        let connection = self.engines.current(engine);
        self.audit.job(engine, &job_id, &job_type, by, connection.is_some())?;
        let Some(connection) = connection else { return Ok(false) };
        self.show(|board, now| board.job_sent(engine, &job_id, &job_type, now));
        Ok(connection.send("job", &job).is_ok())
    }

    /// What an engine needs to connect for the first time.
    pub(crate) fn provision(&self, engine: &str) -> Result<Provision> {
        let provision = self.keys.provision(engine)?;
        self.audit.token_issued(engine)?;
        Ok(provision)
    }

    /// Revokes an engine's key and ends its sessions. That is done first: a disk that does not answer must not keep a stolen key in use.
    pub(crate) fn revoke(&self, engine: &str) -> Result<()> {
        // Judges the name.
        self.keys.engine_pair(engine)?;
        self.keys.revoke(engine);
        self.engines.named(engine).iter().for_each(|connection| connection.revoke());
        self.state.revoke(engine).map_err(|fault| {
            let detail = format!("revoked until the next start, since it could not be written: {fault}");
            Error::new(ErrorCode::StoreUnavailable, detail)
        })?;
        self.audit.key_revoked(engine)
    }

    /// Unlike any of an earlier start, whose results may still come.
    fn job_id(&self) -> Result<String> {
        let number = self.jobs.fetch_add(1, Ordering::Relaxed) + 1;
        let nonce = generate_nonce()?;
        Ok(format!("job-{number}-{}", nonce.get(..6).unwrap_or(&nonce)))
    }
}

/// Tells whoever runs the hub that its log cannot be written. Nothing is accepted meanwhile.
pub(crate) fn tell(recorded: Result<()>) {
    if let Err(fault) = recorded {
        eprintln!("a decision was not recorded: {fault}");
    }
}

/// What a peer learns of a refusal, as JSON.
pub(crate) fn refusal(code: ErrorCode) -> String {
    // A code of the list and the clock of this machine make no error.
    counterseal_shared::refusal(code.as_str(), None).unwrap_or_default()
}

fn not_a_job(fault: &str) -> Error {
    Error::new(ErrorCode::MalformedPayload, format!("a job is an object with jobType: {fault}"))
}

fn check_text(name: &str, text: &str) -> Result<()> {
    if (1..=limits::TEXT).contains(&text.chars().count()) {
        return Ok(());
    }
    let most = limits::TEXT;
    Err(Error::new(ErrorCode::MalformedPayload, format!("{name} must have 1 to {most} characters")))
}
