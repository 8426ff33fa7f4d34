"""Two vaults that share a guard on a real Redis server, and what becomes of them when it is in trouble."""

from collections.abc import Iterator

import pytest
from conftest import Playing, Start, playing, redis_program, vault_program

from mesh.mesh import VAULT, Plan
from mesh.scenes import ALTERED, ordered
from proxy.alterations import NOTHING, to_all
from proxy.message import Request

UNAVAILABLE = b'{"class":"unavailable","status":503}'
RACES = 25


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playing]:
    """Two replicas and a Redis server."""
    plan = Plan(vault_program(), redis_program(), 2, max_ahead=1)
    with playing(plan, tmp_path_factory.mktemp("shared")) as found:
        yield found


def test_what_is_sent_to_both_at_once_is_executed_by_one(shared: Playing) -> None:
    for _ in range(RACES):
        assert race(shared) == [200, 401]
    assert winners(shared) == {"vault-1", "vault-2"}


def test_without_a_shared_guard_both_execute_it(start: Start) -> None:
    with start(replicas=2) as apart:
        assert race(apart) == [200, 200]


def test_what_one_executed_the_other_refuses(shared: Playing) -> None:
    request = shared.captured()
    shared.codes()
    assert [shared.send(VAULT, request, replica).status for replica in (0, 1, 0)] == [200, 401, 401]
    assert shared.codes() == ["replayed"] * 2


def test_a_replica_that_begins_anew_knows_what_the_other_executed(shared: Playing) -> None:
    """The store's beginning counts, and not its own."""
    done, waiting = shared.captured(), shared.captured()
    assert shared.send(VAULT, done, 0).status == 200
    shared.run(shared.mesh.restart_vault("vault-2"))
    shared.codes()
    assert [shared.send(VAULT, request, 1).status for request in (done, waiting)] == [401, 200]
    assert shared.codes() == ["replayed"]


def test_alterations_are_refused_by_either(shared: Playing) -> None:
    for scene in ALTERED:
        row = shared.play(scene)
        assert (row.status, row.codes) == (401, [scene.due])
        assert len(row.executed) == scene.executes


def test_without_the_store_nothing_is_executed_and_with_it_all_is_well_again(shared: Playing) -> None:
    redis = shared.mesh.redis
    assert redis is not None
    before = shared.captured()
    shared.run(redis.kill())
    for _ in range(6):
        row = shared.play(ordered(NOTHING))
        assert (row.status, row.body.encode()) == (503, UNAVAILABLE)
        assert (row.codes, row.executed) == (["store_unavailable"], [])
    assert send_health(shared) == [200, 200]
    during = shared.captured()
    shared.run(redis.start())
    check_forgotten(shared, [before, during])


def test_an_emptied_store_knows_that_it_has_forgotten(shared: Playing) -> None:
    redis = shared.mesh.redis
    assert redis is not None
    done, waiting = shared.captured(), shared.captured()
    assert shared.send(VAULT, done, 0).status == 200
    shared.run(redis.flush())
    check_forgotten(shared, [done, waiting])


def test_a_store_that_stands_still_is_not_waited_for(start: Start) -> None:
    with start(replicas=2, redis=redis_program(), redis_timeout=250) as frozen:
        redis = frozen.mesh.redis
        assert redis is not None
        during = frozen.captured()
        redis.freeze()
        frozen.codes()
        answers = [frozen.send(VAULT, during, replica) for replica in (0, 1)]
        assert [(answer.status, answer.body) for answer in answers] == [(503, UNAVAILABLE)] * 2
        assert frozen.codes() == ["store_unavailable"] * 2
        redis.thaw()
        frozen.run(frozen.stage.until_accepted("it answers again, and has forgotten nothing"))
        frozen.codes()
        # Redis may have taken it in once it went on; it is not executed a second time, nor by both.
        answers = [frozen.send(VAULT, during, replica) for replica in (0, 1)]
        assert [answer.status for answer in answers].count(200) <= 1
        assert frozen.codes().count("replayed") >= 1


def check_forgotten(shared: Playing, earlier: list[Request]) -> None:
    """What was signed before the store began anew is refused; what is signed later is executed, by itself."""
    shared.codes()
    for request in earlier:
        answers = [shared.send(VAULT, request, replica) for replica in (0, 1)]
        assert [(answer.status, answer.body) for answer in answers] == [(503, UNAVAILABLE)] * 2
    assert shared.codes() == ["replay_guard_starting"] * 2 * len(earlier)
    shared.run(shared.stage.until_accepted("the fence has ended"))
    assert race(shared) == [200, 401]


def race(playing: Playing) -> list[int]:
    request = playing.captured()
    answers = playing.run(
        to_all(request, lambda request, replica: playing.mesh.proxy.send(VAULT, request, replica))
    )
    return sorted(answer.status for answer in answers)


def winners(playing: Playing) -> set[str]:
    """Replicas that have executed something."""
    return {
        name
        for name in playing.mesh.replicas
        if any(record["event"] == "ORDER_EXECUTED" for record in playing.mesh.trails[name].all())
    }


def send_health(shared: Playing) -> list[int]:
    request = Request("GET /health HTTP/1.1", (("Host", VAULT), ("Connection", "close")), b"")
    return [shared.send(VAULT, request, replica).status for replica in (0, 1)]
