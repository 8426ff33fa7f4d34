"""The guard that replicas share, on a real Redis: each nonce is claimed once, however many ask."""

import asyncio
import multiprocessing
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import redis
import redis.asyncio
from counterseal import (
    CountersealError,
    Key,
    Keyring,
    MemoryReplayGuard,
    PacketVerifier,
    RequestVerifier,
    SharedReplayGuard,
)
from counterseal.redis import AsyncRedisReplayGuard, RedisReplayGuard
from helpers import SECRET, refusal, refused
from redis_server import PATIENCE, Server, connect
from shared_ends import RING, Side, began, fields, packet, parts


def test_every_call_claims_once(side: Side) -> None:
    calls: list[tuple[Callable[[Any], str], Any]] = [
        (side.packet, packet()),
        (side.parts, parts()),
        (side.request, fields()),
        (side.pending, fields()),
    ]
    for call, sent in calls:
        assert [call(sent), call(sent)] == ["ok", "replayed"], call


def test_what_is_forged_claims_nothing(side: Side, server: Server) -> None:
    sent = packet()
    before = server.client.keys()
    assert side.packet(sent.replace("42", "43")) == "bad_signature"
    assert side.packet(sent, now=began() + 61) == "expired"
    assert server.client.keys() == before
    assert side.packet(sent) == "ok"


def test_waiting_and_awaiting_sides_share_a_guard(server: Server) -> None:
    with Side(server.url, awaits=False) as waits, Side(server.url, awaits=True) as awaits:
        one, other = packet(), fields()
        assert [waits.packet(one), awaits.packet(one)] == ["ok", "replayed"]
        assert [awaits.pending(other), waits.request(other)] == ["ok", "replayed"]


def test_a_scope_is_a_guard_of_its_own(server: Server, awaits: bool) -> None:
    with (
        Side(server.url, awaits=awaits, scope="vault") as vault,
        Side(server.url, awaits=awaits, scope="vault") as twin,
        Side(server.url, awaits=awaits) as other,
    ):
        sent = packet()
        assert [vault.packet(sent), twin.packet(sent), other.packet(sent)] == ["ok", "replayed", "ok"]


def test_the_applications_own_client(server: Server) -> None:
    client: Any = redis.Redis(port=server.port, socket_timeout=5, decode_responses=True)
    sent = packet()
    with client:
        guard = RedisReplayGuard(client, timeout=PATIENCE)
        assert PacketVerifier(RING, guard=guard).verify(sent, context="c", now=began()).owner == "engine-7"
        with refused("replayed"):
            asyncio.run(PacketVerifier(RING, guard=guard).verify_async(sent, context="c", now=began()))

    async def again() -> None:
        async with redis.asyncio.Redis(port=server.port) as client:
            guard = AsyncRedisReplayGuard(client, timeout=PATIENCE)
            await PacketVerifier(RING, guard=guard).verify_async(sent, context="c", now=began())

    with refused("replayed"):
        asyncio.run(again())


def test_of_many_threads_one_wins(server: Server) -> None:
    packets, outcomes = [packet() for _ in range(50)], list[str]()
    start = threading.Barrier(8)

    def work() -> None:
        with Side(server.url, awaits=False) as side:
            start.wait()
            outcomes.extend([side.packet(text) for text in packets])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count("ok"), outcomes.count("replayed")) == (50, 350)


def test_of_many_tasks_one_wins(server: Server) -> None:
    async def work() -> list[Any]:
        guard = AsyncRedisReplayGuard.from_url(server.url, timeout=PATIENCE)
        verifier = PacketVerifier(RING, guard=guard)
        packets = [packet() for _ in range(50)]
        calls = [verifier.verify_async(text, context="c", now=began()) for text in packets for _ in range(8)]
        results = await asyncio.gather(*calls, return_exceptions=True)
        await guard.close()
        return [result.code if isinstance(result, CountersealError) else result for result in results]

    outcomes = asyncio.run(work())
    for at in range(0, 400, 8):
        assert outcomes[at : at + 8].count("replayed") == 7
    assert len(set(outcomes) - {"replayed"}) == 50


def in_a_process(url: str, port: int, packets: list[str], awaits: bool, now: int) -> list[str]:
    outcomes = list[str]()
    with Side(url, awaits=awaits, timeout=PATIENCE) as side, connect(port) as client:
        for text in packets:
            client.rpush(f"{awaits} ready", "1")
            assert client.blpop([f"{awaits} go"], timeout=PATIENCE - 1)
            outcomes.append(side.packet(text, now))
    return outcomes


def test_of_two_processes_one_wins(server: Server) -> None:
    packets = [packet() for _ in range(200)]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        answers = [
            processes.submit(in_a_process, server.url, server.port, packets, awaits, began())
            for awaits in (False, True)
        ]
        for _ in packets:
            for awaits in (False, True):
                assert server.client.blpop([f"{awaits} ready"], timeout=PATIENCE - 1)
            for awaits in (False, True):
                server.client.rpush(f"{awaits} go", "1")
        one, other = (answer.result() for answer in answers)
    assert all(sorted(pair) == ["ok", "replayed"] for pair in zip(one, other, strict=True))


def test_a_forked_process_has_threads_of_its_own(server: Server) -> None:
    code = """
import os, sys
from shared_ends import Side, packet
with Side(sys.argv[1], awaits=False) as side:
    assert side.packet(packet()) == "ok"
    child = os.fork()
    assert side.packet(packet()) == "ok"
    if child == 0:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""
    done = subprocess.run(
        [sys.executable, "-c", code, server.url], cwd=Path(__file__).parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_a_waiting_call_says_that_a_guard_is_awaited(server: Server) -> None:
    with Side(server.url, awaits=True) as side:
        packets = PacketVerifier(RING, guard=side.guard)
        requests = RequestVerifier(RING, authorities=["hub"], guard=side.guard)
        pending = requests.begin("POST", "/x", headers=fields(), now=began())
        pending.update(b"b")
        for error in (
            refusal(packets.verify, packet(), context="c", now=began()),
            refusal(packets.verify_parts, **parts(), now=began()),
            refusal(requests.verify, "POST", "/x", headers=fields(), body=b"b", now=began()),
            refusal(pending.finish, now=began()),
        ):
            assert (error.code, "verify_async" in error.detail) == ("malformed_argument", True)
        assert side.run(pending.finish_async(now=began())).owner == "engine-7"
        with refused("malformed_argument"):
            side.run(pending.finish_async(now=began()))


def test_a_batch_is_for_a_guard_in_memory(side: Side) -> None:
    with refused("malformed_argument"):
        PacketVerifier(RING, guard=side.guard).verify_batch([packet()], context="c", now=began())


def test_a_guard_in_memory_can_be_awaited() -> None:
    verifier = PacketVerifier(RING, guard=MemoryReplayGuard())
    text = packet()
    assert asyncio.run(verifier.verify_async(text, context="c", now=began())).payload == {"job": 42}
    with refused("replayed"):
        asyncio.run(verifier.verify_async(text, context="c", now=began()))


@pytest.mark.parametrize("answer", [None, True, 0.0, b"0", [0], 6, -1, 2**70, "no answer"])
def test_an_answer_that_is_none_of_the_scripts_accepts_nothing(answer: Any) -> None:
    class Guard(SharedReplayGuard):
        def ask(self, keys: list[str], arguments: list[str]) -> Any:
            return answer

        async def ask_async(self, keys: list[str], arguments: list[str]) -> Any:
            return answer

    verifier = PacketVerifier(RING, guard=Guard())
    with refused("store_unavailable"):
        verifier.verify(packet(), context="c", now=began())
    with refused("store_unavailable"):
        asyncio.run(verifier.verify_async(packet(), context="c", now=began()))


def test_a_key_revoked_while_the_store_is_asked() -> None:
    ring = Keyring([Key("engine-7", secret=SECRET)])

    class Guard(SharedReplayGuard):
        def ask(self, keys: list[str], arguments: list[str]) -> int:
            ring.revoke("engine-7")
            return 0

    with refused("revoked_key"):
        PacketVerifier(ring, guard=Guard()).verify(packet(), context="c", now=began())


@pytest.mark.parametrize(
    ("guard", "client", "options", "detail"),
    [
        (RedisReplayGuard, object(), {}, "client must be a redis.Redis or RedisCluster, not object"),
        (RedisReplayGuard, redis.asyncio.Redis(), {}, "client must be a redis.Redis or"),
        (AsyncRedisReplayGuard, redis.Redis(), {}, "client must be a redis.asyncio.Redis or"),
        (RedisReplayGuard, redis.Redis(socket_timeout=None), {}, "client must have a socket_timeout"),
        (RedisReplayGuard, redis.Redis(socket_timeout=5), {"timeout": 0}, "timeout must be"),
        (AsyncRedisReplayGuard, redis.asyncio.Redis(), {"timeout": "1"}, "timeout must be"),
        (RedisReplayGuard, redis.Redis(socket_timeout=5), {"timeout": float("nan")}, "timeout must be"),
        (RedisReplayGuard, redis.Redis(socket_timeout=5), {"scope": "a b"}, "scope"),
        (AsyncRedisReplayGuard, redis.asyncio.Redis(), {"cluster": 1}, "cluster"),
        (AsyncRedisReplayGuard, redis.asyncio.RedisCluster("h"), {}, "cluster must be True"),
    ],
)
def test_wrong_guards(guard: Any, client: Any, options: dict[str, Any], detail: str) -> None:
    error = refusal(guard, client, **options)
    assert (error.code, error.detail.startswith(detail)) == ("malformed_argument", True), str(error)


def test_a_missing_client_is_one_line() -> None:
    code = "import sys; sys.modules['redis'] = None; import counterseal; import counterseal.redis"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = done.stderr.splitlines()[-1]
    assert last == "ImportError: counterseal.redis needs redis-py: pip install 'counterseal[redis]'"
