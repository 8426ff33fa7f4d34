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
    MemoryReplayGuard,
    RequestSigner,
    RequestVerifier,
)
from helpers import NONCE, NOW, refusal, refused
from vault import BODY, BYTES, FIELDS, GOLDEN, HOST, JSON, KEY, OWN, SIGNER, TARGET, begin, sign, verifier


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
        assert hub.verify("GET", "/", headers=[("host", "vault"), *fields], body=b"").owner == "gateway"


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
        hub.verify("GET", "/", headers=[HOST, ("X-Note", "b"), *signed], body=b"", now=NOW)
    hub.verify("GET", "/", headers=[HOST, ("X-Note", "a"), *signed], body=b"", now=NOW)
    with refused("malformed_argument"):
        signer.sign("GET", OWN)


def test_trust_judges_the_call() -> None:
    trust = {"vault": {"rules": [{"callers": ["gateway"], "methods": ["POST"]}], "exempt": ["/health"]}}
    vault = verifier(trust=trust, callee="vault")
    vault.verify("POST", TARGET, headers=FIELDS, body=BODY, now=NOW)
    signed = SIGNER.sign("GET", OWN, now=NOW)
    error = refusal(vault.verify, "GET", "/", headers=[HOST, *signed], body=b"", now=NOW)
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


def test_a_body_is_announced_before_it_comes() -> None:
    pending = begin(body_limit=len(BODY))
    assert pending.owner == "gateway"
    for count in (0, len(BODY)):
        assert pending.announce(count) is None  # type: ignore[func-returns-value]
    pending.update(BODY)
    assert pending.finish(now=NOW).owner == "gateway"
    assert pending.owner is None
    for count in (len(BODY) + 1, 2**53, 2**64, 10**400):
        with refused("payload_too_large"):
            begin(body_limit=len(BODY)).announce(count)


def test_whose_a_request_claims_to_be() -> None:
    other = [(name, value.replace("gateway-1", "x")) for name, value in FIELDS]
    for headers, claimed in ((FIELDS, "gateway-1"), (BYTES, "gateway-1"), (other, "x"), ([HOST], None)):
        assert verifier().claimed_key_id("POST", TARGET, headers=headers) == claimed
    forged = [("Signature-Input", FIELDS[3][1].replace("gateway-1", "a b")), FIELDS[4]]
    assert verifier().claimed_key_id("POST", TARGET, headers=forged) is None
    assert verifier().claimed_key_id("\x00", b"\xff", headers=FIELDS) == "gateway-1"


@pytest.mark.parametrize("call", [pickle.dumps, copy.copy, copy.deepcopy])
@pytest.mark.parametrize("thing", [begin(), SIGNER, verifier()])
def test_nothing_is_pickled_or_copied(call: Callable[[Any], Any], thing: Any) -> None:
    with pytest.raises(TypeError):
        call(thing)


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
