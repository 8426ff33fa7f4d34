"""JSON as section 2 of the wire contract reads it, everything but numbers: alone, and as the payload of a packet."""

from case import Subject
from fixtures import CONTEXT, NONCE, SECRET, TS, assembled, evidence, members, verifying
from packet import sign
from text import concat, nested, repeat

text = Subject("json-text", "Strict JSON to RFC 8785: literals, text, structure (wire contract section 2)")
payload = Subject("packet-json", "The same JSON as the payload of a packet (wire contract section 2)")
SUBJECTS = [text, payload]


def accepted(comment, source, canonical, *flags):
    """Read alone, and as a payload signed in its canonical form but sent as written here."""
    text.ok(f"§2 {comment}", {"op": "json.canonical", "text": source}, {"text": canonical}, *flags)
    sig = sign(SECRET, "engine-7", TS, NONCE, CONTEXT, "json", canonical)
    sent = assembled(members() | {"payload": source, "sig": f'"{sig}"'})
    payload.ok(f"§2 {comment}", verifying(sent), evidence(canonical), *flags)


def refused(comment, source, *flags):
    """Refused alone, and as a payload, where the fault lies inside the payload's value."""
    text.refused(f"§2 {comment}", {"op": "json.canonical", "text": source}, "malformed_payload", *flags)
    payload.refused(
        f"§2 {comment}", verifying(assembled(members() | {"payload": source})), "malformed_payload", *flags
    )


def alone(comment, source):
    """Refused alone; as a payload the fault would lie behind the value."""
    text.refused(f"§2 {comment}", {"op": "json.canonical", "text": source}, "malformed_payload")


# RFC 8785 3.2.2 and 3.2.3, as printed there.
accepted(
    "RFC 8785 3.2.2",
    '{\n  "numbers": [333333333.33333329, 1E30, 4.50,\n              2e-3, 0.000000000000000000000000001],\n'
    '  "string": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/",\n  "literals": [null, true, false]\n}',
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    "golden",
)
accepted(
    "RFC 8785 3.2.3: names sort by UTF-16 code units",
    '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",'
    '"\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}',
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",'
    '"\u20ac":"Euro Sign","\U0001f600":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    "golden",
)

# Literals.
for literal in ("null", "true", "false"):
    accepted(f"{literal}", literal, literal)
    accepted(f"{literal} between white space", f"\t\r\n {literal} ", literal)
for literal in (
    "NULL",
    "Null",
    "True",
    "TRUE",
    "False",
    "nul",
    "nulll",
    "truex",
    "true1",
    "true.",
    "true-",
    "true+",
    "tru",
    "t",
    "n",
    "f",
    "falsefalse",
    "undefined",
    "None",
    "NaN",
    "nan",
    "Infinity",
    "-Infinity",
    "inf",
    "yes",
    "a",
    "x1",
):
    refused(f"not a literal: {literal}", literal)
    refused(f"not a literal within an array: {literal}", f"[{literal}]")

# White space is space, tab, LF and CR.
accepted("white space between all tokens", ' [ 1 , { "a" : "b" , "c" : [ ] } ]\t\r\n', '[1,{"a":"b","c":[]}]')
for comment, space in [
    ("form feed", "\f"),
    ("vertical tab", "\v"),
    ("no-break space", "\u00a0"),
    ("line separator", "\u2028"),
    ("next line", "\u0085"),
    ("ideographic space", "\u3000"),
    ("NUL", "\0"),
    ("BOM", "\ufeff"),
    ("zero width space", "\u200b"),
]:
    refused(f"{comment} is no white space: before a value", space + "1")
    refused(f"{comment} is no white space: within an array", f"[{space}1]")
    alone(f"{comment} is no white space: after a value", '""' + space)
refused("a comment before a value", "/**/1")
refused("a line comment within", "[1 //\n]")
alone("a comment after a value", "1/**/")

# Structure.
for source, canonical in [
    ("[]", "[]"),
    ("{}", "{}"),
    ("[[],{}]", "[[],{}]"),
    ('{"a":{},"b":[]}', '{"a":{},"b":[]}'),
    ('{"":0}', '{"":0}'),
    ('{" ":0,"":1}', '{"":1," ":0}'),
    ("[null,null]", "[null,null]"),
]:
    accepted(f"structure {source}", source, canonical)
for source in (
    "[1,]",
    "[,1]",
    "[,]",
    "[1,,2]",
    "[1 2]",
    "[1;2]",
    "[1:2]",
    "[1}",
    "[",
    "[1",
    "[1,",
    "[[]",
    "[1,[2]",
    "]",
    "[)",
    '{"a":1,}',
    "{,}",
    '{,"a":1}',
    '{"a"}',
    '{"a",1}',
    '{"a":}',
    '{"a"1}',
    '{"a":1 "b":2}',
    '{"a":1;"b":2}',
    '{"a":1]',
    "{a:1}",
    "{'a':1}",
    "{1:2}",
    "{null:1}",
    "{[]:1}",
    '{"a":1,"b"}',
    '{"a"::1}',
    '{"a"=1}',
    "{",
    '{"a',
    '{"a"',
    '{"a":',
    '{"a":1,',
    '"a\\',
    "'a'",
    "`a`",
    "<a/>",
    "(1)",
    "=1",
    "#",
):
    refused(f"structure {source}", source)
for source in ('{"a":1', '"', '"a', '"a\\"'):
    alone(f"never closed: {source}", source)
for source in (
    "1 2",
    "1,2",
    "[] []",
    "[]]",
    "{}{}",
    "{}}",
    '""""',
    '"a"b',
    '1"a"',
    "null,",
    "1:",
    "1;",
    "true false",
    "[]1",
    "1[]",
):
    alone(f"after the value: {source}", source)
alone("nothing", "")
alone("white space alone", " \n\t\r")

# No member twice, at any depth, names compared unescaped.
for comment, source in [
    ("at the top", '{"a":1,"a":2}'),
    ("with the same value", '{"a":1,"a":1}'),
    ("the empty name", '{"":1,"":2}'),
    ("not side by side", '{"a":1,"b":2,"c":3,"a":4}'),
    ("within an array", '[{"a":1,"a":2}]'),
    ("at depth", '{"x":[[{"y":{"a":1,"b":0,"a":2}}]]}'),
    ("one of them escaped", '{"a":1,"\\u0061":2}'),
    ("escaped in upper and lower case", '{"\\u00E9":1,"\\u00e9":2}'),
    ("escaped beyond the basic plane", '{"\U0001f600":1,"\\ud83d\\ude00":2}'),
    ("a slash escaped", '{"/":1,"\\/":2}'),
    ("a quotation mark in two ways", '{"\\"":1,"\\u0022":2}'),
    ("__proto__", '{"__proto__":1,"__proto__":2}'),
]:
    refused(f"a member twice, {comment}", source, "hostile")
accepted("one name in two objects", '[{"a":1},{"a":1}]', '[{"a":1},{"a":1}]')
accepted("one name at two depths", '{"a":{"a":{"a":1}}}', '{"a":{"a":{"a":1}}}')
accepted("names that differ in case", '{"a":1,"A":2}', '{"A":2,"a":1}')
accepted(
    "names that look alike but are not normalised", '{"\\u00e9":1,"e\\u0301":2}', '{"e\u0301":2,"\u00e9":1}'
)
accepted(
    "__proto__ and constructor are names",
    '{"constructor":1,"__proto__":{"a":2}}',
    '{"__proto__":{"a":2},"constructor":1}',
)
accepted("names that look like array indices", '{"10":1,"9":2,"1":3,"01":4}', '{"01":4,"1":3,"10":1,"9":2}')
accepted("a name that is a prefix of another", '{"aa":1,"a":2,"aaa":3}', '{"a":2,"aa":1,"aaa":3}')
many = [f"{number:04d}" for number in range(1000)]
accepted(
    "a thousand names in reverse",
    "{" + ",".join(f'"{name}":0' for name in reversed(many)) + "}",
    "{" + ",".join(f'"{name}":0' for name in many) + "}",
)
refused(
    "a thousand names, the first again at the end",
    "{" + ",".join(f'"{name}":0' for name in [*many, many[0]]) + "}",
)

# Text.
accepted("every short escape", '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\"\\\\/\\b\\f\\n\\r\\t"')
accepted(
    "every control character, escaped",
    '"' + "".join(f"\\u{code:04X}" for code in range(32)) + '"',
    '"'
    + "".join(
        {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"}.get(code, f"\\u{code:04x}")
        for code in range(32)
    )
    + '"',
)
accepted(
    "escapes of printable characters",
    '"\\u0041\\u007f\\u0080\\u00ff\\u2028\\u2029"',
    '"A\u007f\u0080\u00ff\u2028\u2029"',
)
accepted("DEL and the line separators stand raw", '"\u007f\u2028\u2029"', '"\u007f\u2028\u2029"')
accepted("BOM within text", '"\ufeff\\ufeff"', '"\ufeff\ufeff"')
accepted("a surrogate pair, escaped", '"\\uD83D\\uDE00"', '"\U0001f600"')
accepted("the first and the last pair", '"\\ud800\\udc00\\udbff\\udfff"', '"\U00010000\U0010ffff"')
accepted("a surrogate pair in a name", '{"\\ud83d\\ude00":1}', '{"\U0001f600":1}')
accepted(
    "noncharacters, raw and escaped",
    '"\uffff\\uffff\\uFFFE\ufdd0\\ufdef\U0001ffff"',
    '"\uffff\uffff\ufffe\ufdd0\ufdef\U0001ffff"',
)
accepted("text is not normalised", '"e\\u0301\\u00e9\u212b"', '"e\u0301\u00e9\u212b"')
accepted("a backslash before u0041", '"\\\\u0041"', '"\\\\u0041"')
for comment, source in [
    ("a high surrogate alone", '"\\ud800"'),
    ("the last high surrogate alone", '"\\udbff"'),
    ("a low surrogate alone", '"\\udc00"'),
    ("the last low surrogate alone", '"\\udfff"'),
    ("two high surrogates", '"\\ud800\\ud800"'),
    ("two high surrogates and a low one", '"\\ud800\\ud800\\udc00"'),
    ("low before high", '"\\udc00\\ud800"'),
    ("a high surrogate before text", '"\\ud800x"'),
    ("a high surrogate before another escape", '"\\ud800\\n"'),
    ("a high surrogate before an escaped letter", '"\\ud800\\u0041"'),
    ("a high surrogate before a raw character of two units", '"\\ud800\U0001f600"'),
    ("a pair and a low surrogate", '"\\ud83d\\ude00\\ude00"'),
    ("a lone surrogate as a name", '{"\\ud800":1}'),
    ("a lone surrogate at depth", '[[{"a":["\\udfff"]}]]'),
]:
    refused(f"surrogates: {comment}", source, "hostile")
for code in (0x00, 0x01, 0x08, 0x09, 0x0A, 0x0D, 0x1F):
    refused(f"a raw control character U+{code:04X} in text", f'"a{chr(code)}b"')
refused("a raw tab in a name", '{"a\tb":1}')
for escape in (
    "a",
    "'",
    "0",
    "x41",
    "u",
    "u1",
    "u12",
    "u123",
    "u12g4",
    "u 123",
    "u+123",
    "u-123",
    "u{41}",
    "U0041",
    "e",
    "v",
    "B",
    "N",
    "\n",
    " ",
):
    refused(f"not an escape: {escape!r}", f'"\\{escape}"')
refused("full-width hex digits in an escape", '"\\u\uff10\uff10\uff14\uff11"')

# Depth: 64 arrays and objects open.
accepted("depth 64 of arrays", nested(64), nested(64))
accepted(
    "depth 64 of objects",
    concat(repeat('{"a":', 63), "{}", repeat("}", 63)),
    concat(repeat('{"a":', 63), "{}", repeat("}", 63)),
)
accepted(
    "depth 64 of both",
    concat(repeat('[{"a":', 32), "1", repeat("}]", 32)),
    concat(repeat('[{"a":', 32), "1", repeat("}]", 32)),
)
accepted(
    "depth 64 many times over",
    concat("[", repeat(f"{'[' * 63}{']' * 63},", 20), "1]"),
    concat("[", repeat(f"{'[' * 63}{']' * 63},", 20), "1]"),
)
accepted(
    "brackets in text are no depth", concat('"', repeat("[", 100), '"'), concat('"', repeat("[", 100), '"')
)
refused("depth 65 of arrays", nested(65))
refused("depth 65 of objects", concat(repeat('{"a":', 64), "{}", repeat("}", 64)))
refused("depth 65 of both", concat(repeat('[{"a":', 32), "[]", repeat("}]", 32)))
refused("depth 65 after a shallow start", concat("[1,[],", nested(64), "]"))
refused("depth 1,000", nested(1_000), "hostile")
refused("depth 100,000", nested(100_000), "hostile")
refused("100,000 arrays never closed", repeat("[", 100_000), "hostile")
refused("100,000 objects never closed", repeat('{"a":', 100_000), "hostile")
