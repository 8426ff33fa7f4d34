"""What was called and what it was answered, a line each."""

import json
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Entry:
    """A call. `took` is in seconds; what was sent several times has several statuses."""

    phase: str
    kind: str
    order: str
    statuses: list[int]
    took: float

    @classmethod
    def write(cls, file: Path, entries: list[Self]) -> None:
        file.write_text("".join(json.dumps(astuple(entry)) + "\n" for entry in entries))

    @classmethod
    def read(cls, file: Path) -> list[Self]:
        return [cls(*json.loads(line)) for line in file.read_text().splitlines()]
