"""What every signer signs for every verifier, the same in every run.

Payloads of every kind, bytes, parts, requests, tokens, and packets under derived keys.
"""

import base64
import json
import random
from dataclasses import dataclass
from typing import Any

from http_requests import REQUESTS

SECRET = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
LONG_SECRET = "hex:" + "a5" * 64
NOW = 1708167234
CONTEXT = "engine-7>hub:status"

DERIVATIONS: list[dict[str, Any]] = [
    {"master": SECRET, "purpose": "worker", "owner": "w-12", "key_id": "w-12.3"},
    {"master": LONG_SECRET, "purpose": "mesh", "owner": "a.b~c_d-e", "key_id": "a.b~c_d-e.0"},
    {
        "master": "utf8:correct horse battery staple, and then some",
        "purpose": "x",
        "owner": "y",
        "key_id": "z",
    },
]


@dataclass(frozen=True)
class Input:
    """One thing to sign: the call, and which derived secret signs it, if one does."""

    id: str
    call: dict[str, Any]
    derived: int | None = None

    def key(self, secrets: list[str]) -> dict[str, Any]:
        if self.derived is None:
            return dict(self.call["key"])
        return {**self.call["key"], "secret": secrets[self.derived]}

    def sign(self, secrets: list[str]) -> dict[str, Any]:
        """The call that signs, with the secrets that the signer derived."""
        return {**self.call, "key": self.key(secrets)}


def all_inputs() -> list[Input]:
    texts = TEXTS + random_texts()
    inputs = [
        packet(f"json-{at}", payload_text=text, context=CONTEXT if at % 2 else "")
        for at, text in enumerate(texts)
    ]
    inputs += [packet(f"native-{at}", payload=value, context=CONTEXT) for at, value in enumerate(VALUES)]
    inputs += [packet(f"bytes-{at}", data=encode(data), context=CONTEXT) for at, data in enumerate(BODIES)]
    inputs += [parts(f"parts-bytes-{at}", "bytes", data) for at, data in enumerate(BODIES)]
    inputs += [parts(f"parts-json-{at}", "json", text.encode()) for at, text in enumerate(CANONICAL)]
    inputs += [
        request(f"request-{at}-{length}", members, body)
        for at, members in enumerate(REQUESTS)
        for length, body in enumerate(BODIES)
    ]
    inputs += [token(alg, at, claims) for alg in ALGORITHMS for at, claims in enumerate(CLAIMS)]
    for at, derivation in enumerate(DERIVATIONS):
        inputs.append(
            packet(f"derived-{at}", payload_text="[1]", context="", derived=at, kid=derivation["key_id"])
        )
    return inputs


def packet(name: str, derived: int | None = None, kid: str = "engine-7", **members: Any) -> Input:
    key = {"id": kid, "secret": SECRET, "owner": "engine"}
    return Input(
        name, {"op": "packet.sign", "key": key, "now": NOW, "nonce": nonce_of(name), **members}, derived
    )


def parts(name: str, kind: str, body: bytes) -> Input:
    key = {"id": "engine-7", "secret": LONG_SECRET}
    call = {"op": "parts.sign", "key": key, "kind": kind, "body": encode(body), "context": CONTEXT, "ts": NOW}
    return Input(name, {**call, "nonce": nonce_of(name)})


def request(name: str, members: dict[str, Any], body: bytes) -> Input:
    key = {"id": "gateway-1", "secret": SECRET, "owner": "gateway"}
    call = {"op": "request.sign", "key": key, **members, "body": encode(body), "now": NOW}
    return Input(name, {**call, "nonce": nonce_of(name)})


def token(alg: str, at: int, claims: str) -> Input:
    key = {"id": "auth-1", "secret": LONG_SECRET, "uses": ["token"], "algorithms": [alg], "owner": "auth"}
    return Input(
        f"token-{alg}-{at}", {"op": "token.issue", "key": key, "alg": alg, "claims_text": claims, "now": NOW}
    )


def nonce_of(name: str) -> str:
    return encode(random.Random(name).randbytes(16))


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def random_texts() -> list[str]:
    """Payloads that no one chose: nested values, doubles of any bits, strings of any characters."""
    source = random.Random("counterseal")
    return [
        json.dumps(random_value(source, 0), ensure_ascii=source.random() < 0.5) for _ in range(RANDOM_TEXTS)
    ]


def random_value(source: random.Random, depth: int) -> Any:
    kind = source.randrange(6 if depth < 4 else 4)
    if kind == 0:
        return source.choice([None, True, False, source.randint(-(2**53) + 1, 2**53 - 1)])
    if kind == 1:
        return random_double(source)
    if kind in (2, 3):
        return "".join(chr(random_scalar(source)) for _ in range(source.randrange(12)))
    if kind == 4:
        return [random_value(source, depth + 1) for _ in range(source.randrange(6))]
    return {
        chr(random_scalar(source)) * 2 + str(at): random_value(source, depth + 1)
        for at in range(source.randrange(6))
    }


def random_double(source: random.Random) -> float:
    fraction, exponent = source.random(), source.randint(-330, 308)
    return float(f"{source.choice(['', '-'])}{fraction * 10:.17f}e{exponent}") if exponent < 308 else fraction


def random_scalar(source: random.Random) -> int:
    top = source.choice([0x20, 0x7F, 0xFF, 0xD7FF, 0x10FFFF])
    scalar = source.randint(0, top)
    return scalar if not 0xD800 <= scalar <= 0xDFFF else 0xFFFD


ALGORITHMS = ("HS256", "HS384", "HS512")
RANDOM_TEXTS = 40
TEXTS = [
    "null",
    "true",
    '""',
    "{}",
    "[]",
    "-0",
    "0.1",
    ' { "status" : "FINISHED" , "job" : 42 } ',
    '{"a":"\\u0007\\n\\"\\\\\\/","n\\u00e9":[1.0,1E21,0.0000001,-0],"\\u20ac":null}',
    "[9007199254740991,-9007199254740991,12345678901234567000,1e300]",
    "[5e-324,2.2250738585072014e-308,1.7976931348623157e308]",
    "[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,1e-400,123456789012345680000.0]",
    '{"\\ud83d\\ude00":1,"\\ufb33":2,"\\r":3,"1":4,"\\u0080":5,"\\u00f6":6,"\\u20ac":7}',
    '"\\uffff\\u2028\\u2029\\u007f\\u001f"',
    "[" * 64 + "]" * 64,
    '{"a":{"b":{"a":{"b":[]}}},"aa":1,"":2,"A":3}',
    '"' + "x" * 100_000 + '"',
]
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    1e21,
    1e-7,
    2**53 - 1,
    "",
    "é€😀",
    [],
    {},
    [[None, {"b": 1, "a": [0.1]}]],
    {"€": "\x00"},
]
BODIES = [b"", b"\x00\xff\n", bytes(range(256)), b"counterseal-packet-v1\n", b"\xf0" * 65_537]
CANONICAL = ["null", '{"a":1,"b":[1e+21,"€"]}', '"\\n"', "[" * 64 + "]" * 64]
CLAIMS = [
    f'{{"userId":"dev-user","iat":{NOW},"exp":{NOW + 86400}}}',
    f' {{"exp" : {NOW + 1}.5, "role":["engine",null,1.0], "n\\u00e9":"\\ud83d\\ude00", "nbf":{NOW}}} ',
]
