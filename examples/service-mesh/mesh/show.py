"""What is shown, in order; with Redis, also what becomes of two replicas when the store is in trouble."""

from mesh.mesh import VAULT
from mesh.program import together
from mesh.scenes import ALTERED, CALLERS, EXECUTE, GENUINE, Row, ordered, told
from mesh.stage import OK, Stage
from proxy.alterations import NOTHING, Alteration, Held, to_all


async def show(stage: Stage) -> None:
    """All of it."""
    stage.say("waiting until the gateway, which begins anew, takes an order")
    # A vault that begins anew has forgotten what it executed.
    stage.mesh.proxy.lead(VAULT, [])
    await stage.held_while(
        "signed before the vault began",
        FORGOTTEN,
        f"starting {' and '.join(stage.mesh.replicas)}",
        stage.mesh.start_vaults,
    )
    await stage.until_accepted("the vault takes what is signed from now on")
    await _with_one_held_back(stage)
    if stage.mesh.redis is not None:
        await _both_at_once(stage)
        await _without_the_store(stage)
        await _emptied(stage)


async def _with_one_held_back(stage: Stage) -> None:
    """Every scene, while the proxy holds an order back until it is too old."""
    held = Held()
    stage.mesh.proxy.take(VAULT, held.way)

    async def meanwhile() -> None:
        await held.came.wait()
        await stage.scenes(*GENUINE, *ALTERED, *CALLERS)
        stage.say("waiting until the order that the proxy holds back is too old")
        await held.grown_old(stage.mesh.plan.max_age)
        stage.mesh.new_records()
        held.let_go()

    await together(stage.mesh.order(stage.next_order(), by="second console"), meanwhile())
    stage.judged("held back until it is too old", "expired", held.answers[0])


async def _both_at_once(stage: Stage) -> None:
    """Whoever sends a signed request to two replicas has it executed once."""
    for _ in range(RACES):
        stage.mesh.new_records()
        stage.mesh.proxy.take(VAULT, to_all)
        await stage.mesh.order(stage.next_order())
        winner, loser = sorted(stage.mesh.proxy.last(VAULT).answers, key=lambda answer: answer.status)
        stage.done(
            Row("gateway", EXECUTE, "sent to both replicas at once", "replayed", *told(loser)).read(
                stage.mesh
            ),
            1,
        )
        if winner.status != OK:
            stage.faults.append(
                f"both replicas refused what was sent to both: {winner.status}, {loser.status}"
            )


async def _without_the_store(stage: Stage) -> None:
    """Nothing is executed, since nobody knows what was."""
    redis = stage.mesh.redis
    assert redis is not None
    stage.say("killing Redis")
    await redis.kill()
    gone = Alteration("store", "while Redis is gone", NOTHING.way, "store_unavailable")
    await stage.scenes(*[ordered(gone) for _ in stage.mesh.replicas], *GENUINE[-2:])
    await stage.held_while(
        "signed before Redis was back, empty", FORGOTTEN, "starting Redis anew", redis.start
    )
    await stage.until_accepted("what is signed now is after the store's new beginning")
    await stage.scenes(GENUINE[0])


async def _emptied(stage: Stage) -> None:
    redis = stage.mesh.redis
    assert redis is not None
    await stage.held_while("signed before Redis was emptied", FORGOTTEN, "emptying Redis", redis.flush)
    await stage.until_accepted("what is signed now is after the store's new beginning")
    await stage.scenes(GENUINE[0])


FORGOTTEN = "replay_guard_starting"
RACES = 5
