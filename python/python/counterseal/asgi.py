"""ASGI middleware, for FastAPI, Starlette and every other ASGI app.

app.add_middleware(RequireSignature, keys=Keyring([key]), authorities=["https://vault.internal"])

The app runs for verified requests alone, and reads the very bytes that were signed.
"""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from types import UnionType
from typing import Any, Final, TypeAlias

from counterseal._arguments import wrong
from counterseal._core import (
    AuditLog,
    Keyring,
    MemoryReplayGuard,
    PendingRequest,
    RequestVerifier,
    SharedReplayGuard,
    VerifiedRequest,
)
from counterseal._rejection import Rejection, log
from counterseal.errors import CountersealError

_Scope: TypeAlias = MutableMapping[str, Any]
_Message: TypeAlias = MutableMapping[str, Any]
_Receive: TypeAlias = Callable[[], Awaitable[_Message]]
_Send: TypeAlias = Callable[[_Message], Awaitable[None]]
_App: TypeAlias = Callable[[_Scope, _Receive, _Send], Awaitable[None]]
_Names: TypeAlias = list[str] | tuple[str, ...]

__all__ = ["CALLER", "RequireSignature"]

CALLER: Final = "counterseal.caller"
"""Where a scope holds its caller: a VerifiedRequest, or None on an exempt path.

A scope without it has not been through RequireSignature.
"""


class RequireSignature:
    """Refuses each request that is not signed as it must be (RFC 9421), a stranger's before its body is read.

    keys is a Keyring; authorities name this server as its callers reach it ("https://host",
    "http://host:port"; https if none is named). guard is any replay guard, in memory or shared by replicas;
    absent, one of its own in memory, which refuses what was signed before this server began: for max_ahead
    seconds that is every request (replay_guard_starting, 503). audit, an AuditLog, gets a record of each
    refusal. websockets lets a WebSocket's opening pass if it is signed, as a GET without a body; what is sent
    on it afterwards is not signed. The other options are those of RequestVerifier.

    A peer that is refused learns class and status; the code is in the log "counterseal". Add this middleware
    last, so that it runs first: what runs before it sees requests that nobody has verified.

    Raises CountersealError where an option is wrong.
    """

    def __init__(
        self,
        app: _App,
        *,
        keys: Keyring,
        authorities: _Names,
        guard: MemoryReplayGuard | SharedReplayGuard | None = None,
        audit: AuditLog | None = None,
        websockets: bool = False,
        extra_fields: _Names | None = None,
        max_age: int | None = None,
        max_ahead: int | None = None,
        allow: _Names | None = None,
        trust: dict[str, Any] | None = None,
        callee: str | None = None,
        body_limit: int | None = None,
    ) -> None:
        check_type("audit", audit, AuditLog | None, "an AuditLog")
        check_type("websockets", websockets, bool, "a bool")
        self._app = app
        self._audit = audit
        self._websockets = websockets
        self._verifier = RequestVerifier(
            keys,
            authorities=authorities,
            guard=MemoryReplayGuard(start=int(time.time())) if guard is None else guard,
            extra_fields=extra_fields,
            max_age=max_age,
            max_ahead=max_ahead,
            allow=allow,
            trust=trust,
            callee=callee,
            body_limit=body_limit,
        )

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        kind = scope["type"]
        if kind == "http":
            await self._http(scope, receive, send)
        elif kind == "websocket":
            await self._websocket(scope, receive, send)
        elif kind == "lifespan":
            await self._app(scope, receive, send)
        else:
            raise ValueError(f"RequireSignature knows no scope of type {kind!r}")

    async def _http(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        head, body = _Head(scope, scope["method"]), _Body(receive)
        try:
            caller = await self._verify(head, body)
        except _PeerGone:
            log.debug("the peer went before its request was verified")
            return
        except CountersealError as fault:
            rejection = self._reject(fault, head)
            # Read or not: the answer would tell how far the request came. HTTP/2 has no such field.
            close = head.has_body and scope.get("http_version", "1.1").startswith("1")
            start = {"status": rejection.status, "headers": rejection.headers(close=close)}
            await send({"type": "http.response.start", **start})
            await send({"type": "http.response.body", "body": rejection.body})
            return
        scope[CALLER] = caller
        await self._app(scope, receive if caller is None else body.receive, send)

    async def _websocket(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        # In HTTP/2 it is opened by CONNECT, whose target is none that can be signed.
        head = _Head(scope, "GET" if scope.get("http_version", "1.1") == "1.1" else "CONNECT")
        try:
            caller = await self._verify(head, None)
        except CountersealError as fault:
            rejection = self._reject(fault, head)
            await receive()
            if "websocket.http.response" not in (scope.get("extensions") or {}):
                await send({"type": "websocket.close", "code": POLICY_VIOLATION})
                return
            start = {"status": rejection.status, "headers": rejection.headers(close=False)}
            await send({"type": "websocket.http.response.start", **start})
            await send({"type": "websocket.http.response.body", "body": rejection.body})
            return
        scope[CALLER] = caller
        await self._app(scope, receive, send)

    async def _verify(self, head: "_Head", body: "_Body | None") -> VerifiedRequest | None:
        """The caller, or None on an exempt path."""
        if not head.is_raw:
            # `path` is decoded: a slash in it may have been %2F, and what was signed cannot be told from it.
            raise wrong(RAW_PATH)
        if self._verifier.is_exempt(head.path):
            return None
        if body is None and not self._websockets:
            raise CountersealError("malformed_request", "no WebSocket is taken here", "unauthorized", 401)
        pending = self._verifier.begin(head.method, head.target, headers=head.headers)
        head.owner = pending.owner
        if body is not None:
            if head.length is not None:
                pending.announce(head.length)
            await body.read(pending)
        return await pending.finish_async()

    def _reject(self, fault: CountersealError, head: "_Head") -> Rejection:
        rejection = Rejection(fault)
        key_id = self._verifier.claimed_key_id(head.method, head.target, headers=head.headers)
        rejection.write_down(head.method, head.path, key_id, head.owner, self._audit)
        return rejection


class _Head:
    """The head of a request, raw as it came."""

    def __init__(self, scope: _Scope, method: str) -> None:
        raw_path: bytes | None = scope.get("raw_path")
        query: bytes = scope.get("query_string", b"")
        self.method = method
        self.is_raw = raw_path is not None and b"?" not in raw_path
        self.path = scope["path"].encode() if raw_path is None else raw_path
        self.target = self.path + (b"?" + query if query else b"")
        self.headers = [(bytes(name), bytes(value)) for name, value in scope["headers"]]
        self.owner: str | None = None
        """Who signed it, once that is known."""

    @property
    def length(self) -> int | None:
        """What Content-Length says, where it says a number."""
        said = next((value for name, value in self.headers if name == b"content-length"), b"")
        return int(said[:DIGITS_MAX]) if said.isdigit() else None

    @property
    def has_body(self) -> bool:
        """Whether a body follows, of HTTP/1."""
        return bool(self.length) or any(name == b"transfer-encoding" for name, _ in self.headers)


class _Body:
    """The body of a request, kept while it is verified and then handed to the app."""

    def __init__(self, receive: _Receive) -> None:
        self._receive = receive
        self._kept = bytearray()
        self._is_handed_over = False

    async def read(self, pending: PendingRequest) -> None:
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise _PeerGone
            piece = message.get("body", b"")
            pending.update(piece)
            self._kept += piece
            more = message.get("more_body", False)

    async def receive(self) -> _Message:
        """The app's `receive`: all that was signed, and then nothing but the peer's going."""
        if not self._is_handed_over:
            self._is_handed_over = True
            body, self._kept = bytes(self._kept), bytearray()
            return {"type": "http.request", "body": body, "more_body": False}
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                return message


class _PeerGone(Exception):
    """Who sent the request is no longer there."""


def check_type(name: str, given: object, kind: type | UnionType, rule: str) -> None:
    if not isinstance(given, kind):
        raise wrong(f"{name} must be {rule}, not {type(given).__name__}")


RAW_PATH = (
    "the server hands over no raw_path, which was signed; use one that does, as uvicorn and hypercorn do"
)
POLICY_VIOLATION = 1008
DIGITS_MAX = 4096
