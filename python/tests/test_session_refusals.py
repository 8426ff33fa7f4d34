"""What ends a session, and which calls end nothing."""

from collections.abc import Callable
from typing import Any

import counterseal
import pytest
from counterseal import CountersealError, Key, Keyring, Session
from ends import AUTH, ENGINE, HUB, TOKENS, Ends, connect, connecting, listening, token
from helpers import NONCE, NOW, SECRET, refusal, refused

# What makes the server's end, after it was opened at NOW, refuse with this code and end with it.
ENDS: dict[str, Callable[[Ends], Any]] = {
    "heartbeat_missed": lambda ends: ends.server.poll(now=NOW + 16),
    "token_expired": lambda ends: ends.server.poll(now=NOW + 10),
    "inactive_key": lambda ends: ends.server.poll(now=NOW + 8),
    "malformed_packet": lambda ends: ends.server.verify("status", {"v": 1}, now=NOW),
    "unsupported_version": lambda ends: ends.server.verify("status", {"v": 2}, now=NOW),
    "unknown_key": lambda ends: ends.server.verify("status", ends.server.sign("job", 1, now=NOW), now=NOW),
    "bad_signature": lambda ends: ends.server.verify("job", ends.client.sign("status", 1, now=NOW), now=NOW),
    "payload_too_large": lambda ends: ends.server.verify("status", "x" * 10**7, now=NOW),
    "expired": lambda ends: ends.server.verify("status", ends.client.sign("status", 1, now=NOW), now=NOW + 4),
    "not_yet_valid": lambda ends: ends.server.verify(
        "status", ends.client.sign("status", 1, now=NOW + 7), now=NOW
    ),
}
OPTIONS: dict[str, dict[str, Any]] = {
    "token_expired": {"expires_in": 10},
    "inactive_key": {"key": Key("hub-2", secret=SECRET, owner="hub", not_after=NOW + 8)},
    "expired": {"max_age": 3},
}


@pytest.mark.parametrize("code", ENDS)
def test_each_end_has_its_code_from_then_on(code: str) -> None:
    server, client, engines = connect(**OPTIONS.get(code, {}))
    first = refusal(ENDS[code], Ends(server, client, engines))
    assert (first.code, server.state, server.code, server.deadline) == (code, "ended", code, None)
    calls: list[Callable[[], Any]] = [
        lambda: server.sign("job", 1, now=NOW),
        lambda: server.sign_bytes("job", b"", now=NOW),
        lambda: server.heartbeat(now=NOW),
        lambda: server.verify("status", client.sign("status", 1, now=NOW), now=NOW),
        lambda: server.poll(now=NOW),
        lambda: server.accept({}, tokens=TOKENS, now=NOW),
    ]
    for call in calls:
        again = refusal(call)
        assert (again.code, again.klass, again.status) == (code, first.klass, first.status)
    server.close()
    assert server.code == code


def test_a_revoked_key_ends_the_session() -> None:
    server, client, engines = connect()
    server.verify("heartbeat", client.heartbeat(now=NOW), now=NOW)
    engines.revoke("engine-7")
    with refused("revoked_key"):
        server.poll(now=NOW)
    assert server.code == "revoked_key"


def test_a_replay_ends_the_session_unless_it_is_to_keep() -> None:
    for policy, state in (("close", "ended"), ("keep", "open")):
        server, client, _ = connect(on_refusal=policy)
        packet = client.sign("status", 1, now=NOW)
        server.verify("status", packet, now=NOW)
        with refused("replayed"):
            server.verify("status", packet, now=NOW)
        assert server.state == state


def test_refused_handshakes() -> None:
    for code, handshake in (
        ("malformed_packet", {"nonce": NONCE}),
        ("malformed_packet", connecting().handshake(token()) | {"more": 1}),
        ("malformed_token", {"nonce": NONCE, "token": "\x00" * 8000}),
        ("claim_mismatch", connecting().handshake(token(role="admin"))),
        ("claim_invalid", connecting().handshake(token(engineId=7))),
        ("caller_not_allowed", connecting().handshake(token("hub"))),
    ):
        server = listening()
        with refused(code):
            server.accept(handshake, tokens=TOKENS, now=NOW)
        assert (server.state, server.code) == ("ended", code)
    server = listening(identity="sub")
    server.accept(connecting().handshake(token(sub="page-1")), tokens=TOKENS, now=NOW)
    assert server.peer == "page-1"
    for silent in (listening(), connecting()):
        assert silent.deadline == NOW + 11
        with refused("heartbeat_missed"):
            silent.poll(now=NOW + 11)


@pytest.mark.parametrize("sent", [7, None, [], "\ud800", object(), {"nonce": {1}, "token": ""}, {7: 1}])
def test_what_no_peer_can_send(sent: Any) -> None:
    for call in (
        lambda: listening().accept(sent, tokens=TOKENS, now=NOW),
        lambda: connecting().establish(sent, now=NOW),
        lambda: connect().server.verify("status", sent, now=NOW),
    ):
        assert refusal(call).code == "malformed_packet"
    if not isinstance(sent, str | dict):
        error = refusal(listening().accept, sent, tokens=TOKENS, now=NOW)
        assert error.detail.startswith("a handshake is str, UTF-8 bytes or a dict, not ")


@pytest.mark.parametrize("event", [7, None, b"status", ["status"], "\ud800", "", "a b"])
def test_an_event_is_the_peers_where_it_sent_it(event: Any) -> None:
    server, client, _ = connect()
    with refused("malformed_argument"):
        server.sign(event, 1, now=NOW)
    assert server.state == "open"
    packet = client.sign("status", 1, now=NOW)
    error = refusal(server.verify, event, packet, now=NOW)
    assert (error.code, server.code) == ("malformed_packet", "malformed_packet")
    assert ("an event is str" in error.detail) == (event not in ("", "a b"))


WRONG: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], str]] = [
    (Session.server, (7,), {}, "name must be str"),
    (Session.server, ("a b",), {}, "name must be"),
    (Session.server, ("hub",), {"heartbeat_every": "5"}, "heartbeat_every must be"),
    (Session.server, ("hub",), {"heartbeat_every": 16}, "heartbeat_every must be"),
    (Session.server, ("hub",), {"heartbeat_window": True}, "heartbeat_window must be"),
    (Session.server, ("hub",), {"handshake_window": 1.5}, "handshake_window must be"),
    (Session.server, ("hub",), {"identity": b"sub"}, "identity must be"),
    (Session.server, ("hub",), {"max_age": 0}, "max_age must be"),
    (Session.server, ("hub",), {"max_ahead": 10**400}, "max_ahead must be"),
    (Session.server, ("hub",), {"body_limit": object()}, "body_limit must be"),
    (Session.server, ("hub",), {"on_refusal": "ignore"}, "on_refusal must be close or keep"),
    (Session.server, ("hub",), {"guard_capacity": -1}, "guard_capacity must be"),
    (Session.server, ("hub",), {"nonce": NONCE}, 'unknown option "nonce"'),
    (Session.server, ("hub",), {"now": "1"}, "now must be"),
    (Session.client, ("engine-7",), {"server": "hub", "keyring": Keyring([])}, "key must be a Key, not str"),
    (Session.client, (AUTH,), {"server": "hub", "keyring": Keyring([])}, "key auth-1"),
    (Session.client, (ENGINE,), {"server": None, "keyring": Keyring([])}, "server must be str"),
    (Session.client, (ENGINE,), {"server": "hub", "keyring": [HUB]}, "keyring must be a Keyring"),
    (Session.client, (ENGINE,), {"server": "hub", "keyring": Keyring([]), "nonce": ""}, "nonce must be"),
    (connecting().handshake, (b"a.b.c",), {}, "token must be str"),
    (listening().accept, ({},), {"tokens": Keyring([AUTH])}, "tokens must be a TokenVerifier"),
    (listening().welcome, (), {"key": SECRET, "keyring": Keyring([])}, "key must be a Key"),
    (listening().welcome, (), {"key": HUB, "keyring": None}, "keyring must be a Keyring"),
    (connecting().establish, ({},), {"now": False}, "now must be"),
    (connect().client.sign, ("status", 1), {"nonce": 7}, "nonce must be"),
    (connect().client.sign, ("heartbeat", {}), {"now": NOW}, "event heartbeat is the session's own"),
    (connect().client.sign_bytes, ("status", "text"), {"now": NOW}, "data must be bytes"),
    (connect().client.verify, ("status", {}), {"now": float("nan")}, "now must be"),
    (connect().client.poll, (), {"now": []}, "now must be"),
    (counterseal.refusal, ("replayed",), {}, "error must be a CountersealError, not str"),
    (counterseal.refusal, (ValueError("replayed"),), {}, "error must be a CountersealError, not ValueError"),
    (counterseal.refusal, (SystemExit("replayed"),), {}, "error must be a CountersealError, not SystemExit"),
    (counterseal.refusal, (CountersealError("x", "", "", 0),), {}, "code must be"),
]


@pytest.mark.parametrize(("call", "args", "kwargs", "detail"), WRONG)
def test_wrong_calls(
    call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], detail: str
) -> None:
    error = refusal(call, *args, **kwargs)
    assert (error.code, error.detail.startswith(detail)) == ("malformed_argument", True), str(error)


def test_the_wrong_end_or_state_ends_nothing() -> None:
    server, client = listening(), connecting()
    for session, call in (
        (server, lambda: server.handshake("t")),
        (server, lambda: server.establish({}, now=NOW)),
        (server, lambda: server.welcome(key=HUB, keyring=Keyring([]), now=NOW)),
        (client, lambda: client.accept({}, tokens=TOKENS, now=NOW)),
        (client, lambda: client.sign("status", 1, now=NOW)),
    ):
        with refused("malformed_argument"):
            call()
        assert (session.state, session.code) == ("handshake", None)


def test_a_payload_that_json_cannot_carry_ends_nothing() -> None:
    server, client, _ = connect()
    error = refusal(client.sign, "status", {"a": {1}}, now=NOW)
    assert (error.code, "set is not a JSON value" in error.detail) == ("malformed_payload", True)
    with refused("payload_too_large"):
        client.sign("status", "x" * (1024 * 1024), now=NOW)
    server.verify("status", client.sign("status", 1, now=NOW), now=NOW)
