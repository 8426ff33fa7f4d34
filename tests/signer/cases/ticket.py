"""Tickets: wire contract section 7. A token, and the keys of the one connection that presents it."""

import session
from canonical import canonical
from case import Subject
from cases.golden import TICKET, TICKET_NONCE
from conversing import OPENED, C, Client, Server
from fixtures import BAD_NONCES, LAST, OTHER_SECRET, SECRET, TS, hexed, key, nonce, sealed
from reading import auth
from tokens import header, token

keys = Subject("ticket-keys", "Tickets and the keys that they give (wire contract section 7)")
sessions = Subject("ticket-session", "Tickets: a page's session (wire contract sections 7 and 8)")
SUBJECTS = [keys, sessions]

JTI = TICKET_NONCE
EXP = TS + 3600
KEY_ID = f"{JTI}.{EXP}"
CLAIMS = {"aud": "hub", "exp": EXP, "iat": TS, "jti": JTI, "sub": "page-1"}
POLICY = {"typ": session.TICKET_TYP, "audience": "hub"}
SIGNED = {"payload_text": '{"seen":true}', "context": "page", "nonce": nonce(1)}
ABSENT = object()
TICKET_TOKEN = session.ticket(SECRET, "auth-1", CLAIMS)


def claiming(**changed):
    """The claims of a ticket; `ABSENT` leaves one out."""
    return {name: value for name, value in (CLAIMS | changed).items() if value is not ABSENT}


def call(text, **changed):
    return {
        "op": "ticket.keys",
        "keys": [auth()],
        "policy": POLICY,
        "token": text,
        "master": hexed(SECRET),
        "server": "hub",
        "by": "owner",
        **SIGNED,
        "now": TS,
    } | changed


def gives(comment, claims, *flags, text=None, master=SECRET, now=TS, **changed):
    """Both keys, proved by what they sign."""
    server, key_id = changed.get("server", "hub"), f"{claims['jti']}.{claims['exp']}"
    secret = session.ticket_secret(master, claims["sub"], key_id)
    for by, kid in (("server", server), ("owner", key_id)):
        packet = sealed({"seen": True}, kid=kid, ts=now, nonce=nonce(1), context="page", secret=secret)
        keys.ok(
            f"§7 {comment}, the {by}'s key",
            call(
                text or session.ticket(SECRET, "auth-1", claims),
                by=by,
                master=hexed(master),
                now=now,
                **changed,
            ),
            {"server_key_id": server, "key_id": key_id, "owner": claims["sub"], "packet_text": packet},
            *flags,
        )


def refused(code, comment, claims=None, *flags, text=None, **changed):
    text = session.ticket(SECRET, "auth-1", claims) if text is None else text
    keys.refused(f"§7 {comment}", call(text, **changed), code, *flags)


if hexed(session.ticket_secret(SECRET, "page-1", KEY_ID)) != TICKET:
    raise ValueError("the ticket's secret is not the golden one")
gives("§9 the golden ticket", CLAIMS, "golden")
gives("another owner", claiming(sub="page-2"))
gives("another jti", claiming(jti=nonce(5)))
gives("another exp", claiming(exp=EXP + 1))
gives("another master", CLAIMS, master=OTHER_SECRET)
gives("another server", CLAIMS, server="vault")
gives("the longest of names", claiming(sub="p" * 64), server="h" * 64)
gives("an owner of every kind of character", claiming(sub="AZaz09._~-"))
gives("an exp at the end of time", claiming(exp=LAST))
gives(
    "claims of any order, and more of them",
    CLAIMS | {"role": "viewer"},
    text=session.ticket(
        SECRET, "auth-1", f'{{"role":"viewer","sub":"page-1","jti":"{JTI}","exp":{EXP},"aud":["x","hub"]}}'
    ),
)

# It is a ticket by its type, and nothing else is.
for typ in (
    session.TICKET_TYP.upper(),
    "application/" + session.TICKET_TYP,
    "Application/Counterseal-Ticket+JWT",
):
    gives(f"a typ {typ!r}", CLAIMS, text=session.ticket(SECRET, "auth-1", CLAIMS, typ))
    gives(f"a policy of typ {typ!r}", CLAIMS, policy=POLICY | {"typ": typ})
USUAL = token(SECRET, header("auth-1"), canonical(CLAIMS))
UNTYPED = token(SECRET, '{"alg":"HS256","kid":"auth-1"}', canonical(CLAIMS))
for comment, text in [
    ("a token of the usual type", USUAL),
    ("a token of no type", UNTYPED),
    ("a type that begins alike", session.ticket(SECRET, "auth-1", CLAIMS, "counterseal-ticket")),
    ("a type that goes on", session.ticket(SECRET, "auth-1", CLAIMS, session.TICKET_TYP + "2")),
]:
    refused("malformed_token", f"{comment} is no ticket", text=text)
refused("malformed_token", "a ticket is no token of the usual type", CLAIMS, policy={"audience": "hub"})
for comment, text, policy in [
    ("of the usual type", USUAL, {"audience": "hub"}),
    ("whose type was demanded", USUAL, {"audience": "hub", "typ": "JWT"}),
    ("of no type", UNTYPED, {"audience": "hub"}),
    (
        "of another type",
        session.ticket(SECRET, "auth-1", CLAIMS, "at+jwt"),
        {"audience": "hub", "typ": "at+jwt"},
    ),
]:
    refused(
        "malformed_argument",
        f"a token {comment} has no keys, whatever it claims",
        None,
        "hostile",
        text=text,
        policy=policy,
    )

# What it must say.
for name in ("sub", "jti", "exp", "aud"):
    refused("claim_missing", f"without {name}", claiming(**{name: ABSENT}))
refused(
    "claim_missing",
    "without aud, where the policy names none",
    claiming(aud=ABSENT),
    policy={"typ": session.TICKET_TYP},
)
refused("claim_mismatch", "for another audience", claiming(aud="vault"))
refused("claim_mismatch", "with aud, where the policy names none", CLAIMS, policy={"typ": session.TICKET_TYP})
for value in ("", "p" * 65, "page 1", "page>1", "page\n1", "p\u00e4ge", 5, None, True, ["page-1"]):
    refused("claim_invalid", f"sub {value!r}", claiming(sub=value))
for comment, value in BAD_NONCES:
    refused("claim_invalid", f"jti {comment}", claiming(jti=value))
for value in (5, None, True, [JTI], {"id": JTI}):
    refused("claim_invalid", f"jti {value!r}", claiming(jti=value))
for value in (EXP + 0.5, EXP + 0.001, str(EXP), None, True, [EXP], -1, LAST + 1):
    refused("claim_invalid", f"exp {value!r}", claiming(exp=value))
refused("bad_signature", "forged", text=session.ticket(OTHER_SECRET, "auth-1", CLAIMS))
refused("unknown_key", "of another key", text=session.ticket(SECRET, "auth-2", CLAIMS))

# Its keys end with it; the token's leeway does not prolong them.
for by in ("server", "owner"):
    refused("inactive_key", f"at exp the {by}'s key has ended", CLAIMS, by=by, now=EXP)
    refused("inactive_key", f"in its leeway the {by}'s key has ended", CLAIMS, by=by, now=EXP + 29)
    refused("token_expired", f"the ticket has expired, the {by}'s key with it", CLAIMS, by=by, now=EXP + 30)
gives("the last second", CLAIMS, now=EXP - 1)

# Arguments.
for server in ("", "h" * 65, "hub 1", "hub>x", "hub\n", "h\u00fcb"):
    refused("malformed_argument", f"§1 a server {server[:20]!r}", CLAIMS, server=server)
refused("weak_secret", "§1 a weak master", CLAIMS, master=hexed(bytes(31)))
refused("malformed_key", "§1 a malformed master", CLAIMS, master="00" * 32)
refused("claim_missing", "what the ticket says before the server's name", claiming(sub=ABSENT), server="")

# A page's session: the ticket is its token, and both ends sign with its secret.
SECRET_OF_TICKET = session.ticket_secret(SECRET, "page-1", KEY_ID)
ENDING = {"not_after": EXP, "uses": ["packet"]}
HUB = key("hub", SECRET_OF_TICKET, owner="hub", **ENDING)
PAGE = key(KEY_ID, SECRET_OF_TICKET, owner="page-1", **ENDING)
SLOW = {"heartbeat_every": 3600, "heartbeat_window": 3600}
PARTS = {"secret": SECRET_OF_TICKET}


def named(end, **names):
    """The end of another pair than the usual one."""
    for name, value in names.items():
        setattr(end, name, value)
    return end


def presented(end, text=TICKET_TOKEN, **changed):
    """The server takes the ticket, and welcomes its page."""
    members = {"keys": [auth()], "policy": POLICY, "handshake_text": session.handshake(C, text)}
    end.accept("the ticket is presented", claims=CLAIMS, **members)
    end.welcome("the page is welcomed", key=HUB, keys=[PAGE], **changed, **PARTS)
    return end


hub = named(Server(sessions, identity="sub", **SLOW), kid="hub", peer="page-1", peer_kid=KEY_ID)
presented(hub)
hub.is_open("the deadline is the ticket's end, before the token's with its leeway", EXP)
hub.signs("a job for the dashboard", "job", {"id": 42}, 1, **PARTS)
hub.takes("a packet of the page", "filter", "all", 2, text=hub.sent("filter", "all", 2, **PARTS))
hub.due("the ticket's last second", EXP - 1, False)
hub.refused("inactive_key", "the ticket has ended", "poll", now=EXP)
hub.ended("inactive_key")

page = Client(sessions, key=PAGE, keys=[HUB], **SLOW)
named(page, name="page-1", kid=KEY_ID, peer_kid="hub")
page.ok(
    "§8 the page presents its ticket",
    "handshake",
    {"handshake_text": session.handshake(C, TICKET_TOKEN)},
    token=TICKET_TOKEN,
)
page.establish(packet_text=session.welcome(SECRET_OF_TICKET, "hub", OPENED, "hub", "page-1", C, page.id))
page.takes("the dashboard has the job", "job", {"id": 42}, 1, text=page.sent("job", {"id": 42}, 1, **PARTS))
page.signs("the page signs", "filter", "all", 2, **PARTS)
page.refused("inactive_key", "the ticket has ended", "poll", now=EXP)
page.ended("inactive_key")

# On the connection that presented the ticket, and on no other.
hub = named(
    Server(sessions, identity="sub", on_refusal="keep", **SLOW), kid="hub", peer="page-1", peer_kid=KEY_ID
)
presented(hub)
other_id = f"{nonce(5)}.{EXP}"
other = session.ticket_secret(SECRET, "page-1", other_id)
hub.refuses(
    "unknown_key",
    "a ticket of the same page, presented elsewhere",
    "filter",
    hub.sent("filter", 1, 1, kid=other_id, secret=other),
    "hostile",
)
hub.refuses(
    "bad_signature",
    "its secret under this ticket's key id",
    "filter",
    hub.sent("filter", 1, 1, secret=other),
    "hostile",
)
hub.refuses(
    "unknown_key", "the server's own key", "job", hub.sent("job", 1, 1, kid="hub", **PARTS), "hostile"
)
hub.refuses(
    "bad_signature",
    "the server's own packet, reflected under the page's key id",
    "job",
    hub.sent("job", 1, 1, sender="hub", receiver="page-1", **PARTS),
    "hostile",
)
hub.takes("the ticket that was presented", "filter", 1, 1, text=hub.sent("filter", 1, 1, **PARTS))
own = named(Server(sessions, identity="sub"), peer="hub")
own.refused(
    "caller_not_allowed",
    "a ticket of the server's own name",
    "accept",
    "hostile",
    keys=[auth()],
    policy=POLICY,
    handshake_text=session.handshake(C, session.ticket(SECRET, "auth-1", claiming(sub="hub"))),
    now=TS,
)
own.ended("caller_not_allowed")
