"""An audit log: read while it grows, and verified at its end."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from counterseal import audit_log_files, verify_audit_log

Record = dict[str, Any]


class Trail:
    """The audit log of one service."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._seen = 0

    def new(self) -> list[Record]:
        """The records since it was last asked."""
        records = self.all()
        found, self._seen = records[self._seen :], len(records)
        return found

    def all(self) -> list[Record]:
        # What stands behind the last line feed is still being written.
        return [json.loads(line) for line in self.text().split("\n")[:-1]]

    def text(self) -> str:
        files = audit_log_files(self._log) if self._log.exists() else []
        return "".join(Path(file).read_text() for file in files)

    def verified(self) -> dict[str, Any]:
        """What its verification comes to: as written, and as whoever has something to hide would leave it."""
        files = [Path(file) for file in audit_log_files(self._log)]
        outcomes: dict[str, Any] = {"as written": verify_audit_log(files)}
        lines = files[-1].read_text().splitlines(keepends=True)
        for how, tamper in TAMPERED.items():
            copy = self._log.with_name("tampered.log")
            copy.write_text("".join(tamper(lines)))
            outcomes[how] = verify_audit_log([*files[:-1], copy])
            copy.unlink()
        return outcomes


def _refusal_in(lines: list[str]) -> int:
    """The last one that has a line behind it: a log that was cut off at its end is told by its head alone."""
    return max(at for at, line in enumerate(lines[:-1]) if '"success":false' in line)


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
