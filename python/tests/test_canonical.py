"""What is written as it is walked is what the core makes of the json module's text."""

import json
import random
import struct
from collections.abc import Callable
from typing import Any

import pytest
from counterseal import CountersealError, PacketSigner, PacketVerifier, canonical_json
from helpers import NONCE, NOW

ROUNDS = 2000
SCRAPS = [
    *'abZ0/"\\é\u2028\ud7ff\ue000\ufb33\uffff😀\U0010ffff\x00\x08\t\n\x0c\r\x1f\x7f',
    "long enough for words",
]
WHOLES = [0, 1, -1, 10**9, 2**53 - 1, 1 - 2**53, 2**53, -(2**53), 2**63 - 1, 2**63, 10**20, -(2**70)]
MEMBER = ',"payload":'
FLOATS = [0.0, -0.0, 1.0, 0.1, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 123456789012345680.0]


def value(source: random.Random, depth: int) -> Any:
    kind = source.randrange(9 if depth else 6)
    if kind == 0:
        return source.choice([None, True, False])
    if kind == 1:
        return source.choice(WHOLES)
    if kind == 2:
        return source.choice(FLOATS)
    if kind == 3:
        [number] = struct.unpack("<d", source.randbytes(8))
        return number if abs(number) < 1e308 else 0
    if kind in (4, 5):
        return text(source)
    items = [value(source, depth - 1) for _ in range(source.randrange(6))]
    if kind == 6:
        return items
    if kind == 7:
        return tuple(items)
    return {text(source): item for item in items}


def text(source: random.Random) -> str:
    return "".join(source.choices(SCRAPS, k=source.randrange(5)))


def outcome(call: Callable[..., str], *args: Any) -> str:
    try:
        return call(*args)
    except CountersealError as error:
        return error.code


def sign(signer: PacketSigner, payload: Any) -> str:
    packet = signer.sign_text(payload, context="c", now=NOW, nonce=NONCE)
    return packet[packet.index(MEMBER) + len(MEMBER) : packet.rindex(',"sig":')]


def test_a_payload_is_written_as_the_core_writes_it(signer: PacketSigner) -> None:
    source = random.Random(1)
    accepted = 0
    for _ in range(ROUNDS):
        payload = value(source, 4)
        written = outcome(sign, signer, payload)
        assert written == outcome(canonical_json, json.dumps(payload))
        accepted += not written.startswith("malformed")
    assert ROUNDS // 2 < accepted < ROUNDS


def test_a_signed_dict_is_the_signed_text(signer: PacketSigner) -> None:
    source = random.Random(2)
    for _ in range(ROUNDS):
        payload = {text(source): value(source, 3) for _ in range(source.randrange(9))}
        try:
            written = signer.sign_text(payload, context="c", now=NOW, nonce=NONCE)
        except CountersealError:
            continue
        packet = signer.sign(payload, context="c", now=NOW, nonce=NONCE)
        assert list(packet) == ["v", "kid", "ts", "nonce", "payload", "sig"]
        assert json.dumps(packet) == json.dumps(json.loads(written, parse_int=as_read, parse_float=as_read))


def as_read(digits: str) -> int | float:
    number = float(digits)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def test_a_parsed_packet_is_accepted_in_any_order(signer: PacketSigner, verifier: PacketVerifier) -> None:
    source = random.Random(3)
    for _ in range(ROUNDS):
        payload = source.choice(SCRAPS), source.choice(FLOATS), source.choice(WHOLES[:8])
        members = list(json.loads(signer.sign_text(payload, context="c", now=NOW)).items())
        if source.randrange(2):
            source.shuffle(members)
        verified = verifier.verify(dict(members), context="c", now=NOW)
        assert verified.payload_text == canonical_json(json.dumps(payload))


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 2000])
def test_names_keep_their_text_however_many_there_are(
    count: int, signer: PacketSigner, verifier: PacketVerifier
) -> None:
    payload = {f"{number:x}" * (number % 9): number for number in range(count)}
    for _ in range(2):
        verified = verifier.verify(signer.sign(payload, context="c"), context="c")
        assert verified.payload == payload
