"""What the soak prints at its end."""

from typing import Any

from soak.journal import Entry
from soak.judge import GENUINE, OK, TWICE


def figures(entries: list[Entry], measured: dict[str, float], records: int) -> dict[str, Any]:
    """What was measured; told, and never judged."""
    calm = [entry for entry in entries if entry.kind == "genuine" and entry.phase.startswith("calm")]
    seconds = measured["seconds calm"] + measured["seconds calm again"]
    times = sorted(entry.took for entry in calm) or [0.0]
    hostile = [entry for entry in entries if entry.kind not in GENUINE + TWICE]
    outage = [entry for entry in entries if entry.phase == "outage" and entry.kind in GENUINE + TWICE]
    return {
        "genuine accepted": sum(entry.statuses.count(OK) for entry in entries if entry.kind in GENUINE),
        "genuine a second": round(len(calm) / seconds),
        "genuine p50 ms": round(1000 * times[len(times) // 2], 2),
        "genuine p99 ms": round(1000 * times[len(times) * 99 // 100], 2),
        "through the gateway": sum(entry.kind == "gateway" and entry.statuses == [OK] for entry in entries),
        "sent twice": sum(entry.kind in TWICE for entry in entries),
        "accepted twice": sum(entry.kind in TWICE and entry.statuses.count(OK) > 1 for entry in entries),
        "hostile": len(hostile),
        "hostile accepted": sum(OK in entry.statuses for entry in hostile),
        "called while Redis was gone": len(outage),
        "accepted while Redis was gone": sum(OK in entry.statuses for entry in outage),
        "recovered after s": round(measured["recovered after"], 1),
        "audit records": records,
    }


def summary(told: dict[str, Any], faults: list[str]) -> str:
    width = max(map(len, told))
    lines = [f"{name:<{width}}  {value:>10,}" for name, value in told.items()]
    verdict = f"NOT as it must be: {len(faults)} sorts of fault" if faults else AS_DUE
    return "\n".join([*lines, "", verdict, *(f"  ✗ {fault}" for fault in faults)])


AS_DUE = (
    "All as it must be: what was signed was executed once, by one replica or the other, or refused with 503\n"
    "while nobody could know; nothing else was executed."
)
