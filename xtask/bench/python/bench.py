"""Python's rows of `cargo xtask bench`: JSON on standard input, one object a row on standard output."""

import base64
import gc
import hmac
import json
import platform
import ssl
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from time import perf_counter_ns
from typing import Any, TypeVar

import counterseal
import jwt

T = TypeVar("T")
Turn = Callable[[], float]


def main() -> None:
    given = json.load(sys.stdin)
    row(given, "python-parts", ssl.OPENSSL_VERSION, *parts(given))
    row(given, "python-token", version("PyJWT"), *tokens(given))


def parts(given: dict[str, Any]) -> tuple[Turn, Turn]:
    ring = counterseal.Keyring([counterseal.Key(given["key_id"], secret=given["secret"])])
    key_id, kind, context, now = given["key_id"], given["kind"], given["context"], given["now"]
    body = given["body"].encode()
    signed = turns([(part["nonce"], part["sig"]) for part in given["parts"]], given["batch"])
    verifier = counterseal.PacketVerifier(ring)

    def product() -> float:
        nonlocal verifier
        first, packets = next(signed)
        if first:
            verifier = counterseal.PacketVerifier(ring, guard=counterseal.MemoryReplayGuard())
        verify = verifier.verify_parts
        begun = perf_counter_ns()
        for nonce, sig in packets:
            verify(
                key_id=key_id, kind=kind, body=body, context=context, ts=now, nonce=nonce, sig=sig, now=now
            )
        return (perf_counter_ns() - begun) / len(packets)

    secret = unhex(given["secret"])
    tagged = turns(
        [(part["input"].encode(), hexadecimal(part["sig"])) for part in given["parts"]], given["batch"]
    )

    def peer() -> float:
        _, messages = next(tagged)
        accepted = 0
        begun = perf_counter_ns()
        for message, tag in messages:
            accepted += hmac.compare_digest(hmac.new(secret, message, "sha256").hexdigest(), tag)
        elapsed = perf_counter_ns() - begun
        check_accepted(accepted, len(messages))
        return elapsed / len(messages)

    return product, peer


def tokens(given: dict[str, Any]) -> tuple[Turn, Turn]:
    key = counterseal.Key(given["token_key_id"], secret=given["token_secret"], uses=["token"])
    verify = counterseal.TokenVerifier(counterseal.Keyring([key])).verify
    ours, theirs = (turns(given["tokens"], given["batch"]) for _ in range(2))

    def product() -> float:
        _, signed = next(ours)
        begun = perf_counter_ns()
        for token in signed:
            _ = verify(token).claims
        return (perf_counter_ns() - begun) / len(signed)

    secret = unhex(given["token_secret"])
    algorithms = ["HS256"]

    def peer() -> float:
        _, signed = next(theirs)
        begun = perf_counter_ns()
        for token in signed:
            _ = jwt.decode(token, secret, algorithms=algorithms)
        return (perf_counter_ns() - begun) / len(signed)

    return product, peer


def turns(items: list[T], batch: int) -> Iterator[tuple[bool, list[T]]]:
    """The items, a batch at a time, over and over; true with the first."""
    while True:
        for at in range(0, len(items), batch):
            yield at == 0, items[at : at + batch]


def row(given: dict[str, Any], name: str, peer_version: str, product: Turn, peer: Turn) -> None:
    print(f"  … {name}", file=sys.stderr, flush=True)
    samples: dict[str, list[float]] = {"product": [], "peer": []}
    # Collected between turns, not inside one, where it would be charged to whoever happens to run.
    gc.disable()
    for turn in range(given["warm_up"] + given["rounds"]):
        for side, run in (("product", product), ("peer", peer)):
            gc.collect(0)
            sample = run()
            if turn >= given["warm_up"]:
                samples[side].append(sample)
    gc.enable()
    runtime = f"{platform.python_implementation()} {platform.python_version()}"
    about = {
        "row": name,
        "version": counterseal.__version__,
        "runtime": runtime,
        "peer_version": peer_version,
    }
    print(json.dumps(about | samples), flush=True)


def check_accepted(accepted: int, given: int) -> None:
    if accepted != given:
        raise SystemExit(f"the hand-written HMAC refused {given - accepted} of {given} inputs")


def hexadecimal(sig: str) -> str:
    return base64.urlsafe_b64decode(sig + "=").hex()


def unhex(secret: str) -> bytes:
    return bytes.fromhex(secret.removeprefix("hex:"))


if __name__ == "__main__":
    main()
