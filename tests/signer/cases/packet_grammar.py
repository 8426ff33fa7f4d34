"""The envelope of a packet: wire contract sections 1 and 2. What is malformed here is never inside the payload."""

from case import Subject
from fixtures import (
    BAD_CONTEXTS,
    BAD_NONCES,
    LAST,
    NONCE,
    assembled,
    data_members,
    evidence,
    key,
    members,
    sealed,
    sealed_bytes,
    verifying,
    without,
)
from text import concat, repeat

grammar = Subject(
    "packet-grammar",
    "The packet's members: presence, order, types and grammar (wire contract sections 1 and 2)",
)
SUBJECTS = [grammar]

GENUINE = members({"job": 42})
GENUINE_DATA = data_members(b"\x00\xff\n")
PAYLOAD = '{"job":42}'


def passes(comment, text, *flags, **call):
    grammar.ok(comment, verifying(text, **call), evidence(PAYLOAD), *flags)


def malformed(comment, text, *flags, **call):
    grammar.refused(comment, verifying(text, **call), "malformed_packet", *flags)


def altered(**changed):
    """The genuine JSON packet with the JSON text of some members replaced."""
    return assembled(GENUINE | changed)


# Section 2: read in any order, with JSON white space; escapes decoded before any grammar is judged.
passes("§2 as written", assembled(GENUINE))
passes("§2 members in reverse", assembled(dict(reversed(GENUINE.items()))))
passes("§2 the payload first", assembled({"payload": PAYLOAD} | GENUINE))
passes("§2 the version last", assembled(without(GENUINE, "v") | {"v": "1"}))
passes(
    "§2 every kind of JSON white space",
    " \t\r\n" + assembled(GENUINE).replace('"ts":', ' \n"ts"\t: ').replace(',"sig"', '\r\n, "sig"') + "\n\t ",
)
passes("§2 the payload not in RFC 8785 form", altered(payload=' { "j\\u006fb" : 4.2e1 } '))
passes("§2 a name escaped: kid", assembled(GENUINE).replace('"kid"', '"\\u006b\\u0069\\u0064"'))
passes("§2 a name escaped: v", assembled(GENUINE).replace('"v"', '"\\u0076"'))
passes("§2 a name escaped: payload", assembled(GENUINE).replace('"payload"', '"\\u0070ayload"'))
passes("§2 a value escaped: kid", altered(kid='"engine\\u002d7"'))
passes("§2 a value escaped: nonce", altered(nonce='"\\u0041\\u0041ECAwQFBgcICQoLDA0ODw"'))
passes("§2 a value escaped: sig", altered(sig=f'"\\u{ord(GENUINE["sig"][1]):04X}{GENUINE["sig"][2:]}'))
grammar.ok(
    "§2 a value escaped: data",
    verifying(assembled(GENUINE_DATA | {"data": '"AP8\\u004B"'})),
    evidence(data=b"\x00\xff\n"),
)
for comment, data in [
    ("empty", b""),
    ("one byte", b"\xfb"),
    ("two bytes", b"\xff\xfe"),
    ("every byte", bytes(range(256))),
]:
    grammar.ok(f"§2 raw bytes: {comment}", verifying(sealed_bytes(data)), evidence(data=data))

# Section 2: one JSON object, exactly these members.
for comment, text in [
    ("nothing", ""),
    ("white space alone", " \n"),
    ("null", "null"),
    ("a number", "1"),
    ("text", '"packet"'),
    ("an array", "[]"),
    ("an array of the packet", "[" + assembled(GENUINE) + "]"),
    ("the packet as a JSON string", '"' + assembled(GENUINE).replace('"', '\\"') + '"'),
    ("an empty object", "{}"),
    ("two packets", assembled(GENUINE) * 2),
    ("a packet and a comma", assembled(GENUINE) + ","),
    ("a packet and NUL", assembled(GENUINE) + "\0"),
    ("a packet after BOM", "\ufeff" + assembled(GENUINE)),
    ("a packet before BOM", assembled(GENUINE) + "\ufeff"),
    ("a packet after a no-break space", "\u00a0" + assembled(GENUINE)),
    ("a packet after a form feed", "\f" + assembled(GENUINE)),
    ("a packet after a comment", "/**/" + assembled(GENUINE)),
    ("a packet and a comment", assembled(GENUINE) + "//"),
    ("a packet with a trailing comma", assembled(GENUINE)[:-1] + ",}"),
    ("a packet with a leading comma", "{," + assembled(GENUINE)[1:]),
    ("a packet with two commas", assembled(GENUINE).replace(',"ts"', ',,"ts"')),
    ("a packet without a comma", assembled(GENUINE).replace(',"ts"', ' "ts"')),
    ("a packet with = for a colon", assembled(GENUINE).replace('"ts":', '"ts"=')),
    ("a packet with two colons", assembled(GENUINE).replace('"ts":', '"ts"::')),
    ("a packet with a name unquoted", assembled(GENUINE).replace('"ts"', "ts")),
    ("a packet with a name in single quotes", assembled(GENUINE).replace('"ts"', "'ts'")),
    ("a packet never closed", assembled(GENUINE)[:-1]),
    ("a packet closed by a bracket", assembled(GENUINE)[:-1] + "]"),
    ("a compact token", "eyJhbGciOiJIUzI1NiJ9.e30.AA"),
]:
    malformed(f"§2 {comment}", text)
malformed("§2 100,000 arrays in place of a packet", repeat("[", 100_000), "hostile")
malformed("§2 100,000 objects in place of a packet", repeat('{"v":', 100_000), "hostile")

for name in GENUINE:
    malformed(f"§2 without {name}", assembled(without(GENUINE, name)))
    malformed(f"§2 {name} twice, the same", assembled([*GENUINE.items(), (name, GENUINE[name])]))
    malformed(
        f"§2 {name} twice, once escaped",
        assembled([*GENUINE.items(), (f"\\u{ord(name[0]):04x}{name[1:]}", GENUINE[name])]),
        "hostile",
    )
    malformed(
        f"§2 {name.upper()} for {name}",
        assembled({(name.upper() if n == name else n): t for n, t in GENUINE.items()}),
    )
for name in without(GENUINE, "payload"):
    malformed(f"§2 {name} null", altered(**{name: "null"}))
malformed("§2 without data", assembled(without(GENUINE_DATA, "data")))
malformed("§2 data twice", assembled([*GENUINE_DATA.items(), ("data", GENUINE_DATA["data"])]))
malformed("§2 payload and data", altered(data='"AA"'))
malformed("§2 data and payload", assembled({"data": '"AA"'} | GENUINE))
malformed("§2 data and a payload of null", assembled(GENUINE_DATA | {"payload": "null"}))
for comment, name, text in [
    ("context", "context", '"engine_status"'),
    ("alg", "alg", '"HS256"'),
    ("kind", "kind", '"json"'),
    ("owner", "owner", '"engine-7"'),
    ("an empty name", "", "1"),
    ("__proto__", "__proto__", "{}"),
    ("constructor", "constructor", "null"),
    ("a name with a space", "v ", "1"),
    ("a name with NUL", "v\\u0000", "1"),
    ("a name with a lone surrogate", "\\ud800", "1"),
    ("a full-width v", "\uff56", "1"),
]:
    malformed(f"§2 nothing unsigned rides along: {comment}", assembled(GENUINE | {name: text}), "hostile")

# Section 2: `v` is the integer 1. Another integer is the matter of packet-version.
for text in (
    "1.0",
    "1e0",
    "10e-1",
    '"1"',
    '"2"',
    "true",
    "false",
    "[1]",
    "[2]",
    "{}",
    '{"v":2}',
    "01",
    "+1",
    "2.0",
    "2e0",
    "1.5",
    "-",
    "NaN",
    "2x",
    '""',
):
    malformed(f"§2 v is {text}", altered(v=text))

# Section 1: key id.
for comment, kid in [
    ("one character", "a"),
    ("64 characters", "k" * 64),
    ("every kind of character", "AZaz09._~-"),
    ("a dot alone", "."),
]:
    genuine = sealed({"job": 42}, kid=kid)
    grammar.ok(f"§1 kid: {comment}", verifying(genuine, keys=[key(kid)]), evidence(PAYLOAD, key_id=kid))
for comment, text in [
    ("empty", '""'),
    ("65 characters", '"' + "k" * 65 + '"'),
    ("a space within", '"engine 7"'),
    ("a space before", '" engine-7"'),
    ("a space after", '"engine-7 "'),
    ("LF escaped", '"engine-7\\n"'),
    ("NUL escaped", '"engine-7\\u0000"'),
    ("a slash", '"engine/7"'),
    ("a colon", '"engine:7"'),
    ("plus", '"engine+7"'),
    ("at", '"engine@7"'),
    ("an escaped slash", '"engine\\/7"'),
    ("a letter beyond ASCII", '"engin\u00e9-7"'),
    ("a letter beyond ASCII, escaped", '"engin\\u00e9-7"'),
    ("a full-width digit", '"engine-\uff17"'),
    ("a lone surrogate", '"engine-\\ud800"'),
    ("a raw line feed", '"engine-7\n"'),
    ("a bad escape", '"engine\\-7"'),
    ("a number", "7"),
    ("an array of it", '["engine-7"]'),
    ("an object", "{}"),
    ("true", "true"),
]:
    malformed(f"§1 kid: {comment}", altered(kid=text))
malformed(
    "§1 kid: 100,000 arrays", altered(kid=concat(repeat("[", 100_000), repeat("]", 100_000))), "hostile"
)
malformed("§1 kid: a million characters", altered(kid=concat('"', repeat("k", 1_000_000), '"')), "large")

# Section 1: timestamp.
grammar.ok("§1 ts 0", verifying(sealed({"job": 42}, ts=0), now=0), evidence(PAYLOAD, ts=0))
grammar.ok("§1 the last ts", verifying(sealed({"job": 42}, ts=LAST), now=LAST), evidence(PAYLOAD, ts=LAST))
for comment, text in [
    ("one beyond the last", str(LAST + 1)),
    ("2^53", "9007199254740992"),
    ("2^53+1", "9007199254740993"),
    ("2^64", "18446744073709551616"),
    ("in milliseconds", "1708167234000"),
    ("a leading zero", "01708167234"),
    ("two zeros", "00"),
    ("minus zero", "-0"),
    ("minus one", "-1"),
    ("a plus sign", "+1708167234"),
    ("a fraction of zero", "1708167234.0"),
    ("a fraction", "1708167234.5"),
    ("an exponent", "1708167234e0"),
    ("an exponent that makes it whole", "1.708167234e9"),
    ("a huge exponent", "1e400"),
    ("text", '"1708167234"'),
    ("empty text", '""'),
    ("NaN", "NaN"),
    ("NaN as text", '"NaN"'),
    ("Infinity", "Infinity"),
    ("an array of it", "[1708167234]"),
    ("an object", "{}"),
    ("true", "true"),
    ("hex", "0x65D08F42"),
    ("an underscore", "1_708_167_234"),
    ("Arabic digits", "\u0661\u0667\u0660\u0668"),
    ("full-width digits", "\uff11\uff17"),
    ("trailing letters", "1708167234abc"),
    ("a point at the end", "1708167234."),
]:
    malformed(f"§1 ts: {comment}", altered(ts=text))
malformed("§1 ts: 400 digits", altered(ts="1" * 400))
malformed("§1 ts: a million digits", altered(ts=repeat("1", 1_000_000)), "large")

# Section 1: nonce.
for comment, nonce in BAD_NONCES:
    malformed(f"§1 nonce {comment}", altered(nonce='"' + nonce + '"'))
malformed("§1 nonce as an array, which never matched the store", altered(nonce=f'["{NONCE}"]'), "hostile")
for text in ("1", "true", "{}", "[]", '["A","B"]'):
    malformed(f"§1 nonce {text}", altered(nonce=text))
malformed("§1 nonce with a line feed at its end", altered(nonce=f'"{NONCE}\\n"'))
for trailing in "BCDEFGHIJKLMNOP":
    malformed(
        f"§1 nonce with trailing bits: {trailing} for A", altered(nonce='"' + "A" * 21 + trailing + '"')
    )

# Section 1: signature.
SIG = GENUINE["sig"].strip('"')
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
position = ALPHABET.index(SIG[-1])
for comment, text in [
    ("empty", '""'),
    ("42 characters", f'"{SIG[:42]}"'),
    ("44 characters", f'"{SIG}A"'),
    ("padded", f'"{SIG}="'),
    ("31 bytes", '"' + "A" * 42 + '"'),
    ("33 bytes", '"' + "A" * 44 + '"'),
    ("the standard alphabet", '"' + "+/" * 21 + 'A"'),
    ("trailing bit 1", f'"{SIG[:42]}{ALPHABET[position + 1]}"'),
    ("trailing bit 2", f'"{SIG[:42]}{ALPHABET[position + 2]}"'),
    ("both trailing bits", f'"{SIG[:42]}{ALPHABET[position + 3]}"'),
    ("hex", '"' + "ab" * 32 + '"'),
    ("a prefix", f'"sha256={SIG}"'),
    ("a space before", f'" {SIG}"'),
    ("a line feed within", f'"{SIG[:20]}\\n{SIG[20:]}"'),
    ("not ASCII", f'"{SIG[:42]}\u00e9"'),
    ("an array of it", f'["{SIG}"]'),
    ("an object", "{}"),
    ("a number", "1"),
    ("true", "true"),
]:
    malformed(f"§1 sig: {comment}", altered(sig=text))

# Section 2: data is base64url, strictly.
for comment, text in [
    ("one character", '"A"'),
    ("five characters", '"AP8KA"'),
    ("padded", '"AA=="'),
    ("padded by one", '"AAA="'),
    ("trailing bits after one byte", '"AB"'),
    ("trailing bits after two bytes", '"AAB"'),
    ("the standard alphabet", '"+/+/"'),
    ("a space", '"AP 8"'),
    ("a line feed", '"AP8K\\n"'),
    ("not ASCII", '"AP8\u00e9"'),
    ("an array", '["AP8K"]'),
    ("an array of bytes", "[0,255,10]"),
    ("an object", '{"type":"Buffer","data":[0,255,10]}'),
    ("a number", "5"),
    ("true", "true"),
    ("null", "null"),
    ("a lone surrogate", '"\\ud800"'),
]:
    malformed(f"§2 data: {comment}", assembled(GENUINE_DATA | {"data": text}))

# Section 1: the context is an argument on both sides.
for comment, value in BAD_CONTEXTS:
    grammar.refused(
        f"§1 context {comment}", verifying(assembled(GENUINE), context=value), "malformed_argument"
    )
missing = verifying(assembled(GENUINE))
del missing["context"]
grammar.refused("§1 context is a required argument", missing, "malformed_argument")
for context in ("", "c" * 256, " ", "".join(map(chr, range(0x20, 0x7F)))):
    genuine = sealed({"job": 42}, context=context)
    grammar.ok(
        f"§1 context of {len(context)} bytes, {context[:1]!r} first",
        verifying(genuine, context=context),
        evidence(PAYLOAD),
    )
grammar.refused("§4 argument errors come before check 1", verifying("[", context="\n"), "malformed_argument")
