"""An open session's limits, what this side does wrong, and the first refusal, which ends it: wire contract section 8."""

from case import Subject
from conversing import OPENED, S, open_client, open_server
from fixtures import BAD_NONCES, LAST, key, nonce
from packet import b64url
from text import concat, repeat

refusals = Subject(
    "session-refusals",
    "Sessions: limits, mistakes of one's own, and the first refusal (wire contract section 8)",
)
SUBJECTS = [refusals]

# Its guard.
full = open_server(refusals, on_refusal="keep", guard_capacity=2, heartbeat_window=3600, max_age=1)
full.takes("the first of two nonces", "status", 1, 1)
full.takes("the second", "status", 2, 2)
full.refuses("rate_limited", "a third: all there are belong to the peer", "status", full.sent("status", 3, 3))
full.refuses(
    "rate_limited", "a heartbeat is a packet like any other", "heartbeat", full.sent("heartbeat", {}, 4)
)
full.refuses("replayed", "what it knows, it knows", "status", full.sent("status", 1, 1))
full.refuses(
    "rate_limited",
    "until ts + max_age + 60",
    "status",
    full.sent("status", 5, 5, OPENED + 61),
    now=OPENED + 61,
)
full.takes("a second later there is room", "status", 5, 5, OPENED + 62)

# Ages of its own.
for age in (1, 3600):
    aged = open_server(refusals, on_refusal="keep", max_age=age, max_ahead=age)
    aged.takes(f"max_age {age}: at its edge", "status", 1, 1, ts=OPENED - age)
    aged.refuses("expired", f"max_age {age}: beyond", "status", aged.sent("status", 1, 2, OPENED - age - 1))
    aged.takes(f"max_ahead {age}: at its edge", "status", 1, 3, ts=OPENED + age)
    aged.refuses(
        "not_yet_valid", f"max_ahead {age}: beyond", "status", aged.sent("status", 1, 4, OPENED + age + 1)
    )

# A limit of its own, signing and verifying.
limited = open_server(refusals, on_refusal="keep", body_limit=8)
limited.signs("8 bytes of payload", "job", "123456", 1)
limited.signs("8 bytes", "job", b"12345678", 2)
limited.takes("8 bytes of payload", "status", "123456", 1)
limited.takes("8 bytes", "status", b"12345678", 2)
limited.refuses("payload_too_large", "9 bytes of payload", "status", limited.sent("status", "1234567", 3))
limited.refuses("payload_too_large", "9 bytes", "status", limited.sent("status", b"123456789", 4))
limited.refuses(
    "payload_too_large",
    "more text than any packet has",
    "status",
    concat(limited.sent("status", 1, 5), repeat(" ", 4128)),
)
NOW = {"now": OPENED, "nonce": nonce(5)}
limited.refused(
    "payload_too_large", "9 bytes of payload, signed", "sign", event="job", payload="1234567", **NOW
)
limited.refused("payload_too_large", "9 bytes, signed", "sign", event="job", data=b64url(b"123456789"), **NOW)
limited.is_open("the limits end nothing that is kept", OPENED + 5)

# Signing: what this side did wrong ends nothing, and no packet bears an event that is the session's own.
signer = open_server(refusals)
GOOD = {"event": "job", "payload": 1, "now": OPENED, "nonce": nonce(1)}
for event in (
    "",
    "j" * 65,
    "a job",
    "job\n",
    "job\0",
    "hub>engine-7:job",
    "job@" + S,
    "j\u00f6b",
    ":",
    "@",
    "heartbeat",
    "welcome",
):
    signer.refused("malformed_argument", f"§1 an event {event[:40]!r}", "sign", **(GOOD | {"event": event}))
for event in (5, True, ["job"], {"job": 1}):
    signer.refused("malformed_argument", f"§1 an event {event!r}", "sign", **(GOOD | {"event": event}))
BYTES = {"event": "heartbeat", "data": "", "now": OPENED, "nonce": nonce(1)}
signer.refused("malformed_argument", "a heartbeat of bytes", "sign", **BYTES)
signer.refused("malformed_argument", "a welcome of bytes", "sign", **(BYTES | {"event": "welcome"}))
DEEP = 1
for _ in range(65):
    DEEP = [DEEP]
for comment, value in [
    ("with a lone surrogate", "\ud800"),
    ("with a lone surrogate in a name", {"a\udfff": 1}),
    ("65 deep", DEEP),
]:
    signer.refused(
        "malformed_payload", f"§2 a payload {comment}", "sign", "native", **(GOOD | {"payload": value})
    )
for comment, value in BAD_NONCES:
    signer.refused("malformed_argument", f"§1 nonce {comment}", "sign", **(GOOD | {"nonce": value}))
    signer.refused(
        "malformed_argument", f"§1 a heartbeat's nonce {comment}", "heartbeat", now=OPENED, nonce=value
    )
for value in (-1, OPENED + 0.5, LAST + 1, str(OPENED), True, [OPENED]):
    signer.refused("malformed_argument", f"§4 now {value!r}", "sign", **(GOOD | {"now": value}))
    signer.refused(
        "malformed_argument", f"§4 a heartbeat's now {value!r}", "heartbeat", now=value, nonce=nonce(1)
    )
    signer.refused(
        "malformed_argument",
        f"§4 a verifier's now {value!r}",
        "verify",
        event="status",
        packet_text="{}",
        now=value,
    )
    signer.refused("malformed_argument", f"§4 a poll's now {value!r}", "poll", now=value)
signer.is_open("the session is open", OPENED + 5)
signer.signs("none of them ended it", "job", 1, 1)

# By default the first refusal ends it, whatever it is.
for code, comment, event, make, changed in [
    ("malformed_packet", "no packet", "status", lambda end: "{}", {}),
    ("malformed_packet", "an event that is no name", "sta tus", lambda end: end.sent("status", 1, 1), {}),
    (
        "malformed_payload",
        "a payload that is no JSON",
        "status",
        lambda end: end.sent("status", 1, 1).replace('"payload":1', '"payload":x'),
        {},
    ),
    (
        "malformed_payload",
        "a heartbeat that says something",
        "heartbeat",
        lambda end: end.sent("heartbeat", 1, 1),
        {},
    ),
    (
        "unsupported_version",
        "another version",
        "status",
        lambda end: end.sent("status", 1, 1).replace('"v":1', '"v":2'),
        {},
    ),
    (
        "unknown_key",
        "a key that nobody has",
        "status",
        lambda end: end.sent("status", 1, 1, kid="engine-9"),
        {},
    ),
    (
        "revoked_key",
        "a revoked key",
        "status",
        lambda end: end.sent("status", 1, 1),
        {"keys": [key("engine-7", revoked=True)]},
    ),
    (
        "inactive_key",
        "an inactive key",
        "status",
        lambda end: end.sent("status", 1, 1),
        {"keys": [key("engine-7", not_after=OPENED)]},
    ),
    ("bad_signature", "another event", "job", lambda end: end.sent("status", 1, 1), {}),
    ("expired", "an old packet", "status", lambda end: end.sent("status", 1, 1, OPENED - 61), {}),
    ("not_yet_valid", "a packet from ahead", "status", lambda end: end.sent("status", 1, 1, OPENED + 6), {}),
    (
        "caller_not_allowed",
        "a key of another owner",
        "status",
        lambda end: end.sent("status", 1, 1),
        {"keys": [key("engine-7", owner="engine-8")]},
    ),
    (
        "payload_too_large",
        "longer than the limit",
        "status",
        lambda end: end.sent("status", b"x" * 65, 1),
        {"body_limit": 64},
    ),
]:
    opened = {"welcome": {"keys": changed.pop("keys")}} if "keys" in changed else {}
    end = open_server(refusals, **opened, **changed)
    end.refuses(code, f"it ends at {comment}", event, make(end))
    end.ended(code)
    end.refuses(code, "a genuine packet is refused for the same reason", "status", end.sent("status", 1, 2))
ended = open_client(refusals)
ended.takes("a job", "job", 1, 1)
ended.refuses("replayed", "it ends at a replay", "job", ended.sent("job", 1, 1), "hostile")
ended.ended("replayed")
ended = open_server(refusals, guard_capacity=1)
ended.takes("a status", "status", 1, 1)
ended.refuses("rate_limited", "it ends where its guard is full", "status", ended.sent("status", 2, 2))
ended.ended("rate_limited")
