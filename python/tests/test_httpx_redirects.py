"""Redirects: signed anew on the same server, and no signature for another one."""

import re
from collections.abc import Generator, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from counterseal import RequestSigner
from counterseal.httpx import SignatureAuth
from helpers import refusal
from httpx_clients import OURS, Send, send_async, send_sync, signatures
from serving import KEY, App, Recorder, guarded, serving


@pytest.fixture(params=["sync", "async"])
def send(request: pytest.FixtureRequest) -> Send:
    """Sends one request with a client of its own."""
    return send_sync if request.param == "sync" else send_async


class Redirecting:
    """An app that redirects /to/STATUS and notes all else, and guards all but what is below /open/."""

    def __init__(self, url: str, location: str) -> None:
        self.recorder, self.location = Recorder(), location
        self.fields: list[dict[str, str]] = []
        self.guarded = guarded(self.inner, url)

    async def __call__(self, scope: MutableMapping[str, Any], receive: App, send: App) -> None:
        is_open = scope["type"] == "http" and scope["path"].startswith("/open/")
        await (self.inner if is_open else self.guarded)(scope, receive, send)

    async def inner(self, scope: MutableMapping[str, Any], receive: App, send: App) -> None:
        if scope["type"] == "http":
            self.fields.append({name.decode(): value.decode() for name, value in scope["headers"]})
            if found := re.search(r"/to/(\d+)$", scope["path"]):
                location = [(b"location", self.location.encode())]
                await send({"type": "http.response.start", "status": int(found[1]), "headers": location})
                await send({"type": "http.response.body"})
                return
        await self.recorder(scope, receive, send)


@contextmanager
def redirecting(location: str) -> Generator[tuple[str, Redirecting]]:
    made: list[Redirecting] = []

    def app(url: str) -> App:
        made.append(Redirecting(url, location))
        return made[0]

    with serving(app) as authority:
        yield f"http://{authority}", made[0]


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [
        (301, "GET", b""),
        (302, "GET", b""),
        (303, "GET", b""),
        (307, "POST", b'{"n":1}'),
        (308, "POST", b'{"n":1}'),
    ],
)
def test_a_redirect_on_the_same_server_is_signed_anew(
    send: Send, status: int, method: str, body: bytes
) -> None:
    with redirecting("/it's?q='%2F") as (url, app):
        answer = send("POST", f"{url}/to/{status}", json={"n": 1}, follow=True, auth=SignatureAuth(KEY))
    assert (answer.status_code, answer.json()) == (200, {"owner": "gateway"})
    [seen] = app.recorder.seen
    assert (seen.method, seen.target, seen.body) == (method, b"/it's?q='%2F", body)
    assert app.fields[0]["signature"] != app.fields[1]["signature"]


class Naive(httpx.Auth):
    """How one would write it."""

    requires_request_body = True

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        signer = RequestSigner(KEY)
        fields = signer.sign(
            request.method, str(request.url), headers=request.headers.raw, body=request.content
        )
        request.headers.update(dict(fields))
        yield request


def test_another_server_gets_no_signature(send: Send) -> None:
    with redirecting("/") as (elsewhere, other), redirecting(f"{elsewhere}/open/x") as (url, _):
        for status in (302, 307):
            # The attack that is there without us: httpx takes the signature along.
            send("POST", f"{url}/to/{status}", content=b"x", follow=True, auth=Naive())
            assert OURS & set(other.fields[-1]) == OURS
            answer = send("POST", f"{url}/to/{status}", content=b"x", follow=True, auth=SignatureAuth(KEY))
            assert answer.status_code == 200
            assert OURS & set(other.fields[-1]) == set()
            assert OURS & {name.lower() for name in answer.request.headers} == set()


def test_another_server_that_asks_for_a_signature_gets_none(send: Send) -> None:
    with redirecting("/") as (elsewhere, other), redirecting(f"{elsewhere}/x") as (url, _):
        answer = send("POST", f"{url}/to/307", content=b"x", follow=True, auth=SignatureAuth(KEY))
    assert (answer.status_code, answer.url.path, other.recorder.seen) == (401, "/x", [])


def test_another_server_does_not_choose_what_is_signed(send: Send) -> None:
    """It sends on to where the first one lets a signed request do harm."""
    with redirecting("/never") as (url, app), redirecting(f"{url}/harm") as (elsewhere, _):
        app.location = f"{elsewhere}/open/to/307"
        answer = send("POST", f"{url}/to/307", content=b"x", follow=True, auth=SignatureAuth(KEY))
        assert (answer.status_code, app.recorder.seen) == (401, [])


def test_servers_that_share_the_key(send: Send) -> None:
    with redirecting("/") as (second, other), redirecting(f"{second}/x") as (url, _):
        auth = SignatureAuth(KEY, origins=[url, second])
        answer = send("POST", f"{url}/to/307", content=b"x", follow=True, auth=auth)
        assert (answer.status_code, answer.json()) == (200, {"owner": "gateway"})
        assert [seen.body for seen in other.recorder.seen] == [b"x"]
        only_second = SignatureAuth(KEY, origins=(second,))
        error = refusal(send, "POST", f"{url}/x", auth=only_second)
    assert (error.code, error.detail.startswith(f"{url} is not among origins ({second})")) == (
        "malformed_argument",
        True,
    )


def test_a_redirect_that_nobody_follows() -> None:
    with redirecting("/x") as (url, app), httpx.Client(auth=SignatureAuth(KEY)) as client:
        answer = client.post(f"{url}/to/307", content=b"x")
        assert (answer.status_code, answer.next_request is not None) == (307, True)
        assert answer.next_request is not None
        assert signatures(answer.next_request) == []
        assert client.send(answer.next_request).json() == {"owner": "gateway"}
    assert len(app.recorder.seen) == 1


def test_a_redirect_in_circles_ends(send: Send) -> None:
    with redirecting("/to/307") as (url, _), pytest.raises(httpx.TooManyRedirects):
        send("GET", f"{url}/to/307", follow=True, auth=SignatureAuth(KEY))
