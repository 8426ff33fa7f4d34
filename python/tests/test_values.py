"""Python's own values as payloads and packets."""

import enum
import gc
import json
from collections import OrderedDict, defaultdict
from typing import Any, NamedTuple

import pytest
from counterseal import PacketSigner, PacketVerifier
from helpers import NOW, refusal, refused


class Text(str):
    __slots__ = ()


class Whole(int):
    pass


class Level(enum.IntEnum):
    HIGH = 1


class Point(NamedTuple):
    x: int


@pytest.mark.parametrize(
    ("value", "text", "back"),
    [
        (1.0, "1", 1),
        (-0.0, "0", 0),
        (0.1, "0.1", 0.1),
        (5e-324, "5e-324", 5e-324),
        (1e16, "10000000000000000", 1e16),
        (True, "true", True),
        ((1, (2.5, None)), "[1,[2.5,null]]", [1, [2.5, None]]),
        (2**53 - 1, "9007199254740991", 2**53 - 1),
        (-(2**53) + 1, "-9007199254740991", -(2**53) + 1),
        (2**53, "9007199254740992", float(2**53)),
        (12345678901234567000, "12345678901234567000", 12345678901234567000.0),
        (
            {"b": 1, "a": {"é": "\x00\x1f\x7f\u2028😀"}},
            '{"a":{"é":"\\u0000\\u001f\x7f\u2028😀"},"b":1}',
            None,
        ),
        ({}, "{}", {}),
    ],
)
def test_values(value: Any, text: str, back: Any, signer: PacketSigner, verifier: PacketVerifier) -> None:
    verified = verifier.verify(signer.sign(value, context="c"), context="c")
    assert verified.payload_text == text
    expected = value if back is None else back
    assert verified.payload == expected
    assert type(verified.payload) is type(expected)


REFUSED: list[Any] = [
    float("nan"),
    float("inf"),
    -float("inf"),
    b"bytes",
    bytearray(),
    {1, 2},
    object(),
    Ellipsis,
    1j,
    {1: "name"},
    {None: 1},
    {b"a": 1},
    {Text("a"): 1},
    Text("a"),
    Whole(1),
    Level.HIGH,
    Point(1),
    OrderedDict(a=1),
    defaultdict(int),
    range(3),
    iter(()),
    2**53 + 1,
    10**400,
    -(10**5000),
    1 << 10_000_000,
    "\ud800",
    "\ud83d\ude00",
    {"\udfff": 1},
]


@pytest.mark.parametrize("value", REFUSED, ids=lambda value: type(value).__name__)
def test_what_json_cannot_carry(value: Any, signer: PacketSigner) -> None:
    for payload in (value, [value], {"a": (value,)}):
        with refused("malformed_payload"):
            signer.sign(payload, context="c")


def test_a_refusal_says_why(signer: PacketSigner) -> None:
    assert refusal(signer.sign, {"a": {1}}, context="c").detail.startswith(
        "set is not a JSON value; allowed: dict,"
    )
    assert refusal(signer.sign, [float("nan")], context="c").detail == "NaN is not a JSON number"
    assert refusal(signer.sign, {3: 1}, context="c").detail.startswith("a member's name is int")


def test_cycles_and_depth(signer: PacketSigner, verifier: PacketVerifier) -> None:
    loop: list[Any] = []
    loop += [loop, loop]
    ring: dict[str, Any] = {}
    ring["ring"] = ring
    deep: Any = 1
    for _ in range(64):
        deep = [deep]
    packet = signer.sign(deep, context="c")
    assert packet["payload"] == deep
    assert verifier.verify(packet, context="c").payload == deep
    deeper = [deep]
    abyss: Any = 1
    for _ in range(100_000):
        abyss = [abyss]
    for value in (loop, ring, deeper, abyss):
        assert "deeper than 64" in refusal(signer.sign, value, context="c").detail
        with refused("malformed_payload"):
            verifier.verify({"v": 1, "payload": value}, context="c")
        with refused("malformed_packet"):
            verifier.verify({"v": 1, "kid": value}, context="c")


def test_a_value_within_itself_many_times_over(signer: PacketSigner, verifier: PacketVerifier) -> None:
    web: Any = [1]
    for _ in range(60):
        web = [web, web]
    with refused("payload_too_large"):
        signer.sign(web, context="c")
    with refused("payload_too_large"):
        verifier.verify({"payload": web}, context="c")


def test_the_limit_is_the_cores(key: Any, signer: PacketSigner) -> None:
    assert signer.sign("x" * (2**20 - 2), context="c")["v"] == 1
    with refused("payload_too_large"):
        signer.sign("x" * (2**20 - 1), context="c")
    assert PacketSigner(key, body_limit=2**21).sign("x" * (2**21 - 2), context="c")["v"] == 1
    with refused("payload_too_large"):
        PacketSigner(key, body_limit=10).sign("x" * 9, context="c")


PARSED: list[tuple[Any, str]] = [
    ({"v": 2, "kid": float("nan")}, "unsupported_version"),
    ({"kid": {1}, "v": 2}, "unsupported_version"),
    ({1: 1, "v": 2}, "unsupported_version"),
    ({"v": 10**5000}, "unsupported_version"),
    ({"v": -1, "other": object()}, "unsupported_version"),
    ({"v": 2, "payload": float("nan")}, "unsupported_version"),
    ({"payload": [{1}, 1], "kid": {1}, "v": 2}, "unsupported_version"),
    ({"v": 1, "kid": float("nan")}, "malformed_packet"),
    ({"v": 1, 1: 1}, "malformed_packet"),
    ({"v": 1.0}, "malformed_packet"),
    ({"v": True}, "malformed_packet"),
    ({"v": Whole(2)}, "malformed_packet"),
    ({"v": 1, "payload": float("nan")}, "malformed_payload"),
    ({"v": 1, "payload": {"a": [b""]}, "kid": object()}, "malformed_payload"),
    ({"v": 1, "kid": object(), "payload": object()}, "malformed_packet"),
    ({"v": 1, "kid": 5, "payload": object()}, "malformed_packet"),
    ({"v": 1, "ts": 1.0, "payload": object()}, "malformed_packet"),
    (OrderedDict(v=1), "malformed_packet"),
    (Text("{}"), "malformed_packet"),
    ([], "malformed_packet"),
    (1, "malformed_packet"),
    (None, "malformed_packet"),
    (object(), "malformed_packet"),
    ("\ud800", "malformed_packet"),
    ('{"v":1,"payload":"\ud800', "malformed_payload"),
    (b"\xff", "malformed_packet"),
]


@pytest.mark.parametrize(("packet", "code"), PARSED)
def test_parsed_packets(packet: Any, code: str, verifier: PacketVerifier) -> None:
    with refused(code):
        verifier.verify(packet, context="c")
    [result] = verifier.verify_batch([packet], context="c")
    assert getattr(result, "code", None) == code


def test_a_float_is_no_timestamp(signer: PacketSigner, verifier: PacketVerifier) -> None:
    packet = signer.sign(1, context="c", now=NOW)
    for ts in (float(NOW), True, str(NOW)):
        with refused("malformed_packet"):
            verifier.verify(packet | {"ts": ts}, context="c", now=NOW)
    assert verifier.verify(packet, context="c", now=float(NOW)).timestamp == NOW


def test_transport_may_respell_numbers(signer: PacketSigner, verifier: PacketVerifier) -> None:
    packet = json.loads(json.dumps(signer.sign({"n": [1.0, 1e21, 2.50]}, context="c"), indent=1))
    packet["payload"]["n"][0] = 1.0
    assert verifier.verify(packet, context="c").payload == {"n": [1, 1e21, 2.5]}


class Meddler:
    """Garbage whose finalizer changes a dict that is being walked."""

    def __init__(self, target: dict[str, Any], runs: list[int]) -> None:
        self.target, self.runs, self.cycle = target, runs, self

    def __del__(self) -> None:
        self.runs.append(1)
        self.target[f"new-{len(self.runs)}"] = 1


def test_a_finalizer_changes_what_is_walked(signer: PacketSigner) -> None:
    runs: list[int] = []
    # Integers beyond 64 bits make the walk allocate, and so the collector run amid it.
    payload: dict[str, Any] = {str(number): 10**20 for number in range(200)}
    Meddler(payload, runs)
    thresholds = gc.get_threshold()
    gc.set_threshold(1)
    try:
        signed = json.loads(signer.sign_text(payload, context="c"))["payload"]
    finally:
        gc.set_threshold(*thresholds)
        gc.collect()
    assert set(signed) <= set(payload)
    assert runs
