"""What is too old, and what a vault that begins anew cannot know."""

import asyncio

from conftest import Playing, Start

from mesh.mesh import VAULT
from proxy.alterations import Held


def test_what_is_held_back_until_it_is_too_old_is_refused_with_the_vaults_clock(start: Start) -> None:
    with start(max_age=2) as mesh:
        held = Held()
        mesh.mesh.proxy.take(VAULT, held.way)
        mesh.run(hold_until_too_old(mesh, held))
        (answer,) = held.answers
        assert answer.status == 401
        assert answer.body.startswith(b'{"class":"unauthorized","now":')
        assert mesh.codes() == ["expired"]
        assert executed(mesh) == []


async def hold_until_too_old(mesh: Playing, held: Held) -> None:
    order = asyncio.create_task(mesh.mesh.order("order-late"))
    await held.came.wait()
    mesh.mesh.new_records()
    await held.grown_old(2)
    held.let_go()
    await order


def test_a_vault_that_begins_anew_takes_nothing_from_before(start: Start) -> None:
    with start() as mesh:
        mesh.run(mesh.mesh.order("order-1"))
        done = mesh.mesh.proxy.last(VAULT).request
        waiting = mesh.captured()
        assert executed(mesh) == ["order-1"]
        mesh.run(mesh.mesh.restart_vault("vault"))
        # What was executed and what was not look alike to whoever has forgotten.
        for request in (done, waiting):
            answer = mesh.send(VAULT, request)
            assert (answer.status, answer.body) == (503, b'{"class":"unavailable","status":503}')
            assert mesh.codes() == ["replay_guard_starting"]
        mesh.run(mesh.stage.until_accepted("the fence has ended"))
        mesh.mesh.new_records()
        # Later, too: the fence is about when it was signed.
        assert mesh.send(VAULT, done).status == 503
        assert mesh.codes() == ["replay_guard_starting"]
        assert order_names(mesh).count("order-1") == 1


def executed(mesh: Playing) -> list[str]:
    return [
        record["metadata"]["order"]
        for record in mesh.mesh.new_records()
        if record["event"] == "ORDER_EXECUTED"
    ]


def order_names(mesh: Playing) -> list[str]:
    return [
        record["metadata"]["order"]
        for record in mesh.mesh.trails["vault"].all()
        if record["event"] == "ORDER_EXECUTED"
    ]
