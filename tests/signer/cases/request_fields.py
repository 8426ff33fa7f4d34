"""Fields and signatures: labels, repeated and folded lines, limits (wire contract section 3)."""

from case import Subject
from sending import JSON, Request, Verdicts, pairs
from text import concat, repeat

request_fields = Subject(
    "request-fields", "Requests: labels, field lines and their limits (wire contract section 3)"
)
SUBJECTS = [request_fields]
case = Verdicts(request_fields)
passes, refuses = case.passes, case.refuses

GOLDEN = Request()
SIGNED = GOLDEN.sealed()
INPUT, SIGNATURE = SIGNED.field("signature-input"), SIGNED.field("signature")


def bad(comment, sent, *flags, **changed):
    refuses("malformed_request", comment, sent, *flags, **changed)


# Other labels, whatever they say, before ours and behind it.
for text in (
    "a=1",
    "a=-1",
    "a=999999999999999",
    "a=1.5",
    "a=-123456789012.125",
    'a="x"',
    'a=""',
    'a="\\"\\\\"',
    "a=token",
    "a=*/:!#$%&'*+-.^_`|~",
    "a=:AAAA:",
    "a=::",
    "a=?0",
    "a=?1",
    "a",
    "a;b;c=1",
    'a=1;b=?0;c="d"; e=:AA==:',
    "a=()",
    "a=( )",
    "a=(1 2  3)",
    'a=("@method";req "x";key="y" z);created=1;expires=2.5;alg="ed25519"',
    "*a=1",
    "a*b.c-d_e9=1",
    "counterseal2=1",
    "counter=1",
    "sig1=(), sig2=()",
):
    passes(f"{text} before ours", SIGNED.carrying(f"{text}, {{}}", f"{text}, {{}}"))
    passes(f"{text} behind ours", SIGNED.carrying(f"{{}},{text}", f"{{}} \t,\t {text}"))
passes("another label in Signature-Input alone", SIGNED.carrying('proxy=("@method"), {}'))
passes("another label in Signature alone", SIGNED.carrying("{}", "proxy=:AAAA:, {}"))
for text in (
    "A=1",
    "1=1",
    "_a=1",
    "a b=1",
    "a =1",
    "a= 1",
    "a=",
    "=1",
    "a==1",
    "a=1.",
    "a=.5",
    "a=1.2345",
    "a=1234567890123.5",
    "a=1234567890123456",
    "a=--1",
    "a=-",
    "a=+1",
    "a=1e5",
    'a="x',
    'a="\\x"',
    'a="\t"',
    "a='x'",
    "a=:AAAA",
    "a=:A-_A:",
    "a=:A A:",
    "a=?2",
    "a=?",
    "a=?true",
    "a=(1",
    "a=1)",
    "a=(1,2)",
    'a=("x""y")',
    "a=(1\t2)",
    "a=((1))",
    "a=1;B=2",
    "a=1;",
    "a=1;b=",
    "a=1 b=2",
    "a=1; ;b",
    "a=1;\tb",
    "a=@1708167234",
    'a=%"x"',
    "a=<x>",
    "a=[1]",
    ",",
    ";a=1",
    "()",
    '"a"=1',
):
    bad(f"{text} before ours in Signature-Input", SIGNED.carrying(f"{text}, {{}}"))
    bad(f"{text} behind ours in Signature", SIGNED.carrying("{}", f"{{}}, {text}"))
for comment, words in (
    ("a comma behind it", "{},"),
    ("a comma and white space behind it", "{}, \t"),
    ("a comma in front", ",{}"),
    ("two commas", "a=1,,{}"),
    ("a semicolon for a comma", "a=1;{}"),
    ("a space for a comma", "a=1 {}"),
):
    bad(f"Signature-Input with {comment}", SIGNED.carrying(words))
    bad(f"Signature with {comment}", SIGNED.carrying("{}", words))

# A label stands once.
for comment, input, signature in (
    ("ours twice in Signature-Input", "{}, {}", "{}"),
    ("ours twice in Signature", "{}", "{}, {}"),
    ("ours and one of the same name before it in Signature-Input", "counterseal=(), {}", "{}"),
    ("ours and one of the same name behind it in Signature-Input", "{}, counterseal=()", "{}"),
    ("ours and one of the same name before it in Signature", "{}", "counterseal=:AAAA:, {}"),
    ("ours and one of the same name behind it in Signature", "{}", "{}, counterseal"),
    ("another twice in Signature-Input", "a=1, {}, a=1", "{}"),
    ("another twice in Signature", "{}", "a=1, a=2, {}"),
):
    bad(comment, SIGNED.carrying(input, signature))
for comment, input, signature in (
    ("ours not in Signature-Input", "a=1", "{}"),
    ("ours not in Signature", "{}", "a=:AAAA:"),
    ("ours in neither", "a=1", "a=1"),
    ("nothing in Signature-Input", "", "{}"),
    ("nothing in Signature", "{}", ""),
    ("white space in Signature", "{}", " \t"),
    ("a label in capitals", INPUT.replace("counterseal=", "Counterseal=", 1), "{}"),
    (
        "another label for ours",
        INPUT.replace("counterseal=", "sig1=", 1),
        SIGNATURE.replace("counterseal=", "sig1=", 1),
    ),
    ("ours as a token of another label", "a=counterseal", "{}"),
    ("ours within the string of another label", 'a="' + INPUT.replace('"', '\\"') + '"', "{}"),
):
    bad(comment, SIGNED.carrying(input, signature))
bad("no Signature-Input", SIGNED.without("signature-input"))
bad("no Signature", SIGNED.without("signature"))
bad("neither", GOLDEN)
bad("no field at all", GOLDEN.changed(headers=[]))

# Our signature: 32 bytes, canonically written.
MAC = SIGNATURE.removeprefix("counterseal=:").removesuffix(":")
for comment, text in (
    ("without padding", f":{MAC[:-1]}:"),
    ("with more padding", f":{MAC}=:"),
    ("in base64url", ":" + "-_" * 21 + "8=:"),
    ("with a trailing bit", f":{MAC[:-2]}1=:"),
    ("of 31 bytes", ":" + "A" * 42 + "==:"),
    ("of 33 bytes", ":" + "A" * 44 + ":"),
    ("of no byte", "::"),
    ("with white space", f":{MAC[:20]} {MAC[20:]}:"),
    ("with padding within", f":{MAC[:20]}={MAC[21:]}:"),
    ("without its colons", MAC.rstrip("=")),
    ("without the last colon", f":{MAC}"),
    ("as a string", f'"{MAC}"'),
    ("in hex", '"' + "ab" * 32 + '"'),
    ("as a list", f"(:{MAC}:)"),
    ("with a parameter", f":{MAC}:;a=1"),
    ("with a semicolon", f":{MAC}:;"),
    ("as true", "?1"),
):
    bad(f"a signature {comment}", SIGNED.carrying("{}", f"counterseal={text}"))
refuses("bad_signature", "a signature of zeros", SIGNED.carrying("{}", "counterseal=:" + "A" * 43 + "=:"))
swapped = ("B" if MAC[0] != "B" else "C") + MAC[1:]
refuses(
    "bad_signature",
    "a signature whose first character is another",
    SIGNED.carrying("{}", f"counterseal=:{swapped}:"),
)
refuses("bad_signature", "a signature under another secret", GOLDEN.sealed(secret=bytes(range(32, 64))))

# Lines.
passes("Signature-Input on two lines, ours the second", SIGNED.leading(("Signature-Input", "a=()")))
passes("Signature-Input on two lines, ours the first", SIGNED.adding(("signature-input", "a=()")))
passes(
    "Signature on three lines", SIGNED.leading(("Signature", "a=:AAAA:")).adding(("SIGNATURE", "b=:AAAA:"))
)
passes("fields in any order", SIGNED.changed(headers=SIGNED.headers[::-1]))
passes("names in capitals", SIGNED.changed(headers=[(name.upper(), value) for name, value in SIGNED.headers]))
passes(
    "names in small letters",
    SIGNED.changed(headers=[(name.lower(), value) for name, value in SIGNED.headers]),
)
passes(
    "white space around every value",
    SIGNED.changed(headers=[(name, f" \t{value}\t ") for name, value in SIGNED.headers]),
)
bad("an empty line of Signature", SIGNED.leading(("Signature", "")))
bad("ours on both of two lines", SIGNED.adding(("Signature-Input", INPUT)))
half = INPUT.partition(" ")
bad(
    "our member on two lines",
    SIGNED.with_field("Signature-Input", half[0]).adding(("Signature-Input", half[2])),
)
for name, value in (JSON, ("Content-Encoding", "gzip"), ("X-Tenant", "a")):
    sent = Request(headers=(JSON, ("Content-Encoding", "gzip"), ("X-Tenant", "a")))
    sealed = sent.sealed(extra=["x-tenant"])
    extra = {"extra_fields": ["x-tenant"]}
    bad(f"{name} twice, the second not signed", sealed.adding((name, value)), **extra)
    bad(f"{name} twice, another the first", sealed.leading((name.lower(), "other")), **extra)
    bad(f"{name} twice, both signed", sent.adding((name, value)).sealed(extra=["x-tenant"]), **extra)
    refuses("bad_signature", f"{name} is another", sealed.with_field(name, value + "x"), **extra)
    refuses("bad_signature", f"{name} is empty", sealed.with_field(name, ""), **extra)
    bad(f"{name} is gone", sealed.without(name.lower()), **extra)
    passes(f"{name} is empty, and signed so", sent.with_field(name, "").sealed(extra=["x-tenant"]), **extra)
    passes(
        f"{name} has white space and tabs within",
        sent.with_field(name, "a \t b").sealed(extra=["x-tenant"]),
        **extra,
    )
    refuses(
        "bad_signature",
        f"{name}: white space within is signed",
        sent.with_field(name, "a \t b").sealed(extra=["x-tenant"]).with_field(name, "a b"),
        **extra,
    )
    for comment, text in (
        ("folded", "a;\r\n b"),
        ("folded with LF", "a;\n\tb"),
        ("with LF at its end", "a\n"),
        ("with CR", "a\rb"),
        ("with NUL", "a\0"),
        ("with 0x1F", "a\x1f"),
        ("with DEL", "a\x7f"),
        ("that is no ASCII", "a\u00e9"),
        ("of U+00A0 at its end", "a\u00a0"),
        ("of a byte that is no UTF-8", b"a\xe9"),
    ):
        bad(f"{name} {comment}", sent.with_field(name, text).sealed(extra=["x-tenant"]), **extra)
passes("fields of bytes", SIGNED.changed(headers=[(name, value.encode()) for name, value in SIGNED.headers]))
passes("a field that is no ASCII, not covered", SIGNED.adding(("X-Name", "\u00e9"), ("X-Byte", b"\xe9\xff")))
passes("a field of control characters, not covered", SIGNED.adding(("X-Name", "a\r\n b\0")))
passes("a field twice, not covered", SIGNED.adding(("Cookie", "a"), ("Cookie", "b")))
for name in ("Signature-Input", "Signature"):
    bad(
        f"{name} folded",
        SIGNED.with_field(name, SIGNED.field(name.lower()).replace(";", ";\r\n ", 1) + "\r\n "),
    )
    bad(f"{name} that is no ASCII", SIGNED.with_field(name, SIGNED.field(name.lower()) + ', a="\u00e9"'))
    bad(f"{name} with NUL", SIGNED.with_field(name, SIGNED.field(name.lower()) + "\0"))
    bad(
        f"{name} of a byte that is no UTF-8",
        SIGNED.with_field(name, SIGNED.field(name.lower()).encode() + b"\xff"),
    )
    bad(f"another line of {name} that is no ASCII", SIGNED.adding((name, 'a="\u00e9"')))

# At most 16 labels.
for count, verdict in ((15, passes), (16, bad)):
    many = ", ".join(f"a{at}=1" for at in range(count))
    verdict(f"{count} labels beside ours in Signature-Input", SIGNED.carrying(f"{many}, {{}}"))
    verdict(f"{count} labels beside ours in Signature", SIGNED.carrying("{}", f"{{}}, {many}"))
    verdict(
        f"{count} labels beside ours, a line each",
        SIGNED.adding(*(("Signature", f"a{at}=:AAAA:") for at in range(count))),
    )
bad("3000 labels beside ours", SIGNED.carrying(", ".join(f"a{at}" for at in range(3000)) + ", {}"))

# At most 16 KiB.
KIB16 = 16384
for name in ("Signature-Input", "Signature"):
    own = SIGNED.field(name.lower())
    room = KIB16 - len(own) - len(', a=""')
    for more, verdict in ((0, passes), (1, bad)):
        padded = concat(own, ', a="', repeat("x", room + more), '"')
        verdict(f"{name} of 16 KiB{' and a byte' * more}", SIGNED.with_field(name, padded))
        lines = SIGNED.adding((name, concat('a="', repeat("x", room + more), '"')))
        verdict(f"{name} of 16 KiB{' and a byte' * more} on two lines", lines)
sent = Request(headers=(JSON, ("X-Tenant", "a")))
for name in ("Content-Type", "X-Tenant"):
    for more, verdict in ((0, passes), (1, bad)):
        long = sent.with_field(name, repeat("x", KIB16 + more)).sealed(extra=["x-tenant"])
        verdict(f"{name} of 16 KiB{' and a byte' * more}", long, extra_fields=["x-tenant"])
passes(
    "white space around it does not count",
    sent.with_field("Content-Type", concat(repeat(" ", 100), repeat("x", KIB16), "\t")).sealed(
        extra=["x-tenant"]
    ),
    extra_fields=["x-tenant"],
)
passes("another field of any length", SIGNED.adding(("Cookie", repeat("x", 20000))))

# Headers that are none: the list is the caller's own, what stands in it the peer's.
for headers in ("Host: vault.internal", {"Host": "vault.internal:8200"}, 5, True):
    refuses("malformed_argument", f"headers {headers!r}", SIGNED, headers=headers)
for field in (
    ["X"],
    ["X", "a", "b"],
    [],
    "X",
    "X: a",
    ["X", 5],
    [5, "a"],
    ["X", None],
    [None, "a"],
    ["X", ["a"]],
    5,
    None,
):
    bad(f"a field that is {field!r}", SIGNED, headers=[*pairs(SIGNED.headers), field])
