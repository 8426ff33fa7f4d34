"""The Python service.

Its setup, secrets included, is the first line of standard input. Each further line names a step, and is
answered by a line.
"""

import asyncio
import json
import platform
import sys
from contextlib import AsyncExitStack
from importlib.metadata import version
from typing import Any

import counterseal
import httpx
from counterseal import CountersealError, Verified, canonical_json

from attacks import attack
from connection import Connection
from hub import Hub, RefusedError
from peers import Peers


class Service:
    """What the service does, step by step, as the orchestrator asks."""

    def __init__(self, setup: dict[str, Any], http: httpx.AsyncClient) -> None:
        self._setup = setup
        self._hub = Hub(setup, http)
        self._peers = Peers(setup, self._hub)
        self._stack = AsyncExitStack()

    async def connect(self) -> dict[str, Any]:
        """Gets a token, and connects."""
        self._token = await self._first_token()
        connection = Connection(self._hub, on_delivery=self._peers.receive)
        self._connection = await self._stack.enter_async_context(connection)
        await self._connection.hello(self._token)
        return {}

    async def exchange(self) -> dict[str, Any]:
        """Sends each payload to the hub, by both transports, and holds the signed answer against it."""
        verified = {"http": 0, "ws": 0}
        for payload in self._setup["payloads"]:
            check(payload, await self._hub.send("payload", payload, token=self._token))
            verified["http"] += 1
            check(payload, await self._connection.send("payload", payload))
            verified["ws"] += 1
        return {"verified": verified}

    async def mesh(self) -> dict[str, Any]:
        """Sends each payload to each peer, itself included, and waits for theirs.

        The hub carries what it cannot forge.
        """
        for payload in self._setup["payloads"]:
            for peer in self._peers.names():
                relay = {"to": peer, "event": "note", "packet": self._peers.sign(peer, payload)}
                answer = await self._connection.send("relay", json.dumps(relay))
                if not answer.payload["delivered"]:
                    raise ConnectionError(f"the hub could not reach {peer}")
        return {"verified": await self._peers.all()}

    async def attack(self) -> dict[str, Any]:
        """Tries each attack; see attacks.py."""
        await self._stack.aclose()
        return {"attempts": await attack(self._hub, self._setup, self._token, say)}

    async def _first_token(self) -> str:
        """A guard that has just begun, the hub's or our own, refuses what was signed before it could know."""
        for tried in range(1, PATIENCE_S + 1):
            try:
                return await self._hub.request_token()
            except (RefusedError, CountersealError) as error:
                starting = error.status == 503
                if not starting or tried == PATIENCE_S:
                    raise
                if tried == 1:
                    say("a replay guard is starting; asking again each second")
                await asyncio.sleep(1)
        raise AssertionError


def check(payload: str, verified: Verified) -> None:
    """What came back must be what was sent."""
    if verified.payload_text != canonical_json(payload):
        raise ValueError(f"a payload came back changed: {payload}")


def about() -> dict[str, Any]:
    """What runs underneath."""
    parts = ", ".join(f"{name} {version(name)}" for name in ("httpx", "websockets"))
    core = sys.modules["counterseal._core"]
    return {
        "runtime": f"{platform.python_implementation()} {platform.python_version()}, {parts}",
        "engine": "native",
        "version": counterseal.__version__,
        "addon": (core.__file__ or "").rsplit("/", 1)[-1],
    }


def say(text: str) -> None:
    """Tells the one who watches."""
    print(text, file=sys.stderr, flush=True)


def answer(value: dict[str, Any]) -> None:
    """Answers a step."""
    print(json.dumps(value), flush=True)


async def main() -> None:
    """Serves until standard input ends."""
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        setup = json.loads(await asyncio.to_thread(sys.stdin.readline))
        service = Service(setup, http)
        steps = {
            "connect": service.connect,
            "exchange": service.exchange,
            "mesh": service.mesh,
            "attack": service.attack,
        }
        answer({"about": about()})
        while line := await asyncio.to_thread(sys.stdin.readline):
            answer(await steps[json.loads(line)]())


PATIENCE_S = 15

if __name__ == "__main__":
    asyncio.run(main())
