"""Reading tokens: wire contract section 6, keys, algorithms and signatures."""

from case import Subject
from fixtures import NOW, OTHER_SECRET, key
from packet import b64url
from reading import CLAIMS, EVERY, HEADER, LONG, auth, call, made
from tokens import header

tokens = Subject(
    "token-keys", "Tokens: algorithms, keys, signatures, tokens without kid (wire contract section 6)"
)
SUBJECTS = [tokens]

GENUINE = made()
head, body, sig = GENUINE.split(".")


def passes(comment, text, **changed):
    tokens.ok(comment, call(text, **changed), {"claims_text": CLAIMS})


def refused(code, comment, text, **changed):
    tokens.refused(comment, call(text, **changed), code)


# Keys.
two = [auth(), auth(OTHER_SECRET, "auth-2")]
passes("§6 the key that kid names, the first", GENUINE, keys=two)
passes("§6 the key that kid names, the last", made(header("auth-2"), secret=OTHER_SECRET), keys=two)
refused("bad_signature", "§6 no other key is tried", made(header("auth-2")), keys=two)
refused("unknown_key", "§4 no such key", GENUINE, keys=[auth(id="auth-2")])
refused("unknown_key", "§4 no key at all", GENUINE, keys=[])
for uses in (["packet"], ["packet", "request"], ["request"], ["derive"], ["join"], ["profile:github"]):
    refused("unknown_key", f"§1 a key for {' and '.join(uses)}", GENUINE, keys=[auth(uses=uses)])
refused("unknown_key", "§1 a key of the default uses", GENUINE, keys=[key("auth-1")])
refused("revoked_key", "§4 a revoked key", GENUINE, keys=[auth(revoked=True)])
refused("revoked_key", "§4 a key revoked and inactive", GENUINE, keys=[auth(revoked=True, not_after=NOW)])
refused("inactive_key", "§4 a key at not_after", GENUINE, keys=[auth(not_after=NOW)])
refused("inactive_key", "§4 a key before not_before", GENUINE, keys=[auth(not_before=NOW + 1)])
passes("§4 a key at not_before", GENUINE, keys=[auth(not_before=NOW)])
passes("§4 a key one second before not_after", GENUINE, keys=[auth(not_after=NOW + 1)])

# Algorithms of key and policy.
for alg in EVERY:
    text = made(header("auth-1", alg), secret=LONG, alg=alg)
    ring = [auth(LONG, algorithms=EVERY)]
    passes(f"§6 {alg} in key and policy", text, keys=ring, policy={"algorithms": EVERY})
    passes(
        f"§6 {alg} alone in key and policy",
        text,
        keys=[auth(LONG, algorithms=[alg])],
        policy={"algorithms": [alg]},
    )
    if alg != "HS256":
        refused("unsupported_algorithm", f"§6 {alg} in the key, not in the policy", text, keys=ring)
        refused(
            "unsupported_algorithm",
            f"§6 {alg} in the policy, not in the key",
            text,
            keys=[auth(LONG)],
            policy={"algorithms": EVERY},
        )
only = [auth(LONG, algorithms=["HS512"])]
refused("unsupported_algorithm", "§6 HS256 in the policy, not in the key", made(secret=LONG), keys=only)
for signed, claimed in (("HS512", "HS256"), ("HS256", "HS512"), ("HS256", "HS384"), ("HS384", "HS512")):
    text = made(header("auth-1", claimed), secret=LONG, alg=signed)
    refused(
        "bad_signature",
        f"§6 signed as {signed}, claimed as {claimed}",
        text,
        keys=[auth(LONG, algorithms=EVERY)],
        policy={"algorithms": EVERY},
    )

# Signature.
for comment, text in [
    ("empty", f"{head}.{body}."),
    ("of one byte", f"{head}.{body}.AA"),
    ("of 31 bytes", f"{head}.{body}.{b64url(bytes(31))}"),
    ("of 33 bytes", f"{head}.{body}.{b64url(bytes(33))}"),
    ("of zeros", f"{head}.{body}.{b64url(bytes(32))}"),
    ("cut to half", f"{head}.{body}.{sig[:20]}"),
    ("of HS512's length", f"{head}.{body}.{b64url(bytes(64))}"),
    ("in hex", f"{head}.{body}." + "ab" * 32),
    ("with its first bit flipped", f"{head}.{body}." + ("a" if sig[0] == "B" else "B") + sig[1:]),
    ("of another token", f"{head}.{body}." + made(claims="{}").split(".")[2]),
    ("over other claims", f"{head}.{b64url(CLAIMS.replace('exp', 'exq').encode())}.{sig}"),
    ("over another header", b64url(HEADER.replace("JWT", "jwt").encode()) + f".{body}.{sig}"),
    (
        "over the same header, written another way",
        b64url(HEADER.replace(":", ": ").encode()) + f".{body}.{sig}",
    ),
]:
    refused("bad_signature", f"§6 a signature {comment}", text)
refused("bad_signature", "§6 another secret", GENUINE, keys=[auth(OTHER_SECRET)])

# Without kid: every active key that alg fits, eight at most, whatever their windows.
BARE = made(header())


def ring(count, **options):
    """`count` keys that cannot have signed, with these options."""
    return [auth(bytes([number]) * 32, f"other-{number}", **options) for number in range(1, count + 1)]


passes("§6 without kid: one key", BARE)
passes("§6 without kid: the first of eight", BARE, keys=[auth(), *ring(7)])
passes("§6 without kid: the last of eight", BARE, keys=[*ring(7), auth()])
refused("unknown_key", "§6 without kid: the first of nine", BARE, keys=[auth(), *ring(8)])
refused("unknown_key", "§6 without kid: nine, all failing", BARE, keys=ring(9))
refused("bad_signature", "§6 without kid: eight, all failing", BARE, keys=ring(8))
refused("unknown_key", "§6 without kid: none", BARE, keys=[])
refused(
    "unknown_key",
    "§6 without kid: nine, eight of them not yet active",
    BARE,
    keys=[auth(), *ring(8, not_before=NOW + 1)],
)
refused(
    "unknown_key",
    "§6 without kid: nine, eight of them no longer active",
    BARE,
    keys=[auth(), *ring(8, not_after=NOW)],
)
passes("§6 without kid: eight, seven of them not active", BARE, keys=[auth(), *ring(7, not_after=NOW)])
refused("unknown_key", "§6 without kid: one, not active", BARE, keys=[auth(not_after=NOW)])
refused("unknown_key", "§6 without kid: one, revoked", BARE, keys=[auth(revoked=True)])
refused(
    "bad_signature",
    "§6 without kid: the signer not active, another is",
    BARE,
    keys=[auth(not_after=NOW), *ring(1)],
)
refused(
    "bad_signature",
    "§6 without kid: the signer revoked, another is not",
    BARE,
    keys=[auth(revoked=True), *ring(1)],
)
passes("§6 without kid: eight packet keys do not count", BARE, keys=[*ring(8, uses=["packet"]), auth()])
refused("unknown_key", "§6 without kid: packet keys alone", BARE, keys=ring(2, uses=["packet"]))
others = [auth(bytes([number]) * 64, f"long-{number}", algorithms=["HS512"]) for number in range(1, 9)]
passes("§6 without kid: eight keys of another algorithm do not count", BARE, keys=[*others, auth()])
refused("unknown_key", "§6 without kid: no key that alg fits", BARE, keys=others)
for alg in ("HS384", "HS512"):
    text = made(header(alg=alg), secret=LONG, alg=alg)
    passes(
        f"§6 without kid: {alg}",
        text,
        keys=[*ring(3), auth(LONG, algorithms=EVERY)],
        policy={"algorithms": EVERY},
    )
