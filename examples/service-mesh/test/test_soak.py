"""The soak's judgement can fail: each deviation is a fault."""

from typing import Any

import pytest

from soak.journal import Entry
from soak.judge import judge

Executed = dict[str, list[dict[str, Any]]]

WELL = [
    Entry("calm", "genuine", "a", [200], 0.1),
    Entry("calm", "gateway", "b", [200], 0.1),
    Entry("calm", "race", "c", [401, 200], 0.1),
    Entry("calm", "replay", "d", [200, 401], 0.1),
    Entry("calm", "not signed", "e", [401], 0.1),
    Entry("kill", "genuine", "f", [503], 0.1),
    Entry("kill", "race", "g", [401, 200], 0.1),
    Entry("kill", "race", "h", [503, 401], 0.1),
    Entry("outage", "genuine", "i", [503], 0.1),
    Entry("outage", "gateway", "j", [503], 0.1),
    Entry("outage", "race", "k", [503, 503], 0.1),
    Entry("outage", "replay", "l", [503, 503], 0.1),
    Entry("return", "genuine", "m", [503], 0.1),
    Entry("return", "genuine", "n", [200], 0.1),
    Entry("calm again", "genuine", "o", [200], 0.1),
    Entry("calm again", "gateway", "p", [200], 0.1),
    Entry("calm again", "race", "q", [200, 401], 0.1),
    Entry("calm again", "replay", "r", [200, 401], 0.1),
]
ORDERS = "abcdgnopqr"


def test_what_is_as_it_must_be_has_no_fault() -> None:
    assert judge(WELL, logs()) == []


@pytest.mark.parametrize(
    ("entry", "executes", "why"),
    [
        (Entry("calm", "genuine", "x", [503], 0.1), 0, "genuine, calm"),
        (Entry("calm", "genuine", "x", [401], 0.1), 0, "genuine, calm"),
        (Entry("calm", "gateway", "x", [502], 0.1), 0, "gateway, calm"),
        (Entry("calm", "genuine", "x", [200], 0.1), 0, "executed 0 times"),
        (Entry("calm", "genuine", "x", [200], 0.1), 2, "executed twice"),
        (Entry("kill", "genuine", "x", [503], 0.1), 1, "executed 1 times"),
        (Entry("outage", "genuine", "x", [200], 0.1), 1, "genuine, outage"),
        (Entry("outage", "genuine", "x", [503], 0.1), 1, "executed 1 times"),
        (Entry("outage", "race", "x", [503, 401], 0.1), 0, "race, outage"),
        (Entry("return", "genuine", "x", [401], 0.1), 0, "genuine, return"),
        (Entry("calm", "race", "x", [200, 200], 0.1), 2, "race, calm"),
        (Entry("calm", "race", "x", [401, 401], 0.1), 0, "race, calm"),
        (Entry("kill", "race", "x", [200, 200], 0.1), 2, "race, kill"),
        (Entry("calm", "replay", "x", [200, 200], 0.1), 2, "replay, calm"),
        (Entry("calm", "not signed", "x", [200], 0.1), 1, "hostile, not signed"),
        (Entry("outage", "not signed", "x", [503], 0.1), 0, "hostile, not signed"),
        (Entry("calm", "not signed", "x", [401], 0.1), 1, "executed 1 times"),
    ],
)
def test_what_deviates_is_a_fault(entry: Entry, executes: int, why: str) -> None:
    executed = logs()
    executed["vault-1"] += [record("x")] * min(executes, 1)
    executed["vault-2"] += [record("x")] * (executes - 1)
    assert why in "\n".join(judge([*WELL, entry], executed))


def test_what_nobody_ordered_or_is_not_as_ordered_is_a_fault() -> None:
    executed = logs()
    executed["vault-1"].append(record("nobody's"))
    assert judge(WELL, executed) == ["an order was executed that nobody gave (1)"]
    executed = logs()
    executed["vault-1"][0]["metadata"]["amount"] = 900
    assert judge(WELL, executed) == ["an order was executed otherwise than it was signed (1)"]


@pytest.mark.parametrize("phase", ["calm", "outage", "calm again"])
@pytest.mark.parametrize("kind", ["genuine", "gateway", "race", "replay"])
def test_a_soak_in_which_nothing_happened_is_a_fault(phase: str, kind: str) -> None:
    entries = [entry for entry in WELL if (entry.phase, entry.kind) != (phase, kind)]
    assert f"no call of the kind {kind} in the phase {phase} (1)" in judge(entries, logs())


def test_a_replica_that_executed_nothing_is_a_fault() -> None:
    executed = logs()
    executed["vault-1"] += executed["vault-2"]
    executed["vault-2"] = []
    assert judge(WELL, executed) == ["vault-2 executed nothing (1)"]


def logs() -> Executed:
    records = [record(order) for order in ORDERS]
    return {"vault-1": records[::2], "vault-2": records[1::2]}


def record(order: str) -> dict[str, Any]:
    said = {"order": order, "amount": 100, "limit": 100, "tenant": "acme"}
    return {"user_id": "gateway", "action": "POST", "resource": "/execute", "metadata": said}
