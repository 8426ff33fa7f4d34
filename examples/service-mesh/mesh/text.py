"""What the launcher prints."""

from typing import Any

from mesh.scenes import Row

WIDTHS = (29, 22, 41, 19)


def heading() -> str:
    """The table's first lines."""
    titles = ("called by", "what", "in flight", "was answered")
    return (
        _line(titles, "why, in the callee's logs")
        + "\n"
        + _line(["─" * (width - 2) for width in WIDTHS], "─" * 25)
    )


def row(done: Row, faults: list[str]) -> str:
    """One line of it; what is wrong with it stands below."""
    answered = f"{done.status} {_class(done)}"
    why = ", ".join(done.codes) or ("executed" if done.executed else "passed")
    if done.codes and done.executed:
        why = f"executed once, then {why}"
    line = _line((done.caller, done.call, done.flight or "—", answered), why)
    return "\n".join([line, *(f"  ✗ {fault}" for fault in faults)])


def summary(rows: list[Row], verified: dict[str, dict[str, Any]], faults: list[str]) -> str:
    """Who was refused how often, what the audit logs are worth, and whether all is as it must be."""
    refused = [one for one in rows if one.due is not None]
    lines = [f"\n{len(rows)} calls: {len(rows) - len(refused)} genuine, {len(refused)} refused"]
    for name, outcomes in verified.items():
        lines.append(f"\nAudit log of {name}: {outcomes['as written']['records']} records")
        lines += [f"  {how:<20}{_verdict(outcome)}" for how, outcome in outcomes.items()]
    lines.append("\n" + (f"NOT as it must be: {len(faults)} faults" if faults else AS_DUE))
    return "\n".join([*lines, *(f"  ✗ {fault}" for fault in faults)])


def _class(done: Row) -> str:
    return {200: "", 401: "unauthorized", 403: "forbidden", 503: "unavailable"}.get(done.status, "")


def _verdict(outcome: dict[str, Any]) -> str:
    fault = outcome["fault"]
    return "verifies" if fault is None else f"does not verify: line {fault['line']} is {fault['reason']}"


def _line(cells: Any, last: str) -> str:
    return "".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)) + last


AS_DUE = (
    "All as it must be: every genuine call was carried out as it was signed, every other one refused,\n"
    "and the audit logs tell why, which the answers do not."
)
