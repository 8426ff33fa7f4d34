"""The audit logs of a mesh: read while they grow, and verified at its end."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from counterseal import audit_log_files, verify_audit_log

Record = dict[str, Any]


class Trail:
    """The logs of one service and its replicas."""

    def __init__(self, logs: list[Path]) -> None:
        self._logs = logs
        self._seen = [0 for _ in logs]

    def new(self) -> list[Record]:
        """The records since it was last asked."""
        found = []
        for at, log in enumerate(self._logs):
            records = _records(log)
            found += records[self._seen[at] :]
            self._seen[at] = len(records)
        return found

    def all(self) -> list[Record]:
        return [record for log in self._logs for record in _records(log)]

    def text(self) -> str:
        return "".join(Path(file).read_text() for log in self._logs for file in audit_log_files(log))

    def verified(self) -> dict[str, dict[str, Any]]:
        """What each log's verification comes to, as written and as somebody with something to hide would leave it."""
        return {log.parent.name: _verified(log) for log in self._logs}


def _records(log: Path) -> list[Record]:
    texts = [Path(file).read_text() for file in audit_log_files(log)] if log.exists() else []
    # What stands behind the last line feed is still being written.
    return [json.loads(line) for text in texts for line in text.split("\n")[:-1]]


def _verified(log: Path) -> dict[str, Any]:
    files = [Path(file) for file in audit_log_files(log)]
    outcomes: dict[str, Any] = {"as written": verify_audit_log(files)}
    lines = files[-1].read_text().splitlines(keepends=True)
    for how, tamper in TAMPERED.items():
        copy = log.with_name("tampered.log")
        copy.write_text("".join(tamper(lines)))
        outcomes[how] = verify_audit_log([*files[:-1], copy])
        copy.unlink()
    return outcomes


def _refusal_in(lines: list[str]) -> int:
    return next(at for at, line in enumerate(lines) if '"success":false' in line)


def _changed(lines: list[str]) -> list[str]:
    at = _refusal_in(lines)
    return [*lines[:at], lines[at].replace('"success":false', '"success":true'), *lines[at + 1 :]]


def _removed(lines: list[str]) -> list[str]:
    at = _refusal_in(lines)
    return [*lines[:at], *lines[at + 1 :]]


def _moved(lines: list[str]) -> list[str]:
    at = _refusal_in(lines)
    return [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]


TAMPERED: dict[str, Callable[[list[str]], list[str]]] = {
    "a refusal changed": _changed,
    "a refusal removed": _removed,
    "a refusal moved": _moved,
}
