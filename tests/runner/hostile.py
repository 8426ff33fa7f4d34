"""Lines that should break a probe: each must get one answer with a code of the SDK, the same from all."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from answers import fault_of, shape_fault
from inputs import CONTEXT, NOW, SECRET
from process import Probe
from report import Report
from stage import ask_all, judge, outvoted

Call = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A line, the id its answer must have, and the code, where one is demanded and not agreement alone."""

    comment: str
    data: bytes
    id: str = ""
    code: str | None = None


def run_hostile(probes: list[Probe], report: Report) -> None:
    lines = [*bad_lines(), *large_lines(), *wrong_members(), *absent_members()]
    answers = ask_all(probes, [line.data for line in lines], "hostile lines")
    for at, line in enumerate(lines):
        given = {language: answers[language][at] for language in report.languages}
        if line.code:
            faults = {one: fault_of(answer, line.id, {"error": line.code}) for one, answer in given.items()}
        else:
            faults = outvoted(given)
            faults |= {one: fault for one, answer in given.items() if (fault := shape_fault(answer, line.id))}
        judge(report, "hostile lines", (line.id, line.comment), line.code or "the same of all", given, faults)


def bad_lines() -> Iterator[Line]:
    """Lines that are no JSON object with an id, or name no operation."""
    for data in NO_OBJECT:
        yield Line(f"no object with an id: {data[:40]!r}", data, "", BAD)
    for data in NO_OPERATION:
        yield Line(f"no operation: {data[:40]!r}", data, "a", BAD)
    yield Line("the list of codes, sentences included", b'{"id":"a","op":"error.list"}', "a")
    yield Line(
        "an id of escapes and a lone surrogate",
        rb'{"id":"\ud83d\ude00\u0000\ud800","op":"none"}',
        "😀\0\ud800",
        BAD,
    )
    yield Line(
        "white space and a carriage return around",
        b" {" + CANONICAL.encode() + b"} \r",
        "a",
        "malformed_payload",
    )
    yield Line(
        "the last of equal members stands",
        b'{"id":"b","op":"x",' + CANONICAL.encode() + b"}",
        "a",
        "malformed_payload",
    )


def large_lines() -> Iterator[Line]:
    """Lines of the greatest length, depth and numbers; the id is kept."""
    sign = json.dumps(
        {"op": "packet.sign", "key": {"id": "k", "secret": SECRET}, "context": "", "now": NOW, "nonce": NONCE}
    )
    yield Line("1,000,000 times [", b"[" * 1_000_000, "", BAD)
    yield Line("an object left open 1,000,000 deep", b'{"id":"a","x":' + b"[" * 1_000_000 + b"}", "", BAD)
    yield Line("16 MiB of white space", b" " * MAX_LINE, "", BAD)
    yield Line("over 16 MiB", member(CANONICAL, b'"' + b"x" * MAX_LINE + b'"'), "", BAD)
    yield Line(
        "an unused member 1,000,000 deep", member(CANONICAL, nested(1_000_000)), "a", "malformed_payload"
    )
    for depth in (65, 900, 1_100, 100_000, 500_000):
        line = member(f'"id":"a",{sign[1:-1]}', nested(depth), "payload")
        yield Line(f"a payload {depth} deep", line, "a", "malformed_payload")
    deep = b'{"":' * 100_000 + b"1" + b"}" * 100_000
    yield Line(
        "objects 100,000 deep", member(f'"id":"a",{sign[1:-1]}', deep, "payload"), "a", "malformed_payload"
    )
    for digits in (400, 5_000, 4_000_000):
        huge = b"9" * digits
        yield Line(
            f"a payload of {digits} digits",
            member(f'"id":"a",{sign[1:-1]}', huge, "payload"),
            "a",
            "malformed_payload",
        )
        line = member('"id":"a","op":"packet.verify","keys":[],"packet_text":"","context":""', huge, "now")
        yield Line(f"a time of {digits} digits", line, "a", BAD)
    text = b'"' + b"x" * (MAX_LINE - 100) + b'"'
    yield Line(
        "a packet text of nearly 16 MiB",
        member('"id":"a","op":"packet.verify","keys":[],"context":""', text, "packet_text"),
        "a",
        "payload_too_large",
    )
    yield Line(
        "a token of nearly 16 MiB",
        member('"id":"a","op":"token.verify","keys":[],"policy":{}', text, "token"),
        "a",
        "token_too_large",
    )
    quoted = b'"\\"' + b"x" * (MAX_LINE - 100) + b'\\""'
    yield Line(
        "a canonical text of nearly 16 MiB", member('"id":"a","op":"json.canonical"', quoted, "text"), "a"
    )


def wrong_members() -> Iterator[Line]:
    """Every member of every operation replaced by values of every type."""
    for call in CALLS:
        for name in call:
            for value in VALUES:
                if name == "payload" and value in NOT_IN_JAVASCRIPT:
                    continue
                data = member(json.dumps({"id": "a", **without(call, name)})[1:-1], value.encode(), name)
                yield Line(f"{call['op']}: {name} is {value}", data, "a")
        for holder in ("key", "keys"):
            yield from wrong_key_members(call, holder)


def wrong_key_members(call: Call, holder: str) -> Iterator[Line]:
    if holder not in call:
        return
    key = call[holder] if holder == "key" else call[holder][0]
    for name in KEY_MEMBERS:
        for value in VALUES:
            if name not in KNOWN and value in NOT_IN_JSON:
                continue
            altered = member(json.dumps(without(key, name))[1:-1], value.encode(), name)
            altered = altered if holder == "key" else b"[" + altered + b"]"
            data = member(json.dumps({"id": "a", **without(call, holder)})[1:-1], altered, holder)
            yield Line(f"{call['op']}: {name} of the key is {value}", data, "a")


def absent_members() -> Iterator[Line]:
    """Every operation without one of its members.

    Not without time or nonce where it signs: no two answers would be equal.
    """
    for call in CALLS:
        for name in call:
            if call["op"] not in SIGNING or name not in ("now", "ts", "nonce"):
                data = json.dumps({"id": "a", **without(call, name)}).encode()
                yield Line(f"{call['op']}: no {name}", data, "a")
        for holder in ("key", "keys"):
            if holder in call:
                key = call[holder] if holder == "key" else call[holder][0]
                for name in ("id", "secret"):
                    altered = without(key, name)
                    data = json.dumps(
                        {"id": "a", **call, holder: altered if holder == "key" else [altered]}
                    ).encode()
                    yield Line(f"{call['op']}: no {name} of the key", data, "a")


def member(others: str, value: bytes, name: str = "x") -> bytes:
    """An object of some members' text and one more."""
    return (
        b"{" + others.encode() + (b"," if others else b"") + json.dumps(name).encode() + b":" + value + b"}"
    )


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def without(call: Call, name: str) -> dict:
    return {other: value for other, value in call.items() if other != name}


MAX_LINE = 16 * 1024 * 1024
BAD = "malformed_argument"
NONCE = "AAECAwQFBgcICQoLDA0ODw"
SIG = "1v-poh--kq5rgAY2M_I-7YNcV1sTIjyGtFJnlqZgLxI"
NO_OBJECT = [
    b"",
    b" ",
    b"{",
    b"{}",
    b"[]",
    b"null",
    b"7",
    b'"id"',
    b"nonsense",
    b'{"id":7,"op":"error.list"}',
    b'{"id":null,"op":"error.list"}',
    b'{"id":["a"],"op":"error.list"}',
    b'{"op":"error.list"}',
    b'{"id":"a","op":"error.list"} {}',
    b'{"id":"a","op":"error.list",}',
    b"{'id':'a'}",
    b'{"id":"a","x":NaN}',
    b'{"id":"a","x":Infinity}',
    b'{"id":"a","x":01}',
    b'{"id":"a","x":1.}',
    b'{"id":"a","x":"\\x"}',
    b'{"id":"a","x":"\\ud8"}',
    b'{"id":"a","x":"\t"}',
    b'{"id":"a","\x01":1}',
    b'{"id":"a","x":"\xff"}',
    b'{"id":"a","x":"\xed\xa0\x80"}',
    b'{"id":"a","x":"\xc0\xaf"}',
    b'\xef\xbb\xbf{"id":"a","op":"error.list"}',
    b'{"id":"a","op":"error.list"}\x00',
    b'{"id":"a"\x0b,"op":"error.list"}',
    b'{"id":"a","op":"error.list"}\xc2\xa0',
    b"\xff\xfe{\x00}\x00",
]
NO_OPERATION = [
    b'{"id":"a"}',
    b'{"id":"a","op":""}',
    b'{"id":"a","op":"packet"}',
    b'{"id":"a","op":"constructor"}',
    b'{"id":"a","op":"__proto__"}',
    b'{"id":"a","op":null}',
    b'{"id":"a","op":["error.list"]}',
    b'{"id":"a","op":{"error.list":1}}',
    b'{"id":"a","op":"error.list\\u0000"}',
    b'{"id":"a","op":"\\ud800"}',
    b'{"id":"a","__proto__":{"op":"error.list"}}',
]
VALUES = [
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1.5",
    "1e400",
    "9007199254740993",
    '"x"',
    '""',
    '"\\ud800"',
    '"1"',
    '"€\\u0000\\n"',
    "[]",
    "[[]]",
    '["x"]',
    "[null]",
    "{}",
    '{"x":1}',
    '{"__proto__":1}',
    '{"toString":null}',
]
# The verdict on numbers is promised for text: JavaScript's own value has lost the last digit.
NOT_IN_JAVASCRIPT = ("9007199254740993",)
# Under an unknown name these are two faults at once, and which of them is told is nobody's promise.
NOT_IN_JSON = ("1e400", '"\\ud800"', "9007199254740993")
KNOWN = ("id", "secret", "owner", "not_before", "not_after", "revoked", "algorithms", "uses")
KEY_MEMBERS = (*KNOWN, "unknown", "__proto__", "toString")
CANONICAL = '"id":"a","op":"json.canonical","text":"["'
PACKET = f'{{"v":1,"kid":"k","ts":{NOW},"nonce":"{NONCE}","payload":[],"sig":"{SIG}"}}'
KEY = {"id": "k", "secret": SECRET}
TOKEN_KEY = {**KEY, "uses": ["token"]}
SIGNING = ("packet.sign", "parts.sign", "request.sign", "session.sign", "ticket.keys")
TIME = {"now": NOW}
CALL = {"context": CONTEXT, **TIME}
HANDSHAKE = {"nonce": NONCE, "token": "t"}
TICKET = (
    "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsiLCJ0eXAiOiJjb3VudGVyc2VhbC10aWNrZXQrand0In0"
    ".eyJhdWQiOiJodWIiLCJleHAiOjE3MDgxNzA4MzQsImp0aSI6IkFBRUNBd1FGQmdjSUNRb0xEQTBPRHciLCJzdWIiOi"
    "JwYWdlLTEifQ"
    ".nvp-sjjzpKgkhaeb5ABcSBeq4EYLXi18nalnu34gpYQ"
)
LIMITS = {"max_age": 60, "max_ahead": 5, "allow": ["k"]}
GATEWAY = {**KEY, "id": "gateway-1", "owner": "k"}
SENT = {"method": "GET", "url": "http://vault.internal", "headers": [["X-Tenant", "a"]], "body": ""}
REQUEST_LIMITS = {"extra_fields": [], "body_limit": 100}
ARRIVED = {
    "method": "GET",
    "target": "/",
    "headers": [
        ["Host", "vault.internal"],
        [
            "Signature-Input",
            f'counterseal=("@method" "@authority" "@path" "@query");created={NOW};nonce="{NONCE}";keyid="gateway-1"'
            + ';alg="hmac-sha256";tag="counterseal"',
        ],
        ["Signature", "counterseal=:w4ApFBFeQ2OQCUuNWYgAWJRyLWFbPRZpD9OrXVGsjko=:"],
    ],
    "authorities": ["http://vault.internal"],
}
POLICY = {"vault": {"rules": [{"callers": ["k"]}], "exempt": ["/"]}}
TRUST = {"trust": POLICY, "callee": "vault"}
CALLS = [
    {"op": "packet.sign", "key": KEY, **CALL, "nonce": NONCE, "payload": []},
    {"op": "packet.sign", "key": KEY, **CALL, "nonce": NONCE, "payload_text": "[]"},
    {"op": "packet.sign", "key": KEY, **CALL, "nonce": NONCE, "data": "AA"},
    {"op": "packet.verify", "keys": [KEY], "packet_text": PACKET, **CALL, **LIMITS},
    {"op": "packet.verify", "keys": [KEY], "packet_bytes": "e30", **CALL, "guard": "none"},
    {"op": "packet.verify", "keys": [KEY], "packet": json.loads(PACKET), **CALL},
    {"op": "packet.verify_batch", "keys": [KEY], "packets": [PACKET], **CALL},
    {
        "op": "parts.sign",
        "key": KEY,
        "kind": "bytes",
        "body": "AA",
        "context": CONTEXT,
        "ts": NOW,
        "nonce": NONCE,
    },
    {
        "op": "parts.verify",
        "keys": [KEY],
        "key_id": "k",
        "kind": "bytes",
        "body": "AA",
        "ts": NOW,
        "nonce": NONCE,
        "sig": SIG,
        **CALL,
        **LIMITS,
    },
    {"op": "token.issue", "key": TOKEN_KEY, "alg": "HS256", "claims_text": "{}", "now": NOW},
    {
        "op": "token.verify",
        "keys": [TOKEN_KEY],
        "token": "e30.e30.e30",
        "policy": {"issuer": "x", "leeway": 1},
        "now": NOW,
    },
    {"op": "request.sign", "key": GATEWAY, **SENT, "now": NOW, "nonce": NONCE, **REQUEST_LIMITS},
    {"op": "request.verify", "keys": [GATEWAY], **ARRIVED, "body": "", **TIME, **REQUEST_LIMITS, **LIMITS},
    {"op": "request.verify", "keys": [GATEWAY], **ARRIVED, "pieces": [], **TIME, "finish_now": NOW, **TRUST},
    {"op": "request.verify", "keys": [GATEWAY], **ARRIVED, "body": "", **TIME, "guard": "none"},
    {"op": "trust.check", "policy": POLICY, "callee": "vault", "caller": "k", "method": "GET", "path": "/"},
    {"op": "trust.explain", "policy": POLICY, "callee": "vault"},
    {"op": "json.canonical", "text": "[]"},
    {"op": "derive", "master": SECRET, "purpose": "p", "owner": "o", "key_id": "o.0"},
    {"op": "guard.new", "name": "hostile", "capacity": 10, "start": 0, "scope": "s"},
    {
        "op": "session.server",
        "session": "server",
        "server": "hub",
        "now": NOW,
        "heartbeat_every": 5,
        "identity": "sub",
        "on_refusal": "keep",
    },
    {
        "op": "session.client",
        "session": "client",
        "key": KEY,
        "server": "hub",
        "keys": [{**KEY, "id": "h"}],
        "now": NOW,
        "nonce": NONCE,
        "max_age": 60,
    },
    {"op": "session.handshake", "session": "client", "token": "t"},
    {
        "op": "session.accept",
        "session": "server",
        "keys": [TOKEN_KEY],
        "policy": {},
        "handshake_text": "{}",
        **TIME,
    },
    {"op": "session.accept", "session": "server", "keys": [TOKEN_KEY], "handshake_bytes": "e30", **TIME},
    {"op": "session.accept", "session": "client", "keys": [TOKEN_KEY], "handshake": HANDSHAKE, **TIME},
    {"op": "session.welcome", "session": "client", "key": KEY, "keys": [KEY], **TIME, "nonce": NONCE},
    {"op": "session.establish", "session": "server", "packet_text": PACKET, **TIME},
    {"op": "session.sign", "session": "client", "event": "e", "payload": [], **TIME, "nonce": NONCE},
    {"op": "session.sign", "session": "client", "event": "e", "data": "AA", **TIME, "nonce": NONCE},
    {"op": "session.heartbeat", "session": "client", **TIME, "nonce": NONCE},
    {"op": "session.verify", "session": "client", "event": "e", "packet": json.loads(PACKET), **TIME},
    {"op": "session.poll", "session": "client", **TIME},
    {"op": "session.look", "session": "client"},
    {"op": "session.revoke", "session": "client", "key_id": "h"},
    {"op": "session.close", "session": "client"},
    {
        "op": "ticket.keys",
        "keys": [TOKEN_KEY],
        "policy": {"typ": "counterseal-ticket+jwt", "audience": "hub"},
        "token": TICKET,
        "master": SECRET,
        "server": "hub",
        "by": "owner",
        "payload_text": "[]",
        **CALL,
        "nonce": NONCE,
    },
    {"op": "refusal", "code": "replayed", "now": NOW},
]
