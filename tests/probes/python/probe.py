"""The Python probe: one call of the SDK a line.

It holds nothing of the protocol; members of the line are handed to the SDK as they stand.
"""

import json
import platform
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import counterseal
import http_requests
import sessions
from counterseal import CountersealError, MemoryReplayGuard, PacketSigner, PacketVerifier, TokenIssuer
from given import (
    Members,
    State,
    decoded,
    evidence,
    guard_of,
    items,
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
from line import Unusable, read


def main() -> None:
    """Answers every line of standard input, in order, each flushed."""
    serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    state = State()
    for line in source:
        sink.write(answer(state, line.removesuffix(b"\n")).encode("ascii") + b"\n")
        sink.flush()


def answer(state: State, data: bytes) -> str:
    """The answer to one line given without its end."""
    reply: Members = {"id": ""}
    try:
        line = read(data)
        reply["id"] = line["id"]
        reply["ok"] = operation(line)(state, line)
    except Exception as error:  # noqa: BLE001 - whatever happens, the line gets its answer
        reply["error"] = describe(error)
    return json.dumps(reply)


def packet_sign(_: State, line: Members) -> Members:
    form = one_of(line, "payload", "payload_text", "data")
    body = line[form] if form == "payload" else decoded(line, form) if form == "data" else text(line, form)
    signer = PacketSigner(key(members(line.get("key"))), **options(line, "body_limit"))
    call = {"context": line.get("context"), **options(line, "now", "nonce")}
    if form == "payload":
        return {"packet_text": signer.sign_text(body, **call)}
    if form == "payload_text":
        return {"packet_text": signer.sign_json(body, **call)}
    return {"packet_text": written(signer.sign_bytes(body, **call))}


def packet_verify(state: State, line: Members) -> Members:
    packet = peers(line, "packet", "packet_text", "packet_bytes")
    return evidence(verifier(state, line).verify(packet, context=line.get("context"), **options(line, "now")))


def packet_verify_batch(state: State, line: Members) -> Members:
    packets = items(line.get("packets"))
    results = verifier(state, line).verify_batch(packets, context=line.get("context"), **options(line, "now"))
    return {"results": [outcome(result) for result in results]}


def parts_sign(_: State, line: Members) -> Members:
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


def parts_verify(state: State, line: Members) -> Members:
    body = decoded(line, "body")
    parts = {name: line.get(name) for name in ("key_id", "kind", "context", "ts", "nonce", "sig")}
    return evidence(verifier(state, line).verify_parts(body=body, **parts, **options(line, "now")))


def token_issue(_: State, line: Members) -> Members:
    claims = text(line, "claims_text")
    issuer = TokenIssuer(key(members(line.get("key"))), **options(line, "alg"))
    return {"token": issuer.issue_text(claims, **options(line, "now"))}


def token_verify(_: State, line: Members) -> Members:
    token = text(line, "token")
    verified = token_verifier(line).verify(token, **options(line, "now"))
    return {"claims_text": verified.claims_text}


def json_canonical(_: State, line: Members) -> Members:
    return {"text": counterseal.canonical_json(text(line, "text"))}


def derive(_: State, line: Members) -> Members:
    parts = {name: line.get(name) for name in ("purpose", "owner", "key_id")}
    return {"secret": counterseal.derive(line.get("master"), **parts).expose()}


def guard_new(state: State, line: Members) -> Members:
    name = text(line, "name")
    state.guards[name] = MemoryReplayGuard(**options(line, "capacity", "start", "scope", "owner_share"))
    return {}


def error_list(_: State, line: Members) -> Members:
    return {"codes": counterseal.error_list()}


def probe_about(_: State, line: Members) -> Members:
    runtime = f"{platform.python_implementation()} {platform.python_version()}"
    addon = Path(sys.modules["counterseal._core"].__file__ or "").name
    return {
        "language": "python",
        "runtime": runtime,
        "engine": "native",
        "addon": addon,
        "version": counterseal.__version__,
    }


def operation(line: Members) -> Callable[[State, Members], Members]:
    name = line.get("op")
    if not isinstance(name, str) or name not in OPERATIONS:
        raise Unusable("no such operation")
    return OPERATIONS[name]


def verifier(state: State, line: Members) -> PacketVerifier:
    given = options(line, "guard", "max_age", "max_ahead", "allow", "body_limit")
    return PacketVerifier(keyring(line), **guard_of(state, given))


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


OPERATIONS: dict[str, Callable[[State, Members], Members]] = {
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
    **http_requests.OPERATIONS,
    **sessions.OPERATIONS,
}

if __name__ == "__main__":
    main()
