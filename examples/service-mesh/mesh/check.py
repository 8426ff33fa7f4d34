"""Holds what happened against what must happen. Pure: rows and logs in, faults out."""

import json
from typing import Any

from mesh.scenes import Row, status_of


def row_faults(row: Row, executes: int) -> list[str]:
    """What is wrong with one row."""
    name = f"{row.caller}, {row.call}" + (f", {row.flight}" if row.flight else "")
    faults = []
    if row.status != status_of(row.due):
        faults.append(f"{name}: answered {row.status} instead of {status_of(row.due)}")
    if row.codes != ([] if row.due is None else [row.due]):
        faults.append(f"{name}: the log has {row.codes or 'no refusal'} instead of {row.due or 'none'}")
    if row.due is not None and not tells_nothing(row.status, row.body):
        faults.append(f"{name}: the answer tells {row.body}")
    if len(row.executed) != executes:
        faults.append(f"{name}: executed {len(row.executed)} times instead of {executes}")
    return faults + [f"{name}: executed as {_shown(one)}" for one in row.executed if not is_as_ordered(one)]


def tells_nothing(status: int, body: str) -> bool:
    """Whether an answer is class and status, the same bytes whatever the code; for age also the clock."""
    learned = json.loads(body) if body.startswith("{") else {}
    now = {"now": learned["now"]} if isinstance(learned.get("now"), int) else {}
    return body == json.dumps({"class": CLASSES.get(status), **now, "status": status}, separators=(",", ":"))


def is_as_ordered(record: dict[str, Any]) -> bool:
    """Whether what was executed is what the gateway signed, and nothing of what the proxy made of it."""
    said = record["metadata"]
    call = (record["user_id"], record["action"], record["resource"])
    return (
        call == ("gateway", "POST", "/execute") and (said["amount"], said["limit"], said["tenant"]) == ORDERED
    )


def log_faults(name: str, messages: list[str], records: list[dict[str, Any]]) -> list[str]:
    """Whether each refusal of a service is a line of its log too, with its code."""
    lines = [line for line in messages if "AUTH REJECTED" in line]
    codes = [record["metadata"]["code"] for record in records if not record["success"]]
    told = [code for line, code in zip(lines, codes, strict=False) if code in line]
    if len(lines) == len(codes) == len(told):
        return []
    return [
        f"{name}: {len(codes)} refusals in its audit log, {len(lines)} in its log, of which {len(told)} agree"
    ]


def trail_faults(verified: dict[str, dict[str, Any]]) -> list[str]:
    """Whether each audit log verifies, and no tampered copy does."""
    faults = []
    for name, outcomes in verified.items():
        for how, outcome in outcomes.items():
            is_sound = outcome["fault"] is None and outcome["torn_bytes"] == 0
            if is_sound != (how == "as written"):
                faults.append(f"the audit log of {name}, {how}: {outcome['fault'] or 'verifies'}")
    return faults


def leaks(texts: dict[str, str], secrets: list[str]) -> list[str]:
    """Where a secret stands that must not."""
    return [
        f"a secret stands in {where}"
        for where, text in texts.items()
        if any(secret in text for secret in secrets)
    ]


def _shown(record: dict[str, Any]) -> str:
    return f"{record['action']} {record['resource']} of {record['user_id']}, {record['metadata']}"


CLASSES = {
    401: "unauthorized",
    403: "forbidden",
    413: "too_large",
    429: "too_many_requests",
    503: "unavailable",
}
ORDERED = (100, 100, "acme")
