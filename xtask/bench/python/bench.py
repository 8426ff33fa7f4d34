"""Python's rows of `cargo xtask bench`: JSON on standard input, one object a row on standard output."""

import base64
import gc
import hmac
import json
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from time import perf_counter_ns
from typing import Any

import counterseal
import jwt

Turn = Callable[[], float]


def main() -> None:
    given = json.load(sys.stdin)
    row(given, "python-parts", "OpenSSL's, Python " + platform.python_version(), *parts(given))
    row(given, "python-token", version("PyJWT"), *tokens(given))


def parts(given: dict[str, Any]) -> tuple[Turn, Turn]:
    ring = counterseal.Keyring([counterseal.Key(given["key_id"], secret=given["secret"])])
    key_id, kind, context, now = given["key_id"], given["kind"], given["context"], given["now"]
    body = given["body"].encode()
    signed = [(part["nonce"], part["sig"]) for part in given["parts"]]

    def product() -> float:
        verify = counterseal.PacketVerifier(ring, guard=counterseal.MemoryReplayGuard()).verify_parts
        begun = perf_counter_ns()
        for nonce, sig in signed:
            verify(
                key_id=key_id, kind=kind, body=body, context=context, ts=now, nonce=nonce, sig=sig, now=now
            )
        return (perf_counter_ns() - begun) / len(signed)

    secret = unhex(given["secret"])
    tagged = [(part["input"].encode(), hexadecimal(part["sig"])) for part in given["parts"]]

    def peer() -> float:
        accepted = 0
        begun = perf_counter_ns()
        for message, tag in tagged:
            accepted += hmac.compare_digest(hmac.new(secret, message, "sha256").hexdigest(), tag)
        elapsed = perf_counter_ns() - begun
        check_accepted(accepted, len(tagged))
        return elapsed / len(tagged)

    return product, peer


def tokens(given: dict[str, Any]) -> tuple[Turn, Turn]:
    key = counterseal.Key(given["token_key_id"], secret=given["token_secret"], uses=["token"])
    verify = counterseal.TokenVerifier(counterseal.Keyring([key])).verify
    signed = given["tokens"]

    def product() -> float:
        begun = perf_counter_ns()
        for token in signed:
            _ = verify(token).claims
        return (perf_counter_ns() - begun) / len(signed)

    secret = unhex(given["token_secret"])
    algorithms = ["HS256"]

    def peer() -> float:
        begun = perf_counter_ns()
        for token in signed:
            _ = jwt.decode(token, secret, algorithms=algorithms)
        return (perf_counter_ns() - begun) / len(signed)

    return product, peer


def row(given: dict[str, Any], name: str, peer_version: str, product: Turn, peer: Turn) -> None:
    print(f"  … Python: {name}", file=sys.stderr, flush=True)
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
