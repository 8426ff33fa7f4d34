"""Who a request is for: authorities, and the verifier's own (wire contract section 3)."""

from case import Subject
from sending import OWN, Request, Verdicts
from text import repeat

request_authority = Subject(
    "request-authority",
    "Requests: authorities, their ports, and the verifier's own (wire contract section 3)",
)
SUBJECTS = [request_authority]
case = Verdicts(request_authority)
passes, refuses, signs = case.passes, case.refuses, case.signs


def asking(url=OWN + "/x", *hosts):
    """A request without a body whose Host is the URL's, or these; a pair is another field."""
    sent = Request("GET", url, headers=(), body=b"")
    named = [host if isinstance(host, tuple) else ("Host", host) for host in hosts]
    return (sent.changed(headers=named) if hosts else sent).sealed()


def nameless(**changed):
    return Request("GET", OWN + "/x", headers=(), body=b"").changed(headers=[], **changed).sealed()


# One form: what a signer signs, what arrives as Host, and what the verifier calls itself.
signed = set()
for url, host, own in (
    ("http://vault.internal/", "vault.internal", "http://vault.internal"),
    ("http://vault.internal/", "vault.internal:80", "http://vault.internal"),
    ("http://vault.internal:80/", "vault.internal", "HTTP://vault.internal"),
    ("http://vault.internal/", "vault.internal", "http://vault.internal:80"),
    ("https://vault.internal/", "vault.internal", "https://vault.internal"),
    ("https://vault.internal/", "vault.internal:443", "https://vault.internal"),
    ("https://vault.internal:443/", "vault.internal", "https://vault.internal:443"),
    ("https://vault.internal/", "vault.internal", "vault.internal"),
    ("https://vault.internal/", "vault.internal:443", "vault.internal"),
    ("https://vault.internal/", "vault.internal", "vault.internal:443"),
    ("https://vault.internal:8200/", "vault.internal:8200", "vault.internal:8200"),
    ("https://vault.internal:80/", "vault.internal:80", "https://vault.internal:80"),
    ("http://vault.internal:443/", "vault.internal:443", "http://vault.internal:443"),
    ("http://Vault.INTERNAL:8200/", "vAULT.internal:8200", "HTTP://VAULT.internal:8200"),
    ("http://vault.internal.:8200/", "vault.internal.:8200", "http://vault.internal.:8200"),
    ("http://vault.internal./", "vault.internal.", "http://vault.internal."),
    ("http://localhost:1/", "localhost:1", "http://localhost:1"),
    ("http://h:65535/", "h:65535", "http://h:65535"),
    ("http://192.0.2.1:8200/", "192.0.2.1:8200", "http://192.0.2.1:8200"),
    ("http://192.0.2.1/", "192.0.2.1", "http://192.0.2.1"),
    ("http://[::1]/", "[::1]", "http://[::1]"),
    ("http://[::1]/", "[::1]:80", "http://[::1]"),
    ("http://[fe80::]/", "[fe80::]", "http://[fe80::]"),
    ("http://[::]:8200/", "[::]:8200", "http://[::]:8200"),
    ("http://[::1]:8200/", "[::1]:8200", "http://[::1]:8200"),
    ("https://[2001:DB8::A]/", "[2001:db8::a]:443", "[2001:db8::A]"),
    ("http://[::ffff:192.0.2.1]:8200/", "[::FFFF:192.0.2.1]:8200", "http://[::ffff:192.0.2.1]:8200"),
    ("http://xn--vult-loa.internal/", "xn--vult-loa.internal", "http://xn--vult-loa.internal"),
    ("http://a_b~c-d!$&'()*+,;=%20/", "a_b~c-d!$&'()*+,;=%20", "http://a_b~c-d!$&'()*+,;=%20"),
):
    if url not in signed:
        signs(f"the URL {url}", method="GET", url=url, headers=(), body=b"")
    signed.add(url)
    passes(f"{url} arrives as {host} at {own}", asking(url, host), authorities=[own])

# Any other is refused.
for url, host, own in (
    ("http://vault.internal:8200/", "vault.internal", "http://vault.internal:8200"),
    ("http://vault.internal:8200/", "vault.internal:8201", "http://vault.internal:8200"),
    ("http://vault.internal:8200/", "vault.internal.:8200", "http://vault.internal:8200"),
    ("http://vault.internal.:8200/", "vault.internal.:8200", "http://vault.internal:8200"),
    ("http://vault.internal:8200/", "vault.internal:8200", "http://vault.internal.:8200"),
    ("http://vault.internal/", "vault.internal:443", "http://vault.internal"),
    ("https://vault.internal/", "vault.internal:80", "https://vault.internal"),
    ("http://vault.internal/", "vault.internal:80", "vault.internal"),
    ("http://vault.internal:8200/", "vault", "http://vault.internal:8200"),
    ("http://vault.internal:8200/", "gateway.internal:8200", "http://vault.internal:8200"),
    ("http://vault.internal:8200/", "vault.internal:8200.evil.example", "http://vault.internal:8200"),
    ("http://[::1]:8200/", "[0:0:0:0:0:0:0:1]:8200", "http://[::1]:8200"),
    ("http://127.0.0.1:8200/", "localhost:8200", "http://127.0.0.1:8200"),
):
    code = "malformed_request" if host.endswith("example") else "wrong_authority"
    refuses(code, f"{url} arrives as {host} at {own}", asking(url, host), authorities=[own])
refuses(
    "wrong_authority", "signed for another server, and sent on here as it is", asking("http://other:8200/x")
)
refuses(
    "bad_signature",
    "signed for another server, and its Host rewritten",
    asking("http://other:8200/x", "vault.internal:8200"),
)
refuses(
    "bad_signature",
    "signed for https, whose port is another",
    asking("https://vault.internal:80/x", "vault.internal"),
    authorities=["http://vault.internal"],
)

# Several of its own.
SEVERAL = ["vault.internal", "http://vault.internal:8200", "http://10.0.0.1"]
for url in ("https://vault.internal/x", "http://vault.internal:8200/x", "http://10.0.0.1/x"):
    passes(f"{url}, one of several", asking(url), authorities=SEVERAL)
passes("one that stands twice", asking(), authorities=[OWN, OWN])
refuses("wrong_authority", "none of several", asking("http://10.0.0.2/x"), authorities=SEVERAL)
refuses(
    "wrong_authority",
    "one of several on the port of another",
    asking("http://10.0.0.1:8200/x"),
    authorities=SEVERAL,
)
passes(
    "one name under both schemes",
    asking("http://vault.internal/x"),
    authorities=["http://vault.internal", "vault.internal"],
)
for port in ("80", "443"):
    passes(
        f"one name under both schemes, and port {port}",
        asking("http://vault.internal/x", f"vault.internal:{port}"),
        authorities=["http://vault.internal", "vault.internal"],
    )

# Where the name stands: the target in absolute form, :authority, Host. Those present agree.
NAME, SHOUT, OTHER = "vault.internal:8200", "VAULT.internal:8200", "other:8200"
ABSOLUTE = "http://vault.internal:8200/x"
passes(":authority alone", asking(OWN + "/x", (":authority", NAME)))
passes(":authority in capitals", asking(OWN + "/x", (":authority", SHOUT)))
passes(":authority and Host", asking(OWN + "/x", (":authority", NAME), SHOUT))
passes("Host and :authority", asking(OWN + "/x", NAME, (":authority", SHOUT)))
passes("a target in absolute form and Host", asking(OWN + "/x", SHOUT), target=ABSOLUTE)
passes("a target in absolute form and :authority", asking(OWN + "/x", (":authority", NAME)), target=ABSOLUTE)
passes("all three", asking(OWN + "/x", (":authority", NAME), NAME), target=ABSOLUTE)
passes("host in small letters", asking(OWN + "/x", ("host", NAME)))
passes("HOST in capitals", asking(OWN + "/x", ("HOST", NAME)))
passes("white space around Host", asking(OWN + "/x", f" \t{NAME} "))
passes(
    "the target names the port that Host leaves out",
    asking("http://vault.internal/x"),
    target="http://vault.internal:80/x",
    authorities=["http://vault.internal"],
)
refuses(
    "wrong_authority",
    "all three name another server",
    asking(OWN + "/x", (":authority", OTHER), OTHER),
    target="http://other:8200/x",
)
refuses("malformed_request", "no name at all", nameless())
refuses("malformed_request", "no name but the target's", nameless(), target=ABSOLUTE)
refuses("malformed_request", "X-Forwarded-Host is no Host", nameless().adding(("X-Forwarded-Host", NAME)))
refuses("malformed_request", "Host twice", asking(OWN + "/x", NAME, NAME))
refuses("malformed_request", "Host twice, in two cases", asking(OWN + "/x", NAME, ("host", NAME)))
refuses("malformed_request", "Host twice, the second another", asking(OWN + "/x", NAME, OTHER))
refuses("malformed_request", "Host twice, the first another", asking(OWN + "/x", OTHER, NAME))
refuses(
    "malformed_request", ":authority twice", asking(OWN + "/x", (":authority", NAME), (":authority", NAME))
)
for comment, hosts, target in (
    (":authority and Host", ((":authority", NAME), OTHER), "/x"),
    ("Host and :authority", ((":authority", OTHER), NAME), "/x"),
    ("the target and Host", (OTHER,), ABSOLUTE),
    ("Host and the target", (NAME,), "http://other:8200/x"),
    ("the target and :authority", ((":authority", OTHER),), ABSOLUTE),
    ("the target and one of the others", ((":authority", NAME), OTHER), ABSOLUTE),
    ("the target and Host, which has no port", ("vault.internal",), ABSOLUTE),
    ("the target and Host, which has a trailing dot", ("vault.internal.:8200",), ABSOLUTE),
    (":authority and Host, which has no port", ((":authority", NAME), "vault.internal"), "/x"),
):
    refuses("malformed_request", f"{comment} disagree", asking(OWN + "/x", *hosts), target=target)

# Whether two names agree is a matter of the scheme: the target's, or else the verifier's own.
for scheme, port, other in (("http", "80", "443"), ("https", "443", "80")):
    own = f"{scheme}://vault.internal"
    both = ((":authority", "vault.internal"), f"vault.internal:{port}")
    passes(f"with and without the port of {scheme}", asking(own + "/x", *both), authorities=[own])
    swapped = ((":authority", f"vault.internal:{port}"), "vault.internal")
    passes(f"without and with the port of {scheme}", asking(own + "/x", *swapped), authorities=[own])
    both = ((":authority", "vault.internal"), f"vault.internal:{other}")
    refuses(
        "malformed_request",
        f"with the port of another scheme than {scheme}",
        asking(own + "/x", *both),
        authorities=[own],
    )
    swapped = ((":authority", f"vault.internal:{other}"), "vault.internal")
    refuses(
        "malformed_request",
        f"another scheme's port than {scheme} has, and none",
        asking(own + "/x", *swapped),
        authorities=[own],
    )
    refuses(
        "malformed_request",
        f"a target of {scheme} and the port of another in Host",
        asking(own + "/x", f"vault.internal:{other}"),
        target=own + "/x",
        authorities=[own],
    )

# What is no authority, wherever it stands.
for host in (
    "",
    " ",
    ":8200",
    "vault.internal:",
    "vault.internal:0",
    "vault.internal:08200",
    "vault.internal:65536",
    "vault.internal:99999999999999999999",
    "vault.internal:8a",
    "vault.internal:+1",
    "vault.internal:-1",
    "vault.internal: 8200",
    "vault.internal :8200",
    "vault.internal:8200:8200",
    "user@vault.internal:8200",
    "user:password@vault.internal:8200",
    "@vault.internal:8200",
    "vault.internal:8200/x",
    "vault.internal:8200?x",
    "vault.internal:8200#x",
    "http://vault.internal:8200",
    "vault internal",
    "vault.internal, other",
    "vault\\internal",
    'vault"internal',
    "vault<internal>",
    "v\u00e4ult.internal:8200",
    "vault.internal:\u0661",
    "vault.internal\n",
    "vault.internal\0",
    "vault.internal\x7f",
    "::1",
    "[::1",
    "::1]",
    "[::1]8200",
    "[::1]:",
    "[::1]:0",
    "[[::1]]",
    "[:::1]",
    "[1:2:3:4:5:6:7]",
    "[12345::]",
    "[vault.internal]",
    "[192.0.2.1]",
    "[]",
    "[fe80::1%25eth0]",
    "[fe80::1%eth0]",
    "[fe80::1%]",
    "[v1.x]",
):
    refuses("malformed_request", f"Host {host!r}", asking(OWN + "/x", host))
    if host.strip() and host.isprintable() and host.isascii() and not set(host) & set("\\ #/?"):
        refuses(
            "malformed_request",
            f"Host and target {host!r}",
            asking(OWN + "/x", host),
            target=f"http://{host}/x",
        )
refuses("malformed_request", ":authority with a user", asking(OWN + "/x", (":authority", "user@" + NAME)))
refuses(
    "malformed_request",
    "a target with a user, and a Host without",
    asking(),
    target="http://user@vault.internal:8200/x",
)
refuses(
    "malformed_request",
    "Host of a byte that is no UTF-8",
    asking(OWN + "/x", ("Host", b"v\xe4ult.internal:8200")),
)
LONGEST = "h" * 256 + ":8200"
long = asking(f"http://{LONGEST}/x")
passes("a name of 261 characters", long, authorities=[f"http://{LONGEST}"])
refuses("malformed_request", "a name of 262 characters", asking(f"http://h{LONGEST}/x"))
refuses("malformed_request", "a name of 20000 characters", asking().with_field("Host", repeat("h", 20000)))

# What a verifier may call itself.
for authorities in (
    [],
    [""],
    "http://vault.internal:8200",
    {"http": "vault.internal"},
    [5],
    [None],
    [[OWN]],
    True,
    [OWN, ""],
    [OWN + "/"],
    [OWN + "/x"],
    [OWN + "?"],
    [OWN + "#"],
    ["ftp://vault.internal"],
    ["ws://vault.internal"],
    ["//vault.internal"],
    ["http:vault.internal"],
    ["http://"],
    ["https:// vault.internal"],
    ["user@vault.internal"],
    ["http://user:password@vault.internal"],
    ["vault.internal:"],
    ["vault.internal:0"],
    ["vault.internal:080"],
    ["vault.internal:65536"],
    ["v\u00e4ult.internal"],
    ["*"],
    ["*.vault.internal"],
    ["::1"],
    ["[fe80::1%eth0]"],
):
    if authorities in (["*"], ["*.vault.internal"]):
        refuses(
            "wrong_authority",
            f"authorities {authorities!r}: a name like any other",
            asking(),
            authorities=authorities,
        )
    else:
        refuses("malformed_argument", f"authorities {authorities!r}", asking(), authorities=authorities)
absent = {name: value for name, value in case.subject.cases[-1]["call"].items() if name != "authorities"}
request_authority.refused("§3 no authorities", absent, "malformed_argument")
