"""The shared guard in a Redis Cluster of three nodes."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis
import redis.asyncio
from counterseal.redis import AsyncRedisReplayGuard, RedisReplayGuard
from helpers import refusal
from redis_server import Server, until
from shared_ends import Side, began, packet


def later() -> int:
    """By that time every node has begun."""
    return began() + 3600


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    with ExitStack() as stack:
        nodes = [node(tmp_path_factory.mktemp("node")) for _ in range(3)]
        for server in nodes:
            stack.enter_context(server)
        addresses = [f"127.0.0.1:{server.port}" for server in nodes]
        program = shutil.which("redis-cli")
        assert program is not None, "these tests need redis-cli"
        command = [program, "--cluster", "create", *addresses, "--cluster-yes"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        for server in nodes:
            until(lambda server=server: server.client.cluster("info")["cluster_state"] == "ok")
        yield nodes


def node(folder: Path) -> Server:
    return Server(folder, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")


def test_claims_spread_and_are_claimed_once(nodes: list[Server], awaits: bool) -> None:
    for server in nodes:
        server.client.flushall()
    with (
        Side(nodes[0].url, awaits=awaits, cluster=True) as one,
        Side(nodes[1].url, awaits=not awaits, cluster=True) as other,
    ):
        # Each of the 64 guards begins with its first claim.
        packets = [packet(later()) for _ in range(300)]
        assert {one.packet(sent, later()) for sent in packets} == {"ok"}
        assert {other.packet(sent, later()) for sent in packets} == {"replayed"}
    held = [len(server.client.keys("counterseal:1:{?}:" + "?" * 22)) for server in nodes]
    assert sum(held) == 300
    assert all(held)


def test_a_node_that_dies_and_comes_back(nodes: list[Server], awaits: bool) -> None:
    with Side(nodes[0].url, awaits=awaits, cluster=True) as side:
        packets = [packet(later()) for _ in range(100)]
        assert {side.packet(sent, later()) for sent in packets} == {"ok"}
        nodes[2].kill()
        codes = {side.packet(sent, later()) for sent in packets}
        assert "store_unavailable" in codes
        assert codes <= {"replayed", "store_unavailable"}
        nodes[2].start()
        much_later = later() + 3600
        until(lambda: {side.packet(packet(much_later), much_later) for _ in range(200)} == {"ok"})
        # What that node held it has lost, and so refuses all that was signed before it began.
        assert {side.packet(packet(began()), began()) for _ in range(200)} == {"replay_guard_starting"}


def test_each_node_that_may_evict_is_warned_of(
    nodes: list[Server], awaits: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with Side(nodes[0].url, awaits=awaits, cluster=True) as side:
        side.run(side.guard.check())
        assert "maxmemory-policy" not in caplog.text
        nodes[1].client.config_set("maxmemory-policy", "allkeys-lru")
        side.run(side.guard.check())
        nodes[1].client.config_set("maxmemory-policy", "noeviction")
    assert caplog.text.count("maxmemory-policy allkeys-lru") == 1


def test_a_cluster_must_be_named_one(nodes: list[Server]) -> None:
    for kind, client in (
        (RedisReplayGuard, redis.RedisCluster.from_url(nodes[0].url)),
        (AsyncRedisReplayGuard, redis.asyncio.RedisCluster.from_url(nodes[0].url)),
    ):
        error = refusal(kind, client)
        assert (error.code, "cluster must be True" in error.detail) == ("malformed_argument", True)


def test_a_client_of_one_node_accepts_nothing(nodes: list[Server], awaits: bool) -> None:
    with Side(nodes[0].url, awaits=awaits) as side:
        assert {side.packet(packet(later()), later()) for _ in range(20)} == {"store_unavailable"}
