//! The replay guard that replicas share, in Redis (wire contract §5).

use super::link::Link;
use super::place::Place;
use counterseal_shared::json::{self, Value};
use counterseal_shared::{
    Claiming, Error, ErrorCode, PacketVerifier, PendingRequest, Result, SharedReplayGuard, Verified,
    VerifiedRequest,
};
use redis::{Client, ErrorKind, RedisError, Script};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// A guard in Redis 6.2 or later, which replicas in any language share. A clone is the same guard, with the same connection.
///
/// Where Redis does not answer in time, nothing is accepted (`store_unavailable`, 503); once it answers again, requests are. It must
/// not evict (`maxmemory-policy noeviction`): with each connection a warning is logged if it may. After a start, a restart or a
/// flush of Redis, what was signed until then is refused.
#[derive(Clone)]
pub struct RedisReplayGuard {
    shared: SharedReplayGuard,
    script: Arc<Script>,
    link: Arc<Link>,
    timeout: Duration,
}

impl RedisReplayGuard {
    /// A guard in the Redis of that URL: `redis://`, `rediss://` (with a TLS feature of the crate `redis`) or `redis+unix://`. It connects
    /// when it is first asked.
    ///
    /// # Errors
    /// `malformed_argument` for a URL that is none.
    pub fn open(url: &str) -> Result<Self> {
        let client = Client::open(url).map_err(|_| Error::new(ErrorCode::MalformedArgument, URL_RULE))?;
        Self::new(client)
    }

    /// A guard in the Redis that a client of the crate `redis` knows.
    ///
    /// # Errors
    /// None that a caller can bring about.
    pub fn new(client: Client) -> Result<Self> {
        Self::at(Place::Server(client))
    }

    /// A guard in a Redis Cluster, some of whose nodes the URLs name. Each key has a hash tag by its nonce, so that claims spread over the nodes:
    /// all users of the cluster must be told that it is one.
    ///
    /// # Errors
    /// `malformed_argument` for a URL that is none.
    #[cfg(feature = "redis-cluster")]
    pub fn open_cluster(urls: impl IntoIterator<Item = impl Into<String>>) -> Result<Self> {
        let client = redis::cluster::ClusterClient::new(urls.into_iter().map(Into::into))
            .map_err(|_| Error::new(ErrorCode::MalformedArgument, URL_RULE))?;
        Self::at(Place::Cluster(client.into()))
    }

    fn at(place: Place) -> Result<Self> {
        Ok(Self {
            shared: options("", &place)?,
            script: Arc::new(Script::new(SharedReplayGuard::script())),
            link: Arc::new(Link::new(place)),
            timeout: TIMEOUT,
        })
    }

    /// The name that all replicas of this guard share, where a store serves several; empty by default.
    ///
    /// # Errors
    /// `malformed_argument` for what is no name.
    pub fn scope(self, scope: &str) -> Result<Self> {
        Ok(Self { shared: options(scope, self.link.place())?, ..self })
    }

    /// How long connection and answer may take together: 250 ms by default.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Asks Redis whether it is there, and logs a warning if it may evict. For a server's start, which may go on without it.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub async fn check(&self) -> Result<()> {
        let asked = timeout(self.timeout, self.link.connect());
        let answer =
            asked.await.map_err(|_| self.late()).and_then(|asked| asked.map_err(|fault| why(&fault)));
        answer.map(drop).map_err(|why| {
            Error::new(ErrorCode::StoreUnavailable, format!("the replay guard's Redis: {why}"))
        })
    }

    /// What a verifier is told of this guard: `PacketVerifier::shared(&ring, guard.shared(), "{}")`, or `RequestVerifier::shared`.
    pub fn shared(&self) -> &SharedReplayGuard {
        &self.shared
    }

    /// Verifies a packet with a verifier that was made with [`RedisReplayGuard::shared`]: Redis is awaited between the MAC and the evidence.
    ///
    /// # Errors
    /// Those of [`PacketVerifier::authenticate`] and of the guard; `store_unavailable`.
    pub async fn verify_async(
        &self,
        verifier: &PacketVerifier,
        packet: &[u8],
        context: &str,
        now: Option<f64>,
    ) -> Result<Verified<'static>> {
        let claiming = verifier.authenticate(packet, context, now)?;
        let answer = self.claim(&claiming).await;
        claiming.settle(answer.as_ref().copied().map_err(String::as_str))
    }

    /// Checks 5 to 8 of a request whose body has all come: what [`RequireSignature`](crate::RequireSignature) does, for a server without it.
    ///
    /// # Errors
    /// Those of [`PendingRequest::authenticate`] and of the guard; `store_unavailable`.
    pub async fn finish_async(
        &self,
        pending: &mut PendingRequest,
        now: Option<f64>,
    ) -> Result<VerifiedRequest> {
        let claiming = pending.authenticate(now)?;
        let answer = self.claim(&claiming).await;
        claiming.settle(answer.as_ref().copied().map_err(String::as_str))
    }

    /// The script's reply, or in words why there is none.
    async fn claim<A>(&self, claiming: &Claiming<A>) -> Result<f64, String> {
        let mut script = self.script.prepare_invoke();
        script.key(claiming.keys()).arg(claiming.arguments());
        let mut used = None;
        let asked = timeout(self.timeout, async {
            let (mut connection, number) = self.link.connection().await?;
            used = Some(number);
            script.invoke_async(&mut connection).await
        });
        let answer = match asked.await {
            Ok(Ok(redis::Value::Int(reply))) => return Ok(reply as f64),
            Ok(Ok(_)) => "it answered with something that is none of the script's replies".to_owned(),
            Ok(Err(fault)) => why(&fault),
            Err(_) => self.late(),
        };
        // Whatever went wrong, another connection may do better: to a server that took over, for one.
        if let Some(number) = used {
            self.link.discard(number);
        }
        Err(answer)
    }

    fn late(&self) -> String {
        format!("no answer within {} ms", self.timeout.as_millis())
    }
}

impl fmt::Debug for RedisReplayGuard {
    /// Without the URL, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisReplayGuard").finish_non_exhaustive()
    }
}

fn options(scope: &str, place: &Place) -> Result<SharedReplayGuard> {
    let options = [("scope", Value::String(scope.to_owned())), ("cluster", Value::Bool(place.is_cluster()))];
    let options = Value::Object(options.map(|(name, value)| (name.to_owned(), value)).into());
    SharedReplayGuard::new(&json::write(&options))
}

/// What went wrong, in our own words: those of the client may quote an address.
fn why(fault: &RedisError) -> String {
    match (fault.kind(), fault.code()) {
        (ErrorKind::AuthenticationFailed, _) => "it refused the user or the password".to_owned(),
        (_, Some(code)) if is_code(code) => format!("it answered with the error {code}"),
        _ if fault.is_connection_refusal() => "the connection was refused".to_owned(),
        _ if fault.is_io_error() => "the connection failed".to_owned(),
        _ => "it answered with an error".to_owned(),
    }
}

fn is_code(code: &str) -> bool {
    (1..=32).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

const TIMEOUT: Duration = Duration::from_millis(250);
const URL_RULE: &str = "the URL of Redis must be redis://host:port, rediss://host:port or redis+unix:///path, \
    with user, password and database where needed";
