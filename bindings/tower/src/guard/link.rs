//! The connection to Redis: one for all claims, and another one after anything went wrong.
//!
//! The crate's own manager of connections keeps one that no longer answers, and one whose password was refused. Here each failure drops
//! the connection, so a claim that comes later finds the server that is there by then. And no answer can come late and be taken for another's.

use super::place::{Connection, Place};
use counterseal_shared::SharedReplayGuard;
use redis::{RedisResult, Value, cmd, from_redis_value};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(super) struct Link {
    place: Place,
    live: Mutex<Live<Connection>>,
    /// Held by the one that connects.
    connecting: tokio::sync::Mutex<()>,
}

/// The connection, and how many there were.
struct Live<C> {
    connection: Option<C>,
    number: u64,
}

impl Link {
    pub(super) fn new(place: Place) -> Self {
        let live = Live { connection: None, number: 0 };
        Self { place, live: Mutex::new(live), connecting: tokio::sync::Mutex::default() }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// The connection and its number; a new one where there is none. Whoever calls sets the time.
    pub(super) async fn connection(&self) -> RedisResult<(Connection, u64)> {
        if let Some(live) = self.live().get() {
            return Ok(live);
        }
        let _alone = self.connecting.lock().await;
        if let Some(live) = self.live().get() {
            return Ok(live);
        }
        let connection = self.connect().await?;
        Ok(self.live().put(connection))
    }

    /// Lets go of the connection that failed. That to a cluster looks after itself: where one node fails, the others answer on.
    pub(super) fn discard(&self, number: u64) {
        if !self.place.is_cluster() {
            self.live().discard(number);
        }
    }

    /// Connects, and warns of a store that may evict.
    pub(super) async fn connect(&self) -> RedisResult<Connection> {
        let mut connection = self.place.connect().await?;
        let told: Value = cmd("INFO").arg("memory").query_async(&mut connection).await?;
        for warning in texts(told).iter().filter_map(|info| SharedReplayGuard::warning(info)) {
            tracing::warn!("{warning}");
        }
        Ok(connection)
    }

    // A connection comes and goes in one step, so a panic elsewhere leaves it sound.
    fn live(&self) -> MutexGuard<'_, Live<Connection>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C: Clone> Live<C> {
    fn get(&self) -> Option<(C, u64)> {
        self.connection.clone().map(|connection| (connection, self.number))
    }

    fn put(&mut self, connection: C) -> (C, u64) {
        self.number += 1;
        self.connection = Some(connection.clone());
        (connection, self.number)
    }

    /// Nothing where another one has taken its place: many claims fail with one connection.
    fn discard(&mut self, number: u64) {
        if number == self.number {
            self.connection = None;
        }
    }
}

/// What a server tells, or each node of a cluster.
fn texts(told: Value) -> Vec<String> {
    match told {
        Value::Map(nodes) => nodes.into_iter().flat_map(|(_, told)| texts(told)).collect(),
        told => vec![from_redis_value(told).unwrap_or_default()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_let_go_of_once() {
        let mut live = Live { connection: None, number: 0 };
        assert_eq!(live.get(), None);
        assert_eq!(live.put("first"), ("first", 1));
        assert_eq!(live.get(), Some(("first", 1)));
        live.discard(1);
        assert_eq!(live.get(), None);
        live.put("second");
        live.discard(1);
        assert_eq!(live.get(), Some(("second", 2)), "a late failure of the first one");
    }
}
