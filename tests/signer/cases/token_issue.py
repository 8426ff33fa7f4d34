"""Issuing tokens: wire contract section 6."""

from case import Subject
from fixtures import LAST, SECRET, TS, key
from text import concat, expand, nested, repeat
from tokens import header, token

issue = Subject("token-issue", "Issuing tokens (wire contract section 6)")
SUBJECTS = [issue]

LONG = bytes(range(64))
CLAIMS = '{"exp":1708253634}'


def auth(secret=SECRET, **options):
    return key("auth-1", secret, **({"uses": ["token"]} | options))


def call(claims=CLAIMS, **changed):
    return {"op": "token.issue", "key": auth(), "alg": "HS256", "claims_text": claims, "now": TS} | changed


def issues(comment, claims=CLAIMS, *flags, secret=SECRET, alg="HS256", kid="auth-1", **changed):
    written = token(secret, header(kid, alg), expand(claims), alg)
    issue.ok(comment, call(claims, alg=alg, **changed), {"token": written}, *flags)


def refused(code, comment, claims=CLAIMS, *flags, **changed):
    issue.refused(comment, call(claims, **changed), code, *flags)


# The claims text is signed verbatim.
for comment, claims in [
    ("as written", '{"userId":"dev-user","iat":1708167234,"exp":1708253634}'),
    ("white space kept", ' {\t"exp" : 1708253634 ,\r\n "a" : [ ] } \n'),
    ("order kept", '{"z":1,"exp":1708253634,"a":2}'),
    ("escapes kept", '{"exp":1708253634,"a":"\\u0041\\/\\u00e9"}'),
    ("numbers kept", '{"exp":1.708253634e9,"a":1.0,"b":-0}'),
    ("text beyond ASCII", '{"exp":1708253634,"name":"caf\u00e9 \u20ac \U0001f600"}'),
    ("no claims", "{}"),
    ("already expired", '{"exp":0}'),
    ("depth 64", '{"a":' + "[" * 63 + "]" * 63 + "}"),
]:
    issues(f"§6 {comment}", claims)
issues("§6 HS256 by default", key=auth(algorithms=["HS256"]))
no_alg = call()
del no_alg["alg"]
issue.ok("§6 HS256 if alg is absent", no_alg, {"token": token(SECRET, header("auth-1"), CLAIMS)})
for alg in ("HS384", "HS512"):
    issues(f"§6 {alg}", secret=LONG, alg=alg, key=auth(LONG, algorithms=[alg]))
    issues(
        f"§6 {alg}, one of several",
        secret=LONG,
        alg=alg,
        key=auth(LONG, algorithms=["HS256", "HS384", "HS512"]),
    )
issues(
    "§1 HS384 with a secret of 48 bytes",
    secret=LONG[:48],
    alg="HS384",
    key=auth(LONG[:48], algorithms=["HS384"]),
)
issues(
    "§1 a secret of 200 bytes, beyond the block of SHA-512",
    secret=LONG * 3 + LONG[:8],
    alg="HS512",
    key=auth(LONG * 3 + LONG[:8], algorithms=["HS512"]),
)
for kid in ("a", "k" * 64, "AZaz09._~-"):
    issues(f"§6 kid of {len(kid)} characters", kid=kid, key=key(kid, uses=["token"]))

# Claims are one JSON object as section 2 reads it.
for comment, claims in [
    ("nothing", ""),
    ("null", "null"),
    ("an array", "[]"),
    ("text", '"{}"'),
    ("a number", "5"),
    ("broken", '{"exp":1708253634'),
    ("two objects", "{}{}"),
    ("a trailing comma", '{"exp":1708253634,}'),
    ("a member twice", '{"exp":1708253634,"exp":1}'),
    ("a member twice, once escaped", '{"exp":1,"\\u0065xp":1}'),
    ("a member twice at depth", '{"a":[{"b":1,"b":2}]}'),
    ("BOM", '\ufeff{"exp":1708253634}'),
    ("a lone surrogate", '{"a":"\\ud800"}'),
    ("a number that overflows", '{"exp":1e400}'),
    ("an integer beyond 2^53", '{"a":9007199254740993}'),
    ("NaN", '{"exp":NaN}'),
    ("depth 65", '{"a":' + "[" * 64 + "]" * 64 + "}"),
]:
    refused("malformed_argument", f"§6 claims: {comment}", claims)
refused("malformed_argument", "§6 claims: depth 100,000", concat('{"a":', nested(100_000), "}"), "hostile")

# Algorithm, use, status, time.
for value in ("none", "None", "hs256", "HS1", "RS256", "ES256", "", 256, ["HS256"], True):
    refused("malformed_argument", f"§6 alg {value!r}", alg=value)
refused("malformed_argument", "§6 alg that the key does not list", alg="HS512", key=auth(LONG))
refused("malformed_argument", "§6 HS256 with a key of HS512 alone", key=auth(LONG, algorithms=["HS512"]))
for uses in (["packet"], ["packet", "request"], ["derive"], ["join"], ["profile:github"]):
    refused("malformed_argument", f"§1 a key for {' and '.join(uses)} issues no token", key=auth(uses=uses))
refused("malformed_argument", "§1 a key of the default uses issues no token", key=key("auth-1"))
refused("revoked_key", "§4 a revoked key", key=auth(revoked=True))
refused("revoked_key", "§4 a key revoked and inactive", key=auth(revoked=True, not_after=TS))
refused("inactive_key", "§4 a key at not_after", key=auth(not_after=TS))
refused("inactive_key", "§4 a key before not_before", key=auth(not_before=TS + 1))
issues("§1 a key at not_before", key=auth(not_before=TS))
issues("§1 a key one second before not_after", key=auth(not_after=TS + 1))
issues("§1 time 0", now=0)
issues("§1 the last time", now=LAST)
for value in (-1, LAST + 1, TS + 0.5, str(TS), True, [TS]):
    refused("malformed_argument", f"§4 now {value!r}", now=value)
refused("malformed_argument", "§4 arguments before the key's status", "[]", key=auth(revoked=True))

# 8192 bytes at most.
frame = len(header("auth-1")) * 4 // 3 + 2 + 43
for total, code in ((8192, None), (8193, "token_too_large")):
    size = (total - frame) * 3 // 4
    claims = concat('{"a":"', repeat("a", size - len('{"a":""}')), '"}')
    assert len(token(SECRET, header("auth-1"), expand(claims))) == total
    if code:
        refused(code, f"§6 a token of {total} bytes", claims)
    else:
        issues(f"§6 a token of {total} bytes", claims)
refused("token_too_large", "§6 claims of 1 MiB", concat('{"a":"', repeat("a", 1_048_576), '"}'), "large")
