"""The welcome, which proves the server to its client: wire contract section 8."""

import session
from case import Subject
from conversing import ENGINE, HUB, OPENED, WELCOME, C, Client, S, connecting
from fixtures import (
    BAD_NONCES,
    LAST,
    OTHER_SECRET,
    assembled,
    key,
    members,
    nonce,
    sealed,
    sealed_bytes,
)
from packet import b64url
from text import concat, repeat

welcome = Subject("session-welcome", "Sessions: the welcome at the client (wire contract section 8)")
SUBJECTS = [welcome]

BOUND = session.context("hub", "engine-7", "welcome", C)
SAYS = {"session": S}
PARTS = {"kid": "hub-1", "ts": OPENED, "nonce": S, "context": BOUND}
GENUINE = members(SAYS, **PARTS)


def passes(comment, text=WELCOME, *flags, now=OPENED, **options):
    end = Client(welcome, **options)
    end.establish(comment, *flags, packet_text=text, now=now)
    end.is_open("the session is open", now)


def refused(code, comment, text=WELCOME, *flags, now=OPENED, **options):
    """The welcome is refused, and the session ends."""
    end = Client(welcome, **options)
    form = {"packet_bytes": b64url(text)} if isinstance(text, bytes) else {"packet_text": text}
    end.refused(code, comment, "establish", *flags, **form, now=now)
    end.ended(code)


def saying(payload, **changed):
    """A genuine welcome of another payload."""
    return sealed(payload, **(PARTS | changed))


# What it says: its own nonce, and no more.
passes("§9 the golden welcome", WELCOME, "golden")
passes("written with white space", assembled(GENUINE).replace(":", " : ").replace(",", " ,\n"))
passes("members in another order", assembled(dict(reversed(GENUINE.items()))))
passes(
    "its payload written with white space and escapes",
    WELCOME.replace('"session":"E', '"\\u0073ession" : "\\u0045'),
)
end = Client(welcome)
end.ok(
    "§8 as the language's own object",
    "establish",
    {},
    "native",
    packet={
        "v": 1,
        "kid": "hub-1",
        "ts": OPENED,
        "nonce": S,
        "payload": SAYS,
        "sig": GENUINE["sig"].strip('"'),
    },
    now=OPENED,
)
end.is_open("the session is open", OPENED)
end = Client(welcome)
end.ok("§8 as bytes", "establish", {}, packet_bytes=b64url(WELCOME.encode()), now=OPENED)
end.is_open("the session is open", OPENED)
for comment, payload in [
    ("another session", {"session": nonce(1)}),
    ("the client's nonce as the session", {"session": C}),
    ("a member more", SAYS | {"server": "hub"}),
    ("a member more, of null", SAYS | {"x": None}),
    ("nothing", {}),
    ("null", None),
    ("the session alone", S),
    ("the session in an array", [S]),
    ("a session that is no text", {"session": [S]}),
    ("a session that is no nonce", {"session": S[:-1]}),
    ("a name of another case", {"Session": S}),
    ("a member of another name", {"id": S}),
]:
    refused("malformed_payload", f"it says {comment}", saying(payload))
refused("malformed_payload", "S is not the packet's own nonce", saying(SAYS, nonce=nonce(1)))
refused(
    "malformed_payload",
    "the payload as raw bytes",
    sealed_bytes(b'{"session":"' + S.encode() + b'"}', **PARTS),
)
refused("malformed_payload", "no bytes", sealed_bytes(b"", **PARTS))

# What it is bound to: this server, this client, this handshake.
refused(
    "bad_signature", "a recorded welcome, offered to another handshake", WELCOME, "hostile", nonce=nonce(9)
)
for comment, context in [
    ("another handshake", session.context("hub", "engine-7", "welcome", nonce(9))),
    ("its own session in the handshake's place", session.context("hub", "engine-7", "welcome", S)),
    ("another client", session.context("hub", "engine-8", "welcome", C)),
    ("another server", session.context("hub-2", "engine-7", "welcome", C)),
    ("the other direction", session.context("engine-7", "hub", "welcome", C)),
    ("another event", session.context("hub", "engine-7", "heartbeat", C)),
    ("the event in another case", session.context("hub", "engine-7", "Welcome", C)),
    ("no event", session.context("hub", "engine-7", "", C)),
    ("no handshake", "hub>engine-7:welcome"),
    ("nothing", ""),
]:
    refused("bad_signature", f"a welcome for {comment}", saying(SAYS, context=context), "hostile")
refused("bad_signature", "a client of another name", key=key("engine-8"))
refused(
    "bad_signature",
    "a server of another name, with the same key",
    keys=[key("hub-1", owner="hub-2")],
    server="hub-2",
)

# Whose it is.
refused("unknown_key", "no key of the server", keys=[])
refused("unknown_key", "a key of another id", keys=[key("hub-2", owner="hub")])
refused("unknown_key", "a key that is not for packets", keys=[key("hub-1", owner="hub", uses=["token"])])
refused("revoked_key", "a revoked key", keys=[key("hub-1", owner="hub", revoked=True)])
refused("inactive_key", "an inactive key", keys=[key("hub-1", owner="hub", not_after=OPENED)])
refused(
    "inactive_key", "a key that is not active yet", keys=[key("hub-1", owner="hub", not_before=OPENED + 1)]
)
refused("bad_signature", "another secret", keys=[key("hub-1", OTHER_SECRET, owner="hub")])
refused(
    "caller_not_allowed", "a key of another owner", WELCOME, "hostile", keys=[key("hub-1", owner="vault")]
)
refused("caller_not_allowed", "owners compare exactly", WELCOME, keys=[key("hub-1", owner="Hub")])
refused(
    "caller_not_allowed",
    "the client's own key, which signs as the server",
    saying(SAYS, kid="engine-7"),
    "hostile",
    keys=[HUB, ENGINE],
)
passes("a key whose id is not its owner", saying(SAYS, kid="k.2"), keys=[HUB, key("k.2", owner="hub")])

# The order of the checks.
FORGED = assembled(GENUINE | {"payload": '{"session":"' + nonce(1) + '"}'})
refused("malformed_packet", "empty", "")
refused("malformed_packet", "not JSON", "welcome")
refused("malformed_packet", "not UTF-8", WELCOME.encode()[:-1] + b"\xff}")
refused("malformed_packet", "a member more", assembled(GENUINE | {"x": "1"}))
refused(
    "malformed_payload",
    "the session twice",
    assembled(GENUINE | {"payload": f'{{"session":"{S}","session":"{S}"}}'}),
)
refused("unsupported_version", "of another version", assembled(GENUINE | {"v": "2"}))
refused("bad_signature", "forged", FORGED)
refused("bad_signature", "the signature before what it says", assembled(GENUINE | {"payload": "{}"}))
refused("expired", "age before what it says", saying({}, ts=OPENED - 61))
refused("caller_not_allowed", "the owner before what it says", saying({}), keys=[key("hub-1", owner="vault")])
passes("60 s old", saying(SAYS, ts=OPENED - 60))
refused("expired", "61 s old", saying(SAYS, ts=OPENED - 61))
passes("5 s ahead", saying(SAYS, ts=OPENED + 5))
refused("not_yet_valid", "6 s ahead", saying(SAYS, ts=OPENED + 6))
for option in (1, 3600):
    passes(f"max_age {option}: at its edge", saying(SAYS, ts=OPENED - option), max_age=option)
    refused("expired", f"max_age {option}: beyond", saying(SAYS, ts=OPENED - option - 1), max_age=option)
    passes(f"max_ahead {option}: at its edge", saying(SAYS, ts=OPENED + option), max_ahead=option)
    refused(
        "not_yet_valid", f"max_ahead {option}: beyond", saying(SAYS, ts=OPENED + option + 1), max_ahead=option
    )
passes("a body limit of its 36 bytes", WELCOME, body_limit=36)
refused("payload_too_large", "a body limit of 35 bytes", WELCOME, body_limit=35)
refused(
    "payload_too_large",
    "longer than any packet of the limit",
    concat(WELCOME, repeat(" ", 4240)),
    body_limit=36,
)
refused(
    "bad_signature",
    "a refused welcome ends the session where packets are refused and it is kept",
    FORGED,
    on_refusal="keep",
)

# Once: the welcome is the session's first packet.
end = Client(welcome, on_refusal="keep")
end.establish()
end.refused("malformed_argument", "a second welcome", "establish", packet_text=WELCOME, now=OPENED)
end.refuses("bad_signature", "the welcome as a packet", "welcome", WELCOME, "hostile")
end.refuses(
    "replayed",
    "another packet with the welcome's nonce",
    "job",
    sealed(1, kid="hub-1", ts=OPENED, nonce=S, context=session.context("hub", "engine-7", "job", S)),
)
end.is_open("the session is open", OPENED)

# Arguments.
end = Client(welcome)
for value in (-1, OPENED + 0.5, LAST + 1, str(OPENED), True, [OPENED]):
    end.refused("malformed_argument", f"§4 now {value!r}", "establish", packet_text=WELCOME, now=value)
end.establish("none of them ended it")


def misbuilt(code, comment, **changed):
    welcome.refused(
        f"§8 a client: {comment}",
        {"op": "session.client", "session": "misbuilt", **connecting(**changed)},
        code,
    )


misbuilt("caller_not_allowed", "both ends have one name", server="engine-7")
misbuilt("malformed_argument", "its key is not for packets", key=key("engine-7", uses=["token"]))
misbuilt("malformed_key", "its key is malformed", key=key("engine 7"))
misbuilt("weak_secret", "its key is weak", key=key(secret=bytes(31)))
misbuilt("malformed_key", "the server's keys are malformed", keys=[HUB, HUB])
for comment, value in BAD_NONCES:
    misbuilt("malformed_argument", f"§1 nonce {comment}", nonce=value)
