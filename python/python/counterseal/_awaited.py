"""What the calls that are awaited return."""

from collections.abc import Coroutine
from typing import Any, NoReturn, Protocol


class Guard(Protocol):
    def ask_async(self, keys: list[str], arguments: list[str]) -> Coroutine[Any, Any, object]: ...


class Claim(Protocol):
    keys: list[str]
    arguments: list[str]

    def settle(self, answer: object) -> object: ...


async def verified(evidence: object) -> object:
    return evidence


async def refused(error: Exception) -> NoReturn:
    raise error


async def claimed(guard: Guard, claim: Claim) -> object:
    return claim.settle(await guard.ask_async(claim.keys, claim.arguments))
