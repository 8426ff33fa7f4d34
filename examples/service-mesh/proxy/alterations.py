"""What a proxy in the middle can do to a request, and what each must come to."""

import asyncio
import base64
import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from proxy.message import Request, Response
from proxy.proxy import Send, Way, straight


@dataclass(frozen=True)
class Alteration:
    """A way through the proxy. `code` is that of the refusal, none where the call must be carried out."""

    part: str
    title: str
    way: Way
    code: str | None


def changed(change: Callable[[Request], Request]) -> Way:
    """Sends the request changed."""

    async def way(request: Request, send: Send) -> list[Response]:
        other = change(request)
        if other == request:
            raise AssertionError("the alteration changed nothing")
        return [await send(other)]

    return way


async def twice(request: Request, send: Send) -> list[Response]:
    """Sends it, and the same bytes once more."""
    return [await send(request), await send(request)]


async def to_all(request: Request, send: Send) -> list[Response]:
    """Sends the same bytes to both replicas at once."""
    return list(await asyncio.gather(send(request, replica=0), send(request, replica=1)))


class Held:
    """Holds the request back until it is let go."""

    def __init__(self) -> None:
        self.came = asyncio.Event()
        self.answers: list[Response] = []
        self._go = asyncio.Event()
        self._created = 0

    async def way(self, request: Request, send: Send) -> list[Response]:
        found = re.search("created=([0-9]+)", request.field("signature-input") or "")
        self._created = int(found[1]) if found else 0
        self.came.set()
        await self._go.wait()
        self.answers = [await send(request)]
        return self.answers

    def let_go(self) -> None:
        self._go.set()

    async def grown_old(self, max_age: int) -> None:
        """Returns when no verifier that allows for this age, in seconds, takes it any more."""
        while time.time() < self._created + max_age + 1:
            await asyncio.sleep(LOOK_S)


def larger_amount(body: bytes) -> bytes:
    """Another order, of the same length."""
    return body.replace(b'"amount":100', b'"amount":900')


def _body(request: Request) -> Request:
    return request.with_body(larger_amount(request.body))


def _body_and_digest(request: Request) -> Request:
    body = larger_amount(request.body)
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    return request.with_body(body).with_field("content-digest", f"sha-256=:{digest}:")


def _parameter(name: str, value: str) -> Callable[[Request], Request]:
    """Another value of a parameter of the signature, which the caller has signed too."""

    def change(request: Request) -> Request:
        given = request.field("signature-input") or ""
        return request.with_field("signature-input", re.sub(f"{name}=[^;]+", f"{name}={value}", given))

    return change


def _unsigned(request: Request) -> Request:
    return request.with_field("signature", None).with_field("signature-input", None)


def _query(request: Request) -> Request:
    return request.with_line(target=request.target.replace("limit=100", "limit=900"))


def _path(request: Request) -> Request:
    return request.with_line(target=request.target.replace("/execute?", "/execute/all?"))


def _field(name: str, value: str | None) -> Callable[[Request], Request]:
    return lambda request: request.with_field(name, value)


def _via(request: Request) -> Request:
    return request.with_more("Via", "1.1 proxy").with_more("X-Forwarded-For", "192.0.2.7")


NOTHING = Alteration("nothing", "passed on as it came", straight, None)
HONEST = Alteration("nothing", "passed on with Via and X-Forwarded-For", changed(_via), None)
REPLAY = Alteration("replay", "sent, and sent once more", twice, "replayed")
ALTERATIONS = (
    Alteration("body", "an amount in the body changed", changed(_body), "body_mismatch"),
    Alteration("body", "the amount and its digest changed", changed(_body_and_digest), "bad_signature"),
    Alteration(
        "body", "the body taken away", changed(lambda request: request.with_body(b"")), "body_mismatch"
    ),
    Alteration("query", "a limit in the query changed", changed(_query), "bad_signature"),
    Alteration(
        "query", "the query taken away", changed(lambda r: r.with_line(target="/execute")), "bad_signature"
    ),
    Alteration("path", "led to another path of the caller's", changed(_path), "bad_signature"),
    Alteration("method", "POST made PUT", changed(lambda r: r.with_line(method="PUT")), "bad_signature"),
    Alteration("header", "the tenant changed", changed(_field("x-tenant", "globex")), "bad_signature"),
    Alteration("header", "the tenant taken away", changed(_field("x-tenant", None)), "malformed_request"),
    Alteration(
        "header",
        "a second tenant added",
        changed(lambda r: r.with_more("X-Tenant", "globex")),
        "malformed_request",
    ),
    Alteration(
        "header", "the content's type changed", changed(_field("content-type", "text/plain")), "bad_signature"
    ),
    Alteration(
        "header", "the digest taken away", changed(_field("content-digest", None)), "malformed_request"
    ),
    Alteration(
        "authority",
        "said to be for another service",
        changed(_field("host", "ledger.mesh")),
        "wrong_authority",
    ),
    Alteration("signature", "the signature taken away", changed(_unsigned), "malformed_request"),
    Alteration(
        "signature", "signed later, it says", changed(_parameter("created", "253402300799")), "bad_signature"
    ),
    Alteration(
        "signature",
        "another nonce",
        changed(_parameter("nonce", '"AAECAwQFBgcICQoLDA0ODw"')),
        "bad_signature",
    ),
    Alteration(
        "signature", "another's key named", changed(_parameter("keyid", '"heartbeat-1"')), "bad_signature"
    ),
    Alteration(
        "signature", "an unknown key named", changed(_parameter("keyid", '"nobody-1"')), "unknown_key"
    ),
    REPLAY,
)
LOOK_S = 0.05
