"""A Redis that fails, forgets, stands still or is full: nothing is accepted that might be a replay."""

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from counterseal import CountersealError, PacketVerifier
from counterseal.redis import AsyncRedisReplayGuard, RedisReplayGuard
from helpers import refusal
from redis_server import EPOCH, PATIENCE, Server, until
from shared_ends import RING, Side, began, packet


def test_killed_under_load_and_back(server: Server, awaits: bool) -> None:
    clock, outcomes, over = began(), list[str](), threading.Event()

    def work() -> None:
        with Side(server.url, awaits=awaits) as side:
            while not over.is_set():
                now = clock
                outcomes.append(side.packet(packet(now), now))
                if side.refusal is not None and outcomes[-1] == "store_unavailable":
                    assert side.refusal.status == 503

    def more(code: str, count: int = 40) -> None:
        before = outcomes.count(code)
        until(lambda: outcomes.count(code) >= before + count)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        more("ok")
        server.kill()
        more("store_unavailable")
        down = len(outcomes)
        more("store_unavailable")
        assert set(outcomes[down:]) == {"store_unavailable"}
        server.start()
        more("replay_guard_starting")
        assert "ok" not in outcomes[down:]
        clock = began() + 3600
        more("ok")
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert set(outcomes) == {"ok", "store_unavailable", "replay_guard_starting"}


def restart(server: Server, side: Side) -> None:
    server.kill()
    server.start()
    # A client learns by its next call that a connection is gone.
    with suppress(CountersealError):
        side.run(side.guard.check())


def test_a_restart_that_forgot_refuses_what_was_signed_before(side: Side, server: Server) -> None:
    sent = packet()
    assert side.packet(sent) == "ok"
    restart(server, side)
    assert side.packet(sent) == "replay_guard_starting"
    later = began() + 3600
    assert side.packet(packet(later), later) == "ok"


def test_a_restart_from_an_old_snapshot_refuses_what_came_after_it(side: Side, server: Server) -> None:
    before, after = packet(), packet()
    assert side.packet(before) == "ok"
    server.client.save()
    assert side.packet(after) == "ok"
    restart(server, side)
    assert server.client.exists(EPOCH)
    assert [side.packet(before), side.packet(after)] == ["replay_guard_starting"] * 2


def test_a_flushed_store_refuses_what_was_signed_before(side: Side, server: Server) -> None:
    sent = packet()
    assert side.packet(sent) == "ok"
    server.client.flushall()
    assert side.packet(sent) == "replay_guard_starting"


def test_another_tolerance_is_refused(side: Side, server: Server, awaits: bool) -> None:
    with Side(server.url, awaits=awaits, max_age=30) as other:
        sent = packet()
        assert [other.packet(sent), side.packet(sent)] == ["malformed_argument", "ok"]
        assert other.refusal is not None
        assert "counterseal:1:tolerance" in other.refusal.detail


@pytest.mark.parametrize("apart", [4, 40])
def test_clocks_apart(server: Server, awaits: bool, apart: int) -> None:
    with Side(server.url, awaits=awaits) as ahead, Side(server.url, awaits=awaits) as behind:
        # Signed by a clock as late as Redis's, or by one behind it.
        for now in (began(), began() - apart):
            one, other = packet(now), packet(now)
            assert [ahead.packet(one, now + apart), behind.packet(one, now)] == ["ok", "replayed"]
            assert [behind.packet(other, now), ahead.packet(other, now + apart)] == ["ok", "replayed"]
        # Signed by the clock that is ahead.
        sent = packet(began() + apart)
        early = "ok" if apart == 4 else "not_yet_valid"
        assert behind.packet(sent, began()) == early
        assert ahead.packet(sent, began() + apart) == ("replayed" if apart == 4 else "ok")


def test_what_redis_no_longer_keeps_is_expired(side: Side) -> None:
    # By this side's clock it is fresh; by Redis's, its nonce would be forgotten at once.
    now = began() - 300
    sent = packet(now)
    assert [side.packet(sent, now), side.packet(sent, now)] == ["expired", "expired"]


def test_a_full_store_accepts_nothing(side: Side, server: Server) -> None:
    sent = packet()
    server.client.config_set("maxmemory", 1)
    assert side.packet(sent) == "replay_guard_full"
    server.client.config_set("maxmemory", 0)
    assert [side.packet(sent), side.packet(sent)] == ["ok", "replayed"]


def test_a_replica_takes_no_claim(side: Side, server: Server) -> None:
    server.client.replicaof("127.0.0.1", 1)
    assert side.packet(packet()) == "store_unavailable"
    server.client.replicaof("NO", "ONE")
    assert side.packet(packet()) == "ok"


def test_a_server_that_stands_still(server: Server, awaits: bool) -> None:
    with Side(server.url, awaits=awaits, timeout=0.25) as side:
        until(lambda: side.packet(packet()) == "ok")
        server.stop()
        assert side.packet(packet()) == "store_unavailable"
        server.go_on()
        until(lambda: side.packet(packet()) == "ok")


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def black_hole() -> Iterator[str]:
    """An address that drops what comes: the queue of those that wait to be accepted is full."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize("address", ["silent", "black_hole"])
def test_no_answer_in_time(address: str, awaits: bool, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(address)
    with Side(url, awaits=awaits, timeout=0.25) as side:
        assert side.packet(packet()) == "store_unavailable"
    # A client that would go on trying is not waited for: it is the guard that gives up.
    with Side(url, awaits=awaits, timeout=0.25, socket_timeout=1, socket_connect_timeout=1) as side:
        assert side.packet(packet()) == "store_unavailable"
        assert side.refusal is not None
        assert "no answer in time" in side.refusal.detail


def test_a_guard_serves_one_event_loop(server: Server) -> None:
    guard = AsyncRedisReplayGuard.from_url(server.url, timeout=PATIENCE)
    verifier = PacketVerifier(RING, guard=guard)

    async def verify() -> Any:
        return await verifier.verify_async(packet(), context="c", now=began())

    with asyncio.Runner() as one:
        assert one.run(verify()).owner == "engine-7"
        error = refusal(asyncio.run, verify())
        assert (error.code, "another event loop" in error.detail) == ("store_unavailable", True)
        assert one.run(verify()).owner == "engine-7"
        one.run(guard.close())


@pytest.mark.parametrize("kind", [RedisReplayGuard, AsyncRedisReplayGuard])
def test_a_call_that_is_cancelled_accepts_nothing(silent: str, kind: Any) -> None:
    async def cancel() -> None:
        guard = kind.from_url(silent, timeout=60, socket_timeout=1)
        verifying = PacketVerifier(RING, guard=guard).verify_async(packet(), context="c", now=began())
        call = asyncio.create_task(verifying)
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        if isinstance(guard, AsyncRedisReplayGuard):
            await guard.close()

    asyncio.run(cancel())


@pytest.mark.parametrize("policy", ["noeviction", "allkeys-lru"])
def test_a_store_that_may_evict_is_warned_of(
    side: Side, server: Server, policy: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.client.config_set("maxmemory-policy", policy)
    side.run(side.guard.check())
    warnings = [record.getMessage() for record in caplog.records if record.name == "counterseal"]
    assert len(warnings) == (policy != "noeviction")
    assert all(policy in warning for warning in warnings)


def test_a_store_that_may_evict_is_warned_of_with_the_first_claim(
    server: Server, awaits: bool, caplog: pytest.LogCaptureFixture
) -> None:
    server.client.config_set("maxmemory-policy", "allkeys-lru")
    with Side(server.url, awaits=awaits) as side:
        # The packets verify one by one until the warning, which no claim waits for, is there.
        until(lambda: side.packet(packet()) == "ok" and "allkeys-lru" in caplog.text)
        assert side.packet(packet()) == "ok"
    assert caplog.text.count("allkeys-lru") == 1


def test_a_store_that_is_not_there_is_told_at_the_start(side: Side, server: Server) -> None:
    server.kill()
    error = refusal(lambda: side.run(side.guard.check()))
    assert (error.code, error.status) == ("store_unavailable", 503)
    assert error.detail.endswith("ConnectionError")


def test_a_password_is_told_to_nobody(tmp_path: Path, awaits: bool, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Server(tmp_path, password="open-sesame") as server:
        server.has_run(3600)
        url = f"redis://:{{}}@127.0.0.1:{server.port}"
        with Side(url.format("open-sesame"), awaits=awaits) as side:
            assert side.packet(packet()) == "ok"
            told = [repr(side.guard), str(side.guard)]
        with Side(url.format("open-barley"), awaits=awaits) as side:
            told.append(str(refusal(lambda: side.run(side.guard.check()))))
            assert side.packet(packet()) == "store_unavailable"
            told += [repr(side.guard), str(side.refusal), repr(side.refusal)]
    for kind in (RedisReplayGuard, AsyncRedisReplayGuard):
        for wrong in ("redis://:open-sesame:1@h:x", "redis://h:open-sesame", "open-sesame"):
            error: CountersealError = refusal(kind.from_url, wrong)
            assert (error.code, error.__context__) == ("malformed_argument", None)
            told += [str(error), repr(error)]
    assert "AuthenticationError" in "".join(told)
    assert "open-" not in caplog.text + "".join(told)
