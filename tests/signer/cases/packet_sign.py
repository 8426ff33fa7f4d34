"""Signing packets: wire contract sections 1, 2 and 4."""

from case import Subject
from fixtures import (
    BAD_CONTEXTS,
    BAD_NONCES,
    LAST,
    MIB,
    NONCE,
    TS,
    canonical_text,
    key,
    sealed,
    sealed_bytes,
    sealed_zeros,
    signing,
)
from packet import b64url
from text import concat, nested, repeat

sign = Subject("packet-sign", "Signing packets (wire contract sections 1, 2 and 4)")
SUBJECTS = [sign]


def signs(comment, payload_text, *flags, canonical=None, **parts):
    """`canonical` is the RFC 8785 form where Python's own JSON reader could not tell it."""
    canonical = canonical_text(payload_text) if canonical is None else canonical
    call = {"key": key(parts["kid"])} if "kid" in parts else {}
    names = {"context": "context", "ts": "now", "nonce": "nonce"}
    call |= {names[name]: value for name, value in parts.items() if name in names}
    sign.ok(comment, signing(payload_text, **call), {"packet_text": sealed(text=canonical, **parts)}, *flags)


def signs_native(comment, payload):
    sign.ok(comment, signing(payload=payload), {"packet_text": sealed(payload)}, "native")


# Section 2: every kind of payload, each given as text and as the language's own value.
for comment, payload_text, payload in [
    ("null", "null", None),
    ("true", "true", True),
    ("false", "false", False),
    ("zero", "0", 0),
    ("an integer", "-42", -42),
    ("the largest safe integer", "9007199254740991", 9007199254740991),
    ("a fraction", "0.1", 0.1),
    ("empty text", '""', ""),
    ("text", '"caf\u00e9 \u20ac \U0001f600"', "caf\u00e9 \u20ac \U0001f600"),
    ("an empty array", "[]", []),
    ("an empty object", "{}", {}),
    (
        "an object, its names to be sorted",
        '{"b":[1,{"z":null,"y":"x"}],"a":true}',
        {"b": [1, {"z": None, "y": "x"}], "a": True},
    ),
]:
    signs(f"§2 a payload: {comment}", payload_text)
    signs_native(f"§2 a native payload: {comment}", payload)

signs_native(
    "§2 native: small and large numbers in ECMAScript's layout", [1e21, 1e-7, 1.5, 123456789.125, 5e-324]
)
signs_native("§2 native: text that must be escaped", '"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028\uffff\ufeff')
signs_native(
    "§2 native: names sort by UTF-16 code units", {"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "1": 4, "\r": 5}
)
signs_native(
    "§2 native: names that JavaScript treats in its own way",
    {"b": 1, "10": 2, "9": 3, "constructor": 4, "toString": 5},
)
signs_native("§2 native: the member __proto__ is a member like any other", {"__proto__": {"a": 1}, "b": 2})
deepest = []
for _ in range(63):
    deepest = [deepest]
signs_native("§2 native: depth 64", deepest)
sign.refused("§2 native: depth 65", signing(payload=[deepest]), "malformed_payload", "native")

signs("§2 white space is not signed", ' \t\r\n{ "b" : [ 1 , 2 ] , "a" : { } } \n')
signs("§2 the member __proto__ is a member like any other", '{"__proto__":{"a":1},"b":2}', "hostile")
signs("§2 45.0 is written 45, where peers disagreed", "45.0", "hostile")
signs("§2 1e-07 is written 1e-7", "1e-07", "hostile")
signs("§2 escapes are written raw where RFC 8785 does", '"\\u00e9\\u20AC\\ud83d\\ude00\\/"', "hostile")
signs("§2 a noncharacter is text", '"\uffff\\uffff\\ufdd0"')
signs(
    "§2 a number with fraction beyond 2^53 is rounded to the nearest double",
    "9007199254740993.0",
    canonical="9007199254740992",
)
signs("§2 an integer beyond 2^53 in RFC 8785 form", "12345678901234567000")
sign.refused("§2 2^53+1 would be rounded", signing("9007199254740993"), "malformed_payload", "hostile")
signs("§2 depth 64", nested(64), canonical=nested(64))
sign.refused("§2 depth 65", signing(nested(65)), "malformed_payload")
sign.refused("§2 depth 100,000", signing(nested(100_000)), "malformed_payload", "hostile")
sign.refused(
    "§2 100,000 objects deep, never closed", signing(repeat('{"a":', 100_000)), "malformed_payload", "hostile"
)

for comment, payload_text in [
    ("nothing", ""),
    ("white space alone", " \n"),
    ("two values", "1 2"),
    ("a trailing comma", "[1,]"),
    ("BOM", "\ufeff1"),
    ("a member twice", '{"a":1,"a":1}'),
    ("a member twice, once escaped", '{"a":1,"\\u0061":2}'),
    ("a member twice at depth", '[[{"x":{"a":1,"b":2,"a":3}}]]'),
    ("a lone high surrogate", '"\\ud800"'),
    ("a lone low surrogate as a name", '{"\\udc00":1}'),
    ("NaN", "NaN"),
    ("a number that overflows", "1e400"),
    ("a raw control character", '"\x01"'),
    ("a single quote", "'a'"),
]:
    sign.refused(f"§2 a payload text that is {comment}", signing(payload_text), "malformed_payload")

# Raw bytes.
for comment, data in [
    ("empty", b""),
    ("one byte", b"\0"),
    ("every byte", bytes(range(256))),
    ("text that is JSON", b'{"a":1}'),
]:
    call = signing(data=b64url(data))
    sign.ok(f"§2 raw bytes: {comment}", call, {"packet_text": sealed_bytes(data)})

# Section 1: key id, time, nonce, context.
signs("§1 key id of one character", "1", kid="a")
signs("§1 key id of 64 characters", "1", kid="k" * 64)
signs("§1 key id of every kind of character", "1", kid="AZaz09._~-")
signs("§1 time 0", "1", ts=0)
signs("§1 the last time", "1", ts=LAST)
signs("§1 empty context", "1", context="")
signs("§1 context of 256 bytes", "1", context="c" * 256)
signs("§1 context of every printable character", "1", context="".join(map(chr, range(0x20, 0x7F))))
signs("§1 context of one space, not trimmed", "1", context=" ")
signs("§1 nonce of zeros", "1", nonce="A" * 22)
signs("§1 nonce of ones, in the alphabet of base64url", "1", nonce="_" * 21 + "w")
signs("§1 nonce with both signs of base64url", "1", nonce="-_" * 10 + "-Q")

for comment, value in [
    ("before 1970", -1),
    ("beyond the last second", LAST + 1),
    ("beyond 2^53", 10**18),
    ("of half a second", TS + 0.5),
    ("as text", str(TS)),
    ("as a truth value", True),
    ("as an array", [TS]),
]:
    sign.refused(f"§4 now {comment}", signing("1", now=value), "malformed_argument")

for comment, value in BAD_CONTEXTS:
    sign.refused(f"§1 context {comment}", signing("1", context=value), "malformed_argument")
missing = signing("1")
del missing["context"]
sign.refused("§1 context is a required argument", missing, "malformed_argument")

for comment, value in [*BAD_NONCES, ("as an array", [NONCE]), ("as a number", 5)]:
    sign.refused(f"§1 nonce {comment}", signing("1", nonce=value), "malformed_argument")

# Section 1: the key's window, revocation and uses.
window = key(not_before=TS, not_after=TS + 10)
for comment, now in [("its first second", TS), ("its last second", TS + 9)]:
    sign.ok(
        f"§1 an active key in {comment}",
        signing("1", key=window, now=now),
        {"packet_text": sealed(text="1", ts=now)},
    )
sign.refused("§1 a key one second too early", signing("1", key=window, now=TS - 1), "inactive_key")
sign.refused("§1 a key at not_after", signing("1", key=window, now=TS + 10), "inactive_key")
sign.refused("§4 a revoked key", signing("1", key=key(revoked=True)), "revoked_key")
sign.ok(
    "§4 a key that is not revoked", signing("1", key=key(revoked=False)), {"packet_text": sealed(text="1")}
)
sign.refused(
    "§4 a key revoked and inactive", signing("1", key=key(revoked=True, not_after=TS)), "revoked_key"
)
for uses in (["token"], ["request"], ["derive"], ["join"], ["profile:github"]):
    sign.refused(
        f"§1 a key for {uses[0]} signs no packet", signing("1", key=key(uses=uses)), "malformed_argument"
    )
for uses in (["packet"], ["packet", "request"], ["request", "packet"]):
    sign.ok(
        f"§1 a key for {' and '.join(uses)}",
        signing("1", key=key(uses=uses)),
        {"packet_text": sealed(text="1")},
    )
sign.ok("§1 the owner is not sent", signing("1", key=key(owner="alpha")), {"packet_text": sealed(text="1")})

# Section 4: arguments before the payload, the payload before the key's status.
sign.refused("§4 a bad nonce and a bad payload", signing("[", nonce="x"), "malformed_argument")
sign.refused(
    "§4 a bad context and a revoked key",
    signing("1", context="\n", key=key(revoked=True)),
    "malformed_argument",
)
sign.refused(
    "§4 a key for tokens and a bad payload", signing("[", key=key(uses=["token"])), "malformed_argument"
)

# Section 1: the body limit of 1 MiB, over the body as signed.
full = concat('"', repeat("a", MIB - 2), '"')
signs("§1 a JSON body of 1 MiB", full, "large", canonical=full)
over = concat('"', repeat("a", MIB - 1), '"')
sign.refused("§1 a JSON body of 1 MiB and a byte", signing(over), "payload_too_large", "large")
sign.refused(
    "§1 a JSON payload of 10 MiB",
    signing(concat('"', repeat("a", 10 * MIB), '"')),
    "payload_too_large",
    "large",
)
sign.refused(
    "§1 a short text whose RFC 8785 form is over the limit",
    signing(concat("[", repeat("1e20,", 60_000), "0]")),
    "payload_too_large",
)
signs(
    "§1 a long text whose RFC 8785 form is within the limit",
    concat('"', repeat("\\u0061", 200_000), '"'),
    "large",
    canonical=concat('"', repeat("a", 200_000), '"'),
)
packet_text, encoded = sealed_zeros(MIB)
sign.ok("§1 raw bytes: 1 MiB", signing(data=encoded), {"packet_text": packet_text}, "large")
_, encoded = sealed_zeros(MIB + 1)
sign.refused("§1 raw bytes: 1 MiB and a byte", signing(data=encoded), "payload_too_large", "large")
