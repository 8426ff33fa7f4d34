"""Many calls at once to the replicas: genuine ones, some to both at once, and hostile ones.

The first line of standard input is the setup; each further one names the phase that begins, and is answered
once every call of the phase before has its answer. Each call is a line of the journal, written when standard
input ends. A program of its own, so that several can use several processors.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import count, cycle
from pathlib import Path
from typing import Any

from counterseal import Key, RequestSigner, Secret

from proxy.alterations import ALTERATIONS, REPLAY, to_all
from proxy.message import Request, Response
from proxy.proxy import Send, Way, straight
from soak.journal import Entry
from soak.wire import Lines

Fields = list[tuple[str, str]]
Sign = Callable[[Fields, bytes], Fields]


class Load:
    """Workers, each with one call under way."""

    def __init__(self, setup: dict[str, Any]) -> None:
        self._setup = setup
        entries = json.loads(Path(setup["keys"]).read_text())["keys"]
        (key,) = (Key(entry.pop("id"), **entry) for entry in entries if entry["id"] == "gateway-2")
        self._signer = RequestSigner(key, extra_fields=["x-tenant"])
        self._stranger = RequestSigner(Key("stranger-1", secret=Secret.generate()), extra_fields=["x-tenant"])
        self._numbers = count(1)
        self._phase: str | None = None
        self._changed = asyncio.Condition()
        self._under_way = 0
        self._otherwise_signed: dict[str, Sign] = {
            "signed two minutes ago": self._by_gateway(-120),
            "signed two minutes ahead": self._by_gateway(120),
            "signed by a stranger": self._by_stranger,
            "not signed": lambda fields, _: fields,
        }
        self.journal: list[Entry] = []

    def start(self) -> list["asyncio.Task[None]"]:
        """All workers, who wait for the first phase."""
        kinds = {"genuine": self._genuine, "race": self._race, "hostile": self._hostile}
        workers = [kinds[kind] for kind, number in self._setup["workers"].items() for _ in range(number)]
        return [asyncio.create_task(worker(Lines(self._setup["ports"]))) for worker in workers]

    async def enter(self, phase: str) -> None:
        """Lets the calls under way end, then begins a phase; the phase `rest` has none."""
        async with self._changed:
            self._phase = None
            await self._changed.wait_for(lambda: self._under_way == 0)
            self._phase = phase
            self._changed.notify_all()

    async def _genuine(self, lines: Lines) -> None:
        for replica in cycle(range(len(self._setup["ports"]))):
            await self._call("genuine", lines, partial(_to_one, replica=replica), self._by_gateway(0))

    async def _race(self, lines: Lines) -> None:
        while True:
            await self._call("race", lines, to_all, self._by_gateway(0))

    async def _hostile(self, lines: Lines) -> None:
        """All that a proxy can do, and then some."""
        for _ in count():
            for alteration in ALTERATIONS:
                kind = "replay" if alteration is REPLAY else alteration.title
                await self._call(kind, lines, alteration.way, self._by_gateway(0))
            for kind, sign in self._otherwise_signed.items():
                await self._call(kind, lines, straight, sign)

    async def _call(self, kind: str, lines: Lines, way: Way, sign: Sign) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._phase not in (None, "rest"))
            phase = str(self._phase)
            self._under_way += 1
        order = f"{self._setup['name']}-{next(self._numbers)}"
        request = _request(order, sign)
        begun = time.perf_counter()
        answers = await way(request, lines.send)
        took = time.perf_counter() - begun
        self.journal.append(Entry(phase, kind, order, [answer.status for answer in answers], took))
        async with self._changed:
            self._under_way -= 1
            self._changed.notify_all()

    def _by_gateway(self, ahead: int) -> Sign:
        """As the gateway signs whose clock is so many seconds ahead."""
        return lambda fields, body: _signed(self._signer, fields, body, int(time.time()) + ahead)

    def _by_stranger(self, fields: Fields, body: bytes) -> Fields:
        return _signed(self._stranger, fields, body, None)


def _signed(signer: RequestSigner, fields: Fields, body: bytes, now: int | None) -> Fields:
    return [*fields, *signer.sign("POST", URL, headers=fields, body=body, now=now)]


def _request(order: str, sign: Sign) -> Request:
    body = json.dumps({"order": order, "amount": 100}, separators=(",", ":")).encode()
    fields = [("Host", "vault.mesh"), ("Content-Type", "application/json"), ("X-Tenant", "acme")]
    return Request(LINE, (*sign(fields, body), ("Content-Length", str(len(body)))), body)


async def _to_one(request: Request, send: Send, replica: int) -> list[Response]:
    return [await send(request, replica)]


async def main() -> None:
    lines = asyncio.StreamReader()
    reading = asyncio.StreamReaderProtocol(lines)
    await asyncio.get_running_loop().connect_read_pipe(lambda: reading, sys.stdin)
    setup = json.loads(await lines.readline())
    load = Load(setup)
    workers = load.start()
    for worker in workers:
        # What breaks a worker breaks the soak.
        worker.add_done_callback(lambda done: None if done.cancelled() else sys.exit(str(done.exception())))
    while line := await lines.readline():
        await load.enter(json.loads(line)["phase"])
        print(json.dumps({"phase": json.loads(line)["phase"]}), flush=True)
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    Entry.write(Path(setup["journal"]), load.journal)


LINE = "POST /execute?limit=100 HTTP/1.1"
URL = "http://vault.mesh/execute?limit=100"

if __name__ == "__main__":
    asyncio.run(main())
