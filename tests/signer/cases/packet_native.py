"""Packets given as the language's own parsed object: wire contract section 2, Native values. Only where every language must agree."""

from case import Subject
from fixtures import CONTEXT, LAST, NONCE, SECRET, TS, data_members, evidence, members, verifying
from packet import sign

native_values = Subject(
    "packet-native", "Packets as the language's own parsed values (wire contract section 2)"
)
SUBJECTS = [native_values]

GENUINE_DATA = data_members(b"\x00\xff\n")
PAYLOAD = '{"job":42}'
SIG = members({"job": 42})["sig"].strip('"')
PACKET = {"v": 1, "kid": "engine-7", "ts": TS, "nonce": NONCE, "payload": {"job": 42}, "sig": SIG}
PACKET_OF_BYTES = {name: value for name, value in PACKET.items() if name != "payload"} | {
    "data": "AP8K",
    "sig": GENUINE_DATA["sig"].strip('"'),
}


def given(**changed):
    return verifying(packet={name: value for name, value in (PACKET | changed).items() if value is not ...})


native_values.ok("§2 a packet of JSON", given(), evidence(PAYLOAD), "native")
native_values.ok(
    "§2 a packet of bytes", verifying(packet=PACKET_OF_BYTES), evidence(data=b"\x00\xff\n"), "native"
)
for comment, changed in [
    ("nonce as an array", {"nonce": [NONCE]}),
    ("nonce of numbers", {"nonce": list(range(16))}),
    ("ts as text", {"ts": str(TS)}),
    ("ts with a fraction", {"ts": TS + 0.5}),
    ("ts negative", {"ts": -1}),
    ("ts beyond the last", {"ts": LAST + 1}),
    ("ts true", {"ts": True}),
    ("ts null", {"ts": None}),
    ("v true, which is 1 in Python", {"v": True}),
    ("v as text", {"v": "1"}),
    ("v as a fraction", {"v": 1.5}),
    ("v as an array", {"v": [1]}),
    ("kid as an array", {"kid": ["engine-7"]}),
    ("kid of 65 characters", {"kid": "k" * 65}),
    ("sig as an array", {"sig": [SIG]}),
    ("sig null", {"sig": None}),
    ("data in place of payload, as an array", {"payload": ..., "data": [0, 255, 10]}),
    ("payload and data", {"data": "AA"}),
    ("a member more", {"owner": "engine-7"}),
    ("the member __proto__", {"__proto__": {}}),
    ("without payload", {"payload": ...}),
    ("without sig", {"sig": ...}),
    ("without v", {"v": ...}),
]:
    native_values.refused(f"§2 {comment}", given(**changed), "malformed_packet", "native", "hostile")
for version in (2, 0, -1):
    native_values.refused(f"§2 v is {version}", given(v=version), "unsupported_version", "native")
native_values.refused(
    "§2 v is 2 and the nonce an array", given(v=2, nonce=[NONCE]), "unsupported_version", "native"
)
for comment, value in [
    ("a number", 5),
    ("an array", []),
    ("an array of the packet", [PACKET]),
    ("true", True),
    ("null", None),
]:
    native_values.refused(
        f"§2 {comment} in place of a packet", verifying(packet=value), "malformed_packet", "native"
    )

deepest = []
for _ in range(63):
    deepest = [deepest]
genuine = sign(SECRET, "engine-7", TS, NONCE, CONTEXT, "json", "[" * 64 + "]" * 64)
native_values.ok("§2 depth 64", given(payload=deepest, sig=genuine), evidence("[" * 64 + "]" * 64), "native")
native_values.refused("§2 depth 65", given(payload=[deepest], sig=genuine), "malformed_payload", "native")
native_values.refused(
    "§2 depth 65 and v is 2", given(payload=[deepest], v=2), "unsupported_version", "native"
)
native_values.refused(
    "§2 a bad kid before a payload of depth 65",
    given(kid="", payload=[deepest]),
    "malformed_packet",
    "native",
)
native_values.refused(
    "§2 a bad sig after a payload of depth 65",
    given(payload=[deepest], sig=""),
    "malformed_payload",
    "native",
)
native_values.refused("§2 a payload changed", given(payload={"job": 43}), "bad_signature", "native")
