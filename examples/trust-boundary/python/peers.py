"""Packets from peer to peer: one secret a pair, which the hub between them does not have."""

import asyncio
import time
from typing import Any

from counterseal import (
    Key,
    Keyring,
    MemoryReplayGuard,
    PacketSigner,
    PacketVerifier,
    canonical_json,
)

from hub import Hub


class Peers:
    """All whom this party exchanges packets with, itself included."""

    def __init__(self, setup: dict[str, Any], hub: Hub) -> None:
        self._hub = hub
        self._name: str = setup["name"]
        self._expected = [canonical_json(payload) for payload in setup["payloads"]]
        self._signers: dict[str, PacketSigner] = {}
        self._verifiers: dict[str, PacketVerifier] = {}
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        guard = MemoryReplayGuard(start=int(time.time()))
        for pair in setup["pairs"]:
            peer, id, secret = pair["peer"], pair["id"], pair["secret"]
            self._signers[peer] = PacketSigner(Key(id, secret=secret, owner=self._name))
            ring = Keyring([Key(id, secret=secret, owner=peer)])
            self._verifiers[peer] = PacketVerifier(ring, guard=guard, max_ahead=setup["max_ahead"])
        self._received = dict.fromkeys(self._signers, 0)

    def names(self) -> list[str]:
        """Whom to send to."""
        return list(self._signers)

    def sign(self, peer: str, text: str) -> str:
        """Signs JSON text for a peer."""
        return self._signers[peer].sign_json(text, context=f"{self._name}>{peer}:note")

    def receive(self, event: str, packet: str) -> None:
        """Takes what the hub delivered. The packet inside is its sender's, and is verified as such."""
        try:
            delivery = self._hub.verify(event, packet).payload
            sender, event, packet = (delivery[name] for name in ("from", "event", "packet"))
            verified = self._verifiers[sender].verify(packet, context=f"{sender}>{self._name}:{event}")
            count = self._received[sender]
            if verified.payload_text != self._expected[count]:
                raise ValueError(f"payload {count + 1} of {sender} came changed")
            self._received[sender] = count + 1
        except Exception as fault:
            if not self._done.done():
                self._done.set_exception(fault)
        complete = all(count == len(self._expected) for count in self._received.values())
        if complete and not self._done.done():
            self._done.set_result(None)

    async def all(self) -> dict[str, int]:
        """How many packets of each peer were verified, once all have come."""
        await self._done
        return self._received
