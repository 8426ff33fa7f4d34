"""No repr, no error and no pickle holds secret material."""

import copy
import pickle
from typing import Any

import pytest
from counterseal import Key, Keyring, PacketSigner, PacketVerifier, Secret, derive
from helpers import SECRET, refusal, refused

RAW = bytes(range(32))


def test_every_form_is_one_secret() -> None:
    forms: list[Any] = [SECRET, SECRET.upper().replace("HEX", "hex"), RAW, bytearray(RAW), memoryview(RAW)]
    assert {Secret(form).expose() for form in forms} == {SECRET}
    signatures = {
        PacketSigner(Key("k", secret=form)).sign(1, context="", now=1, nonce="A" * 22)["sig"]
        for form in [*forms, Secret(SECRET)]
    }
    assert len(signatures) == 1


def test_a_generated_secret_is_new() -> None:
    first, second = Secret.generate(), Secret.generate()
    assert first.expose() != second.expose()
    assert len(bytes.fromhex(first.expose().removeprefix("hex:"))) == 32


def test_derive() -> None:
    for master in (SECRET, RAW, Secret(SECRET)):
        derived = derive(master, purpose="worker", owner="w-12", key_id="w-12.3")
        assert derived.expose() == "hex:9245504b2a38180156be86cf8c860f057ef295d2ecdb984728ddac2a843bdf52"


def test_repr() -> None:
    key = Key("k", secret=SECRET, owner="o")
    assert repr(Secret(SECRET)) == str(Secret(SECRET)) == "Secret(...)"
    assert repr(key) == "Key('k', owner='o')"
    assert (key.id, key.owner) == ("k", "o")
    assert repr(Keyring([key])) == "Keyring(['k'])"
    assert not hasattr(key, "secret")


@pytest.mark.parametrize("call", [pickle.dumps, copy.copy, copy.deepcopy])
@pytest.mark.parametrize("holder", [Secret(SECRET), Key("k", secret=SECRET)])
def test_secrets_are_not_pickled(call: Any, holder: Any) -> None:
    with refused("malformed_argument"):
        call(holder)


@pytest.mark.parametrize(
    "secret",
    [
        "hex:" + "c0ffee" * 20 + "0",
        "hex:" + "c0ffee" * 2,
        "base64:" + "c0ffee" * 20 + "=",
        "utf8:c0ffee",
        "c0ffee" * 20,
        b"c0ffee",
        b"c0ffee" * 1000,
        "\ud800c0ffee",
    ],
)
def test_no_error_holds_a_secret(secret: Any) -> None:
    builds: list[tuple[Any, dict[str, Any]]] = [
        (Secret, {"secret": secret}),
        (Key, {"id": "k", "secret": secret}),
        (derive, {"master": secret, "purpose": "p", "owner": "o", "key_id": "k"}),
    ]
    for build, arguments in builds:
        error = refusal(build, **arguments)
        assert "c0ffee" not in f"{error} {error!r} {error.args}"


def test_no_refusal_holds_a_secret() -> None:
    key = Key("k", secret=b"c0ffee" * 8)
    verifier = PacketVerifier(Keyring([key]))
    packet = PacketSigner(key).sign(1, context="c")
    for wrong in (packet | {"sig": "A" * 43}, packet | {"kid": "x"}, packet | {"ts": 1}, {}, 1):
        assert "c0ffee" not in repr(refusal(verifier.verify, wrong, context="c"))
    assert (
        "c0ffee" not in f"{key!r} {verifier!r} {PacketSigner(key)!r} {verifier.verify(packet, context='c')!r}"
    )
