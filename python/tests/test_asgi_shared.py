"""Replicas of a service that share a guard in Redis, through the middleware."""

import threading
from collections.abc import Callable, Generator, MutableMapping
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from counterseal.redis import AsyncRedisReplayGuard, RedisReplayGuard
from redis_server import PATIENCE, Server
from serving import SIGNER, Answer, App, Fields, Recorder, exchange, guarded, head, serving

GuardOf = Callable[[str], Any]
OWN = "http://vault.internal"


class Replica:
    """A service that answers for the same name as its siblings."""

    def __init__(self, authority: str, app: Recorder) -> None:
        self.authority, self.app = authority, app

    def call(self, fields: Fields) -> Answer:
        return exchange(self.authority, head("POST", "/execute", fields) + b"x", "POST")


@contextmanager
def replica(guard: Any, **options: Any) -> Generator[Replica]:
    app = Recorder()
    inner = guarded(app, OWN, guard=guard, **options)

    async def closing(scope: MutableMapping[str, Any], receive: App, send: App) -> None:
        await inner(scope, receive, send)
        if scope["type"] == "lifespan" and isinstance(guard, AsyncRedisReplayGuard):
            await guard.close()

    with serving(lambda _: closing) as authority:
        yield Replica(authority, app)


def signed() -> Fields:
    plain = [("Host", "vault.internal"), ("Content-Length", "1")]
    return [*plain, *SIGNER.sign("POST", f"{OWN}/execute", headers=plain, body=b"x")]


@pytest.fixture(params=[RedisReplayGuard, AsyncRedisReplayGuard], ids=["sync", "asyncio"])
def guard_of(request: pytest.FixtureRequest) -> Generator[GuardOf]:
    with ExitStack() as closed_after:

        def make(url: str) -> Any:
            guard = request.param.from_url(url, timeout=PATIENCE)
            if isinstance(guard, RedisReplayGuard):
                closed_after.callback(guard.close)
            return guard

        yield make


def test_one_of_two_replicas_accepts(server: Server, guard_of: GuardOf) -> None:
    with replica(guard_of(server.url)) as one, replica(guard_of(server.url)) as other:
        for _ in range(20):
            fields, start, outcomes = signed(), threading.Barrier(4), list[int]()

            def race(
                side: Replica, fields: Fields = fields, start: Any = start, outcomes: list[int] = outcomes
            ) -> None:
                start.wait()
                outcomes.append(side.call(fields).status)

            threads = [threading.Thread(target=race, args=(side,)) for side in (one, other) * 2]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert sorted(outcomes) == [200, 401, 401, 401]
        assert len(one.app.seen) + len(other.app.seen) == 20


def test_without_its_store_nothing_is_accepted(
    server: Server, guard_of: GuardOf, caplog: pytest.LogCaptureFixture
) -> None:
    with replica(guard_of(server.url)) as vault:
        assert vault.call(signed()).status == 200
        server.kill()
        answer = vault.call(signed())
        assert (answer.status, answer.body) == (503, b'{"class":"unavailable","status":503}')
        assert "AUTH REJECTED code=store_unavailable status=503" in caplog.text
        server.start()
        assert vault.call(signed()).status == 503
        server.has_run(3600)
        assert vault.call(signed()).status == 200
        assert len(vault.app.seen) == 2


def test_replicas_of_another_tolerance(
    server: Server, guard_of: GuardOf, caplog: pytest.LogCaptureFixture
) -> None:
    """A setting of this side's own: its peer learns of it no more than that it cannot decide."""
    with replica(guard_of(server.url), max_age=30) as vault:
        answer = vault.call(signed())
    assert (answer.status, answer.body) == (503, b'{"class":"unavailable","status":503}')
    assert vault.app.seen == []
    assert "AUTH REJECTED code=malformed_argument status=503" in caplog.text
