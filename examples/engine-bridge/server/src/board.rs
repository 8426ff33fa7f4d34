//! What the dashboard shows. It keeps no more than it shows: of engines the latest, of jobs and refusals the last.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::Serialize;

use crate::limits;

/// One thing that happened, as it is told at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Activity {
    at: u64,
    kind: &'static str,
    engine: Option<String>,
    text: String,
}

/// All there is to see.
#[derive(Default)]
pub(crate) struct Board {
    engines: BTreeMap<String, Engine>,
    jobs: VecDeque<Job>,
    refusals: VecDeque<Refusal>,
    /// Who is connected, on the board or not.
    present: BTreeSet<String>,
    heartbeat_window: u64,
    totals: Totals,
    version: u64,
}

/// The board at one time.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Snapshot<'b> {
    now: u64,
    /// How long an engine may be silent.
    heartbeat_window: u64,
    engines: Vec<Shown<'b>>,
    jobs: &'b VecDeque<Job>,
    refusals: &'b VecDeque<Refusal>,
    totals: Totals,
}

#[derive(Serialize)]
struct Shown<'b> {
    name: &'b str,
    #[serde(flatten)]
    engine: &'b Engine,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Engine {
    connected: bool,
    /// When it came, or when it left.
    since: u64,
    last_heartbeat: Option<u64>,
    last_status: Option<String>,
    packets: u64,
    refusals: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    job_id: String,
    engine: String,
    job_type: String,
    state: &'static str,
    at: u64,
}

#[derive(Serialize)]
struct Refusal {
    at: u64,
    engine: Option<String>,
    event: String,
    code: &'static str,
}

/// Now, and since the hub started.
#[derive(Clone, Copy, Default, Serialize)]
struct Totals {
    connected: usize,
    packets: u64,
    refusals: u64,
    jobs: u64,
}

impl Board {
    /// A board of engines that may be silent for so many seconds.
    pub(crate) fn new(heartbeat_window: u64) -> Self {
        Self { heartbeat_window, ..Self::default() }
    }

    /// Goes up with each change.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn snapshot(&self, now: u64) -> Snapshot<'_> {
        let engines = self.engines.iter().map(|(name, engine)| Shown { name, engine }).collect();
        let totals = Totals { connected: self.present.len(), ..self.totals };
        Snapshot {
            now,
            heartbeat_window: self.heartbeat_window,
            engines,
            jobs: &self.jobs,
            refusals: &self.refusals,
            totals,
        }
    }

    /// An engine proved itself. It stays connected if it was.
    pub(crate) fn connected(&mut self, name: &str, now: u64) -> Activity {
        self.version += 1;
        self.make_room(name);
        if self.engines.len() < limits::BOARD_ENGINES || self.engines.contains_key(name) {
            let engine = self.engines.entry(name.to_owned()).or_default();
            (engine.connected, engine.since, engine.last_heartbeat) = (true, now, None);
        }
        self.present.insert(name.to_owned());
        Activity::of("connected", now, Some(name), "connected")
    }

    /// An engine left, and no other connection has taken its place.
    pub(crate) fn disconnected(&mut self, name: &str, why: &str, now: u64) -> Activity {
        self.version += 1;
        if let Some(engine) = self.engines.get_mut(name) {
            (engine.connected, engine.since) = (false, now);
        }
        self.present.remove(name);
        Activity::of("disconnected", now, Some(name), why)
    }

    /// A packet of an engine was verified.
    pub(crate) fn packet(&mut self, name: &str) {
        self.version += 1;
        self.totals.packets += 1;
        if let Some(engine) = self.engines.get_mut(name) {
            engine.packets += 1;
        }
    }

    pub(crate) fn heartbeat(&mut self, name: &str, now: u64) {
        self.version += 1;
        if let Some(engine) = self.engines.get_mut(name) {
            engine.last_heartbeat = Some(now);
        }
    }

    pub(crate) fn status(&mut self, name: &str, status: &str, now: u64) -> Activity {
        self.version += 1;
        if let Some(engine) = self.engines.get_mut(name) {
            engine.last_status = Some(limits::shown(status));
        }
        Activity::of("status", now, Some(name), status)
    }

    pub(crate) fn job_sent(&mut self, name: &str, job_id: &str, job_type: &str, now: u64) -> Activity {
        self.version += 1;
        self.totals.jobs += 1;
        let job = Job {
            job_id: limits::shown(job_id),
            engine: name.to_owned(),
            job_type: limits::shown(job_type),
            state: "sent",
            at: now,
        };
        keep_last(&mut self.jobs, job);
        Activity::of("job_sent", now, Some(name), &format!("{job_type} {job_id}"))
    }

    /// An engine says how a job went. Only the engine that was sent the job can settle it, and once.
    pub(crate) fn job_result(&mut self, name: &str, job_id: &str, ok: bool, now: u64) -> Activity {
        self.version += 1;
        let state = if ok { "done" } else { "failed" };
        let sent = |job: &&mut Job| job.job_id == job_id && job.engine == name && job.state == "sent";
        if let Some(job) = self.jobs.iter_mut().rev().find(sent) {
            (job.state, job.at) = (state, now);
        }
        Activity::of("job_result", now, Some(name), &format!("{state} {job_id}"))
    }

    /// Something was refused. `name` is whose it is known to be, by its token at least.
    pub(crate) fn refused(
        &mut self,
        name: Option<&str>,
        event: &str,
        code: &'static str,
        now: u64,
    ) -> Activity {
        self.version += 1;
        self.totals.refusals += 1;
        if let Some(engine) = name.and_then(|name| self.engines.get_mut(name)) {
            engine.refusals += 1;
        }
        let refusal = Refusal { at: now, engine: name.map(str::to_owned), event: limits::shown(event), code };
        keep_last(&mut self.refusals, refusal);
        Activity::of("refused", now, name, &format!("{event}: {code}"))
    }

    /// The engine that left first makes way for one that is not on the board yet.
    fn make_room(&mut self, name: &str) {
        if self.engines.len() < limits::BOARD_ENGINES || self.engines.contains_key(name) {
            return;
        }
        let left = self.engines.iter().filter(|(_, engine)| !engine.connected);
        if let Some(oldest) = left.min_by_key(|(_, engine)| engine.since).map(|(name, _)| name.clone()) {
            self.engines.remove(&oldest);
        }
    }
}

impl Activity {
    fn of(kind: &'static str, at: u64, engine: Option<&str>, text: &str) -> Self {
        Self { at, kind, engine: engine.map(str::to_owned), text: limits::shown(text) }
    }
}

fn keep_last<T>(list: &mut VecDeque<T>, item: T) {
    if list.len() == limits::BOARD_LISTED {
        list.pop_front();
    }
    list.push_back(item);
}

#[cfg(test)]
mod tests;
