"""The proxy between services: it leads each request to its callee, to one replica after the other.

A caller addresses it as an HTTP proxy, with the callee's name in an absolute-form target; the callee gets
origin-form.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Self

from proxy.message import Request, Response

Send = Callable[..., Awaitable[Response]]
Way = Callable[[Request, Send], Awaitable[list[Response]]]


@dataclass
class Passed:
    """A request that came, and the answers to what was made of it. The caller gets the first."""

    request: Request
    answers: list[Response] = field(default_factory=list)


@dataclass
class _Callee:
    """Where a name leads."""

    ports: list[int]
    turn: int = 0
    ways: deque[Way] = field(default_factory=deque)
    passed: deque[Passed] = field(default_factory=lambda: deque(maxlen=KEPT))

    def port(self, replica: int | None) -> int:
        if not self.ports:
            raise ConnectionError("this name leads nowhere")
        if replica is None:
            replica = self.turn % len(self.ports)
            self.turn += 1
        return self.ports[replica]


class Proxy:
    """Listens on a port of this machine."""

    def __init__(self) -> None:
        self._callees: dict[str, _Callee] = {}
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @classmethod
    async def start(cls) -> Self:
        proxy = cls()
        proxy._server = await asyncio.start_server(proxy._connected, "127.0.0.1", 0, limit=HEAD_LIMIT)
        return proxy

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def lead(self, name: str, ports: list[int]) -> None:
        """From here on the name leads to these ports, in turn."""
        self._callees.setdefault(name, _Callee([])).ports = ports

    def take(self, name: str, way: Way) -> None:
        """What becomes of the next request to that name."""
        self._callees[name].ways.append(way)

    def last(self, name: str) -> Passed:
        """The last request to that name."""
        return self._callees[name].passed[-1]

    async def send(self, name: str, request: Request, replica: int | None = None) -> Response:
        """Sends to one replica, or to the one whose turn it is, on a connection of its own."""
        port = self._callees[name].port(replica)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=HEAD_LIMIT)
        try:
            writer.write(request.to_bytes())
            await writer.drain()
            answer = await Response.read(reader)
        finally:
            writer.close()
        if answer is None:
            raise ConnectionError("the callee ended the connection without an answer")
        return answer

    async def end(self) -> None:
        assert self._server is not None
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        # Whichever end has gone, there is nobody to tell; nor where we end it.
        with suppress(ConnectionError, asyncio.CancelledError):
            await self._serve(reader, writer)
        self._connections.discard(task)
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (came := await Request.read(reader)) is not None:
            name, target = _split(came.target)
            request = came.with_line(target=target)
            callee = self._callees[name]
            passed = Passed(request)
            callee.passed.append(passed)
            way = callee.ways.popleft() if callee.ways else straight
            passed.answers = await way(request, partial(self.send, name))
            writer.write(passed.answers[0].to_bytes())
            await writer.drain()


async def straight(request: Request, send: Send) -> list[Response]:
    """As it came."""
    return [await send(request)]


def _split(target: str) -> tuple[str, str]:
    """The callee's name, and the target as the callee gets it."""
    _, found, rest = target.partition("://")
    name, slash, path = rest.partition("/")
    if not found:
        raise ConnectionError("a proxy is told the whole URL")
    return name, slash + path or "/"


KEPT = 1000
HEAD_LIMIT = 1 << 17
