"""The mesh under load, its store killed in the midst of it: started, at work, ended."""

import asyncio
import sys
import time
from itertools import chain
from pathlib import Path
from typing import Any

from mesh.mesh import HERE, Mesh, Say
from mesh.program import Program
from soak.journal import Entry
from soak.judge import OK


class Soak:
    """`seconds` for all phases together, `callers` under way at once."""

    def __init__(self, mesh: Mesh, folder: Path, *, seconds: int, callers: int, say: Say) -> None:
        self._mesh = mesh
        self._folder = folder
        self._seconds = seconds
        self._callers = callers
        self._say = say
        self._loads: list[Program] = []
        self._phase = "start"
        self._turn = asyncio.Lock()
        self._entries: list[Entry] = []
        self._in_a_row = 0
        self._over = False
        self.figures: dict[str, float] = {}

    async def run(self) -> list[Entry]:
        """Every call that was made."""
        self._say(f"starting {' and '.join(self._mesh.replicas)}")
        await self._mesh.start_vaults()
        self._ordering = asyncio.create_task(self._order())
        try:
            await self._until_orders_pass("until the mesh takes what is signed from now on")
            await self._start_loads()
            await self._phases()
        finally:
            self._over = True
            await asyncio.gather(*(load.end() for load in self._loads))
            await self._ordering
        journals = [Entry.read(self._journal(load.name)) for load in self._loads]
        return [*self._entries, *chain.from_iterable(journals)]

    async def _phases(self) -> None:
        redis = self._mesh.redis
        assert redis is not None
        await self._enter("calm")
        self._say(f"{self._callers} callers at work, and hostile ones")
        await self._for("calm", 0.45)
        await self._enter("kill")
        self._say("killing Redis")
        await redis.kill()
        await self._enter("outage")
        await self._for("outage", 0.1)
        await self._enter("return")
        self._say("starting Redis anew, empty")
        begun = time.monotonic()
        await redis.start()
        await self._until_orders_pass("until the mesh has recovered, by itself")
        self.figures["recovered after"] = time.monotonic() - begun
        await self._enter("calm again")
        await self._for("calm again", 0.45)
        await self._enter("rest")

    async def _enter(self, phase: str) -> None:
        """Lets every call that is under way end, and begins a phase."""
        async with self._turn:
            self._phase = phase
        await asyncio.gather(*(load.ask({"phase": phase}) for load in self._loads))

    async def _for(self, phase: str, share: float) -> None:
        begun = time.monotonic()
        await asyncio.sleep(self._seconds * share)
        self.figures[f"seconds {phase}"] = time.monotonic() - begun

    async def _until_orders_pass(self, what: str) -> None:
        self._say(f"waiting {what}")
        self._in_a_row = 0
        while self._in_a_row < 2 * len(self._mesh.replicas):
            if self._ordering.done():
                await self._ordering
            await asyncio.sleep(LOOK_S)

    async def _order(self) -> None:
        """The way that orders take: console, gateway, vault; one after the other."""
        number = 0
        while not self._over:
            number += 1
            async with self._turn:
                phase, order, begun = self._phase, f"console-{number}", time.perf_counter()
                status = (await self._mesh.order(order))["status"]
            self._entries.append(Entry(phase, "gateway", order, [status], time.perf_counter() - begun))
            self._in_a_row = self._in_a_row + 1 if status == OK else 0

    async def _start_loads(self) -> None:
        self._say(f"starting {LOADS} programs that call")
        ports = [self._mesh.port(name) for name in self._mesh.replicas]
        some = max(2, self._callers // (8 * LOADS))
        workers = {"genuine": self._callers // LOADS, "race": some, "hostile": some}
        for number in range(LOADS):
            name = f"load-{number + 1}"
            setup: dict[str, Any] = {"name": name, "ports": ports, "workers": workers}
            setup |= {"keys": str(self._mesh.key_file("gateway")), "journal": str(self._journal(name))}
            arguments = [sys.executable, "-m", "soak.load"]
            self._loads.append(await Program.start(name, arguments, setup=setup, folder=HERE))

    def _journal(self, name: str) -> Path:
        return self._folder / f"{name}.journal"


LOADS = 2
LOOK_S = 0.05
