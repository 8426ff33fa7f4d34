"""The vector files: cases of data, whose large texts are described and not stored."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Case:
    """One call and what it must answer; `call` and `expect` still hold descriptions of texts."""

    id: str
    comment: str
    call: dict[str, Any]
    expect: dict[str, Any]

    def line(self) -> bytes:
        """The line that puts the call to a probe."""
        return to_line({"id": self.id, **expand(self.call)})

    def expected(self) -> dict[str, Any]:
        return expand(self.expect)


def load(folder: Path) -> list[Case]:
    """Every case of every file, files in the order of their names, cases in the order they stand."""
    return [case for path in sorted(folder.glob("*.json")) for case in cases_of(path)]


def cases_of(path: Path) -> Iterator[Case]:
    for case in json.loads(path.read_text("utf-8"))["cases"]:
        yield Case(case["id"], case["comment"], case["call"], case["expect"])


def expand(value: Any) -> Any:
    """Puts the text that `{"repeat":[text,count]}` and `{"concat":[…]}` describe in their place."""
    if isinstance(value, list):
        return [expand(item) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"repeat": [text, int(count)]} if len(value) == 1 and isinstance(expand(text), str):
            return expand(text) * count
        case {"concat": [*parts]} if len(value) == 1 and all(isinstance(expand(part), str) for part in parts):
            return "".join(expand(part) for part in parts)
    return {name: expand(item) for name, item in value.items()}


def to_line(call: dict[str, Any]) -> bytes:
    """A call as one line of ASCII, without its end."""
    return json.dumps(call, separators=(",", ":")).encode("ascii")
