"""Requests as they are on the wire, a server that asks whose they are, and a client that sends them."""

import base64
import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    fields: Fields
    body: bytes

    @property
    def url(self) -> str:
        """As whoever calls the server writes it."""
        return f"http://{dict(self.fields)['Host']}{self.target}"

    def with_fields(self, fields: Fields) -> "Request":
        return replace(self, fields=[*self.fields, *fields])

    def changed(self, port: int, *, fields: dict[str, str | None] | None = None, **to: Any) -> "Request":
        """Each field replaced where it stands, or left out, or added at the end."""
        given = dict(self.fields) | (fields or {})
        told = [
            (name, value.replace("{port}", str(port))) for name, value in given.items() if value is not None
        ]
        body = base64.b64decode(to.pop("body")) if "body" in to else self.body
        return replace(self, fields=told, body=body, **to)


class Refused(Exception):
    """A verifier said no; its word is the code, where it has one."""


Verify = Callable[[Request], str]


def cases() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    return loaded


def request_of(case: dict[str, Any], port: int) -> Request:
    """A case as it is before anyone signs it."""
    fields = [("Host", f"127.0.0.1:{port}"), *case.get("fields", {}).items()]
    return Request(case["method"], case["target"], fields, base64.b64decode(case.get("body", "")))


@contextmanager
def serving(make: Callable[[list[str]], Verify]) -> Iterator[int]:
    """A server on loopback that has two names; `make` gets them and returns what verifies. Yields its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        port = server.server_port
        server.verify = make([f"http://127.0.0.1:{port}", f"http://localhost:{port}"])  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield port
        finally:
            server.shutdown()
            thread.join()


def send(port: int, request: Request) -> tuple[int, str]:
    """The status, and the caller or why it was refused. Nothing is added to the request but its length."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
    for name, value in request.fields:
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(len(request.body)))
    connection.endheaders(request.body)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


class Handler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        # `self.path` has lost a slash where the target begins with two.
        target = self.requestline.split(" ")[1]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        # Any other error is not a refusal, and ends the connection without an answer.
        try:
            verify: Verify = self.server.verify  # type: ignore[attr-defined]
            self.tell(200, verify(Request(self.command, target, self.headers.items(), body)))
        except Refused as refusal:
            self.tell(401, str(refusal))

    def tell(self, status: int, text: str) -> None:
        answer = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, format: str, *args: Any) -> None:
        pass


CASES = Path(__file__).with_name("cases.json")
