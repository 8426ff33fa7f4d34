"""What httpx sends with SignatureAuth: each attempt signed, and no signature for another server."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, MutableMapping
from typing import Any

import counterseal.httpx
import httpx
import pytest
from counterseal import Key, RequestSigner, Secret
from counterseal.httpx import SignatureAuth
from helpers import SECRET, refusal, refused
from httpx_clients import OURS, Send, send_async, send_sync, signatures
from serving import KEY, App, Recorder, Vault, guarded, lifespan, serving, serving_http_2, vault


@pytest.fixture(scope="module")
def server() -> Iterator[Vault]:
    with vault() as running:
        yield running


@pytest.fixture(params=["sync", "async"])
def send(request: pytest.FixtureRequest) -> Send:
    """Sends one request with a client of its own."""
    return send_sync if request.param == "sync" else send_async


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("", None),
        ("/", None),
        ("/x?", None),
        ("//x//y", None),
        ("/it's/a%2Fb?q='", None),
        ("/a+b?c=d+e%2Bf", None),
        ("/é ü?ö=ß", None),
        ("/a/../b", None),
        ("/x", {"q": "a b+c'é/&"}),
        ("/x?old=1", {"new": ["1", "2"]}),
        ("/x#part", None),
        ("/%zz?%", None),
    ],
)
def test_the_target_that_is_sent_is_the_one_that_was_signed(
    server: Vault, send: Send, path: str, params: Any
) -> None:
    answer = send("GET", server.url + path, params=params, auth=SignatureAuth(KEY))
    assert (answer.status_code, answer.json()) == (200, {"owner": "gateway"})


def pieces() -> Iterator[bytes]:
    yield from (b"ab", b"", b"cd")


async def pieces_async() -> AsyncIterator[bytes]:
    for piece in pieces():
        yield piece


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({}, b""),
        ({"content": b""}, b""),
        ({"content": b"\x00\xff"}, b"\x00\xff"),
        ({"content": "é"}, "é".encode()),
        ({"json": {"amount": 1.0, "é": "/"}}, '{"amount":1.0,"é":"/"}'.encode()),
        ({"data": {"a": "b c", "d": "é"}}, b"a=b+c&d=%C3%A9"),
        (
            {
                "files": {"f": ("n.txt", b"text")},
                "headers": {"Content-Type": "multipart/form-data; boundary=x"},
            },
            None,
        ),
    ],
)
def test_every_kind_of_body(server: Vault, send: Send, given: Any, body: bytes | None) -> None:
    answer = send("POST", server.url, auth=SignatureAuth(KEY), **given)
    assert answer.status_code == 200
    assert body is None or server.app.seen[-1].body == body


def test_a_body_that_streams_is_read_first(server: Vault) -> None:
    for send, stream in ((send_sync, pieces), (send_async, pieces_async)):
        answer = send("POST", server.url, auth=SignatureAuth(KEY), content=stream())
        assert (answer.status_code, server.app.seen[-1].body) == (200, b"abcd")
    limited = SignatureAuth(RequestSigner(KEY, body_limit=3))
    ran = len(server.app.seen)
    with refused("payload_too_large"):
        send_sync("POST", server.url, auth=limited, content=pieces())
    for send, stream in ((send_async, pieces), (send_sync, pieces_async)):
        with pytest.raises(RuntimeError, match=r"Attempted to send an? a?sync request"):
            send("POST", server.url, auth=SignatureAuth(KEY), content=stream())
    assert len(server.app.seen) == ran


def test_a_request_that_is_sent_twice_is_signed_anew(server: Vault) -> None:
    with httpx.Client(auth=SignatureAuth(KEY)) as client:
        request = client.build_request("POST", server.url, content=b"x")
        first = client.send(request)
        before = signatures(request)
        second = client.send(request)
    assert [first.status_code, second.status_code] == [200, 200]
    assert [name.lower() for name, _ in before] == ["content-digest", "signature-input", "signature"]
    assert len(signatures(request)) == 3
    assert signatures(request)[1:] != before[1:]


def test_a_retry_after_503_is_signed_anew() -> None:
    answers, nonces = [503, 503, 200], list[str]()

    def app(url: str) -> App:
        async def flaky(scope: MutableMapping[str, Any], receive: App, send: App) -> None:
            if scope["type"] == "lifespan":
                return await lifespan(receive, send)
            nonces.append(scope["counterseal.caller"].nonce)
            await send({"type": "http.response.start", "status": answers.pop(0), "headers": []})
            await send({"type": "http.response.body"})

        return guarded(flaky, url)

    with serving(app) as authority, httpx.Client(auth=SignatureAuth(KEY)) as client:
        request = client.build_request("POST", f"http://{authority}/", json={})
        while client.send(request).status_code == 503:
            pass
    assert (answers, len(set(nonces))) == ([], 3)


class Twice(httpx.HTTPTransport):
    """A transport that retries by itself, as some do."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        super().handle_request(request).read()
        return super().handle_request(request)


def test_what_a_transport_repeats_is_a_replay(server: Vault) -> None:
    ran = len(server.app.seen)
    with httpx.Client(auth=SignatureAuth(KEY), transport=Twice()) as client:
        assert client.post(server.url, content=b"x").status_code == 401
    assert len(server.app.seen) == ran + 1


def test_a_signature_of_another_label_stays(server: Vault) -> None:
    foreign = {"Signature-Input": 'sig1=("@method");keyid="x"', "Signature": "sig1=:AAAA:"}
    with httpx.Client(auth=SignatureAuth(KEY)) as client:
        request = client.build_request("GET", server.url, headers=foreign)
        assert [client.send(request).status_code for _ in range(2)] == [200, 200]
    assert request.headers.get_list("signature")[0] == "sig1=:AAAA:"
    assert len(request.headers.get_list("signature")) == 2


def test_what_is_signed_or_digested_already(server: Vault) -> None:
    signed = dict(RequestSigner(KEY).sign("GET", server.url))
    for headers in (signed, {"Content-Digest": "sha-256=:AAAA:"}):
        with refused("malformed_argument"):
            send_sync("GET", server.url, headers=headers, auth=SignatureAuth(KEY))


def test_the_host_that_is_sent_is_signed() -> None:
    with vault(authorities=["http://vault.internal:8200"]) as named:
        host = {"Host": "vault.internal:8200"}
        assert send_sync("GET", named.url, headers=host, auth=SignatureAuth(KEY)).status_code == 200
        assert send_sync("GET", named.url, auth=SignatureAuth(KEY)).status_code == 401


def test_a_target_that_is_no_path(server: Vault) -> None:
    """httpx can send another target than the URL's."""
    with httpx.Client(auth=SignatureAuth(KEY)) as client:
        assert client.get(server.url, extensions={"target": b"/other?x"}).status_code == 200
        assert server.app.seen[-1].target == b"/other?x"
        with refused("malformed_argument"):
            client.options(server.url, extensions={"target": b"*"})


def test_a_hook_runs_after_the_signature(server: Vault) -> None:
    def noted(request: httpx.Request) -> None:
        request.headers["X-Note"] = "é"

    def retyped(request: httpx.Request) -> None:
        request.headers["Content-Type"] = "text/plain"

    for hook, status in ((noted, 200), (retyped, 401)):
        with httpx.Client(auth=SignatureAuth(KEY), event_hooks={"request": [hook]}) as client:
            assert client.post(server.url, json={}).status_code == status


def test_a_mock_sees_the_signature() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert set(request.headers) >= OURS
        assert "Signature" in request.headers
        assert request.headers["signature"].startswith("counterseal=:")
        assert len(request.headers) == len(dict(request.headers)) == len(request.headers.items())
        assert "counterseal=" in str(request.headers.values())
        return httpx.Response(200)

    with httpx.Client(auth=SignatureAuth(KEY), transport=httpx.MockTransport(answer)) as client:
        assert client.post("http://vault/", content=b"x").status_code == 200


def test_over_http_2() -> None:
    app = Recorder()
    with serving_http_2(lambda url: guarded(app, url)) as authority:
        url = f"http://{authority}/a%2Fb?x='"
        with httpx.Client(auth=SignatureAuth(KEY), http1=False, http2=True) as client:
            answer = client.post(url, json={"n": 1})
            assert (answer.http_version, answer.status_code, answer.json()) == (
                "HTTP/2",
                200,
                {"owner": "gateway"},
            )
            unsigned = client.get(url, auth=None)
            assert (unsigned.status_code, unsigned.json()) == (401, {"class": "unauthorized", "status": 401})
            assert "connection" not in unsigned.headers
            elsewhere = client.get(url, headers={"Host": "vault.internal"})
            assert elsewhere.status_code == 401
    assert [seen.target for seen in app.seen] == [b"/a%2Fb?x='"]


def test_a_key_of_another_kind_or_time(server: Vault) -> None:
    with refused("malformed_argument"):
        SignatureAuth(Key("auth-1", secret=SECRET, uses=["token"]))
    late = SignatureAuth(Key("gateway-1", secret=SECRET, not_after=1))
    with refused("inactive_key"):
        send_sync("GET", server.url, auth=late)
    other = SignatureAuth(Key("gateway-1", secret=Secret.generate()))
    assert send_sync("GET", server.url, auth=other).status_code == 401


@pytest.mark.parametrize(
    "origins",
    [
        "vault",
        7,
        [7],
        ["https://x:y"],
        ["ftp://vault"],
        ["https://vault/x"],
        ["https://u@vault"],
        ["https://"],
        ["https://vault#x"],
        [""],
    ],
)
def test_origins_that_are_none(origins: Any) -> None:
    error = refusal(SignatureAuth, KEY, origins=origins)
    assert (error.code, "origins" in error.detail) == ("malformed_argument", True)


def test_an_httpx_that_would_copy_signatures_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Copying(httpx.Headers):
        def __init__(self, headers: Any = None, encoding: str | None = None) -> None:
            super().__init__(getattr(headers, "raw", headers), encoding)

    monkeypatch.setattr(httpx, "Headers", Copying)
    error = refusal(SignatureAuth, KEY)
    assert "would send signatures on" in error.detail
    monkeypatch.undo()
    assert counterseal.httpx.SignatureAuth(KEY)


@pytest.mark.parametrize(
    ("module", "needs"),
    [("counterseal.fastapi", "fastapi"), ("counterseal.httpx", "httpx")],
)
def test_what_is_missing_is_named(module: str, needs: str) -> None:
    code = f"import sys; sys.modules[{needs!r}] = None; import counterseal, counterseal.asgi, {module}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1].endswith(f"pip install 'counterseal[{needs}]'"), done.stderr
    assert "During handling" not in done.stderr
