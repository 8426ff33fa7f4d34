"""The Python probe: one call of the SDK a line.

It holds nothing of the protocol; members of the line are handed to the SDK as they stand.
"""

import base64
import binascii
import json
import platform
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import counterseal
from counterseal import (
    CountersealError,
    Key,
    Keyring,
    MemoryReplayGuard,
    PacketSigner,
    PacketVerifier,
    TokenIssuer,
    TokenVerifier,
)
from line import Unusable, read

Members = dict[str, Any]
Guards = dict[str, MemoryReplayGuard]


def main() -> None:
    """Answers every line of standard input, in order, each flushed."""
    serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    guards: Guards = {}
    for line in source:
        sink.write(answer(guards, line.removesuffix(b"\n")).encode("ascii") + b"\n")
        sink.flush()


def answer(guards: Guards, data: bytes) -> str:
    """The answer to one line given without its end."""
    reply: Members = {"id": ""}
    try:
        line = read(data)
        reply["id"] = line["id"]
        reply["ok"] = operation(line)(guards, line)
    except Exception as error:  # noqa: BLE001 - whatever happens, the line gets its answer
        reply["error"] = describe(error)
    return json.dumps(reply)


def packet_sign(_: Guards, line: Members) -> Members:
    form = one_of(line, "payload", "payload_text", "data")
    body = line[form] if form == "payload" else decoded(line, form) if form == "data" else text(line, form)
    signer = PacketSigner(key(members(line.get("key"))), **options(line, "body_limit"))
    call = {"context": line.get("context"), **options(line, "now", "nonce")}
    if form == "payload":
        return {"packet_text": signer.sign_text(body, **call)}
    if form == "payload_text":
        return {"packet_text": signer.sign_json(body, **call)}
    return {"packet_text": json.dumps(signer.sign_bytes(body, **call), separators=(",", ":"))}


def packet_verify(guards: Guards, line: Members) -> Members:
    form = one_of(line, "packet", "packet_text", "packet_bytes")
    packet = (
        line[form]
        if form == "packet"
        else decoded(line, form)
        if form == "packet_bytes"
        else text(line, form)
    )
    return evidence(
        verifier(guards, line).verify(packet, context=line.get("context"), **options(line, "now"))
    )


def packet_verify_batch(guards: Guards, line: Members) -> Members:
    packets = items(line.get("packets"))
    results = verifier(guards, line).verify_batch(
        packets, context=line.get("context"), **options(line, "now")
    )
    return {"results": [outcome(result) for result in results]}


def parts_sign(_: Guards, line: Members) -> Members:
    body = decoded(line, "body")
    signer = PacketSigner(key(members(line.get("key"))), **options(line, "body_limit"))
    given = options(line, "ts", "nonce")
    signature = signer.sign_parts(
        kind=line.get("kind"),
        body=body,
        context=line.get("context"),
        now=given.get("ts"),
        nonce=given.get("nonce"),
    )
    return {"sig": signature["sig"]}


def parts_verify(guards: Guards, line: Members) -> Members:
    body = decoded(line, "body")
    parts = {name: line.get(name) for name in ("key_id", "kind", "context", "ts", "nonce", "sig")}
    return evidence(verifier(guards, line).verify_parts(body=body, **parts, **options(line, "now")))


def token_issue(_: Guards, line: Members) -> Members:
    claims = text(line, "claims_text")
    issuer = TokenIssuer(key(members(line.get("key"))), **options(line, "alg"))
    return {"token": issuer.issue_text(claims, **options(line, "now"))}


def token_verify(_: Guards, line: Members) -> Members:
    token = text(line, "token")
    policy = members(line.get("policy", {}))
    verified = TokenVerifier(keyring(line), **options(policy, *policy)).verify(token, **options(line, "now"))
    return {"claims_text": verified.claims_text}


def json_canonical(_: Guards, line: Members) -> Members:
    return {"text": counterseal.canonical_json(text(line, "text"))}


def derive(_: Guards, line: Members) -> Members:
    parts = {name: line.get(name) for name in ("purpose", "owner", "key_id")}
    return {"secret": counterseal.derive(line.get("master"), **parts).expose()}


def guard_new(guards: Guards, line: Members) -> Members:
    name = text(line, "name")
    guards[name] = MemoryReplayGuard(**options(line, "capacity", "start", "scope", "owner_share"))
    return {}


def error_list(_: Guards, line: Members) -> Members:
    return {"codes": counterseal.error_list()}


def probe_about(_: Guards, line: Members) -> Members:
    runtime = f"{platform.python_implementation()} {platform.python_version()}"
    addon = Path(sys.modules["counterseal._core"].__file__ or "").name
    return {
        "language": "python",
        "runtime": runtime,
        "engine": "native",
        "addon": addon,
        "version": counterseal.__version__,
    }


def operation(line: Members) -> Callable[[Guards, Members], Members]:
    name = line.get("op")
    if not isinstance(name, str) or name not in OPERATIONS:
        raise Unusable("no such operation")
    return OPERATIONS[name]


def verifier(guards: Guards, line: Members) -> PacketVerifier:
    given = options(line, "guard", "max_age", "max_ahead", "allow", "body_limit")
    if "guard" in given:
        name = given["guard"]
        if not isinstance(name, str) or name not in guards:
            raise Unusable("no guard of that name")
        given["guard"] = guards[name]
    return PacketVerifier(keyring(line), **given)


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
    value = text(line, name)
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


def outcome(result: counterseal.Verified | CountersealError) -> Members:
    return {"error": describe(result)} if isinstance(result, CountersealError) else {"ok": evidence(result)}


def describe(error: Exception) -> Members:
    if isinstance(error, Unusable):
        return {"code": "malformed_argument", "class": "invalid", "status": 400}
    if isinstance(error, CountersealError):
        return {"code": error.code, "class": error.klass, "status": error.status}
    # Anything but the SDK's own error is a fault that must show.
    traceback.print_exception(error)
    return {"code": "probe_fault", "class": "fault", "status": 500}


OPERATIONS: dict[str, Callable[[Guards, Members], Members]] = {
    "packet.sign": packet_sign,
    "packet.verify": packet_verify,
    "packet.verify_batch": packet_verify_batch,
    "parts.sign": parts_sign,
    "parts.verify": parts_verify,
    "token.issue": token_issue,
    "token.verify": token_verify,
    "json.canonical": json_canonical,
    "derive": derive,
    "guard.new": guard_new,
    "error.list": error_list,
    "probe.about": probe_about,
}

if __name__ == "__main__":
    main()
