"""The operations on sessions, which live from line to line, on tickets, and on what a peer learns."""

from collections.abc import Callable
from typing import Any

import counterseal
from counterseal import CountersealError, PacketSigner, Session
from given import (
    Members,
    State,
    decoded,
    evidence,
    key,
    keyring,
    members,
    one_of,
    options,
    peers,
    text,
    token_verifier,
    written,
)
from line import Unusable


def server(state: State, line: Members) -> Members:
    name: Any = line.get("server")
    state.sessions[text(line, "session")] = Session.server(name, **options(line, *OPTIONS, "now"))
    return {}


def client(state: State, line: Members) -> Members:
    name: Any = line.get("server")
    ring = keyring(line)
    given = options(line, *OPTIONS, "now", "nonce")
    session = Session.client(key(members(line.get("key"))), server=name, keyring=ring, **given)
    state.sessions[text(line, "session")], state.rings[text(line, "session")] = session, ring
    return {}


def handshake(state: State, line: Members) -> Members:
    return {"handshake_text": written(named(state, line).handshake(text(line, "token")))}


def accept(state: State, line: Members) -> Members:
    session = named(state, line)
    sent = peers(line, "handshake", "handshake_text", "handshake_bytes")
    verified = session.accept(sent, tokens=token_verifier(line), **options(line, "now"))
    return {"peer": session.peer, "claims_text": verified.claims_text}


def welcome(state: State, line: Members) -> Members:
    ring = keyring(line)
    own = key(members(line.get("key")))
    packet = named(state, line).welcome(key=own, keyring=ring, **options(line, "now", "nonce"))
    state.rings[text(line, "session")] = ring
    return {"packet_text": written(packet)}


def establish(state: State, line: Members) -> Members:
    named(state, line).establish(peers(line, *PACKET), **options(line, "now"))
    return {}


def sign(state: State, line: Members) -> Members:
    session, event = named(state, line), line.get("event")
    call = options(line, "now", "nonce")
    if one_of(line, "payload", "data") == "data":
        return {"packet_text": written(session.sign_bytes(event, decoded(line, "data"), **call))}
    return {"packet_text": written(session.sign(event, line["payload"], **call))}


def heartbeat(state: State, line: Members) -> Members:
    return {"packet_text": written(named(state, line).heartbeat(**options(line, "now", "nonce")))}


def verify(state: State, line: Members) -> Members:
    event: Any = line.get("event")
    return evidence(named(state, line).verify(event, peers(line, *PACKET), **options(line, "now")))


def poll(state: State, line: Members) -> Members:
    return {"due": named(state, line).poll(**options(line, "now"))}


def look(state: State, line: Members) -> Members:
    session = named(state, line)
    said = {name: getattr(session, name) for name in ("state", "peer", "id", "code", "deadline")}
    return {name: value for name, value in said.items() if value is not None}


def close(state: State, line: Members) -> Members:
    named(state, line).close()
    return {}


def revoke(state: State, line: Members) -> Members:
    """Revokes a key of the ring that the session was given."""
    name = text(line, "session")
    if name not in state.rings:
        raise Unusable("no ring of that name")
    state.rings[name].revoke(text(line, "key_id"))
    return {}


def ticket_keys(_: State, line: Members) -> Members:
    """Signs with one of the two keys that a ticket gives."""
    verified = token_verifier(line).verify(text(line, "token"), **options(line, "now"))
    master: Any = line.get("master")
    name: Any = line.get("server")
    servers, owners = counterseal.ticket_keys(master, verified, name)
    signing: Any = {"server": servers, "owner": owners}.get(text(line, "by"))
    call = {"context": line.get("context"), **options(line, "now", "nonce")}
    packet = PacketSigner(signing).sign_json(text(line, "payload_text"), **call)
    return {
        "server_key_id": servers.id,
        "key_id": owners.id,
        "owner": owners.owner,
        "packet_text": packet,
    }


def refusal(_: State, line: Members) -> Members:
    error = CountersealError(text(line, "code"), "", "", 0)
    return {"text": written(counterseal.refusal(error, **options(line, "now")))}


def named(state: State, line: Members) -> Session:
    name = text(line, "session")
    if name not in state.sessions:
        raise Unusable("no session of that name")
    return state.sessions[name]


OPTIONS = (
    "heartbeat_every",
    "heartbeat_window",
    "handshake_window",
    "identity",
    "max_age",
    "max_ahead",
    "body_limit",
    "on_refusal",
    "guard_capacity",
)
PACKET = ("packet", "packet_text", "packet_bytes")
OPERATIONS: dict[str, Callable[[State, Members], Members]] = {
    "session.server": server,
    "session.client": client,
    "session.handshake": handshake,
    "session.accept": accept,
    "session.welcome": welcome,
    "session.establish": establish,
    "session.sign": sign,
    "session.heartbeat": heartbeat,
    "session.verify": verify,
    "session.poll": poll,
    "session.look": look,
    "session.close": close,
    "session.revoke": revoke,
    "ticket.keys": ticket_keys,
    "refusal": refusal,
}
