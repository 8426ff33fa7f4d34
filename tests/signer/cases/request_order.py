"""The order of checks, keys, age, callers and the nonce: wire contract sections 4 and 5, on requests."""

from itertools import combinations

import request
from case import Subject
from fixtures import LAST, NONCE, NOW, OTHER_SECRET, SECRET, TS, key, nonce
from fixtures import verifying as packet_call
from packet import json_packet
from sending import OWN, Request, Verdicts, evidence

request_order = Subject(
    "request-order",
    "Requests: keys, age, callers, the nonce, and which check comes first (wire contract section 4)",
)
SUBJECTS = [request_order]
case = Verdicts(request_order, "§4")
passes, refuses = case.passes, case.refuses

GOLDEN = Request()
SIGNED = GOLDEN.sealed()

# Two faults at once: the earlier check decides.
# Each fault: its code, its name, what it makes of the request on its way, and what of the call.
FAULTS = (
    ("malformed_request", "no Host", lambda sent: sent.without("host"), {}),
    ("payload_too_large", "a body too large", None, {"body_limit": 12}),
    ("wrong_authority", "another server's", None, {"authorities": ["http://other:8200"]}),
    ("unknown_key", "a key that nobody has", None, {"keys": [key("gateway-2")]}),
    ("bad_signature", "another method", lambda sent: sent.changed(method="PUT"), {}),
    ("body_mismatch", "another body", lambda sent: sent.changed(body=b'{"cmd":"ran"}'), {}),
    ("expired", "too old", None, {"now": TS + 61}),
    ("caller_not_allowed", "a caller that may not", None, {"allow": ["heartbeat"]}),
)
for (code, first, alter, call), (_, second, alter_too, call_too) in combinations(FAULTS, 2):
    sent = SIGNED
    for change in (alter, alter_too):
        sent = change(sent) if change else sent
    refuses(code, f"{first}, and {second}", sent, **(call | call_too))
everything = SIGNED.changed(method="PUT", body=b'{"cmd":"ran"}')
refuses(
    "payload_too_large",
    "everything but a malformed request",
    everything,
    **{name: value for _, _, _, call in FAULTS for name, value in call.items()},
)
for code, status in (
    ("revoked_key", {"revoked": True}),
    ("inactive_key", {"not_after": NOW}),
    ("unknown_key", {"uses": ["packet"]}),
):
    keys = [key("gateway-1", **status)]
    refuses(code, f"{code}, and another method", SIGNED.changed(method="PUT"), keys=keys)
    refuses(code, f"{code}, and another body", SIGNED.changed(body=b"x"), keys=keys)
    refuses(code, f"{code}, and a caller that may not", SIGNED, keys=keys, allow=["heartbeat"])
    refuses(
        "wrong_authority",
        f"another server's, and {code}",
        SIGNED,
        keys=keys,
        authorities=["http://other:8200"],
    )
refuses("not_yet_valid", "from ahead, and a caller that may not", SIGNED, now=TS - 6, allow=["heartbeat"])
refuses("body_mismatch", "another body, and from ahead", SIGNED.changed(body=b"x"), now=TS - 6)
refuses("malformed_argument", "a max_age that is none, and no signature", GOLDEN, max_age=0)
refuses("malformed_argument", "a time that is none, and no signature", GOLDEN, now=-1)
refuses("malformed_key", "a key that is none, and no signature", GOLDEN, keys=[key("gate way")])

# Keys.
passes("the first second of a key", SIGNED, now=TS, keys=[key("gateway-1", not_before=TS)])
passes("the last second of a key", SIGNED, now=TS, keys=[key("gateway-1", not_after=TS + 1)])
refuses("inactive_key", "a second before a key", SIGNED, now=TS, keys=[key("gateway-1", not_before=TS + 1)])
refuses("inactive_key", "the end of a key", SIGNED, now=TS, keys=[key("gateway-1", not_after=TS)])
refuses("revoked_key", "a revoked key", SIGNED, keys=[key("gateway-1", revoked=True)])
refuses(
    "revoked_key",
    "a revoked key that is inactive, too",
    SIGNED,
    keys=[key("gateway-1", revoked=True, not_after=TS)],
)
refuses(
    "unknown_key",
    "a revoked key for something else",
    SIGNED,
    keys=[key("gateway-1", revoked=True, uses=["packet"])],
)
refuses("unknown_key", "no key", SIGNED, keys=[])
refuses("unknown_key", "a key of another id with the right secret", SIGNED, keys=[key("gateway-2")])
refuses("unknown_key", "an id in other letters", SIGNED, keys=[key("Gateway-1")])
refuses("unknown_key", "a key for packets alone", SIGNED, keys=[key("gateway-1", uses=["packet"])])
refuses("unknown_key", "a key for tokens", SIGNED, keys=[key("gateway-1", uses=["token"])])
refuses(
    "bad_signature",
    "a key of the right id with another secret",
    SIGNED,
    keys=[key("gateway-1", OTHER_SECRET)],
)
refuses(
    "bad_signature",
    "signed with the secret of another key in the ring",
    GOLDEN.sealed(secret=OTHER_SECRET),
    keys=[key("gateway-1"), key("gateway-2", OTHER_SECRET)],
)
passes("the right one of several keys", SIGNED, keys=[key("gateway-2", OTHER_SECRET), key("gateway-1")])
passes("a key for requests alone", SIGNED, keys=[key("gateway-1", uses=["request"])])
passes("a key for packets and requests", SIGNED, keys=[key("gateway-1", uses=["packet", "request"])])
passes("a key's owner", SIGNED, keys=[key("gateway-1", owner="gateway")], answer=evidence(owner="gateway"))
two = [key("gateway-1", owner="gateway"), key("gateway-2", OTHER_SECRET, owner="gateway")]
newer = GOLDEN.sealed(parameters=request.parameters(TS, NONCE, "gateway-2"), secret=OTHER_SECRET)
passes("two keys of one owner: the older", SIGNED, keys=two, answer=evidence(owner="gateway"))
passes("two keys of one owner: the newer", newer, keys=two, answer=evidence("gateway-2", "gateway"))

# Age.
for comment, now, call, code in (
    ("its very second", TS, {}, None),
    ("as old as it may be", TS + 60, {}, None),
    ("a second older", TS + 61, {}, "expired"),
    ("as far ahead as it may be", TS - 5, {}, None),
    ("a second further", TS - 6, {}, "not_yet_valid"),
    ("max_age 1", TS + 1, {"max_age": 1}, None),
    ("max_age 1, a second older", TS + 2, {"max_age": 1}, "expired"),
    ("max_age 3600", TS + 3600, {"max_age": 3600}, None),
    ("max_age 3600, a second older", TS + 3601, {"max_age": 3600}, "expired"),
    ("max_ahead 1", TS - 1, {"max_ahead": 1}, None),
    ("max_ahead 1, a second further", TS - 2, {"max_ahead": 1}, "not_yet_valid"),
    ("max_ahead 3600", TS - 3600, {"max_ahead": 3600}, None),
    ("max_ahead 3600, a second further", TS - 3601, {"max_ahead": 3600}, "not_yet_valid"),
    ("the end of time", LAST, {}, "expired"),
    ("the beginning of time", 0, {}, "not_yet_valid"),
):
    if code:
        refuses(code, comment, SIGNED, now=now, **call)
    else:
        passes(comment, SIGNED, now=now, **call)
for name in ("max_age", "max_ahead"):
    for value in (0, -1, 3601, 1.5, "60", True, [60]):
        refuses("malformed_argument", f"{name} {value!r}", SIGNED, **{name: value})
for now in (-1, NOW + 0.5, LAST + 1, str(NOW), True, [NOW], {"now": NOW}):
    refuses("malformed_argument", f"now {now!r}", SIGNED, now=now)

# Callers, by the owner of their key.
passes("an owner that is allowed", SIGNED, allow=["gateway-1"])
passes(
    "one of several",
    SIGNED,
    allow=["heartbeat", "gateway"],
    keys=[key("gateway-1", owner="gateway")],
    answer=evidence(owner="gateway"),
)
refuses("caller_not_allowed", "nobody is allowed", SIGNED, allow=[])
refuses(
    "caller_not_allowed",
    "the key's id is not its owner",
    SIGNED,
    allow=["gateway-1"],
    keys=[key("gateway-1", owner="gateway")],
)
refuses("caller_not_allowed", "an owner in other letters", SIGNED, allow=["Gateway-1"])
for allow in ("gateway-1", ["gate way"], [""], [5], {"gateway-1": True}, True):
    refuses("malformed_argument", f"allow {allow!r}", SIGNED, allow=allow)

# The nonce, claimed last and once.
case.section = "§5"


def new_guard(name, capacity, **options):
    request_order.ok(
        f"§5 guard {name}: capacity {capacity}",
        {"op": "guard.new", "name": f"request-{name}", "capacity": capacity, **options},
        {},
    )
    return {"guard": f"request-{name}"}


def numbered(number, ts=TS, kid="gateway-1", secret=SECRET, sent=GOLDEN):
    return sent.sealed(parameters=request.parameters(ts, nonce(number), kid), secret=secret)


def told(number, ts=TS, kid="gateway-1"):
    return {"answer": evidence(kid, ts=ts, nonce=nonce(number))}


once = new_guard("once", 100)
for code, comment, sent, call in (
    ("malformed_request", "no Host", SIGNED.without("host"), {}),
    ("payload_too_large", "a body too large", SIGNED, {"body_limit": 12}),
    ("wrong_authority", "another server's", SIGNED, {"authorities": ["http://other:8200"]}),
    ("unknown_key", "an unknown key", SIGNED, {"keys": []}),
    ("revoked_key", "a revoked key", SIGNED, {"keys": [key("gateway-1", revoked=True)]}),
    ("inactive_key", "an inactive key", SIGNED, {"keys": [key("gateway-1", not_after=TS)]}),
    ("bad_signature", "another path", SIGNED.changed(target="/"), {}),
    ("body_mismatch", "another body", SIGNED.changed(body=b"x"), {}),
    ("expired", "too old", SIGNED, {"now": TS + 61}),
    ("not_yet_valid", "from ahead", SIGNED, {"now": TS - 6}),
    ("caller_not_allowed", "a caller that may not", SIGNED, {"allow": []}),
):
    refuses(code, f"what is refused burns no nonce: {comment}", sent, **once, **call)
passes("the genuine request, after all of them", SIGNED, **once)
refuses("replayed", "the same again", SIGNED, "hostile", **once)
refuses(
    "replayed", "the same in absolute form", SIGNED.changed(target=OWN + SIGNED.target), "hostile", **once
)
refuses("replayed", "the same in pieces", SIGNED, **once, pieces=["eyJjbWQiOiJydW4ifQ"])
refuses(
    "replayed",
    "another request with the nonce of the first",
    Request("GET", OWN + "/y", headers=(), body=b"").sealed(),
    **once,
)
refuses(
    "body_mismatch",
    "the same again with another body: the body comes first",
    SIGNED.changed(body=b"x"),
    **once,
)
refuses("caller_not_allowed", "the same again from a caller that may not", SIGNED, **once, allow=[])
passes("another nonce", numbered(1), **once, **told(1))
passes("in pieces", numbered(2), **once, **told(2), pieces=["eyJjbWQi", "OiJydW4ifQ"])
refuses("replayed", "whole, what came in pieces", numbered(2), **once)
refuses("body_mismatch", "other pieces burn no nonce", numbered(3), **once, pieces=["eyJjbWQi"])
passes("the right ones do", numbered(3), **once, **told(3), pieces=["eyJjbWQi", "OiJydW4ifQ"])
passes(
    "the same nonce under another key is another",
    numbered(1, kid="gateway-2", secret=OTHER_SECRET),
    **once,
    **told(1, kid="gateway-2"),
    keys=[key("gateway-2", OTHER_SECRET)],
)
packet = json_packet(SECRET, "gateway-1", TS, nonce(1), "", "1")
request_order.ok(
    "§5 the same nonce in a packet under the same key is another",
    packet_call(packet, keys=[key("gateway-1")], context="", **once),
    {**evidence(nonce=nonce(1)), "payload_text": "1"},
)
refuses("replayed", "as long as it lives", numbered(1), **once, now=TS + 60)
refuses("expired", "no longer, and too old then", numbered(1), **once, now=TS + 121)

full = new_guard("full", 2)
passes("the first of two nonces, of which one owner may have one", numbered(1), **full, **told(1))
refuses("rate_limited", "a second of the same owner", numbered(2), **full)
refuses("replayed", "what it knows, it knows", numbered(1), **full)
other = {"keys": [key("gateway-2", OTHER_SECRET)]}
passes(
    "one of another owner",
    numbered(1, kid="gateway-2", secret=OTHER_SECRET),
    **full,
    **other,
    **told(1, kid="gateway-2"),
)
third = {"keys": [key("gateway-3", bytes(range(64, 96)))]}
refuses(
    "replay_guard_full",
    "one of a third owner",
    numbered(1, kid="gateway-3", secret=bytes(range(64, 96))),
    **full,
    **third,
)
later = TS + 121
passes("room again after ts + max_age + 60", numbered(2, later), **full, **told(2, later), now=later)

fenced = new_guard("fenced", 100, start=TS)
refuses("replay_guard_starting", "signed when the guard began", numbered(1), **fenced)
refuses("replay_guard_starting", "signed start + max_ahead", numbered(2, TS + 5), **fenced)
passes("signed a second later", numbered(3, TS + 6), **fenced, **told(3, TS + 6))
refuses("caller_not_allowed", "the caller comes before the fence", numbered(4), **fenced, allow=[])

scoped = new_guard("scoped", 100, scope="vaults")
passes("a guard with a scope", numbered(1), **scoped, **told(1))
refuses("replayed", "and the same again", numbered(1), **scoped)
refuses("malformed_argument", "a guard that nobody made", SIGNED, guard="request-none")
