"""Both ends of what a shared guard protects: a signer, and sides that wait for the store or await it."""

import asyncio
import time
from typing import Any, Self

from counterseal import (
    CountersealError,
    Key,
    Keyring,
    PacketSigner,
    PacketVerifier,
    RequestSigner,
    RequestVerifier,
)
from counterseal.redis import AsyncRedisReplayGuard, RedisReplayGuard
from helpers import SECRET
from redis_server import PATIENCE

KEY = Key("engine-7", secret=SECRET)
RING = Keyring([KEY])
NOW = int(time.time())
"""Not later than any clock of a Redis that the tests start."""


def packet(now: int = NOW) -> str:
    return PacketSigner(KEY).sign_text({"job": 42}, context="c", now=now)


def parts(now: int = NOW) -> dict[str, Any]:
    signed = PacketSigner(KEY).sign_parts(kind="bytes", body=b"b", context="c", now=now)
    return {"key_id": "engine-7", "kind": "bytes", "body": b"b", "context": "c", **signed}


def fields(now: int = NOW) -> list[tuple[str, str]]:
    return [("host", "hub"), *RequestSigner(KEY).sign("POST", "https://hub/x", body=b"b", now=now)]


class Side:
    """One user of a store. Its calls answer "ok", or a refusal's code.

    It is patient where a test is not about time, since the machine may be busy.
    """

    def __init__(
        self, url: str, *, awaits: bool, max_age: int = 60, timeout: float = PATIENCE, **options: Any
    ) -> None:
        kind: Any = AsyncRedisReplayGuard if awaits else RedisReplayGuard
        self.guard = kind.from_url(url, timeout=timeout, **options)
        self.refusal: CountersealError | None = None
        self._packets = PacketVerifier(RING, guard=self.guard, max_age=max_age)
        self._requests = RequestVerifier(RING, authorities=["hub"], guard=self.guard, max_age=max_age)
        self._runner = asyncio.Runner() if awaits else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.run(self.guard.close())
        if self._runner is not None:
            self._runner.close()

    def run(self, result: Any) -> Any:
        return result if self._runner is None else self._runner.run(result)

    def packet(self, text: str, now: int = NOW) -> str:
        return self._outcome(self._packets, "verify", text, context="c", now=now)

    def parts(self, sent: dict[str, Any], now: int = NOW) -> str:
        return self._outcome(self._packets, "verify_parts", **sent, now=now)

    def request(self, headers: list[tuple[str, str]], now: int = NOW) -> str:
        return self._outcome(self._requests, "verify", "POST", "/x", headers=headers, body=b"b", now=now)

    def pending(self, headers: list[tuple[str, str]], now: int = NOW) -> str:
        pending = self._requests.begin("POST", "/x", headers=headers, now=now)
        pending.update(b"b")
        return self._outcome(pending, "finish", now=now)

    def _outcome(self, verifier: object, name: str, *args: Any, **kwargs: Any) -> str:
        call = getattr(verifier, name if self._runner is None else f"{name}_async")
        try:
            verified = self.run(call(*args, **kwargs))
        except CountersealError as refusal:
            self.refusal = refusal
            return refusal.code
        assert verified.owner == "engine-7"
        return "ok"
