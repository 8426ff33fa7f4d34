"""What is refused of a request, and whose mistake it is."""

from collections.abc import Callable
from functools import partial
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
from vault import BODY, FIELDS, GOLDEN, HOST, JSON, KEY, OWN, SIGNER, TARGET, begin, verifier

EVIL: list[Any] = [7, None, [], object(), 1.5, "\ud800", b"\xff"]


@pytest.mark.parametrize("evil", EVIL)
def test_what_no_peer_can_send_is_the_peers(evil: Any) -> None:
    heads: list[tuple[Any, Any, Any]] = [
        (evil, TARGET, FIELDS),
        ("POST", evil, FIELDS),
        ("POST", TARGET, [*FIELDS, evil]),
        ("POST", TARGET, [*FIELDS, (evil, "x")]),
    ]
    if not isinstance(evil, str | bytes):
        heads.append(("POST", TARGET, [*FIELDS, ("x", evil)]))
    for method, target, headers in heads:
        for call in (partial(verifier().verify, body=b""), verifier().begin):
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
        ("POST", TARGET, [(*HOST, 1)], "each of headers must be a tuple or list of a name and a value, not"),
        ("POST", TARGET, [(7, "x")], "a name in headers must be str without lone surrogates, or UTF-8 bytes"),
        ("POST", TARGET, [("x", 7)], "a value in headers must be str or bytes, not int"),
        ("POST", "*", FIELDS, "the target is neither a path nor"),
        ("POST", TARGET, [], "Signature-Input or Signature is absent"),
        ("POST", TARGET, [*FIELDS, HOST], "a field that must stand once is repeated"),
    ],
)
def test_a_malformed_request_in_words(method: Any, target: Any, headers: Any, detail: str) -> None:
    for call in (partial(verifier().verify, body=b""), verifier().begin):
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
    (
        verifier,
        (),
        {"guard": object()},
        "guard must be a MemoryReplayGuard or a SharedReplayGuard, not object",
    ),
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
    (verifier().verify, ("GET", "/"), {"headers": []}, "body is required"),
    (verifier().verify, ("GET", "/"), {"headers": [], "body": b"", "now": False}, "now must be"),
    (verifier().verify, ("GET", "/"), {"body": b""}, "headers is required: a list or tuple"),
    (verifier().begin, ("GET", "/"), {"headers": dict(FIELDS)}, "headers must be a list or tuple"),
    (verifier().begin, ("GET", "/"), {"headers": "Host: vault"}, "headers must be a list or tuple"),
    (verifier().begin, ("GET",), {"headers": []}, "target is required"),
    (verifier().begin, ("GET", "/"), {"headers": [], "body": b""}, 'unknown argument "body"'),
    (verifier().is_exempt, (7,), {}, "path must be str or UTF-8 bytes, not int"),
    (begin().announce, (), {}, "count is required: a number of bytes"),
    (begin().announce, (-1,), {}, "count must be a number of bytes, an int from 0"),
    (begin().announce, (1.0,), {}, "count must be a number of bytes, an int from 0, not float"),
    (begin().announce, (True,), {}, "count must be a number of bytes, an int from 0, not bool"),
    (verifier().claimed_key_id, ("GET",), {"headers": []}, "target is required"),
    (verifier().claimed_key_id, ("GET", "/"), {"headers": {}}, "headers must be a list or tuple"),
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
            assert error.detail.startswith("the pending request was finished or refused before")


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


def test_no_refusal_holds_a_secret() -> None:
    secret = "c0ffee" * 8
    key = Key("gateway-1", secret=f"utf8:{secret}")
    hub = RequestVerifier(Keyring([key]), authorities=[OWN])
    errors = [
        refusal(hub.verify, "POST", TARGET, headers=FIELDS, body=BODY, now=NOW),
        refusal(RequestSigner(key).sign, "POST", "/", headers=FIELDS),
    ]
    assert secret not in f"{errors!r} {hub!r} {RequestSigner(key)!r}"
