"""A Redis server of our own: a free port of this machine, a password, nothing on disk."""

import asyncio
import secrets
import signal
import socket
import sys
from pathlib import Path

from mesh.program import Failed, Program

LEASH = str(Path(__file__).with_name("leash.py"))


class RedisServer:
    """The store that replicas share. It forgets all when it is killed, as one without persistence does."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._port = _free_port()
        self._password = secrets.token_urlsafe(24)
        self._program: Program | None = None

    @property
    def url(self) -> str:
        """Where it is, with its password."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    @property
    def password(self) -> str:
        return self._password

    async def start(self) -> None:
        """Starts it, on the same port each time, and waits until it listens."""
        configuration = CONFIGURATION.format(port=self._port, password=self._password)
        setup = {"arguments": [self._file, "-"], "input": configuration}
        self._program = await Program.start("redis", [sys.executable, LEASH], setup=setup)
        while "Ready to accept connections" not in await self._program.next("it was ready"):
            pass

    async def kill(self) -> None:
        """Ends it as a crash would."""
        if self._program is not None:
            await self._program.kill()

    def freeze(self) -> None:
        """Lets it stand still, with its connections open."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    async def flush(self) -> None:
        """Empties it, as an operator's mistake would."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(f"AUTH {self._password}\r\nFLUSHALL\r\n".encode())
        answers = [await reader.readline(), await reader.readline()]
        writer.close()
        await writer.wait_closed()
        if answers != [b"+OK\r\n", b"+OK\r\n"]:
            raise Failed(f"redis: {answers}")

    def _signal(self, number: signal.Signals) -> None:
        assert self._program is not None
        self._program.send_signal(number)

    async def end(self) -> None:
        if self._program is not None:
            await self._program.end()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# Its own working folder is never written to: no snapshot, no log of appends.
CONFIGURATION = """bind 127.0.0.1
port {port}
requirepass {password}
save ""
appendonly no
maxmemory-policy noeviction
"""
