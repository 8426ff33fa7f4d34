"""Reading tokens: wire contract section 6, stage by stage; and the stages' order."""

from case import Subject
from canonical import canonical
from fixtures import LAST, NOW, OTHER_SECRET, SECRET, TS, key
from packet import b64url
from text import concat, expand, repeat
from tokens import HASHES, header, token

shape = Subject("token-shape", "Tokens: size, parts, base64url, header grammar and types (wire contract section 6)")
keys = Subject("token-keys", "Tokens: algorithms, keys, signatures, tokens without kid (wire contract section 6)")
order = Subject("token-order", "Tokens: the order of the stages (wire contract sections 4 and 6)")
SUBJECTS = [shape, keys, order]

LONG = bytes(range(64))
EXP = TS + 86400
CLAIMS = f'{{"exp":{EXP}}}'
HEADER = header("auth-1")
EVERY = ["HS256", "HS384", "HS512"]


def auth(secret=SECRET, id="auth-1", **options):
    return key(id, secret, **({"uses": ["token"]} | options))


def call(text, policy=None, **changed):
    return {"op": "token.verify", "keys": [auth()], "token": text, "policy": policy or {}, "now": NOW} | changed


def passes(subject, comment, text, *flags, claims=CLAIMS, **changed):
    subject.ok(comment, call(text, **changed), {"claims_text": claims}, *flags)


def refused(subject, code, comment, text, *flags, **changed):
    subject.refused(comment, call(text, **changed), code, *flags)


def made(head=HEADER, claims=CLAIMS, secret=SECRET, alg="HS256"):
    return token(secret, head, claims, alg)


def with_header(**members):
    """A genuine token whose header has these members beside alg and kid; None leaves a member out."""
    named = {"alg": "HS256", "typ": "JWT", "kid": "auth-1"} | members
    return made(canonical({name: value for name, value in named.items() if value is not ...}))


GENUINE = made()
head, body, sig = GENUINE.split(".")
NUL = "\0"

# Size first.
frame = len(head) + 2 + 43
for total in (8192, 8193):
    claims = f'{{"a":"{"a" * ((total - frame) * 3 // 4 - len(CLAIMS) - 7)}","exp":{EXP}}}'
    text = made(claims=claims)
    assert len(text) == total
    if total == 8192:
        passes(shape, "§6 a token of 8192 bytes", text, claims=claims)
    else:
        refused(shape, "token_too_large", "§6 a token of 8193 bytes", text)
refused(shape, "token_too_large", "§6 8193 bytes that are no token", repeat("x", 8193))
refused(shape, "malformed_token", "§6 8192 bytes that are no token", repeat("x", 8192))
refused(shape, "token_too_large", "§6 8192 characters of more bytes", concat(repeat("x", 8191), "\u00e9"))
refused(shape, "token_too_large", "§6 10 MiB", repeat(".", 10 * 1024 * 1024), "large", "hostile")

# Three parts.
for comment, text in [
    ("nothing", ""),
    ("one part", head),
    ("two parts", f"{head}.{body}"),
    ("four parts", f"{GENUINE}.AA"),
    ("four parts, the last empty", f"{GENUINE}."),
    ("four parts, the first empty", f".{GENUINE}"),
    ("five parts, as an encrypted token has", f"{GENUINE}.AA.AA"),
    ("three empty parts", ".."),
    ("no header", f".{body}.{sig}"),
    ("a space before", " " + GENUINE),
    ("a space behind", GENUINE + " "),
    ("a line feed behind", GENUINE + "\n"),
    ("NUL behind", GENUINE + NUL),
    ("BOM before", "\ufeff" + GENUINE),
    ("Bearer before", "Bearer " + GENUINE),
    ("quotation marks around", f'"{GENUINE}"'),
    ("commas for dots", GENUINE.replace(".", ",")),
    ("full-width dots", GENUINE.replace(".", "\uff0e")),
    ("JSON serialisation", f'{{"payload":"{body}","signatures":[]}}'),
    ("beyond ASCII", f"{head}.{body}.{sig[:-1]}\u00e9"),
]:
    refused(shape, "malformed_token", f"§6 shape: {comment}", text)

# base64url, strictly, in each part.
odd_head = HEADER + " " * (2 - len(HEADER) % 3 if len(HEADER) % 3 < 2 else 2)
parts = made(odd_head, CLAIMS + " " * ((1 - len(CLAIMS)) % 3)).split(".")
passes(shape, "§6 parts whose last characters have bits to spare", ".".join(parts))
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
for index, name in enumerate(("header", "claims", "signature")):
    part = parts[index]
    for comment, changed in [
        ("padded", part + "=" * (-len(part) % 4)),
        ("with trailing bits", part[:-1] + ALPHABET[ALPHABET.index(part[-1]) + 1]),
        ("of an impossible length", part + "A" * ((1 - len(part)) % 4)),
        ("with a plus sign", part[:4] + "+" + part[5:]),
        ("with a slash", part[:4] + "/" + part[5:]),
        ("with a space", part[:4] + " " + part[4:]),
        ("with a line feed", part[:4] + "\n" + part[4:]),
        ("with a percent sign", part[:4] + "%" + part[5:]),
        ("beyond ASCII", part[:4] + "\u00e9" + part[5:]),
    ]:
        text = ".".join([*parts[:index], changed, *parts[index + 1 :]])
        refused(shape, "malformed_token", f"§6 base64url: the {name} {comment}", text)

# Header: JSON as section 2 reads it.
GOOD = '"alg":"HS256","kid":"auth-1"'
for comment, text in [
    ("white space", f' {{\t"alg" : "HS256",\r\n "kid":"auth-1" }} '),
    ("names and values escaped", '{"\\u0061lg":"HS\\u003256","k\\u0069d":"auth\\u002d1"}'),
    ("another order", '{"kid":"auth-1","typ":"JWT","alg":"HS256"}'),
    ("depth 64", f'{{{GOOD},"x":{"[" * 63}{"]" * 63}}}'),
    ("unknown members", f'{{{GOOD},"x":1,"cty":"json","nonce":"n","Alg":"none","KID":5}}'),
]:
    passes(shape, f"§6 header: {comment}", made(text))
for comment, text in [
    ("empty", ""),
    ("broken", f"{{{GOOD}"),
    ("null", "null"),
    ("an array", "[]"),
    ("text", '"HS256"'),
    ("two objects", f"{{{GOOD}}}{{}}"),
    ("text behind", f"{{{GOOD}}}x"),
    ("NUL behind", f"{{{GOOD}}}{NUL}"),
    ("a trailing comma", f"{{{GOOD},}}"),
    ("single quotes", f"{{{GOOD}}}".replace('"', "'")),
    ("BOM", f"\ufeff{{{GOOD}}}"),
    ("alg twice", f'{{{GOOD},"alg":"HS256"}}'),
    ("alg twice, once none", f'{{"alg":"none",{GOOD}}}'),
    ("alg twice, once escaped", f'{{{GOOD},"\\u0061lg":"none"}}'),
    ("kid twice", f'{{{GOOD},"kid":"auth-2"}}'),
    ("an unknown member twice", f'{{{GOOD},"x":1,"x":1}}'),
    ("a member twice at depth", f'{{{GOOD},"x":{{"y":1,"y":2}}}}'),
    ("a lone surrogate", f'{{{GOOD},"x":"\\ud800"}}'),
    ("a lone surrogate in a name", f'{{{GOOD},"\\udfff":1}}'),
    ("a number that overflows", f'{{{GOOD},"x":1e400}}'),
    ("an integer beyond 2^53", f'{{{GOOD},"x":9007199254740993}}'),
    ("a raw control character", f'{{{GOOD},"x":"\x01"}}'),
    ("NaN", f'{{{GOOD},"x":NaN}}'),
    ("depth 65", f'{{{GOOD},"x":{"[" * 64}{"]" * 64}}}'),
    ("depth 1,000", f'{{{GOOD},"x":{"[" * 1000}{"]" * 1000}}}'),
    ("depth 4,000, never closed", "[" * 4000),
    ("invalid UTF-8", f'{{{GOOD},"x":"'.encode() + b'\xff"}'),
    ("an encoded surrogate", f'{{{GOOD},"x":"'.encode() + b'\xed\xa0\x80"}'),
    ("UTF-16", f"{{{GOOD}}}".encode("utf-16")),
]:
    refused(shape, "malformed_token", f"§6 header: {comment}", made(text))

# Header types.
for comment, text in [
    ("alg absent", '{"kid":"auth-1"}'),
    ("an empty header", "{}"),
    ("alg null", '{"alg":null,"kid":"auth-1"}'),
    ("alg a number", '{"alg":256,"kid":"auth-1"}'),
    ("alg an array", '{"alg":["HS256"],"kid":"auth-1"}'),
    ("alg true", '{"alg":true,"kid":"auth-1"}'),
    ("kid empty", '{"alg":"HS256","kid":""}'),
    ("kid null", '{"alg":"HS256","kid":null}'),
    ("kid a number", '{"alg":"HS256","kid":1}'),
    ("kid an array", '{"alg":"HS256","kid":["auth-1"]}'),
    ("kid an object", '{"alg":"HS256","kid":{}}'),
    ("kid of 257 bytes", f'{{"alg":"HS256","kid":"{"k" * 257}"}}'),
    ("kid of 129 characters and 257 bytes", f'{{"alg":"HS256","kid":"{chr(0xE9) * 128}k"}}'),
    ("kid of 65 characters and 260 bytes", f'{{"alg":"HS256","kid":"{chr(0x1F600) * 65}"}}'),
]:
    refused(shape, "malformed_token", f"§6 header types: {comment}", made(text))
for comment, kid in [
    ("of 256 bytes", "k" * 256),
    ("of 128 characters and 256 bytes", "\u00e9" * 128),
    ("of 64 characters and 256 bytes", "\U0001f600" * 64),
    ("that is no key id of section 1", "https://example.com/keys#1"),
    ("of one space", " "),
    ("with NUL", "auth-1\0"),
    ("in the other case", "AUTH-1"),
    ("with a space at its end", "auth-1 "),
]:
    refused(shape, "unknown_key", f"§6 a kid {comment} is only unknown", with_header(kid=kid))

# alg, crit, b64, zip, typ; jku, jwk, x5u, x5c ignored.
for alg in ("none", "None", "NONE", "", "hs256", "HS256 ", "HS1", "HS224", "RS256", "ES256", "EdDSA", "HS384", "HS512", "HS256\0"):
    refused(shape, "unsupported_algorithm", f"§6 alg {alg!r} is not in the policy", with_header(alg=alg))
refused(shape, "unsupported_algorithm", "§6 alg none without a signature", b64url(b'{"alg":"none"}') + "." + body + ".", "hostile")
refused(shape, "unsupported_algorithm", "§6 HS256 is not in the policy", GENUINE, policy={"algorithms": ["HS384"]})
for name, value in [("crit", ["b64"]), ("crit", []), ("crit", None), ("crit", ["exp"]), ("crit", "b64"), ("b64", False), ("b64", True), ("b64", None), ("b64", "x")]:
    refused(shape, "unsupported_critical", f"§6 {name} {value!r}", with_header(**{name: value}))
for value in ("DEF", "", None, 5):
    refused(shape, "malformed_token", f"§6 zip {value!r}", with_header(zip=value))
for typ in ("JWT", "jwt", "Jwt", "application/jwt", "application/JWT", "APPLICATION/Jwt"):
    passes(shape, f"§6 typ {typ!r}", with_header(typ=typ))
passes(shape, "§6 typ absent", with_header(typ=...))
for typ in ("", "JOSE", "at+jwt", "JWT ", " JWT", "jwt+x", "application/", "application/application/jwt", "text/jwt", "jw\u0166", "\uff2aWT", "counterseal-ticket+jwt"):
    refused(shape, "malformed_token", f"§6 typ {typ!r}", with_header(typ=typ))
for typ in (None, 5, ["JWT"], True, {}):
    refused(shape, "malformed_token", f"§6 typ {typ!r} is not a string", with_header(typ=typ))
TICKET = {"typ": "counterseal-ticket+jwt"}
for typ in ("counterseal-ticket+jwt", "Counterseal-Ticket+JWT", "application/counterseal-ticket+jwt"):
    passes(shape, f"§6 a rule names the typ {typ!r}", with_header(typ=typ), policy=TICKET)
for typ in ("JWT", ..., "counterseal-ticket", "counterseal-tic\u212aet+jwt", None):
    comment = "absent" if typ is ... else repr(typ)
    refused(shape, "malformed_token", f"§6 a rule names a typ, and it is {comment}", with_header(typ=typ), policy=TICKET)
for name, value in [("jku", "https://evil.example/keys"), ("jwk", {"kty": "oct", "k": "AA"}), ("x5u", "https://evil.example"), ("x5c", ["AA"]), ("jku", 5), ("jwk", None)]:
    passes(shape, f"§6 {name} {value!r} is ignored", with_header(**{name: value}), "hostile")

# Keys.
two = [auth(), auth(OTHER_SECRET, "auth-2")]
passes(keys, "§6 the key that kid names, the first", GENUINE, keys=two)
passes(keys, "§6 the key that kid names, the last", made(header("auth-2"), secret=OTHER_SECRET), keys=two)
refused(keys, "bad_signature", "§6 no other key is tried", made(header("auth-2")), keys=two)
refused(keys, "unknown_key", "§4 no such key", GENUINE, keys=[auth(id="auth-2")])
refused(keys, "unknown_key", "§4 no key at all", GENUINE, keys=[])
for uses in (["packet"], ["packet", "request"], ["request"], ["derive"], ["join"], ["profile:github"]):
    refused(keys, "unknown_key", f"§1 a key for {' and '.join(uses)}", GENUINE, keys=[auth(uses=uses)])
refused(keys, "unknown_key", "§1 a key of the default uses", GENUINE, keys=[key("auth-1")])
refused(keys, "revoked_key", "§4 a revoked key", GENUINE, keys=[auth(revoked=True)])
refused(keys, "revoked_key", "§4 a key revoked and inactive", GENUINE, keys=[auth(revoked=True, not_after=NOW)])
refused(keys, "inactive_key", "§4 a key at not_after", GENUINE, keys=[auth(not_after=NOW)])
refused(keys, "inactive_key", "§4 a key before not_before", GENUINE, keys=[auth(not_before=NOW + 1)])
passes(keys, "§4 a key at not_before", GENUINE, keys=[auth(not_before=NOW)])
passes(keys, "§4 a key one second before not_after", GENUINE, keys=[auth(not_after=NOW + 1)])

# Algorithms of key and policy.
for alg in EVERY:
    text = made(header("auth-1", alg), secret=LONG, alg=alg)
    ring = [auth(LONG, algorithms=EVERY)]
    passes(keys, f"§6 {alg} in key and policy", text, keys=ring, policy={"algorithms": EVERY})
    passes(keys, f"§6 {alg} alone in key and policy", text, keys=[auth(LONG, algorithms=[alg])], policy={"algorithms": [alg]})
    if alg != "HS256":
        refused(keys, "unsupported_algorithm", f"§6 {alg} in the key, not in the policy", text, keys=ring)
        refused(keys, "unsupported_algorithm", f"§6 {alg} in the policy, not in the key", text, keys=[auth(LONG)], policy={"algorithms": EVERY})
only = [auth(LONG, algorithms=["HS512"])]
refused(keys, "unsupported_algorithm", "§6 HS256 in the policy, not in the key", made(secret=LONG), keys=only)
for signed, claimed in (("HS512", "HS256"), ("HS256", "HS512"), ("HS256", "HS384"), ("HS384", "HS512")):
    text = made(header("auth-1", claimed), secret=LONG, alg=signed)
    refused(keys, "bad_signature", f"§6 signed as {signed}, claimed as {claimed}", text, keys=[auth(LONG, algorithms=EVERY)], policy={"algorithms": EVERY})

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
    ("over the same header, written another way", b64url(HEADER.replace(":", ": ").encode()) + f".{body}.{sig}"),
]:
    refused(keys, "bad_signature", f"§6 a signature {comment}", text)
refused(keys, "bad_signature", "§6 another secret", GENUINE, keys=[auth(OTHER_SECRET)])

# Without kid: every active key that alg fits, eight at most, whatever their windows.
BARE = made(header())


def ring(count, **options):
    """`count` keys that cannot have signed, with these options."""
    return [auth(bytes([number]) * 32, f"other-{number}", **options) for number in range(1, count + 1)]


passes(keys, "§6 without kid: one key", BARE)
passes(keys, "§6 without kid: the first of eight", BARE, keys=[auth(), *ring(7)])
passes(keys, "§6 without kid: the last of eight", BARE, keys=[*ring(7), auth()])
refused(keys, "unknown_key", "§6 without kid: the first of nine", BARE, keys=[auth(), *ring(8)])
refused(keys, "unknown_key", "§6 without kid: nine, all failing", BARE, keys=ring(9))
refused(keys, "bad_signature", "§6 without kid: eight, all failing", BARE, keys=ring(8))
refused(keys, "unknown_key", "§6 without kid: none", BARE, keys=[])
refused(keys, "unknown_key", "§6 without kid: nine, eight of them not yet active", BARE, keys=[auth(), *ring(8, not_before=NOW + 1)])
refused(keys, "unknown_key", "§6 without kid: nine, eight of them no longer active", BARE, keys=[auth(), *ring(8, not_after=NOW)])
passes(keys, "§6 without kid: eight, seven of them not active", BARE, keys=[auth(), *ring(7, not_after=NOW)])
refused(keys, "unknown_key", "§6 without kid: one, not active", BARE, keys=[auth(not_after=NOW)])
refused(keys, "unknown_key", "§6 without kid: one, revoked", BARE, keys=[auth(revoked=True)])
refused(keys, "bad_signature", "§6 without kid: the signer not active, another is", BARE, keys=[auth(not_after=NOW), *ring(1)])
refused(keys, "bad_signature", "§6 without kid: the signer revoked, another is not", BARE, keys=[auth(revoked=True), *ring(1)])
passes(keys, "§6 without kid: eight packet keys do not count", BARE, keys=[*ring(8, uses=["packet"]), auth()])
refused(keys, "unknown_key", "§6 without kid: packet keys alone", BARE, keys=ring(2, uses=["packet"]))
others = [auth(bytes([number]) * 64, f"long-{number}", algorithms=["HS512"]) for number in range(1, 9)]
passes(keys, "§6 without kid: eight keys of another algorithm do not count", BARE, keys=[*others, auth()])
refused(keys, "unknown_key", "§6 without kid: no key that alg fits", BARE, keys=others)
for alg in ("HS384", "HS512"):
    text = made(header(alg=alg), secret=LONG, alg=alg)
    passes(keys, f"§6 without kid: {alg}", text, keys=[*ring(3), auth(LONG, algorithms=EVERY)], policy={"algorithms": EVERY})

# The order of the stages.
EXPIRED = f'{{"exp":{NOW - 31}}}'
GARBLED = '{"exp":'
for code, comment, text, changed in [
    ("token_too_large", "size before shape", repeat("\u00e9", 8193), {}),
    ("malformed_token", "base64url before alg", made('{"alg":"none"}') + "=", {}),
    ("malformed_token", "the signature's base64url before alg", b64url(b'{"alg":"none"}') + f".{body}.A", {}),
    ("malformed_token", "the claims' base64url before alg", b64url(b'{"alg":"none"}') + f".A.{sig}", {}),
    ("malformed_token", "header types before alg: kid", made('{"alg":"none","kid":5}'), {}),
    ("malformed_token", "header types before crit: kid", made('{"alg":"HS256","kid":"","crit":["b64"]}'), {}),
    ("unsupported_algorithm", "alg before crit", with_header(alg="none", crit=["b64"]), {}),
    ("unsupported_algorithm", "alg before typ", with_header(alg="none", typ="x"), {}),
    ("unsupported_algorithm", "alg before zip", with_header(alg="none", zip="DEF"), {}),
    ("unsupported_algorithm", "the policy's alg before the key", with_header(alg="RS256", kid="nobody"), {}),
    ("unsupported_critical", "crit before zip", with_header(crit=["b64"], zip="DEF"), {}),
    ("unsupported_critical", "b64 before typ", with_header(b64=False, typ="x"), {}),
    ("unsupported_critical", "crit before the key", with_header(crit=["b64"], kid="nobody"), {}),
    ("malformed_token", "zip before the key", with_header(zip="DEF", kid="nobody"), {}),
    ("malformed_token", "typ before the key", with_header(typ="x", kid="nobody"), {}),
    ("malformed_token", "typ before revocation", with_header(typ="x"), {"keys": [auth(revoked=True)]}),
    ("unknown_key", "the key before the signature", with_header(kid="nobody"), {"keys": [auth(OTHER_SECRET)]}),
    ("revoked_key", "revocation before the key's algorithms", made(header("auth-1"), secret=LONG), {"keys": [auth(LONG, algorithms=["HS512"], revoked=True)]}),
    ("inactive_key", "the window before the key's algorithms", made(header("auth-1"), secret=LONG), {"keys": [auth(LONG, algorithms=["HS512"], not_after=NOW)]}),
    ("unsupported_algorithm", "the key's algorithms before the signature", made(header("auth-1"), secret=OTHER_SECRET), {"keys": only}),
    ("revoked_key", "revocation before the signature", made(secret=OTHER_SECRET), {"keys": [auth(revoked=True)]}),
    ("inactive_key", "the window before the signature", made(secret=OTHER_SECRET), {"keys": [auth(not_after=NOW)]}),
    ("bad_signature", "the signature before the claims' grammar", made(claims=GARBLED, secret=OTHER_SECRET), {}),
    ("bad_signature", "the signature before empty claims", f"{head}..{sig}", {}),
    ("bad_signature", "the signature before claims that are no object", made(claims="[]", secret=OTHER_SECRET), {}),
    ("bad_signature", "the signature before time", made(claims=EXPIRED, secret=OTHER_SECRET), {}),
    ("bad_signature", "the signature before a missing claim", made(claims="{}", secret=OTHER_SECRET), {}),
    ("malformed_token", "the claims' grammar before time", made(claims=f'{{"exp":{NOW - 31},"exp":1}}'), {}),
    ("malformed_argument", "the policy before everything", repeat("x", 8193), {"policy": {"x": 1}}),
    ("malformed_argument", "now before everything", "", {"now": NOW + 0.5}),
    ("malformed_argument", "an argument before the key", GENUINE, {"keys": [], "policy": {"leeway": 301}}),
]:
    refused(order, code, f"§6 {comment}", text, **changed)
for value in (-1, LAST + 1, str(NOW), True, [NOW]):
    refused(order, "malformed_argument", f"§4 now {value!r}", GENUINE, now=value)
