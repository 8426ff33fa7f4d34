//! The engines' connections: all of them, and which of an engine's is the one in use.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use counterseal_shared::{Error, ErrorCode, Result};

use crate::connection::Connection;
use crate::engine::Engine;
use crate::limits;

type Shared = Arc<Connection<Engine>>;

#[derive(Default)]
pub(crate) struct Engines(Mutex<HashMap<String, OfOne>>);

/// One engine's connections.
#[derive(Default)]
struct OfOne {
    current: Option<Shared>,
    /// Accepted by their token, and silent so far.
    unproved: Vec<Shared>,
}

impl Engines {
    /// Adds a connection that has not proved itself. It replaces none.
    ///
    /// # Errors
    /// `rate_limited` if the engine has too many such.
    pub(crate) fn add(&self, connection: &Shared) -> Result<()> {
        let mut engines = self.lock();
        let one = engines.entry(connection.name().to_owned()).or_default();
        check_unproved(one.unproved.len())?;
        one.unproved.push(Arc::clone(connection));
        Ok(())
    }

    /// A connection proved itself: it is the engine's now, and the earlier one is handed back to be ended.
    ///
    /// # Errors
    /// `malformed_argument` if it has ended meanwhile.
    pub(crate) fn prove(&self, connection: &Shared) -> Result<Option<Shared>> {
        let mut engines = self.lock();
        let one = engines.get_mut(connection.name());
        let place = one.and_then(|one| {
            let place = one.unproved.iter().position(|held| Arc::ptr_eq(held, connection))?;
            Some((one, place))
        });
        let Some((one, place)) = place else {
            return Err(Error::new(ErrorCode::MalformedArgument, "the connection has ended"));
        };
        let proved = one.unproved.swap_remove(place);
        Ok(one.current.replace(proved))
    }

    /// Forgets a connection. True if it was the engine's current one.
    pub(crate) fn remove(&self, connection: &Connection<Engine>) -> bool {
        let is_it = |held: &Shared| std::ptr::eq(Arc::as_ptr(held), connection);
        let mut engines = self.lock();
        let Some(one) = engines.get_mut(connection.name()) else { return false };
        let was_current = one.current.take_if(|held| is_it(held)).is_some();
        one.unproved.retain(|held| !is_it(held));
        if one.current.is_none() && one.unproved.is_empty() {
            engines.remove(connection.name());
        }
        was_current
    }

    /// The connection on which an engine is reached.
    pub(crate) fn current(&self, name: &str) -> Option<Shared> {
        self.lock().get(name)?.current.clone()
    }

    /// All connections of an engine, proved or not.
    pub(crate) fn named(&self, name: &str) -> Vec<Shared> {
        let engines = self.lock();
        let Some(one) = engines.get(name) else { return Vec::new() };
        one.current.iter().chain(&one.unproved).cloned().collect()
    }

    // Each change is one step, so a panic elsewhere leaves it sound.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, OfOne>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check_unproved(count: usize) -> Result<()> {
    if count < limits::UNPROVED_EACH {
        return Ok(());
    }
    Err(Error::new(ErrorCode::RateLimited, "the engine has too many connections that have proved nothing"))
}
