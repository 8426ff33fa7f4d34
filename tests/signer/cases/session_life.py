"""What ends a session without a packet, to the second; and calls at the wrong time. Wire contract section 8."""

from case import Subject
from conversing import (
    CLAIMS,
    ENGINE,
    OPENED,
    POLICY,
    TOKEN,
    WELCOME,
    Client,
    Server,
    accepting,
    open_client,
    open_server,
    welcoming,
)
from fixtures import LAST, OTHER_SECRET, TS, key, nonce

life = Subject(
    "session-life", "Sessions: heartbeats, deadlines and ends, to the second (wire contract section 8)"
)
SUBJECTS = [life]

T = OPENED
MISSED = T + 16
SIGNED = {"event": "job", "payload": 1, "nonce": nonce(99)}


def ends(end, code, now, comment, due=True):
    """It ends in this second, and not in the one before."""
    end.due(f"{comment}: the last second", now - 1, due)
    end.refused(code, comment, "poll", now=now)
    end.ended(code)


# Heartbeats, each end's own and its peer's.
hub = open_server(life)
hub.is_open("a server's first heartbeat is due after heartbeat_every", T + 5)
hub.due("nothing is due yet", T, False)
hub.due("nothing is due yet", T + 4, False)
hub.due("a heartbeat is due", T + 5, True)
hub.due("and stays due", T + 6, True)
hub.beats("it is sent late", 1, T + 7)
hub.is_open("the next is due heartbeat_every later", T + 12)
hub.due("nothing is due", T + 11, False)
hub.beats("a heartbeat before it is due", 2, T + 11)
hub.is_open("the peer's window comes before the next", T + 16)
ends(hub, "heartbeat_missed", MISSED, "nothing was heard for more than heartbeat_window", due=False)
engine = open_client(life)
engine.is_open("a client's first heartbeat is due at once", T)
engine.due("it is due", T, True)
engine.beats("it is sent", 1, T)
engine.due("the next is due heartbeat_every later", T + 4, False)
engine.due("it is due", T + 5, True)
engine.is_open("the deadline is the next", T + 5)
ends(engine, "heartbeat_missed", MISSED, "nothing was heard for more than heartbeat_window")
for end in (open_server(life), open_client(life)):
    end.hears("the peer's heartbeat", 1, T + 10)
    end.due("a window later it lives", T + 25, True)
    end.hears("a heartbeat in the last second", 2, T + 25)
    ends(end, "heartbeat_missed", T + 41, "the window begins with each that is verified")
for end in (open_server(life), open_client(life)):
    end.takes("a packet that is no heartbeat", "status", 1, 1, T + 10)
    ends(end, "heartbeat_missed", MISSED, "only heartbeats are a sign of life")
for end in (open_server(life, on_refusal="keep"), open_client(life, on_refusal="keep")):
    forged = end.sent("heartbeat", {}, 1, T + 10, secret=OTHER_SECRET)
    end.refuses("bad_signature", "a forged heartbeat", "heartbeat", forged, "hostile", now=T + 10)
    end.refuses(
        "malformed_payload",
        "a heartbeat that says something",
        "heartbeat",
        end.sent("heartbeat", [], 2, T + 10),
        now=T + 10,
    )
    end.refuses(
        "expired",
        "a heartbeat that is too old",
        "heartbeat",
        end.sent("heartbeat", {}, 3, T - 51),
        now=T + 10,
    )
    ends(
        end,
        "heartbeat_missed",
        MISSED,
        "a refused heartbeat is no sign of life, also where the session is kept",
    )
end = open_server(life, on_refusal="keep")
end.hears("a heartbeat", 1, T + 5)
end.refuses(
    "replayed",
    "the same heartbeat again",
    "heartbeat",
    end.sent("heartbeat", {}, 1, T + 5),
    "hostile",
    now=T + 15,
)
ends(end, "heartbeat_missed", T + 21, "a replayed heartbeat is no sign of life")
end = open_server(life)
end.takes("a heartbeat that was a minute on its way", "heartbeat", {}, 1, T + 10, ts=T - 50)
ends(end, "heartbeat_missed", T + 26, "it counts from when it was verified")
end = open_server(life)
end.hears("a heartbeat", 1, T + 10)
end.hears("a clock that steps back", 2, T + 2)
end.due("counts nobody out", T - 1000, False)
ends(end, "heartbeat_missed", T + 26, "and nobody in")
for every, window in ((1, 1), (1, 3600), (3600, 3600), (7, 9)):
    for opened in (open_server, open_client):
        end = opened(life, heartbeat_every=every, heartbeat_window=window)
        end.beats(f"heartbeat_every {every}, heartbeat_window {window}", 1, T)
        end.is_open("its deadline", T + min(every, window + 1))
        end.due("not due", T + every - 1, False)
        end.due("due", T + every, True)
        end.hears("a heartbeat", 1, T + window)
        end.due("it lives", T + 2 * window, True)
        end.refused("heartbeat_missed", "its window is over", "poll", now=T + 2 * window + 1)
        end.ended("heartbeat_missed")

# Whatever is called finds it out.
for opened in (open_server, open_client):
    for call, members in [
        ("sign", SIGNED | {"now": MISSED}),
        ("heartbeat", {"nonce": nonce(1), "now": MISSED}),
        ("verify", {"event": "status", "packet_text": "{}", "now": MISSED}),
        ("poll", {"now": MISSED}),
        ("accept", accepting(now=MISSED)),
        ("welcome", welcoming(now=MISSED)),
        ("establish", {"packet_text": WELCOME, "now": MISSED}),
    ]:
        end = opened(life)
        end.refused("heartbeat_missed", f"a window that is over: {call}", call, **members)
        end.ended("heartbeat_missed")
    end = opened(life)
    end.refuses(
        "heartbeat_missed",
        "a genuine heartbeat a second too late",
        "heartbeat",
        end.sent("heartbeat", {}, 1, MISSED),
        now=MISSED,
    )
    end.ended("heartbeat_missed")

# After its end each call answers the code that ended it.
CALLS = [
    ("handshake", {"token": TOKEN}),
    ("accept", accepting()),
    ("welcome", welcoming()),
    ("establish", {"packet_text": WELCOME, "now": T}),
    ("sign", SIGNED | {"now": T}),
    ("heartbeat", {"nonce": nonce(1), "now": T}),
    ("verify", {"event": "status", "packet_text": "{}", "now": T}),
    ("poll", {"now": T}),
]
for opened in (open_server, open_client):
    end = opened(life)
    end.refuses("bad_signature", "it ends", "status", end.sent("job", 1, 1))
    for call, members in CALLS:
        end.refused("bad_signature", f"after its end: {call}", call, **members)
    end.ok("§8 to close it changes nothing", "close", {})
    end.ended("bad_signature")
    end = opened(life)
    end.ok("§8 it is closed on this side", "close", {})
    end.look("it has ended, and nothing was refused", "ended", peer=end.peer)
    for call, members in CALLS:
        end.refused("malformed_argument", f"after it was closed: {call}", call, **members)
    end.ok("§8 it is closed again", "close", {})
    end.look("it has ended, and nothing was refused", "ended", peer=end.peer)
    end.refused("malformed_argument", "no window is over where it was closed", "poll", now=T + 1000)
for end in (Server(life), Client(life)):
    end.ok("§8 closed before its handshake", "close", {})
    peer = {"peer": end.peer} if end.knows_peer else {}
    end.look("it has ended, and nothing was refused", "ended", **peer)
    end.refused("malformed_argument", "after it was closed: poll", "poll", now=T)


# A call at the wrong time, or at the wrong end, ends nothing.
def misplaced(end, fitting, *last):
    for call, members in CALLS:
        if call not in fitting:
            end.refused("malformed_argument", f"misplaced {' '.join(last)}: {call}", call, **members)


end = Server(life)
misplaced(end, ("accept", "poll"), "at a server before the handshake")
end.look("nothing ended it", "handshake", deadline=TS + 11)
end.accept()
misplaced(end, ("welcome", "poll"), "at a server before its welcome")
end.look("nothing ended it", "handshake", peer="engine-7", deadline=TS + 11)
end.welcome()
misplaced(end, ("sign", "heartbeat", "verify", "poll"), "at an open server")
end.is_open("nothing ended it", T + 5)
end.signs("it signs", "job", 1, 1)
end = Client(life)
misplaced(end, ("handshake", "establish", "poll"), "at a client before it is welcomed")
end.look("nothing ended it", "handshake", peer="hub", deadline=TS + 11)
end.establish()
misplaced(end, ("sign", "heartbeat", "verify", "poll"), "at an open client")
end.is_open("nothing ended it", T)
end.signs("it signs", "status", 1, 1)

# The token's end, as its verifier counts it.
SLOW = {"heartbeat_every": 3600, "heartbeat_window": 3600}
for comment, claims, policy, until in [
    ("exp and 30 s of leeway", {"exp": T + 60}, {}, T + 90),
    ("exp without leeway", {"exp": T + 60}, {"leeway": 0}, T + 60),
    ("exp and the greatest leeway", {"exp": T + 60}, {"leeway": 300}, T + 360),
    ("an exp of half a second", {"exp": T + 60.5}, {"leeway": 0}, T + 61),
    ("an exp a thousandth before a second", {"exp": T + 59.999}, {"leeway": 0}, T + 60),
    ("an exp a thousandth after a second", {"exp": T + 60.001}, {"leeway": 5}, T + 66),
    ("max_age before exp", {"exp": T + 60, "iat": T}, {"leeway": 5, "max_age": 20}, T + 26),
    (
        "max_age of an iat of half a second",
        {"exp": T + 60, "iat": T - 0.5},
        {"leeway": 5, "max_age": 20},
        T + 25,
    ),
    ("max_age without leeway", {"exp": T + 60, "iat": TS}, {"leeway": 0, "max_age": 1}, T + 1),
    ("exp before max_age", {"exp": T + 60, "iat": T}, {"leeway": 5, "max_age": 200}, T + 65),
    ("an iat without max_age", {"exp": T + 60, "iat": 0}, {"leeway": 0}, T + 60),
]:
    end = open_server(life, CLAIMS | claims, POLICY | policy, **SLOW)
    end.is_open(f"the deadline is the token's end: {comment}", until)
    end.due(f"{comment}: the last second", until - 1, False)
    end.refused("token_expired", f"{comment}: the token has expired", "poll", now=until)
    end.ended("token_expired")
end = open_server(life, CLAIMS | {"exp": T + 10}, POLICY | {"leeway": 0})
end.hears("heartbeats do not prolong the token", 1, T + 9)
end.refuses(
    "token_expired",
    "a genuine packet after the token's end",
    "status",
    end.sent("status", 1, 2, T + 10),
    now=T + 10,
)
end.ended("token_expired")
end = open_server(life, CLAIMS | {"exp": T + 16}, POLICY | {"leeway": 0})
end.refused("token_expired", "the token's end before the heartbeat's", "poll", now=MISSED)
end = open_server(life, CLAIMS | {"exp": LAST}, POLICY | {"leeway": 300}, **SLOW)
end.is_open("a token to the end of time", T + 3600)

# The keys' ends: each side's own, and the peer's once it has shown one.
SHORT = {"not_after": T + 30}
end = open_server(life, welcome={"key": key("hub-1", owner="hub", **SHORT)}, **SLOW)
end.is_open("the deadline is the end of the server's key", T + 30)
end.due("the last second of the server's key", T + 29, False)
end.refused("inactive_key", "the server's key has ended", "poll", now=T + 30)
end.ended("inactive_key")
end = open_server(life, welcome={"keys": [key(**SHORT)]}, **SLOW)
end.is_open("the client has shown no key yet", T + 3600)
end.due("so none of its keys can end", T + 30, False)
end.refuses(
    "inactive_key",
    "its key has ended when it shows it",
    "status",
    end.sent("status", 1, 1, T + 30),
    now=T + 30,
)
end.ended("inactive_key")
end = open_server(life, welcome={"keys": [key(**SHORT)]}, **SLOW)
end.takes("the client shows its key", "status", 1, 1)
end.is_open("the deadline is the end of the client's key", T + 30)
end.due("the last second of the client's key", T + 29, False)
end.refused("inactive_key", "the client's key has ended", "poll", now=T + 30)
end.ended("inactive_key")
rotating = [key(**SHORT), key("engine-7.b", OTHER_SECRET, owner="engine-7")]
end = open_server(life, welcome={"keys": rotating}, **SLOW)
end.takes("a packet of the old key", "status", 1, 1)
end.takes(
    "one of the new key",
    "status",
    2,
    2,
    kid="engine-7.b",
    text=end.sent("status", 2, 2, kid="engine-7.b", secret=OTHER_SECRET),
)
end.is_open("the last key that was shown counts", T + 3600)
end.due("the old key's end ends nothing", T + 30, False)
end = open_server(life, on_refusal="keep", welcome={"keys": [key(**SHORT)]}, **SLOW)
end.takes("the client shows its key", "status", 1, 1)
end.refuses(
    "inactive_key",
    "a key's end is no packet that could be refused and the session kept",
    "status",
    end.sent("status", 2, 2, T + 30),
    now=T + 30,
)
end.ended("inactive_key")
end = open_client(life, keys=[key("hub-1", owner="hub", **SHORT)], **SLOW)
end.beats("the server's key is known from its welcome", 1, T)
end.is_open("the deadline is the end of the server's key", T + 30)
end.refused("inactive_key", "the server's key has ended", "sign", **SIGNED, now=T + 30)
end.ended("inactive_key")
end = open_client(life, key=key(**SHORT), **SLOW)
end.beats("the client's own key", 1, T)
end.is_open("the deadline is the end of the client's key", T + 30)
end.refused("inactive_key", "the client's key has ended", "heartbeat", nonce=nonce(2), now=T + 30)
end.ended("inactive_key")

# Keys that are revoked while it is open.
end = open_server(life, welcome={"keys": [ENGINE, key("engine-7.b", OTHER_SECRET, owner="engine-7")]})
end.ok("§8 a key that the client has not shown is revoked", "revoke", {}, key_id="engine-7")
end.due("which ends nothing yet", T, False)
end.takes(
    "another of its keys",
    "status",
    1,
    1,
    kid="engine-7.b",
    text=end.sent("status", 1, 1, kid="engine-7.b", secret=OTHER_SECRET),
)
end.refuses("revoked_key", "the revoked one", "status", end.sent("status", 1, 2))
end.ended("revoked_key")
for opened in (open_server, open_client):
    for call, members in CALLS[4:]:
        end = opened(life, on_refusal="keep")
        end.takes("the peer shows its key", "status", 1, 1)
        end.ok("§8 the peer's key is revoked", "revoke", {}, key_id=end.peer_kid)
        end.refused("revoked_key", f"a revoked key ends it: {call}", call, **members)
        end.ended("revoked_key")
end = open_client(life)
end.ok("§8 the key of the welcome is revoked", "revoke", {}, key_id="hub-1")
end.refused("revoked_key", "it ends", "poll", now=T)
end = open_server(
    life, CLAIMS | {"exp": T + 10}, POLICY | {"leeway": 0}, welcome={"keys": [key(not_after=T + 10)]}
)
end.hears("a heartbeat", 1, T)
end.refused("inactive_key", "the keys' end before the token's and the heartbeat's", "poll", now=T + 100)

# The end of time.
end = Server(life, "a server's end near the end of time", now=LAST - 1)
end.accept("near the end of time", claims=CLAIMS | {"exp": LAST}, now=LAST - 1)
end.welcome("near the end of time", now=LAST)
end.is_open("its deadline is a time", LAST)
end.due("it lives to the end of time", LAST, False)
end.beats("its last heartbeat", 1, LAST)
