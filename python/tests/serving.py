"""Real servers on real sockets, an app that notes what reaches it, and requests as raw as can be sent."""

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Callable, Generator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import hypercorn.asyncio
import hypercorn.config
import uvicorn
from counterseal import Key, Keyring, MemoryReplayGuard, RequestSigner, VerifiedRequest
from counterseal.asgi import CALLER, RequireSignature
from helpers import SECRET

KEY = Key("gateway-1", secret=SECRET, owner="gateway")
SIGNER = RequestSigner(KEY)

Fields = list[tuple[str, str]]
App = Callable[..., Any]


@dataclass
class Seen:
    """A request that reached the app."""

    method: str
    target: bytes
    body: bytes
    messages: int
    caller: VerifiedRequest | None


@dataclass
class Recorder:
    """An app that notes what reaches it, and answers who called."""

    seen: list[Seen] = field(default_factory=list[Seen])

    async def __call__(self, scope: MutableMapping[str, Any], receive: App, send: App) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
            return
        body, messages, more = b"", 0, True
        while more:
            message = await receive()
            assert message["type"] == "http.request", message
            body, more, messages = body + message["body"], message["more_body"], messages + 1
        caller = scope.get(CALLER)
        target = scope["raw_path"] + b"?" + scope["query_string"]
        self.seen.append(Seen(scope["method"], target, body, messages, caller))
        answer = json.dumps({"owner": caller and caller.owner}).encode()
        fields = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        await send({"type": "http.response.body", "body": answer})


async def lifespan(receive: App, send: App) -> None:
    for moment in ("startup", "shutdown"):
        assert (await receive())["type"] == f"lifespan.{moment}"
        await send({"type": f"lifespan.{moment}.complete"})


@dataclass
class Vault:
    """A guarded app on a server that runs."""

    authority: str
    app: Recorder

    @property
    def url(self) -> str:
        return f"http://{self.authority}"

    def sign(self, method: str, target: str, headers: Fields | None = None, body: bytes = b"") -> Fields:
        """All fields of a signed request."""
        plain = [("Host", self.authority), *(headers or [])]
        if body:
            plain.append(("Content-Length", str(len(body))))
        return [*plain, *SIGNER.sign(method, self.url + target, headers=plain, body=body)]

    def call(self, method: str, target: str, fields: Fields, body: bytes = b"") -> "Answer":
        return exchange(self.authority, head(method, target, fields) + body, method)


@contextmanager
def vault(*, http: str = "h11", **options: Any) -> Generator[Vault]:
    """A recorder behind the middleware, on uvicorn."""
    app = Recorder()
    with serving(lambda url: guarded(app, url, **options), http=http) as authority:
        yield Vault(authority, app)


def guarded(app: App, url: str, **options: Any) -> RequireSignature:
    """The app behind the middleware, with a guard that begins without a fence."""
    given: dict[str, Any] = {"guard": MemoryReplayGuard(), "authorities": [url]} | options
    return RequireSignature(app, keys=Keyring([KEY]), **given)


@contextmanager
def serving(app_of: Callable[[str], App], **config: Any) -> Generator[str]:
    """uvicorn in a thread, with the app for its URL; gives host and port."""
    with listening() as listener:
        authority = f"127.0.0.1:{listener.getsockname()[1]}"
        given: dict[str, Any] = {"log_config": None, "timeout_graceful_shutdown": 1} | config
        server = uvicorn.Server(uvicorn.Config(app_of(f"http://{authority}"), **given))
        with running(lambda: server.run(sockets=[listener])):
            try:
                yield authority
            finally:
                server.should_exit = True


@contextmanager
def serving_http_2(app_of: Callable[[str], App]) -> Generator[str]:
    """hypercorn in a thread, which takes HTTP/2 without TLS from whoever begins with it."""
    with listening() as listener:
        authority = f"127.0.0.1:{listener.getsockname()[1]}"
        config = hypercorn.config.Config()
        config.bind = [f"fd://{listener.detach()}"]
        ended, asked = threading.Event(), app_of(f"http://{authority}")

        async def serve() -> None:
            trigger = asyncio.Event()
            loop = asyncio.get_running_loop()
            stopping = threading.Thread(
                target=lambda: ended.wait() and loop.call_soon_threadsafe(trigger.set)
            )
            stopping.start()
            serve_asgi: Any = vars(hypercorn.asyncio)["serve"]
            await serve_asgi(asked, config, shutdown_trigger=trigger.wait)
            ended.set()
            stopping.join()

        with running(lambda: asyncio.run(serve())):
            try:
                yield authority
            finally:
                ended.set()


def listening() -> socket.socket:
    """A socket that listens already, so that nobody need wait until its server is there."""
    # asyncio delays no small packets on sockets that name TCP, and only on those.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


@contextmanager
def running(work: Callable[[], None]) -> Generator[None]:
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join()


@dataclass
class Answer:
    status: int
    fields: Fields
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.fields if known == name]


def head(method: str, target: str, fields: Fields) -> bytes:
    """The head of a request, of characters up to 0xFF."""
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def exchange(authority: str, request: bytes, method: str = "GET") -> Answer:
    """Sends bytes as they are, and reads the answer."""
    host, _, port = authority.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request)
        return answer_on(connection, method)


def answer_on(connection: socket.socket, method: str = "GET") -> Answer:
    response = http.client.HTTPResponse(connection, method=method)
    response.begin()
    with response:
        fields = [(name.lower(), value) for name, value in response.getheaders()]
        return Answer(response.status, fields, response.read())
