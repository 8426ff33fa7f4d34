"""The replay guard that replicas share, in Redis 6.2 or later, by way of redis-py.

from counterseal.redis import RedisReplayGuard

guard = RedisReplayGuard.from_url("redis://localhost")
guard.check()
verifier = PacketVerifier(keyring, guard=guard)
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Self

from counterseal import _store
from counterseal._core import SharedReplayGuard
from counterseal._threads import Threads
from counterseal.errors import CountersealError

try:
    import redis
    import redis.asyncio
    from redis.asyncio.retry import Retry as AsyncRetry
    from redis.backoff import NoBackoff
    from redis.exceptions import NoScriptError
    from redis.retry import Retry
except ImportError:
    raise ImportError("counterseal.redis needs redis-py: pip install 'counterseal[redis]'") from None

__all__ = ["AsyncRedisReplayGuard", "RedisReplayGuard"]


class RedisReplayGuard(SharedReplayGuard):
    """The guard for a redis.Redis or a redis.RedisCluster: for verify, and for verify_async too.

    client stays the caller's, and must have a socket_timeout. scope is a name that all replicas share,
    cluster whether the store is a Redis Cluster; both are the same for all its users. What Redis has not
    answered within timeout (seconds) is store_unavailable: the client works in threads of the guard, which
    waits for none any longer. A client that tries again may take its own lost claim for a replay; from_url
    makes one that does not.

    Raises CountersealError: malformed_argument.
    """

    _client: Any
    _owned = False
    _is_checked = False
    _timeout: float
    _threads: Threads

    def __new__(
        cls,
        client: "redis.Redis | redis.RedisCluster",
        *,
        scope: str = "",
        timeout: float = 0.25,
        cluster: bool = False,
    ) -> Self:
        _store.check_client(client, redis.Redis, redis.RedisCluster, cluster)
        _store.check_ends(client)
        _store.check_timeout(timeout)
        guard = super().__new__(cls, scope=scope, cluster=cluster)
        guard._client, guard._timeout, guard._threads = client, timeout, Threads(_store.MOST_AT_ONCE)
        return guard

    @classmethod
    def from_url(
        cls, url: str, *, scope: str = "", timeout: float = 0.25, cluster: bool = False, **options: Any
    ) -> Self:
        """A guard with a client of its own. options are redis-py's, for TLS and the like."""
        kind: Any = redis.RedisCluster if cluster else redis.Redis
        client = _store.connected(kind.from_url, url, timeout, Retry(NoBackoff(), 0), options)
        guard = cls(client, scope=scope, timeout=timeout, cluster=cluster)
        guard._owned = True
        return guard

    def close(self) -> None:
        """Closes the client that from_url made; one that the caller made stays open."""
        if self._owned:
            self._client.close()

    def check(self) -> None:
        """Warns, in the log "counterseal", of a store that may evict: now, else with the first claim.

        Raises CountersealError: store_unavailable, where it does not answer. A server may begin without it.
        """
        self._is_checked = True
        _store.warn(self._within(self._memory))

    def ask(self, keys: list[str], arguments: list[str]) -> object:
        """The script's reply, or in words why there is none."""
        return self._within(lambda: self._run(keys, arguments))

    async def ask_async(self, keys: list[str], arguments: list[str]) -> object:
        """As ask, while the event loop goes on."""
        try:
            async with asyncio.timeout(self._timeout):
                return await asyncio.wrap_future(self._threads.submit(lambda: self._run(keys, arguments)))
        except Exception as error:
            return _store.in_words(error)

    def _within(self, call: Callable[[], object]) -> object:
        try:
            answer = self._threads.submit(call)
            try:
                return answer.result(self._timeout)
            finally:
                answer.cancel()
        except Exception as error:
            return _store.in_words(error)

    def _run(self, keys: list[str], arguments: list[str]) -> object:
        reply = self._claim(keys, arguments)
        if not self._is_checked:
            # The claim does not wait for it, nor fail with it.
            self._is_checked = True
            self._threads.submit(lambda: _store.warn(self._memory()))
        return reply

    def _claim(self, keys: list[str], arguments: list[str]) -> object:
        try:
            return self._client.evalsha(_store.SHA1, len(keys), *keys, *arguments)
        except NoScriptError:
            return self._client.eval(self.script, len(keys), *keys, *arguments)

    def _memory(self) -> object:
        return self._client.info("memory", **_store.everywhere(self._client))


class AsyncRedisReplayGuard(SharedReplayGuard):
    """The guard for a redis.asyncio.Redis or a redis.asyncio.RedisCluster: for verify_async.

    client stays the caller's. Like the guard, it serves one event loop. The rest is as for RedisReplayGuard.

    Raises CountersealError: malformed_argument.
    """

    _client: Any
    _owned = False
    _is_checked = False
    _checking: "asyncio.Task[None]"
    _timeout: float
    _loops: dict[str, asyncio.AbstractEventLoop]
    _turns: asyncio.Semaphore

    def __new__(
        cls,
        client: "redis.asyncio.Redis | redis.asyncio.RedisCluster",
        *,
        scope: str = "",
        timeout: float = 0.25,
        cluster: bool = False,
    ) -> Self:
        _store.check_client(client, redis.asyncio.Redis, redis.asyncio.RedisCluster, cluster)
        _store.check_timeout(timeout)
        guard = super().__new__(cls, scope=scope, cluster=cluster)
        guard._client, guard._timeout, guard._loops = client, timeout, {}
        guard._turns = asyncio.Semaphore(_store.MOST_AT_ONCE)
        return guard

    @classmethod
    def from_url(
        cls, url: str, *, scope: str = "", timeout: float = 0.25, cluster: bool = False, **options: Any
    ) -> Self:
        """A guard with a client of its own. options are redis-py's, for TLS and the like."""
        kind: Any = redis.asyncio.RedisCluster if cluster else redis.asyncio.Redis
        client = _store.connected(kind.from_url, url, timeout, AsyncRetry(NoBackoff(), 0), options)
        guard = cls(client, scope=scope, timeout=timeout, cluster=cluster)
        guard._owned = True
        return guard

    async def close(self) -> None:
        """Closes the client that from_url made; one that the caller made stays open."""
        if self._owned:
            await self._client.aclose()

    async def check(self) -> None:
        """Warns, in the log "counterseal", of a store that may evict: now, else with the first claim.

        Raises CountersealError: store_unavailable, where it does not answer. A server may begin without it.
        """
        self._is_checked = True
        everywhere = _store.everywhere(self._client)
        _store.warn(await self._within(lambda: self._client.info("memory", **everywhere)))

    async def ask_async(self, keys: list[str], arguments: list[str]) -> object:
        """The script's reply, or in words why there is none."""
        return await self._within(lambda: self._run(keys, arguments))

    async def _within(self, call: Callable[[], Awaitable[object]]) -> object:
        # Its connections belong to the loop that they were made in: in another one, replies could cross.
        loop = asyncio.get_running_loop()
        if self._loops.setdefault("first", loop) is not loop:
            return "its client serves another event loop: make a client and a guard for each"
        try:
            async with asyncio.timeout(self._timeout), self._turns:
                return await call()
        except Exception as error:
            return _store.in_words(error)

    async def _run(self, keys: list[str], arguments: list[str]) -> object:
        reply = await self._claim(keys, arguments)
        if not self._is_checked:
            # The claim does not wait for it, nor fail with it.
            self._is_checked = True
            self._checking = asyncio.create_task(self._check_by_itself())
        return reply

    async def _claim(self, keys: list[str], arguments: list[str]) -> object:
        try:
            return await self._client.evalsha(_store.SHA1, len(keys), *keys, *arguments)
        except NoScriptError:
            return await self._client.eval(self.script, len(keys), *keys, *arguments)

    async def _check_by_itself(self) -> None:
        with suppress(CountersealError):
            await self.check()
