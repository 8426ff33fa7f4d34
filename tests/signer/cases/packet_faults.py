"""Which fault: the first in text order decides, wire contract section 2. Every packet here holds one fault or several."""

from case import Subject
from fixtures import assembled, data_members, members, verifying, without
from text import concat, nested

faults = Subject("packet-faults", "Which fault: the first in text order decides (wire contract section 2)")
SUBJECTS = [faults]

GENUINE = members({"job": 42})
HEAD = assembled(without(GENUINE, "payload", "sig"))[:-1]
TAIL = f',"sig":{GENUINE["sig"]}}}'
WHERE = {"inside": "malformed_payload", "elsewhere": "malformed_packet"}


def fault(where, comment, text):
    faults.refused(f"§2 {where}: {comment}", verifying(text), WHERE[where])


def payload_text(value, tail=TAIL):
    """A packet with this after the payload's colon."""
    return concat(HEAD, ',"payload":', value, tail)


# The payload's value begins after its colon; a missing value is inside it.
for value in (
    "",
    " ",
    "]",
    ")",
    "'a'",
    "?",
    ":1",
    ": 1",
    ",1",
    "_",
    "/",
    "=1",
    "\\",
    "\u00e9",
    "\x01",
    "\ufeff1",
    "\u00a01",
):
    fault("inside", f"no value, but {value!r}", payload_text(value))
fault("inside", "no value, then the closing brace", payload_text("", "}"))
fault("inside", "no value, then a closing bracket", payload_text("", "]}"))

# A number or literal extends over the longest run of letters, digits, plus, minus and point.
for value in (
    "1x",
    "1-",
    "1+1",
    "1.",
    "01",
    "1e",
    "1e5x",
    "0x1",
    "1.5.2",
    "-",
    "+1",
    ".5",
    "truex",
    "true1",
    "true.",
    "true-",
    "nulll",
    "nullnull",
    "tru",
    "True",
    "NaN",
    "Infinity",
    "-Infinity",
    "x",
    "9007199254740993",
    "1e400",
):
    fault("inside", f"the run {value}", payload_text(value))
for value in (
    "1_",
    "1_000",
    "1/2",
    "1:2",
    "1;",
    "1'",
    "1]",
    "1)",
    '1"a"',
    "1[",
    "1{}",
    "1 x",
    "1 2",
    "1 .",
    "1\u00a0",
    "1\0",
    "1=",
    "1\\",
    "1\ufeff",
    "1%",
):
    fault("elsewhere", f"behind the run of {value!r}", payload_text(value))
for value in ("true_", "true/", 'true"', "true x", "true true", "null[", "false:", "null\ufeff"):
    fault("elsewhere", f"behind the run of {value!r}", payload_text(value))
for value in (
    '"a"b',
    '"a""b"',
    '"a"1',
    "[]1",
    "[]x",
    "[1]]",
    "{}x",
    "{}}",
    "{}{}",
    '{"a":1}}',
    "[] []",
    '""\x01',
    "[]\f",
):
    fault("elsewhere", f"behind the value in {value!r}", payload_text(value))

# The end of the text at every kind of place.
BEFORE = [
    "",
    "{",
    '{"',
    '{"v',
    '{"v"',
    '{"v":',
    '{"v":1',
    '{"v":1,',
    '{"v":1,"kid":"eng',
    '{"v":1,"ts":',
    '{"v":1,"ts":17',
    HEAD,
    HEAD + ",",
]
for text in [
    *BEFORE,
    HEAD + ',"pay',
    HEAD + ',"payload',
    HEAD + ',"payload"',
    HEAD + ',"payload" ',
    HEAD + ',"data":',
    HEAD + ',"data":"AA',
]:
    fault("elsewhere", f"the end after {text[-12:]}", text)
for value in (
    "",
    " ",
    "\n",
    "-",
    "1.",
    "1e",
    "1e+",
    "tru",
    "n",
    '"',
    '"a',
    '"a\\',
    '"\\u',
    '"\\u00',
    '"\\u0041',
    '"\\ud800',
    '"\\ud800\\',
    "[",
    "[ ",
    "[1",
    "[1,",
    "[1 ",
    "[[]",
    '["a',
    "{",
    '{"',
    '{"a',
    '{"a"',
    '{"a":',
    '{"a": ',
    '{"a":1',
    '{"a":1,',
    '{"a":{}',
    '{"a":[1]',
):
    fault("inside", f"the end after a payload of {value!r}", payload_text(value, ""))
for value in (
    "1",
    "12",
    "-0",
    "1.5",
    "1e5",
    "true",
    "null",
    '""',
    '"a"',
    "[]",
    "[1]",
    "{}",
    '{"a":1}',
    "1 ",
    "[] ",
    "null\n",
):
    fault("elsewhere", f"the end behind a payload of {value!r}", payload_text(value, ""))
    fault("elsewhere", f"the end behind a payload of {value!r} and a comma", payload_text(value, ","))
fault("elsewhere", "the end within sig", payload_text("1", ',"sig":"AA'))
fault("elsewhere", "the end behind sig", payload_text("1", ',"sig":' + GENUINE["sig"]))

# Faults elsewhere, each before and after a fault inside the payload.
BAD_PAYLOADS = [
    ("broken", "tru"),
    ("missing", ""),
    ("a member twice", '{"a":1,"a":2}'),
    ("too deep", nested(65)),
    ("too large a number", "1e400"),
    ("a lone surrogate", '"\\ud800"'),
]
BAD_MEMBERS = [
    ("kid", '"engine 7"'),
    ("kid", "7"),
    ("kid", '["engine-7"]'),
    ("kid", "tru"),
    ("kid", '"\\ud800"'),
    ("kid", '"\\x"'),
    ("ts", '"1"'),
    ("ts", "-1"),
    ("ts", "1.5"),
    ("ts", "NaN"),
    ("ts", "253402300800"),
    ("nonce", '"A"'),
    ("nonce", '["AAECAwQFBgcICQoLDA0ODw"]'),
    ("sig", '""'),
    ("sig", "null"),
    ("v", "1.0"),
    ("v", '"1"'),
    ("v", "x"),
]
for name, value in BAD_MEMBERS:
    rest = without(GENUINE, name, "payload")
    bad = {name: value}
    fault(
        "elsewhere",
        f"{name} is {value}, then a payload that is broken",
        assembled(bad | {"payload": "tru"} | rest),
    )
    fault(
        "inside",
        f"a payload that is broken, then {name} is {value}",
        assembled({"payload": "tru"} | bad | rest),
    )
for comment, value in BAD_PAYLOADS:
    rest = without(GENUINE, "kid", "payload")
    fault(
        "elsewhere",
        f"kid, then a payload that is {comment}",
        assembled({"kid": '""', "payload": value} | rest),
    )
    fault(
        "inside", f"a payload that is {comment}, then kid", assembled({"payload": value, "kid": '""'} | rest)
    )

# A repeated or unknown member, or the second of payload and data, counts at its name.
broken = ("payload", "tru")
genuine = [pair for pair in GENUINE.items() if pair[0] != "payload"]
for comment, pairs in [
    ("an unknown member", [("x", "1")]),
    ("an unknown member whose value is broken too", [("x", "tru")]),
    ("an escaped unknown member", [("\\u0078", "1")]),
    ("kid again", [("kid", '"engine-7"')]),
    ("kid again, escaped", [("\\u006bid", '"engine-7"')]),
    ("v again", [("v", "1")]),
]:
    fault("elsewhere", f"{comment}, then a payload that is broken", assembled([*genuine, *pairs, broken]))
    fault("inside", f"a payload that is broken, then {comment}", assembled([*genuine, broken, *pairs]))
data = ("data", '"AA"')
fault("inside", "a payload that is broken, then data", assembled([*genuine, broken, data]))
fault("elsewhere", "data, then a payload that is broken", assembled([*genuine, data, broken]))
fault(
    "elsewhere", "data, then the name payload and no colon", assembled([*genuine, data])[:-1] + ',"payload"}'
)
fault("inside", "a payload that is broken, then another", assembled([*genuine, broken, ("payload", "1")]))
fault("elsewhere", "a payload, then another that is broken", assembled([*genuine, ("payload", "1"), broken]))
fault(
    "elsewhere",
    "a payload, then another, escaped, that is broken",
    assembled([*genuine, ("payload", "1"), ("\\u0070ayload", "tru")]),
)
fault(
    "elsewhere",
    "data that is no base64url, then a payload that is broken",
    assembled([*genuine, ("data", '"A"'), broken]),
)
fault("inside", "an escaped name payload, its value broken", assembled([*genuine, ("\\u0070ayload", "tru")]))

# A missing member counts at the closing brace.
for name in ("v", "kid", "ts", "nonce", "sig"):
    fault(
        "inside",
        f"a payload that is broken, and no {name}",
        assembled(without(GENUINE, name) | {"payload": "tru"}),
    )
fault("elsewhere", "no kid, and text behind the packet", assembled(without(GENUINE, "kid")) + "x")
fault(
    "inside",
    "a payload that is broken, and text behind the packet",
    assembled(GENUINE | {"payload": "tru"}) + "x",
)
fault(
    "inside",
    "a payload that is broken, and a trailing comma",
    assembled(GENUINE | {"payload": "tru"})[:-1] + ",}",
)
fault("elsewhere", "a name without quotation marks, then a payload that is broken", '{v:1,"payload":tru}')
fault("elsewhere", "the name of the payload broken", HEAD + ',"payload:1' + TAIL)
fault("elsewhere", "the name of the payload, a raw tab in it", HEAD + ',"pay\tload":1' + TAIL)
fault("elsewhere", "the name of the payload, a bad escape in it", HEAD + ',"\\x70ayload":1' + TAIL)
fault("elsewhere", "no colon after the name of the payload", HEAD + ',"payload" 1' + TAIL)
fault("elsewhere", "BOM, then a payload that is broken", "\ufeff" + payload_text("tru"))

# data is elsewhere.
WITH_DATA = data_members(b"\x00\xff\n")
for value in ("", "tru", "[", nested(65), '{"a":1,"a":2}', '"\\ud800"', "1e400", nested(100_000)):
    fault(
        "elsewhere",
        f"data is {value if isinstance(value, str) else 'deep'}",
        assembled(WITH_DATA | {"data": value}),
    )
