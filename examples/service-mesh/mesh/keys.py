"""Keys, made anew at each start, one secret a pair of services, each service's in a file of its own."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterseal import Secret


@dataclass(frozen=True)
class Pair:
    """Who signs with it, for whom, and how the callee has it."""

    id: str
    caller: str
    callee: str
    revoked: bool = False


class Keys:
    """All keys of a mesh, as its operator hands them out."""

    def __init__(self) -> None:
        self._secrets = {pair.id: Secret.generate().expose() for pair in PAIRS}

    def write(self, folder: Path) -> dict[str, Path]:
        """A file for each service, for its owner's eyes alone. Returns them by service."""
        held = {name: self._of(name) for name in SERVICES}
        # What leaked of the gateway's, before it was revoked; a stranger has nothing.
        held |= {"thief": [entry for entry in held["gateway"] if entry["id"] == "gateway-1"], "stranger": []}
        return {name: _write(folder, name, keys) for name, keys in held.items()}

    def texts(self) -> list[str]:
        """Every secret as it must not stand anywhere."""
        return [secret.removeprefix("hex:") for secret in self._secrets.values()]

    def _of(self, name: str) -> list[dict[str, Any]]:
        return [
            {"id": pair.id, "secret": self._secrets[pair.id], "owner": pair.caller}
            | ({"revoked": True} if pair.revoked and pair.callee == name else {})
            for pair in PAIRS
            if name in (pair.caller, pair.callee)
        ]


def _write(folder: Path, name: str, keys: list[dict[str, Any]]) -> Path:
    file = folder / f"{name}.keys.json"
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump({"service": name, "keys": keys}, out)
    return file


PAIRS = (
    Pair("console-1", "console", "gateway"),
    Pair("back-office-1", "back-office", "gateway"),
    Pair("back-office-2", "back-office", "vault"),
    Pair("heartbeat-1", "heartbeat", "vault"),
    # The second generation signs; the first leaked, and was revoked.
    Pair("gateway-1", "gateway", "vault", revoked=True),
    Pair("gateway-2", "gateway", "vault"),
)
SERVICES = ("console", "back-office", "heartbeat", "gateway", "vault")
