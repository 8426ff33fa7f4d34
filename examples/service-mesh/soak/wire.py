"""Connections to the replicas that stay open from call to call."""

import asyncio

from proxy.message import Request, Response


class Lines:
    """One to each replica, for one call at a time."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self._open: dict[int, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

    async def send(self, request: Request, replica: int | None = None) -> Response:
        """Sends it; where the replica has closed the connection meanwhile, on a new one."""
        at = replica or 0
        if at not in self._open:
            self._open[at] = await asyncio.open_connection("127.0.0.1", self._ports[at])
        reader, writer = self._open[at]
        writer.write(request.to_bytes())
        answer = await Response.read(reader)
        if answer is None:
            raise ConnectionError("a replica ended a connection without an answer")
        # It does so where it has not read a body.
        if answer.field("connection") == "close":
            del self._open[at]
            writer.close()
        return answer

    def close(self) -> None:
        for _, writer in self._open.values():
            writer.close()
