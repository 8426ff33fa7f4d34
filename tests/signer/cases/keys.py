"""Keys and keyrings: wire contract section 1. A key is built before anything else is looked at."""

from case import Subject
from fixtures import (
    LAST,
    NOW,
    OTHER_SECRET,
    SECRET,
    TS,
    b64,
    evidence,
    hexed,
    key,
    sealed,
    signing,
    verifying,
)
from packet import b64url

keys = Subject("keys", "Secrets, keys and keyrings (wire contract section 1)")
SUBJECTS = [keys]


def builds(comment, given, secret=SECRET, **parts):
    """The key signs, and its packet verifies."""
    keys.ok(comment, signing("1", key=given), {"packet_text": sealed(text="1", secret=secret, **parts)})


def refused(comment, given, code="malformed_key"):
    """The key is refused by a signer and in a verifier's ring alike."""
    keys.refused(comment, signing("1", key=given), code)
    keys.refused(comment + ", in a ring", verifying(sealed(text="1"), keys=[given]), code)


# The encodings, each named.
letters = "0123456789abcdefghijklmnopqrstuv"
accented = "\u00e9" * 16
spaced = " " + letters[:30] + " "
for comment, text, secret in [
    ("hex", hexed(SECRET), SECRET),
    ("hex in upper case", "hex:" + SECRET.hex().upper(), SECRET),
    ("hex in both cases", "hex:" + "aB" * 32, b"\xab" * 32),
    ("base64, padded", "base64:" + b64(SECRET), SECRET),
    ("base64 that needs no padding", "base64:" + b64(bytes(range(33))), bytes(range(33))),
    ("base64 padded by two", "base64:" + b64(bytes(range(34))), bytes(range(34))),
    ("base64 with both signs", "base64:" + b64(b"\xfb\xff" * 16), b"\xfb\xff" * 16),
    ("base64url", "base64url:" + b64url(SECRET), SECRET),
    ("base64url with both signs", "base64url:" + b64url(b"\xfb\xff" * 16), b"\xfb\xff" * 16),
    ("UTF-8", "utf8:" + letters, letters.encode()),
    ("UTF-8 beyond ASCII, 16 characters of 32 bytes", "utf8:" + accented, accented.encode()),
    ("UTF-8 with spaces at its ends, not trimmed", "utf8:" + spaced, spaced.encode()),
    ("UTF-8 that looks like hex, not guessed", "utf8:hex:" + "00" * 16, b"hex:" + b"00" * 16),
    ("UTF-8 of 64 hex digits, taken as text", "utf8:" + SECRET.hex(), SECRET.hex().encode()),
    ("32 bytes of zero", hexed(bytes(32)), bytes(32)),
    ("63 bytes", hexed(bytes(range(63))), bytes(range(63))),
    ("64 bytes, a block", hexed(bytes(range(64))), bytes(range(64))),
    ("65 bytes, hashed by HMAC first", hexed(bytes(range(65))), bytes(range(65))),
    ("1024 bytes", hexed(bytes(range(256)) * 4), bytes(range(256)) * 4),
]:
    builds(f"§1 a secret: {comment}", key(secret=text), secret)

for comment, text in [
    ("empty", ""),
    ("without a named encoding", SECRET.hex()),
    ("without a named encoding, base64", b64(SECRET)),
    ("with an empty name of encoding", ":" + SECRET.hex()),
    ("whose encoding is in upper case", "HEX:" + SECRET.hex()),
    ("whose encoding is unknown", "base32:" + "A" * 64),
    ("whose encoding is ascii", "ascii:" + "A" * 64),
    ("whose encoding is raw", "raw:" + "A" * 64),
    ("whose encoding follows a space", " hex:" + SECRET.hex()),
    ("whose encoding is followed by a space", "hex :" + SECRET.hex()),
    ("with = for the colon", "hex=" + SECRET.hex()),
    ("of odd hex", "hex:" + SECRET.hex() + "0"),
    ("of hex with g", "hex:" + SECRET.hex()[:-1] + "g"),
    ("of hex with 0x", "hex:0x" + SECRET.hex()),
    ("of hex with a space", "hex:" + SECRET.hex()[:32] + " " + SECRET.hex()[32:]),
    ("of hex with a space at its end", hexed(SECRET) + " "),
    ("of hex with a line feed at its end", hexed(SECRET) + "\n"),
    ("of hex with colons", "hex:" + SECRET.hex(":")),
    ("of hex beyond ASCII", "hex:" + "\uff10\uff10" * 32),
    ("of short and odd hex", "hex:0"),
    ("of short hex with g", "hex:0g"),
    ("of base64 without its padding", "base64:" + b64(SECRET).rstrip("=")),
    ("of base64 with too much padding", "base64:" + b64(SECRET) + "="),
    ("of base64 in the alphabet of base64url", "base64:" + b64url(b"\xfb\xff" * 16) + "="),
    ("of base64 with trailing bits", "base64:" + b64(SECRET)[:-2] + "9="),
    ("of base64 with a line feed", "base64:" + b64(SECRET)[:20] + "\n" + b64(SECRET)[20:]),
    ("of base64 with padding within", "base64:" + "AA==" * 11),
    ("of base64url with padding", "base64url:" + b64url(SECRET) + "="),
    ("of base64url in the standard alphabet", "base64url:" + b64(b"\xfb\xff" * 16).rstrip("=")),
    ("of base64url with trailing bits", "base64url:" + b64url(SECRET)[:-1] + "9"),
    ("of base64url of an impossible length", "base64url:" + "A" * 45),
    ("of 1025 bytes", hexed(bytes(1025))),
    ("of 1025 bytes of UTF-8", "utf8:" + "\u00e9" * 512 + "a"),
    ("of a million bytes", {"concat": ["hex:", {"repeat": ["00", 1_000_000]}]}),
    ("that is a number", 5),
    ("that is true", True),
    ("that is an array of bytes", list(SECRET)),
    ("that is an object", {"type": "Buffer", "data": list(SECRET)}),
]:
    refused(f"§1 a secret {comment}", key(secret=text))

for comment, text in [
    ("of 31 bytes in hex", hexed(bytes(31))),
    ("of no bytes in hex", "hex:"),
    ("of one byte in hex", "hex:00"),
    ("of 31 bytes in base64", "base64:" + b64(bytes(31))),
    ("of no bytes in base64", "base64:"),
    ("of 31 bytes in base64url", "base64url:" + b64url(bytes(31))),
    ("of no bytes in base64url", "base64url:"),
    ("of 31 bytes of UTF-8", "utf8:" + "\u00e9" * 15 + "a"),
    ("of no bytes of UTF-8", "utf8:"),
    ("of 31 characters of hex digits as text", "utf8:" + SECRET.hex()[:31]),
]:
    refused(f"§1 a secret {comment}", key(secret=text), "weak_secret")

# Tokens ask for more.
claims = '{"exp":1708253634}'
for alg, least in (("HS384", 48), ("HS512", 64)):
    for algorithms in ([alg], ["HS256", alg]):
        weak = key("auth-1", bytes(least - 1), uses=["token"], algorithms=algorithms)
        call = {"op": "token.issue", "key": weak, "alg": alg, "claims_text": claims, "now": TS}
        keys.refused(f"§1 {least - 1} bytes for {' and '.join(algorithms)}", call, "weak_secret")
        verify = {"op": "token.verify", "keys": [weak], "token": "a.b.c", "policy": {}, "now": NOW}
        keys.refused(f"§1 {least - 1} bytes for {' and '.join(algorithms)}, in a ring", verify, "weak_secret")

# Id and owner.
NAMES = [
    ("empty", ""),
    ("of 65 characters", "k" * 65),
    ("with a space", "engine 7"),
    ("with a space at its end", "engine-7 "),
    ("with LF", "engine-7\n"),
    ("with NUL", "engine-7\0"),
    ("with a slash", "engine/7"),
    ("with a colon", "engine:7"),
    ("beyond ASCII", "\u00e9ngine"),
    ("with a full-width digit", "engine-\uff17"),
]
TYPES = [
    ("that is a number", 7),
    ("that is true", True),
    ("that is an array", ["engine-7"]),
    ("that is an object", {}),
]
for comment, value in [*NAMES, *TYPES]:
    refused(f"§1 an id {comment}", key(value))
    refused(f"§1 an owner {comment}", key(owner=value))
builds("§1 an owner of one character", key(owner="o"))
builds("§1 an owner of 64 characters", key(owner="o" * 64))
for owner in ("o", "o" * 64, "AZaz09._~-"):
    keys.ok(
        f"§1 an owner of {len(owner)} characters is told",
        verifying(sealed(text="1"), keys=[key(owner=owner)]),
        evidence("1", owner=owner),
    )

# Window and revocation.
for option in ("not_before", "not_after"):
    for value in (-1, 1.5, LAST + 1, str(TS), True, [TS], 10**18):
        refused(f"§1 {option} {value!r}", key(**{option: value}))
refused("§1 a window that ends before it begins", key(not_before=TS + 1, not_after=TS))
builds("§1 not_before 0", key(not_before=0))
builds("§1 not_after at the last time", key(not_after=LAST))
for value in ("yes", "false", 1, 0, [], {}):
    refused(f"§1 revoked {value!r}", key(revoked=value))

# Uses: packet and request may be combined and are the default, every other stands alone.
for uses in (
    ["token", "packet"],
    ["packet", "token"],
    ["request", "token"],
    ["token", "derive"],
    ["derive", "packet"],
    ["join", "packet"],
    ["packet", "request", "join"],
    ["profile:github", "packet"],
    ["profile:github", "profile:slack"],
    ["token", "profile:github"],
    ["packet", "packet"],
    ["token", "token"],
):
    refused(f"§1 a key for {' and '.join(uses)}", key(uses=uses))
for value in (
    [],
    ["Packet"],
    ["packets"],
    [""],
    ["packet "],
    ["sign"],
    ["profile"],
    ["profile:"],
    ["profile:a b"],
    ["profile:" + "a" * 65],
    ["Profile:github"],
    "packet",
    5,
    [5],
    {"packet": True},
    True,
):
    refused(f"§1 uses {value!r}", key(uses=value))
for value in ([], ["none"], ["HS1"], ["hs256"], ["RS256"], [""], "HS256", [256], {"HS256": True}, 256):
    refused(f"§1 algorithms {value!r}", key(uses=["token"], algorithms=value))
keys.ok(
    "§1 a ring may hold keys for every use",
    verifying(
        sealed(text="1"),
        keys=[
            key(),
            key("r", bytes([1]) * 32, uses=["request"]),
            key("t", bytes([2]) * 32, uses=["token"]),
            key("d", bytes([3]) * 32, uses=["derive"]),
            key("j", bytes([4]) * 32, uses=["join"]),
            key("p", bytes([5]) * 32, uses=["profile:" + "a" * 64]),
            key("q", bytes([6]) * 32, uses=["profile:service-mesh"]),
        ],
    ),
    evidence("1"),
)

# The ring.
packet = sealed(text="1")
keys.refused("§1 a repeated id", verifying(packet, keys=[key(), key(secret=OTHER_SECRET)]), "malformed_key")
keys.refused("§1 a repeated id, the same key", verifying(packet, keys=[key(), key()]), "malformed_key")
keys.refused(
    "§1 a repeated id, one of them revoked",
    verifying(packet, keys=[key(), key(secret=OTHER_SECRET, revoked=True)]),
    "malformed_key",
)
keys.ok(
    "§1 ids that differ in case",
    verifying(packet, keys=[key(), key("ENGINE-7", OTHER_SECRET)]),
    evidence("1"),
)
EXCLUSIVE = [["packet"], ["token"], ["derive"], ["join"], ["profile:github"], ["profile:slack"]]
for index, one in enumerate(EXCLUSIVE):
    for other in EXCLUSIVE[index + 1 :]:
        ring = [key(uses=one), key("b", uses=other)]
        keys.refused(
            f"§1 one secret for {one[0]} and for {other[0]}", verifying(packet, keys=ring), "malformed_key"
        )
keys.refused(
    "§1 one secret for the default uses and for token",
    verifying(packet, keys=[key(), key("b", uses=["token"])]),
    "malformed_key",
)
keys.refused(
    "§1 one secret for request and for token",
    verifying(packet, keys=[key(uses=["request"]), key("b", uses=["token"])]),
    "malformed_key",
)
written = key("b", "base64url:" + b64url(SECRET), uses=["token"])
keys.refused(
    "§1 one secret in two encodings, for packet and for token",
    verifying(packet, keys=[key(), written]),
    "malformed_key",
)
keys.refused(
    "§1 one secret for packet and for token, not side by side",
    verifying(packet, keys=[key(), key("c", OTHER_SECRET), written]),
    "malformed_key",
)
keys.refused(
    "§1 one secret for packet and, revoked, for token",
    verifying(packet, keys=[key(), written | {"revoked": True}]),
    "malformed_key",
)
keys.ok(
    "§1 one secret for packet and for request",
    verifying(packet, keys=[key(uses=["packet"]), key("b", uses=["request"])]),
    evidence("1"),
)
keys.ok(
    "§1 one secret under two ids for the same uses", verifying(packet, keys=[key(), key("b")]), evidence("1")
)
