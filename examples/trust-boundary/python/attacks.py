"""The attacks, each tried for real over HTTP and over WebSocket.

Each makes one hostile message. What must come of it stands in run/expected.mjs, which no client sees.
"""

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from counterseal import Key, PacketSigner, Secret, generate_nonce

from connection import Connection
from hub import Answer, Hub


@dataclass
class Message:
    """What an attacker sends; what is absent is as a genuine client would have it."""

    packet: str
    event: str = "status"
    token: str | None = None
    name: str | None = None


class Door(Protocol):
    """A way in."""

    async def deliver(self, message: Message) -> Answer:
        """Sends a message as it stands."""
        ...


@dataclass
class Kit:
    """What an attack has at hand: all that the client itself has."""

    hub: Hub
    setup: dict[str, Any]
    token: str
    expired_token: str
    observer_token: str
    door: Door
    other: Door


async def attack(
    hub: Hub, setup: dict[str, Any], token: str, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Tries each attack on each transport, and after each a genuine packet."""
    expired = await hub.request_token(expires_in=1)
    observer = await hub.request_token(role="observer")
    say("waiting two seconds, until a short token has expired")
    await asyncio.sleep(2)
    doors: dict[str, Door] = {"http": HttpDoor(hub, token), "ws": SocketDoor(hub, token)}
    attempts: list[dict[str, Any]] = []
    for name, make in ATTACKS.items():
        for transport in ["http"] if name in HTTP_ONLY else ["http", "ws"]:
            other = doors["ws" if transport == "http" else "http"]
            kit = Kit(hub, setup, token, expired, observer, doors[transport], other)
            answer = await kit.door.deliver(await make(kit))
            after = await genuine(kit)
            attempts.append(
                {
                    "attack": name,
                    "transport": transport,
                    "request": answer.request,
                    "told": answer.told,
                    "after": {"request": after.request, "told": after.told},
                }
            )
    return attempts


async def replayed(kit: Kit) -> Message:
    packet = kit.hub.sign("status", STATUS)
    await accepted(kit.door, packet)
    return Message(packet)


async def replayed_elsewhere(kit: Kit) -> Message:
    packet = kit.hub.sign("status", STATUS)
    await accepted(kit.other, packet)
    return Message(packet)


async def payload_changed(kit: Kit) -> Message:
    return Message(edited(kit.hub.sign("status", STATUS), payload={"job": 42, "status": "FAILED"}))


async def context_changed(kit: Kit) -> Message:
    return Message(kit.hub.sign("payload", STATUS))


async def reflected(kit: Kit) -> Message:
    return Message(await accepted(kit.door, kit.hub.sign("status", STATUS)))


async def stale(kit: Kit) -> Message:
    return Message(kit.hub.sign("status", STATUS, now=clock() - 120))


async def future(kit: Kit) -> Message:
    return Message(kit.hub.sign("status", STATUS, now=clock() + 60))


async def time_changed(kit: Kit) -> Message:
    now = clock() - 120
    return Message(edited(kit.hub.sign("status", STATUS, now=now), ts=now + 120))


async def wrong_key(kit: Kit) -> Message:
    return Message(signed_with(kit, kit.setup["key"]["id"], Secret.generate()))


async def unknown_key(kit: Kit) -> Message:
    return Message(signed_with(kit, f"{kit.hub.name}.99", Secret.generate()))


async def revoked_key(kit: Kit) -> Message:
    revoked = kit.setup["revoked"]
    return Message(signed_with(kit, revoked["id"], Secret(revoked["secret"])))


async def signature_forged(kit: Kit) -> Message:
    packet = kit.hub.sign("status", STATUS)
    sig = json.loads(packet)["sig"]
    return Message(edited(packet, sig=("B" if sig[0] == "A" else "A") + sig[1:]))


async def member_added(kit: Kit) -> Message:
    return Message(edited(kit.hub.sign("status", STATUS), admin=True))


async def member_twice(kit: Kit) -> Message:
    packet = kit.hub.sign("status", STATUS)
    return Message('{"payload":{"job":1},' + packet[1:])


async def nonce_array(kit: Kit) -> Message:
    packet = kit.hub.sign("status", STATUS)
    return Message(edited(packet, nonce=[json.loads(packet)["nonce"]]))


async def expired_token(kit: Kit) -> Message:
    return Message(kit.hub.sign("status", STATUS), token=kit.expired_token)


async def wrong_role(kit: Kit) -> Message:
    return Message(kit.hub.sign("status", STATUS), token=kit.observer_token)


async def forged_token(kit: Kit) -> Message:
    header, claims, signature = kit.observer_token.split(".")
    changed = encoded({**decoded(claims), "role": kit.setup["role"]})
    return Message(kit.hub.sign("status", STATUS), token=f"{header}.{changed}.{signature}")


async def unsigned_token(kit: Kit) -> Message:
    claims = kit.token.split(".")[1]
    header = encoded({"alg": "none", "typ": "JWT"})
    return Message(kit.hub.sign("status", STATUS), token=f"{header}.{claims}.")


async def another_name(kit: Kit) -> Message:
    peers = (pair["peer"] for pair in kit.setup["pairs"])
    return Message(kit.hub.sign("status", STATUS), name=next(peer for peer in peers if peer != kit.hub.name))


async def more_power(kit: Kit) -> Message:
    return Message(kit.hub.sign("token", '{"role":"admin"}'), event="token")


class HttpDoor:
    """Each message is a request."""

    def __init__(self, hub: Hub, token: str) -> None:
        self._hub, self._token = hub, token

    async def deliver(self, message: Message) -> Answer:
        token = message.token or self._token
        return await self._hub.post(message.packet, event=message.event, token=token, name=message.name)


class SocketDoor:
    """Each message comes on a connection of its own, since a refusal ends the connection."""

    def __init__(self, hub: Hub, token: str) -> None:
        self._hub, self._token = hub, token

    async def deliver(self, message: Message) -> Answer:
        async with Connection(self._hub, name=message.name) as connection:
            token = message.token or self._token
            hello = await connection.post(self._hub.sign("hello", "{}"), event="hello", token=token)
            if hello.packet is None:
                return hello
            return await connection.post(message.packet, event=message.event)


async def genuine(kit: Kit) -> Answer:
    """A packet that must pass, whatever was tried before."""
    nonce = generate_nonce()
    answer = await kit.door.deliver(Message(kit.hub.sign("status", STATUS, nonce=nonce)))
    if answer.packet is not None:
        kit.hub.verify_answer("status", nonce, answer)
    return answer


async def accepted(door: Door, packet: str) -> str:
    """Has a packet accepted, as it must be, and returns the hub's."""
    answer = await door.deliver(Message(packet))
    if answer.packet is None:
        raise ValueError(f"a genuine packet was refused: {answer.told}")
    return answer.packet


def signed_with(kit: Kit, id: str, secret: Secret) -> str:
    signer = PacketSigner(Key(id, secret=secret, owner=kit.hub.name))
    return signer.sign_json(STATUS, context=f"{kit.hub.name}>hub:status")


def edited(packet: str, **members: Any) -> str:
    return json.dumps({**json.loads(packet), **members})


def decoded(part: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return value


def encoded(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def clock() -> int:
    return int(time.time())


STATUS = '{"job":42,"status":"FINISHED"}'

ATTACKS: dict[str, Callable[[Kit], Awaitable[Message]]] = {
    make.__name__: make
    for make in (
        replayed,
        replayed_elsewhere,
        payload_changed,
        context_changed,
        reflected,
        stale,
        future,
        time_changed,
        wrong_key,
        unknown_key,
        revoked_key,
        signature_forged,
        member_added,
        member_twice,
        nonce_array,
        expired_token,
        wrong_role,
        forged_token,
        unsigned_token,
        another_name,
        more_power,
    )
}

# A token is asked for over HTTP alone.
HTTP_ONLY = {"more_power"}
