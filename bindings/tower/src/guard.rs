//! Where nonces are claimed: in this process, or in a store that replicas share.

#[cfg(feature = "redis")]
mod link;
#[cfg(feature = "redis")]
mod place;
#[cfg(feature = "redis")]
mod redis;

#[cfg(feature = "redis")]
pub use self::redis::RedisReplayGuard;

use counterseal_shared::{
    Keyring, MemoryReplayGuard, PendingRequest, RequestVerifier, Result, VerifiedRequest,
};

/// A guard that a layer can have: a [`MemoryReplayGuard`], or with the feature `redis` a `RedisReplayGuard`.
#[derive(Clone)]
pub struct Guard(Kind);

#[derive(Clone)]
enum Kind {
    Memory(MemoryReplayGuard),
    #[cfg(feature = "redis")]
    Redis(RedisReplayGuard),
}

impl Guard {
    /// The layer's own: a server that begins has forgotten what it accepted before.
    pub(crate) fn own() -> Result<Self> {
        MemoryReplayGuard::starting_now("{}").map(Self::from)
    }

    pub(crate) fn verifier(&self, ring: &Keyring, options: &str) -> Result<RequestVerifier> {
        match &self.0 {
            Kind::Memory(guard) => RequestVerifier::new(ring, Some(guard), options),
            #[cfg(feature = "redis")]
            Kind::Redis(guard) => RequestVerifier::shared(ring, guard.shared(), options),
        }
    }

    /// Checks 5 to 8. A store is awaited after checks 5 to 7, and before there is any evidence.
    pub(crate) async fn finish(&self, mut pending: PendingRequest) -> Result<VerifiedRequest> {
        match &self.0 {
            Kind::Memory(_) => pending.finish(None),
            #[cfg(feature = "redis")]
            Kind::Redis(guard) => guard.finish_async(&mut pending, None).await,
        }
    }
}

impl From<MemoryReplayGuard> for Guard {
    fn from(guard: MemoryReplayGuard) -> Self {
        Self(Kind::Memory(guard))
    }
}

impl From<&MemoryReplayGuard> for Guard {
    fn from(guard: &MemoryReplayGuard) -> Self {
        guard.clone().into()
    }
}

#[cfg(feature = "redis")]
impl From<RedisReplayGuard> for Guard {
    fn from(guard: RedisReplayGuard) -> Self {
        Self(Kind::Redis(guard))
    }
}

#[cfg(feature = "redis")]
impl From<&RedisReplayGuard> for Guard {
    fn from(guard: &RedisReplayGuard) -> Self {
        guard.clone().into()
    }
}
