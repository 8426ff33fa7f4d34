"""Reading tokens: wire contract section 6, from size to the header's members."""

from case import Subject
from packet import b64url
from reading import CLAIMS, EXP, HEADER, call, made, with_header
from text import concat, repeat

tokens = Subject(
    "token-shape", "Tokens: size, parts, base64url, header grammar and types (wire contract section 6)"
)
SUBJECTS = [tokens]

GENUINE = made()
head, body, sig = GENUINE.split(".")
NUL = "\0"


def passes(comment, text, *flags, claims=CLAIMS, **changed):
    tokens.ok(comment, call(text, **changed), {"claims_text": claims}, *flags)


def refused(code, comment, text, *flags, **changed):
    tokens.refused(comment, call(text, **changed), code, *flags)


# Size first.
frame = len(head) + 2 + 43
for total in (8192, 8193):
    claims = f'{{"a":"{"a" * ((total - frame) * 3 // 4 - len(CLAIMS) - 7)}","exp":{EXP}}}'
    text = made(claims=claims)
    assert len(text) == total
    if total == 8192:
        passes("§6 a token of 8192 bytes", text, claims=claims)
    else:
        refused("token_too_large", "§6 a token of 8193 bytes", text)
refused("token_too_large", "§6 8193 bytes that are no token", repeat("x", 8193))
refused("malformed_token", "§6 8192 bytes that are no token", repeat("x", 8192))
refused("token_too_large", "§6 8192 characters of more bytes", concat(repeat("x", 8191), "\u00e9"))
refused("token_too_large", "§6 10 MiB", repeat(".", 10 * 1024 * 1024), "large", "hostile")

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
    refused("malformed_token", f"§6 shape: {comment}", text)

# base64url, strictly, in each part.
odd_head = HEADER + " " * (2 - len(HEADER) % 3 if len(HEADER) % 3 < 2 else 2)
parts = made(odd_head, CLAIMS + " " * ((1 - len(CLAIMS)) % 3)).split(".")
passes("§6 parts whose last characters have bits to spare", ".".join(parts))
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
        refused("malformed_token", f"§6 base64url: the {name} {comment}", text)

# Header: JSON as section 2 reads it.
GOOD = '"alg":"HS256","kid":"auth-1"'
for comment, text in [
    ("white space", ' {\t"alg" : "HS256",\r\n "kid":"auth-1" } '),
    ("names and values escaped", '{"\\u0061lg":"HS\\u003256","k\\u0069d":"auth\\u002d1"}'),
    ("another order", '{"kid":"auth-1","typ":"JWT","alg":"HS256"}'),
    ("depth 64", f'{{{GOOD},"x":{"[" * 63}{"]" * 63}}}'),
    ("unknown members", f'{{{GOOD},"x":1,"cty":"json","nonce":"n","Alg":"none","KID":5}}'),
]:
    passes(f"§6 header: {comment}", made(text))
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
    refused("malformed_token", f"§6 header: {comment}", made(text))

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
    refused("malformed_token", f"§6 header types: {comment}", made(text))
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
    refused("unknown_key", f"§6 a kid {comment} is only unknown", with_header(kid=kid))

# alg, crit, b64, zip, typ; jku, jwk, x5u, x5c ignored.
for alg in (
    "none",
    "None",
    "NONE",
    "",
    "hs256",
    "HS256 ",
    "HS1",
    "HS224",
    "RS256",
    "ES256",
    "EdDSA",
    "HS384",
    "HS512",
    "HS256\0",
):
    refused("unsupported_algorithm", f"§6 alg {alg!r} is not in the policy", with_header(alg=alg))
refused(
    "unsupported_algorithm",
    "§6 alg none without a signature",
    b64url(b'{"alg":"none"}') + "." + body + ".",
    "hostile",
)
refused("unsupported_algorithm", "§6 HS256 is not in the policy", GENUINE, policy={"algorithms": ["HS384"]})
for name, value in [
    ("crit", ["b64"]),
    ("crit", []),
    ("crit", None),
    ("crit", ["exp"]),
    ("crit", "b64"),
    ("b64", False),
    ("b64", True),
    ("b64", None),
    ("b64", "x"),
]:
    refused("unsupported_critical", f"§6 {name} {value!r}", with_header(**{name: value}))
for value in ("DEF", "", None, 5):
    refused("malformed_token", f"§6 zip {value!r}", with_header(zip=value))
for typ in ("JWT", "jwt", "Jwt", "application/jwt", "application/JWT", "APPLICATION/Jwt"):
    passes(f"§6 typ {typ!r}", with_header(typ=typ))
passes("§6 typ absent", with_header(typ=...))
for typ in (
    "",
    "JOSE",
    "at+jwt",
    "JWT ",
    " JWT",
    "jwt+x",
    "application/",
    "application/application/jwt",
    "text/jwt",
    "jw\u0166",
    "\uff2aWT",
    "counterseal-ticket+jwt",
):
    refused("malformed_token", f"§6 typ {typ!r}", with_header(typ=typ))
for typ in (None, 5, ["JWT"], True, {}):
    refused("malformed_token", f"§6 typ {typ!r} is not a string", with_header(typ=typ))
TICKET = {"typ": "counterseal-ticket+jwt"}
for typ in ("counterseal-ticket+jwt", "Counterseal-Ticket+JWT", "application/counterseal-ticket+jwt"):
    passes(f"§6 a rule names the typ {typ!r}", with_header(typ=typ), policy=TICKET)
for typ in ("JWT", ..., "counterseal-ticket", "counterseal-tic\u212aet+jwt", None):
    comment = "absent" if typ is ... else repr(typ)
    refused(
        "malformed_token", f"§6 a rule names a typ, and it is {comment}", with_header(typ=typ), policy=TICKET
    )
for name, value in [
    ("jku", "https://evil.example/keys"),
    ("jwk", {"kty": "oct", "k": "AA"}),
    ("x5u", "https://evil.example"),
    ("x5c", ["AA"]),
    ("jku", 5),
    ("jwk", None),
]:
    passes(f"§6 {name} {value!r} is ignored", with_header(**{name: value}), "hostile")
