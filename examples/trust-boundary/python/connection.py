"""The client's WebSocket to the hub. The first message says hello and brings the token."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from counterseal import Verified, generate_nonce
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from hub import Answer, Hub


class Connection:
    """An open socket; use it in `async with`."""

    def __init__(
        self, hub: Hub, *, name: str | None = None, on_delivery: Callable[[str, str], None] | None = None
    ) -> None:
        self._hub = hub
        self._url = f"ws://{hub.address}/clients/{name or hub.name}/socket"
        self._on_delivery = on_delivery
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def __aenter__(self) -> Self:
        self._socket: ClientConnection = await connect(self._url, max_size=MESSAGE_LIMIT, proxy=None)
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.close()
        await self._reader

    async def hello(self, token: str) -> Verified:
        """Says who we are. Nothing else may come first."""
        return await self.send("hello", "{}", token=token)

    async def send(self, event: str, text: str, *, token: str | None = None) -> Verified:
        """Sends JSON text. Returns the verified answer."""
        nonce = generate_nonce()
        answer = await self.post(self._hub.sign(event, text, nonce=nonce), event=event, token=token)
        return self._hub.verify_answer(event, nonce, answer)

    async def post(self, packet: str, *, event: str, token: str | None = None) -> Answer:
        """Sends a packet as it stands."""
        request = self._hub.next_request()
        message = {"id": request, "event": event, "packet": packet}
        if token is not None:
            message["token"] = token
        answered = self._waiting[request] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps(message))
        told = await answered
        packet_back = told.pop("packet", None)
        return Answer(request, told) if packet_back is None else Answer(request, {"status": 200}, packet_back)

    async def _read(self) -> None:
        # After a refusal the hub closes with a policy violation: an end like any other here.
        with suppress(ConnectionClosed):
            async for text in self._socket:
                message = json.loads(text)
                request = message.pop("id", None)
                if request is not None:
                    self._waiting.pop(request).set_result(message)
                elif self._on_delivery:
                    self._on_delivery(message["event"], message["packet"])
        for answered in self._waiting.values():
            answered.set_exception(ConnectionError("the hub closed the socket"))


MESSAGE_LIMIT = 16 * 1024 * 1024
