"""What a signer of requests adds, and what it refuses: wire contract section 3."""

from case import Subject
from fixtures import BAD_NONCES, LAST, MIB, OTHER_SECRET, TS, key, nonce
from packet import b64url
from sending import BODY, JSON, Verdicts, added, signing
from text import concat, repeat

request_sign = Subject(
    "request-sign", "Requests, signed: the fields to add, and what is not signed (wire contract section 3)"
)
SUBJECTS = [request_sign]
case = Verdicts(request_sign)
signs, signs_not = case.signs, case.signs_not

GZIP = ("Content-Encoding", "gzip")

# What is covered: the digest where there is a body, type and encoding where they are carried.
signs("no body, no fields", method="GET", headers=(), body=b"")
signs("a body alone", headers=())
signs("a type without a body", body=b"")
signs("an encoding", headers=(GZIP,), body=b"\x1f\x8b")
signs("type and encoding, in the contract's order whatever theirs", headers=(GZIP, JSON))
signs(
    "fields that the profile does not cover",
    headers=(("Accept", "*/*"), JSON, ("X-Tenant", "a"), ("X-Tenant", "b")),
)
signs("a field's name in any case", headers=(("cONTENT-tYPE", "text/plain"),))
signs("white space around a value", headers=(("Content-Type", " \t text/plain; a=b \t"),))
signs("white space within a value", headers=(("Content-Type", "text/plain;\t a=b"),))
signs("an empty value", headers=(("Content-Type", ""),))
signs("a value of white space", headers=(("Content-Type", " \t "),))
signs(
    "a value of every printable character", headers=(("Content-Type", "".join(map(chr, range(0x21, 0x7F)))),)
)
signs("a body of bytes", body=bytes(range(256)))
signs("a body of one zero byte", body=b"\0")
signs(
    "a body of 100000 bytes",
    body=b"counterseal" * 9090 + b"\n" * 10,
    changed={"body": b64url(b"counterseal" * 9090 + b"\n" * 10)},
)
signs(
    "a field of bytes",
    headers=(("Content-Type", b"text/plain"),),
    answer=added(headers=(("Content-Type", "text/plain"),)),
)
signs("a field of bytes that no text has, not covered", headers=(JSON, ("X-Name", b"\xe9\xff")))
signs("a field that is no ASCII, not covered", headers=(JSON, ("X-Name", "\u00e9")))
signs("a Host field that agrees", headers=(("Host", "vault.internal:8200"), JSON))
signs("a Host field in capitals", headers=(("host", "VAULT.internal:8200"), JSON))
signs(
    "the signature of another",
    headers=(("Signature-Input", 'proxy=("@method");created=1'), ("Signature", "proxy=:AAAA:"), JSON),
)
bare = {name: value for name, value in signing(headers=()).items() if name != "headers"}
request_sign.ok("§3 headers need not be given", bare, added(headers=()))

# Extra fields, in their order and after the others.
TENANT, TRACE = ("X-Tenant", "a"), ("X-Trace", " 1 ")
for names in (["x-tenant"], ["x-trace", "x-tenant"], ["x-tenant", "x-trace"]):
    signs(
        f"extra_fields {names}",
        headers=(TRACE, JSON, TENANT),
        extra=names,
        changed={"extra_fields": names},
    )
signs("no extra_fields", changed={"extra_fields": []})
signs(
    "the Host field as an extra one",
    headers=(("Host", "vault.internal:8200"),),
    extra=["host"],
    changed={"extra_fields": ["host"]},
)
signs(
    "an extra field of the strangest name",
    headers=(("!#$%&'*+-.^_`|~09aZ", "1"),),
    extra=["!#$%&'*+-.^_`|~09az"],
    changed={"extra_fields": ["!#$%&'*+-.^_`|~09az"]},
)

# Keys, nonces, times.
for kid in ("a", "A-Za-z0-9._~-", "k" * 64):
    signs(f"key id {kid[:20]}", kid=kid, changed={"key": key(kid)})
signs("a key of another owner: it does not show", changed={"key": key("gateway-1", owner="gateway")})
signs("another secret", secret=OTHER_SECRET, changed={"key": key("gateway-1", OTHER_SECRET)})
signs("a key for requests alone", changed={"key": key("gateway-1", uses=["request"])})
signs("a key for packets and requests", changed={"key": key("gateway-1", uses=["packet", "request"])})
for second in (0, 1, LAST):
    signs(f"at {second}", ts=second, changed={"now": second})
signs("another nonce", nonce=nonce(7), changed={"nonce": nonce(7)})
signs("with the first second of a key", changed={"key": key("gateway-1", not_before=TS)})
signs("with the last second of a key", changed={"key": key("gateway-1", not_after=TS + 1)})
case.section = "§4"
signs_not("a revoked key", "revoked_key", key=key("gateway-1", revoked=True))
signs_not("a key that is not active yet", "inactive_key", key=key("gateway-1", not_before=TS + 1))
signs_not("a key that is active no longer", "inactive_key", key=key("gateway-1", not_after=TS))
signs_not("a request outside the grammar, with a revoked key", method="", key=key("gateway-1", revoked=True))
for now in (-1, TS + 0.5, LAST + 1, str(TS), True, [TS], {"now": TS}):
    signs_not(f"now {now!r}", now=now)
case.section = "§1"
for comment, value in BAD_NONCES:
    signs_not(f"a nonce {comment}", nonce=value)
for uses in (["packet"], ["token"], ["derive"]):
    signs_not(f"a key for {uses[0]} alone", key=key("gateway-1", uses=uses))
signs_not("a weak secret", "weak_secret", key=key("gateway-1", "hex:00"))
signs_not("a key that is none", "malformed_key", key=key("gate way"))

# Methods.
case.section = "§3"
for method in ("HEAD", "OPTIONS", "get", "M-SEARCH", "connect", "A", "!#$%&'*+-.^_`|~09AZaz", "M" * 32):
    signs(f"method {method}", method=method, body=b"", headers=())
for method in (
    "",
    "M" * 33,
    "G T",
    " GET",
    "GET ",
    "GET\n",
    "GET\t",
    "G:T",
    "G/T",
    "G(T)",
    "G,T",
    'G"T',
    "G\u00c9T",
    "\0",
    "CONNECT",
):
    signs_not(f"method {method!r}", method=method)
for method in (5, True, ["GET"], {"GET": 1}):
    signs_not(f"method {method!r}", method=method)

# URLs. Those that are signed stand with the targets and authorities.
for url in (
    "",
    "/x",
    "*",
    "vault.internal/x",
    "vault.internal:8200",
    "//vault.internal/x",
    "http:/vault.internal/x",
    "http:vault.internal",
    "ftp://vault.internal/x",
    "ws://vault.internal/x",
    "://vault.internal/x",
    " http://vault.internal/x",
    "http://vault.internal/x ",
    "http://vault.internal/a b",
    "http://vault.internal/a?b c",
    "http://vault.internal/a\\b",
    "http:\\\\vault.internal/x",
    "http://vault.internal\\x",
    "http://vault.internal/\u00e9",
    "http://vault.internal/x?\u00e9",
    "http://v\u00e4ult.internal/x",
    "http://vault.internal/\n",
    "http://vault.internal/\t",
    "http://vault.internal/\0",
    "http://vault.internal/\x7f",
    "http://",
    "http:///x",
    "http://?x",
    "http://#x",
    "http://:8200/x",
    "http://user@vault.internal/x",
    "http://user:password@vault.internal/x",
    "http://@vault.internal/x",
    "http://vault.internal@other/x",
    "http://vault.internal:/x",
    "http://vault.internal:0/x",
    "http://vault.internal:080/x",
    "http://vault.internal:65536/x",
    "http://vault.internal:8a/x",
    "http://vault.internal:-1/x",
    "http://vault.internal:+1/x",
    "http://vault.internal:80:80/x",
    "http://::1/x",
    "http://[::1/x",
    "http://::1]/x",
    "http://[::1]x/x",
    "http://[::1]:/x",
    "http://[fe80::1%25eth0]/x",
    "http://[fe80::1%eth0]/x",
    "http://[vault]/x",
    "http://[]/x",
    "http://va[ult/x",
    "http://va ult/x",
    "http://va<ult/x",
):
    signs_not(f"the URL {url!r}", url=url)
for url in (5, True, ["http://vault.internal/"]):
    signs_not(f"the URL {url!r}", url=url)
signs_not("a URL longer than 8 KiB", url=concat("http://h/", repeat("x", 8184)))
signs_not("a URL whose query makes it longer than 8 KiB", url=concat("http://h/?", repeat("x", 8183)))

# Fields.
DIGEST = ("Content-Digest", "sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:")
for comment, headers in (
    ("a Content-Digest", (DIGEST,)),
    ("a content-digest in small letters", (("content-digest", DIGEST[1]),)),
    ("an empty Content-Digest", (("Content-Digest", ""),)),
    ("a Content-Digest of another algorithm", (("Content-Digest", "sha-512=:AAAA:"),)),
    ("our label in Signature-Input", (("Signature-Input", "counterseal=()"),)),
    ("our label in Signature", (("Signature", "counterseal=:AAAA:"),)),
    ("our label without a value", (("signature", "counterseal"),)),
    ("our label among others", (("Signature", "a=:AAAA:, counterseal=:AAAA:"),)),
    ("our label on another line", (("Signature", "a=:AAAA:"), ("Signature", "counterseal=:AAAA:"))),
    ("a Signature that is no dictionary", (("Signature", "("),)),
    ("a Signature-Input that is no dictionary", (("Signature-Input", "a=(,"),)),
    ("Content-Type twice", (JSON, JSON)),
    ("Content-Type twice, in two cases", (JSON, ("content-type", "text/plain"))),
    ("Content-Encoding twice", (("Content-Encoding", "gzip"), ("Content-Encoding", "br"))),
    ("a Host field that names another server", (("Host", "other:8200"),)),
    ("a Host field without the port", (("Host", "vault.internal"),)),
    ("Host twice", (("Host", "vault.internal:8200"), ("Host", "vault.internal:8200"))),
    ("an empty Host field", (("Host", ""),)),
):
    signs_not(comment, headers=headers)
    signs_not(f"{comment}, no body", headers=headers, body=b"")
for comment, value in (
    ("folded", "text/plain;\r\n a=b"),
    ("with LF", "text/plain\n"),
    ("with CR", "text/plain\r"),
    ("with NUL", "text\0plain"),
    ("with DEL", "text\x7f"),
    ("with 0x1F", "text\x1f"),
    ("with a vertical tab", "text/plain\v"),
    ("that is no ASCII", "text/pl\u00e4in"),
    ("of U+00A0 at its end", "text/plain\u00a0"),
    ("of a byte that is no UTF-8", b"text/pl\xe4in"),
    ("of a byte that is a tab, and one that is CR", b"text\t\r"),
):
    signs_not(f"a Content-Type {comment}", headers=(("Content-Type", value),))
    signs_not(f"an extra field {comment}", headers=(("X-Tenant", value),), extra_fields=["x-tenant"])
LONG = repeat("x", 16384)
signs("a Content-Type of 16 KiB", headers=(("Content-Type", LONG),))
signs_not("a Content-Type of 16 KiB and a byte", headers=(("Content-Type", repeat("x", 16385)),))
signs_not(
    "the signature of another longer than 16 KiB",
    headers=(("Signature", concat("a=:", repeat("A", 16384), ":")),),
)
signs("another field of any length", headers=(("X-Long", repeat("x", 20000)),))

signs_not("an extra field that is absent", extra_fields=["x-tenant"])
signs_not("one of two extra fields is absent", headers=(TENANT,), extra_fields=["x-tenant", "x-trace"])
signs_not("an extra field twice", headers=(TENANT, ("x-tenant", "a")), extra_fields=["x-tenant"])
signs(
    "an empty extra field",
    headers=(("X-Tenant", ""),),
    extra=["x-tenant"],
    changed={"extra_fields": ["x-tenant"]},
)
BAD_EXTRA = (
    ["X-Tenant"],
    [""],
    ["x tenant"],
    ["x-tenant:"],
    ["x-t\u00e9nant"],
    ["@path"],
    [":authority"],
    ["x-tenant", "x-tenant"],
    ["content-digest"],
    ["content-type"],
    ["content-encoding"],
    ["signature"],
    ["signature-input"],
    "x-tenant",
    [5],
    [["x-tenant"]],
    {"x-tenant": True},
    True,
)
for names in BAD_EXTRA:
    signs_not(f"extra_fields {names!r}", extra_fields=names, headers=(TENANT,))

# The body limit: 1 MiB, or another.
for size in (1, 12, 13, MIB):
    signs(f"a body_limit of {size} and a body that fits", body=BODY[:size], changed={"body_limit": size})
signs_not("a body longer than body_limit", "payload_too_large", body_limit=12)
signs_not("a body outside its limit with another fault", body_limit=12, method="")
whole = bytes(MIB)
signs("a body of 1 MiB", "large", body=whole, changed={"body": repeat("A", (MIB * 8 + 5) // 6)})
request_sign.refused(
    "§1 a body of 1 MiB and a byte",
    signing(body=b"") | {"body": repeat("A", ((MIB + 1) * 8 + 5) // 6)},
    "payload_too_large",
    "large",
)
for limit in (0, -1, 1.5, 512 * MIB + 1, "13", True, [13]):
    signs_not(f"a body_limit of {limit!r}", body_limit=limit)
