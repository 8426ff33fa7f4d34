"""Sessions, as Python spells them: both ends talk to each other."""

import copy
import json
import pickle
import threading
from collections.abc import Callable
from typing import Any

import counterseal
import pytest
from counterseal import (
    CountersealError,
    Keyring,
    PacketSigner,
    Session,
    TokenIssuer,
    VerifiedToken,
)
from ends import AUTH, ENGINE, HUB, TOKENS, S, connect, connecting, listening, token
from helpers import NONCE, NOW, refusal, refused

WELCOME = {
    "v": 1,
    "kid": "hub-1",
    "ts": 1708167235,
    "nonce": S,
    "payload": {"session": S},
    "sig": "FzAPGwwl9jcsqIy_k76eh1_Nc6OVNhnXgj2yE9gA6GQ",
}
FORMS: list[Callable[[dict[str, Any]], Any]] = [
    dict,
    json.dumps,
    lambda sent: json.dumps(sent).encode(),
    lambda sent: memoryview(json.dumps(sent).encode()),
]


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
