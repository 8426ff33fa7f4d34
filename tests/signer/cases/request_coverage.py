"""Our member of Signature-Input: components and parameters, in canonical serialisation (wire contract section 3).

Every request is signed, as it stands, by a holder of the key.
"""

from itertools import permutations

import request
from case import Subject
from cases.request_sign import BAD_EXTRA
from fixtures import BAD_NONCES, LAST, NONCE, TS, key
from sending import JSON, OWN, PARAMETERS, Request, Verdicts, evidence

request_coverage = Subject(
    "request-coverage",
    "Requests: covered components and parameters, canonically written (wire contract section 3)",
)
SUBJECTS = [request_coverage]
case = Verdicts(request_coverage)
passes, refuses = case.passes, case.refuses

GOLDEN = Request()
ITEMS = GOLDEN.items()
BARE = Request("GET", OWN + "/x", headers=(), body=b"")
GIVEN = PARAMETERS.removeprefix(";").split(";")
FULL = Request(headers=(JSON, ("Content-Encoding", "gzip"), ("X-Tenant", "a"), ("X-Trace", "1")))


def bad(comment, items=ITEMS, parameters=PARAMETERS, *, sent=GOLDEN, text=None, **changed):
    refuses("malformed_request", comment, sent.sealed(items, parameters, text=text), **changed)


# Any order will do.
for order in permutations(request.DERIVED):
    if order != request.DERIVED:
        passes(f"components in the order {' '.join(order)}", BARE.sealed(order))
passes("components backwards", GOLDEN.sealed(ITEMS[::-1]))
passes("fields first", GOLDEN.sealed([*ITEMS[4:], *ITEMS[:4]]))
passes("all there can be", FULL.sealed(extra=["x-tenant", "x-trace"]), extra_fields=["x-tenant", "x-trace"])
passes(
    "extra fields in another order than configured",
    FULL.sealed(extra=["x-trace", "x-tenant"]),
    extra_fields=["x-tenant", "x-trace"],
)
for order in list(permutations(GIVEN))[1::7]:
    names = " ".join(part.partition("=")[0] for part in order)
    passes(f"parameters in the order {names}", GOLDEN.sealed(parameters=";" + ";".join(order)))
passes("components and parameters backwards", GOLDEN.sealed(ITEMS[::-1], ";" + ";".join(GIVEN[::-1])))

# The order that was signed is the order that is rebuilt.
swapped = request.member(ITEMS[::-1], PARAMETERS)
refuses(
    "bad_signature",
    "components in another order than signed",
    GOLDEN.sealed().with_field("Signature-Input", f"counterseal={swapped}"),
)
backwards = request.member(ITEMS, ";" + ";".join(GIVEN[::-1]))
refuses(
    "bad_signature",
    "parameters in another order than signed",
    GOLDEN.sealed().with_field("Signature-Input", f"counterseal={backwards}"),
)

# What must be covered is, once, and nothing else.
for item in request.DERIVED:
    bad(f"without {item}", [one for one in ITEMS if one != item])
    bad(f"{item} twice", [*ITEMS, item])
    bad(
        f"{item} twice in a row", [piece for one in ITEMS for piece in ([one, one] if one == item else [one])]
    )
    bad(f"without {item}, no body", [one for one in request.DERIVED if one != item], sent=BARE)
bad("nothing covered", [])
bad("Content-Type is carried and not covered", ITEMS[:-1])
bad("Content-Encoding is carried and not covered", ITEMS, sent=FULL.without("x-tenant", "x-trace"))
bad("Content-Type twice among the components", [*ITEMS, ITEMS[-1]])
bad("Content-Digest twice among the components", [*ITEMS, ITEMS[-2]])
bad("Content-Type is covered and absent", [*request.DERIVED, '"content-type"'], sent=BARE)
bad("Content-Encoding is covered and absent", [*ITEMS, '"content-encoding"'])
bad("Content-Digest is covered and absent", sent=GOLDEN.without("content-digest"))
for item in (
    '"host"',
    '"date"',
    '"x-other"',
    '"signature"',
    '"signature-input"',
    '"@scheme"',
    '"@target-uri"',
    '"@request-target"',
    '"@query-param"',
    '"@status"',
    '"@signature-params"',
    '"@other"',
    '"@"',
    '""',
    '":authority"',
):
    bad(
        f"{item} is covered, too",
        [*ITEMS, item],
        sent=GOLDEN.adding(("Date", "Tue, 20 Feb 2024 12:00:00 GMT"), ("X-Other", "1")),
    )
bad("a field of extra_fields that this verifier does not have", FULL.items(["x-tenant"]), sent=FULL)
bad("an extra field is not covered", sent=FULL, items=FULL.items(), extra_fields=["x-tenant"])
bad(
    "one extra field is not covered",
    FULL.items(["x-tenant"]),
    sent=FULL,
    extra_fields=["x-tenant", "x-trace"],
)
bad("an extra field is absent and not covered", extra_fields=["x-tenant"])
bad("an extra field is absent and covered", GOLDEN.items(["x-tenant"]), extra_fields=["x-tenant"])
bad(
    "an extra field is covered twice",
    FULL.items(["x-tenant", "x-tenant"]),
    sent=FULL,
    extra_fields=["x-tenant"],
)

# Names are compared exactly, and no component has parameters.
for item in (
    '"@Method"',
    '"@METHOD"',
    '"method"',
    '" @method"',
    '"@method "',
    '"@method";req',
    '"@method";sf',
    '"@method";tr',
    '"@method";bs',
    '"@method";x=1',
    '"@method";key="a"',
    "@method",
    "method",
    "'@method'",
    ":QG1ldGhvZA==:",
    "1",
    "?1",
    '("@method")',
    '"@met\\hod"',
    '"@met\\"hod"',
    '"@method',
):
    bad(f"{item} in place of the method", [item, *ITEMS[1:]])
for item in (
    '"Content-Type"',
    '"CONTENT-TYPE"',
    '"content-type";sf',
    '"content-type";bs',
    '"content-type";req',
    '"content-type";tr',
    '"content-type";key="a"',
    '"content-type";a=?1',
    '"content-type ";',
    '"content_type"',
    "content-type",
):
    bad(f"{item} in place of content-type", [*ITEMS[:-1], item])
bad('"content-digest";sf in place of content-digest', [*ITEMS[:4], '"content-digest";sf', ITEMS[5]])
bad('"@query-param";name="x" in place of the query', [*ITEMS[:3], '"@query-param";name="x"', *ITEMS[4:]])

# Parameters: each once, and no other.
NAMES = [part.partition("=")[0] for part in GIVEN]
for at, name in enumerate(NAMES):
    others = [*GIVEN[:at], *GIVEN[at + 1 :]]
    bad(f"without {name}", parameters="".join(f";{part}" for part in others))
    bad(f"{name} twice", parameters=f"{PARAMETERS};{GIVEN[at]}")
    bad(f"{name} first another, then right", parameters=f";{name}=1{PARAMETERS}")
    bad(
        f"{name} without a value",
        parameters="".join(f";{part}" for part in [*GIVEN[:at], name, *GIVEN[at + 1 :]]),
    )
    upper = [*GIVEN[:at], GIVEN[at].replace(name, name.capitalize(), 1), *GIVEN[at + 1 :]]
    bad(f"{name.capitalize()} in place of {name}", parameters="".join(f";{part}" for part in upper))
bad("no parameters", parameters="")
for more in (f"expires={TS + 60}", "x=1", "x", 'context="a"', "*=1", "x=?0"):
    bad(f"{more}, too", parameters=f"{PARAMETERS};{more}")


def given(name, value):
    """The parameters with one written otherwise."""
    return "".join(f";{name}={value}" if part.startswith(name + "=") else f";{part}" for part in GIVEN)


for value in (
    f"{TS}.0",
    f"{TS}.5",
    f"0{TS}",
    f"+{TS}",
    f"-{TS}",
    "-0",
    "-1",
    "00",
    f'"{TS}"',
    f"{TS}e0",
    "?1",
    "now",
    ":AAAA:",
    f"@{TS}",
    "",
    "253402300800",
    "999999999999999",
    "1000000000000000",
    f"{TS}000000",
):
    bad(f"created={value}", parameters=given("created", value))
for second, now in ((0, 60), (LAST, LAST)):
    passes(
        f"created={second}",
        GOLDEN.sealed(parameters=request.parameters(second, NONCE, "gateway-1")),
        answer=evidence(ts=second),
        now=now,
    )
for comment, value in BAD_NONCES:
    bad(f"a nonce {comment}", parameters=given("nonce", f'"{value}"'))
for value in (NONCE, f":{NONCE}==:", "1", "?1", f'"{NONCE[:4]}\\{NONCE[4:]}"', "'" + NONCE + "'"):
    bad(f"nonce={value}", parameters=given("nonce", value))
for value in (
    '""',
    '"gate way"',
    '"gateway-1 "',
    '"gateway/1"',
    '"g\u00e4teway"',
    '"' + "k" * 65 + '"',
    '"gateway\\"1"',
    "gateway-1",
    "1",
    ":AAAA:",
):
    bad(f"keyid={value[:40]}", parameters=given("keyid", value))
for kid in ("a", "A-Za-z0-9._~-", "k" * 64):
    passes(
        f"keyid={kid[:20]}",
        GOLDEN.sealed(parameters=request.parameters(TS, NONCE, kid)),
        keys=[key(kid)],
        answer=evidence(kid),
    )
for value in (
    '"HMAC-SHA256"',
    '"hmac-sha512"',
    '"hmac-sha-256"',
    '"rsa-v1_5-sha256"',
    '"ed25519"',
    '"none"',
    '""',
    "hmac-sha256",
    "1",
    "?1",
):
    bad(f"alg={value}", parameters=given("alg", value))
for value in ('"Counterseal"', '"counterseal-1"', '"other"', '""', "counterseal", "1", ":AAAA:"):
    bad(f"tag={value}", parameters=given("tag", value))

# One canonical form.
WRITTEN = request.member(ITEMS, PARAMETERS)
for comment, old, new in (
    ("two spaces between components", '"@method" ', '"@method"  '),
    ("a tab between components", '"@method" ', '"@method"\t'),
    ("no space between components", '"@method" ', '"@method"'),
    ("a comma between components", '"@method" ', '"@method", '),
    ("a space behind the parenthesis", "(", "( "),
    ("a space before the parenthesis", ")", " )"),
    ("no parenthesis at the end", ")", ""),
    ("two parentheses", "(", "(("),
    ("a space behind a semicolon", ";created", "; created"),
    ("a space before a semicolon", ";created", " ;created"),
    ("a space before an equals sign", "created=", "created ="),
    ("a space behind an equals sign", "created=", "created= "),
    ("two semicolons", ";created", ";;created"),
    ("a comma between parameters", ";nonce", ",nonce"),
    ("an escape that is none", "gateway", "g\\ateway"),
    ("a string in single quotes", '"counterseal"', "'counterseal'"),
):
    bad(f"written with {comment}", text=WRITTEN.replace(old, new, 1))
for comment, text in (
    ("a space in front", " " + WRITTEN),
    ("a semicolon at the end", WRITTEN + ";"),
    ("something behind it", WRITTEN + "x"),
    ("components alone, as a string", '"@method"' + PARAMETERS),
    ("a boolean", "?1" + PARAMETERS),
    ("an integer", "1" + PARAMETERS),
    ("a token", "a" + PARAMETERS),
    ("bytes", ":AAAA:" + PARAMETERS),
    ("nothing", ""),
    ("an empty list", "()"),
    ("a quote that does not end", WRITTEN[:-1]),
):
    bad(f"written as {comment}", text=text)
alone = GOLDEN.sealed().with_field("Signature-Input", "counterseal" + PARAMETERS)
refuses("malformed_request", "our label with parameters and no value", alone)
refuses("malformed_request", "our label and nothing else", alone.with_field("Signature-Input", "counterseal"))

# What extra_fields may name is the same at both ends.
for names in BAD_EXTRA:
    refuses(
        "malformed_argument", f"extra_fields {names!r}", FULL.sealed(extra=["x-tenant"]), extra_fields=names
    )
passes("no extra_fields", GOLDEN.sealed(), extra_fields=[])
passes("Host as an extra field", GOLDEN.sealed(extra=["host"]), extra_fields=["host"])
strange = "!#$%&'*+-.^_`|~09az"
passes(
    "an extra field of the strangest name",
    GOLDEN.adding((strange.upper(), "1")).sealed(extra=[strange]),
    extra_fields=[strange],
)

# As many components as fit.
many = [f'"x{at}"' for at in range(2000)]
bad("2000 components more", [*ITEMS, *many])
bad("the same component 3000 times", [*ITEMS, *['"x"'] * 3000])

# What is signed cannot be changed.
SIGNED = GOLDEN.sealed()
for comment, old, new in (
    ("created", f"created={TS}", f"created={TS + 1}"),
    ("the nonce", NONCE, "AAECAwQFBgcICQoLDA0OEA"),
):
    refuses(
        "bad_signature",
        f"{comment} is changed",
        SIGNED.carrying(SIGNED.field("signature-input").replace(old, new)),
    )
refuses(
    "unknown_key",
    "keyid is changed",
    SIGNED.carrying(SIGNED.field("signature-input").replace("gateway-1", "gateway-2")),
)
refuses(
    "bad_signature",
    "keyid is changed to another key of the ring",
    SIGNED.carrying(SIGNED.field("signature-input").replace("gateway-1", "gateway-2")),
    keys=[key("gateway-1"), key("gateway-2", bytes(range(32, 64)))],
)
refuses(
    "bad_signature",
    "a component is taken off, and what it covers with it",
    SIGNED.without("content-type").carrying(SIGNED.field("signature-input").replace(' "content-type"', "")),
)
