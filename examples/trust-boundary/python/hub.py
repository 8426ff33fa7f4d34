"""A client of the hub over HTTP: it signs what it sends and verifies what it is answered."""

import itertools
import json
import time
from dataclasses import dataclass
from typing import Any

import httpx
from counterseal import (
    Key,
    Keyring,
    MemoryReplayGuard,
    PacketSigner,
    PacketVerifier,
    Verified,
    generate_nonce,
)

HUB = "hub"


class RefusedError(Exception):
    """What the hub says of a refusal: a class and a status, never the reason."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(f"refused: {told['error']} ({told['status']})")
        self.status: int = told["status"]


@dataclass
class Answer:
    """What the hub told, and its packet where it accepted ours."""

    request: str
    told: dict[str, Any]
    packet: str | None = None


class Hub:
    """The party's name, the key that it shares with the hub, and a client for HTTP."""

    def __init__(self, setup: dict[str, Any], http: httpx.AsyncClient) -> None:
        self.name: str = setup["name"]
        self.address = f"127.0.0.1:{setup['port']}"
        self._http = http
        self._requests = itertools.count(1)
        key = setup["key"]
        self._signer = PacketSigner(
            Key(key["id"], secret=key["secret"], owner=self.name), body_limit=BODY_LIMIT
        )
        # The same secret, held by the other side: what it signs is the hub's.
        self._verifier = PacketVerifier(
            Keyring([Key(key["id"], secret=key["secret"], owner=HUB)]),
            guard=MemoryReplayGuard(start=int(time.time())),
            max_ahead=setup["max_ahead"],
            body_limit=BODY_LIMIT,
        )

    async def request_token(self, **wanted: Any) -> str:
        """Asks for a token. The request is itself signed: without a key there is none."""
        answer = await self.send("token", json.dumps(wanted), token=None)
        token: str = answer.payload["token"]
        return token

    async def send(self, event: str, text: str, *, token: str | None) -> Verified:
        """Sends JSON text over HTTP. Returns the verified answer."""
        nonce = generate_nonce()
        answer = await self.post(self.sign(event, text, nonce=nonce), event=event, token=token)
        return self.verify_answer(event, nonce, answer)

    async def post(self, packet: str, *, event: str, token: str | None, name: str | None = None) -> Answer:
        """Posts a packet as it stands."""
        request = self.next_request()
        headers = {"content-type": "application/json", "x-request-id": request}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        url = f"http://{self.address}/clients/{name or self.name}/events/{event}"
        response = await self._http.post(url, content=packet.encode(), headers=headers)
        if response.is_success:
            return Answer(request, {"status": response.status_code}, response.text)
        return Answer(request, {"status": response.status_code, **response.json()})

    def sign(self, event: str, text: str, *, now: int | None = None, nonce: str | None = None) -> str:
        """Signs JSON text for the hub."""
        return self._signer.sign_json(text, context=f"{self.name}>{HUB}:{event}", now=now, nonce=nonce)

    def verify(self, event: str, packet: str) -> Verified:
        """Verifies a packet of the hub."""
        return self._verifier.verify(packet, context=f"{HUB}>{self.name}:{event}")

    def verify_answer(self, event: str, nonce: str, answer: Answer) -> Verified:
        """An answer's context names the nonce that it answers: another request's answer does not pass."""
        if answer.packet is None:
            raise RefusedError(answer.told)
        return self.verify(f"{event}@{nonce}", answer.packet)

    def next_request(self) -> str:
        """A label by which a message is found in the hub's log."""
        return f"{self.name}.{next(self._requests)}"


# A relayed packet travels as text inside another.
BODY_LIMIT = 4 * 1024 * 1024
