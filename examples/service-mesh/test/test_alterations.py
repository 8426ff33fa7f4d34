"""What a proxy in the middle changes is refused: its code is in the log, and the answer tells nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import Playing

from mesh.check import ORDERED
from mesh.mesh import VAULT
from mesh.scenes import ordered
from proxy.alterations import ALTERATIONS, HONEST, NOTHING, REPLAY, Alteration
from proxy.message import Request

UNAUTHORIZED = '{"class":"unauthorized","status":401}'
REFUSED = [alteration for alteration in ALTERATIONS if alteration is not REPLAY]
# Those by which something else would be done. The others are about the signature.
HARMFUL = [
    alteration
    for alteration in ALTERATIONS
    if alteration.part in ("body", "query", "path", "method")
    or alteration.title in ("the tenant changed", "the tenant taken away")
]


def named(alteration: Alteration) -> str:
    return f"{alteration.part}: {alteration.title}"


@pytest.mark.parametrize("alteration", REFUSED, ids=named)
def test_what_was_altered_is_refused_and_nothing_is_executed(mesh: Playing, alteration: Alteration) -> None:
    row = mesh.play(ordered(alteration))
    assert (row.status, row.body) == (401, UNAUTHORIZED)
    assert row.codes == [alteration.code]
    assert row.executed == []
    # Nothing but the alteration was in the way.
    control = mesh.play(ordered(NOTHING))
    assert (control.status, control.codes, len(control.executed)) == (200, [], 1)


@pytest.mark.parametrize("alteration", HARMFUL, ids=named)
def test_a_vault_without_the_layer_would_have_done_it(mesh: Playing, alteration: Alteration) -> None:
    done = mesh.run(_at_a_naive_vault(mesh, alteration))
    assert len(done) == 1
    assert done[0] != ("POST", "/execute", *ORDERED)


def test_a_vault_without_the_layer_does_what_was_ordered_and_what_is_replayed(mesh: Playing) -> None:
    due = ("POST", "/execute", *ORDERED)
    assert mesh.run(_at_a_naive_vault(mesh, NOTHING)) == [due]
    assert mesh.run(_at_a_naive_vault(mesh, REPLAY)) == [due, due]


@pytest.mark.parametrize("alteration", [NOTHING, HONEST], ids=named)
def test_what_an_honest_proxy_does_changes_nothing(mesh: Playing, alteration: Alteration) -> None:
    row = mesh.play(ordered(alteration))
    assert (row.status, row.codes, len(row.executed)) == (200, [], 1)
    said = row.executed[0]["metadata"]
    assert (said["amount"], said["limit"], said["tenant"]) == ORDERED


def test_a_replay_is_refused_and_executed_once(mesh: Playing) -> None:
    row = mesh.play(ordered(REPLAY))
    assert [answer.status for answer in mesh.mesh.proxy.last(VAULT).answers] == [200, 401]
    assert (row.status, row.body, row.codes) == (401, UNAUTHORIZED, ["replayed"])
    assert len(row.executed) == 1


@pytest.mark.parametrize("alteration", REFUSED, ids=named)
def test_whoever_alters_does_not_use_up_what_was_signed(mesh: Playing, alteration: Alteration) -> None:
    mesh.mesh.proxy.take(VAULT, alteration.way)
    mesh.run(mesh.mesh.order(mesh.stage.next_order()))
    passed = mesh.mesh.proxy.last(VAULT)
    assert [answer.status for answer in passed.answers] == [401]
    assert [mesh.send(VAULT, passed.request).status for _ in range(2)] == [200, 401]


async def _at_a_naive_vault(mesh: Playing, alteration: Alteration) -> list[tuple[Any, ...]]:
    """What a vault that believes every request makes of an order."""
    ports = [mesh.mesh.port(name) for name in mesh.mesh.replicas]
    async with _naive_vault() as (port, done):
        mesh.mesh.proxy.lead(VAULT, [port])
        mesh.mesh.proxy.take(VAULT, alteration.way)
        await mesh.mesh.order(mesh.stage.next_order())
        mesh.mesh.proxy.lead(VAULT, ports)
    return done


@asynccontextmanager
async def _naive_vault() -> AsyncIterator[tuple[int, list[tuple[Any, ...]]]]:
    done: list[tuple[Any, ...]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await Request.read(reader)
        assert request is not None
        url = urlsplit(request.target)
        amount = int(request.body.split(b'"amount":')[1].rstrip(b"}")) if request.body else None
        limits = parse_qs(url.query).get("limit")
        limit = int(limits[0]) if limits else None
        done.append((request.method, url.path, amount, limit, request.field("x-tenant")))
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"executed":"x"}')
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], done
