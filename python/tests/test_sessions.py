"""Sessions, as Python spells them: both ends talk to each other."""

import copy
import json
import pickle
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import counterseal
import pytest
from counterseal import (
    CountersealError,
    Key,
    Keyring,
    PacketSigner,
    Session,
    TokenIssuer,
    TokenVerifier,
    VerifiedToken,
)
from helpers import NONCE, NOW, SECRET, refusal, refused

S = "EBESExQVFhcYGRobHB0eHw"
WELCOME = {
    "v": 1,
    "kid": "hub-1",
    "ts": 1708167235,
    "nonce": S,
    "payload": {"session": S},
    "sig": "FzAPGwwl9jcsqIy_k76eh1_Nc6OVNhnXgj2yE9gA6GQ",
}
HUB = Key("hub-1", secret=SECRET, owner="hub")
ENGINE = Key("engine-7", secret=SECRET)
AUTH = Key("auth-1", secret=b"a" * 32, uses=["token"])
TOKENS = TokenVerifier(Keyring([AUTH]), claims={"role": "engine"}, leeway=0)
FORMS: list[Callable[[dict[str, Any]], Any]] = [
    dict,
    json.dumps,
    lambda sent: json.dumps(sent).encode(),
    lambda sent: memoryview(json.dumps(sent).encode()),
]


class Ends(NamedTuple):
    server: Session
    client: Session
    engines: Keyring


def token(engine: str = "engine-7", expires_in: int = 600, **claims: Any) -> str:
    claims = {"engineId": engine, "role": "engine"} | claims
    return TokenIssuer(AUTH).issue(claims, expires_in=expires_in, now=NOW)


def engines_of_a_server() -> Keyring:
    # A key of its own: to revoke it here does not revoke it at the client.
    return Keyring([Key("engine-7", secret=SECRET)])


def listening(**options: Any) -> Session:
    return Session.server("hub", now=NOW, **options)


def connecting(**options: Any) -> Session:
    given: dict[str, Any] = {"keyring": Keyring([HUB]), "now": NOW, "nonce": NONCE} | options
    return Session.client(ENGINE, server="hub", **given)


def connect(*, key: Key = HUB, expires_in: int = 600, **options: Any) -> Ends:
    server, engines = listening(**options), engines_of_a_server()
    client = connecting(keyring=Keyring([key]), **options)
    server.accept(client.handshake(token(expires_in=expires_in)), tokens=TOKENS, now=NOW)
    client.establish(server.welcome(key=key, keyring=engines, now=NOW, nonce=S), now=NOW)
    return Ends(server, client, engines)


def test_both_ends_talk() -> None:
    server = Session.server("hub")
    client = Session.client(ENGINE, server="hub", keyring=Keyring([HUB]))
    assert (server.state, server.peer, server.id) == ("handshake", None, None)
    assert (client.state, client.peer, client.id) == ("handshake", "hub", None)

    fresh = TokenIssuer(AUTH).issue({"engineId": "engine-7", "role": "engine"}, expires_in=60)
    verified = server.accept(client.handshake(fresh), tokens=TOKENS)
    assert isinstance(verified, VerifiedToken)
    assert (verified.claims["engineId"], server.peer) == ("engine-7", "engine-7")
    client.establish(server.welcome(key=HUB, keyring=Keyring([ENGINE])))
    assert (server.id, len(str(server.id))) == (client.id, 22)
    assert (server.state, client.state) == ("open", "open")

    status = client.sign("engine_status", {"status": "FINISHED", "n": (1.0, None)})
    assert list(status) == ["v", "kid", "ts", "nonce", "payload", "sig"]
    heard = server.verify("engine_status", status)
    assert (heard.payload, heard.owner) == ({"status": "FINISHED", "n": [1, None]}, "engine-7")
    assert client.verify("job", server.sign_bytes("job", bytearray(b"\x00\xff"))).data == b"\x00\xff"
    assert server.verify("heartbeat", client.heartbeat()).payload == {}
    assert client.verify("heartbeat", server.heartbeat()).owner == "hub"

    client.close()
    assert (client.state, client.code, client.deadline) == ("ended", None, None)
    assert (client.peer, client.id) == ("hub", None)
    assert server.state == "open"


def test_nonces_and_times_are_the_callers() -> None:
    server, client = listening(), connecting()
    handshake = client.handshake("a.b.c")
    assert handshake == {"nonce": NONCE, "token": "a.b.c"} == client.handshake(token="a.b.c")
    server.accept(client.handshake(token()), tokens=TOKENS, now=NOW)
    welcome = server.welcome(key=HUB, keyring=Keyring([ENGINE]), now=NOW + 1, nonce=S)
    assert (welcome, server.id) == (WELCOME, S)
    client.establish(welcome, now=float(NOW + 1))
    packet = client.sign("status", [1], now=NOW + 1, nonce=NONCE)
    context = f"engine-7>hub:status@{S}"
    assert packet == PacketSigner(ENGINE).sign([1], context=context, now=NOW + 1, nonce=NONCE)
    assert client.heartbeat(now=NOW + 1, nonce=NONCE)["payload"] == {}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_what_a_peer_sends(form: Callable[[dict[str, Any]], Any]) -> None:
    server, client = listening(), connecting()
    server.accept(form(client.handshake(token())), tokens=TOKENS, now=NOW)
    client.establish(form(server.welcome(key=HUB, keyring=Keyring([ENGINE]), now=NOW)), now=NOW)
    packet = form(client.sign("status", ["é"], now=NOW))
    assert server.verify("status", packet, now=NOW).payload == ["é"]


def test_a_handshake_is_no_body() -> None:
    long = token(note="x" * 5000)
    for form in FORMS:
        server = listening(body_limit=8)
        server.accept(form(connecting().handshake(long)), tokens=TOKENS, now=NOW)
        assert server.peer == "engine-7"
    with refused("payload_too_large"):
        listening().accept({"nonce": NONCE, "token": "x" * 100_000}, tokens=TOKENS, now=NOW)


def test_a_payload_is_as_deep_as_the_reader_goes() -> None:
    ends = connect()
    deep: Any = 1
    for _ in range(64):
        deep = [deep]
    packet = ends.client.sign("status", deep, now=NOW)
    assert packet["payload"] == deep
    assert ends.server.verify("status", packet, now=NOW).payload == deep


def test_when_to_poll() -> None:
    server, client, _ = connect(heartbeat_every=2, heartbeat_window=4)
    assert (server.deadline, client.deadline) == (NOW + 2, NOW)
    assert type(client.deadline) is int
    assert client.poll(now=NOW) is True
    server.verify("heartbeat", client.heartbeat(now=NOW), now=NOW)
    assert client.poll(now=NOW) is False
    assert client.deadline == NOW + 2
    assert server.poll(now=NOW + 1) is False
    assert server.poll(now=NOW + 2) is True


# What makes the server's end, after it was opened at NOW, refuse with this code and end with it.
ENDS: dict[str, Callable[[Ends], Any]] = {
    "heartbeat_missed": lambda ends: ends.server.poll(now=NOW + 16),
    "token_expired": lambda ends: ends.server.poll(now=NOW + 10),
    "inactive_key": lambda ends: ends.server.poll(now=NOW + 8),
    "malformed_packet": lambda ends: ends.server.verify("status", {"v": 1}, now=NOW),
    "unsupported_version": lambda ends: ends.server.verify("status", WELCOME | {"v": 2}, now=NOW),
    "unknown_key": lambda ends: ends.server.verify("status", WELCOME, now=NOW),
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


def test_what_a_peer_may_learn() -> None:
    server, client, _ = connect(max_age=3, on_refusal="keep")
    old = refusal(server.verify, "status", client.sign("status", 1, now=NOW), now=NOW + 4)
    assert counterseal.refusal(old, now=NOW + 4) == {"class": "unauthorized", "status": 401, "now": NOW + 4}
    assert isinstance(counterseal.refusal(error=old).get("now"), int)
    forged = refusal(server.verify, "job", client.sign("status", 1, now=NOW), now=NOW)
    assert counterseal.refusal(forged) == {"class": "unauthorized", "status": 401}


def test_no_repr_holds_a_secret() -> None:
    server, client = listening(), connecting()
    assert repr(server) == "Session(state='handshake', peer=None)"
    assert repr(client) == "Session(state='handshake', peer='hub')"
    ends = connect()
    assert repr(ends.server) == "Session(state='open', peer='engine-7')"
    ends.server.close()
    assert repr(ends.server) == "Session(state='ended', peer='engine-7')"
    secret = token()
    error = refusal(server.accept, client.handshake(secret) | {"nonce": ""}, tokens=TOKENS, now=NOW)
    assert secret not in f"{error!r} {server!r}"


@pytest.mark.parametrize("call", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_session_is_one(call: Callable[[Session], Any]) -> None:
    with pytest.raises(TypeError):
        call(connect().server)


@pytest.mark.parametrize("size", [1, 40_000], ids=["interpreter locked", "interpreter released"])
def test_threads_share_a_session(size: int) -> None:
    server, client, _ = connect(on_refusal="keep")
    packets = [client.sign("status", "x" * size, now=NOW) for _ in range(100)]
    start, outcomes = threading.Barrier(4), list[str]()

    def verify() -> None:
        start.wait()
        for packet in packets:
            try:
                outcomes.append(server.verify("status", packet, now=NOW).owner)
            except CountersealError as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=verify) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count("engine-7"), outcomes.count("replayed")) == (100, 300)
    assert server.state == "open"


def test_threads_sign_and_verify_at_once() -> None:
    server, client, _ = connect()
    start, heard = threading.Barrier(4), list[int]()

    def talk(number: int) -> None:
        start.wait()
        for count in range(50):
            packet = client.sign("status", [number, count], now=NOW)
            heard.append(server.verify("status", packet, now=NOW).payload[1])

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == sorted(list(range(50)) * 4)
