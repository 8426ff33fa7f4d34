"""Tickets, as Python spells them."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import pytest
from counterseal import (
    Key,
    Keyring,
    PacketSigner,
    PacketVerifier,
    Secret,
    Session,
    TicketIssuer,
    TokenIssuer,
    TokenVerifier,
    VerifiedToken,
    derive,
    ticket_keys,
)
from helpers import NOW, SECRET, refusal, refused

MASTER = "hex:" + "5a" * 32
AUTH = Key("auth-1", secret=SECRET, uses=["token"])
ISSUER = TicketIssuer(MASTER, AUTH, "dashboard")
POLICY: dict[str, Any] = {"audience": "dashboard", "typ": "counterseal-ticket+jwt"}
TOKENS = TokenVerifier(Keyring([AUTH]), **POLICY)


def verified(token: str) -> VerifiedToken:
    return TOKENS.verify(token, now=NOW)


def as_ticket(claims: str) -> str:
    header = '{"alg":"HS256","typ":"counterseal-ticket+jwt","kid":"auth-1"}'
    signed = b".".join(base64url(part.encode()) for part in (header, claims))
    secret = bytes.fromhex(SECRET.removeprefix("hex:"))
    return b".".join((signed, base64url(hmac.digest(secret, signed, hashlib.sha256)))).decode()


def base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def hears(key: Key, other: Key) -> bool:
    packet = PacketSigner(key).sign({}, context="c", now=NOW)
    return PacketVerifier(Keyring([other])).verify(packet, context="c", now=NOW).owner == key.owner


def test_a_ticket_and_its_key() -> None:
    ticket = ISSUER.issue("page-1", expires_in=60, now=NOW)
    assert (ticket.expires, type(ticket.expires)) == (NOW + 60, int)
    claims = verified(ticket.token).claims
    assert claims == {
        "aud": "dashboard",
        "sub": "page-1",
        "iat": NOW,
        "exp": NOW + 60,
        "jti": claims["jti"],
    }
    assert ticket.key_id == f"{claims['jti']}.{NOW + 60}"
    secret = derive(MASTER, purpose="ticket", owner="page-1", key_id=ticket.key_id)
    assert ticket.secret.expose() == secret.expose()
    assert ISSUER.issue("page-1", expires_in=60, now=NOW).key_id != ticket.key_id


def test_the_golden_keys() -> None:
    claims = (
        f'{{"aud":"dashboard","exp":1708170834,"iat":{NOW},"jti":"EBESExQVFhcYGRobHB0eHw","sub":"page-1"}}'
    )
    own, owners = ticket_keys(SECRET, verified(as_ticket(claims)), "hub")
    assert (own.id, own.owner) == ("hub", "hub")
    assert (owners.id, owners.owner) == ("EBESExQVFhcYGRobHB0eHw.1708170834", "page-1")
    golden = Key(
        owners.id,
        secret="hex:10115b70d24a40355f97341616274e8e7e9efe00288214b60b76ca9b389e3418",
        owner="page-1",
    )
    assert hears(golden, owners)


def test_a_page_opens_a_session_with_its_ticket() -> None:
    ticket = ISSUER.issue(owner="page-1", expires_in=60.0, now=NOW)
    page = Key(ticket.key_id, secret=ticket.secret, owner="page-1")
    hub = Key("hub", secret=ticket.secret)
    server = Session.server("hub", identity="sub", now=NOW)
    client = Session.client(page, server="hub", keyring=Keyring([hub]), now=NOW)
    token = server.accept(client.handshake(ticket.token), tokens=TOKENS, now=NOW)
    own, owners = ticket_keys(master=Secret(MASTER), token=token, server="hub")
    client.establish(server.welcome(key=own, keyring=Keyring([owners]), now=NOW), now=NOW)
    assert client.verify("engines", server.sign("engines", 7, now=NOW), now=NOW).payload == 7
    assert server.verify("seen", client.sign("seen", 7, now=NOW), now=NOW).owner == "page-1"
    with refused("inactive_key"):
        server.sign("engines", 7, now=NOW + 60)


def test_no_repr_holds_a_secret() -> None:
    ticket = ISSUER.issue("page-1", expires_in=60, now=NOW)
    assert repr(ticket) == f"Ticket(key_id='{ticket.key_id}', expires={NOW + 60})"
    assert repr(ticket.secret) == "Secret(...)"
    shown = f"{ISSUER!r} {ticket_keys(MASTER, verified(ticket.token), 'hub')!r}"
    assert not any(part in shown for part in ("5a5a", ticket.token, ticket.secret.expose()[4:]))


TICKET = verified(ISSUER.issue("page-1", expires_in=60, now=NOW).token)
TOKEN = TokenVerifier(Keyring([AUTH])).verify(
    TokenIssuer(AUTH).issue({"sub": "page-1"}, expires_in=60, now=NOW), now=NOW
)
WRONG: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], str, str]] = [
    (TicketIssuer, (7, AUTH, "dashboard"), {}, "malformed_key", "master must be"),
    (TicketIssuer, (b"short", AUTH, "dashboard"), {}, "weak_secret", ""),
    (TicketIssuer, (MASTER, "auth-1", "dashboard"), {}, "malformed_argument", "key must be a Key, not str"),
    (TicketIssuer, (MASTER, Key("k", secret=SECRET), "dashboard"), {}, "malformed_argument", "key k"),
    (TicketIssuer, (MASTER, AUTH, ["dashboard"]), {}, "malformed_argument", "audience must be str"),
    (TicketIssuer, (MASTER, AUTH, ""), {}, "malformed_argument", "audience must"),
    (TicketIssuer, (MASTER, AUTH), {}, "malformed_argument", "audience is required"),
    (TicketIssuer, (MASTER, AUTH), {"key": AUTH}, "malformed_argument", "key is given twice"),
    (TicketIssuer, (MASTER,), {"kid": AUTH}, "malformed_argument", 'unknown argument "kid"'),
    (ISSUER.issue, (7,), {"expires_in": 60}, "malformed_argument", "owner must be str"),
    (ISSUER.issue, ("a b",), {"expires_in": 60}, "malformed_argument", "owner must be"),
    (ISSUER.issue, ("page-1",), {"expires_in": "60"}, "malformed_argument", "expires_in must be"),
    (ISSUER.issue, ("page-1",), {"expires_in": 0.5}, "malformed_argument", "expires_in must be"),
    (ISSUER.issue, ("page-1",), {"expires_in": None}, "malformed_argument", "expires_in is missing"),
    (ISSUER.issue, ("page-1",), {"expires_in": 60, "now": "1"}, "malformed_argument", "now must be"),
    (ticket_keys, (None, TICKET, "hub"), {}, "malformed_key", "master must be"),
    (ticket_keys, (MASTER, "a.b.c", "hub"), {}, "malformed_argument", "token must be a VerifiedToken"),
    (ticket_keys, (MASTER, TOKEN, "hub"), {}, "malformed_argument", "the token was not verified as a ticket"),
    (ticket_keys, (MASTER, TICKET, 7), {}, "malformed_argument", "server must be str"),
    (ticket_keys, (MASTER, TICKET, "a b"), {}, "malformed_argument", "server must be"),
    (ticket_keys, (MASTER, TICKET), {"owner": "hub"}, "malformed_argument", 'unknown argument "owner"'),
]


@pytest.mark.parametrize(("call", "args", "kwargs", "code", "detail"), WRONG)
def test_wrong_calls(
    call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], code: str, detail: str
) -> None:
    error = refusal(call, *args, **kwargs)
    assert (error.code, error.detail.startswith(detail)) == (code, True), str(error)
