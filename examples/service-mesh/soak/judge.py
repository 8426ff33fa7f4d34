"""Holds what was called against what was executed. Pure, and no fault is made of time."""

from collections import Counter
from typing import Any

from mesh.check import is_as_ordered
from soak.journal import Entry

Record = dict[str, Any]


def judge(entries: list[Entry], executed: dict[str, list[Record]]) -> list[str]:
    """`executed` are the records of each replica. The faults, one of each sort with how often it stands."""
    times = Counter(record["metadata"]["order"] for records in executed.values() for record in records)
    called = {entry.order: entry for entry in entries}
    faults: Counter[str] = Counter()
    for entry in entries:
        faults.update(_entry_faults(entry, times[entry.order]))
    for order, number in times.items():
        if number > 1:
            faults["an order was executed twice"] += 1
        if order not in called:
            faults["an order was executed that nobody gave"] += 1
    for record in (record for records in executed.values() for record in records):
        if not is_as_ordered(record):
            faults["an order was executed otherwise than it was signed"] += 1
    faults.update(_idle(entries, executed))
    return [f"{fault} ({number})" for fault, number in sorted(faults.items())]


def _entry_faults(entry: Entry, times: int) -> list[str]:
    accepted = entry.statuses.count(OK)
    faults = []
    if accepted != times:
        faults.append(f"{entry.kind}, {entry.phase}: answered 200 {accepted} times, executed {times} times")
    if entry.kind in GENUINE and not set(entry.statuses) <= MAY[entry.phase]:
        faults.append(f"{entry.kind}, {entry.phase}: answered {entry.statuses}")
    if entry.kind in TWICE and not _is_once(entry):
        faults.append(f"{entry.kind}, {entry.phase}: answered {entry.statuses}")
    if entry.kind not in GENUINE + TWICE and entry.statuses != [UNAUTHORIZED]:
        faults.append(f"hostile, {entry.kind}, {entry.phase}: answered {entry.statuses}")
    return faults


def _is_once(entry: Entry) -> bool:
    """Sent twice: accepted once while the store is well, and never more."""
    if entry.phase in CALM:
        return sorted(entry.statuses) == [OK, UNAUTHORIZED]
    # Whether the store is well may change between the two.
    may = MAY[entry.phase] | ({UNAUTHORIZED} if OK in MAY[entry.phase] else set())
    return set(entry.statuses) <= may and entry.statuses.count(OK) <= 1


def _idle(entries: list[Entry], executed: dict[str, list[Record]]) -> list[str]:
    """A soak in which nothing happened proves nothing."""
    happened = {(entry.phase, entry.kind) for entry in entries}
    idle = [
        f"no call of the kind {kind} in the phase {phase}"
        for phase in MAY
        for kind in GENUINE + TWICE
        if phase in MUST and (phase, kind) not in happened
    ]
    return idle + [f"{name} executed nothing" for name, records in executed.items() if not records]


OK, UNAUTHORIZED, UNAVAILABLE = 200, 401, 503
GENUINE = ("genuine", "gateway")
TWICE = ("race", "replay")
# What a genuine call may be answered while the store is well, is killed, is gone, and comes back.
CALM = ("calm", "calm again")
MAY = {
    "start": {OK, UNAVAILABLE},
    "calm": {OK},
    "kill": {OK, UNAVAILABLE},
    "outage": {UNAVAILABLE},
    "return": {OK, UNAVAILABLE},
    "calm again": {OK},
    "rest": {OK},
}
MUST = ("calm", "outage", "calm again")
