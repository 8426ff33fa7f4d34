"""Python's contests of `cargo xtask bench`: JSON on standard input, one object a contest on standard output."""

import base64
import gc
import hmac
import json
import platform
import ssl
import statistics
import sys
from collections.abc import Callable
from importlib.metadata import version
from time import perf_counter_ns
from typing import Any, Generic, TypeVar

import counterseal
import joserfc.jwk
import joserfc.jwt
import jwt
import loopback

T = TypeVar("T")
# Takes so many calls, and tells the nanoseconds of one.
Turn = Callable[[int], float]
Given = dict[str, Any]
# A peer by the name that the rows know it by: its version, and a turn of it.
Peers = dict[str, tuple[str, Turn]]


def main() -> None:
    given = json.load(sys.stdin)
    games = {
        "python-parts": parts,
        "python-token": tokens,
        "python-sign": signing,
        "python-loopback": loopback.contest,
    }
    for name, size in given["wanted"]:
        print(f"  … {name} {size}", file=sys.stderr, flush=True)
        answer: dict[str, Any] = {"contest": name, "size": size}
        try:
            answer |= contest(given, *games[name](given, size))
        except Exception as fault:  # noqa: BLE001 - whatever it is, the row tells it and the next one follows.
            answer["fault"] = f"{type(fault).__name__}: {fault}"
        print(json.dumps(answer), flush=True)


def parts(given: Given, size: str) -> tuple[Turn, Peers]:
    ring = counterseal.Keyring([counterseal.Key(given["key_id"], secret=given["secret"])])
    key_id, kind, context, now = given["key_id"], given["kind"], given["context"], given["now"]
    packets = given["packets"][size]
    body = packets["body"].encode()
    signed = Turns([(nonce, sig) for nonce, sig in packets["parts"]])
    verifier = counterseal.PacketVerifier(ring)

    def renewed() -> counterseal.PacketVerifier:
        """A verifier whose guard has held as many other nonces at an earlier time: a server's guard seldom is new."""
        guard, ts = counterseal.MemoryReplayGuard(capacity=given["guard"]), given["earlier"]
        used = counterseal.PacketVerifier(ring, guard=guard)
        for nonce, sig in packets["earlier"]:
            used.verify_parts(
                key_id=key_id, kind=kind, body=body, context=context, ts=ts, nonce=nonce, sig=sig, now=ts
            )
        return used

    def product(calls: int) -> float:
        nonlocal verifier
        first, items = signed.take(calls)
        if first:
            verifier = renewed()
        verify = verifier.verify_parts
        begun = perf_counter_ns()
        for nonce, sig in items:
            verify(
                key_id=key_id, kind=kind, body=body, context=context, ts=now, nonce=nonce, sig=sig, now=now
            )
        return (perf_counter_ns() - begun) / len(items)

    secret = unhex(given["secret"])
    tagged = Turns([(nonce, hexadecimal(sig)) for nonce, sig in packets["parts"]])

    def by_hand(calls: int) -> float:
        _, items = tagged.take(calls)
        accepted, ts = 0, now
        begun = perf_counter_ns()
        for nonce, tag in items:
            head = f"counterseal-packet-v1\n{key_id}\n{ts}\n{nonce}\n{context}\n{kind}\n"
            message = head.encode() + body
            accepted += hmac.compare_digest(hmac.new(secret, message, "sha256").hexdigest(), tag)
        return checked(perf_counter_ns() - begun, accepted, len(items))

    heads = [head.encode() for head in packets["heads"]]
    ready = [(head + body, hexadecimal(sig)) for head, (_, sig) in zip(heads, packets["parts"], strict=True)]
    messages = Turns(ready)

    def joined(calls: int) -> float:
        _, items = messages.take(calls)
        accepted = 0
        begun = perf_counter_ns()
        for message, tag in items:
            accepted += hmac.compare_digest(hmac.new(secret, message, "sha256").hexdigest(), tag)
        return checked(perf_counter_ns() - begun, accepted, len(items))

    about = f"{platform.python_version()}, {' '.join(ssl.OPENSSL_VERSION.split()[:2])}"
    return product, {"hmac": (about, by_hand), "joined": (about, joined)}


def tokens(given: Given, size: str) -> tuple[Turn, Peers]:
    key = counterseal.Key(given["token_key_id"], secret=given["token_secret"], uses=["token"])
    verify = counterseal.TokenVerifier(counterseal.Keyring([key])).verify
    secret = unhex(given["token_secret"])
    algorithms = ["HS256"]
    jwk = joserfc.jwk.OctKey.import_key(secret)
    registry = joserfc.jwt.JWTClaimsRegistry(exp={"essential": True})
    signed = given["tokens"][size]
    ours, theirs, others = (Turns(signed) for _ in range(3))

    # Each raises what it refuses, and has a loop of its own: a call in between would weigh most on the fastest.
    def product(calls: int) -> float:
        _, items = ours.take(calls)
        begun = perf_counter_ns()
        for token in items:
            _ = verify(token).claims
        return (perf_counter_ns() - begun) / len(items)

    def by_pyjwt(calls: int) -> float:
        _, items = theirs.take(calls)
        begun = perf_counter_ns()
        for token in items:
            _ = jwt.decode(token, secret, algorithms=algorithms)
        return (perf_counter_ns() - begun) / len(items)

    def by_joserfc(calls: int) -> float:
        _, items = others.take(calls)
        begun = perf_counter_ns()
        for token in items:
            claims = joserfc.jwt.decode(token, jwk, algorithms=algorithms).claims
            registry.validate(claims)
        return (perf_counter_ns() - begun) / len(items)

    if verify(signed[0]).claims != jwt.decode(signed[0], secret, algorithms=algorithms):
        raise ValueError("the two read different claims")
    peers: Peers = {
        "pyjwt": (version("PyJWT"), by_pyjwt),
        "joserfc": (version("joserfc"), by_joserfc),
    }
    return product, peers


def signing(given: Given, size: str) -> tuple[Turn, Peers]:
    key = counterseal.Key(given["key_id"], secret=given["secret"])
    sign, context = counterseal.PacketSigner(key).sign, given["context"]
    payload = json.loads(given["payloads"][size])

    def product(calls: int) -> float:
        begun = perf_counter_ns()
        for _ in range(calls):
            sign(payload, context=context)
        return (perf_counter_ns() - begun) / calls

    def dumps(calls: int) -> float:
        write = json.dumps
        begun = perf_counter_ns()
        for _ in range(calls):
            write(payload, sort_keys=True)
        return (perf_counter_ns() - begun) / calls

    return product, {"dumps": (platform.python_version(), dumps)}


class Turns(Generic[T]):
    """The items, some at a time, over and over."""

    def __init__(self, items: list[T]) -> None:
        self.items, self.at = items, 0

    def take(self, count: int) -> tuple[bool, list[T]]:
        """The next ones; true with the first, from which on all come again."""
        count = min(count, len(self.items))
        if self.at + count > len(self.items):
            self.at = 0
        at, self.at = self.at, self.at + count
        return at == 0, self.items[at : at + count]


def contest(given: Given, product: Turn, peers: Peers) -> dict[str, Any]:
    sides = [product, *(turn for _, turn in peers.values())]
    # Collected between turns, not inside one, where it would be charged to whoever happens to run.
    gc.disable()
    calls = [1 for _ in sides]
    for _ in range(2):
        calls = [few(samples) for samples in interleaved(given["warm_up"], 2, sides, calls)]
    ours, *theirs = interleaved(given["seconds"], LEAST, sides, calls)
    gc.enable()
    named = zip(peers.items(), theirs, strict=True)
    return {
        "version": counterseal.__version__,
        "runtime": f"{platform.python_implementation()} {platform.python_version()}",
        "product": ours,
        "peers": [
            {"side": side, "version": about, "samples": samples} for (side, (about, _)), samples in named
        ],
    }


def interleaved(seconds: float, least: int, sides: list[Turn], calls: list[int]) -> list[list[float]]:
    """The samples of each side: as many rounds as the time allows. Who begins changes from round to round."""
    samples: list[list[float]] = [[] for _ in sides]
    end = perf_counter_ns() + seconds * 1e9
    rounds = 0
    while rounds < least or perf_counter_ns() < end:
        for step in range(len(sides)):
            side = (step + rounds) % len(sides)
            gc.collect(0)
            samples[side].append(sides[side](calls[side]))
        rounds += 1
    return samples


def few(samples: list[float]) -> int:
    """Calls in one turn: so few that the system seldom interrupts it, whether they are fast or slow."""
    return max(1, min(MOST, int(TURN / statistics.median(samples))))


def checked(elapsed: int, accepted: int, given: int) -> float:
    if accepted != given:
        raise ValueError(f"{given - accepted} of {given} inputs were refused")
    return elapsed / given


def hexadecimal(sig: str) -> str:
    return base64.urlsafe_b64decode(sig + "=").hex()


def unhex(secret: str) -> bytes:
    return bytes.fromhex(secret.removeprefix("hex:"))


# Rounds that a median needs, however slow they are.
LEAST = 11
# Nanoseconds that a turn may take, but for a call that takes longer.
TURN = 100_000
MOST = 100

if __name__ == "__main__":
    main()
