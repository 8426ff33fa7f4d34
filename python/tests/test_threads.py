"""Threads share keys, guards and verifiers; one packet is fresh for one of them."""

import threading
from collections.abc import Callable

import pytest
from counterseal import CountersealError, Key, Keyring, MemoryReplayGuard, PacketSigner, PacketVerifier
from helpers import SECRET

ROUNDS = 300


def race(call: Callable[[], None]) -> None:
    barrier = threading.Barrier(2)

    def run() -> None:
        barrier.wait()
        call()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("size", [1, 40_000], ids=["interpreter locked", "interpreter released"])
def test_one_packet_wins_once(size: int, signer: PacketSigner, verifier: PacketVerifier) -> None:
    for _ in range(ROUNDS):
        packet = signer.sign_text("x" * size, context="c")
        outcomes: list[str] = []

        def verify(packet: str = packet, outcomes: list[str] = outcomes) -> None:
            try:
                outcomes.append(verifier.verify(packet, context="c").owner)
            except CountersealError as error:
                outcomes.append(error.code)

        race(verify)
        assert sorted(outcomes) == ["engine-7", "replayed"]


def test_batches_of_two_threads_share_a_guard(key: Key, signer: PacketSigner) -> None:
    guard = MemoryReplayGuard(capacity=10_000)
    packets = [signer.sign_text(["x" * 100, number], context="c") for number in range(1000)]
    outcomes: list[str] = []

    def verify() -> None:
        verifier = PacketVerifier(Keyring([key]), guard=guard)
        for result in verifier.verify_batch(packets, context="c"):
            outcomes.append(result.code if isinstance(result, CountersealError) else result.owner)

    race(verify)
    assert (outcomes.count("engine-7"), outcomes.count("replayed"), len(guard)) == (1000, 1000, 1000)


def test_a_keyring_changes_while_it_is_read(signer: PacketSigner, key: Key) -> None:
    keyring = Keyring([key])
    verifier = PacketVerifier(keyring)
    texts = [signer.sign_text("x" * 20_000, context="c") for _ in range(100)]
    remaining = iter(texts)
    failures: list[Exception] = []

    def work() -> None:
        try:
            for number, text in enumerate(remaining):
                keyring.add(Key(f"other-{id(text)}-{number}", secret=SECRET))
                verifier.verify(text, context="c")
                keyring.remove(f"other-{id(text)}-{number}")
        except Exception as error:
            failures.append(error)

    race(work)
    assert failures == []
    assert keyring.ids() == ["engine-7"]
