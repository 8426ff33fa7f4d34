"""What tests need: a key, a signer, a verifier, a Redis and a side that uses it, each fresh."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from counterseal import Key, Keyring, PacketSigner, PacketVerifier
from helpers import SECRET
from redis_server import Server
from shared_ends import Began, Side


@pytest.fixture
def key() -> Key:
    return Key("engine-7", secret=SECRET)


@pytest.fixture
def signer(key: Key) -> PacketSigner:
    return PacketSigner(key)


@pytest.fixture
def verifier(key: Key) -> PacketVerifier:
    return PacketVerifier(Keyring([key]))


@pytest.fixture(autouse=True)
def time_of_its_own() -> None:
    Began.now()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A Redis whose guard began long ago."""
    with Server(tmp_path) as server:
        server.has_run(3600)
        yield server


@pytest.fixture(params=[False, True], ids=["waits", "awaits"])
def awaits(request: pytest.FixtureRequest) -> bool:
    """Whether a side awaits the store's answer, or waits for it."""
    return bool(request.param)


@pytest.fixture
def side(server: Server, awaits: bool) -> Iterator[Side]:
    with Side(server.url, awaits=awaits) as side:
        yield side
