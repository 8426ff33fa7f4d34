"""What the members of a line become before the SDK is called."""

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any

import counterseal
from counterseal import Key, Keyring, MemoryReplayGuard, Session, TokenVerifier
from line import Unusable

Members = dict[str, Any]


@dataclass
class State:
    """What outlives a line, by name: replay guards, and sessions with the rings that they verify with."""

    guards: dict[str, MemoryReplayGuard] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    rings: dict[str, Keyring] = field(default_factory=dict)


def keyring(line: Members) -> Keyring:
    return Keyring([key(members(given)) for given in items(line.get("keys"))])


def key(given: Members) -> Key:
    rest = options(given, *(name for name in given if name not in ("id", "secret")))
    key_id: Any = given.get("id")
    secret: Any = given.get("secret")
    return Key(key_id, secret=secret, **rest)


def options(given: Members, *names: str) -> Members:
    """The members named that are there; an optional member is absent, never null."""
    chosen = {name: given[name] for name in names if name in given}
    if None in chosen.values():
        raise Unusable("an optional member is null")
    return chosen


def one_of(line: Members, *names: str) -> str:
    given = [name for name in names if name in line]
    if len(given) != 1:
        raise Unusable("exactly one form must be given")
    return given[0]


def members(value: Any) -> Members:
    if not isinstance(value, dict):
        raise Unusable("a member is not an object")
    return value


def items(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Unusable("a member is not a list")
    return value


def text(line: Members, name: str) -> str:
    value = line.get(name)
    if not isinstance(value, str):
        raise Unusable("a member is not text")
    return value


def decoded(line: Members, name: str) -> bytes:
    return unpacked(text(line, name))


def unpacked(value: Any) -> bytes:
    if not isinstance(value, str):
        raise Unusable("a member is not text")
    try:
        data = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError) as error:
        raise Unusable("a member is not base64url") from error
    # The decoder is lenient; what does not come back the same was not strict base64url.
    if encoded(data) != value:
        raise Unusable("a member is not base64url")
    return data


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def peers(line: Members, parsed: str, as_text: str, as_bytes: str) -> Any:
    """What came from a peer, in the one form that the line has."""
    form = one_of(line, parsed, as_text, as_bytes)
    return line[form] if form == parsed else text(line, form) if form == as_text else decoded(line, form)


def guard_of(state: State, given: Members) -> Members:
    """A verifier's options with the guard itself in place of its name."""
    if "guard" in given:
        name = given["guard"]
        if not isinstance(name, str) or name not in state.guards:
            raise Unusable("no guard of that name")
        given["guard"] = state.guards[name]
    return given


def token_verifier(line: Members) -> TokenVerifier:
    policy = members(line.get("policy", {}))
    return TokenVerifier(keyring(line), **options(policy, *policy))


def written(value: Any) -> str:
    """JSON text as the SDK's dicts are sent."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def evidence(verified: counterseal.Verified) -> Members:
    body = (
        {"payload_text": verified.payload_text}
        if verified.kind == "json"
        else {"data": encoded(verified.data or b"")}
    )
    return {
        "key_id": verified.key_id,
        "owner": verified.owner,
        "ts": verified.timestamp,
        "nonce": verified.nonce,
        **body,
    }
