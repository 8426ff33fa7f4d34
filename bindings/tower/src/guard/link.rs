//! The connection to Redis: one for all claims, and another one after anything went wrong.
//!
//! The crate's own manager of connections keeps one that no longer answers, and one whose password was refused. Here each failure drops
//! the connection, so a claim that comes later finds the server that is there by then.

use counterseal_shared::SharedReplayGuard;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisResult, cmd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(super) struct Link {
    client: Client,
    live: Mutex<Live>,
    /// Held by the one that connects.
    connecting: tokio::sync::Mutex<()>,
    is_checked: AtomicBool,
}

#[derive(Default)]
struct Live {
    connection: Option<MultiplexedConnection>,
    /// How many there were.
    number: u64,
}

/// The connection, and which one it is.
pub(super) struct Numbered {
    connection: MultiplexedConnection,
    number: u64,
}

impl Link {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            live: Mutex::default(),
            connecting: tokio::sync::Mutex::default(),
            is_checked: AtomicBool::new(false),
        }
    }

    /// The connection; a new one where there is none. Whoever calls sets the time.
    pub(super) async fn connection(&self) -> RedisResult<Numbered> {
        if let Some(live) = self.live().get() {
            return Ok(live);
        }
        let _alone = self.connecting.lock().await;
        if let Some(live) = self.live().get() {
            return Ok(live);
        }
        let unlimited = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&unlimited).await?;
        if !self.is_checked.load(Ordering::Relaxed) {
            self.warn(&mut connection).await?;
        }
        Ok(self.live().put(connection))
    }

    /// Lets go of the connection that failed, unless another one has taken its place.
    pub(super) fn discard(&self, number: Option<u64>) {
        let mut live = self.live();
        if number == Some(live.number) {
            live.connection = None;
        }
    }

    /// Connects, and warns of a store that may evict.
    pub(super) async fn check(&self) -> RedisResult<()> {
        let mut connection = self.connection().await?;
        let checked = self.warn(connection.as_mut()).await;
        if checked.is_err() {
            self.discard(Some(connection.number));
        }
        checked
    }

    async fn warn(&self, connection: &mut MultiplexedConnection) -> RedisResult<()> {
        let info: String = cmd("INFO").arg("memory").query_async(connection).await?;
        self.is_checked.store(true, Ordering::Relaxed);
        if let Some(warning) = SharedReplayGuard::warning(&info) {
            tracing::warn!("{warning}");
        }
        Ok(())
    }

    // A connection comes and goes in one step, so a panic elsewhere leaves it sound.
    fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Live {
    fn get(&self) -> Option<Numbered> {
        let connection = self.connection.clone()?;
        Some(Numbered { connection, number: self.number })
    }

    fn put(&mut self, connection: MultiplexedConnection) -> Numbered {
        self.number += 1;
        self.connection = Some(connection.clone());
        Numbered { connection, number: self.number }
    }
}

impl Numbered {
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn as_mut(&mut self) -> &mut MultiplexedConnection {
        &mut self.connection
    }
}
