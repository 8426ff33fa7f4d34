"""Packets of an open session: wire contract section 8. Each is bound to its direction, its event and its session."""

import session
from case import Subject
from conversing import ENGINE, HUB, OPENED, C, Client, S, Server, open_client, open_server
from fixtures import (
    OTHER_SECRET,
    TS,
    assembled,
    key,
    members,
    nonce,
)
from packet import b64url

packets = Subject("session-packets", "Sessions: packets of an open session (wire contract section 8)")
SUBJECTS = [packets]

OTHER = nonce(77)
EIGHT = key("engine-8", OTHER_SECRET)

# A conversation.
hub, engine = open_server(packets), open_client(packets)
hub.signs("a job for the engine", "job", {"id": 42, "cmd": "run"}, 1)
engine.takes("the engine has the job", "job", {"id": 42, "cmd": "run"}, 1)
engine.signs("a status for the server", "status", {"job": 42, "status": "FINISHED"}, 2)
hub.takes("the server has the status", "status", {"job": 42, "status": "FINISHED"}, 2)
hub.signs("a list for the engine", "job", ["\u00e9", None, True, 1.5, {"b": 1, "a": "\u20ac"}], 3)
engine.takes(
    "as the language's own object",
    "job",
    [1],
    4,
    OPENED,
    "native",
    packet={
        "v": 1,
        "kid": "hub-1",
        "ts": OPENED,
        "nonce": nonce(4),
        "payload": [1],
        "sig": engine.sent("job", [1], 4)[-45:-2],
    },
)
engine.signs("raw bytes", "frame", b"\x00\xff\n", 5)
hub.takes("raw bytes arrive", "frame", b"\x00\xff\n", 5)
engine.signs("no bytes at all", "frame", b"", 6)
hub.takes("no bytes at all arrive", "frame", b"", 6)
engine.takes("a packet as bytes", "job", 7, 7, packet_bytes=b64url(engine.sent("job", 7, 7).encode()))
engine.beats("a heartbeat of the engine", 8, OPENED)
hub.hears("the server hears it", 8, OPENED)
hub.beats("a heartbeat of the server", 9, OPENED)
engine.hears("the engine hears it", 9, OPENED)
hub.takes("a packet that was sent earlier, and arrives later", "status", 10, 10, OPENED + 2, ts=OPENED)
hub.takes("payloads like a heartbeat's, under another event", "status", {}, 11)
hub.takes(
    "another heartbeat, written with white space",
    "heartbeat",
    {},
    12,
    text=hub.sent("heartbeat", {}, 12).replace("{}", "{ \n}"),
)
for number, event in enumerate(("e", "E" * 64, "AZaz09._~-", "Heartbeat", "welcome2", "heartbeat."), 20):
    engine.signs(f"an event {event!r}", event, number, number)
    hub.takes(f"an event {event!r}", event, number, number)
hub.is_open("the server's end is open", OPENED + 5)
engine.is_open("the engine's end is open", OPENED + 5)

long_hub = Server(packets, "a server with the longest of names", server="h" * 64)
long_hub.kid = "k" * 64
long_hub.peer = long_hub.peer_kid = "e" * 64
long_hub.accept(claims={"engineId": "e" * 64, "exp": TS + 86400, "role": "engine"})
long_hub.welcome(key=key("k" * 64, owner="h" * 64), keys=[key("e" * 64)])
long_hub.signs("the longest context", "j" * 64, 1, 1)
long_hub.takes("the longest context", "s" * 64, 2, 2)

# Each end knows the keys of both and more, so that only what a packet is for, and whose key signed it, tell them apart. A refusal ends nothing here.
RING = [ENGINE, HUB, EIGHT, key("engine-7.b", OTHER_SECRET, owner="engine-7")]
kept = Server(packets, on_refusal="keep", max_age=60)
kept.accept()
kept.welcome(keys=RING)
mine = Client(packets, keys=[HUB, ENGINE], on_refusal="keep")
mine.establish()

out = mine.sent("job", {"id": 42}, 1)
kept.signs("a job of the server's", "job", {"id": 42}, 1)
kept.refuses("bad_signature", "the server's own packet, reflected", "job", out, "hostile")
kept.refuses("bad_signature", "reflected under the event of an answer", "status", out, "hostile")
kept.refuses(
    "bad_signature",
    "reflected under the engine's key id",
    "job",
    out.replace('"hub-1"', '"engine-7"'),
    "hostile",
)
back = kept.sent("status", {"job": 42}, 2)
mine.signs("a status of the engine's", "status", {"job": 42}, 2)
mine.refuses("bad_signature", "the engine's own packet, reflected", "status", back, "hostile")
mine.refuses(
    "bad_signature",
    "reflected under the server's key id",
    "status",
    back.replace('"engine-7"', '"hub-1"'),
    "hostile",
)
beat = kept.sent("heartbeat", {}, 3)
mine.refuses("bad_signature", "its own heartbeat, reflected", "heartbeat", beat, "hostile")
kept.takes("the genuine direction", "status", {"job": 42}, 2)
mine.takes("the genuine direction", "job", {"id": 42}, 1)
kept.hears("the genuine heartbeat", 3, OPENED)

status = kept.sent("status", {"job": 42}, 4)
for event in ("job", "Status", "status2", "statu", "heartbeat", "welcome", "s"):
    kept.refuses("bad_signature", f"a status sent under the name {event!r}", event, status, "hostile")
kept.refuses(
    "bad_signature",
    "a heartbeat sent under the name of a status",
    "status",
    kept.sent("heartbeat", {}, 5),
    "hostile",
)
kept.refuses(
    "bad_signature", "a status passed off as a heartbeat", "heartbeat", kept.sent("status", {}, 6), "hostile"
)
for event in (
    "",
    "e" * 65,
    "sta tus",
    "status\n",
    "status\0",
    "hub>engine-7:status",
    "status@" + S,
    "st\u00e4tus",
    ":",
    "@",
):
    kept.refuses("malformed_packet", f"§1 an event {event[:40]!r}", event, status)
for event in (5, True, ["status"], {"status": 1}, "\ud800"):
    kept.refused(
        "malformed_packet", f"§1 an event {event!r}", "verify", event=event, packet_text=status, now=OPENED
    )
kept.takes("the event that it was signed for", "status", {"job": 42}, 4)

for comment, parts in [
    ("another session", {"bound": OTHER}),
    ("the handshake", {"bound": C}),
    ("a client of another name as its sender", {"sender": "engine-8"}),
    ("the server as its sender", {"sender": "hub", "receiver": "engine-7"}),
    ("another server", {"receiver": "hub-2"}),
    ("the client itself", {"receiver": "engine-7"}),
    ("no session", {"context": "status"}),
    ("nothing", {"context": ""}),
    ("an id in another case", {"bound": S.swapcase()}),
]:
    kept.refuses(
        "bad_signature", f"a packet for {comment}", "status", kept.sent("status", 1, 7, **parts), "hostile"
    )

# Whose key it is.
kept.refuses(
    "caller_not_allowed",
    "the key of another client, signing as this one",
    "status",
    kept.sent("status", 1, 8, kid="engine-8", secret=OTHER_SECRET),
    "hostile",
)
kept.refuses(
    "bad_signature",
    "the key of another client, signing as itself",
    "status",
    kept.sent("status", 1, 8, kid="engine-8", secret=OTHER_SECRET, sender="engine-8"),
    "hostile",
)
kept.refuses(
    "caller_not_allowed",
    "the server's own key, signing as the client",
    "status",
    kept.sent("status", 1, 8, kid="hub-1"),
    "hostile",
)
mine.refuses(
    "caller_not_allowed",
    "the client's own key, signing as the server",
    "job",
    mine.sent("job", 1, 8, kid="engine-7"),
    "hostile",
)
kept.refuses("unknown_key", "a key that nobody has", "status", kept.sent("status", 1, 8, kid="engine-9"))
kept.refuses("bad_signature", "another secret", "status", kept.sent("status", 1, 8, secret=OTHER_SECRET))
text = kept.sent("status", 1, 9, kid="engine-7.b", secret=OTHER_SECRET)
kept.takes("another key of the same client", "status", 1, 9, kid="engine-7.b", text=text)

# Each nonce once.
kept.takes("a packet for the first time", "status", 10, 10)
kept.refuses("replayed", "the same packet again", "status", kept.sent("status", 10, 10), "hostile")
kept.refuses(
    "replayed",
    "the same packet, a second later",
    "status",
    kept.sent("status", 10, 10),
    "hostile",
    now=OPENED + 1,
)
kept.refuses("replayed", "its nonce in another packet", "status", kept.sent("status", 11, 10))
kept.refuses("replayed", "its nonce under another event", "job", kept.sent("job", 10, 10))
kept.refuses("replayed", "its nonce for raw bytes", "status", kept.sent("status", b"x", 10))
kept.refuses("replayed", "a heartbeat again", "heartbeat", kept.sent("heartbeat", {}, 3), "hostile")
kept.takes(
    "its nonce under another key",
    "status",
    12,
    10,
    kid="engine-7.b",
    text=kept.sent("status", 12, 10, kid="engine-7.b", secret=OTHER_SECRET),
)

# Everything else that is refused in a packet.
GENUINE = members(1, ts=OPENED, nonce=nonce(14), context=session.context("engine-7", "hub", "status", S))
kept.refuses("malformed_packet", "no packet", "status", "{}")
kept.refuses("malformed_packet", "empty", "status", "")
kept.refuses("malformed_packet", "not UTF-8", "status", b"\xff")
kept.refuses("malformed_packet", "a member more", "status", assembled(GENUINE | {"event": '"status"'}))
kept.refuses(
    "malformed_payload", "a payload that is no JSON", "status", assembled(GENUINE | {"payload": "tru"})
)
kept.refuses(
    "malformed_payload",
    "a payload with a member twice",
    "status",
    assembled(GENUINE | {"payload": '{"a":1,"a":1}'}),
)
kept.refuses("unsupported_version", "another version", "status", assembled(GENUINE | {"v": "2"}))
kept.refuses("bad_signature", "a payload changed", "status", assembled(GENUINE | {"payload": "2"}), "hostile")
kept.refuses("malformed_packet", "the event before the packet", "", "{}")
kept.refuses("expired", "61 s old", "status", kept.sent("status", 1, 15, OPENED - 61))
kept.refuses("not_yet_valid", "6 s ahead", "status", kept.sent("status", 1, 15, OPENED + 6))
kept.refuses("expired", "a clock 10 minutes behind", "status", kept.sent("status", 1, 15, OPENED - 600))
kept.refuses("not_yet_valid", "a clock 10 minutes ahead", "status", kept.sent("status", 1, 15, OPENED + 600))
kept.takes("60 s old", "status", 1, 15, ts=OPENED - 60)
kept.takes("5 s ahead", "status", 1, 16, ts=OPENED + 5)
kept.takes("none of the refused ones burnt its nonce", "status", 1, 14)

# A heartbeat says nothing.
for number, payload in enumerate((None, [], "", "{}", 0, False, {"x": 1}, {"": None}, [{}]), 30):
    kept.refuses(
        "malformed_payload",
        f"a heartbeat that says {payload!r}",
        "heartbeat",
        kept.sent("heartbeat", payload, number),
    )
    mine.refuses(
        "malformed_payload",
        f"a heartbeat that says {payload!r}",
        "heartbeat",
        mine.sent("heartbeat", payload, number),
    )
for number, data in enumerate((b"", b"{}"), 40):
    kept.refuses(
        "malformed_payload",
        f"a heartbeat of the bytes {data!r}",
        "heartbeat",
        kept.sent("heartbeat", data, number),
    )
kept.refuses(
    "replayed",
    "a heartbeat that says something burns its nonce all the same",
    "heartbeat",
    kept.sent("heartbeat", {}, 30),
)
kept.is_open("after all of these the server's end is open", OPENED + 5)
mine.is_open("after all of these the engine's end is open", OPENED)
kept.hears("and hears its client", 50, OPENED + 3)

# Another connection of the same client at the same server.
again = Server(packets, on_refusal="keep")
again.id = OTHER
again.accept()
again.welcome()
again.refuses(
    "bad_signature",
    "a packet captured on another connection",
    "status",
    kept.sent("status", 10, 10),
    "hostile",
)
again.refuses(
    "bad_signature",
    "a heartbeat captured on another connection",
    "heartbeat",
    kept.sent("heartbeat", {}, 3),
    "hostile",
)
again.takes("a packet of this one, with a nonce that another has seen", "status", 10, 10)
kept.refuses("bad_signature", "and not there", "status", again.sent("status", 10, 10), "hostile")
