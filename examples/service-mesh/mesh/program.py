"""Programs of the mesh: a JSON line goes in, JSON lines come out, and they end with their standard input."""

import asyncio
import json
import os
import signal
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Self


class Program:
    """A program in a process group of its own: Ctrl-C is the launcher's to hear, and a kill ends it all."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.name = name
        self._process = process
        self._said: deque[str] = deque(maxlen=KEPT)
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._output: deque[str] = deque(maxlen=KEPT)
        self._readers = [
            asyncio.create_task(self._read_messages()),
            asyncio.create_task(self._read_lines()),
        ]

    @classmethod
    async def start(
        cls, name: str, arguments: list[str], *, setup: Any = None, folder: Path | None = None
    ) -> Self:
        """Starts it and tells it its setup. Arguments can be read by anyone; a setup may hold a secret."""
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *arguments,
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                cwd=folder,
                start_new_session=True,
                limit=LINE_LIMIT,
            )
        except OSError as fault:
            raise Failed(f"{name} cannot be started: {fault}") from None
        program = cls(name, process)
        if setup is not None:
            await program.tell(setup)
        return program

    async def tell(self, value: Any) -> None:
        """Writes a value as a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(value).encode() + b"\n")
        # A program that has died reads nothing more: `next` tells.
        with suppress(BrokenPipeError, ConnectionResetError):
            await self._process.stdin.drain()

    async def next(self, what: str) -> Any:
        """The next value that it writes."""
        try:
            line = await asyncio.wait_for(self._lines.get(), PATIENCE_S)
        except TimeoutError:
            raise Failed(f"{self.name}: {what} did not come within {PATIENCE_S} s") from None
        if line is None:
            raise Failed(f"{self.name} ended before {what}; it said: {' | '.join(self.messages()[-3:])}")
        return json.loads(line)

    async def ask(self, value: Any) -> Any:
        """Writes a value, and waits for the line that answers."""
        await self.tell(value)
        return await self.next("its answer")

    def messages(self) -> list[str]:
        """The lines that it has written for people to read."""
        return list(self._said)

    def output(self) -> str:
        """Everything that it has written."""
        return "\n".join(self._output)

    async def end(self) -> None:
        """Ends it politely, by closing its input; after five seconds by force."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), FORCE_S)
        except TimeoutError:
            self.send_signal(signal.SIGKILL)
        await self._gone()

    async def kill(self) -> None:
        """Kills it with all that it started, as a crash would."""
        self.send_signal(signal.SIGKILL)
        await self._gone()

    def send_signal(self, number: signal.Signals) -> None:
        """Sends a signal to it and to all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    async def _gone(self) -> None:
        await self._process.wait()
        await asyncio.gather(*self._readers)

    async def _read_messages(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            text = line.decode(errors="replace").rstrip("\n")
            self._said.append(text)
            self._output.append(text)

    async def _read_lines(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            text = line.decode(errors="replace")
            self._output.append(text)
            self._lines.put_nowait(text)
        self._lines.put_nowait(None)


class Failed(Exception):
    """The mesh itself did not work."""


async def together(*doings: Coroutine[Any, Any, Any]) -> None:
    """Does all at once. Where one fails, the others are ended before that is told."""
    try:
        async with asyncio.TaskGroup() as group:
            for doing in doings:
                group.create_task(doing)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


PATIENCE_S = 60
FORCE_S = 5
LINE_LIMIT = 1 << 24
KEPT = 100_000
