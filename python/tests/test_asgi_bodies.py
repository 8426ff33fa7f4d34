"""Bodies that come in pieces, are too long, never end, or whose peer goes; and what the app reads of them."""

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from counterseal import RequestSigner
from serving import KEY, SIGNER, App, Fields, Vault, answer_on, guarded, head, serving, vault
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

LIMIT = 100_000
TOO_LARGE = b'{"class":"too_large","status":413}'


@pytest.fixture(scope="module", params=["h11", "httptools"])
def server(request: pytest.FixtureRequest) -> Iterator[Vault]:
    with vault(http=request.param, body_limit=LIMIT) as running:
        yield running


def signed(server: Vault, body: bytes, *fields: tuple[str, str], target: str = "/") -> Fields:
    plain = [("Host", server.authority), *fields]
    signer = RequestSigner(KEY, body_limit=10_000_000)
    return [*plain, *signer.sign("POST", server.url + target, headers=plain, body=body)]


def connect(server: Vault) -> socket.socket:
    host, _, port = server.authority.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=30)


def chunk(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)


def test_a_body_in_chunks(server: Vault) -> None:
    body = bytes(range(256)) * 100
    with connect(server) as connection:
        connection.sendall(head("POST", "/", signed(server, body, ("Transfer-Encoding", "chunked"))))
        for at in range(0, len(body), 1000):
            connection.sendall(chunk(body[at : at + 1000]))
        connection.sendall(chunk(b""))
        assert answer_on(connection).status == 200
    assert (server.app.seen[-1].body, server.app.seen[-1].messages) == (body, 1)


def test_a_chunk_more_or_less_than_was_signed(server: Vault) -> None:
    ran = len(server.app.seen)
    for pieces in ([b"abc", b"d"], [b"ab"], [], [b"abc", b"\0"]):
        fields = signed(server, b"abc", ("Transfer-Encoding", "chunked"))
        with connect(server) as connection:
            connection.sendall(head("POST", "/", fields) + b"".join(map(chunk, [*pieces, b""])))
            assert answer_on(connection).status == 401, pieces
    assert len(server.app.seen) == ran


def test_a_body_of_the_limit_and_one_byte_more(server: Vault) -> None:
    ran = len(server.app.seen)
    for length, status in ((LIMIT, 200), (LIMIT + 1, 413)):
        body = b"x" * length
        with connect(server) as connection:
            connection.sendall(head("POST", "/", signed(server, body, ("Transfer-Encoding", "chunked"))))
            connection.sendall(chunk(body) + chunk(b""))
            assert answer_on(connection).status == status
    assert [len(seen.body) for seen in server.app.seen[ran:]] == [LIMIT]


@pytest.mark.parametrize("expecting", [True, False])
def test_an_announced_body_that_is_too_long_is_not_read(server: Vault, expecting: bool) -> None:
    body = b"x" * (LIMIT + 1)
    fields = signed(server, body, ("Content-Length", str(len(body))))
    if expecting:
        fields.append(("Expect", "100-continue"))
    with connect(server) as connection:
        connection.sendall(head("POST", "/", fields))
        answer = answer_on(connection)
    assert (answer.status, answer.body, answer.all("connection")) == (413, TOO_LARGE, ["close"])


def test_an_endless_body_is_cut_off(server: Vault, caplog: pytest.LogCaptureFixture) -> None:
    ran = len(server.app.seen)
    fields = signed(server, b"x", ("Transfer-Encoding", "chunked"))
    with connect(server) as connection:
        connection.sendall(head("POST", "/", fields))
        # The server closes while more comes, so that its answer may be lost on the way.
        with pytest.raises(OSError, match=r"Broken pipe|Connection reset"):
            endlessly(connection, chunk(b"x" * 1000))
    cut_off = "AUTH REJECTED code=payload_too_large status=413 method=POST path=/ key_id=gateway-1"
    assert cut_off in caplog.text
    assert len(server.app.seen) == ran


def endlessly(connection: socket.socket, piece: bytes) -> None:
    while True:
        connection.sendall(piece)


def test_a_caller_that_goes_midway(server: Vault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "counterseal")
    gone, ran = threading.Event(), len(server.app.seen)

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "went before" in record.getMessage():
                gone.set()

    listener = Listener()
    logging.getLogger("counterseal").addHandler(listener)
    body = b"x" * 1000
    fields = signed(server, body, ("Content-Length", "1000"))
    with connect(server) as connection:
        connection.sendall(head("POST", "/", fields) + body[:999])
    assert gone.wait(30)
    logging.getLogger("counterseal").removeHandler(listener)
    assert len(server.app.seen) == ran
    # The nonce was not burned: the same request may still come, whole.
    with connect(server) as connection:
        connection.sendall(head("POST", "/", fields) + body)
        assert answer_on(connection).status == 200
    assert len(server.app.seen) == ran + 1


def test_a_second_request_hides_in_no_body(server: Vault) -> None:
    ran, inner = len(server.app.seen), head("GET", "/inner", signed(server, b"", target="/inner"))
    fields = signed(server, inner, ("Content-Length", str(len(inner))))
    with connect(server) as connection:
        connection.sendall(head("POST", "/", fields) + inner)
        assert answer_on(connection).status == 200
    assert [seen.body for seen in server.app.seen[ran:]] == [inner]


async def echo(request: Request) -> JSONResponse:
    return JSONResponse({"body": (await request.body()).decode(), "again": (await request.body()).decode()})


async def streamed(request: Request) -> StreamingResponse:
    pieces = [piece async for piece in request.stream()]
    return StreamingResponse(iter(pieces))


class Late(BaseHTTPMiddleware):
    """A middleware that reads the body within the guard, in the way that loses it for others."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        await request.body()
        return await call_next(request)


def test_what_starlette_reads_of_it() -> None:
    routes = [Route(f"/{end.__name__}", end, methods=["POST"]) for end in (echo, streamed)]

    def app(url: str) -> App:
        starlette = Starlette(routes=routes)
        starlette.add_middleware(Late)
        return guarded(starlette, url)

    with serving(app) as authority:
        server = Vault(authority, None)  # type: ignore[arg-type]
        for target, answer in (
            ("/echo", b'{"body":"a=1&b=2","again":"a=1&b=2"}'),
            ("/streamed", b"a=1&b=2"),
        ):
            body = b"a=1&b=2"
            told = server.call("POST", target, server.sign("POST", target, [], body), body)
            assert (told.status, told.body) == (200, answer)


def test_an_app_that_asks_for_more_gets_nothing_more() -> None:
    """After the body there is the peer's going, whatever a server may still have."""
    told: list[Any] = []
    more: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"unsigned", "more_body": False},
        {"type": "http.disconnect"},
    ]

    async def app(scope: MutableMapping[str, Any], receive: App, send: App) -> None:
        told.extend([await receive(), await receive()])

    drive(guarded(app, "http://vault"), [{"type": "http.request", "body": b""}, *more])
    assert told == [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]


def drive(app: App, messages: list[dict[str, Any]], **scope: Any) -> list[dict[str, Any]]:
    """Runs an app on a request of ours without a server, for what no server does."""
    fields = [("host", "vault"), *SIGNER.sign("GET", "http://vault/")]
    given: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [[name.lower().encode(), value.encode()] for name, value in fields],
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(given | scope, receive, send))
    return sent


@pytest.mark.parametrize("scope", [{"raw_path": None}, {"raw_path": b"/?x=1", "query_string": b"x=1"}])
def test_a_server_that_hands_over_no_raw_path(scope: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def app(*_: Any) -> None:
        pytest.fail("the app ran")

    trust = {"vault": {"exempt": ["/"]}}
    start, body = drive(guarded(app, "http://vault", trust=trust, callee="vault"), [], **scope)
    assert (start["status"], body["body"]) == (503, b'{"class":"unavailable","status":503}')
    assert "the server hands over no raw_path" in caplog.text


def test_an_unknown_kind_of_scope_reaches_no_app() -> None:
    async def app(*_: Any) -> None:
        pytest.fail("the app ran")

    with pytest.raises(ValueError, match="no scope of type 'quic'"):
        drive(guarded(app, "http://vault"), [], type="quic")


@pytest.mark.parametrize(("version", "fields"), [("1.0", 1), ("1.1", 1), ("2", 0), ("3", 0)])
def test_only_http_1_has_a_field_for_the_connection(version: str, fields: int) -> None:
    async def app(*_: Any) -> None:
        pytest.fail("the app ran")

    headers = [(b"host", b"vault"), (b"content-length", b"1")]
    start, _ = drive(guarded(app, "http://vault"), [], http_version=version, headers=headers)
    assert [value for name, value in start["headers"] if name == b"connection"] == [b"close"] * fields
