"""Every wrong call answers with the SDK's own error, naming the argument."""

import asyncio
import functools
import inspect
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import counterseal
import pytest
from counterseal import (
    AuditLog,
    CountersealError,
    Key,
    Keyring,
    MemoryReplayGuard,
    PacketSigner,
    PacketVerifier,
    RequestSigner,
    RequestVerifier,
    Secret,
    Session,
    SharedReplayGuard,
    TicketIssuer,
    TokenIssuer,
    TokenVerifier,
    Trust,
)
from helpers import NONCE, SECRET, refusal

KEY = Key("engine-7", secret=SECRET)
RING = Keyring([KEY])
SIGNER = PacketSigner(KEY)
VERIFIER = PacketVerifier(RING)
TOKEN_KEY = Key("auth-1", secret=SECRET, uses=["token"])
ISSUER = TokenIssuer(TOKEN_KEY)
TOKENS = TokenVerifier(Keyring([TOKEN_KEY]))
TICKETS = TicketIssuer(SECRET, TOKEN_KEY, "dashboard")
TICKET = TokenVerifier(
    Keyring([TOKEN_KEY]), audience="dashboard", typ="counterseal-ticket+jwt", leeway=0
).verify(TICKETS.issue("page-1", expires_in=3600).token)
SERVER = Session.server("hub", handshake_window=3600)
CLIENT = Session.client(KEY, server="hub", keyring=RING, handshake_window=3600)
REQUEST_SIGNER = RequestSigner(KEY)
REQUESTS = RequestVerifier(RING, authorities=["hub"])
# Finished, so that each call of it ends alike.
PENDING = REQUESTS.begin("GET", "/", headers=[("host", "hub"), *REQUEST_SIGNER.sign("GET", "https://hub")])
PENDING.finish()
TRUST = Trust({})
REPLAYED = CountersealError("replayed", "", "unauthorized", 401)

AUDIT = AuditLog(Path(tempfile.mkdtemp()) / "audit.log")

PARTS: dict[str, Any] = {
    "key_id": "k",
    "kind": "bytes",
    "body": b"",
    "context": "",
    "ts": 1,
    "nonce": "",
    "sig": "",
}


def awaiting(call: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
    @functools.wraps(call)
    def wait(*args: Any, **kwargs: Any) -> Any:
        return asyncio.run(call(*args, **kwargs))

    return wait


# A call, right arguments by place, right arguments by name.
CALLS: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = [
    (Secret, (SECRET,), {}),
    (Secret.generate, (), {}),
    (Secret(SECRET).expose, (), {}),
    (Key, ("k",), {"secret": SECRET}),
    (Keyring, ([KEY],), {}),
    (Keyring([]).add, (KEY,), {}),
    (RING.remove, ("nobody",), {}),
    (RING.revoke, ("nobody",), {}),
    (RING.ids, (), {}),
    (MemoryReplayGuard, (), {}),
    (SharedReplayGuard, (), {}),
    (SharedReplayGuard.warning, ("",), {}),
    (PacketSigner, (KEY,), {}),
    (SIGNER.sign, (1,), {"context": ""}),
    (SIGNER.sign_text, (1,), {"context": ""}),
    (SIGNER.sign_json, ("1",), {"context": ""}),
    (SIGNER.sign_bytes, (b"",), {"context": ""}),
    (SIGNER.sign_parts, (), {"kind": "bytes", "body": b"", "context": ""}),
    (PacketVerifier, (RING,), {}),
    (VERIFIER.verify, ("{}",), {"context": ""}),
    (VERIFIER.verify_parts, (), PARTS),
    (awaiting(VERIFIER.verify_async), ("{}",), {"context": ""}),
    (awaiting(VERIFIER.verify_parts_async), (), PARTS),
    (VERIFIER.verify_batch, ([],), {"context": ""}),
    (RequestSigner, (KEY,), {}),
    (REQUEST_SIGNER.sign, ("GET", "https://hub"), {}),
    (RequestVerifier, (RING,), {}),
    (REQUESTS.verify, ("GET", "/"), {"headers": [], "body": b""}),
    (awaiting(REQUESTS.verify_async), ("GET", "/"), {"headers": [], "body": b""}),
    (REQUESTS.begin, ("GET", "/"), {"headers": []}),
    (REQUESTS.is_exempt, ("/",), {}),
    (PENDING.update, (b"",), {}),
    (PENDING.finish, (), {}),
    (awaiting(PENDING.finish_async), (), {}),
    (Trust, ({},), {}),
    (TRUST.check, ("hub", "engine-7", "GET", "/"), {}),
    (TRUST.is_exempt, ("hub", "/"), {}),
    (TRUST.explain, ("hub",), {}),
    (TokenIssuer, (TOKEN_KEY,), {}),
    (ISSUER.issue, ({},), {"expires_in": 60}),
    (ISSUER.issue_text, ("{}",), {}),
    (TokenVerifier, (RING,), {}),
    (TOKENS.verify, ("",), {}),
    (Session.server, ("hub",), {}),
    (Session.client, (KEY,), {"server": "hub", "keyring": RING}),
    (CLIENT.handshake, ("token",), {}),
    (CLIENT.accept, ("{}",), {"tokens": TOKENS}),
    (SERVER.welcome, (), {"key": KEY, "keyring": RING}),
    (SERVER.establish, ("{}",), {}),
    (SERVER.sign, ("status", 1), {}),
    (SERVER.sign_bytes, ("status", b""), {}),
    (SERVER.heartbeat, (), {}),
    (SERVER.verify, ("status", "{}"), {}),
    (SERVER.poll, (), {}),
    (Session.server("hub").close, (), {}),
    (TicketIssuer, (SECRET, TOKEN_KEY, "dashboard"), {}),
    (TICKETS.issue, ("page-1",), {"expires_in": 60}),
    (AuditLog, ("/dev/null/audit.log",), {}),
    (AUDIT.record, ("TRIED",), {"action": "", "resource": "", "success": True}),
    (AUDIT.close, (), {}),
    (counterseal.audit_log_files, ("/dev/null/audit.log",), {}),
    (counterseal.verify_audit_log, ([],), {}),
    (counterseal.derive, (SECRET,), {"purpose": "p", "owner": "o", "key_id": "k"}),
    (counterseal.canonical_json, ("1",), {}),
    (counterseal.generate_nonce, (), {}),
    (counterseal.error_list, (), {}),
    (counterseal.refusal, (REPLAYED,), {}),
    (counterseal.ticket_keys, (SECRET, TICKET, "hub"), {}),
]
each_call = pytest.mark.parametrize(
    ("call", "args", "kwargs"), CALLS, ids=lambda part: getattr(part, "__qualname__", "")
)


@each_call
def test_too_many_by_place(call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    error = refusal(call, *args, "one more", **kwargs)
    assert (error.code, "by place" in error.detail) == ("malformed_argument", True)


@each_call
def test_an_unknown_name(call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    error = refusal(call, *args, **kwargs, colour="red")
    assert (error.code, '"colour"' in error.detail, "allowed: " in error.detail) == (
        "malformed_argument",
        True,
        True,
    )


@each_call
def test_a_missing_argument(call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    expected = "malformed_key" if call in (Secret, Key) else "malformed_argument"
    if args:
        assert refusal(call, **kwargs).code == ("malformed_key" if call is counterseal.derive else expected)
    for name in kwargs:
        error = refusal(call, *args, **{other: value for other, value in kwargs.items() if other != name})
        assert error.code == expected
        assert error.detail.startswith(f"{name} is ")


@each_call
def test_an_argument_twice(call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    if not args:
        return
    name = next(iter(inspect.signature(call).parameters))
    error = refusal(call, *args, **kwargs, **{name: args[0]})
    assert (error.code, error.detail) == ("malformed_argument", f"{name} is given twice")
    assert by_name(call, name, args, kwargs) in (
        None,
        "malformed_packet",
        "malformed_token",
        "malformed_argument",
    )


@each_call
def test_names_in_any_order_and_made_at_run_time(
    call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    def outcome(given: dict[str, Any]) -> Any:
        try:
            return bool(call(*args, **given))
        except CountersealError as error:
            return error.args

    made = {"".join(list(name)): value for name, value in reversed(kwargs.items())}
    assert outcome(made) == outcome(kwargs)


def test_a_method_wants_its_own_class() -> None:
    for method in (PacketSigner.sign, PacketVerifier.verify_parts, TokenVerifier.verify):
        with pytest.raises(TypeError, match="doesn't apply to a"):
            method(Secret(SECRET))  # type: ignore[arg-type, call-arg]


def by_name(call: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
    try:
        call(**{name: args[0]}, **kwargs)
    except CountersealError as error:
        return error.code
    return None


WRONG: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], str, str]] = [
    (Secret, (None,), {}, "malformed_key", "secret must be"),
    (Secret, (7,), {}, "malformed_key", "secret must be"),
    (Secret, ("\ud800",), {}, "malformed_key", "secret must be"),
    (Secret, ("0" * 64,), {}, "malformed_key", ""),
    (Secret, (b"short",), {}, "weak_secret", ""),
    (Secret, ("",), {}, "malformed_key", ""),
    (Secret, ("utf8:",), {}, "weak_secret", ""),
    (Key, (7,), {"secret": SECRET}, "malformed_key", "id must be"),
    (Key, ("\ud800",), {"secret": SECRET}, "malformed_key", "id must be"),
    (Key, ("a b",), {"secret": SECRET}, "malformed_key", ""),
    (Key, ("k",), {"secret": None}, "malformed_key", "secret must be"),
    (Key, ("k",), {"secret": SECRET, "owner": 7}, "malformed_key", "owner"),
    (Key, ("k",), {"secret": SECRET, "owner": "\ud800"}, "malformed_key", "owner"),
    (Key, ("k",), {"secret": SECRET, "owner": object()}, "malformed_key", "owner"),
    (Key, ("k",), {"secret": SECRET, "not_before": True}, "malformed_key", "not_before"),
    (Key, ("k",), {"secret": SECRET, "not_before": 1.5}, "malformed_key", "not_before"),
    (Key, ("k",), {"secret": SECRET, "not_after": float("inf")}, "malformed_key", "not_after"),
    (Key, ("k",), {"secret": SECRET, "not_after": 10**5000}, "malformed_key", "not_after"),
    (Key, ("k",), {"secret": SECRET, "not_after": 2**53 + 1}, "malformed_key", "not_after"),
    (Key, ("k",), {"secret": SECRET, "revoked": 1}, "malformed_key", "revoked"),
    (Key, ("k",), {"secret": SECRET, "uses": "token"}, "malformed_key", "uses"),
    (Key, ("k",), {"secret": SECRET, "uses": {"token"}}, "malformed_key", "uses"),
    (Key, ("k",), {"secret": SECRET, "algorithms": ["none"]}, "malformed_key", "algorithms"),
    (Key, ("k",), {"secret": SECRET, "\ud800": 1}, "malformed_argument", "unknown"),
    (Keyring, ({KEY},), {}, "malformed_argument", "keys must be"),
    (Keyring, (KEY,), {}, "malformed_argument", "keys must be"),
    (Keyring, ([KEY, "k"],), {}, "malformed_argument", "each of keys"),
    (Keyring, ([KEY, KEY],), {}, "malformed_key", ""),
    (RING.add, ("k",), {}, "malformed_argument", "key must be"),
    (RING.remove, (7,), {}, "malformed_argument", "id must be"),
    (RING.revoke, (b"k",), {}, "malformed_argument", "id must be"),
    (MemoryReplayGuard, (), {"capacity": 0}, "malformed_argument", "capacity"),
    (MemoryReplayGuard, (), {"capacity": "10"}, "malformed_argument", "capacity"),
    (MemoryReplayGuard, (), {"capacity": float("nan")}, "malformed_argument", "capacity"),
    (MemoryReplayGuard, (), {"start": -1}, "malformed_argument", "start"),
    (MemoryReplayGuard, (), {"scope": "a b"}, "malformed_argument", "scope"),
    (PacketSigner, ("engine-7",), {}, "malformed_argument", "key must be a Key"),
    (PacketSigner, (TOKEN_KEY,), {}, "malformed_argument", ""),
    (PacketSigner, (KEY,), {"body_limit": "1"}, "malformed_argument", "body_limit"),
    (PacketSigner, (KEY,), {"body_limit": 10**400}, "malformed_argument", "body_limit"),
    (SIGNER.sign, (1,), {"context": None}, "malformed_argument", "context must be"),
    (SIGNER.sign, (1,), {"context": b""}, "malformed_argument", "context must be"),
    (SIGNER.sign, (1,), {"context": "\ud800"}, "malformed_argument", "context must be"),
    (SIGNER.sign, (1,), {"context": "é"}, "malformed_argument", ""),
    (SIGNER.sign, (object(),), {"context": "é"}, "malformed_argument", ""),
    (SIGNER.sign, (1,), {"context": "", "now": True}, "malformed_argument", "now must be"),
    (SIGNER.sign, (1,), {"context": "", "now": "1"}, "malformed_argument", "now must be"),
    (SIGNER.sign, (1,), {"context": "", "now": 1.5}, "malformed_argument", "now must be"),
    (SIGNER.sign, (1,), {"context": "", "now": float("nan")}, "malformed_argument", "now must be"),
    (SIGNER.sign, (1,), {"context": "", "now": 10**400}, "malformed_argument", "now must be"),
    (SIGNER.sign, (1,), {"context": "", "now": -(10**400)}, "malformed_argument", "now must be"),
    (SIGNER.sign, (1,), {"context": "", "nonce": 1}, "malformed_argument", "nonce must be"),
    (SIGNER.sign, (1,), {"context": "", "nonce": NONCE + "="}, "malformed_argument", "nonce must be"),
    (SIGNER.sign_json, (1,), {"context": ""}, "malformed_argument", "payload_json must be"),
    (SIGNER.sign_json, ({},), {"context": ""}, "malformed_argument", "payload_json must be"),
    (SIGNER.sign_json, ('"\ud800"',), {"context": ""}, "malformed_payload", ""),
    (SIGNER.sign_parts, (), {"kind": "text", "body": b"", "context": ""}, "malformed_argument", "kind"),
    (SIGNER.sign_parts, (), {"kind": 1, "body": b"", "context": ""}, "malformed_argument", "kind"),
    (SIGNER.sign_parts, (), {"kind": "json", "body": "1", "context": ""}, "malformed_argument", "body"),
    (PacketVerifier, ([KEY],), {}, "malformed_argument", "keyring must be"),
    (PacketVerifier, (RING,), {"guard": object()}, "malformed_argument", "guard must be"),
    (PacketVerifier, (RING,), {"allow": "engine-7"}, "malformed_argument", "allow"),
    (PacketVerifier, (RING,), {"max_age": 0}, "malformed_argument", "max_age"),
    (PacketVerifier, (RING,), {"max_ahead": "5"}, "malformed_argument", "max_ahead"),
    (VERIFIER.verify, ([],), {"context": None}, "malformed_argument", "context must be"),
    (VERIFIER.verify_parts, (), PARTS | {"kind": None}, "malformed_argument", "kind"),
    (VERIFIER.verify_parts, (), PARTS | {"body": ""}, "malformed_argument", "body"),
    (VERIFIER.verify_batch, ("{}",), {"context": ""}, "malformed_argument", "packets must be"),
    (VERIFIER.verify_batch, ({"v": 1},), {"context": ""}, "malformed_argument", "packets must be"),
    (TokenIssuer, (KEY,), {}, "malformed_argument", ""),
    (TokenIssuer, (TOKEN_KEY,), {"alg": "none"}, "malformed_argument", "alg"),
    (ISSUER.issue, ([],), {"expires_in": 60}, "malformed_argument", "claims"),
    (ISSUER.issue, ("{}",), {"expires_in": 60}, "malformed_argument", "claims"),
    (ISSUER.issue, ({"a": {1}},), {"expires_in": 60}, "malformed_argument", "claims: set is not"),
    (ISSUER.issue, ({},), {"expires_in": "60"}, "malformed_argument", "expires_in"),
    (ISSUER.issue, ({},), {"expires_in": 60, "jti": "x"}, "malformed_argument", "jti"),
    (ISSUER.issue, ({"a": "x" * 70_000},), {"expires_in": 60}, "token_too_large", ""),
    (ISSUER.issue_text, (7,), {}, "malformed_argument", "claims_text must be"),
    (TokenVerifier, (RING,), {"claims": object()}, "malformed_argument", "claims"),
    (TokenVerifier, (RING,), {"claims": {"role": object()}}, "malformed_argument", "claims"),
    (TokenVerifier, (RING,), {"claims": {7: "engine"}}, "malformed_argument", "claims"),
    (TokenVerifier, (RING,), {"claims": {"\ud800": "engine"}}, "malformed_argument", "claims"),
    (TokenVerifier, (RING,), {"algorithms": []}, "malformed_argument", "algorithms"),
    (TokenVerifier, (RING,), {"leeway": 301}, "malformed_argument", "leeway"),
    (TOKENS.verify, (7,), {}, "malformed_token", ""),
    (TOKENS.verify, (None,), {}, "malformed_token", ""),
    (TOKENS.verify, ("\ud800",), {}, "malformed_token", ""),
    (TOKENS.verify, ("",), {"now": False}, "malformed_argument", "now must be"),
    (
        counterseal.derive,
        (7,),
        {"purpose": "p", "owner": "o", "key_id": "k"},
        "malformed_key",
        "master must be",
    ),
    (
        counterseal.derive,
        (SECRET,),
        {"purpose": 7, "owner": "o", "key_id": "k"},
        "malformed_argument",
        "purpose",
    ),
    (counterseal.derive, (SECRET,), {"purpose": "p", "owner": "", "key_id": "k"}, "malformed_argument", ""),
    (counterseal.canonical_json, (7,), {}, "malformed_argument", "text must be"),
    (counterseal.canonical_json, ('"\ud800"',), {}, "malformed_payload", ""),
    (counterseal.canonical_json, (b"\xff",), {}, "malformed_payload", ""),
]


@pytest.mark.parametrize(("call", "args", "kwargs", "code", "detail"), WRONG)
def test_wrong_values(
    call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], code: str, detail: str
) -> None:
    error = refusal(call, *args, **kwargs)
    assert error.code == code, str(error)
    assert error.detail.startswith(detail), str(error)


def test_no_class_is_subclassed_or_extended() -> None:
    for name in counterseal.__all__:
        thing = getattr(counterseal, name)
        if isinstance(thing, type) and thing not in (CountersealError, SharedReplayGuard):
            with pytest.raises(TypeError):
                type("Sub", (thing,), {})
