"""Evidence as an object: what it holds is what was verified, and it lets go of it."""

import copy
import gc
import sys
from collections.abc import Callable
from typing import Any

import pytest
from counterseal import (
    Key,
    Keyring,
    PacketSigner,
    PacketVerifier,
    TokenIssuer,
    TokenVerifier,
    Verified,
    VerifiedToken,
)
from helpers import NOW, SECRET, refused

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


NAMES = ["k", "k" * 64]


@pytest.mark.parametrize(
    ("key_id", "owner"), [(key_id, owner) for key_id in NAMES for owner in ["o", "o" * 64]]
)
def test_evidence_knows_its_signer_when_the_key_is_gone(key_id: str, owner: str) -> None:
    ring = Keyring([Key(key_id, secret=SECRET, owner=owner)])
    verifier = PacketVerifier(ring)
    given: dict[str, Any] = {"context": "c", "now": NOW}

    def verify(body: Any) -> Verified:
        signer = PacketSigner(Key(key_id, secret=SECRET))
        parts: dict[str, Any] = dict(signer.sign_parts(kind="bytes", body=bytes(body), **given))
        return verifier.verify_parts(key_id=key_id, kind="bytes", body=body, **parts, **given)

    all_evidence = [verify(b"x"), verify(bytearray(b"x")), verify(bytes(20_000))]
    packet = PacketSigner(Key(key_id, secret=SECRET)).sign({}, **given)
    all_evidence.append(verifier.verify(packet, **given))
    assert ring.remove(key_id)
    for verified in all_evidence:
        assert (verified.key_id, verified.owner, verified.timestamp) == (key_id, owner, NOW)
        assert repr(verified) == f"Verified(key_id='{key_id}', owner='{owner}', timestamp={NOW})"


def test_evidence_of_a_token_lets_go_of_all_that_it_held() -> None:
    key = Key("auth", secret=SECRET, owner="hub", uses=["token"])
    token = TokenIssuer(key).issue({"role": "engine"}, expires_in=60, now=NOW)
    verifier = TokenVerifier(Keyring([key]))
    count = sys.getrefcount(VerifiedToken)
    all_evidence = [verifier.verify(token, now=NOW) for _ in range(100)]
    claims = [verified.claims for verified in all_evidence]
    assert all(verified.claims is held for verified, held in zip(all_evidence, claims, strict=True))
    assert repr(all_evidence[0]) == "VerifiedToken(key_id='auth', owner='hub')"
    assert sys.getrefcount(VerifiedToken) > count
    of_claims = [sys.getrefcount(held) for held in claims]
    del all_evidence
    assert [sys.getrefcount(held) for held in claims] == [held - 1 for held in of_claims]
    assert sys.getrefcount(VerifiedToken) == count


def test_a_payload_ends_with_its_evidence(verify: Verify) -> None:
    verified = verify(b'{"a":[]}', "json")
    payload = verified.payload
    count = sys.getrefcount(payload)
    del verified
    assert sys.getrefcount(payload) == count - 1


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
    key = Key("auth", secret=SECRET, uses=["token"])
    token = TokenIssuer(key).issue({}, expires_in=60, now=NOW)
    of_token = TokenVerifier(Keyring([key])).verify(token, now=NOW)
    all_evidence: list[tuple[Any, type[Any]]] = [(verify(b"body"), Verified), (of_token, VerifiedToken)]
    for verified, kind in all_evidence:
        with pytest.raises(TypeError, match=rf"cannot create 'counterseal\.{kind.__name__}' instances"):
            kind()
        with pytest.raises(TypeError):
            copy.copy(verified)
        with pytest.raises(TypeError):
            type("Forged", (kind,), {})
        with pytest.raises(TypeError):
            verified.__class__ = PacketVerifier
        with pytest.raises(TypeError):
            vars(verified)
