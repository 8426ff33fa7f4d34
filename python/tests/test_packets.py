"""Packets, as Python spells them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from counterseal import (
    CountersealError,
    Key,
    Keyring,
    MemoryReplayGuard,
    PacketSigner,
    PacketVerifier,
    Verified,
)
from helpers import NONCE, NOW, SECRET, refused


def test_a_packet_is_a_dict(signer: PacketSigner, verifier: PacketVerifier) -> None:
    packet = signer.sign({"status": "FINISHED"}, context="engine_status")
    assert list(packet) == ["v", "kid", "ts", "nonce", "payload", "sig"]
    verified = verifier.verify(packet, context="engine_status")
    assert (verified.payload, verified.kind, verified.data) == ({"status": "FINISHED"}, "json", None)
    assert (verified.key_id, verified.owner) == ("engine-7", "engine-7")
    assert (verified.timestamp, verified.nonce) == (packet["ts"], packet["nonce"])
    assert repr(verified) == f"Verified(key_id='engine-7', owner='engine-7', timestamp={packet['ts']})"


def test_the_golden_packets(signer: PacketSigner, verifier: PacketVerifier) -> None:
    payload = {
        "status": "FINISHED",
        "a": '\x07\n"\\/',
        "job": 42,
        "né": [1.0, 1e21, 1e-7, -0.0],
        "€": None,
    }
    text = signer.sign_text(payload, context="engine_status", now=NOW, nonce=NONCE)
    assert text.endswith('"sig":"1v-poh--kq5rgAY2M_I-7YNcV1sTIjyGtFJnlqZgLxI"}')
    assert json.loads(text) == signer.sign(payload, context="engine_status", now=NOW, nonce=NONCE)
    assert text == signer.sign_json(json.dumps(payload), context="engine_status", now=NOW, nonce=NONCE)
    data = signer.sign_bytes(b"\x00\xff\n", context="", now=NOW, nonce=NONCE)
    assert data["sig"] == "7dtiu_WmKsvsYxxiPDXQCHmmiblrR2H0TltB69ReYqU"
    verified = verifier.verify(data, context="", now=NOW)
    assert (verified.data, verified.kind) == (b"\x00\xff\n", "bytes")
    assert (verified.payload, verified.payload_text) == (None, None)


FORMS: list[Callable[[str], Any]] = [str, str.encode, lambda text: bytearray(text.encode()), json.loads]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_packet(
    form: Callable[[str], Any], signer: PacketSigner, verifier: PacketVerifier
) -> None:
    packet = form(signer.sign_text([1, "é"], context="c"))
    assert verifier.verify(packet, context="c").payload == [1, "é"]


def test_arguments_by_name(key: Key, signer: PacketSigner) -> None:
    verifier = PacketVerifier(keyring=Keyring(keys=[key]), guard=None, max_age=60, allow=None)
    packet = PacketSigner(key=key).sign(payload=1, context="c", now=None, nonce=None)
    assert verifier.verify(packet=packet, context="c").payload == 1
    assert signer.sign_bytes(data=b"", context="c")["data"] == ""


def test_none_is_a_payload(signer: PacketSigner, verifier: PacketVerifier) -> None:
    verified = verifier.verify(signer.sign(None, context="c"), context="c")
    assert (verified.payload, verified.payload_text, verified.kind) == (None, "null", "json")


@pytest.mark.parametrize("buffer", [bytes, bytearray, memoryview])
def test_bytes_of_every_kind(buffer: Any, signer: PacketSigner, verifier: PacketVerifier) -> None:
    for size in (0, 3, 20_000):
        data = b"x" * size
        packet = signer.sign_bytes(buffer(data), context="c")
        assert verifier.verify(packet, context="c").data == data
        parts = signer.sign_parts(kind="bytes", body=buffer(data), context="c")
        verified = verifier.verify_parts(
            key_id="engine-7", kind="bytes", body=buffer(data), context="c", **parts
        )
        assert verified.data == data


@pytest.mark.parametrize(
    "data", ["text", memoryview(b"abcd")[::2], memoryview(b"abcd").cast("I"), [1], 1, None]
)
def test_what_is_not_bytes(data: Any, signer: PacketSigner) -> None:
    with refused("malformed_argument") as caught:
        signer.sign_bytes(data, context="c")
    assert caught.value.detail.startswith("data must be bytes, bytearray or a contiguous memoryview")


def test_parts(signer: PacketSigner, verifier: PacketVerifier) -> None:
    parts = signer.sign_parts(kind="json", body=b'{"a":1}', context="c", now=NOW, nonce=NONCE)
    assert (list(parts), parts["ts"], parts["nonce"]) == (["ts", "nonce", "sig"], NOW, NONCE)
    verified = verifier.verify_parts(
        key_id="engine-7", kind="json", body=b'{"a":1}', context="c", now=NOW, **parts
    )
    assert verified.payload == {"a": 1}
    with refused("replayed"):
        verifier.verify_parts(key_id="engine-7", kind="json", body=b'{"a":1}', context="c", now=NOW, **parts)


@pytest.mark.parametrize(
    "wrong", [{"key_id": None}, {"key_id": 7}, {"ts": 1.0}, {"ts": True}, {"nonce": b""}, {"sig": []}]
)
def test_what_a_peer_sends_is_the_peers_fault(
    wrong: dict[str, Any], signer: PacketSigner, verifier: PacketVerifier
) -> None:
    parts: dict[str, Any] = {"key_id": "engine-7", "kind": "bytes", "body": b"", "context": "c"}
    parts |= signer.sign_parts(kind="bytes", body=b"", context="c")
    with refused("malformed_packet"):
        verifier.verify_parts(**parts | wrong)


def test_a_batch_keeps_its_order(signer: PacketSigner, verifier: PacketVerifier) -> None:
    good, other = signer.sign(1, context="c"), signer.sign(2, context="other")
    packets: list[Any] = [good, other, 7, None, good, signer.sign_text(3, context="c")]
    results = verifier.verify_batch(packets, context="c")
    codes = [result.code if isinstance(result, CountersealError) else result.payload for result in results]
    assert codes == [1, "bad_signature", "malformed_packet", "malformed_packet", "replayed", 3]
    assert verifier.verify_batch((), context="c") == []
    with refused("malformed_argument"):
        verifier.verify_batch([good], context="é")


def test_a_guard_is_shared(key: Key, signer: PacketSigner) -> None:
    guard = MemoryReplayGuard(capacity=10)
    first, second = (PacketVerifier(Keyring([key]), guard=guard) for _ in range(2))
    packet = signer.sign(1, context="c")
    assert (len(guard), bool(guard)) == (0, True)
    assert isinstance(first.verify(packet, context="c"), Verified)
    assert len(guard) == 1
    with refused("replayed"):
        second.verify(packet, context="c")


def test_a_keyring_changes_under_its_verifiers(key: Key, signer: PacketSigner) -> None:
    keyring = Keyring([])
    verifier = PacketVerifier(keyring)
    with refused("unknown_key"):
        verifier.verify(signer.sign(1, context="c"), context="c")
    keyring.add(key)
    keyring.add(Key("other", secret=SECRET))
    assert keyring.ids() == ["engine-7", "other"]
    assert verifier.verify(signer.sign(1, context="c"), context="c").payload == 1
    packet = signer.sign(1, context="c")
    assert (keyring.revoke("engine-7"), keyring.revoke("nobody")) == (True, False)
    with refused("revoked_key"):
        verifier.verify(packet, context="c")
    assert (keyring.remove("other"), keyring.remove("other")) == (True, False)


def test_evidence_does_not_change(signer: PacketSigner, verifier: PacketVerifier) -> None:
    verified = verifier.verify(signer.sign({"a": 1}, context="c"), context="c")
    assert verified.payload is verified.payload
    for name in ("payload", "owner", "other"):
        with pytest.raises(AttributeError):
            setattr(verified, name, "x")
