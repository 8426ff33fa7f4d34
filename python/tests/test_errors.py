"""The one exception."""

import pickle

import pytest
from counterseal import CountersealError, Keyring, PacketVerifier, error_list
from helpers import refused


def test_attributes() -> None:
    with refused("malformed_packet") as caught:
        PacketVerifier(Keyring([])).verify("[]", context="c")
    error = caught.value
    assert (error.code, error.klass, error.status) == ("malformed_packet", "unauthorized", 401)
    assert str(error) == f"malformed_packet: {error.detail}"
    assert isinstance(error, Exception)
    assert error.__cause__ is None
    assert error.__context__ is None


def test_it_can_be_pickled() -> None:
    error = CountersealError("replayed", "seen before", "unauthorized", 401)
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.klass, again.status, str(again)) == (
        "replayed",
        "unauthorized",
        401,
        "replayed: seen before",
    )
    assert str(CountersealError("replayed", "", "unauthorized", 401)) == "replayed"


def test_the_list_is_closed() -> None:
    codes = error_list()
    assert len({info["code"] for info in codes}) == len(codes)
    for info in codes:
        assert sorted(info) == ["class", "code", "sentence", "status"]
        assert 400 <= info["status"] <= 503
    with pytest.raises(CountersealError, match=r"^malformed_payload: "):
        PacketVerifier(Keyring([])).verify('{"payload":', context="c")
