"""Policies: wire contract section 6. Custom rules, revocation, the order of the claims, and the policy itself."""

from canonical import canonical
from case import Subject
from fixtures import NOW
from reading import EXP, claimed, claiming

tokens = Subject(
    "token-policy", "Tokens: custom rules, revocation and the policy itself (wire contract section 6)"
)
SUBJECTS = [tokens]


def passes(comment, claims, policy=None, answer=None):
    tokens.ok(f"§6 {comment}", claiming(claims, policy), {"claims_text": answer or canonical(claims)})


def refused(code, comment, claims, policy=None):
    tokens.refused(f"§6 {comment}", claiming(claims, policy), code)


# Custom rules.
ENGINE = {"claims": {"role": "engine"}}
passes("equals: equal", claimed(role="engine"), ENGINE)
refused("claim_missing", "equals: absent", claimed(), ENGINE)
for value in ("admin", "", "Engine", "engine ", "engin"):
    refused("claim_mismatch", f"equals: {value!r}", claimed(role=value), ENGINE)
for value in (5, True, None, ["engine"], {"role": "engine"}):
    refused("claim_invalid", f"equals: {value!r}", claimed(role=value), ENGINE)
for configured, same, other, wrong in [
    (5, 5, 6, "5"),
    (1.5, 1.5, 1, "1.5"),
    (True, True, False, 1),
    (False, False, True, 0),
    (0, 0, 1, False),
    (None, None, ..., 0),
]:
    policy = {"claims": {"level": configured}}
    passes(f"equals {configured!r}: {same!r}", claimed(level=same), policy)
    refused("claim_invalid", f"equals {configured!r}: {wrong!r}", claimed(level=wrong), policy)
    if other is not ...:
        refused("claim_mismatch", f"equals {configured!r}: {other!r}", claimed(level=other), policy)
passes(
    "equals 5: 5.0",
    f'{{"exp":{EXP},"level":5.0}}',
    {"claims": {"level": 5}},
    answer=f'{{"exp":{EXP},"level":5}}',
)
SAMPLES = {"string": "x", "number": 0, "boolean": False, "array": [1], "object": {"a": 1}}
for name, sample in SAMPLES.items():
    policy = {"claims": {"engineId": {"type": name}}}
    passes(f"type {name}: {sample!r}", claimed(engineId=sample), policy)
    refused("claim_missing", f"type {name}: absent", claimed(), policy)
    for value in [*(other for kind, other in SAMPLES.items() if kind != name), None]:
        refused("claim_invalid", f"type {name}: {value!r}", claimed(engineId=value), policy)
for name, empty in (("string", ""), ("array", []), ("object", {})):
    refused(
        "claim_invalid",
        f"type {name}: empty",
        claimed(engineId=empty),
        {"claims": {"engineId": {"type": name}}},
    )
passes(
    "type string: a space is not empty", claimed(engineId=" "), {"claims": {"engineId": {"type": "string"}}}
)
ANY = {"claims": {"role": {"any_of": ["engine", "admin", 5]}}}
for value in ("engine", "admin", 5):
    passes(f"any_of: {value!r}", claimed(role=value), ANY)
for value in ("user", "", "5", 6):
    refused("claim_mismatch", f"any_of: {value!r}", claimed(role=value), ANY)
for value in (True, None, ["engine"], {}):
    refused("claim_invalid", f"any_of: {value!r}", claimed(role=value), ANY)
refused("claim_missing", "any_of: absent", claimed(), ANY)
passes(
    "several rules",
    claimed(role="engine", engineId="e1"),
    {"claims": {"role": "engine", "engineId": {"type": "string"}}},
)
passes("no rules", claimed(role=5), {"claims": {}})
passes(
    "a rule whose name is beyond ASCII",
    claimed(**{"r\u00f4le": "engine"}),
    {"claims": {"r\u00f4le": "engine"}},
)
BOTH = {"claims": {"b": "x", "a": "x"}}
refused("claim_mismatch", "rules in the order of their names: a differs, b absent", claimed(a="y"), BOTH)
refused("claim_missing", "rules in the order of their names: a absent, b differs", claimed(b="y"), BOTH)
refused(
    "claim_invalid",
    "rules in the order of UTF-16: the emoji before U+FB33",
    claimed(**{"\U0001f600": 5, "\ufb33": "y"}),
    {"claims": {"\ufb33": "x", "\U0001f600": "x"}},
)

# jti, looked at only where tokens are revoked.
REVOKED = {"revoked": ["t-1", "t-2"]}
passes("jti not revoked", claimed(jti="t-3"), REVOKED)
refused("token_revoked", "jti revoked", claimed(jti="t-1"), REVOKED)
refused("token_revoked", "jti revoked, the last", claimed(jti="t-2"), REVOKED)
passes("jti compares exactly", claimed(jti="T-1"), REVOKED)
refused("claim_missing", "jti absent", claimed(), REVOKED)
for value in (5, None, ["t-1"], True):
    refused("claim_invalid", f"jti {value!r}", claimed(jti=value), REVOKED)
    passes(f"jti {value!r}, none revoked", claimed(jti=value))

# The order of the claims.
ALL = {
    "issuer": "i",
    "subject": "s",
    "audience": "a",
    "claims": {"role": "engine"},
    "revoked": ["t-1"],
    "max_age": 100,
}
WELL = {
    "exp": EXP,
    "nbf": NOW,
    "iat": NOW,
    "iss": "i",
    "sub": "s",
    "aud": "a",
    "role": "engine",
    "jti": "t-2",
}
passes("every claim in order", WELL, ALL)
for code, comment, changed in [
    ("claim_missing", "exp absent before iat of a wrong type", {"exp": ..., "iat": "x"}),
    ("claim_missing", "exp absent before a wrong issuer", {"exp": ..., "iss": "x"}),
    ("claim_invalid", "exp text before nbf ahead", {"exp": "x", "nbf": NOW + 31}),
    ("claim_invalid", "nbf text before exp over: types before times", {"exp": NOW - 30, "nbf": "x"}),
    ("claim_invalid", "iat text before exp over: types before times", {"exp": NOW - 30, "iat": "x"}),
    ("token_expired", "exp over before nbf ahead", {"exp": NOW - 30, "nbf": NOW + 31}),
    ("token_expired", "exp over before iat ahead", {"exp": NOW - 30, "iat": NOW + 31}),
    ("token_not_yet_valid", "nbf ahead before max_age", {"nbf": NOW + 31, "iat": NOW - 131}),
    ("token_expired", "exp over before a wrong issuer", {"exp": NOW - 30, "iss": "x"}),
    ("token_not_yet_valid", "nbf ahead before a wrong issuer", {"nbf": NOW + 31, "iss": "x"}),
    ("token_expired", "max_age before a wrong issuer", {"iat": NOW - 131, "iss": 5}),
    ("claim_invalid", "iss of a wrong type before sub unequal", {"iss": 5, "sub": "x"}),
    ("claim_mismatch", "iss unequal before sub absent", {"iss": "x", "sub": ...}),
    ("claim_missing", "iss absent before sub unequal", {"iss": ..., "sub": "x"}),
    ("claim_mismatch", "sub unequal before aud absent", {"sub": "x", "aud": ...}),
    ("claim_missing", "sub absent before aud of a wrong type", {"sub": ..., "aud": 5}),
    ("claim_mismatch", "aud unequal before a rule's claim absent", {"aud": "x", "role": ...}),
    ("claim_invalid", "aud of a wrong type before a rule's claim unequal", {"aud": 5, "role": "x"}),
    ("claim_mismatch", "a rule's claim unequal before jti revoked", {"role": "x", "jti": "t-1"}),
    ("claim_missing", "a rule's claim absent before jti of a wrong type", {"role": ..., "jti": 5}),
    ("token_revoked", "jti revoked at the very end", {"jti": "t-1"}),
]:
    refused(code, comment, {name: value for name, value in (WELL | changed).items() if value is not ...}, ALL)

# The policy itself.
for comment, policy in [
    ("an unknown member", {"aud": "svc"}),
    ("an unknown member beside known ones", {"issuer": "i", "verify": False}),
    ("a member in another case", {"Issuer": "i"}),
    ("verify_exp", {"verify_exp": False}),
    ("algorithms with none", {"algorithms": ["HS256", "none"]}),
    ("algorithms of none alone", {"algorithms": ["none"]}),
    ("algorithms with RS256", {"algorithms": ["RS256"]}),
    ("algorithms in lower case", {"algorithms": ["hs256"]}),
    ("algorithms empty", {"algorithms": []}),
    ("algorithms as text", {"algorithms": "HS256"}),
    ("algorithms of numbers", {"algorithms": [256]}),
    ("algorithms an object", {"algorithms": {"HS256": True}}),
    ("issuer a number", {"issuer": 5}),
    ("issuer an array", {"issuer": ["i"]}),
    ("issuer true", {"issuer": True}),
    ("subject a number", {"subject": 5}),
    ("subject an array", {"subject": ["s"]}),
    ("audience a number", {"audience": 5}),
    ("audience empty", {"audience": []}),
    ("audience of numbers", {"audience": ["a", 5]}),
    ("audience an object", {"audience": {"a": 1}}),
    ("leeway 301", {"leeway": 301}),
    ("leeway -1", {"leeway": -1}),
    ("leeway 1.5", {"leeway": 1.5}),
    ("leeway as text", {"leeway": "30"}),
    ("leeway true", {"leeway": True}),
    ("leeway an array", {"leeway": [30]}),
    ("typ a number", {"typ": 5}),
    ("typ an array", {"typ": ["JWT"]}),
    ("max_age 0", {"max_age": 0}),
    ("max_age -1", {"max_age": -1}),
    ("max_age 1.5", {"max_age": 1.5}),
    ("max_age as text", {"max_age": "100"}),
    ("max_age true", {"max_age": True}),
    ("claims an array", {"claims": []}),
    ("claims as text", {"claims": "role"}),
    ("a rule that is an array", {"claims": {"role": ["engine"]}}),
    ("a rule without content", {"claims": {"role": {}}}),
    ("a rule of an unknown type", {"claims": {"role": {"type": "date"}}}),
    ("a rule of the type String", {"claims": {"role": {"type": "String"}}}),
    ("a rule whose type is no text", {"claims": {"role": {"type": 5}}}),
    ("a rule with an unknown member", {"claims": {"role": {"equals": "engine"}}}),
    ("a rule of two kinds", {"claims": {"role": {"type": "string", "any_of": ["engine"]}}}),
    ("any_of empty", {"claims": {"role": {"any_of": []}}}),
    ("any_of as text", {"claims": {"role": {"any_of": "engine"}}}),
    ("any_of an array", {"claims": {"role": {"any_of": [["engine"]]}}}),
    ("any_of an object", {"claims": {"role": {"any_of": [{}]}}}),
    ("revoked as text", {"revoked": "t-1"}),
    ("revoked of numbers", {"revoked": [5]}),
    ("revoked an object", {"revoked": {"t-1": True}}),
]:
    refused("malformed_argument", f"policy: {comment}", claimed(), policy)
for comment, value in [("an array", [1]), ("text", "strict"), ("a number", 5), ("true", True)]:
    refused("malformed_argument", f"policy: {comment} in place of an object", claimed(), value)
