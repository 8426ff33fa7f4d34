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
    line = _line((done.caller, done.call, done.flight or "—", answered), reason(done))
    return "\n".join([line, *(f"  ✗ {fault}" for fault in faults)])


def summary(rows: list[Row], verified: dict[str, dict[str, Any]], faults: list[str]) -> str:
    """Who was refused how often, what the audit logs are worth, and whether all is as it must be."""
    refused = [one for one in rows if one.due is not None]
    lines = [f"\n{len(rows)} calls: {len(rows) - len(refused)} genuine, {len(refused)} refused"]
    for name, outcomes in verified.items():
        lines.append(f"\nAudit log of {name}: {outcomes['as written']['records']} records")
        lines += [f"  {how:<20}{outcome(one)}" for how, one in outcomes.items()]
    lines.append("\n" + (f"NOT as it must be: {len(faults)} faults" if faults else AS_DUE))
    return "\n".join([*lines, *(f"  ✗ {fault}" for fault in faults)])


def reason(done: Row) -> str:
    """What the callee's logs say of a call."""
    codes = ", ".join(done.codes)
    if done.executed:
        return f"executed once, then {codes}" if codes else "executed"
    return codes or "passed"


def outcome(verified: dict[str, Any]) -> str:
    """What the verification of an audit log came to."""
    fault = verified["fault"]
    return "verifies" if fault is None else f"does not verify: line {fault['line']} is {fault['reason']}"


def _class(done: Row) -> str:
    return {200: "", 401: "unauthorized", 403: "forbidden", 503: "unavailable"}.get(done.status, "")


def _line(cells: Any, last: str) -> str:
    return "".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)) + last


AS_DUE = (
    "All as it must be: every genuine call was carried out as it was signed, every other one refused,\n"
    "and the audit logs tell why, which the answers do not."
)
