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


class Began:
    """When the test that runs began."""

    at = 0

    @classmethod
    def now(cls) -> None:
        """A little early, so that it is before the start of any Redis that the test starts anew."""
        cls.at = int(time.time()) - 5


Began.now()


def began() -> int:
    """What a test takes for the time: recent by a store's clock, however long the tests before it took."""
    return Began.at


def packet(now: int | None = None) -> str:
    now = began() if now is None else now
    return PacketSigner(KEY).sign_text({"job": 42}, context="c", now=now)


def parts(now: int | None = None) -> dict[str, Any]:
    now = began() if now is None else now
    signed = PacketSigner(KEY).sign_parts(kind="bytes", body=b"b", context="c", now=now)
    return {"key_id": "engine-7", "kind": "bytes", "body": b"b", "context": "c", **signed}


def fields(now: int | None = None) -> list[tuple[str, str]]:
    now = began() if now is None else now
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

    def packet(self, text: str, now: int | None = None) -> str:
        return self._outcome(self._packets, "verify", now, text, context="c")

    def parts(self, sent: dict[str, Any], now: int | None = None) -> str:
        return self._outcome(self._packets, "verify_parts", now, **sent)

    def request(self, headers: list[tuple[str, str]], now: int | None = None) -> str:
        return self._outcome(self._requests, "verify", now, "POST", "/x", headers=headers, body=b"b")

    def pending(self, headers: list[tuple[str, str]], now: int | None = None) -> str:
        now = began() if now is None else now
        pending = self._requests.begin("POST", "/x", headers=headers, now=now)
        pending.update(b"b")
        return self._outcome(pending, "finish", now)

    def _outcome(self, verifier: object, name: str, now: int | None, *args: Any, **kwargs: Any) -> str:
        now = began() if now is None else now
        call = getattr(verifier, name if self._runner is None else f"{name}_async")
        try:
            verified = self.run(call(*args, **kwargs, now=now))
        except CountersealError as refusal:
            self.refusal = refusal
            return refusal.code
        assert verified.owner == "engine-7"
        return "ok"
