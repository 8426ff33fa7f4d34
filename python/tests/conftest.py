"""What every test needs: a key, a signer and a verifier, each fresh."""

import pytest
from counterseal import Key, Keyring, PacketSigner, PacketVerifier
from helpers import SECRET


@pytest.fixture
def key() -> Key:
    return Key("engine-7", secret=SECRET)


@pytest.fixture
def signer(key: Key) -> PacketSigner:
    return PacketSigner(key)


@pytest.fixture
def verifier(key: Key) -> PacketVerifier:
    return PacketVerifier(Keyring([key]))
