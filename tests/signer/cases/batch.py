"""packet.verify_batch: every packet is judged by itself and in order. Wire contract sections 4 and 5."""

from case import Subject
from errors import ERRORS
from fixtures import (
    CONTEXT,
    NOW,
    OTHER_SECRET,
    TS,
    assembled,
    evidence,
    key,
    members,
    nonce,
    sealed,
    sealed_bytes,
)
from text import nested

batch = Subject("batch", "Verifying many packets at once (wire contract sections 4 and 5)")
SUBJECTS = [batch]

KEYS = [key(), key("engine-8", OTHER_SECRET, owner="beta"), key("engine-9", bytes(32), revoked=True)]


def call(*packets, **changed):
    return {
        "op": "packet.verify_batch",
        "keys": KEYS,
        "packets": list(packets),
        "context": CONTEXT,
        "now": NOW,
    } | changed


def good(payload_text, number, **parts):
    """A genuine packet and its result."""
    given = {"nonce": nonce(number)} | parts
    return sealed(text=payload_text, **given), {"ok": evidence(payload_text, nonce=nonce(number))}


def error(code):
    return {"error": ERRORS[code]}


def judged(comment, pairs, **changed):
    packets, results = zip(*pairs, strict=True) if pairs else ((), ())
    batch.ok(comment, call(*packets, **changed), {"results": list(results)})


one, two, three = good("1", 1), good("2", 2), good("3", 3)
beta = (
    sealed(text="4", kid="engine-8", secret=OTHER_SECRET, nonce=nonce(4)),
    {"ok": evidence("4", key_id="engine-8", owner="beta", nonce=nonce(4))},
)
raw = sealed_bytes(b"\x00\xff", nonce=nonce(5)), {"ok": evidence(data=b"\x00\xff", nonce=nonce(5))}

judged("§4 no packet", [])
judged("§4 one packet", [one])
judged("§4 several packets, of several keys and kinds, in order", [one, two, beta, raw, three])
judged("§5 a packet twice: the second is a replay", [one, two, (one[0], error("replayed")), three])
judged("§5 a packet three times", [one, (one[0], error("replayed")), (one[0], error("replayed"))])
forged = assembled(members(1, nonce=nonce(1)) | {"payload": "9"})
judged("§4 a forged packet in the middle burns no nonce", [(forged, error("bad_signature")), one, two])
judged(
    "§4 a forged packet behind the genuine one is forged, not replayed",
    [one, (forged, error("bad_signature"))],
)
bad = [
    (sealed(text="1", nonce=nonce(6), ts=NOW - 61), error("expired")),
    (sealed(text="1", nonce=nonce(7), ts=NOW + 6), error("not_yet_valid")),
    (sealed(text="1", nonce=nonce(8), context=""), error("bad_signature")),
    (sealed(text="1", nonce=nonce(9), kid="engine-7x"), error("unknown_key")),
    (sealed(text="1", nonce=nonce(10), kid="engine-9", secret=bytes(32)), error("revoked_key")),
    (assembled(members(1) | {"payload": "tru"}), error("malformed_payload")),
    (assembled(members(1) | {"nonce": '["AAECAwQFBgcICQoLDA0ODw"]'}), error("malformed_packet")),
    (assembled(members(1) | {"v": "2"}), error("unsupported_version")),
    (assembled(members(1) | {"payload": nested(100_000)}), error("malformed_payload")),
    ("", error("malformed_packet")),
    ("null", error("malformed_packet")),
]
for pair in bad:
    judged(f"§4 {pair[1]['error']['code']} in the middle: {bad.index(pair) + 1}", [one, pair, two])
judged("§4 every refusal, then a genuine packet", [*bad, one])
judged("§4 a thousand packets", [good(str(number), number) for number in range(1000)])

for comment, changed in [
    ("a bad context", {"context": "\n"}),
    ("now with a fraction", {"now": NOW + 0.5}),
    ("now as text", {"now": str(TS)}),
    ("a guard that does not exist", {"guard": "batch-none"}),
]:
    batch.refused(f"§4 {comment} refuses the whole call", call(one[0], **changed), "malformed_argument")
batch.refused("§4 a bad context, and no packets", call(context="\n"), "malformed_argument")
batch.refused("§1 a key that cannot be built", call(one[0], keys=[key(secret="hex:00")]), "weak_secret")

# A guard of its own, shared with the other calls.
guarded = {"guard": "batch-guard"}
batch.ok("§5 a guard", {"op": "guard.new", "name": "batch-guard", "capacity": 6}, {})
judged("§5 fresh in the guard", [one, two], **guarded)
judged(
    "§5 replayed from the batch before",
    [(one[0], error("replayed")), three, (two[0], error("replayed"))],
    **guarded,
)
judged(
    "§5 half of six for one owner: the fourth is refused, another owner's passes",
    [(good("6", 11)[0], error("rate_limited")), beta],
    **guarded,
)
