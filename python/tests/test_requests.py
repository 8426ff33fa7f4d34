"""Signed requests, as Python spells them."""

import copy
import http.client
import pickle
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from counterseal import (
    CountersealError,
    Key,
    Keyring,
    MemoryReplayGuard,
    PendingRequest,
    RequestSigner,
    RequestVerifier,
)
from helpers import NONCE, NOW, SECRET, refusal, refused

KEY = Key("gateway-1", secret=SECRET, owner="gateway")
SIGNER = RequestSigner(KEY)
OWN = "http://vault.internal:8200"
HOST = ("Host", "vault.internal:8200")
JSON = ("Content-Type", "application/json")
TARGET = "/a%2Fb/execute?x=1&y=%C3%A9"
BODY = b'{"cmd":"run"}'
GOLDEN = [
    ("Content-Digest", "sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:"),
    (
        "Signature-Input",
        'counterseal=("@method" "@authority" "@path" "@query" "content-digest" "content-type")'
        f';created={NOW};nonce="{NONCE}";keyid="gateway-1";alg="hmac-sha256";tag="counterseal"',
    ),
    ("Signature", "counterseal=:uBdBiueTdW0ov4xwMLAVXkRVY4d9TmeaJwJWTswLWx0=:"),
]
FIELDS = [HOST, JSON, *GOLDEN]
BYTES = [(name.encode(), value.encode()) for name, value in FIELDS]
EVIL: list[Any] = [7, None, [], object(), 1.5, "\ud800", b"\xff"]


def verifier(**options: Any) -> RequestVerifier:
    given: dict[str, Any] = {"authorities": [OWN]} | options
    return RequestVerifier(Keyring([KEY]), **given)


def sign(body: bytes = BODY, **given: Any) -> list[tuple[str, str]]:
    return SIGNER.sign("POST", OWN + TARGET, headers=[JSON], body=body, now=NOW, **given)


def begin(**options: Any) -> PendingRequest:
    return verifier(**options).begin("POST", TARGET, headers=FIELDS, now=NOW)


def test_the_golden_request() -> None:
    assert sign(nonce=NONCE) == GOLDEN
    verified = verifier().verify("POST", TARGET, headers=FIELDS, body=BODY, now=NOW)
    assert (verified.key_id, verified.owner, verified.timestamp, verified.nonce) == (
        "gateway-1",
        "gateway",
        NOW,
        NONCE,
    )
    assert repr(verified) == f"VerifiedRequest(key_id='gateway-1', owner='gateway', timestamp={NOW})"


def test_clock_and_nonce_are_taken_where_none_is_given() -> None:
    signed, again = (SIGNER.sign("GET", "https://vault") for _ in range(2))
    assert signed != again
    hub = verifier(authorities=("vault",))
    for fields in (signed, again):
        assert hub.verify("GET", "/", headers=[("host", "vault"), *fields]).owner == "gateway"


@pytest.mark.parametrize(
    "headers",
    [
        [JSON],
        (JSON,),
        [list(JSON)],
        [(b"content-type", b"application/json")],
        [("content-type", memoryview(b"application/json"))],
        [(bytearray(b"content-type"), bytearray(b"application/json"))],
        dict([JSON]),
        {b"content-type": b"application/json"},
    ],
)
def test_every_form_of_headers_to_sign(headers: Any) -> None:
    for method, url, body in (
        ("POST", OWN + TARGET, BODY),
        (b"POST", (OWN + TARGET + "#top").encode(), memoryview(BODY)),
    ):
        assert SIGNER.sign(method, url, headers=headers, body=body, now=NOW, nonce=NONCE) == GOLDEN


@pytest.mark.parametrize(
    "headers",
    [
        FIELDS,
        tuple(FIELDS),
        BYTES,
        [list(field) for field in BYTES],
        [(name.lower(), value.encode()) for name, value in FIELDS],
        [(memoryview(name), bytearray(value)) for name, value in BYTES],
    ],
)
def test_every_form_of_a_request_that_arrived(headers: Any) -> None:
    for method, target, body in (("POST", TARGET, BODY), (b"POST", TARGET.encode(), bytearray(BODY))):
        assert verifier().verify(method, target, headers=headers, body=body, now=NOW).nonce == NONCE
        pending = verifier().begin(method, target, headers=headers, now=NOW)
        pending.update(body)
        assert pending.finish(now=NOW).nonce == NONCE


def test_targets_and_authorities_of_other_forms() -> None:
    http_2 = [(":authority", HOST[1]), *FIELDS[1:]]
    for target, headers in ((f"{OWN}{TARGET}", FIELDS), (TARGET, http_2), (TARGET, [*http_2, HOST])):
        assert verifier().verify("POST", target, headers=headers, body=BODY, now=NOW).nonce == NONCE


@pytest.mark.parametrize("evil", EVIL)
def test_what_no_peer_can_send_is_the_peers(evil: Any) -> None:
    heads: list[tuple[Any, Any, Any]] = [
        (evil, TARGET, FIELDS),
        ("POST", evil, FIELDS),
        ("POST", TARGET, evil),
        ("POST", TARGET, [*FIELDS, evil]),
        ("POST", TARGET, [*FIELDS, (evil, "x")]),
    ]
    if not isinstance(evil, str | bytes):
        heads.append(("POST", TARGET, [*FIELDS, ("x", evil)]))
    for method, target, headers in heads:
        for call in (verifier().verify, verifier().begin):
            with refused("malformed_request"):
                call(method, target, headers=headers, now=NOW)
            # A mistake of this side's own comes before all that a peer did.
            with refused("malformed_argument"):
                call(method, target, headers=headers, now=1.5)
        with refused("malformed_argument"):
            verifier().verify(method, target, headers=headers, body="text", now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "target", "headers", "detail"),
    [
        (7, TARGET, FIELDS, "method must be str without lone surrogates, or UTF-8 bytes, not int"),
        ("POST", None, FIELDS, "target must be str without lone surrogates, or UTF-8 bytes, not NoneType"),
        ("POST", TARGET, dict(FIELDS), "headers must be a list or tuple of (name, value) pairs, not dict"),
        ("POST", TARGET, "Host: vault", "headers must be a list or tuple of (name, value) pairs, not str"),
        ("POST", TARGET, [(*HOST, 1)], "each of headers must be a tuple or list of a name and a value, not"),
        ("POST", TARGET, [(7, "x")], "a name in headers must be str without lone surrogates, or UTF-8 bytes"),
        ("POST", TARGET, [("x", 7)], "a value in headers must be str or bytes, not int"),
        ("POST", "*", FIELDS, "the target is neither a path nor"),
        ("POST", TARGET, [], "Signature-Input or Signature is absent"),
        ("POST", TARGET, [*FIELDS, HOST], "a field that must stand once is repeated"),
    ],
)
def test_a_malformed_request_in_words(method: Any, target: Any, headers: Any, detail: str) -> None:
    for call in (verifier().verify, verifier().begin):
        error = refusal(call, method, target, headers=headers, now=NOW)
        assert (error.code, error.detail.startswith(detail)) == ("malformed_request", True), str(error)


def test_a_field_that_is_not_covered_holds_what_it_will() -> None:
    for value in ("é", "\udcff", b"\xff", "a\nb", ""):
        headers = [("X-Note", value), *FIELDS, ("X-É", value)]
        verifier().verify("POST", TARGET, headers=headers, body=BODY, now=NOW)
        SIGNER.sign("POST", OWN, headers=[("X-Note", value)])
        noted = RequestSigner(KEY, extra_fields=["x-note"])
        outcome = [] if value == "" else ["malformed_argument"]
        try:
            noted.sign("POST", OWN, headers=[("X-Note", value)])
        except CountersealError as error:
            outcome.remove(error.code)
        assert outcome == []


WRONG: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], str]] = [
    (RequestSigner, ("gateway-1",), {}, "key must be a Key, not str"),
    (RequestSigner, (Key("auth-1", secret=SECRET, uses=["token"]),), {}, "key auth-1"),
    (RequestSigner, (KEY,), {"extra_fields": ["X-Note"]}, "extra_fields must be"),
    (RequestSigner, (KEY,), {"extra_fields": "x-note"}, "extra_fields must be"),
    (RequestSigner, (KEY,), {"body_limit": True}, "body_limit must be"),
    (SIGNER.sign, (7, OWN), {}, "method must be str without lone surrogates, or UTF-8 bytes, not int"),
    (SIGNER.sign, ("\ud800", OWN), {}, "method must be"),
    (SIGNER.sign, ("A B", OWN), {}, "the method is not a token"),
    (SIGNER.sign, ("CONNECT", OWN), {}, "CONNECT cannot be signed"),
    (SIGNER.sign, ("GET", None), {}, "url must be str without lone surrogates, or UTF-8 bytes, not NoneType"),
    (SIGNER.sign, ("GET", b"\xff"), {}, "url must be"),
    (SIGNER.sign, ("GET", "/x"), {}, "the target is neither"),
    (SIGNER.sign, ("GET", "https://user@vault/"), {}, ""),
    (SIGNER.sign, ("GET", OWN), {"headers": None}, "headers must be a list or tuple of (name, value) pairs"),
    (SIGNER.sign, ("GET", OWN), {"headers": {JSON}}, "headers must be"),
    (SIGNER.sign, ("GET", OWN), {"headers": "x"}, "headers must be"),
    (SIGNER.sign, ("GET", OWN), {"headers": ["ab"]}, "each of headers must be a tuple or list"),
    (SIGNER.sign, ("GET", OWN), {"headers": [("x",)]}, "each of headers must be a tuple or list"),
    (SIGNER.sign, ("GET", OWN), {"headers": [(7, "x")]}, "a name in headers must be"),
    (SIGNER.sign, ("GET", OWN), {"headers": {"x": 7}}, "a value in headers must be str or bytes, not int"),
    (SIGNER.sign, ("GET", OWN), {"headers": [(b"\xff", "x")]}, "a name in headers must be"),
    (SIGNER.sign, ("GET", OWN), {"headers": GOLDEN}, "the request has a Content-Digest already"),
    (SIGNER.sign, ("GET", OWN), {"headers": GOLDEN[1:]}, "the request is signed already"),
    (SIGNER.sign, ("GET", OWN), {"headers": {"Host": "hub"}}, "the Host field and the URL name different"),
    (SIGNER.sign, ("GET", OWN), {"body": "text"}, "body must be bytes, bytearray or a contiguous memoryview"),
    (SIGNER.sign, ("GET", OWN), {"body": None}, "body must be bytes"),
    (SIGNER.sign, ("GET", OWN), {"body": [b"x"]}, "body must be bytes"),
    (SIGNER.sign, ("GET", OWN), {"now": "1"}, "now must be"),
    (SIGNER.sign, ("GET", OWN), {"nonce": NONCE.encode()}, "nonce must be"),
    (RequestVerifier, ([KEY],), {"authorities": [OWN]}, "keyring must be a Keyring, not list"),
    (verifier, (), {"authorities": OWN}, "authorities must be"),
    (verifier, (), {"authorities": []}, "authorities must name at least one"),
    (verifier, (), {"authorities": None}, "authorities must name at least one"),
    (verifier, (), {"authorities": [b"vault"]}, "authorities must be"),
    (verifier, (), {"guard": object()}, "guard must be a MemoryReplayGuard, not object"),
    (verifier, (), {"extra_fields": ["content-type"]}, "extra_fields must not name content-type"),
    (verifier, (), {"max_age": 0}, "max_age must be"),
    (verifier, (), {"max_ahead": "5"}, "max_ahead must be"),
    (verifier, (), {"allow": "gateway"}, "allow must be"),
    (verifier, (), {"callee": "vault"}, "trust and callee go together"),
    (verifier, (), {"callee": "vault", "trust": {"hub": {}}}, "callee vault is not in trust"),
    (verifier, (), {"callee": "vault", "trust": "{}"}, "trust, with a member for each callee, must be"),
    (verifier, (), {"body_limit": 10**400}, "body_limit must be"),
    (verifier().verify, ("GET", "/"), {"headers": [], "body": "text"}, "body must be bytes"),
    (verifier().verify, ("GET", "/"), {"headers": [], "body": None}, "body must be bytes"),
    (verifier().verify, ("GET", "/"), {"headers": [], "now": False}, "now must be"),
    (verifier().verify, ("GET", "/"), {}, "headers is required: a list or tuple of (name, value) pairs"),
    (verifier().begin, ("GET",), {"headers": []}, "target is required"),
    (verifier().begin, ("GET", "/"), {"headers": [], "body": b""}, 'unknown argument "body"'),
    (verifier().is_exempt, (7,), {}, "path must be str or UTF-8 bytes, not int"),
    (begin().update, ("text",), {}, "piece must be bytes"),
    (begin().update, (None,), {}, "piece must be bytes"),
    (begin().finish, (), {"now": float("nan")}, "now must be"),
]


@pytest.mark.parametrize(("call", "args", "kwargs", "detail"), WRONG)
def test_wrong_calls(
    call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], detail: str
) -> None:
    error = refusal(call, *args, **kwargs)
    assert (error.code, error.detail.startswith(detail)) == ("malformed_argument", True), str(error)


REFUSALS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("wrong_authority", {"authorities": ["vault.internal"]}, {"target": f"{OWN}{TARGET}"}),
    ("wrong_authority", {"authorities": ["https://vault.internal"]}, {}),
    ("bad_signature", {}, {"method": "PUT"}),
    ("bad_signature", {}, {"target": "/execute"}),
    ("body_mismatch", {}, {"body": b"other"}),
    ("body_mismatch", {}, {"body": b""}),
    ("payload_too_large", {"body_limit": 12}, {}),
    ("malformed_request", {"extra_fields": ["x-note"]}, {}),
    ("malformed_request", {}, {"headers": FIELDS[1:]}),
    ("expired", {}, {"now": NOW + 61}),
    ("expired", {"max_age": 1}, {"now": NOW + 2}),
    ("not_yet_valid", {}, {"now": NOW - 6}),
    ("caller_not_allowed", {"allow": ["heartbeat"]}, {}),
    ("replay_guard_starting", {"guard": MemoryReplayGuard(start=NOW)}, {}),
]


@pytest.mark.parametrize(("code", "options", "changes"), REFUSALS)
def test_refusals(code: str, options: dict[str, Any], changes: dict[str, Any]) -> None:
    given: dict[str, Any] = {"method": "POST", "target": TARGET, "headers": FIELDS, "body": BODY, "now": NOW}
    with refused(code):
        verifier(**options).verify(**given | changes)


def test_keys_that_are_not_for_it() -> None:
    for code, key in (
        ("unknown_key", Key("gateway-2", secret=SECRET)),
        ("unknown_key", Key("gateway-1", secret=SECRET, uses=["packet"])),
        ("inactive_key", Key("gateway-1", secret=SECRET, not_before=NOW + 1)),
        ("revoked_key", Key("gateway-1", secret=SECRET, revoked=True)),
        ("bad_signature", Key("gateway-1", secret=b"x" * 32)),
    ):
        with refused(code):
            RequestVerifier(Keyring([key]), authorities=[OWN]).begin("POST", TARGET, headers=FIELDS, now=NOW)
    with refused("inactive_key"):
        RequestSigner(Key("k", secret=SECRET, not_after=NOW)).sign("GET", OWN, now=NOW)
    with refused("payload_too_large"):
        RequestSigner(KEY, body_limit=1).sign("POST", OWN, body=b"xx")


def test_each_request_is_fresh_once() -> None:
    guard = MemoryReplayGuard()
    one, other = verifier(guard=guard), verifier(guard=guard)
    with refused("body_mismatch"):
        one.verify("POST", TARGET, headers=FIELDS, body=b"other", now=NOW)
    assert len(guard) == 0
    one.verify("POST", TARGET, headers=FIELDS, body=BODY, now=NOW)
    assert len(guard) == 1
    with refused("replayed"):
        other.verify("POST", TARGET, headers=FIELDS, body=BODY, now=NOW)
    pending = other.begin("POST", TARGET, headers=FIELDS, now=NOW)
    pending.update(BODY)
    with refused("replayed"):
        pending.finish(now=NOW)


def test_extra_fields_are_covered() -> None:
    signer, hub = RequestSigner(KEY, extra_fields=("x-note",)), verifier(extra_fields=["x-note"])
    signed = signer.sign("GET", OWN, headers={"X-Note": "a"}, now=NOW)
    with refused("bad_signature"):
        hub.verify("GET", "/", headers=[HOST, ("X-Note", "b"), *signed], now=NOW)
    hub.verify("GET", "/", headers=[HOST, ("X-Note", "a"), *signed], now=NOW)
    with refused("malformed_argument"):
        signer.sign("GET", OWN)


def test_trust_judges_the_call() -> None:
    trust = {"vault": {"rules": [{"callers": ["gateway"], "methods": ["POST"]}], "exempt": ["/health"]}}
    vault = verifier(trust=trust, callee="vault")
    vault.verify("POST", TARGET, headers=FIELDS, body=BODY, now=NOW)
    signed = SIGNER.sign("GET", OWN, now=NOW)
    error = refusal(vault.verify, "GET", "/", headers=[HOST, *signed], now=NOW)
    assert (error.code, "gateway may not GET vault /" in error.detail) == ("caller_not_allowed", True)
    paths: list[Any] = ["/health", b"/health", "/health?x", "/", "\ud800", b"\xff"]
    assert [vault.is_exempt(path) for path in paths] == [True, True, False, False, False, False]
    assert verifier().is_exempt("/health") is False


def test_a_body_in_pieces() -> None:
    pending = begin()
    for piece in (BODY[:5], bytearray(BODY[5:6]), b"", memoryview(BODY)[6:]):
        assert pending.update(piece) is None  # type: ignore[func-returns-value]
    assert pending.finish(now=NOW).owner == "gateway"
    bare = verifier().begin("GET", "/", headers=[HOST, *SIGNER.sign("GET", OWN, now=NOW)], now=NOW)
    assert bare.finish(now=NOW).owner == "gateway"
    with refused("bad_signature"):
        verifier().begin("PUT", TARGET, headers=FIELDS, now=NOW)


def test_a_pending_request_is_good_for_one_body() -> None:
    def finished() -> PendingRequest:
        pending = begin()
        pending.update(BODY)
        pending.finish(now=NOW)
        return pending

    def mismatched() -> PendingRequest:
        pending = begin()
        with refused("body_mismatch"):
            pending.finish(now=NOW)
        return pending

    def too_large() -> PendingRequest:
        pending = begin(body_limit=len(BODY))
        pending.update(BODY)
        with refused("payload_too_large"):
            pending.update(b"x")
        return pending

    def late() -> PendingRequest:
        pending = begin()
        pending.update(BODY)
        with refused("expired"):
            pending.finish(now=NOW + 61)
        return pending

    for used in (finished, mismatched, too_large, late):
        pending = used()
        for call in (lambda pending=pending: pending.update(b""), lambda pending=pending: pending.finish()):
            error = refusal(call)
            assert error.code == "malformed_argument"
            assert error.detail.startswith("this request was finished or refused already")


def test_a_wrong_call_does_not_use_it_up() -> None:
    pending = begin()
    for wrong in (
        lambda: pending.update("text"),  # type: ignore[arg-type]
        lambda: pending.finish(now="1"),  # type: ignore[arg-type]
        lambda: pending.finish(NOW),  # type: ignore[call-arg]
    ):
        with refused("malformed_argument"):
            wrong()
    pending.update(BODY)
    assert pending.finish(now=NOW).nonce == NONCE


@pytest.mark.parametrize("call", [pickle.dumps, copy.copy, copy.deepcopy])
@pytest.mark.parametrize("thing", [begin(), SIGNER, verifier()])
def test_nothing_is_pickled_or_copied(call: Callable[[Any], Any], thing: Any) -> None:
    with pytest.raises(TypeError):
        call(thing)


def test_no_refusal_holds_a_secret() -> None:
    secret = "c0ffee" * 8
    key = Key("gateway-1", secret=f"utf8:{secret}")
    hub = RequestVerifier(Keyring([key]), authorities=[OWN])
    errors = [
        refusal(hub.verify, "POST", TARGET, headers=FIELDS, body=BODY, now=NOW),
        refusal(RequestSigner(key).sign, "POST", "/", headers=FIELDS),
    ]
    assert secret not in f"{errors!r} {hub!r} {RequestSigner(key)!r}"


def in_threads(work: Callable[[], None]) -> None:
    start = threading.Barrier(4)

    def run() -> None:
        start.wait()
        work()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("size", [1, 40_000], ids=["interpreter locked", "interpreter released"])
def test_threads_share_a_verifier(size: int) -> None:
    vault, body, outcomes = verifier(), b"x" * size, list[str]()
    requests = [[HOST, JSON, *sign(body)] for _ in range(100)]

    def work() -> None:
        for headers in requests:
            try:
                outcomes.append(vault.verify("POST", TARGET, headers=headers, body=body, now=NOW).owner)
            except CountersealError as error:
                outcomes.append(error.code)

    in_threads(work)
    assert (outcomes.count("gateway"), outcomes.count("replayed")) == (100, 300)


@pytest.mark.parametrize("size", [1, 40_000], ids=["interpreter locked", "interpreter released"])
def test_threads_share_a_pending_request(size: int) -> None:
    body = b"x" * size * 100
    hub = verifier(body_limit=len(body))
    signed = RequestSigner(KEY, body_limit=len(body)).sign("POST", OWN, body=body, now=NOW)
    pending = hub.begin("POST", "/", headers=[HOST, *signed], now=NOW)
    outcomes = list[str]()

    def update() -> None:
        for _ in range(25):
            pending.update(body[:size])

    def finish() -> None:
        try:
            outcomes.append(pending.finish(now=NOW).owner)
        except CountersealError as error:
            outcomes.append(error.code)

    in_threads(update)
    in_threads(finish)
    assert sorted(outcomes) == ["gateway"] + ["malformed_argument"] * 3


class Vault(BaseHTTPRequestHandler):
    verifier: RequestVerifier

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            verified = self.verifier.verify("POST", self.path, headers=self.headers.items(), body=body)
            self.send_response(200, verified.owner)
        except CountersealError as error:
            self.send_response(error.status, error.code)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def test_over_a_socket() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Vault) as server:
        authority = f"127.0.0.1:{server.server_port}"
        Vault.verifier = verifier(authorities=[f"http://{authority}"])
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        headers: dict[str, str] = dict([JSON])
        headers.update(SIGNER.sign("POST", f"http://{authority}{TARGET}", headers=headers, body=BODY))

        def post(target: str, body: bytes) -> tuple[int, str]:
            connection = http.client.HTTPConnection(authority)
            connection.request("POST", target, body, headers)
            answer = connection.getresponse()
            connection.close()
            return answer.status, answer.reason

        assert post(TARGET, b"{}") == (401, "body_mismatch")
        assert post("/a/b/execute?x=1&y=%C3%A9", BODY) == (401, "bad_signature")
        assert post(TARGET, BODY) == (200, "gateway")
        assert post(TARGET, BODY) == (401, "replayed")
        server.shutdown()
        thread.join()
