"""Both ends of a session, at a time of their own."""

from typing import Any, NamedTuple

from counterseal import Key, Keyring, Session, TokenIssuer, TokenVerifier
from helpers import NONCE, NOW, SECRET

S = "EBESExQVFhcYGRobHB0eHw"
HUB = Key("hub-1", secret=SECRET, owner="hub")
ENGINE = Key("engine-7", secret=SECRET)
AUTH = Key("auth-1", secret=b"a" * 32, uses=["token"])
TOKENS = TokenVerifier(Keyring([AUTH]), claims={"role": "engine"}, leeway=0)


class Ends(NamedTuple):
    server: Session
    client: Session
    engines: Keyring


def token(engine: str = "engine-7", expires_in: int = 600, **claims: Any) -> str:
    claims = {"engineId": engine, "role": "engine"} | claims
    return TokenIssuer(AUTH).issue(claims, expires_in=expires_in, now=NOW)


def engines_of_a_server() -> Keyring:
    # A key of its own: to revoke it here does not revoke it at the client.
    return Keyring([Key("engine-7", secret=SECRET)])


def listening(**options: Any) -> Session:
    return Session.server("hub", now=NOW, **options)


def connecting(**options: Any) -> Session:
    given: dict[str, Any] = {"keyring": Keyring([HUB]), "now": NOW, "nonce": NONCE} | options
    return Session.client(ENGINE, server="hub", **given)


def connect(*, key: Key = HUB, expires_in: int = 600, **options: Any) -> Ends:
    server, engines = listening(**options), engines_of_a_server()
    client = connecting(keyring=Keyring([key]), **options)
    server.accept(client.handshake(token(expires_in=expires_in)), tokens=TOKENS, now=NOW)
    client.establish(server.welcome(key=key, keyring=engines, now=NOW, nonce=S), now=NOW)
    return Ends(server, client, engines)
