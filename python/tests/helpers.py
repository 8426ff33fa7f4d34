"""The golden values of the wire format, and how a refusal is expected."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import pytest
from counterseal import CountersealError

SECRET = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
NONCE = "AAECAwQFBgcICQoLDA0ODw"
NOW = 1708167234


@contextmanager
def refused(code: str) -> Generator[pytest.ExceptionInfo[CountersealError]]:
    with pytest.raises(CountersealError) as caught:
        yield caught
    assert caught.value.code == code, str(caught.value)


def refusal(call: Callable[..., Any], *args: Any, **kwargs: Any) -> CountersealError:
    with pytest.raises(CountersealError) as caught:
        call(*args, **kwargs)
    return caught.value
