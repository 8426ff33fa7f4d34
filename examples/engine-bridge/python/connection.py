"""An engine's connection to its server.

Socket.IO carries it, a session signs and verifies every event, and each reconnection is a new session.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import socketio
from counterseal import CountersealError, Key, Keyring, Session
from socketio.exceptions import ConnectionError as NotConnectedError


class Connection:
    """Stays connected while `run` runs.

    `identity` is what the operator gave: `name`, `key_id`, `secret`, `server`, `token`.
    `on_event(event, payload)` gets what the server sent, verified; `on_change(happening)` what becomes of the
    connection, a dict to log.
    """

    def __init__(
        self,
        identity: dict[str, str],
        url: str,
        *,
        on_event: Callable[[str, Any], Awaitable[None]],
        on_change: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        self._key = Key(identity["key_id"], secret=identity["secret"], owner=identity["name"])
        # The same secret, held by the other side: what it signs is the server's.
        self._server = identity["server"]
        self._ring = Keyring([Key(self._server, secret=identity["secret"], owner=self._server)])
        self._token = identity["token"]
        self._url = url
        self._on_event = on_event
        self._on_change = on_change
        self._failures = 0
        self._session = self._new_session()

    async def run(self) -> None:
        """Connects, and connects again however a connection ends, until this task is cancelled."""
        while True:
            end = await self._live()
            # Each failure in a row doubles the wait.
            wait = min(FIRST_WAIT_S * 2**self._failures, LONGEST_WAIT_S) * random.uniform(0.5, 1)
            self._failures += 1
            await self._on_change({"event": "disconnected", **end, "retry_in": round(wait, 3)})
            await asyncio.sleep(wait)

    async def send(self, event: str, payload: Any) -> str | None:
        """Signs an event and sends it. Returns the packet's nonce, or nothing while there is no session."""
        if self._session.state != "open":
            return None
        try:
            packet = self._session.sign(event, payload)
        except CountersealError as error:
            if self._session.state != "ended":
                raise
            self._end("refused here", {"code": error.code})
            return None
        await self._emit(event, packet)
        nonce: str = packet["nonce"]
        return nonce

    async def _live(self) -> dict[str, Any]:
        """One connection and one session, to their common end. Returns why."""
        self._session = self._new_session()
        self._why: dict[str, Any] = {}
        self._woken = asyncio.Event()
        self._socket = self._new_socket()
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._socket.connect(
                    self._url,
                    auth=self._session.handshake(self._token),
                    namespaces=[NAMESPACE],
                    transports=["websocket"],
                    wait=False,
                )
            await self._keep()
        except (NotConnectedError, TimeoutError) as fault:
            self._end(str(fault) or "it did not answer")
        finally:
            self._session.close()
            await self._socket.disconnect()
        return self._why

    def _new_session(self) -> Session:
        return Session.client(self._key, server=self._server, keyring=self._ring)

    def _new_socket(self) -> socketio.AsyncClient:
        # Its own reconnecting stops when a server disconnects, and knows nothing of refusals.
        socket = socketio.AsyncClient(reconnection=False)
        socket.on("*", self._receive, namespace=NAMESPACE)
        socket.on("disconnect", self._end, namespace=NAMESPACE)
        socket.on("connect_error", lambda told: self._end(f"not connected: {told}"), namespace=NAMESPACE)
        return socket

    async def _keep(self) -> None:
        """The session says when it wants to be asked again; it keeps no timer itself."""
        while not self._why:
            with suppress(TimeoutError):
                async with asyncio.timeout((self._session.deadline or 0) - time.time()):
                    await self._woken.wait()
            self._woken.clear()
            heartbeat = self._judge(lambda: self._session.heartbeat() if self._session.poll() else None)
            if heartbeat is not None:
                await self._emit("heartbeat", heartbeat)

    async def _receive(self, event: str, packet: Any = None, *_: Any) -> None:
        if event == "refused":
            # Not signed, so nothing of it is believed; a forger could as well have cut the line.
            await self._on_change({"event": "refused", **shown_refusal(packet)})
            self._end("refused")
        elif event == "welcome":
            self._judge(lambda: self._session.establish(packet), packet)
            if self._session.state == "open":
                self._woken.set()
                peer, session = self._session.peer, self._session.id
                await self._on_change({"event": "connected", "server": peer, "session": session})
        else:
            verified = self._judge(lambda: self._session.verify(event, packet), packet)
            if verified is not None:
                await self._take(event, verified.payload)

    async def _take(self, event: str, payload: Any) -> None:
        self._failures = 0
        if event == "token":
            self._token = payload["token"]
            await self._on_change({"event": "token_renewed"})
        elif event != "heartbeat":
            await self._on_event(event, payload)

    def _judge(self, call: Callable[[], Any], packet: Any = None) -> Any:
        """Runs a call of the session.

        What it refuses ends the connection: an impostor, a forged packet, a silent peer.
        """
        if self._why:
            return None
        try:
            return call()
        except CountersealError as error:
            # The server's signature was good, so its time may be believed.
            untimely = error.code in ("expired", "not_yet_valid") and packet is not None
            self._end("refused here", {"code": error.code, **(clock_ahead(packet["ts"]) if untimely else {})})
            return None

    async def _emit(self, event: str, packet: dict[str, Any]) -> None:
        # A socket that has just closed says so itself.
        with suppress(socketio.exceptions.BadNamespaceError):
            await self._socket.emit(event, packet, namespace=NAMESPACE)

    def _end(self, reason: str, more: dict[str, Any] | None = None) -> None:
        if not self._why:
            self._why = {"reason": reason, **(more or {})}
            self._session.close()
            self._woken.set()


def shown_refusal(told: Any) -> dict[str, Any]:
    """What was told of a refusal, as far as it is what it should be."""
    told = told if isinstance(told, dict) else {}
    shown = {name: told.get(name) for name in ("class", "status")}
    return {**shown, **(clock_ahead(told["now"]) if isinstance(told.get("now"), int) else {})}


def clock_ahead(server_time: int) -> dict[str, int]:
    """By how many seconds our clock is ahead of the server's; negative if it is behind."""
    return {"clock_ahead": int(time.time()) - server_time}


NAMESPACE = "/engine"
CONNECT_S = 10
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
