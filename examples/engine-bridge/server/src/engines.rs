//! The engines' connections: all of them, and which of an engine's is the one in use.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use counterseal_shared::{Error, ErrorCode, Result};

use crate::limits;

/// Connections by the name of their engine. `C` is one of them, which is told from another by where it is.
pub(crate) struct Engines<C>(Mutex<HashMap<String, OfOne<C>>>);

/// One engine's connections.
struct OfOne<C> {
    current: Option<Arc<C>>,
    /// Accepted by their token, and silent so far; the oldest first.
    unproved: VecDeque<Arc<C>>,
}

impl<C> Engines<C> {
    /// Adds a connection that has not proved itself. It takes the place of none that has. Of those that have not, the oldest makes way if there
    /// are too many, and is handed back to be ended: who has only read the token must not keep out who has the key, and shows it at once.
    pub(crate) fn add(&self, name: &str, connection: &Arc<C>) -> Option<Arc<C>> {
        let mut engines = self.lock();
        let one = engines.entry(name.to_owned()).or_default();
        one.unproved.push_back(Arc::clone(connection));
        if one.unproved.len() > limits::UNPROVED_EACH { one.unproved.pop_front() } else { None }
    }

    /// A connection proved itself: it is the engine's now, and the earlier one is handed back to be ended.
    ///
    /// # Errors
    /// `malformed_argument` if it has ended meanwhile.
    pub(crate) fn prove(&self, name: &str, connection: &Arc<C>) -> Result<Option<Arc<C>>> {
        let mut engines = self.lock();
        let one = engines.get_mut(name);
        let place = one.and_then(|one| {
            let place = one.unproved.iter().position(|held| Arc::ptr_eq(held, connection))?;
            Some((one, place))
        });
        let Some((one, place)) = place else {
            return Err(Error::new(ErrorCode::MalformedArgument, "the connection has ended"));
        };
        let proved = one.unproved.remove(place);
        Ok(std::mem::replace(&mut one.current, proved))
    }

    /// Forgets a connection. True if it was the engine's current one.
    pub(crate) fn remove(&self, name: &str, connection: &C) -> bool {
        let is_it = |held: &Arc<C>| std::ptr::eq(Arc::as_ptr(held), connection);
        let mut engines = self.lock();
        let Some(one) = engines.get_mut(name) else { return false };
        let was_current = one.current.take_if(|held| is_it(held)).is_some();
        one.unproved.retain(|held| !is_it(held));
        if one.current.is_none() && one.unproved.is_empty() {
            engines.remove(name);
        }
        was_current
    }

    /// The connection on which an engine is reached.
    pub(crate) fn current(&self, name: &str) -> Option<Arc<C>> {
        self.lock().get(name)?.current.clone()
    }

    /// All connections of an engine, proved or not.
    pub(crate) fn named(&self, name: &str) -> Vec<Arc<C>> {
        let engines = self.lock();
        let Some(one) = engines.get(name) else { return Vec::new() };
        one.current.iter().chain(&one.unproved).cloned().collect()
    }

    // Each change is one step, so a panic elsewhere leaves it sound.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, OfOne<C>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C> Default for Engines<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<C> Default for OfOne<C> {
    fn default() -> Self {
        Self { current: None, unproved: VecDeque::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "engine-7";

    fn added(engines: &Engines<u8>) -> Arc<u8> {
        let connection = Arc::new(0);
        assert!(engines.add(NAME, &connection).is_none());
        connection
    }

    fn is_current(engines: &Engines<u8>, connection: &Arc<u8>) -> bool {
        engines.current(NAME).is_some_and(|current| Arc::ptr_eq(&current, connection))
    }

    #[test]
    fn only_a_proof_takes_the_earlier_ones_place() {
        let engines = Engines::default();
        let first = added(&engines);
        assert!(engines.current(NAME).is_none());
        assert!(engines.prove(NAME, &first).unwrap().is_none());
        let second = added(&engines);
        assert!(is_current(&engines, &first));
        let earlier = engines.prove(NAME, &second).unwrap().unwrap();
        assert!(Arc::ptr_eq(&earlier, &first) && is_current(&engines, &second));
        assert!(!engines.remove(NAME, &first), "it was replaced before");
        assert!(is_current(&engines, &second));
        assert!(engines.remove(NAME, &second));
        assert!(engines.lock().is_empty(), "nothing is kept of an engine that left");
    }

    #[test]
    fn a_connection_that_ended_proves_nothing_more() {
        let engines = Engines::default();
        let (one, other) = (added(&engines), added(&engines));
        assert!(!engines.remove(NAME, &one));
        assert!(engines.prove(NAME, &one).is_err());
        assert!(engines.prove(NAME, &other).unwrap().is_none());
        assert!(engines.prove(NAME, &other).is_err(), "nor twice");
    }

    #[test]
    fn silent_connections_of_one_engine_are_few_and_keep_nobody_out() {
        let engines = Engines::default();
        let held: Vec<_> = (0..limits::UNPROVED_EACH).map(|_| added(&engines)).collect();
        let genuine = Arc::new(0);
        let crowded_out = engines.add(NAME, &genuine).unwrap();
        assert!(Arc::ptr_eq(&crowded_out, &held[0]), "the oldest");
        assert!(engines.prove(NAME, &held[0]).is_err());
        assert!(engines.add("engine-8", &Arc::new(0)).is_none(), "each has its own");
        engines.prove(NAME, &genuine).unwrap();
        assert!(engines.add(NAME, &Arc::new(0)).is_none(), "one that proved itself counts no more");
        assert_eq!(engines.named(NAME).len(), limits::UNPROVED_EACH + 1);
    }
}
