"""What a session is given: names, times and options. Wire contract sections 1 and 8."""

from case import Subject
from conversing import connecting
from fixtures import LAST, MIB, TS

options = Subject("session-options", "Sessions: names, times and options (wire contract sections 1 and 8)")
SUBJECTS = [options]


def calls(**changed):
    """A server and a client of these members."""
    yield "a server", {"op": "session.server", "session": "options", "server": "hub", "now": TS, **changed}
    yield "a client", {"op": "session.client", "session": "options", **connecting(), **changed}


def passes(comment, **changed):
    for end, call in calls(**changed):
        options.ok(f"§8 {end}: {comment}", call, {})


def refused(comment, **changed):
    for end, call in calls(**changed):
        options.refused(f"§8 {end}: {comment}", call, "malformed_argument")


passes("no options")
for name in ("s", "s" * 64, "AZaz09._~-"):
    passes(f"a server named {name!r}", server=name)
for name in (
    "",
    "s" * 65,
    "hub 1",
    "hub>engine-7",
    "hub:x",
    "hub@x",
    "hub\n",
    "hub\0",
    "h\u00fcb",
    5,
    ["hub"],
):
    refused(f"a server named {name!r}", server=name)
for now in (0, LAST):
    passes(f"now {now}", now=now)
for now in (-1, LAST + 1, TS + 0.5, str(TS), True, [TS]):
    refused(f"now {now!r}", now=now)

RANGES = {
    "heartbeat_every": (1, 15),
    "heartbeat_window": (5, 3600),
    "handshake_window": (1, 3600),
    "max_age": (1, 3600),
    "max_ahead": (1, 3600),
    "body_limit": (1, 512 * MIB),
    "guard_capacity": (1, 100_000_000),
}
for name, (least, most) in RANGES.items():
    for value in (least, most):
        passes(f"{name} {value}", **{name: value})
    for value in (0, -1, most + 1, least + 0.5, 10**20, str(least), True, [least], {"seconds": least}):
        refused(f"{name} {value!r}", **{name: value})
passes("a heartbeat each second", heartbeat_every=1, heartbeat_window=1)
passes("a heartbeat as seldom as its window allows", heartbeat_every=3600, heartbeat_window=3600)
refused("heartbeats seldomer than their window", heartbeat_every=16)
refused("a window shorter than the time between heartbeats", heartbeat_window=4)
refused("both given, the window the shorter", heartbeat_every=101, heartbeat_window=100)

for value in ("close", "keep"):
    passes(f"on_refusal {value}", on_refusal=value)
for value in ("", "Close", "kept", "ignore", True, 1, ["keep"]):
    refused(f"on_refusal {value!r}", on_refusal=value)
for value in ("i", "sub", "https://example.com/engine", "\u00e9", "i" * 256, "\u00e9" * 128):
    passes(f"identity {value[:30]!r}, {len(value.encode())} bytes", identity=value)
for value in ("", "i" * 257, "\u00e9" * 129, 5, True, ["engineId"], {"claim": "engineId"}):
    refused(f"identity {str(value)[:30]!r}", identity=value)
