//! A Redis server of our own, and how fast it claims.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use counterseal_shared::SharedReplayGuard;
use redis::{Connection, Pipeline, cmd};

use super::claims::Claim;
use crate::Result;

pub(super) struct Server {
    process: Child,
    address: String,
    script: String,
}

/// How fast calls went.
pub(super) struct Pace {
    pub(super) per_second: f64,
    /// Microseconds until an answer, the median; a batch is answered as a whole.
    pub(super) median: f64,
    /// The same of the slowest hundredth.
    pub(super) late: f64,
}

impl Server {
    /// A server without persistence on a free port of this machine.
    pub(super) fn start(program: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port().to_string();
        let process = Command::new(program)
            .args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .map_err(|fault| format!("starting {}: {fault}", program.display()))?;
        let mut server =
            Self { process, address: format!("redis://127.0.0.1:{port}/"), script: String::new() };
        server.wait()?;
        server.script =
            cmd("SCRIPT").arg("LOAD").arg(SharedReplayGuard::script()).query(&mut server.connect()?)?;
        Ok(server)
    }

    fn wait(&mut self) -> Result<()> {
        let begun = Instant::now();
        while self.connect().is_err() {
            if let Some(status) = self.process.try_wait()? {
                return Err(format!("the Redis server ended at once ({status})").into());
            }
            if begun.elapsed() > PATIENCE {
                return Err("the Redis server does not answer".into());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn connect(&self) -> Result<Connection> {
        Ok(redis::Client::open(self.address.as_str())?.get_connection()?)
    }

    pub(super) fn version(&self) -> Result<String> {
        Ok(format!("Redis {}", self.info("server", "redis_version:")?))
    }

    pub(super) fn used_memory(&self) -> Result<usize> {
        Ok(self.info("memory", "used_memory:")?.parse()?)
    }

    fn info(&self, section: &str, name: &str) -> Result<String> {
        let info: String = cmd("INFO").arg(section).query(&mut self.connect()?)?;
        let line = info.lines().find_map(|line| line.strip_prefix(name));
        line.map(|value| value.trim().to_owned()).ok_or_else(|| format!("INFO tells no {name}").into())
    }

    pub(super) fn one_by_one(&self, claims: &[Claim]) -> Result<Pace> {
        self.pipelined(claims, 1)
    }

    /// So many claims in one write, whose replies are awaited before the next.
    pub(super) fn pipelined(&self, claims: &[Claim], depth: usize) -> Result<Pace> {
        let batch = |claims: &[Claim]| {
            let mut pipeline = Pipeline::with_capacity(claims.len());
            for claim in claims {
                pipeline.add_command(self.command(claim));
            }
            pipeline
        };
        let batches = claims.chunks(depth).map(batch).collect::<Vec<_>>();
        let check = |replies: Vec<i64>| replies.into_iter().try_for_each(check_reply);
        pace(&mut self.connect()?, &batches, claims.len(), check)
    }

    /// `SET NX EX` of keys as long, in a database of their own.
    pub(super) fn bare_sets(&self, count: usize, depth: usize) -> Result<Pace> {
        let batch = |first: usize| {
            let mut pipeline = Pipeline::with_capacity(depth);
            for number in first..(first + depth).min(count) {
                pipeline
                    .cmd("SET")
                    .arg(format!("counterseal:1:{number:022}"))
                    .arg("1")
                    .arg("NX")
                    .arg("EX")
                    .arg(120);
            }
            pipeline
        };
        let batches = (0..count).step_by(depth).map(batch).collect::<Vec<_>>();
        let mut connection = self.connect()?;
        cmd("SELECT").arg(BARE).exec(&mut connection)?;
        let paced = pace(&mut connection, &batches, count, |_: Vec<redis::Value>| Ok(()))?;
        cmd("FLUSHDB").arg("SYNC").exec(&mut connection)?;
        Ok(paced)
    }

    fn command(&self, claim: &Claim) -> redis::Cmd {
        let mut command = cmd("EVALSHA");
        command.arg(&self.script).arg(claim.keys.len()).arg(&claim.keys).arg(&claim.arguments);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn pace<T: redis::FromRedisValue>(
    connection: &mut Connection,
    batches: &[Pipeline],
    count: usize,
    check: impl Fn(T) -> Result<()>,
) -> Result<Pace> {
    let mut times = Vec::with_capacity(batches.len());
    let begun = Instant::now();
    for batch in batches {
        let asked = Instant::now();
        check(batch.query(connection)?)?;
        times.push(asked.elapsed().as_secs_f64() * 1e6);
    }
    let per_second = count as f64 / begun.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(f64::NAN);
    Ok(Pace { per_second, median: at(50), late: at(99) })
}

/// A refusal would measure something else.
fn check_reply(reply: i64) -> Result<()> {
    if reply == FRESH { Ok(()) } else { Err(format!("a claim was answered {reply}, not {FRESH}").into()) }
}

const FRESH: i64 = 0;
/// The database of the comparison.
const BARE: usize = 1;
const PATIENCE: Duration = Duration::from_secs(10);
