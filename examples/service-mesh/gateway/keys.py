"""The keys of a service: a file that nobody else may read."""

import json
from pathlib import Path
from typing import Any, Self

from counterseal import Key, Keyring


class Keys:
    """Those it signs with, and those of its callers."""

    def __init__(self, own: str, keys: list[Key]) -> None:
        self._own = own
        self._keys = {key.id: key for key in keys}

    @classmethod
    def read(cls, file: Path) -> Self:
        """Reads `{"service","keys":[{"id","secret","owner"}]}`. What more a key has is the SDK's to judge."""
        if file.stat().st_mode & 0o077:
            raise PermissionError("the file of keys must be readable by its owner alone: chmod 600")
        held: dict[str, Any] = json.loads(file.read_text())
        return cls(held["service"], [Key(entry.pop("id"), **entry) for entry in held["keys"]])

    def signing(self, id: str) -> Key:
        return self._keys[id]

    def of_callers(self) -> Keyring:
        return Keyring([key for key in self._keys.values() if key.owner != self._own])
