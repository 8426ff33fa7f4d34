"""Methods and targets: what is signed stays as it was sent (wire contract section 3)."""

from case import Subject
from sending import JSON, Request, Verdicts
from text import concat, repeat

request_target = Subject(
    "request-target", "Requests: methods and targets, signed as they are sent (wire contract section 3)"
)
SUBJECTS = [request_target]
case = Verdicts(request_target)
passes, refuses, signs = case.passes, case.refuses, case.signs

ORIGIN = "http://vault.internal:8200"


def asking(target, method="GET"):
    """A request without a body whose target stands as it is."""
    return Request(method, ORIGIN + "/", headers=(), body=b"").changed(target=target)


# Signed from a URL, and verified in origin form and in absolute form. An empty path is `/`, an absent query `?`.
TARGETS = (
    "",
    "/",
    "/?",
    "?",
    "?q",
    "?/x",
    "/x",
    "/x?",
    "/x??",
    "/x?a=1",
    "/x?a=1&a=2&&b",
    "/x?y?z/",
    "/x/",
    "//",
    "//x",
    "//other/x",
    "/a//b",
    "/./x",
    "/../x",
    "/a/../b",
    "/a/./b/..",
    "/a%2Fb",
    "/a%2fb",
    "/%2E%2E/x",
    "/%61",
    "/%",
    "/%zz",
    "/%C3%A9?%C3%A9",
    "/a+b?c+d",
    "/a%20b?c%20d",
    "/it's?it's",
    "/it%27s?it%27s",
    "/a;b=c/d;e",
    "/a,b",
    "/x?http://other/y",
    "/http://other/y",
    "/x:8200@y",
    "/\"<>^`{|}~!$&'()*+,;=:@-._",
    "/?\"<>^`{|}~!$&'()*+,;=:@-._[]",
    "/[x]",
)
for target in TARGETS:
    sent = asking(target if target.startswith("/") else "/" + target)
    signs(f"the URL {ORIGIN}{target}", method="GET", url=ORIGIN + target, headers=(), body=b"")
    if target.startswith("/"):
        passes(f"the target {target}", sent.sealed())
    whole = sent.sealed().changed(target=ORIGIN + target)
    passes(f"the target {whole.target}", whole)
for fragment in ("#", "#x", "#/x?y", "#a#b", "# ", "#\u00e9", "#@other"):
    signs(
        f"the fragment {fragment!r} is not sent",
        method="GET",
        url=f"{ORIGIN}/x?y{fragment}",
        headers=(),
        body=b"",
    )
signs("a fragment right behind the authority", method="GET", url=f"{ORIGIN}#x", headers=(), body=b"")
passes("a scheme in capitals", asking("/x").sealed().changed(target="HTTP://vault.internal:8200/x"))
signs("a URL in capitals", method="GET", url="HTTP://VAULT.Internal:8200/X", headers=(), body=b"")

# A path or query that is spelled otherwise is another one.
for signed, arrived in (
    ("/a%2Fb", "/a/b"),
    ("/a%2Fb", "/a%2fb"),
    ("/a%2Fb", "/a%252Fb"),
    ("/a/b", "/a%2Fb"),
    ("/%61", "/a"),
    ("/a+b", "/a%20b"),
    ("/x?a+b", "/x?a%20b"),
    ("/x?a+b", "/x?a%2Bb"),
    ("/it's", "/it%27s"),
    ("/x?it's", "/x?it%27s"),
    ("//x", "/x"),
    ("/x", "//x"),
    ("/a//b", "/a/b"),
    ("/./x", "/x"),
    ("/a/../b", "/b"),
    ("/../x", "/x"),
    ("/x", "/x/"),
    ("/x/", "/x"),
    ("/x", "/X"),
    ("/api/x", "/x"),
    ("/x", "/api/x"),
    ("/x;a=1", "/x"),
    ("/x", "/x?a"),
    ("/x?a", "/x"),
    ("/x?a=1&b=2", "/x?b=2&a=1"),
    ("/x?a=", "/x?a"),
    ("/x?a", "/x?a&"),
    ("/x??", "/x?"),
    ("/x?y", "/x%3Fy"),
    ("/?y", "/y"),
):
    refuses(
        "bad_signature", f"{signed} arrives as {arrived}", asking(signed).sealed().changed(target=arrived)
    )

# What is no target. Each is signed by a holder of the key.
for target in (
    "",
    "*",
    "x",
    "x/y",
    "?x",
    ".",
    "%2Fx",
    "vault.internal:8200",
    "vault.internal",
    "vault.internal/x",
    "http:/vault.internal:8200/x",
    "http:///x",
    "http://",
    "://vault.internal:8200/x",
    "ftp://vault.internal:8200/x",
    "ws://vault.internal:8200/x",
    "httpx://vault.internal:8200/x",
    " /x",
    "/x ",
    "/a b",
    "/x?a b",
    "/x#",
    "/x#y",
    "/x?y#z",
    "#",
    "\\x",
    "/a\\b",
    "/x?a\\b",
    "/\u00e9",
    "/x?\u00e9",
    "/\u20ac",
    "/\U0001f600",
    "/x\n",
    "/x\r",
    "/x\t",
    "/\0",
    "/\x1f",
    "/\x7f",
    "/\u00a0",
):
    refuses("malformed_request", f"the target {target!r}", asking(target).sealed())
EDGE = repeat("x", 8191)
whole = asking("/").changed(target="/" + "x" * 8191).sealed()
passes("a target of 8 KiB", whole, target=concat("/", EDGE))
query = asking("/").changed(target="/?" + "x" * 8190).sealed()
passes("a target of 8 KiB, nearly all query", query, target=concat("/?", repeat("x", 8190)))
refuses(
    "malformed_request",
    "a target of 8 KiB and a byte",
    asking("/" + "x" * 8192).sealed(),
    target=concat("/", repeat("x", 8192)),
)
refuses(
    "malformed_request",
    "a query that makes it longer than 8 KiB",
    asking("/?" + "x" * 8191).sealed(),
    target=concat("/?", repeat("x", 8191)),
)
refuses(
    "malformed_request",
    "a target in absolute form longer than 8 KiB",
    asking("/" + "x" * 8191).sealed(),
    target=concat(ORIGIN + "/", EDGE),
)
signs(
    "a URL of 8 KiB",
    method="GET",
    url="http://h/" + "x" * 8183,
    headers=(),
    body=b"",
    changed={"url": concat("http://h/", repeat("x", 8183))},
)

# Methods.
for method in ("HEAD", "OPTIONS", "get", "M-SEARCH", "connect", "A", "!#$%&'*+-.^_`|~09AZaz", "M" * 32):
    passes(f"method {method}", asking("/x", method).sealed())
for method in ("", "M" * 33, "G T", " GET", "GET ", "GET\n", "G:T", "G/T", "G,T", 'G"T', "G\u00c9T", "\0"):
    refuses("malformed_request", f"method {method!r}", asking("/x", method).sealed())
refuses("malformed_request", "CONNECT", asking("/x", "CONNECT").sealed())
refuses("malformed_request", "CONNECT to an authority", asking("vault.internal:8200", "CONNECT").sealed())
refuses("malformed_request", "OPTIONS *", asking("*", "OPTIONS").sealed())
for signed, arrived in (("GET", "POST"), ("GET", "HEAD"), ("GET", "get"), ("get", "GET"), ("PUT", "PUTS")):
    refuses(
        "bad_signature",
        f"{signed} arrives as {arrived}",
        asking("/x", signed).sealed().changed(method=arrived),
    )
for value in (5, True, ["GET"], {"GET": 1}):
    refuses("malformed_request", f"method {value!r}", asking("/x").sealed(), method=value)
    refuses("malformed_request", f"target {value!r}", asking("/x").sealed(), target=value)

# The whole request of the contract, one thing altered at a time.
golden = Request().sealed()
passes("a field that is not covered is added", golden.adding(("X-Forwarded-For", "192.0.2.1")))
refuses("bad_signature", "its path is decoded", golden.changed(target="/a/b/execute?x=1&y=%C3%A9"))
refuses("bad_signature", "its query loses a parameter", golden.changed(target="/a%2Fb/execute?x=1"))
refuses("bad_signature", "its type is another", golden.with_field("Content-Type", "text/plain"))
refuses("bad_signature", "its type in other letters", golden.with_field("Content-Type", "Application/JSON"))
passes("white space around its type", golden.with_field("Content-Type", f" \t{JSON[1]}\t "))
