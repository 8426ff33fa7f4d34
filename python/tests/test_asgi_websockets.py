"""WebSockets behind the middleware: each opening is signed, and none is taken unless that is wanted."""

import asyncio
import logging
import re
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from counterseal import VerifiedRequest
from counterseal.asgi import CALLER
from serving import SIGNER, App, guarded, lifespan, serving
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

TRUST = {"vault": {"rules": [{"callers": ["gateway"], "paths": ["/feed"]}], "exempt": ["/open"]}}


@dataclass
class Echo:
    """An app that takes each WebSocket, tells it who opened it, and says again what it says."""

    opened: list[VerifiedRequest | None] = field(default_factory=list[VerifiedRequest | None])

    async def __call__(self, scope: MutableMapping[str, Any], receive: App, send: App) -> None:
        if scope["type"] == "lifespan":
            return await lifespan(receive, send)
        caller = scope[CALLER]
        self.opened.append(caller)
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": caller.owner if caller else "nobody"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})


@dataclass
class Feed:
    authority: str
    app: Echo

    def open(self, target: str, headers: list[tuple[str, str]]) -> list[str]:
        """What comes of an opening: what the app says, or what the peer learns of a refusal."""
        try:
            with connect(f"ws://{self.authority}{target}", additional_headers=headers) as socket:
                socket.send("again")
                return [str(socket.recv()), str(socket.recv())]
        except InvalidStatus as refused:
            return [str(refused.response.status_code), (refused.response.body or b"").decode()]

    def sign(self, target: str, method: str = "GET", body: bytes = b"") -> list[tuple[str, str]]:
        return SIGNER.sign(method, f"http://{self.authority}{target}", body=body)


def feed_of(**config: Any) -> Iterator[Feed]:
    app, options = Echo(), {"trust": TRUST, "callee": "vault", "websockets": config.pop("websockets", True)}
    with serving(lambda url: guarded(app, url, **options), **config) as authority:
        yield Feed(authority, app)


@pytest.fixture(scope="module", params=["websockets-sansio", "wsproto"])
def feed(request: pytest.FixtureRequest) -> Iterator[Feed]:
    yield from feed_of(ws=request.param)


@pytest.fixture(scope="module")
def closed() -> Iterator[Feed]:
    yield from feed_of(websockets=False)


UNAUTHORIZED = ["401", '{"class":"unauthorized","status":401}']


def test_an_opening_is_signed_as_a_get_without_a_body(feed: Feed) -> None:
    for target in ("/feed", "/feed/x?x=1&y='%2F", "/feed/x/?"):
        assert feed.open(target, feed.sign(target)) == ["gateway", "again"]


def test_a_stranger_is_refused_with_a_real_answer(feed: Feed, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "counterseal")
    opened, signed = len(feed.app.opened), feed.sign("/feed?x=1")
    assert feed.open("/feed?x=1", []) == UNAUTHORIZED
    assert feed.open("/feed?x=2", signed) == UNAUTHORIZED
    assert feed.open("/feed?x=1", feed.sign("/feed?x=1", "POST")) == UNAUTHORIZED
    assert feed.open("/feed?x=1", feed.sign("/feed?x=1", body=b"x")) == UNAUTHORIZED
    assert feed.open("/feed?x=1", signed) == ["gateway", "again"]
    assert feed.open("/feed?x=1", signed) == UNAUTHORIZED
    assert feed.open("/other", feed.sign("/other")) == ["403", '{"class":"forbidden","status":403}']
    assert re.findall(r"AUTH REJECTED code=(\w+) .* path=(\S+)", caplog.text) == [
        ("malformed_request", "/feed"),
        ("bad_signature", "/feed"),
        ("bad_signature", "/feed"),
        ("body_mismatch", "/feed"),
        ("replayed", "/feed"),
        ("caller_not_allowed", "/other"),
    ]
    assert len(feed.app.opened) == opened + 1


def test_an_exempt_path_is_open(feed: Feed, closed: Feed) -> None:
    for server in (feed, closed):
        assert server.open("/open", []) == ["nobody", "again"]
        assert server.open("/open/", []) == UNAUTHORIZED


def test_none_is_opened_unless_it_is_wanted(closed: Feed) -> None:
    opened = len(closed.app.opened)
    assert closed.open("/feed", closed.sign("/feed")) == UNAUTHORIZED
    assert len(closed.app.opened) == opened


@pytest.mark.parametrize("extensions", [{}, {"extensions": None}, {"extensions": {"other": {}}}])
def test_a_server_that_knows_no_answer_closes(extensions: Any) -> None:
    assert opening(**extensions) == [{"type": "websocket.close", "code": 1008}]


def test_http_2_opens_by_connect_which_cannot_be_signed() -> None:
    start, _ = opening(http_version="2", extensions={"websocket.http.response": {}}, signed=True)
    assert (start["type"], start["status"]) == ("websocket.http.response.start", 401)


def opening(signed: bool = False, **scope: Any) -> list[MutableMapping[str, Any]]:
    """Opens a WebSocket without a server, for what those here do not do."""

    async def app(*_: Any) -> None:
        pytest.fail("the app ran")

    fields = [("host", "vault"), *(SIGNER.sign("GET", "http://vault/") if signed else [])]
    given: dict[str, Any] = {
        "type": "websocket",
        "http_version": "1.1",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in fields],
    }
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        assert sent == []
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(guarded(app, "http://vault", websockets=True)(given | scope, receive, send))
    return sent
