"""Evidence as an object: what it holds is what was verified, and it lets go of it."""

import copy
import gc
import sys
from collections.abc import Callable
from typing import Any

import pytest
from counterseal import Key, Keyring, PacketSigner, PacketVerifier, Verified
from helpers import NOW, refused

Verify = Callable[..., Verified]


@pytest.fixture
def verify(key: Key) -> Verify:
    """Signs a body and verifies it, both as parts."""
    signer, verifier = PacketSigner(key), PacketVerifier(Keyring([key]))

    def signed_and_verified(body: Any, kind: str = "bytes") -> Verified:
        parts: dict[str, Any] = dict(signer.sign_parts(kind=kind, body=bytes(body), context="c", now=NOW))
        return verifier.verify_parts(key_id=key_id, kind=kind, body=body, context="c", now=NOW, **parts)

    key_id = key.id
    return signed_and_verified


@pytest.mark.parametrize("size", [0, 1, 55, 64, 200, 20_000])
def test_a_body_that_changes_later_does_not_change_the_evidence(size: int, verify: Verify) -> None:
    body = bytes(index % 251 for index in range(size))
    changing, under_a_view = bytearray(body), bytearray(body)
    all_evidence = [
        verify(body),
        verify(changing),
        verify(memoryview(under_a_view)),
        verify(memoryview(body)),
    ]
    changing[:], under_a_view[:] = bytes(size), bytes(size)
    changing.extend(b"more")
    for verified in all_evidence:
        assert (verified.kind, verified.data, verified.payload, verified.payload_text) == (
            "bytes",
            body,
            None,
            None,
        )


def test_a_text_that_changes_later_does_not_change_the_evidence(verify: Verify) -> None:
    text = '{"a":[1,"é",null]}'
    changing = bytearray(text.encode())
    all_evidence = [verify(text.encode(), "json"), verify(changing, "json")]
    changing[:] = bytes(len(changing))
    for verified in all_evidence:
        assert (verified.kind, verified.data, verified.payload_text) == ("json", None, text)
        assert verified.payload == {"a": [1, "é", None]}


def test_evidence_outlives_what_it_was_given(verify: Verify) -> None:
    def of_a_body_that_ends(number: int) -> Verified:
        return verify(b"body %d of its own" % number)

    all_evidence = [of_a_body_that_ends(number) for number in range(200)]
    gc.collect()
    assert [verified.data for verified in all_evidence] == [b"body %d of its own" % n for n in range(200)]


def test_evidence_lets_go_of_all_that_it_held(verify: Verify) -> None:
    body, text = bytes(range(200)), b'{"a":1}'
    verify(body)
    counts = sys.getrefcount(body), sys.getrefcount(text), sys.getrefcount(Verified)
    all_evidence = [verified for _ in range(100) for verified in (verify(body), verify(text, "json"))]
    assert all(
        verified.data in (body, None) and verified.payload in ({"a": 1}, None) for verified in all_evidence
    )
    repr(all_evidence)
    assert sys.getrefcount(Verified) > counts[2]
    del all_evidence
    assert (sys.getrefcount(body), sys.getrefcount(text), sys.getrefcount(Verified)) == counts


def test_a_refused_call_lets_go_of_its_arguments(key: Key) -> None:
    verifier, body = PacketVerifier(Keyring([key])), bytes(range(200))
    before = sys.getrefcount(body)
    for _ in range(100):
        with refused("malformed_packet"):
            verifier.verify_parts(
                key_id=key.id, kind="bytes", body=body, context="c", ts=NOW, nonce="", sig="", now=NOW
            )
    assert sys.getrefcount(body) == before


def test_only_a_verifier_makes_evidence(verify: Verify) -> None:
    verified = verify(b"body")
    with pytest.raises(TypeError, match=r"cannot create 'counterseal\.Verified' instances"):
        Verified()
    with pytest.raises(TypeError):
        copy.copy(verified)
    with pytest.raises(TypeError):
        type("Forged", (Verified,), {})
    with pytest.raises(TypeError):
        verified.__class__ = PacketVerifier  # type: ignore[assignment]
    with pytest.raises(TypeError):
        vars(verified)
