"""The order of verification: wire contract section 4. Signature, context, time, owner, sizes; and every pair of failures."""

from case import Subject
from fixtures import (
    LAST,
    NONCE,
    NOW,
    OTHER_SECRET,
    SECRET,
    TS,
    assembled,
    evidence,
    key,
    members,
    sealed,
    sealed_bytes,
    verifying,
)
from packet import sign

order = Subject(
    "packet-order", "Signature, time, owner and the order of the checks (wire contract section 4)"
)
SUBJECTS = [order]

PAYLOAD = '{"job":42}'
GENUINE = members({"job": 42})
WRITTEN = assembled(GENUINE)
FORGED = assembled(GENUINE | {"payload": '{"job":43}'})


def passes(comment, text, *, answer=None, **call):
    order.ok(comment, verifying(text, **call), answer or evidence(PAYLOAD))


def refused(code, comment, text=WRITTEN, *flags, **call):
    order.refused(comment, verifying(text, **call), code, *flags)


def stale(**changed):
    """A genuine packet of 61 seconds ago."""
    return assembled(members({"job": 42}, ts=NOW - 61) | changed)


# Check 4: whatever was signed has changed.
def flipped(bit):
    """The genuine signature with one bit flipped."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    sig = GENUINE["sig"].strip('"')
    at, weight = bit // 6, 32 >> bit % 6
    return f'"{sig[:at]}{alphabet[alphabet.index(sig[at]) ^ weight]}{sig[at + 1 :]}"'


for bit in (0, 7, 127, 128, 248, 255):
    refused("bad_signature", f"§4 signature: bit {bit} flipped", assembled(GENUINE | {"sig": flipped(bit)}))
refused("bad_signature", "§4 signature of zeros", assembled(GENUINE | {"sig": '"' + "A" * 43 + '"'}))
swapped = GENUINE["sig"].swapcase()
refused(
    "bad_signature",
    "§4 signature in the other case",
    assembled(GENUINE | {"sig": swapped[:-2] + GENUINE["sig"][-2:]}),
)
refused("bad_signature", "§4 payload changed", FORGED)
refused("bad_signature", "§4 payload: a number for text", assembled(GENUINE | {"payload": '{"job":"42"}'}))
refused("bad_signature", "§4 payload: a member added", assembled(GENUINE | {"payload": '{"job":42,"x":1}'}))
refused("bad_signature", "§4 payload: null", assembled(GENUINE | {"payload": "null"}))
refused("bad_signature", "§4 ts a second later", assembled(GENUINE | {"ts": str(TS + 1)}))
refused("bad_signature", "§4 nonce changed", assembled(GENUINE | {"nonce": '"BAECAwQFBgcICQoLDA0ODw"'}))
two = [key(), key("engine-8")]
refused(
    "bad_signature",
    "§4 kid changed to a key of the same secret",
    assembled(GENUINE | {"kid": '"engine-8"'}),
    keys=two,
)
refused("bad_signature", "§4 another secret", keys=[key(secret=OTHER_SECRET)])
sig = sign(SECRET, "engine-7", TS, NONCE, "engine_status", "bytes", PAYLOAD.encode())
refused(
    "bad_signature",
    "§2 the kind is signed: bytes passed off as JSON",
    assembled(GENUINE | {"sig": f'"{sig}"'}),
)
resealed = sealed_bytes(PAYLOAD.encode())
refused(
    "bad_signature",
    "§2 the kind is signed: JSON passed off as bytes",
    resealed[: resealed.index(',"sig"')] + f',"sig":{GENUINE["sig"]}}}',
)

# Contexts.
for context in (
    "",
    "engine_statu",
    "engine_status ",
    "Engine_status",
    "engine_status2",
    "hub>engine-7:engine_status@x",
):
    refused("bad_signature", f"§2 a packet of one context in the context {context!r}", context=context)
refused("bad_signature", "§2 a packet of the empty context in another", sealed({"job": 42}, context=""))
out = sealed({"job": 42}, context="engine-7>hub:status@S")
passes("§2 a packet in its own direction", out, context="engine-7>hub:status@S")
refused(
    "bad_signature", "§2 a packet reflected to its sender", out, "hostile", context="hub>engine-7:status@S"
)

# Shifted boundaries: what concatenated signing inputs could not tell apart.
shifting = [key("e"), key("e1"), key("e170")]
passes(
    "§2 before the shift",
    sealed(12, kid="e", ts=1708167234),
    keys=shifting,
    answer=evidence("12", key_id="e"),
)
moved = members(12, kid="e", ts=1708167234)
refused(
    "bad_signature",
    "§2 a digit moved from ts to kid",
    assembled(moved | {"kid": '"e1"', "ts": "708167234"}),
    "hostile",
    keys=shifting,
    now=708167234,
)
refused(
    "bad_signature",
    "§2 three digits moved from ts to kid",
    assembled(moved | {"kid": '"e170"', "ts": "8167234"}),
    "hostile",
    keys=shifting,
    now=8167234,
)
zeros = "A" * 22
moved = members(12, nonce=zeros, context="engine")
refused(
    "bad_signature",
    "§2 a digit moved from ts to the nonce, and a character from there to the context",
    assembled(moved | {"ts": "170816723", "nonce": f'"4{zeros[:21]}"'}),
    "hostile",
    context="Aengine",
    now=170816723,
)
refused(
    "malformed_packet",
    "§2 the last character of the nonce moved into ts, which once made NaN",
    assembled(GENUINE | {"ts": f"{TS}w", "nonce": f'"{NONCE[:21]}"'}),
    "hostile",
)
moved = members(12, nonce="34" + zeros[:20])
refused(
    "bad_signature",
    "§2 payload 12 before 34 against payload 1 before 234",
    assembled(moved | {"payload": "1", "nonce": f'"234{zeros[:19]}"'}),
    "hostile",
)
refused(
    "malformed_argument",
    "§2 LF cannot enter a context",
    sealed(12, context="a"),
    "hostile",
    context="a\njson\n12",
)
refused(
    "bad_signature",
    "§2 a context that ends with the kind",
    sealed(12, context="x"),
    "hostile",
    context="xjson",
)
inner = sealed_bytes(b"json\n12", context="x")
refused(
    "bad_signature",
    "§2 a body that begins with a kind",
    assembled(members(12, context="x") | {"sig": inner[-46:-1]}),
    "hostile",
    context="x",
)

# Check 6: now - ts <= max_age and ts - now <= max_ahead.
passes("§4 age 0", WRITTEN, now=TS)
passes("§4 age 60", WRITTEN, now=TS + 60)
refused("expired", "§4 age 61", now=TS + 61)
refused("expired", "§4 age of a year", now=TS + 31_536_000)
refused("expired", "§4 verified at the last time", now=LAST)
passes("§4 5 ahead", WRITTEN, now=TS - 5)
refused("not_yet_valid", "§4 6 ahead", now=TS - 6)
refused("not_yet_valid", "§4 verified at time 0", now=0)
for max_age in (1, 60, 3600):
    passes(f"§4 max_age {max_age}, inside", WRITTEN, now=TS + max_age, max_age=max_age)
    refused("expired", f"§4 max_age {max_age}, outside", now=TS + max_age + 1, max_age=max_age)
for max_ahead in (1, 5, 3600):
    passes(f"§4 max_ahead {max_ahead}, inside", WRITTEN, now=TS - max_ahead, max_ahead=max_ahead)
    refused(
        "not_yet_valid", f"§4 max_ahead {max_ahead}, outside", now=TS - max_ahead - 1, max_ahead=max_ahead
    )
for option in ("max_age", "max_ahead"):
    for value in (0, 3601, -1, 1.5, "60", True, [60], 10**20):
        refused("malformed_argument", f"§4 {option} {value!r}", **{option: value})
for value in (TS + 0.5, str(NOW), True, [NOW], -1, LAST + 1, 10**18):
    refused("malformed_argument", f"§4 now {value!r}", now=value)

# Check 7: the key's owner, not its id.
owned = [key(owner="alpha")]
answer = evidence(PAYLOAD, owner="alpha")
passes("§1 the owner is its id by default", WRITTEN, allow=["engine-7"])
passes("§4 the owner is allowed", WRITTEN, keys=owned, allow=["alpha"], answer=answer)
passes(
    "§4 the owner is one of those allowed",
    assembled(GENUINE),
    keys=owned,
    allow=["beta", "alpha"],
    answer=answer,
)
passes("§4 no list: any owner", WRITTEN, keys=owned, answer=answer)
refused("caller_not_allowed", "§4 the key's id is no owner", keys=owned, allow=["engine-7"])
refused("caller_not_allowed", "§4 another owner", allow=["engine-8"])
refused("caller_not_allowed", "§4 owners compare exactly", keys=owned, allow=["Alpha", "alph", "alpha2"])
refused("caller_not_allowed", "§4 an empty list allows nobody", allow=[])
for value in (["a b"], [""], ["a" * 65], ["alpha", "\u00e9"], "engine-7", [5], {"engine-7": True}):
    refused("malformed_argument", f"§1 allow {value!r}", allow=value)

# Each check before those that follow it.
REVOKED = [key(revoked=True)]
INACTIVE = [key(not_after=NOW)]
malformed = assembled(GENUINE | {"sig": '""'})
refused("malformed_packet", "§4 1 before 3: malformed, no such key", malformed, keys=[])
refused("malformed_packet", "§4 1 before 3: malformed, revoked", malformed, keys=REVOKED)
refused(
    "malformed_payload",
    "§4 1 before 3: a malformed payload, no such key",
    assembled(GENUINE | {"payload": "tru"}),
    keys=[],
)
refused("unknown_key", "§4 check 3: no key at all", keys=[])
refused("unknown_key", "§4 check 3: another key", keys=[key("engine-8")])
refused("unknown_key", "§4 check 3: ids compare exactly", keys=[key("Engine-7")])
refused("unknown_key", "§4 check 3: an id that begins alike", keys=[key("engine-70"), key("engine-")])
for uses in (["token"], ["request"], ["derive"], ["join"], ["profile:github"]):
    refused("unknown_key", f"§1 check 3: a key for {uses[0]}", keys=[key(uses=uses)])
for uses in (["packet"], ["packet", "request"], ["request", "packet"]):
    passes(f"§1 check 3: a key for {' and '.join(uses)}", WRITTEN, keys=[key(uses=uses)])
refused("unknown_key", "§4 check 3: use before revocation", keys=[key(uses=["token"], revoked=True)])
refused("unknown_key", "§4 check 3: use before window", keys=[key(uses=["request"], not_after=NOW)])
refused("revoked_key", "§4 check 3: revoked", keys=REVOKED)
refused("revoked_key", "§4 check 3: revocation before window", keys=[key(revoked=True, not_after=NOW)])
for comment, options in [
    ("at not_before", {"not_before": NOW}),
    ("one second before not_after", {"not_after": NOW + 1}),
    ("in a window of one second", {"not_before": NOW, "not_after": NOW + 1}),
    ("in a window from 0 to the last time", {"not_before": 0, "not_after": LAST}),
    ("signed before not_before", {"not_before": TS + 1}),
]:
    passes(f"§1 active {comment}", WRITTEN, keys=[key(**options)])
for comment, options in [
    ("one second before not_before", {"not_before": NOW + 1}),
    ("at not_after", {"not_after": NOW}),
]:
    refused("inactive_key", f"§1 inactive {comment}", keys=[key(**options)])
refused("unknown_key", "§4 3 before 4: no such key, forged", FORGED, keys=[])
refused("revoked_key", "§4 3 before 4: revoked, forged", FORGED, keys=REVOKED)
refused("inactive_key", "§4 3 before 4: inactive, forged", FORGED, keys=INACTIVE)
refused("inactive_key", "§4 3 before 6: inactive, expired", stale(), keys=INACTIVE)
refused("revoked_key", "§4 3 before 7: revoked, not allowed", keys=REVOKED, allow=[])
refused("bad_signature", "§4 4 before 6: forged, expired", stale(payload='{"job":43}'))
refused("bad_signature", "§4 4 before 6: forged, ahead", FORGED, now=TS - 6)
refused("bad_signature", "§4 4 before 7: forged, not allowed", FORGED, allow=[])
refused("expired", "§4 6 before 7: expired, not allowed", stale(), allow=[])
refused("not_yet_valid", "§4 6 before 7: ahead, not allowed", now=TS - 6, allow=[])
refused("malformed_argument", "§4 an argument before check 1", "", max_age=0)
refused("malformed_argument", "§4 an argument before check 3", keys=[], context="\n")

# Several keys in a ring.
ring = [key("engine-6", OTHER_SECRET), key(), key("engine-8", owner="engine-7")]
passes("§4 the key that kid names", WRITTEN, keys=ring)
rotated = evidence(PAYLOAD, key_id="engine-8", owner="engine-7")
passes(
    "§4 a key of another id and the same owner",
    sealed({"job": 42}, kid="engine-8"),
    keys=ring,
    answer=rotated,
)
refused("bad_signature", "§4 no other key is tried", keys=[key(secret=OTHER_SECRET), key("engine-8")])
