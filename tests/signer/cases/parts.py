"""Packets as parts: the caller carries key id, ts, nonce and signature in a form of its own. Wire contract sections 1, 2 and 4."""

from case import Subject
from fixtures import (
    BAD_CONTEXTS,
    BAD_NONCES,
    CONTEXT,
    LAST,
    MIB,
    NONCE,
    NOW,
    OTHER_SECRET,
    SECRET,
    TS,
    evidence,
    key,
)
from packet import b64url, sign
from text import concat, repeat

parts = Subject(
    "parts", "Signing and verifying parts: no way around a check (wire contract sections 1, 2 and 4)"
)
SUBJECTS = [parts]

JOB = b'{"job":42}'


def body_of(body):
    return b64url(body) if isinstance(body, bytes) else body


def signing(body=JOB, kind="json", **call):
    given = {
        "op": "parts.sign",
        "key": key(),
        "kind": kind,
        "body": body_of(body),
        "context": CONTEXT,
        "ts": TS,
        "nonce": NONCE,
    }
    return given | call


def sig(body=JOB, kind="json", secret=SECRET, kid="engine-7", ts=TS, nonce=NONCE, context=CONTEXT):
    return sign(secret, kid, ts, nonce, context, kind, body)


def verifying(body=JOB, kind="json", **call):
    given = {
        "op": "parts.verify",
        "keys": [key()],
        "key_id": "engine-7",
        "kind": kind,
        "body": body_of(body),
        "context": CONTEXT,
    }
    given |= {"ts": TS, "nonce": NONCE, "now": NOW}
    if isinstance(body, bytes):
        given["sig"] = sig(body, kind)
    return given | call


# Both kinds, both ways.
for comment, body in [
    ("an object", JOB),
    ("null", b"null"),
    ("text beyond ASCII", '"caf\u00e9 \u20ac \U0001f600"'.encode()),
    ("a number", b"1e+21"),
    ("an integer beyond 2^53", b"12345678901234567000"),
    ("depth 64", b"[" * 64 + b"]" * 64),
]:
    parts.ok(f"§2 JSON, signed: {comment}", signing(body), {"sig": sig(body)})
    parts.ok(f"§2 JSON, verified: {comment}", verifying(body), evidence(body.decode()))
for comment, body in [
    ("empty", b""),
    ("every byte", bytes(range(256))),
    ("JSON", JOB),
    ("no UTF-8", b"\xff\n"),
    ("LF", b"\njson\n"),
]:
    parts.ok(f"§2 bytes, signed: {comment}", signing(body, "bytes"), {"sig": sig(body, "bytes")})
    parts.ok(f"§2 bytes, verified: {comment}", verifying(body, "bytes"), evidence(data=body))

# A JSON body is taken in its RFC 8785 form alone.
for comment, body in [
    ("empty", b""),
    ("white space before", b" 1"),
    ("white space behind", b"1\n"),
    ("white space within", b'{"job": 42}'),
    ("names out of order", b'{"b":1,"a":2}'),
    ("a fraction of zero", b"1.0"),
    ("an exponent", b"1e2"),
    ("e21 without plus", b"1e21"),
    ("minus zero", b"-0"),
    ("an escape that is not needed", b'"\\u0041"'),
    ("an escaped slash", b'"\\/"'),
    ("an escape in upper-case hex", b'"\\u000F"'),
    ("a letter escaped", b'"\\u00e9"'),
    ("a member twice", b'{"a":1,"a":1}'),
    ("an integer beyond 2^53", b"9007199254740993"),
    ("a number that overflows", b"1e+400"),
    ("a lone surrogate", b'"\\ud800"'),
    ("BOM", b"\xef\xbb\xbf1"),
    ("invalid UTF-8", b'"\xff"'),
    ("an encoded surrogate", b'"\xed\xa0\x80"'),
    ("depth 65", b"[" * 65 + b"]" * 65),
    ("NaN", b"NaN"),
    ("two values", b"1 2"),
    ("never closed", b"[1"),
]:
    parts.refused(f"§2 JSON, signed: {comment}", signing(body), "malformed_payload")
    parts.refused(f"§2 JSON, verified: {comment}", verifying(body), "malformed_payload")
deep = repeat(b64url(b"[" * 3), 33_333)
parts.refused("§2 JSON, signed: 99,999 deep, never closed", signing(deep), "malformed_payload", "hostile")
parts.refused(
    "§2 JSON, verified: 99,999 deep, never closed", verifying(deep, sig=sig()), "malformed_payload", "hostile"
)

# Kind and context are the caller's own arguments.
for value in ("", "JSON", "Json", "text", "json ", "bytes\n", "data", 5, ["json"], True):
    parts.refused(f"§2 kind {value!r}, signed", signing(kind=value), "malformed_argument")
    parts.refused(f"§2 kind {value!r}, verified", verifying() | {"kind": value}, "malformed_argument")
for comment, value in BAD_CONTEXTS:
    parts.refused(f"§1 context {comment}, signed", signing(context=value), "malformed_argument")
    parts.refused(f"§1 context {comment}, verified", verifying(context=value), "malformed_argument")
for call in (signing(), verifying()):
    del call["context"]
    parts.refused(f"§1 context is a required argument: {call['op']}", call, "malformed_argument")
for context in ("", "c" * 256):
    parts.ok(
        f"§1 context of {len(context)} bytes, signed", signing(context=context), {"sig": sig(context=context)}
    )
    parts.ok(
        f"§1 context of {len(context)} bytes, verified",
        verifying(context=context, sig=sig(context=context)),
        evidence(JOB.decode()),
    )

# When signing, ts and nonce are arguments too; when verifying, a peer sent them.
for value in (-1, LAST + 1, TS + 0.5, str(TS), True, [TS], 10**18):
    parts.refused(f"§1 ts {value!r}, signed", signing(ts=value), "malformed_argument")
    parts.refused(f"§1 ts {value!r}, verified", verifying(ts=value), "malformed_packet", "hostile")
for value in (0, LAST):
    parts.ok(f"§1 ts {value}, signed", signing(ts=value), {"sig": sig(ts=value)})
    parts.ok(
        f"§1 ts {value}, verified",
        verifying(ts=value, now=value, sig=sig(ts=value)),
        evidence(JOB.decode(), ts=value),
    )
for comment, value in [*BAD_NONCES, ("as an array", [NONCE]), ("as a number", 5)]:
    parts.refused(f"§1 nonce {comment}, signed", signing(nonce=value), "malformed_argument")
    parts.refused(f"§1 nonce {comment}, verified", verifying(nonce=value), "malformed_packet", "hostile")
for value in ("", "k" * 65, "engine 7", "engine-7\n", "engin\u00e9", 7, ["engine-7"], True):
    parts.refused(f"§1 key_id {value!r}, verified", verifying(key_id=value), "malformed_packet", "hostile")
genuine = sig()
for comment, value in [
    ("empty", ""),
    ("42 characters", genuine[:42]),
    ("44 characters", genuine + "A"),
    ("padded", genuine + "="),
    ("trailing bits", genuine[:42] + "B"),
    ("the standard alphabet", "+/" * 21 + "A"),
    ("hex", "ab" * 32),
    ("not ASCII", genuine[:42] + "\u00e9"),
    ("an array of it", [genuine]),
    ("a number", 5),
]:
    parts.refused(f"§1 sig: {comment}", verifying(sig=value), "malformed_packet", "hostile")

# The same checks in the same order.
refused = [
    ("unknown_key", "no such key", verifying(keys=[])),
    ("unknown_key", "another key", verifying(keys=[key("engine-8")])),
    ("unknown_key", "a key for tokens", verifying(keys=[key(uses=["token"])])),
    ("revoked_key", "a revoked key", verifying(keys=[key(revoked=True)])),
    ("inactive_key", "at not_after", verifying(keys=[key(not_after=NOW)])),
    ("inactive_key", "before not_before", verifying(keys=[key(not_before=NOW + 1)])),
    ("bad_signature", "another secret", verifying(keys=[key(secret=OTHER_SECRET)])),
    ("bad_signature", "another context", verifying(context="")),
    ("bad_signature", "another body", verifying(b"1", sig=genuine)),
    ("bad_signature", "another ts", verifying(ts=TS + 1)),
    ("bad_signature", "another nonce", verifying(nonce="A" * 22)),
    ("bad_signature", "another kind", verifying(JOB, "bytes", sig=genuine)),
    ("bad_signature", "forged and expired", verifying(b"1", sig=genuine, now=TS + 61)),
    ("expired", "age 61", verifying(now=TS + 61)),
    ("not_yet_valid", "6 ahead", verifying(now=TS - 6)),
    ("expired", "max_age 1", verifying(now=TS + 2, max_age=1)),
    ("not_yet_valid", "max_ahead 1", verifying(now=TS - 2, max_ahead=1)),
    ("expired", "expired and not allowed", verifying(now=TS + 61, allow=[])),
    ("caller_not_allowed", "not allowed", verifying(allow=["hub"])),
    ("malformed_argument", "max_age 0", verifying(max_age=0)),
    ("malformed_argument", "now with a fraction", verifying(now=NOW + 0.5)),
    ("malformed_argument", "a bad context and a bad nonce", verifying(context="\n", nonce="")),
    ("malformed_argument", "a bad kind and a bad key_id", verifying(kind="x", key_id="")),
    ("malformed_packet", "a bad nonce, no such key", verifying(nonce="", keys=[])),
    ("malformed_payload", "a bad body, no such key", verifying(b"1.0", keys=[])),
]
for code, comment, call in refused:
    parts.refused(f"§4 {comment}", call, code)
parts.ok("§4 age 60", verifying(now=TS + 60), evidence(JOB.decode()))
parts.ok("§4 5 ahead", verifying(now=TS - 5), evidence(JOB.decode()))
parts.ok(
    "§4 the owner is allowed",
    verifying(keys=[key(owner="alpha")], allow=["alpha"]),
    evidence(JOB.decode(), owner="alpha"),
)
parts.refused("§4 signing with a revoked key", signing(key=key(revoked=True)), "revoked_key")
parts.refused("§4 signing with an inactive key", signing(key=key(not_after=TS)), "inactive_key")
parts.refused("§1 signing with a key for tokens", signing(key=key(uses=["token"])), "malformed_argument")

# The body limit.
zeros = bytes(MIB)
encoded = repeat("A", (MIB * 8 + 5) // 6)
parts.ok("§1 1 MiB of bytes, signed", signing(encoded, "bytes"), {"sig": sig(zeros, "bytes")}, "large")
answer = evidence(data=b"") | {"data": encoded}
parts.ok("§1 1 MiB of bytes, verified", verifying(encoded, "bytes", sig=sig(zeros, "bytes")), answer, "large")
encoded = repeat("A", ((MIB + 1) * 8 + 5) // 6)
parts.refused("§1 1 MiB and a byte, signed", signing(encoded, "bytes"), "payload_too_large", "large")
parts.refused(
    "§1 1 MiB and a byte, verified", verifying(encoded, "bytes", sig=genuine), "payload_too_large", "large"
)
digits = concat(b64url(b'"11'), repeat(b64url(b"111"), MIB // 3), b64url(b'1"'))
parts.refused("§1 a JSON body over the limit, signed", signing(digits), "payload_too_large", "large")
parts.refused(
    "§1 a JSON body over the limit, verified", verifying(digits, sig=genuine), "payload_too_large", "large"
)
