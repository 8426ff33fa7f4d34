"""Sessions as section 8 of the wire contract has them: contexts, the handshake, the welcome; and the tickets of section 7."""

import packet
from canonical import canonical, string
from derive import derive
from tokens import token

TICKET_TYP = "counterseal-ticket+jwt"


def context(sender, receiver, event, bound):
    """What a packet is for: the direction, the event, and the nonce that binds it (C for a welcome, S from then on)."""
    return f"{sender}>{receiver}:{event}@{bound}"


def handshake(nonce, token):
    """What a client sends first."""
    return f'{{"nonce":{string(nonce)},"token":{string(token)}}}'


def welcome(secret, kid, ts, server, client, nonce, session):
    """The server's first packet: S is the session's id and the packet's own nonce."""
    bound = context(server, client, "welcome", nonce)
    return packet.json_packet(secret, kid, ts, session, bound, canonical({"session": session}))


def refusal(error, now):
    """What a peer learns of an error of the list: its class and status, and of a packet's age the time here."""
    told = {"class": error["class"], "status": error["status"]}
    return canonical(told | ({"now": now} if error["code"] in ("expired", "not_yet_valid") else {}))


def ticket(secret, kid, claims, typ=TICKET_TYP):
    """A ticket's token, of a value or a text of claims."""
    return token(
        secret,
        canonical({"alg": "HS256", "typ": typ, "kid": kid}),
        claims if isinstance(claims, str) else canonical(claims),
    )


def ticket_secret(master, owner, key_id):
    """The secret that goes with a ticket whose key id, `jti.exp`, this is."""
    return bytes.fromhex(derive(master, "ticket", owner, key_id).removeprefix("hex:"))
