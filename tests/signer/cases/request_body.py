"""Bodies and their digests, whole and piece by piece (wire contract section 3, RFC 9530)."""

import request
from case import Subject
from fixtures import MIB, NOW, TS, key
from packet import b64url
from sending import BODY, OWN, Request, Verdicts, verifying
from text import concat, repeat

request_body = Subject(
    "request-body", "Requests: bodies, digests, and bodies in pieces (wire contract section 3)"
)
SUBJECTS = [request_body]
case = Verdicts(request_body)
passes, refuses = case.passes, case.refuses

GOLDEN = Request()
SIGNED = GOLDEN.sealed()
DIGEST = request.digest(BODY)
NOTHING = request.digest(b"")
BARE = Request("POST", OWN + "/x", headers=(), body=b"")
UNCOVERED = GOLDEN.sealed([item for item in GOLDEN.items() if item != '"content-digest"'])


def pieces(*parts):
    return {"pieces": [b64url(part) for part in parts]}


# The body is the one that was signed.
for body in (b"\0", b"{}", bytes(range(256)), "é€😀".encode(), b"x" * 100_000):
    passes(f"a body of {len(body)} bytes", Request(body=body).sealed())
for comment, body in (
    ("of another byte", BODY.replace(b"run", b"ran")),
    ("with a space more", BODY.replace(b":", b": ")),
    ("with LF at its end", BODY + b"\n"),
    ("cut short", BODY[:-1]),
    ("twice", BODY * 2),
    ("emptied", b""),
    ("of a zero byte", b"\0"),
):
    refuses("body_mismatch", f"a body {comment}", SIGNED.changed(body=body))
refuses("body_mismatch", "a body where none was signed", BARE.sealed().changed(body=b"x"))
refuses(
    "body_mismatch",
    "a body where none was signed, and its digest, which is not signed either",
    BARE.sealed().changed(body=b"x").adding(("Content-Digest", request.digest(b"x"))),
)
passes("a digest that is not covered, and no body", BARE.sealed().adding(("Content-Digest", DIGEST)))
passes(
    "a digest that is not covered and no digest, and no body", BARE.sealed().adding(("Content-Digest", "("))
)
passes(
    "two digests that are not covered, and no body",
    BARE.sealed().adding(("Content-Digest", DIGEST), ("Content-Digest", DIGEST)),
)
refuses("body_mismatch", "a body whose digest is not covered", UNCOVERED)
refuses(
    "body_mismatch", "a body whose digest is not covered, and absent", UNCOVERED.without("content-digest")
)
refuses(
    "body_mismatch",
    "a body whose digest is not covered, and is none",
    UNCOVERED.with_field("Content-Digest", "("),
)
refuses(
    "body_mismatch",
    "the digest of no body is covered, and there is none",
    BARE.adding(("Content-Digest", NOTHING)).sealed(),
)
refuses(
    "body_mismatch",
    "the digest of another body is covered, and there is none",
    BARE.adding(("Content-Digest", DIGEST)).sealed(),
)
refuses(
    "body_mismatch",
    "the digest of no body is covered, and there is one",
    GOLDEN.with_field("Content-Digest", NOTHING).sealed(),
)
refuses(
    "body_mismatch",
    "a digest of another body, signed so",
    GOLDEN.with_field("Content-Digest", request.digest(b"x")).sealed(),
)
refuses(
    "bad_signature",
    "digest and body replaced by others",
    SIGNED.with_field("Content-Digest", request.digest(b"x")).changed(body=b"x"),
)
refuses(
    "bad_signature",
    "the digest is another, the body is not",
    SIGNED.with_field("Content-Digest", request.digest(b"x")),
)
refuses("malformed_request", "the digest is gone", SIGNED.without("content-digest"))
refuses("malformed_request", "the digest stands twice", SIGNED.adding(("Content-Digest", DIGEST)))
refuses(
    "malformed_request",
    "the digest stands twice, both signed",
    GOLDEN.adding(("Content-Digest", DIGEST)).sealed(),
)
refuses(
    "malformed_request",
    "another algorithm on a line of its own",
    GOLDEN.adding(("content-digest", request.digest(BODY, "sha-512"))).sealed(),
)

# Other algorithms are ignored; sha-256 stands once, as 32 bytes.
SHA512 = request.digest(BODY, "sha-512")
HASH = DIGEST.removeprefix("sha-256=:").removesuffix(":")
for value in (
    f"{SHA512}, {DIGEST}",
    f"{DIGEST}, {SHA512}",
    f"{DIGEST},{SHA512}",
    f"sha-512=:AAAA:, {DIGEST}",
    f"md5=:AAAA:, sha=:AA==:, unixsum=:AA==:, {DIGEST}, crc32c=:AA==:",
    f'{DIGEST}, a=1, b=?1, c, d="x", e=(1 2);f',
    f"sha-512=:AAAA:, sha-512=:AAAA:, {DIGEST}",
):
    passes(f"the digests {value[:60]}", GOLDEN.with_field("Content-Digest", value).sealed())
for comment, value in (
    ("nothing", ""),
    ("another algorithm alone", SHA512),
    ("ours twice", f"{DIGEST}, {DIGEST}"),
    ("ours twice, first another", f"{NOTHING}, {DIGEST}"),
    ("ours twice, then another", f"{DIGEST}, {NOTHING}"),
    ("ours in capitals", DIGEST.upper()[:7] + DIGEST[7:]),
    ("ours under another name", DIGEST.replace("sha-256", "sha256")),
    ("ours with a parameter", DIGEST + ";a=1"),
    ("ours without padding", f"sha-256=:{HASH[:-1]}:"),
    ("ours with a trailing bit", f"sha-256=:{HASH[:-2]}d=:"),
    ("ours in base64url", "sha-256=:" + "-_" * 21 + "8=:"),
    ("ours of 31 bytes", "sha-256=:" + "A" * 42 + "==:"),
    ("ours of 33 bytes", "sha-256=:" + "A" * 44 + ":"),
    ("ours of no byte", "sha-256=::"),
    ("ours without colons", f"sha-256={HASH.rstrip('=')}"),
    ("ours as a string", f'sha-256="{HASH}"'),
    ("ours in hex", 'sha-256="' + "ab" * 32 + '"'),
    ("ours as a list", f"sha-256=(:{HASH}:)"),
    ("ours as true", "sha-256"),
    ("as RFC 3230 wrote it", f"SHA-256={HASH}"),
    ("a comma behind it", DIGEST + ","),
    ("another member that is none", f"{DIGEST}, A=1"),
    ("text", "x y"),
    ("a byte that is no ASCII", DIGEST + ', a="\u00e9"'),
):
    refuses(
        "malformed_request", f"the digest: {comment}", GOLDEN.with_field("Content-Digest", value).sealed()
    )
room = 16384 - len(DIGEST) - len(', a=""')
for more in (0, 1):
    value = concat(DIGEST, ', a="', repeat("x", room + more), '"')
    sent = GOLDEN.with_field("Content-Digest", value).sealed()
    if more:
        refuses("malformed_request", "digests of 16 KiB and a byte", sent)
    else:
        passes("digests of 16 KiB", sent)

# In pieces: the head is judged first.
for parts in (
    (BODY,),
    (BODY[:5], BODY[5:]),
    (b"", BODY, b""),
    tuple(BODY[at : at + 1] for at in range(len(BODY))),
):
    passes(f"the body in {len(parts)} pieces", SIGNED, **pieces(*parts))
for parts in ((), (b"",), (b"", b"")):
    passes(f"no body in {len(parts)} pieces", BARE.sealed(), **pieces(*parts))
for comment, parts in (
    ("none where there was a body", ()),
    ("one is missing", (BODY[:5],)),
    ("two in the wrong order", (BODY[5:], BODY[:5])),
    ("one twice", (BODY, BODY)),
    ("one more", (BODY, b"\n")),
):
    refuses("body_mismatch", f"pieces: {comment}", SIGNED, **pieces(*parts))
refuses("body_mismatch", "pieces of a body where none was signed", BARE.sealed(), **pieces(b"x"))
refuses("body_mismatch", "pieces of a body whose digest is not covered", UNCOVERED, **pieces(BODY))
refuses(
    "body_mismatch",
    "no piece where the digest of no body is covered",
    BARE.adding(("Content-Digest", NOTHING)).sealed(),
    **pieces(),
)
refuses("malformed_request", "no signature: whatever the pieces are", GOLDEN, **pieces(BODY))
refuses(
    "wrong_authority",
    "another server: whatever the pieces are",
    SIGNED,
    **pieces(b"x"),
    authorities=["http://other:8200"],
)
refuses("unknown_key", "a key that nobody has: whatever the pieces are", SIGNED, **pieces(b"x"), keys=[])
refuses(
    "bad_signature",
    "a signature of another request: whatever the pieces are",
    SIGNED.changed(method="PUT"),
    **pieces(b"x"),
)
case.section = "§4"
passes(
    "the head at one time, the rest at the last that it may",
    SIGNED,
    **pieces(BODY),
    now=TS,
    finish_now=TS + 60,
)
refuses("expired", "a body that takes too long", SIGNED, **pieces(BODY), now=TS, finish_now=TS + 61)
passes(
    "a head from ahead, whose time has come with its body",
    SIGNED,
    **pieces(BODY),
    now=TS - 60,
    finish_now=TS - 5,
)
refuses(
    "not_yet_valid",
    "a head from ahead, whose time has not come with its body",
    SIGNED,
    **pieces(BODY),
    now=TS - 60,
    finish_now=TS - 6,
)
refuses(
    "inactive_key",
    "a key that is not active when the head comes",
    SIGNED,
    **pieces(BODY),
    now=TS - 1,
    finish_now=TS,
    keys=[key("gateway-1", not_before=TS)],
)
passes(
    "a key that is active when the head comes",
    SIGNED,
    **pieces(BODY),
    now=TS,
    finish_now=TS + 60,
    keys=[key("gateway-1", not_after=TS + 1)],
)
for now in (-1, NOW + 0.5, str(NOW), True):
    refuses("malformed_argument", f"the head's time {now!r}", SIGNED, **pieces(BODY), now=now, finish_now=NOW)
    refuses("malformed_argument", f"the time at the end {now!r}", SIGNED, **pieces(BODY), finish_now=now)

# The limit: 1 MiB, or another.
case.section = "§1"
for limit in (13, 14, MIB):
    passes(f"a body_limit of {limit} and a body that fits", SIGNED, body_limit=limit)
    passes(
        f"a body_limit of {limit} and pieces that fit", SIGNED, body_limit=limit, **pieces(BODY[:7], BODY[7:])
    )
passes("a body_limit of 1 and no body", BARE.sealed(), body_limit=1)
refuses("payload_too_large", "a body longer than body_limit", SIGNED, body_limit=12)
refuses(
    "payload_too_large",
    "pieces longer than body_limit",
    SIGNED,
    body_limit=12,
    **pieces(BODY[:12], BODY[12:]),
)
refuses(
    "payload_too_large", "the first piece longer than body_limit", SIGNED, body_limit=12, **pieces(BODY, b"")
)
refuses(
    "payload_too_large",
    "pieces beyond what was signed, longer than body_limit",
    SIGNED,
    body_limit=13,
    **pieces(BODY, b"x"),
)
whole = Request(body=bytes(MIB), headers=()).sealed()
passes("a body of 1 MiB", whole, "large", body=repeat("A", (MIB * 8 + 5) // 6))
longer = Request(body=bytes(MIB + 1), headers=()).sealed()
zeros = repeat("A", ((MIB + 1) * 8 + 5) // 6)
refuses("payload_too_large", "a body of 1 MiB and a byte", longer, "large", body=zeros)
passes(
    "a body of 1 MiB and a byte, with a limit that holds it", longer, "large", body=zeros, body_limit=MIB + 1
)
for limit in (0, -1, 1.5, 512 * MIB + 1, "13", True, [13]):
    refuses("malformed_argument", f"a body_limit of {limit!r}", SIGNED, body_limit=limit)
both = verifying(SIGNED) | pieces(BODY)
request_body.refused("a body and pieces", both, "malformed_argument")
request_body.refused(
    "neither body nor pieces",
    {name: value for name, value in both.items() if name not in ("body", "pieces")},
    "malformed_argument",
)
