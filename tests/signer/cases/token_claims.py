"""Claims and policies: wire contract section 6."""

from case import Subject
from canonical import canonical
from cases.token_verify import EXP, auth, made
from fixtures import LAST, NOW

grammar = Subject("token-claims", "Tokens: claims' grammar, times, registered claims (wire contract section 6)")
rules = Subject("token-policy", "Tokens: custom rules, revocation and the policy itself (wire contract section 6)")
SUBJECTS = [grammar, rules]


def call(claims, policy=None, now=NOW):
    text = claims if isinstance(claims, (str, bytes)) else canonical(claims)
    return {"op": "token.verify", "keys": [auth()], "token": made(claims=text), "policy": policy or {}, "now": now}


def passes(subject, comment, claims, policy=None, now=NOW, answer=None):
    subject.ok(f"§6 {comment}", call(claims, policy, now), {"claims_text": answer or canonical(claims)})


def refused(subject, code, comment, claims, policy=None, now=NOW):
    subject.refused(f"§6 {comment}", call(claims, policy, now), code)


def claimed(**claims):
    """Claims with an exp that holds; `...` leaves a claim out."""
    return {name: value for name, value in ({"exp": EXP} | claims).items() if value is not ...}


# Claims: one JSON object as section 2 reads it, judged after the signature. What is handed over is in RFC 8785 form.
for comment, text, answer in [
    ("white space", f' {{ "exp" :\t{EXP} ,\r\n"a" : [ ] }} ', f'{{"a":[],"exp":{EXP}}}'),
    ("names out of order", f'{{"z":1,"exp":{EXP},"a":2}}', f'{{"a":2,"exp":{EXP},"z":1}}'),
    ("escapes", f'{{"\\u0065xp":{EXP},"a":"\\u0041\\/"}}', f'{{"a":"A/","exp":{EXP}}}'),
    ("numbers", f'{{"exp":{EXP}.0,"a":1E2}}', f'{{"a":100,"exp":{EXP}}}'),
    ("exp with an exponent", '{"exp":1.708253634e9}', '{"exp":1708253634}'),
    ("an integer beyond 2^53 in RFC 8785 form", f'{{"a":12345678901234567000,"exp":{EXP}}}', f'{{"a":12345678901234567000,"exp":{EXP}}}'),
    ("text beyond ASCII", f'{{"a":"\u20ac\U0001f600","exp":{EXP}}}', f'{{"a":"\u20ac\U0001f600","exp":{EXP}}}'),
    ("depth 64", f'{{"a":{"[" * 63}{"]" * 63},"exp":{EXP}}}', f'{{"a":{"[" * 63}{"]" * 63},"exp":{EXP}}}'),
    ("__proto__", f'{{"__proto__":{{"a":1}},"exp":{EXP}}}', f'{{"__proto__":{{"a":1}},"exp":{EXP}}}'),
]:
    passes(grammar, f"claims: {comment}", text, answer=answer)
for comment, text in [
    ("empty", ""),
    ("null", "null"),
    ("an array", "[]"),
    ("an array of claims", f'[{{"exp":{EXP}}}]'),
    ("text", '"exp"'),
    ("a number", str(EXP)),
    ("broken", f'{{"exp":{EXP}'),
    ("text behind", f'{{"exp":{EXP}}}x'),
    ("two objects", f'{{"exp":{EXP}}}{{}}'),
    ("a trailing comma", f'{{"exp":{EXP},}}'),
    ("exp twice", f'{{"exp":{EXP},"exp":{EXP}}}'),
    ("exp twice, once escaped", f'{{"exp":1,"\\u0065xp":{EXP}}}'),
    ("a custom claim twice", f'{{"exp":{EXP},"role":"user","role":"admin"}}'),
    ("a member twice at depth", f'{{"exp":{EXP},"a":{{"b":[{{"c":1,"c":1}}]}}}}'),
    ("BOM", f'\ufeff{{"exp":{EXP}}}'),
    ("a lone surrogate", f'{{"exp":{EXP},"a":"\\ud800"}}'),
    ("a lone surrogate as a name", f'{{"exp":{EXP},"\\udc00":1}}'),
    ("2^53+1, of which every language made another number", f'{{"exp":{EXP},"a":9007199254740993}}'),
    ("exp of 2^64", '{"exp":18446744073709551616}'),
    ("exp of 1e400", '{"exp":1e400}'),
    ("exp NaN", '{"exp":NaN}'),
    ("exp with a leading zero", f'{{"exp":0{EXP}}}'),
    ("a raw control character", f'{{"exp":{EXP},"a":"\t"}}'),
    ("depth 65", f'{{"a":{"[" * 64}{"]" * 64},"exp":{EXP}}}'),
    ("depth 1,000", f'{{"a":{"[" * 1000}{"]" * 1000},"exp":{EXP}}}'),
    ("depth 2,900, never closed", "[" * 2900),
    ("invalid UTF-8", f'{{"exp":{EXP},"a":"'.encode() + b'\xff"}'),
    ("an encoded surrogate", f'{{"exp":{EXP},"a":"'.encode() + b'\xed\xa0\x80"}'),
]:
    refused(grammar, "malformed_token", f"claims: {comment}", text)

# exp is required; exp, nbf and iat are numbers from 0 to 253402300799, fractions allowed.
refused(grammar, "claim_missing", "no claims at all: exp is required", {})
refused(grammar, "claim_missing", "exp absent", {"iat": NOW, "sub": "a"})
refused(grammar, "claim_missing", "Exp is another name", {"Exp": EXP})
WRONG = [("text", str(EXP)), ("null", None), ("true", True), ("false", False), ("an array", [EXP]), ("an object", {}), ("-1", -1), ("-0.5", -0.5)]
for name in ("exp", "nbf", "iat"):
    for comment, value in WRONG:
        refused(grammar, "claim_invalid", f"{name} {comment}", claimed(**{name: value}))
    for text in ("253402300800", "253402300799.5", "18446744073709552000", "1e21", "1e308", "9007199254740992"):
        others = "" if name == "exp" else f',"exp":{EXP}'
        refused(grammar, "claim_invalid", f"{name} {text}", f'{{"{name}":{text}{others}}}')
passes(grammar, "exp at the last time", claimed(exp=LAST))
passes(grammar, "exp at the last time, at the last time", claimed(exp=LAST), now=LAST)
passes(grammar, "exp 0, at time 0 within the leeway", claimed(exp=0), now=0)
passes(grammar, "exp -0, which is 0", '{"exp":-0}', now=29, answer='{"exp":0}')
refused(grammar, "token_expired", "exp 0, at the leeway", claimed(exp=0), now=30)

# Time: refused if now >= exp + leeway, nbf > now + leeway, iat > now + leeway.
passes(grammar, "29 seconds after exp", claimed(exp=NOW - 29))
refused(grammar, "token_expired", "30 seconds after exp", claimed(exp=NOW - 30))
refused(grammar, "token_expired", "a year after exp", claimed(exp=NOW - 31_536_000))
passes(grammar, "29.5 seconds after exp", claimed(exp=NOW - 29.5))
refused(grammar, "token_expired", "30.5 seconds after exp", claimed(exp=NOW - 30.5))
passes(grammar, "at nbf", claimed(nbf=NOW))
for name in ("nbf", "iat"):
    passes(grammar, f"{name} long past", claimed(**{name: 0}))
    passes(grammar, f"{name} 30 seconds ahead", claimed(**{name: NOW + 30}))
    refused(grammar, "token_not_yet_valid", f"{name} 31 seconds ahead", claimed(**{name: NOW + 31}))
    passes(grammar, f"{name} 29.5 seconds ahead", claimed(**{name: NOW + 29.5}))
    refused(grammar, "token_not_yet_valid", f"{name} 30.5 seconds ahead", claimed(**{name: NOW + 30.5}))
    refused(grammar, "token_not_yet_valid", f"{name} at the last time", claimed(**{name: LAST}))
for leeway in (0, 1, 300):
    policy = {"leeway": leeway}
    passes(grammar, f"leeway {leeway}: a second before exp is over", claimed(exp=NOW - leeway + 1), policy)
    refused(grammar, "token_expired", f"leeway {leeway}: exp is over", claimed(exp=NOW - leeway), policy)
    for name in ("nbf", "iat"):
        passes(grammar, f"leeway {leeway}: {name} at its edge", claimed(**{name: NOW + leeway}), policy)
        refused(grammar, "token_not_yet_valid", f"leeway {leeway}: {name} beyond", claimed(**{name: NOW + leeway + 1}), policy)

# max_age: iat is required, and now > iat + max_age + leeway is token_expired.
AGED = {"max_age": 100}
passes(grammar, "max_age: at its edge", claimed(iat=NOW - 130), AGED)
refused(grammar, "token_expired", "max_age: a second beyond", claimed(iat=NOW - 131), AGED)
refused(grammar, "token_expired", "max_age: half a second beyond", claimed(iat=NOW - 130.5), AGED)
refused(grammar, "claim_missing", "max_age: iat absent", claimed(), AGED)
refused(grammar, "claim_invalid", "max_age: iat text", claimed(iat=str(NOW)), AGED)
refused(grammar, "token_not_yet_valid", "max_age: iat ahead", claimed(iat=NOW + 31), AGED)
passes(grammar, "max_age 1 and leeway 0: at its edge", claimed(iat=NOW - 1), {"max_age": 1, "leeway": 0})
refused(grammar, "token_expired", "max_age 1 and leeway 0: beyond", claimed(iat=NOW - 2), {"max_age": 1, "leeway": 0})
refused(grammar, "token_expired", "max_age does not prolong exp", claimed(iat=NOW - 10, exp=NOW - 30), AGED)

# iss, sub, aud.
for name, option in (("iss", "issuer"), ("sub", "subject")):
    policy = {option: "auth.example"}
    passes(grammar, f"{name} equal", claimed(**{name: "auth.example"}), policy)
    refused(grammar, "claim_missing", f"{name} absent", claimed(), policy)
    for value in (5, None, True, [], ["auth.example"], {}):
        refused(grammar, "claim_invalid", f"{name} {value!r}", claimed(**{name: value}), policy)
        passes(grammar, f"{name} {value!r}, none configured", claimed(**{name: value}))
    for value in ("", "Auth.example", "auth.example ", "auth.example/", "auth.exampl", "auth.example\0"):
        refused(grammar, "claim_mismatch", f"{name} {value!r}", claimed(**{name: value}), policy)
    passes(grammar, f"{name} beyond ASCII", claimed(**{name: "\u00e9"}), {option: "\u00e9"})
    refused(grammar, "claim_mismatch", f"{name} is not normalised", claimed(**{name: "e\u0301"}), {option: "\u00e9"})
for configured in ("svc", ["svc"], ["other", "svc"]):
    policy = {"audience": configured}
    for value in ("svc", ["svc"], ["svc", "x"], ["x", "svc"]):
        passes(grammar, f"aud {value!r} for {configured!r}", claimed(aud=value), policy)
    refused(grammar, "claim_missing", f"aud absent for {configured!r}", claimed(), policy)
    for value in ("", "Svc", "sv", "svc2", "x", [], ["x"], ["svc2", "Svc"], [""]):
        refused(grammar, "claim_mismatch", f"aud {value!r} for {configured!r}", claimed(aud=value), policy)
    for value in (5, None, True, {}, {"svc": 1}, [5], ["svc", 5], [["svc"]], [None]):
        refused(grammar, "claim_invalid", f"aud {value!r} for {configured!r}", claimed(aud=value), policy)
for value in ("svc", ["svc"], [], "", 5, None, [5]):
    refused(grammar, "claim_mismatch", f"aud {value!r}, none configured", claimed(aud=value))

# Custom rules.
ENGINE = {"claims": {"role": "engine"}}
passes(rules, "equals: equal", claimed(role="engine"), ENGINE)
refused(rules, "claim_missing", "equals: absent", claimed(), ENGINE)
for value in ("admin", "", "Engine", "engine ", "engin"):
    refused(rules, "claim_mismatch", f"equals: {value!r}", claimed(role=value), ENGINE)
for value in (5, True, None, ["engine"], {"role": "engine"}):
    refused(rules, "claim_invalid", f"equals: {value!r}", claimed(role=value), ENGINE)
for configured, same, other, wrong in [(5, 5, 6, "5"), (1.5, 1.5, 1, "1.5"), (True, True, False, 1), (False, False, True, 0), (0, 0, 1, False), (None, None, ..., 0)]:
    policy = {"claims": {"level": configured}}
    passes(rules, f"equals {configured!r}: {same!r}", claimed(level=same), policy)
    refused(rules, "claim_invalid", f"equals {configured!r}: {wrong!r}", claimed(level=wrong), policy)
    if other is not ...:
        refused(rules, "claim_mismatch", f"equals {configured!r}: {other!r}", claimed(level=other), policy)
passes(rules, "equals 5: 5.0", f'{{"exp":{EXP},"level":5.0}}', {"claims": {"level": 5}}, answer=f'{{"exp":{EXP},"level":5}}')
SAMPLES = {"string": "x", "number": 0, "boolean": False, "array": [1], "object": {"a": 1}}
for name, sample in SAMPLES.items():
    policy = {"claims": {"engineId": {"type": name}}}
    passes(rules, f"type {name}: {sample!r}", claimed(engineId=sample), policy)
    refused(rules, "claim_missing", f"type {name}: absent", claimed(), policy)
    for value in [*(other for kind, other in SAMPLES.items() if kind != name), None]:
        refused(rules, "claim_invalid", f"type {name}: {value!r}", claimed(engineId=value), policy)
for name, empty in (("string", ""), ("array", []), ("object", {})):
    refused(rules, "claim_invalid", f"type {name}: empty", claimed(engineId=empty), {"claims": {"engineId": {"type": name}}})
passes(rules, "type string: a space is not empty", claimed(engineId=" "), {"claims": {"engineId": {"type": "string"}}})
ANY = {"claims": {"role": {"any_of": ["engine", "admin", 5]}}}
for value in ("engine", "admin", 5):
    passes(rules, f"any_of: {value!r}", claimed(role=value), ANY)
for value in ("user", "", "5", 6):
    refused(rules, "claim_mismatch", f"any_of: {value!r}", claimed(role=value), ANY)
for value in (True, None, ["engine"], {}):
    refused(rules, "claim_invalid", f"any_of: {value!r}", claimed(role=value), ANY)
refused(rules, "claim_missing", "any_of: absent", claimed(), ANY)
passes(rules, "several rules", claimed(role="engine", engineId="e1"), {"claims": {"role": "engine", "engineId": {"type": "string"}}})
passes(rules, "no rules", claimed(role=5), {"claims": {}})
passes(rules, "a rule whose name is beyond ASCII", claimed(**{"r\u00f4le": "engine"}), {"claims": {"r\u00f4le": "engine"}})
BOTH = {"claims": {"b": "x", "a": "x"}}
refused(rules, "claim_mismatch", "rules in the order of their names: a differs, b absent", claimed(a="y"), BOTH)
refused(rules, "claim_missing", "rules in the order of their names: a absent, b differs", claimed(b="y"), BOTH)
refused(rules, "claim_invalid", "rules in the order of UTF-16: the emoji before U+FB33", claimed(**{"\U0001f600": 5, "\ufb33": "y"}), {"claims": {"\ufb33": "x", "\U0001f600": "x"}})

# jti, looked at only where tokens are revoked.
REVOKED = {"revoked": ["t-1", "t-2"]}
passes(rules, "jti not revoked", claimed(jti="t-3"), REVOKED)
refused(rules, "token_revoked", "jti revoked", claimed(jti="t-1"), REVOKED)
refused(rules, "token_revoked", "jti revoked, the last", claimed(jti="t-2"), REVOKED)
passes(rules, "jti compares exactly", claimed(jti="T-1"), REVOKED)
refused(rules, "claim_missing", "jti absent", claimed(), REVOKED)
for value in (5, None, ["t-1"], True):
    refused(rules, "claim_invalid", f"jti {value!r}", claimed(jti=value), REVOKED)
    passes(rules, f"jti {value!r}, none revoked", claimed(jti=value))

# The order of the claims.
ALL = {"issuer": "i", "subject": "s", "audience": "a", "claims": {"role": "engine"}, "revoked": ["t-1"], "max_age": 100}
WELL = {"exp": EXP, "nbf": NOW, "iat": NOW, "iss": "i", "sub": "s", "aud": "a", "role": "engine", "jti": "t-2"}
passes(rules, "every claim in order", WELL, ALL)
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
    refused(rules, code, comment, {name: value for name, value in (WELL | changed).items() if value is not ...}, ALL)

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
    refused(rules, "malformed_argument", f"policy: {comment}", claimed(), policy)
for comment, value in [("an array", [1]), ("text", "strict"), ("a number", 5), ("true", True)]:
    refused(rules, "malformed_argument", f"policy: {comment} in place of an object", claimed(), value)
