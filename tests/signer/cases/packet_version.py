"""unsupported_version: wire contract section 2. One object by RFC 8259's grammar whose single `v` is an integer other than 1."""

from case import Subject
from fixtures import TEXT_LIMIT, assembled, data_members, members, verifying, without
from text import concat, nested, repeat

version = Subject("packet-version", "Another version (wire contract section 2)")
SUBJECTS = [version]

GENUINE = members({"job": 42})
OTHER = GENUINE | {"v": "2"}


def other(comment, text, *flags):
    version.refused(f"§2 {comment}", verifying(text), "unsupported_version", *flags)


def not_other(comment, text, code="malformed_packet", *flags):
    version.refused(f"§2 not another version: {comment}", verifying(text), code, *flags)


# Integers other than 1, whatever their size.
for number in (
    "0",
    "-0",
    "-1",
    "2",
    "3",
    "10",
    "11",
    "-2",
    "255",
    "256",
    "65537",
    "4294967297",
    "9007199254740991",
    "9007199254740993",
    "18446744073709551617",
):
    other(f"v is {number}", assembled(GENUINE | {"v": number}))
other("v has 400 digits", assembled(GENUINE | {"v": concat("1", repeat("0", 399))}))
other("v has 100,000 digits", assembled(GENUINE | {"v": repeat("1", 100_000)}), "hostile")
other("v is minus 400 digits", assembled(GENUINE | {"v": concat("-", repeat("9", 400))}))

# Whatever else the text holds.
other("v alone", '{"v":2}')
other("v alone, between white space", ' \t\r\n{ "v" : 2 }\n ')
other("v last", assembled(without(GENUINE, "v") | {"v": "2"}))
other("v escaped", '{"\\u0076":2}')
other("v escaped, in upper-case hex", '{"\\u0076":-1,"kid":1}')
other("v escaped, last", assembled([*without(GENUINE, "v").items(), ("\\u0076", "2")]))
for comment, changed in [
    ("kid empty", {"kid": '""'}),
    ("kid an array", {"kid": "[1,2]"}),
    ("ts as text", {"ts": '"x"'}),
    ("ts with a fraction", {"ts": "1.5"}),
    ("nonce an array", {"nonce": '["A"]'}),
    ("sig an object", {"sig": '{"a":1}'}),
    ("no signature of ours", {"sig": '"AA"'}),
    ("an unknown member", {"suite": '"ed25519"'}),
    ("payload and data", {"data": '"AA"'}),
    ("data that is no base64url", {"data": '"A"'}),
    ("a nested v", {"payload": '{"v":1}'}),
    ("a nested v twice", {"payload": '{"v":1,"v":1}'}),
    ("a member twice in the payload", {"payload": '{"a":1,"a":2}'}),
    ("a lone surrogate in the payload", {"payload": '"\\ud800"'}),
    ("a lone surrogate in kid", {"kid": '"\\udc00"'}),
    ("a lone surrogate as a name", {"\\ud800": "1"}),
    ("a number that overflows", {"payload": "1e400"}),
    ("an integer beyond 2^53", {"payload": "9007199254740993"}),
    ("a long exponent", {"ts": "1e99999999999999999999"}),
    ("depth 65", {"payload": nested(65)}),
    ("depth 65 in kid", {"kid": nested(65)}),
]:
    other(f"v is 2, {comment}", assembled(OTHER | changed))
    other(f"{comment}, then v is 2", assembled(without(OTHER, "v") | changed | {"v": "2"}))
for name in without(GENUINE, "v"):
    other(f"v is 2, without {name}", assembled(without(OTHER, name)))
    other(f"v is 2, {name} twice", assembled([*OTHER.items(), (name, GENUINE[name])]))
other("v is 2, raw bytes", assembled(data_members(b"a") | {"v": "2"}))
other("kid twice, then v is 2", '{"kid":1,"kid":2,"v":2}')
other("an escaped name twice, and v is 2", '{"a":1,"\\u0061":2,"v":2}')
other("V is another member", '{"V":1,"v":2}')
other("100,000 deep, then v is 2", assembled({"payload": nested(100_000), "v": "2"}), "hostile")
other("v is 2, then 100,000 deep", assembled({"v": "2", "payload": nested(100_000)}), "hostile")
other(
    "100,000 objects deep, each with a v, then v is 2",
    assembled({"x": concat(repeat('{"v":', 100_000), "1", repeat("}", 100_000)), "v": "2"}),
    "hostile",
)
other(
    "v is 2, a body over the limit",
    assembled({"v": "2", "payload": concat('"', repeat("a", 2_000_000), '"')}),
    "large",
)
deep = '{"v":2,"x":"'
other("v is 2, text at the limit", concat(deep, repeat("a", TEXT_LIMIT - len(deep) - 2), '"}'), "large")
not_other(
    "text beyond the limit is not read",
    concat(deep, repeat("a", TEXT_LIMIT - len(deep) - 1), '"}'),
    "payload_too_large",
    "large",
)

# No integer: the ordinary rules.
for value in (
    "2.0",
    "2e0",
    "2E0",
    "20e-1",
    "1.0",
    "1e0",
    '"2"',
    '"1"',
    "true",
    "null",
    "[2]",
    '{"v":2}',
    "0.5",
    "-1.0",
):
    not_other(f"v is {value}", assembled(GENUINE | {"v": value}))

# More than one v, or none at the top.
not_other("v twice", assembled([("v", "2"), ("v", "2")]))
not_other("v is 2, then 1", assembled([("v", "2"), *GENUINE.items()]))
not_other("v is 1, then 2", assembled([*GENUINE.items(), ("v", "2")]))
not_other("v twice, once escaped", '{"v":2,"\\u0076":2}')
not_other("v twice, then a payload that is broken by the contract", '{"v":2,"v":2,"payload":1e400}')
not_other(
    "a payload that is broken by the contract, then v twice",
    '{"payload":1e400,"v":2,"v":2}',
    "malformed_payload",
)
not_other("v nested alone", '{"x":{"v":2}}')
not_other("v in the payload alone", '{"payload":{"v":2}}')
not_other("v in an array", '[{"v":2}]')
not_other("V for v", '{"V":2}')
not_other("v with NUL", '{"v\\u0000":2}')
not_other("v as text alone", '"v"')

# Broken by RFC 8259's own grammar: the first fault decides, and v is 2 is one.
BROKEN = [
    "tru",
    "01",
    "1.",
    "+1",
    "NaN",
    "-Infinity",
    "",
    "'a'",
    "[1,]",
    '{"a":1,}',
    "{a:1}",
    '"\x01"',
    '"\\x41"',
    '"\\u12"',
    "[1 2]",
    "0x1",
    "1 /**/",
]
for value in BROKEN:
    not_other(f"v is 2, then a payload of {value!r}", assembled({"v": "2", "payload": value}))
    if value != "1 /**/":
        not_other(
            f"a payload of {value!r}, then v is 2",
            assembled({"payload": value, "v": "2"}),
            "malformed_payload",
        )
    not_other(f"kid is {value!r}, then v is 2", assembled({"kid": value, "v": "2"}))
for comment, text in [
    ("BOM", '\ufeff{"v":2}'),
    ("text behind", '{"v":2}x'),
    ("a comma behind", '{"v":2},'),
    ("NUL behind", '{"v":2}\0'),
    ("BOM behind", '{"v":2}\ufeff'),
    ("another behind", '{"v":2}{"v":2}'),
    ("a trailing comma", '{"v":2,}'),
    ("never closed", '{"v":2'),
    ("closed by a bracket", '{"v":2]'),
    ("unquoted", "{v:2}"),
    ("in single quotes", "{'v':2}"),
    ("a leading zero", '{"v":02}'),
    ("a plus sign", '{"v":+2}'),
    ("letters behind the number", '{"v":2x}'),
    ("a no-break space before", '\u00a0{"v":2}'),
    ("a form feed within", '{"v":\f2}'),
    ("a bad escape in its name", '{"\\x76":2}'),
    ("a comment", '{"v":2}//'),
]:
    not_other(f"v is 2, {comment}", text)
not_other(
    "v is 2, then 100,000 deep, never closed",
    concat('{"v":2,"payload":', repeat("[", 100_000)),
    "malformed_packet",
    "hostile",
)
not_other(
    "100,000 deep, never closed", concat('{"payload":', repeat("[", 100_000)), "malformed_payload", "hostile"
)
not_other(
    "closed by the wrong brackets, 100,000 deep",
    assembled({"payload": concat(repeat("[", 100_000), repeat("}", 100_000)), "v": "2"}),
    "malformed_payload",
    "hostile",
)

# Invalid UTF-8 anywhere.
for comment, text, code in [
    ("then invalid UTF-8 in the payload", b'{"v":2,"payload":"\xff"}', "malformed_packet"),
    ("then invalid UTF-8 in kid", b'{"v":2,"kid":"\xff"}', "malformed_packet"),
    ("then invalid UTF-8 behind", b'{"v":2}\xff', "malformed_packet"),
]:
    not_other(f"v is 2, {comment}", text, code)
not_other("invalid UTF-8 in the payload, then v is 2", b'{"payload":"\xff","v":2}', "malformed_payload")
not_other("invalid UTF-8 in a name, then v is 2", b'{"\xff":1,"v":2}')
not_other(
    "an encoded surrogate in the payload, then v is 2",
    b'{"payload":"\xed\xa0\x80","v":2}',
    "malformed_payload",
)
not_other(
    "a payload beyond the contract, then invalid UTF-8, then v is 2",
    b'{"payload":1e400,"x":"\xff","v":2}',
    "malformed_payload",
)
other("as bytes", b'{"v":2,"x":"\xc3\xa9"}')

# Check 2 comes before check 3 and after the arguments.
version.refused(
    "§4 another version, and no such key", verifying(assembled(OTHER), keys=[]), "unsupported_version"
)
version.refused(
    "§4 another version, and a bad argument", verifying(assembled(OTHER), context="\n"), "malformed_argument"
)
