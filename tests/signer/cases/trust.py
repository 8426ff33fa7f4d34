"""Who may call whom: the policy, its rules, and check 7 of a request (wire contract section 4)."""

import json

from case import Subject
from sending import OWN, Request, Verdicts, verifying

trust = Subject("trust", "Trust: callers, methods, path prefixes and exempt paths (wire contract section 4)")
SUBJECTS = [trust]
case = Verdicts(trust, "§4")

MESH = {
    "vault": {
        "rules": [
            {"callers": ["gateway", "batch"], "methods": ["POST"], "paths": ["/execute", "/jobs/"]},
            {"callers": ["audit"]},
            {"callers": ["cron"], "methods": ["GET", "HEAD"]},
            {"callers": ["backup"], "paths": ["/"]},
        ],
        "exempt": ["/health", "/"],
    },
    "gateway": {},
    "store": {"rules": []},
}


def asked(op, policy=MESH, callee="vault", **members):
    return {"op": f"trust.{op}", "policy": policy, "callee": callee, **members}


def may(caller, method, path, **changed):
    callee = changed.get("callee", "vault")
    trust.ok(
        f"{caller} may {method} {callee} {path}",
        asked("check", caller=caller, method=method, path=path, **changed),
        {},
    )


def may_not(caller, method, path, *flags, **changed):
    callee = changed.get("callee", "vault")
    call = asked("check", caller=caller, method=method, path=path, **changed)
    trust.refused(f"{caller} may not {method} {callee} {path}", call, "caller_not_allowed", *flags)


for caller in ("gateway", "batch"):
    may(caller, "POST", "/execute")
for path in (
    "/execute/",
    "/execute/1",
    "/execute/a/b",
    "/jobs/",
    "/jobs/1",
    "/jobs/1/",
    "/execute/%20",
    "/execute/a.b",
    "/execute/...",
    "/execute/a+b'c",
):
    may("gateway", "POST", path)
for path in ("/", "/executed", "/execut", "/Execute", "/jobs", "/jobs2/1", "/api/execute", "", "execute"):
    may_not("gateway", "POST", path)
for method in ("GET", "post", "PUT", "POST ", ""):
    may_not("gateway", method, "/execute")
for caller in ("heartbeat", "Gateway", "gateway-1", "vault", ""):
    may_not(caller, "POST", "/execute")
for method, path in (
    ("DELETE", "/anything"),
    ("POST", "/execute"),
    ("GET", "/"),
    ("GET", "//odd/../path"),
    ("GET", "/a%2F..%2Fb"),
):
    may("audit", method, path)
    may("backup", method, path)
may("cron", "GET", "/x")
may("cron", "HEAD", "/x")
may_not("cron", "POST", "/x")
may_not("gateway", "GET", "/health")
may_not("vault", "GET", "/", callee="gateway")
may_not("audit", "GET", "/", callee="store")
may_not("audit", "GET", "/", callee="nobody")
may_not("audit", "GET", "/", callee="")
may_not("audit", "GET", "/", callee="Vault")

# A path that a server could read as another is below no prefix but the root.
for path in (
    "/execute/../admin",
    "/execute/..",
    "/execute/.",
    "/execute/./x",
    "/../execute",
    "/./execute",
    "/execute//x",
    "//execute",
    "/execute//",
    "/execute/%2e%2e/admin",
    "/execute/%2E./admin",
    "/execute/a%2eb",
    "/execute%2Fx",
    "/execute/a%2fb",
    "/execute/a%5cb",
    "/execute/a%5Cb",
    "/execute/%252e%252e",
    "/execute/%00",
    "/execute/%",
    "/execute/%0",
    "/execute/x%2",
    "/execute;a=1",
    "/execute/x;a",
    "/execute/a\\b",
    "/execute\\..\\admin",
    "/execute?x",
    "/execute/#x",
    "/execute/a b",
    "/execute/\u00e9",
    "/execute/\n",
    "/execute/\x7f",
):
    may_not("gateway", "POST", path, "hostile")

# In words.
trust.ok(
    "the whole policy of the vault",
    asked("explain"),
    {
        "sentences": [
            "gateway may POST vault /execute, /jobs/",
            "batch may POST vault /execute, /jobs/",
            "audit may call vault /",
            "cron may GET, HEAD vault /",
            "backup may call vault /",
            "anyone may call vault /health",
            "anyone may call vault /",
        ]
    },
)
for callee in ("gateway", "store", "nobody"):
    trust.ok(f"nobody may call {callee}", asked("explain", callee=callee), {"sentences": []})

# Exempt is one path, as a whole.
for path, callee, exempt in (
    ("/health", "vault", True),
    ("/", "vault", True),
    ("/health/", "vault", False),
    ("/health/x", "vault", False),
    ("/Health", "vault", False),
    ("/health?x", "vault", False),
    ("//health", "vault", False),
    ("/%68ealth", "vault", False),
    ("", "vault", False),
    ("/execute", "vault", False),
    ("/health", "gateway", False),
    ("/health", "nobody", False),
):
    trust.ok(
        f"{path} of {callee} is {'' if exempt else 'not '}exempt",
        asked("exempt", callee=callee, path=path),
        {"exempt": exempt},
    )

# A policy is judged when it is built.
RULE = {"callers": ["gateway"]}
for policy in (
    [],
    "vault",
    5,
    True,
    {"a b": {}},
    {"": {}},
    {"v\u00e4ult": {}},
    {"v" * 65: {}},
    {"vault": []},
    {"vault": None},
    {"vault": True},
    {"vault": {"rule": []}},
    {"vault": {"Rules": []}},
    {"vault": {"rules": {}}},
    {"vault": {"rules": None}},
    {"vault": {"rules": [[]]}},
    {"vault": {"rules": ["gateway"]}},
    {"vault": {"rules": [{}]}},
    {"vault": {"rules": [RULE, {}]}},
    {"vault": {"rules": [{"callers": []}]}},
    {"vault": {"rules": [{"callers": "gateway"}]}},
    {"vault": {"rules": [{"callers": ["a b"]}]}},
    {"vault": {"rules": [{"callers": [""]}]}},
    {"vault": {"rules": [{"callers": ["*"]}]}},
    {"vault": {"rules": [{"callers": [5]}]}},
    {"vault": {"rules": [{"methods": ["GET"]}]}},
    {"vault": {"rules": [RULE | {"methods": []}]}},
    {"vault": {"rules": [RULE | {"methods": "GET"}]}},
    {"vault": {"rules": [RULE | {"methods": [""]}]}},
    {"vault": {"rules": [RULE | {"methods": ["G T"]}]}},
    {"vault": {"rules": [RULE | {"methods": ["M" * 33]}]}},
    {"vault": {"rules": [RULE | {"methods": ["CONNECT"]}]}},
    {"vault": {"rules": [RULE | {"methods": [5]}]}},
    {"vault": {"rules": [RULE | {"paths": []}]}},
    {"vault": {"rules": [RULE | {"paths": "/x"}]}},
    {"vault": {"rules": [RULE | {"paths": [""]}]}},
    {"vault": {"rules": [RULE | {"paths": ["x"]}]}},
    {"vault": {"rules": [RULE | {"paths": ["/a/../b"]}]}},
    {"vault": {"rules": [RULE | {"paths": ["/a//b"]}]}},
    {"vault": {"rules": [RULE | {"paths": ["/a%2Fb"]}]}},
    {"vault": {"rules": [RULE | {"paths": ["/a?b"]}]}},
    {"vault": {"rules": [RULE | {"paths": ["/a b"]}]}},
    {"vault": {"rules": [RULE | {"paths": ["/\u00e9"]}]}},
    {"vault": {"rules": [RULE | {"paths": [5]}]}},
    {"vault": {"rules": [RULE | {"path": ["/"]}]}},
    {"vault": {"exempt": "/health"}},
    {"vault": {"exempt": [""]}},
    {"vault": {"exempt": ["health"]}},
    {"vault": {"exempt": ["/health?"]}},
    {"vault": {"exempt": ["//health"]}},
    {"vault": {"exempt": ["/a/../health"]}},
    {"vault": {"exempt": [5]}},
):
    comment = f"the policy {json.dumps(policy)[:80]}"
    trust.refused(comment, asked("explain", policy), "malformed_argument")
    if policy not in ([], "vault", 5, True):
        call = verifying(Request().sealed(), trust=policy, callee="vault")
        trust.refused(f"{comment}, of a verifier", call, "malformed_argument")
trust.ok("a policy of nobody", asked("explain", {}), {"sentences": []})

# Of a request: the owner of its key, its method, and its path as it was sent.
EXECUTE = Request("POST", OWN + "/execute?x=1", headers=(), body=b"")
SIGNED = EXECUTE.sealed()


def policy(*rules, **members):
    return {"trust": {"vault": {"rules": list(rules), **members}}, "callee": "vault"}


GATEWAY = {"callers": ["gateway-1"]}
for comment, given in (
    ("any method, any path", policy(GATEWAY)),
    ("its method and its path", policy(GATEWAY | {"methods": ["POST"], "paths": ["/execute"]})),
    ("the second rule", policy({"callers": ["heartbeat"]}, GATEWAY)),
    ("in a mesh of more", {"trust": MESH | {"vault": {"rules": [GATEWAY]}}, "callee": "vault"}),
    ("allowed by both", policy(GATEWAY) | {"allow": ["gateway-1"]}),
):
    case.passes(f"trust: {comment}", SIGNED, **given)
for comment, given in (
    ("another method", policy(GATEWAY | {"methods": ["GET"]})),
    ("another path", policy(GATEWAY | {"paths": ["/execute/"]})),
    ("another caller", policy({"callers": ["gateway"]})),
    ("no rule", policy()),
    ("an exempt path makes no caller", policy(exempt=["/execute"])),
    ("another callee's rule", {"trust": {"vault": {}, "store": {"rules": [GATEWAY]}}, "callee": "vault"}),
    (
        "allowed by the list and not by the rules",
        policy({"callers": ["heartbeat"]}) | {"allow": ["gateway-1"]},
    ),
    ("allowed by the rules and not by the list", policy(GATEWAY) | {"allow": ["heartbeat"]}),
):
    case.refuses("caller_not_allowed", f"trust: {comment}", SIGNED, **given)
absolute = SIGNED.changed(target=OWN + SIGNED.target)
case.passes(
    "trust: the path of a target in absolute form", absolute, **policy(GATEWAY | {"paths": ["/execute"]})
)
for path in ("/execute/../admin", "/execute//x", "/execute%2Fx", "/execute/%2e%2e/admin", "/execute;x"):
    sent = EXECUTE.changed(target=path).sealed()
    case.refuses(
        "caller_not_allowed",
        f"trust: {path} is below no prefix",
        sent,
        "hostile",
        **policy(GATEWAY | {"paths": ["/execute"]}),
    )
    case.passes(f"trust: {path} is below the root", sent, **policy(GATEWAY))
case.refuses("expired", "trust: the age comes first", SIGNED, **policy(), now=1708167234 + 61)
case.refuses("bad_signature", "trust: the signature comes first", SIGNED.changed(method="GET"), **policy())
for comment, given in (
    ("trust without callee", {"trust": MESH}),
    ("callee without trust", {"callee": "vault"}),
    ("a callee that the policy does not name", {"trust": MESH, "callee": "nobody"}),
    ("a policy of nobody", {"trust": {}, "callee": "vault"}),
    ("a callee that is no name", {"trust": MESH, "callee": "va ult"}),
    ("a callee that is no text", {"trust": MESH, "callee": 5}),
):
    case.refuses("malformed_argument", comment, SIGNED, **given)
